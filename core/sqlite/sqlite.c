/* Databases opened and closed, and SQLite's errors in our words; see sqlite.h. */
#include "sqlite/sqlite_internal.h"

#include "base/interrupt.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>

enum { WAIT_MS = 5000, STEPS_A_LOOK = 10000 }; /* steps of SQLite's machine */

static int is_interrupted(void *unused)
{
  (void)unused;
  return br_interrupt_is_raised();
}

/* A schema may call functions as soon as it is read; only harmless ones are wanted of a foreign file. */
static void harden(sqlite3 *db)
{
  (void)sqlite3_extended_result_codes(db, 0);
  (void)sqlite3_busy_timeout(db, WAIT_MS);
  (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_progress_handler(db, STEPS_A_LOOK, is_interrupted, NULL);
}

/* Names such as ":memory:" and "file:x?mode=ro" are files here, like any other. */
static br_code open_file(br_sqlite *s, int flags, br_err *err)
{
  br_str name = {0};
  br_code code = br_str_addf(&name, err, "%s%s", s->path[0] == '/' ? "" : "./", s->path);
  if (code != BR_OK)
    return code;
  int result = sqlite3_open_v2(name.data, &s->db, flags, NULL);
  br_str_clear(&name);
  return result == SQLITE_OK ? BR_OK : br_sqlite_fail(s, err);
}

br_code br_sqlite_open(br_sqlite *s, const char *path, int flags, br_err *err)
{
  s->path = path;
  if (path[0] == '\0')
    return br_fail(err, BR_EINVAL, "the path of the database is empty");
  BR_TRY(open_file(s, flags, err));
  harden(s->db);
  return BR_OK;
}

void br_sqlite_close(br_sqlite *s)
{
  (void)sqlite3_close(s->db);
  s->db = NULL;
}

static br_code fail_by_system(const br_sqlite *s, br_err *err)
{
  int sys = sqlite3_system_errno(s->db);
  if (sys != 0)
    return br_fail_sys(err, sys, "can't use %s", s->path);
  return br_fail(err, BR_EIO, "can't use %s: %s", s->path, sqlite3_errmsg(s->db));
}

br_code br_sqlite_fail(const br_sqlite *s, br_err *err)
{
  int result = s->db ? sqlite3_errcode(s->db) : SQLITE_NOMEM;
  switch (result & 0xff) {
  case SQLITE_NOMEM:
    return br_fail_nomem(err);
  case SQLITE_INTERRUPT:
    return br_fail(err, BR_EINTR, "interrupted");
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return br_fail(err, BR_EIO, "%s is locked by another program; try again when it is done",
                   s->path);
  case SQLITE_NOTADB:
    return br_fail(err, BR_EPARSE, "%s is no SQLite database", s->path);
  case SQLITE_CORRUPT:
    return br_fail(err, BR_EPARSE, "%s is damaged: %s", s->path, sqlite3_errmsg(s->db));
  case SQLITE_FULL:
    return br_fail(err, BR_EIO, "can't write %s: the disk is full", s->path);
  case SQLITE_READONLY:
    return br_fail(err, BR_EIO, "can't write %s: it may only be read", s->path);
  case SQLITE_CANTOPEN:
  case SQLITE_IOERR:
  case SQLITE_PERM:
    return fail_by_system(s, err);
  default:
    return br_fail(err, BR_ELIB, "%s: %s", s->path, sqlite3_errmsg(s->db));
  }
}
