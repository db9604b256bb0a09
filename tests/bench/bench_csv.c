/* Reads CSV once and prints what it took: bench_csv read|write THREADS PATH …. A row a measure, `name
 * value`: seconds of the clock and of user time, the process's peak memory in MB, rows and columns. With
 * `write` the frame is written to /dev/null and the seconds are of that. */
#include "csv/csv.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double user_seconds(void)
{
  struct rusage usage;
  (void)getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec * 1e-6;
}

static double system_seconds(void)
{
  struct rusage usage;
  (void)getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec * 1e-6;
}

static double peak_mb(void)
{
  struct rusage usage;
  (void)getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / 1024;
}

/* Paths as arguments, or one argument @FILE that names a path a line. */
static char **list_paths(char *file, size_t *n)
{
  char line[4096];
  char **paths = NULL;
  FILE *from = fopen(file, "r");
  for (*n = 0; from && fgets(line, sizeof line, from); ++*n) {
    line[strcspn(line, "\n")] = '\0';
    char **grown = realloc(paths, (*n + 1) * sizeof *paths);
    if (!grown)
      abort();
    paths = grown;
    paths[*n] = strdup(line);
  }
  if (from)
    (void)fclose(from);
  return paths;
}

int main(int argc, char **argv)
{
  br_frame *frame = NULL;
  br_err err;
  if (argc < 4) {
    (void)fprintf(stderr, "usage: bench_csv read|write THREADS PATH … | @LIST\n");
    return 2;
  }
  br_csv_options options = {.threads = (size_t)strtoul(argv[2], NULL, 10)};
  size_t n = (size_t)argc - 3;
  char **paths = argv + 3;
  if (argv[3][0] == '@')
    paths = list_paths(argv[3] + 1, &n);
  double start = now();
  if (br_csv_read_files(&frame, (const char *const *)paths, n, &options, &err) != BR_OK) {
    (void)fprintf(stderr, "%s\n", err.msg);
    return 1;
  }
  double user = 0;
  if (strcmp(argv[1], "write") == 0) {
    start = now();
    user = user_seconds();
    if (br_csv_write_file("/dev/null", frame, 0, &err) != BR_OK) {
      (void)fprintf(stderr, "%s\n", err.msg);
      return 1;
    }
  }
  (void)printf("wall_s %.3f\nuser_s %.3f\nsystem_s %.3f\npeak_mb %.0f\nrows %zu\ncolumns %zu\n",
               now() - start, user_seconds() - user, system_seconds(), peak_mb(),
               br_frame_nrow(frame), br_frame_ncol(frame));
  br_frame_free(frame);
  return 0;
}
