/* core/sqlite: frames to tables and back, hostile names, what the world does wrong. */
#include "../frame_equal.h"
#include "frame_test.h"

#include "base/interrupt.h"
#include "sqlite/sqlite.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static char path[96];

static int make_folder(void **state)
{
  (void)state;
  (void)snprintf(folder, sizeof folder, "/tmp/benchrun-sqlite-XXXXXX");
  if (!mkdtemp(folder))
    return -1;
  (void)snprintf(path, sizeof path, "%s/a.db", folder);
  return 0;
}

static int remove_folder(void **state)
{
  (void)state;
  (void)unlink(path);
  return rmdir(folder); /* fails where a test left something else */
}

static bool is_there(const char *name)
{
  return access(name, F_OK) == 0;
}

static void put(const char *table, const char *text, br_sqlite_mode mode)
{
  br_err err = {0};
  br_frame *frame = frame_of(text);
  must(br_sqlite_write(path, table, frame, mode, &err), &err);
  br_frame_free(frame);
}

static br_code put_code(const char *where, const char *table, const char *text, br_sqlite_mode mode,
                        br_err *err)
{
  br_frame *frame = frame_of(text);
  br_code code = br_sqlite_write(where, table, frame, mode, err);
  br_frame_free(frame);
  return code;
}

static void assert_query(const char *query, const char *expected)
{
  br_err err = {0};
  br_frame *made = NULL;
  br_code code = br_sqlite_read(&made, path, query, &err);
  assert_made(code, &err, &made, expected);
}

static void assert_query_fails(const char *query, br_code expected, const char *part)
{
  br_err err = {0};
  br_frame *made = NULL;
  assert_fails(br_sqlite_read(&made, path, query, &err), &err, expected, part);
  assert_null(made);
}

/* By SQLite itself, as another program would. */
static void run_sql(const char *sql)
{
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
    fail_msg("%s", sqlite3_errmsg(db));
  assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static const char *const mixed_types = "name:s n:i x:f ok:b\n"
                                       "a 1 0.5 true\n"
                                       "- -9007199254740993 - false\n"
                                       "b - inf -\n";

static void a_frame_comes_back(void **state)
{
  (void)state;
  put("runs", mixed_types, BR_SQLITE_CREATE);
  assert_query("SELECT * FROM runs", "name:s n:i x:f ok:i\n"
                                     "a 1 0.5 1\n"
                                     "- -9007199254740993 - 0\n"
                                     "b - inf -\n");
  assert_query("SELECT type FROM pragma_table_info('runs')",
               "type:s\nTEXT\nINTEGER\nREAL\nINTEGER\n");
  assert_query("SELECT count(*) AS n FROM runs WHERE x IS NULL;", "n:i\n1\n");
}

static void rows_are_added_or_replaced(void **state)
{
  (void)state;
  br_err err = {0};
  put("t", "a:i b:i\n1 2\n", BR_SQLITE_APPEND);
  put("t", "b:i a:i\n4 3\n", BR_SQLITE_APPEND);
  assert_query("SELECT * FROM t", "a:i b:i\n1 2\n3 4\n");
  assert_fails(put_code(path, "T", "a:i\n5\n", BR_SQLITE_CREATE, &err), &err, BR_EEXIST,
               "has a table 'T' already; append to it or replace it");
  assert_fails(put_code(path, "t", "c:i\n5\n", BR_SQLITE_APPEND, &err), &err, BR_ELIB,
               "no column named c");
  put("t", "c:f\n5.5\n", BR_SQLITE_REPLACE);
  assert_query("SELECT * FROM t", "c:f\n5.5\n");
  put("new", "c:f\n5.5\n", BR_SQLITE_REPLACE);
  put("none", "c:i s:s\n", BR_SQLITE_CREATE);
  assert_query("SELECT * FROM none", "c:f s:f\n");
}

static void any_name_will_do(void **state)
{
  (void)state;
  br_err err = {0};
  put("t\"; DROP TABLE x; --", "a\"b:i select:i ':i [x]:i %s:i\n1 2 3 4 5\n", BR_SQLITE_CREATE);
  assert_query("SELECT * FROM \"t\"\"; DROP TABLE x; --\"",
               "a\"b:i select:i ':i [x]:i %s:i\n1 2 3 4 5\n");
  put("", ":i\n1\n", BR_SQLITE_CREATE);
  assert_query("SELECT * FROM \"\"", ":i\n1\n");
  assert_fails(put_code(path, "sqlite_x", "a:i\n1\n", BR_SQLITE_CREATE, &err), &err, BR_ELIB,
               "reserved");
  assert_fails(put_code(path, "case", "a:i A:i\n1 2\n", BR_SQLITE_CREATE, &err), &err, BR_ELIB,
               "duplicate column name");
}

static br_frame *one_column(br_column *column)
{
  br_err err = {0};
  br_frame *frame = NULL;
  must(br_frame_new(&frame, &err), &err);
  must(br_frame_set(frame, "c", column, &err), &err);
  br_column_release(column);
  return frame;
}

static void all_bytes_of_a_string_stay(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *column = NULL;
  br_frame *read = NULL;
  must(br_column_new(&column, BR_STR, &err), &err);
  must(br_column_push_str(column, "a\0b", 3, &err), &err);
  must(br_column_push_str(column, "", 0, &err), &err);
  must(br_column_push_str(column, "\xff\xfe'\"\n", 5, &err), &err);
  br_frame *frame = one_column(column);
  must(br_sqlite_write(path, "t", frame, BR_SQLITE_CREATE, &err), &err);
  must(br_sqlite_read(&read, path, "SELECT * FROM t", &err), &err);
  assert_true(frame_equal(frame, read));
  br_frame_free(read);
  br_frame_free(frame);
}

static void a_nan_is_null_and_a_time_is_text(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *column = NULL;
  put("n", "x:f\nnan\n1.5\n", BR_SQLITE_CREATE);
  assert_query("SELECT x FROM n", "x:f\n-\n1.5\n");
  must(br_column_new(&column, BR_TIMESTAMP, &err), &err);
  must(br_column_push_i64(column, 1500000, &err), &err);
  must(br_column_push_null(column, &err), &err);
  br_frame *frame = one_column(column);
  must(br_sqlite_write(path, "t", frame, BR_SQLITE_CREATE, &err), &err);
  assert_query("SELECT * FROM t", "c:s\n1970-01-01T00:00:01.5Z\n-\n");
  assert_query("SELECT unixepoch(c) AS s FROM t", "s:i\n1\n-\n");
  br_frame_free(frame);
}

static void a_column_has_the_type_of_its_cells(void **state)
{
  (void)state;
  run_sql("CREATE TABLE t (a INTEGER, b, c, d, e);"
          "INSERT INTO t VALUES (1, 1, 1, x'6162', 9007199254740993);"
          "INSERT INTO t VALUES (NULL, 2.5, 'x', NULL, 1);"
          "INSERT INTO t VALUES (3, NULL, 2.5, 'c', 0.5);");
  assert_query("SELECT * FROM t", "a:i b:f c:s d:s e:s\n"
                                  "1 1.0 1 ab 9007199254740993\n"
                                  "- 2.5 x - 1\n"
                                  "3 - 2.5 c 0.5\n");
  assert_query("SELECT a FROM t WHERE 0", "a:f\n");
  assert_query("WITH x(i) AS (VALUES (1), (2)) SELECT i, i * 1.5 AS r FROM x -- end",
               "i:i r:f\n1 1.5\n2 3.0\n");
}

static void a_query_reads_only(void **state)
{
  (void)state;
  put("t", "a:i\n1\n", BR_SQLITE_CREATE);
  assert_query_fails("DELETE FROM t", BR_EINVAL, "change nothing");
  assert_query_fails("DELETE FROM t RETURNING a", BR_EINVAL, "change nothing");
  assert_query_fails("ATTACH 'x' AS y", BR_EINVAL, "change nothing");
  assert_query_fails("SELECT a FROM t; DROP TABLE t", BR_EINVAL, "one statement");
  assert_query_fails("", BR_EINVAL, "one statement");
  assert_query_fails("SELEC a", BR_ELIB, "syntax error");
  assert_query_fails("SELECT b FROM t", BR_ELIB, "no such column: b");
  assert_query_fails("SELECT a, a FROM t", BR_EEXIST, "two columns 'a'; rename one with AS");
  assert_query("SELECT * FROM t", "a:i\n1\n");
}

static void what_is_no_database_is_told(void **state)
{
  (void)state;
  br_err err = {0};
  char missing[128], below[128];
  assert_query_fails("SELECT 1", BR_ENOTFOUND, "a.db");
  assert_false(is_there(path));
  (void)snprintf(missing, sizeof missing, "%s/no/a.db", folder);
  assert_fails(put_code(missing, "t", "a:i\n1\n", BR_SQLITE_CREATE, &err), &err, BR_ENOTFOUND,
               missing);
  assert_fails(put_code("", "t", "a:i\n1\n", BR_SQLITE_CREATE, &err), &err, BR_EINVAL, "empty");
  assert_int_not_equal(put_code(folder, "t", "a:i\n1\n", BR_SQLITE_CREATE, &err), BR_OK);
  assert_non_null(strstr(err.msg, folder));
  FILE *text = fopen(path, "w");
  assert_non_null(text);
  for (int i = 0; i < 100; i++)
    (void)fputs("name,speedup\n", text);
  assert_int_equal(fclose(text), 0);
  assert_query_fails("SELECT * FROM t", BR_EPARSE, "is no SQLite database");
  assert_fails(put_code(path, "t", "a:i\n1\n", BR_SQLITE_CREATE, &err), &err, BR_EPARSE,
               "is no SQLite database");
  assert_true(is_there(path));
  (void)snprintf(below, sizeof below, "%s/b", path);
  assert_int_not_equal(put_code(below, "t", "a:i\n1\n", BR_SQLITE_CREATE, &err), BR_OK);
}

static void special_names_are_files(void **state)
{
  (void)state;
  br_err err = {0};
  char here[256];
  assert_non_null(getcwd(here, sizeof here));
  assert_int_equal(chdir(folder), 0);
  br_code memory = put_code(":memory:", "t", "a:i\n1\n", BR_SQLITE_CREATE, &err);
  bool made = is_there(":memory:");
  br_code uri = put_code("file:x?mode=memory", "t", "a:i\n1\n", BR_SQLITE_CREATE, &err);
  bool made_too = is_there("file:x?mode=memory");
  (void)unlink(":memory:");
  (void)unlink("file:x?mode=memory");
  assert_int_equal(chdir(here), 0);
  assert_int_equal(memory, BR_OK);
  assert_int_equal(uri, BR_OK);
  assert_true(made && made_too);
}

static void a_locked_file_is_told(void **state)
{
  (void)state;
  br_err err = {0};
  sqlite3 *other = NULL;
  put("t", "a:i\n1\n", BR_SQLITE_CREATE);
  assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
  assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
  assert_fails(put_code(path, "t", "a:i\n2\n", BR_SQLITE_APPEND, &err), &err, BR_EIO,
               "is locked by another program");
  assert_int_equal(sqlite3_close(other), SQLITE_OK);
  assert_query("SELECT * FROM t", "a:i\n1\n");
}

/* As on a full disk: the file may not grow. */
static br_code put_without_room(rlim_t bytes, br_err *err)
{
  struct rlimit before, little;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  little = before;
  little.rlim_cur = bytes;
  (void)signal(SIGXFSZ, SIG_IGN);
  br_column *column = NULL;
  must(br_column_new(&column, BR_I64, err), err);
  for (int64_t i = 0; i < 100000; i++)
    must(br_column_push_i64(column, i, err), err);
  br_frame *frame = one_column(column);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
  br_code code = br_sqlite_write(path, "big", frame, BR_SQLITE_REPLACE, err);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  br_frame_free(frame);
  return code;
}

static void without_room_nothing_is_written(void **state)
{
  (void)state;
  br_err err = {0};
  assert_fails(put_without_room(8192, &err), &err, BR_EIO, "a.db");
  assert_false(is_there(path));
  put("t", "a:i\n1\n", BR_SQLITE_CREATE);
  put("big", "a:i\n2\n", BR_SQLITE_CREATE);
  assert_fails(put_without_room(65536, &err), &err, BR_EIO, "a.db");
  assert_query("SELECT * FROM t", "a:i\n1\n");
  assert_query("SELECT * FROM big", "a:i\n2\n");
}

static void long_work_can_be_interrupted(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *made = NULL;
  put("t", "a:i\n1\n", BR_SQLITE_CREATE);
  br_interrupt_raise();
  br_code code = br_sqlite_read(&made, path,
                                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                "SELECT i FROM n LIMIT 100000",
                                &err);
  br_interrupt_clear();
  assert_int_equal(code, BR_EINTR);
  assert_query("SELECT * FROM t", "a:i\n1\n");
}

static void a_frame_needs_a_column(void **state)
{
  (void)state;
  br_err err = {0};
  assert_fails(put_code(path, "t", "", BR_SQLITE_CREATE, &err), &err, BR_EINVAL, "one column");
  assert_false(is_there(path));
}

static br_code read_back(br_frame **out, const br_frame *frame, br_err *err)
{
  br_code code = br_sqlite_write(path, "t", frame, BR_SQLITE_REPLACE, err);
  if (code == BR_OK)
    code = br_sqlite_read(out, path, "SELECT *, 1 AS one, 'x' AS s FROM t", err);
  return code;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  br_frame *frame = frame_of(mixed_types);
  assert_survives(read_back, frame);
  br_frame_free(frame);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      TEST(a_frame_comes_back),
      TEST(rows_are_added_or_replaced),
      TEST(any_name_will_do),
      TEST(all_bytes_of_a_string_stay),
      TEST(a_nan_is_null_and_a_time_is_text),
      TEST(a_column_has_the_type_of_its_cells),
      TEST(a_query_reads_only),
      TEST(what_is_no_database_is_told),
      TEST(special_names_are_files),
      TEST(a_locked_file_is_told),
      TEST(without_room_nothing_is_written),
      TEST(long_work_can_be_interrupted),
      TEST(a_frame_needs_a_column),
      TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
