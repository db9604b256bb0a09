/* Private to sqlite: a database at hand. */
#ifndef BR_SQLITE_SQLITE_INTERNAL_H
#define BR_SQLITE_SQLITE_INTERNAL_H

#include "sqlite/sqlite.h"

#include <sqlite3.h>

/* Zero-initialise; ends in br_sqlite_close, also after a failure. */
typedef struct br_sqlite {
  sqlite3 *db;
  const char *path; /* borrowed */
} br_sqlite;

/* flags: SQLite's. */
br_code br_sqlite_open(br_sqlite *s, const char *path, int flags, br_err *err) BR_MUST_USE;
void br_sqlite_close(br_sqlite *s);

/* The error of the last call. */
br_code br_sqlite_fail(const br_sqlite *s, br_err *err) BR_MUST_USE;

#endif
