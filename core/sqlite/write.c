/* A frame to a table; see sqlite.h. */
#include "sqlite/sqlite_internal.h"

#include "base/str.h"
#include "base/vec.h"
#include "frame/text.h"
#include "frame/timestamp.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct writer {
  br_sqlite s;
  const char *table;
  const br_frame *frame;
  br_sqlite_mode mode;
};

/* --- statements --- */

/* A name as SQL writes any: in quotes, with quotes inside doubled. */
static br_code add_name(br_str *sql, const char *name, br_err *err)
{
  BR_TRY(br_str_addc(sql, '"', err));
  for (; *name; name++) {
    if (*name == '"')
      BR_TRY(br_str_addc(sql, '"', err));
    BR_TRY(br_str_addc(sql, *name, err));
  }
  return br_str_addc(sql, '"', err);
}

static const char *sql_type(br_type type)
{
  switch (type) {
  case BR_F64:
    return " REAL";
  case BR_I64:
  case BR_BOOL:
    return " INTEGER";
  default:
    return " TEXT";
  }
}

static br_code add_column(br_str *sql, const br_frame *frame, size_t i, bool types, br_err *err)
{
  const char *type = sql_type(br_column_type(br_frame_column(frame, i)));
  BR_TRY(br_str_addz(sql, i ? ", " : " (", err));
  BR_TRY(add_name(sql, br_frame_name(frame, i), err));
  return types ? br_str_addz(sql, type, err) : BR_OK;
}

/* The columns' names in brackets, with their types or without. */
static br_code add_columns(br_str *sql, const br_frame *frame, bool types, br_err *err)
{
  size_t ncol = br_frame_ncol(frame);
  for (size_t i = 0; i < ncol; i++)
    BR_TRY(add_column(sql, frame, i, types, err));
  return br_str_addc(sql, ')', err);
}

static br_code add_create(br_str *sql, const struct writer *w, br_err *err)
{
  BR_TRY(br_str_addz(sql, "CREATE TABLE ", err));
  BR_TRY(add_name(sql, w->table, err));
  return add_columns(sql, w->frame, true, err);
}

static br_code add_drop(br_str *sql, const struct writer *w, br_err *err)
{
  BR_TRY(br_str_addz(sql, "DROP TABLE ", err));
  return add_name(sql, w->table, err);
}

static br_code add_insert(br_str *sql, const struct writer *w, br_err *err)
{
  size_t ncol = br_frame_ncol(w->frame);
  BR_TRY(br_str_addz(sql, "INSERT INTO ", err));
  BR_TRY(add_name(sql, w->table, err));
  BR_TRY(add_columns(sql, w->frame, false, err));
  BR_TRY(br_str_addz(sql, " VALUES (?", err));
  for (size_t i = 1; i < ncol; i++)
    BR_TRY(br_str_addz(sql, ", ?", err));
  return br_str_addc(sql, ')', err);
}

static br_code execute(const struct writer *w, const char *sql, br_err *err)
{
  if (sqlite3_exec(w->s.db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return br_sqlite_fail(&w->s, err);
  return BR_OK;
}

typedef br_code (*add_statement)(br_str *sql, const struct writer *w, br_err *err);

static br_code execute_made(const struct writer *w, add_statement add, br_err *err)
{
  br_str sql = {0};
  br_code code = add(&sql, w, err);
  if (code == BR_OK)
    code = execute(w, sql.data, err);
  br_str_clear(&sql);
  return code;
}

/* --- rows --- */

static int bind_text(sqlite3_stmt *insert, int at, const br_column *column, size_t row)
{
  size_t len = 0;
  if (br_column_type(column) == BR_TIMESTAMP) {
    char time[BR_TIMESTAMP_TEXT_MAX];
    len = br_timestamp_text(time, br_column_i64(column, row));
    return sqlite3_bind_text64(insert, at, time, len, SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  const char *text = br_column_str(column, row, &len);
  return sqlite3_bind_text64(insert, at, text, len, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_cell(sqlite3_stmt *insert, int at, const br_column *column, size_t row)
{
  if (br_column_is_null(column, row))
    return sqlite3_bind_null(insert, at);
  switch (br_column_type(column)) {
  case BR_F64:
    return sqlite3_bind_double(insert, at, br_column_f64(column, row));
  case BR_I64:
    return sqlite3_bind_int64(insert, at, br_column_i64(column, row));
  case BR_BOOL:
    return sqlite3_bind_int(insert, at, br_column_bool(column, row));
  default:
    return bind_text(insert, at, column, row);
  }
}

static br_code insert_rows(const struct writer *w, sqlite3_stmt *insert, br_err *err)
{
  size_t ncol = br_frame_ncol(w->frame), nrow = br_frame_nrow(w->frame);
  for (size_t row = 0; row < nrow; row++) {
    for (size_t i = 0; i < ncol; i++)
      if (bind_cell(insert, (int)i + 1, br_frame_column(w->frame, i), row) != SQLITE_OK)
        return br_sqlite_fail(&w->s, err);
    if (sqlite3_step(insert) != SQLITE_DONE || sqlite3_reset(insert) != SQLITE_OK)
      return br_sqlite_fail(&w->s, err);
  }
  return BR_OK;
}

static br_code insert_frame(const struct writer *w, br_err *err)
{
  br_str sql = {0};
  sqlite3_stmt *insert = NULL;
  br_code code = add_insert(&sql, w, err);
  if (code == BR_OK && sqlite3_prepare_v2(w->s.db, sql.data, -1, &insert, NULL) != SQLITE_OK)
    code = br_sqlite_fail(&w->s, err);
  br_str_clear(&sql);
  if (code == BR_OK)
    code = insert_rows(w, insert, err);
  (void)sqlite3_finalize(insert);
  return code;
}

/* --- the table --- */

static br_code find_table(bool *found, const struct writer *w, br_err *err)
{
  static const char sql[] = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') "
                            "AND name = ?1 COLLATE NOCASE";
  sqlite3_stmt *find = NULL;
  br_code code = BR_OK;
  if (sqlite3_prepare_v2(w->s.db, sql, -1, &find, NULL) != SQLITE_OK ||
      sqlite3_bind_text(find, 1, w->table, -1, SQLITE_STATIC) != SQLITE_OK)
    code = br_sqlite_fail(&w->s, err);
  int step = code == BR_OK ? sqlite3_step(find) : SQLITE_DONE;
  if (step != SQLITE_ROW && step != SQLITE_DONE)
    code = br_sqlite_fail(&w->s, err);
  *found = step == SQLITE_ROW;
  (void)sqlite3_finalize(find);
  return code;
}

static br_code write_table(const struct writer *w, br_err *err)
{
  bool found = false;
  BR_TRY(find_table(&found, w, err));
  if (found && w->mode == BR_SQLITE_CREATE) {
    char shown[BR_SHOWN_MAX];
    return br_fail(err, BR_EEXIST, "%s has a table '%s' already; append to it or replace it",
                   w->s.path, br_shown(shown, w->table, strlen(w->table)));
  }
  if (found && w->mode == BR_SQLITE_REPLACE)
    BR_TRY(execute_made(w, add_drop, err));
  if (!found || w->mode == BR_SQLITE_REPLACE)
    BR_TRY(execute_made(w, add_create, err));
  return insert_frame(w, err);
}

/* Whatever fails rolls back, at the latest when the database is closed. */
static br_code write_all(struct writer *w, br_err *err)
{
  BR_TRY(br_sqlite_open(&w->s, w->s.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err));
  BR_TRY(execute(w, "BEGIN IMMEDIATE", err));
  BR_TRY(write_table(w, err));
  return execute(w, "COMMIT", err);
}

/* What a rollback leaves of a new database; one that somebody else has made meanwhile is not empty. */
static void remove_empty(const char *path)
{
  struct stat st;
  if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
    (void)unlink(path);
}

br_code br_sqlite_write(const char *path, const char *table, const br_frame *frame,
                        br_sqlite_mode mode, br_err *err)
{
  struct writer w = {{NULL, path}, table, frame, mode};
  if (br_frame_ncol(frame) == 0)
    return br_fail(err, BR_EINVAL, "a table needs at least one column");
  bool was_there = access(path, F_OK) == 0;
  br_code code = write_all(&w, err);
  br_sqlite_close(&w.s);
  if (code != BR_OK && !was_there)
    remove_empty(path);
  return code;
}
