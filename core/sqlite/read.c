/* A query's rows as a frame; see sqlite.h. */
#include "sqlite/sqlite_internal.h"

#include "base/vec.h"
#include "frame/mixed.h"
#include "frame/text.h"

#include <string.h>

struct reader {
  br_sqlite s;
  sqlite3_stmt *query;
  br_mixed *columns;
  int ncol;
};

static bool is_end(const char *sql)
{
  return sql[strspn(sql, " \t\r\n;")] == '\0';
}

static br_code prepare(struct reader *r, const char *query, br_err *err)
{
  const char *rest = NULL;
  if (sqlite3_prepare_v2(r->s.db, query, -1, &r->query, &rest) != SQLITE_OK)
    return br_sqlite_fail(&r->s, err);
  if (!r->query || !is_end(rest))
    return br_fail(err, BR_EINVAL, "the query is to be one statement");
  r->ncol = sqlite3_column_count(r->query);
  if (r->ncol == 0 || !sqlite3_stmt_readonly(r->query))
    return br_fail(err, BR_EINVAL, "the query is to give rows and change nothing");
  r->columns = br_calloc((size_t)r->ncol, sizeof *r->columns);
  return r->columns ? BR_OK : br_fail_nomem(err);
}

/* SQLite gives NULL for what is empty, and where memory is out. */
static br_code add_bytes(struct reader *r, br_mixed *to, int i, const void *bytes, br_err *err)
{
  int len = sqlite3_column_bytes(r->query, i);
  if (!bytes && sqlite3_errcode(r->s.db) == SQLITE_NOMEM)
    return br_fail_nomem(err);
  return br_mixed_text(to, bytes ? bytes : "", (size_t)len, err);
}

static br_code add_cell(struct reader *r, int i, br_err *err)
{
  br_mixed *to = &r->columns[i];
  switch (sqlite3_column_type(r->query, i)) {
  case SQLITE_INTEGER:
    return br_mixed_i64(to, sqlite3_column_int64(r->query, i), err);
  case SQLITE_FLOAT:
    return br_mixed_f64(to, sqlite3_column_double(r->query, i), err);
  case SQLITE_TEXT:
    return add_bytes(r, to, i, sqlite3_column_text(r->query, i), err);
  case SQLITE_BLOB:
    return add_bytes(r, to, i, sqlite3_column_blob(r->query, i), err);
  default:
    return br_mixed_null(to, err);
  }
}

static br_code fetch(struct reader *r, br_err *err)
{
  int step = sqlite3_step(r->query);
  for (; step == SQLITE_ROW; step = sqlite3_step(r->query))
    for (int i = 0; i < r->ncol; i++)
      BR_TRY(add_cell(r, i, err));
  return step == SQLITE_DONE ? BR_OK : br_sqlite_fail(&r->s, err);
}

static br_code add_column(br_frame *to, struct reader *r, int i, br_err *err)
{
  br_column *column = NULL;
  const char *name = sqlite3_column_name(r->query, i);
  if (!name)
    return br_fail_nomem(err);
  if (br_frame_has(to, name)) {
    char shown[BR_SHOWN_MAX];
    return br_fail(err, BR_EEXIST, "the query gives two columns '%s'; rename one with AS",
                   br_shown(shown, name, strlen(name)));
  }
  BR_TRY(br_mixed_column(&column, &r->columns[i], err));
  br_mixed_clear(&r->columns[i]);
  br_code code = br_frame_set(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code build(br_frame **out, struct reader *r, br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  br_code code = BR_OK;
  for (int i = 0; i < r->ncol && code == BR_OK; i++)
    code = add_column(made, r, i, err);
  if (code == BR_OK)
    *out = made;
  else
    br_frame_free(made);
  return code;
}

static void clear(struct reader *r)
{
  for (int i = 0; r->columns && i < r->ncol; i++)
    br_mixed_clear(&r->columns[i]);
  br_free(r->columns);
  (void)sqlite3_finalize(r->query);
  br_sqlite_close(&r->s);
}

br_code br_sqlite_read(br_frame **out, const char *path, const char *query, br_err *err)
{
  struct reader r = {0};
  br_code code = br_sqlite_open(&r.s, path, SQLITE_OPEN_READONLY, err);
  if (code == BR_OK)
    code = prepare(&r, query, err);
  if (code == BR_OK)
    code = fetch(&r, err);
  if (code == BR_OK)
    code = build(out, &r, err);
  clear(&r);
  return code;
}
