/* core/edit at a pseudo-terminal. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edit/edit.h"
#include "edit/record.h"
#include "pty.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

typedef struct desk { /* a terminal, an editor at it and what was read last */
  pty pty;
  br_edit *edit;
  br_str line;
  br_edit_end end;
} desk;

static void open_desk(desk *d, bool paste)
{
  br_err err;
  memset(d, 0, sizeof *d);
  (void)setenv("TERM", "xterm", 1);
  pty_open(&d->pty);
  br_edit_options options = {.in = d->pty.slave, .out = d->pty.slave, .paste = paste};
  assert_int_equal(br_edit_open(&d->edit, &options, &err), BR_OK);
}

static void close_desk(desk *d)
{
  br_edit_free(d->edit);
  br_str_clear(&d->line);
  pty_close(&d->pty);
  assert_int_equal(br_mem_live(), 0);
}

/* Reads a line while the steps are done. */
static void read_line(desk *d, const pty_step *steps, br_edit_complete complete)
{
  br_err err;
  br_str_clear(&d->line);
  pty_start(&d->pty, steps);
  assert_int_equal(
      br_edit_read(&d->line, &d->end, d->edit, &(br_edit_question){"> ", complete, NULL}, &err),
      BR_OK);
  pty_finish(&d->pty);
}

static void expect(desk *d, const char *line)
{
  assert_int_equal(d->end, BR_EDIT_LINE);
  assert_string_equal(d->line.data ? d->line.data : "", line);
}

static void test_line(void **state)
{
  desk d;
  (void)state;
  open_desk(&d, false);
  read_line(&d, (pty_step[]){{"> ", "w\xC3\xB6rld\x01hello \x05!\r", 0}, {0}}, NULL);
  expect(&d, "hello w\xC3\xB6rld!");
  read_line(&d, (pty_step[]){{"> ", "\r", 0}, {0}}, NULL);
  expect(&d, "");
  close_desk(&d);
}

static void test_bytes_that_are_no_text(void **state)
{
  desk d;
  (void)state;
  open_desk(&d, false);
  read_line(&d,
            (pty_step[]){{"> ",
                          "a\xFF"
                          "b\xC3(\xED\xA0\x80"
                          "c\r",
                          0},
                         {0}},
            NULL);
  assert_int_equal(d.end, BR_EDIT_LINE);
  assert_non_null(strstr(d.line.data, "a\xEF\xBF\xBD"
                                      "b\xEF\xBF\xBD("));
  assert_int_equal(d.line.data[d.line.len - 1], 'c');
  close_desk(&d);
}

static void test_paste(void **state)
{
  desk d;
  (void)state;
  open_desk(&d, true);
  read_line(&d,
            (pty_step[]){{"\033[?2004h", "x = \033[200~{\r\n\t1,\r2 }\xFF\n\n\033[201~", 0},
                         {"2 }", " -- end\r", 0},
                         {"\033[?2004l", NULL, 0},
                         {0}},
            NULL);
  expect(&d, "x = {\n\t1,\n2 }\xEF\xBF\xBD -- end");
  close_desk(&d);
}

static void test_paste_in_pieces_and_escape_alone(void **state)
{
  desk d;
  (void)state;
  open_desk(&d, true);
  read_line(&d,
            (pty_step[]){{"\033[?2004h", "\033[20", 0},
                         {"> ", "0~a", 0},
                         {"", "\nb\033[201", 0},
                         {"", "~", 0},
                         {"b", "\033", 0},
                         {"", "\002c\r", 0},
                         {0}},
            NULL);
  assert_int_equal(d.end, BR_EDIT_LINE);
  assert_non_null(strstr(d.line.data, "a\n"));
  close_desk(&d);
}

static void test_remembered(void **state)
{
  desk d;
  br_err err;
  (void)state;
  open_desk(&d, false);
  assert_int_equal(br_edit_remember(d.edit, "for i = 1, 2 do\n  print(i)\nend", &err), BR_OK);
  assert_int_equal(br_edit_remember(d.edit, "newer", &err), BR_OK);
  read_line(&d, (pty_step[]){{"> ", "\033[A", 0}, {"newer", "\033[A", 0}, {"end", "\r", 0}, {0}},
            NULL);
  expect(&d, "for i = 1, 2 do\n  print(i)\nend");
  close_desk(&d);
}

static void test_ends(void **state)
{
  desk d;
  (void)state;
  open_desk(&d, false);
  read_line(&d, (pty_step[]){{"> ", "\004", 0}, {0}}, NULL);
  assert_int_equal(d.end, BR_EDIT_EOF);
  (void)close(d.pty.master);
  br_err err;
  assert_int_equal(
      br_edit_read(&d.line, &d.end, d.edit, &(br_edit_question){"> ", NULL, NULL}, &err), BR_OK);
  assert_int_equal(d.end, BR_EDIT_EOF);
  d.pty.master = open("/dev/null", O_RDONLY);
  close_desk(&d);
}

static volatile sig_atomic_t caught;

static void catch (int signal)
{
  caught = signal;
}

static void test_signals(void **state)
{
  desk d;
  struct termios before, after;
  struct sigaction action = {.sa_handler = catch}, now;
  (void)state;
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
  open_desk(&d, true);
  assert_int_equal(tcgetattr(d.pty.slave, &before), 0);
  read_line(&d, (pty_step[]){{"> ", "abc", 0}, {"abc", NULL, SIGWINCH}, {"abc", NULL, SIGINT}, {0}},
            NULL);
  assert_int_equal(d.end, BR_EDIT_INTERRUPTED);
  assert_int_equal(caught, 0);
  read_line(&d, (pty_step[]){{"> ", "x", 0}, {"x", NULL, SIGTERM}, {0}}, NULL);
  assert_int_equal(d.end, BR_EDIT_EOF);
  assert_int_equal(caught, SIGTERM);
  read_line(&d, (pty_step[]){{"> ", "x\r", 0}, {0}}, NULL);
  expect(&d, "x");
  assert_int_equal(tcgetattr(d.pty.slave, &after), 0);
  assert_int_equal(before.c_lflag, after.c_lflag);
  (void)sigaction(SIGINT, NULL, &now);
  assert_true(now.sa_handler == catch);
  close_desk(&d);
}

static void complete(void *context, const char *line, size_t cursor, br_edit_completion *out)
{
  (void)context;
  assert_int_equal(cursor, strlen(line));
  if (strcmp(line, "f:\xC3\xA4"
                   "b") == 0) {
    out->remove = 3;
    assert_int_equal(br_str_addz(&out->insert,
                                 "\xC3\xB6"
                                 "c(",
                                 NULL),
                     BR_OK);
  } else if (line[0] == '?') {
    assert_int_equal(br_str_addz(&out->show, "one  two", NULL), BR_OK);
  } else {
    out->remove = 1000;
  }
}

static void test_completion(void **state)
{
  desk d;
  (void)state;
  open_desk(&d, false);
  read_line(&d,
            (pty_step[]){{"> ",
                          "f:\xC3\xA4"
                          "b\t",
                          0},
                         {"c(", "1)\r", 0},
                         {0}},
            complete);
  expect(&d, "f:\xC3\xB6"
             "c(1)");
  read_line(&d, (pty_step[]){{"> ", "?\t", 0}, {"one  two", "!", 0}, {"!", "\r", 0}, {0}},
            complete);
  expect(&d, "?!");
  read_line(&d, (pty_step[]){{"> ", "more\t", 0}, {"> ", "gone\r", 0}, {0}}, complete);
  expect(&d, "gone");
  read_line(&d, (pty_step[]){{"> ", "a\tb\r", 0}, {0}}, NULL);
  expect(&d, "ab");
  close_desk(&d);
}

static void test_fed(void **state)
{
  desk d;
  br_err err;
  (void)state;
  open_desk(&d, false);
  assert_int_equal(br_edit_feed(d.edit, "typed ", 6, &err), BR_OK);
  read_line(&d, (pty_step[]){{"typed", "early\r", 0}, {0}}, NULL);
  expect(&d, "typed early");
  close_desk(&d);
}

static void test_no_terminal(void **state)
{
  int ends[2];
  br_edit *edit;
  br_err err;
  (void)state;
  assert_int_equal(pipe(ends), 0);
  br_edit_options options = {.in = ends[0], .out = ends[1]};
  assert_int_equal(br_edit_open(&edit, &options, &err), BR_EINVAL);
  br_edit_free(NULL);
  (void)close(ends[0]);
  (void)close(ends[1]);
}

static void test_out_of_memory(void **state)
{
  desk d;
  br_edit *edit;
  br_err err;
  (void)state;
  open_desk(&d, false);
  br_edit_options options = {.in = d.pty.slave, .out = d.pty.slave};
  br_mem_fail_at(1);
  assert_int_equal(br_edit_open(&edit, &options, &err), BR_ENOMEM);
  br_mem_fail_at(0);
  pty_start(&d.pty, (pty_step[]){{"> ", "x\r", 0}, {0}});
  br_mem_fail_at(1);
  assert_int_equal(
      br_edit_read(&d.line, &d.end, d.edit, &(br_edit_question){"> ", NULL, NULL}, &err),
      BR_ENOMEM);
  br_mem_fail_at(0);
  pty_finish(&d.pty);
  close_desk(&d);
}

/* --- the file of entries ------------------------------------------------------------------------ */

static void path_in(char *out, size_t size, const char *folder, const char *name)
{
  (void)snprintf(out, size, "%s/%s", folder, name);
}

static size_t count_lines(const char *path, const char *prefix)
{
  char line[256];
  size_t count = 0;
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  while (fgets(line, sizeof line, file))
    count += strncmp(line, prefix, strlen(prefix)) == 0;
  (void)fclose(file);
  return count;
}

static void test_record(void **state)
{
  char folder[] = "/tmp/benchrun.record.XXXXXX", path[64], pipe_path[64];
  struct stat st;
  br_err err;
  (void)state;
  assert_non_null(mkdtemp(folder));
  path_in(path, sizeof path, folder, "history");
  path_in(pipe_path, sizeof pipe_path, folder, "pipe");
  assert_int_equal(br_record_add(path, "one\n", 4, 1000, &err), BR_OK);
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  for (int i = 0; i < 400; i++)
    assert_int_equal(br_record_add(path, "another\n", 8, 1000, &err), BR_OK);
  assert_int_equal(stat(path, &st), 0);
  assert_in_range(st.st_size, 400, 1000);
  assert_int_equal(st.st_mode & 0777, 0600);
  assert_int_equal(count_lines(path, "one"), 0);
  assert_int_equal(count_lines(path, "another\n") * 8, (size_t)st.st_size);
  assert_int_equal(br_record_add(folder, "x\n", 2, 1000, &err), BR_EIO);
  assert_int_equal(mkfifo(pipe_path, 0600), 0);
  assert_int_equal(br_record_add(pipe_path, "x\n", 2, 1000, &err), BR_EIO);
  assert_int_equal(br_record_add("/nowhere/at/all", "x\n", 2, 1000, &err), BR_ENOTFOUND);
  (void)unlink(path);
  (void)unlink(pipe_path);
  assert_int_equal(rmdir(folder), 0);
}

/* Several processes at once, which shorten the file now and then: nothing but older halves is lost. */
static void test_record_of_several(void **state)
{
  enum { PROCESSES = 4, ENTRIES = 200 };
  char folder[] = "/tmp/benchrun.record.XXXXXX", path[64];
  (void)state;
  assert_non_null(mkdtemp(folder));
  path_in(path, sizeof path, folder, "history");
  for (int p = 0; p < PROCESSES; p++) {
    if (fork() != 0)
      continue;
    char line[64];
    br_code code = BR_OK;
    for (int i = 0; i < ENTRIES && code == BR_OK; i++) {
      (void)snprintf(line, sizeof line, "process %d entry %03d\n", p, i);
      code = br_record_add(path, line, strlen(line), 15000, NULL);
    }
    _exit(code == BR_OK ? 0 : 1);
  }
  for (int p = 0; p < PROCESSES; p++) {
    int status;
    assert_true(wait(&status) > 0);
    assert_int_equal(status, 0);
  }
  size_t lines = count_lines(path, ""), whole = count_lines(path, "process ");
  assert_int_equal(lines, whole);
  assert_in_range(whole * 20, 7000, 15040);
  (void)unlink(path);
  assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_line),
      cmocka_unit_test(test_bytes_that_are_no_text),
      cmocka_unit_test(test_paste),
      cmocka_unit_test(test_paste_in_pieces_and_escape_alone),
      cmocka_unit_test(test_remembered),
      cmocka_unit_test(test_ends),
      cmocka_unit_test(test_signals),
      cmocka_unit_test(test_completion),
      cmocka_unit_test(test_fed),
      cmocka_unit_test(test_no_terminal),
      cmocka_unit_test(test_out_of_memory),
      cmocka_unit_test(test_record),
      cmocka_unit_test(test_record_of_several),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
