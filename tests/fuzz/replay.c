/* Runs a fuzz target over every file of the folders given, for builds without libFuzzer. Prints how
 * many files it ran, as TAP; a target that finds fault aborts. */
#include "base/file.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The name is libFuzzer's. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static br_code replay_file(const char *folder, const char *name, br_err *err)
{
  br_str path = {0};
  br_str bytes = {0};
  br_code code = br_str_addf(&path, err, "%s/%s", folder, name);
  if (code == BR_OK)
    code = br_file_read(&bytes, path.data, err);
  if (code == BR_OK)
    (void)LLVMFuzzerTestOneInput((const uint8_t *)bytes.data, bytes.len);
  br_str_clear(&bytes);
  br_str_clear(&path);
  return code;
}

static int is_visible(const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

static int replay_entries(const char *folder, struct dirent **entries, int n)
{
  br_err err = {0};
  for (int i = 0; i < n; i++)
    if (replay_file(folder, entries[i]->d_name, &err) != BR_OK) {
      (void)fprintf(stderr, "%s\n", err.msg);
      return -1;
    }
  return n;
}

/* The number of files run, in order of name, or -1. */
static int replay_folder(const char *folder)
{
  struct dirent **entries = NULL;
  int n = scandir(folder, &entries, is_visible, alphasort);
  int count = n < 0 ? -1 : replay_entries(folder, entries, n);
  for (int i = 0; i < n; i++)
    free(entries[i]);
  free(entries);
  return count;
}

int main(int argc, char **argv)
{
  int total = 0;
  for (int i = 1; i < argc; i++) {
    int count = replay_folder(argv[i]);
    if (count <= 0) {
      (void)fprintf(stderr, "%s: nothing was run\n", argv[i]);
      return 1;
    }
    total += count;
  }
  (void)printf("ok 1 - %d inputs replayed\n1..1\n", total);
  return 0;
}
