/* base/file: reading whole files of every kind, and replacing them so that no failure leaves half of one. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- a folder for each test, which is the current one ---------------------------------------- */

static char folder[64];

static int make_folder(void **state)
{
  (void)state;
  (void)strcpy(folder, "/tmp/test_file.XXXXXX");
  return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
  (void)st;
  (void)kind;
  (void)walk;
  return remove(path);
}

static int remove_folder(void **state)
{
  (void)state;
  if (chdir("/") != 0)
    return -1;
  return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static size_t entries(const char *path)
{
  size_t n = 0;
  DIR *dir = opendir(path);
  assert_non_null(dir);
  while (readdir(dir))
    n++;
  (void)closedir(dir);
  return n - 2;
}

static void put(const char *path, const char *text)
{
  br_err err;
  if (br_file_write(path, text, strlen(text), &err) != BR_OK)
    fail_msg("%s", err.msg);
}

static void assert_holds(const char *path, const char *text)
{
  br_str got = {0};
  br_err err;
  if (br_file_read(&got, path, &err) != BR_OK)
    fail_msg("%s", err.msg);
  assert_string_equal(got.data, text);
  assert_int_equal(got.len, strlen(text));
  br_str_clear(&got);
}

static void assert_write_fails(const char *path, br_code code, int sys)
{
  br_err err = {0};
  assert_int_equal(br_file_write(path, "new", 3, &err), code);
  assert_int_equal(err.sys, sys);
  assert_non_null(strstr(err.msg, strerror(sys)));
  assert_non_null(strstr(err.msg, path));
}

static void assert_read_fails(const char *path, br_code code, int sys)
{
  br_str out = {0};
  br_err err = {0};
  assert_int_equal(br_str_addz(&out, "kept", &err), BR_OK);
  assert_int_equal(br_file_read(&out, path, &err), code);
  assert_int_equal(err.sys, sys);
  assert_non_null(strstr(err.msg, path));
  assert_string_equal(out.data, "kept");
  assert_int_equal(out.len, 4);
  br_str_clear(&out);
}

/* --- reading --------------------------------------------------------------------------------- */

static void read_appends_to_what_is_there(void **state)
{
  (void)state;
  br_str out = {0};
  put("a", "one");
  put("b", "two");
  assert_int_equal(br_file_read(&out, "a", NULL), BR_OK);
  assert_int_equal(br_file_read(&out, "b", NULL), BR_OK);
  assert_string_equal(out.data, "onetwo");
  br_str_clear(&out);
}

static void read_an_empty_file_gives_an_empty_text(void **state)
{
  (void)state;
  put("empty", "");
  assert_holds("empty", "");
  assert_holds("/dev/null", "");
}

static void read_keeps_every_byte(void **state)
{
  (void)state;
  char bytes[256];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)i;
  br_str out = {0};
  assert_int_equal(br_file_write("all", bytes, sizeof bytes, NULL), BR_OK);
  assert_int_equal(br_file_read(&out, "all", NULL), BR_OK);
  assert_int_equal(out.len, sizeof bytes);
  assert_memory_equal(out.data, bytes, sizeof bytes);
  br_str_clear(&out);
}

static void read_and_write_ten_megabytes(void **state)
{
  (void)state;
  size_t n = 10 * 1000 * 1000 + 7;
  char *bytes = malloc(n);
  assert_non_null(bytes);
  for (size_t i = 0; i < n; i++)
    bytes[i] = (char)(i * 31 % 251);
  br_str out = {0};
  assert_int_equal(br_file_write("large", bytes, n, NULL), BR_OK);
  assert_int_equal(br_file_read(&out, "large", NULL), BR_OK);
  assert_int_equal(out.len, n);
  assert_true(memcmp(out.data, bytes, n) == 0);
  assert_int_equal(out.data[n], '\0');
  br_str_clear(&out);
  free(bytes);
}

/* Files of /proc say that their size is 0. */
static void read_a_file_that_does_not_know_its_size(void **state)
{
  (void)state;
  br_str out = {0};
  assert_int_equal(br_file_read(&out, "/proc/self/stat", NULL), BR_OK);
  assert_true(out.len > 10);
  assert_int_equal(strlen(out.data), out.len);
  br_str_clear(&out);
}

static void read_what_is_missing_or_a_directory_fails(void **state)
{
  (void)state;
  assert_int_equal(mkdir("dir", 0777), 0);
  put("file", "");
  assert_read_fails("missing", BR_ENOTFOUND, ENOENT);
  assert_read_fails("missing/below", BR_ENOTFOUND, ENOENT);
  assert_read_fails("", BR_ENOTFOUND, ENOENT);
  assert_read_fails("dir", BR_EIO, EISDIR);
  assert_read_fails("file/below", BR_EIO, ENOTDIR);
}

static void read_a_directory_into_an_empty_text_leaves_it_empty(void **state)
{
  (void)state;
  br_str out = {0};
  br_err err;
  assert_int_equal(br_file_read(&out, ".", &err), BR_EIO);
  assert_int_equal(out.len, 0);
  if (out.data)
    assert_string_equal(out.data, "");
  br_str_clear(&out);
}

/* The child's end is told by its exit status: asserts belong to the parent. */
static void wait_for(pid_t child)
{
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

static void feed_pipe(const char *path, size_t n)
{
  int fd = open(path, O_WRONLY);
  for (size_t i = 0; i < n; i++)
    if (write(fd, "0123456789", 10) != 10)
      _exit(1);
  _exit(0);
}

static void read_a_pipe_to_its_end(void **state)
{
  (void)state;
  assert_int_equal(mkfifo("pipe", 0666), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    feed_pipe("pipe", 20000);
  br_str out = {0};
  assert_int_equal(br_file_read(&out, "pipe", NULL), BR_OK);
  wait_for(child);
  assert_int_equal(out.len, 200000);
  assert_string_equal(out.data + out.len - 10, "0123456789");
  br_str_clear(&out);
}

static void read_survives_every_failing_allocation(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  put("file", "some text");
  for (size_t n = 1;; n++) {
    br_str out = {0};
    br_err err;
    br_mem_fail_at(n);
    br_code code = br_file_read(&out, "file", &err);
    br_mem_fail_at(0);
    br_str_clear(&out);
    assert_int_equal(br_mem_live(), start);
    if (code == BR_OK)
      break;
    assert_int_equal(code, BR_ENOMEM);
    assert_true(n < 10);
  }
}

/* The file does not know its size, so that memory runs out when a part has been read. */
static void read_that_runs_out_of_memory_halfway_leaves_nothing(void **state)
{
  (void)state;
  br_str out = {0};
  br_mem_fail_at(2);
  br_code code = br_file_read(&out, "/proc/self/stat", NULL);
  br_mem_fail_at(0);
  assert_int_equal(code, BR_ENOMEM);
  assert_int_equal(out.len, 0);
  assert_string_equal(out.data, "");
  br_str_clear(&out);
}

/* --- writing --------------------------------------------------------------------------------- */

static void write_makes_and_replaces(void **state)
{
  (void)state;
  put("file", "first, and the longer one");
  assert_holds("file", "first, and the longer one");
  put("file", "second");
  assert_holds("file", "second");
  assert_int_equal(br_file_write("file", NULL, 0, NULL), BR_OK);
  assert_holds("file", "");
  assert_int_equal(entries("."), 1);
}

static void write_takes_paths_of_every_shape(void **state)
{
  (void)state;
  char absolute[128];
  assert_int_equal(mkdir("dir", 0777), 0);
  (void)snprintf(absolute, sizeof absolute, "%s/dir/absolute", folder);
  const char *const paths[] = {"bare", "./dot", "dir/inner", "dir//double", "dir/../up", absolute};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    put(paths[i], paths[i]);
    assert_holds(paths[i], paths[i]);
  }
  assert_int_equal(entries("dir"), 3);
  assert_int_equal(entries("."), 4);
}

static void write_takes_names_of_every_kind(void **state)
{
  (void)state;
  static const char *const odd[] = {
      "-n",       " ",        "a b",       "*?[x]",    "$(x) `y` ;&|",
      "%s%n%d",   "'\"",      "new\nline", "\x01\x7F", "back\\slash",
      "\xC3\xBC", "\xFF\xFE", "...",       ".hidden",  "file.tmp.XXXXXX"};
  size_t n = sizeof odd / sizeof *odd;
  for (size_t i = 0; i < n; i++)
    put(odd[i], odd[i]);
  assert_int_equal(entries("."), n);
  for (size_t i = 0; i < n; i++)
    assert_holds(odd[i], odd[i]);
}

static void write_takes_a_name_as_long_as_the_system_does(void **state)
{
  (void)state;
  char name[257];
  memset(name, 'n', sizeof name);
  name[255] = '\0';
  put(name, "long");
  assert_holds(name, "long");
  name[255] = 'n';
  name[256] = '\0';
  assert_int_equal(br_file_write(name, "x", 1, NULL), BR_EIO);
  assert_int_equal(entries("."), 1);
}

static mode_t mode_of(const char *path)
{
  struct stat st;
  assert_int_equal(lstat(path, &st), 0);
  return st.st_mode & 07777;
}

static void write_honours_the_umask_whatever_the_old_mode(void **state)
{
  (void)state;
  mode_t before = umask(027);
  put("file", "x");
  assert_int_equal(mode_of("file"), 0640);
  assert_int_equal(chmod("file", 0755), 0);
  (void)umask(0);
  put("file", "y");
  assert_int_equal(mode_of("file"), 0666);
  assert_int_equal(umask(077), 0);
  put("file", "z");
  assert_int_equal(mode_of("file"), 0600);
  (void)umask(before);
}

static void write_leaves_other_names_of_the_old_file_alone(void **state)
{
  (void)state;
  put("file", "old");
  assert_int_equal(link("file", "other"), 0);
  put("file", "new");
  assert_holds("other", "old");
  assert_holds("file", "new");
}

static void write_replaces_a_link_and_not_its_target(void **state)
{
  (void)state;
  struct stat st;
  put("target", "old");
  assert_int_equal(symlink("target", "link"), 0);
  assert_int_equal(symlink("nowhere", "dangling"), 0);
  put("link", "new");
  put("dangling", "new");
  assert_holds("target", "old");
  assert_holds("link", "new");
  assert_int_equal(lstat("link", &st), 0);
  assert_true(S_ISREG(st.st_mode));
  assert_int_equal(access("nowhere", F_OK), -1);
  assert_int_equal(entries("."), 3);
}

static void write_through_a_linked_folder_works(void **state)
{
  (void)state;
  assert_int_equal(mkdir("dir", 0777), 0);
  assert_int_equal(symlink("dir", "link"), 0);
  put("link/file", "x");
  assert_holds("dir/file", "x");
  assert_int_equal(entries("dir"), 1);
}

static void write_where_no_file_can_be_fails_and_leaves_nothing(void **state)
{
  (void)state;
  put("file", "old");
  assert_int_equal(mkdir("dir", 0777), 0);
  assert_int_equal(mkdir("full", 0777), 0);
  put("full/inner", "inner");
  assert_write_fails("missing/file", BR_ENOTFOUND, ENOENT);
  assert_write_fails("", BR_ENOTFOUND, ENOENT);
  assert_write_fails("dir", BR_EIO, EISDIR);
  assert_write_fails("full", BR_EIO, EISDIR);
  assert_write_fails("file/below", BR_EIO, ENOTDIR);
  assert_int_equal(br_file_write("dir/", "x", 1, NULL), BR_EIO);
  assert_int_equal(br_file_write("new/", "x", 1, NULL), BR_ENOTFOUND);
  assert_int_equal(entries("."), 3);
  assert_int_equal(entries("dir"), 0);
  assert_holds("file", "old");
  assert_holds("full/inner", "inner");
}

/* A limit on the size of files stands for a full disk: write puts down what fits, then fails. */
static void limit_file_size(rlim_t bytes, struct rlimit *before)
{
  assert_int_equal(getrlimit(RLIMIT_FSIZE, before), 0);
  struct rlimit limit = {.rlim_cur = bytes, .rlim_max = before->rlim_max};
  (void)signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void unlimit_file_size(const struct rlimit *before)
{
  assert_int_equal(setrlimit(RLIMIT_FSIZE, before), 0);
  (void)signal(SIGXFSZ, SIG_DFL);
}

static void write_that_fails_halfway_leaves_the_old_file_and_no_other(void **state)
{
  (void)state;
  static const char bytes[5000] = "new";
  struct rlimit before;
  br_err err = {0};
  put("file", "old");
  limit_file_size(1000, &before);
  br_code code = br_file_write("file", bytes, sizeof bytes, &err);
  br_code code_of_new = br_file_write("fresh", bytes, sizeof bytes, NULL);
  unlimit_file_size(&before);
  assert_int_equal(code, BR_EIO);
  assert_int_equal(code_of_new, BR_EIO);
  assert_int_equal(err.sys, EFBIG);
  assert_string_equal(err.msg, "can't write file: File too large");
  assert_holds("file", "old");
  assert_int_equal(entries("."), 1);
}

static void write_survives_every_failing_allocation(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  put("file", "old");
  for (size_t n = 1;; n++) {
    br_err err;
    br_mem_fail_at(n);
    br_code code = br_file_write("file", "new", 3, &err);
    br_mem_fail_at(0);
    assert_int_equal(br_mem_live(), start);
    assert_int_equal(entries("."), 1);
    assert_holds("file", code == BR_OK ? "new" : "old");
    if (code == BR_OK)
      break;
    assert_int_equal(code, BR_ENOMEM);
    assert_true(n < 10);
  }
}

/* What a killed run left behind must not stand in the way, nor lead elsewhere. */
static void write_passes_over_the_temporary_names_that_are_taken(void **state)
{
  (void)state;
  char name[64];
  put("victim", "untouched");
  for (int i = 0; i < 3; i++) {
    (void)snprintf(name, sizeof name, ".benchrun.%ld.%d.tmp", (long)getpid(), i);
    assert_int_equal(symlink("victim", name), 0);
  }
  put("file", "x");
  assert_holds("file", "x");
  assert_holds("victim", "untouched");
  assert_int_equal(entries("."), 5);
}

/* --- devices and pipes ----------------------------------------------------------------------- */

/* Through links, so that a write that replaces its target would spare the machine's devices. */
static void write_to_a_device_does_not_replace_it(void **state)
{
  (void)state;
  struct stat st;
  assert_int_equal(symlink("/dev/null", "null"), 0);
  assert_int_equal(symlink("/dev/full", "full"), 0);
  put("null", "gone");
  assert_int_equal(lstat("null", &st), 0);
  assert_true(S_ISLNK(st.st_mode));
  assert_write_fails("full", BR_EIO, ENOSPC);
  assert_int_equal(lstat("full", &st), 0);
  assert_true(S_ISLNK(st.st_mode));
  assert_int_equal(entries("."), 2);
}

static char pattern(size_t i)
{
  return (char)(i * 31 % 251);
}

static void drain_pipe(const char *path, size_t n)
{
  char bytes[4096];
  size_t got = 0, wrong = 0;
  const struct timespec pause = {.tv_nsec = 3 * 1000 * 1000};
  int fd = open(path, O_RDONLY);
  while (got < n) {
    ssize_t part = read(fd, bytes, sizeof bytes);
    for (ssize_t i = 0; i < part; i++)
      wrong += bytes[i] != pattern(got++);
    if (part <= 0)
      _exit(2);
    (void)nanosleep(&pause, NULL);
  }
  _exit(wrong > 0);
}

static void on_tick(int signal)
{
  (void)signal;
}

/* A signal each millisecond, which cuts reads and writes short. 0 stops it. */
static void tick(int microseconds)
{
  struct sigaction action = {.sa_handler = on_tick};
  struct itimerval timer = {{0, microseconds}, {0, microseconds}};
  assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
  assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* The reader is slow and the writer interrupted, so that the pipe takes the bytes in parts. It is held
 * open here, so that opening it waits for nobody. */
static void write_into_a_pipe(void **state)
{
  (void)state;
  static char bytes[200000];
  struct stat st;
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = pattern(i);
  assert_int_equal(mkfifo("pipe", 0666), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    drain_pipe("pipe", sizeof bytes);
  int held = open("pipe", O_RDWR);
  assert_true(held >= 0);
  tick(1000);
  br_code code = br_file_write("pipe", bytes, sizeof bytes, NULL);
  tick(0);
  assert_int_equal(code, BR_OK);
  assert_int_equal(stat("pipe", &st), 0);
  assert_true(S_ISFIFO(st.st_mode));
  wait_for(child);
  (void)close(held);
  assert_int_equal(entries("."), 1);
}

static void neither_success_nor_failure_leaves_a_file_open(void **state)
{
  (void)state;
  br_str out = {0};
  size_t before = entries("/proc/self/fd");
  put("file", "x");
  assert_int_equal(symlink("/dev/full", "full"), 0);
  assert_int_equal(br_file_read(&out, "file", NULL), BR_OK);
  assert_read_fails(".", BR_EIO, EISDIR);
  assert_write_fails(".", BR_EIO, EBUSY);
  assert_write_fails("full", BR_EIO, ENOSPC);
  br_str_clear(&out);
  br_mem_fail_at(1);
  assert_int_equal(br_file_read(&out, "file", NULL), BR_ENOMEM);
  br_mem_fail_at(0);
  assert_int_equal(entries("/proc/self/fd"), before);
}

/* --- killed at any moment -------------------------------------------------------------------- */

enum { PAGE = 30000 };

static void write_pages_forever(void)
{
  static char page[PAGE];
  for (int i = 0;; i++) {
    memset(page, 'a' + i % 26, sizeof page);
    if (br_file_write("page", page, sizeof page, NULL) != BR_OK)
      _exit(1);
  }
}

static void assert_one_page(void)
{
  br_str out = {0};
  assert_int_equal(br_file_read(&out, "page", NULL), BR_OK);
  assert_int_equal(out.len, PAGE);
  for (size_t i = 1; i < PAGE; i++)
    assert_true(out.data[i] == out.data[0]);
  br_str_clear(&out);
}

static void write_is_never_seen_half_done(void **state)
{
  (void)state;
  static char page[PAGE];
  memset(page, 'x', sizeof page);
  assert_int_equal(br_file_write("page", page, sizeof page, NULL), BR_OK);
  for (int run = 0; run < 5; run++) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
      write_pages_forever();
    for (int i = 0; i < 40; i++)
      assert_one_page();
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_one_page();
  }
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
  const struct CMUnitTest tests[] = {
      FILE_TEST(read_appends_to_what_is_there),
      FILE_TEST(read_an_empty_file_gives_an_empty_text),
      FILE_TEST(read_keeps_every_byte),
      FILE_TEST(read_and_write_ten_megabytes),
      FILE_TEST(read_a_file_that_does_not_know_its_size),
      FILE_TEST(read_what_is_missing_or_a_directory_fails),
      FILE_TEST(read_a_directory_into_an_empty_text_leaves_it_empty),
      FILE_TEST(read_a_pipe_to_its_end),
      FILE_TEST(read_survives_every_failing_allocation),
      FILE_TEST(read_that_runs_out_of_memory_halfway_leaves_nothing),
      FILE_TEST(write_makes_and_replaces),
      FILE_TEST(write_takes_paths_of_every_shape),
      FILE_TEST(write_takes_names_of_every_kind),
      FILE_TEST(write_takes_a_name_as_long_as_the_system_does),
      FILE_TEST(write_honours_the_umask_whatever_the_old_mode),
      FILE_TEST(write_leaves_other_names_of_the_old_file_alone),
      FILE_TEST(write_replaces_a_link_and_not_its_target),
      FILE_TEST(write_through_a_linked_folder_works),
      FILE_TEST(write_where_no_file_can_be_fails_and_leaves_nothing),
      FILE_TEST(write_that_fails_halfway_leaves_the_old_file_and_no_other),
      FILE_TEST(write_survives_every_failing_allocation),
      FILE_TEST(write_passes_over_the_temporary_names_that_are_taken),
      FILE_TEST(write_to_a_device_does_not_replace_it),
      FILE_TEST(write_into_a_pipe),
      FILE_TEST(neither_success_nor_failure_leaves_a_file_open),
      FILE_TEST(write_is_never_seen_half_done),
  };
  return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
