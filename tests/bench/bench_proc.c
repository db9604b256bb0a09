/* What a child process costs through the helper, beside a bare posix_spawn.
 *
 * usage: bench_proc PATH-OF-BENCHRUN-SPAWN
 * Prints bare_ms and helped_ms (medians of start and wait of /bin/true by posix_spawn and through the
 * helper; the two take turns) and true_peak_bytes (peak memory seen for /bin/true while this program holds
 * 300 MB). */
#define _GNU_SOURCE
#include "base/clock.h"
#include "proc/proc.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 300 };

static const size_t held_bytes = (size_t)300 << 20;

static int by_number(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
  qsort(values, n, sizeof *values, by_number);
  return values[n / 2];
}

static int run_bare(void)
{
  char program[] = "/bin/true";
  char *argv[] = {program, NULL};
  pid_t pid;
  int status;
  if (posix_spawn(&pid, program, NULL, NULL, argv, environ) != 0)
    return -1;
  return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

static int run_helped(const char *helper, br_proc_result *result)
{
  const char *argv[] = {"/bin/true", NULL};
  br_proc_spec spec = {.helper = helper, .argv = argv};
  br_proc *proc;
  br_err err;
  size_t which;
  if (br_proc_start(&proc, &spec, &err) != BR_OK) {
    (void)fprintf(stderr, "%s\n", err.msg);
    return -1;
  }
  br_code code = br_proc_wait_any(&proc, 1, -1, &which, &err);
  if (code == BR_OK)
    *result = *br_proc_result_of(proc);
  br_proc_free(proc);
  return code == BR_OK && result->exit_code == 0 ? 0 : -1;
}

static int measure_spawn(const char *helper, double *bare_ms, double *helped_ms)
{
  static double bare[RUNS], helped[RUNS];
  br_proc_result result;
  for (size_t i = 0; i < RUNS; i++) {
    double start = br_clock_monotonic();
    if (run_bare() != 0)
      return -1;
    double between = br_clock_monotonic();
    if (run_helped(helper, &result) != 0)
      return -1;
    bare[i] = between - start;
    helped[i] = br_clock_monotonic() - between;
  }
  *bare_ms = median(bare, RUNS) * 1000;
  *helped_ms = median(helped, RUNS) * 1000;
  return 0;
}

static int measure_peak(const char *helper, long long *bytes)
{
  volatile char *held = malloc(held_bytes);
  br_proc_result result;
  if (!held)
    return -1;
  for (size_t i = 0; i < held_bytes; i += 4096)
    held[i] = 1;
  int failed = run_helped(helper, &result);
  free((void *)held);
  *bytes = result.peak_bytes;
  return failed;
}

int main(int argc, char **argv)
{
  double bare_ms;
  double helped_ms;
  long long peak;
  if (argc != 2) {
    (void)fprintf(stderr, "usage: bench_proc PATH-OF-BENCHRUN-SPAWN\n");
    return 2;
  }
  if (measure_spawn(argv[1], &bare_ms, &helped_ms) != 0 || measure_peak(argv[1], &peak) != 0)
    return 1;
  printf("bare_ms %.4f\nhelped_ms %.4f\ntrue_peak_bytes %lld\n", bare_ms, helped_ms, peak);
  return 0;
}
