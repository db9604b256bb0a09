/* Frames in SQLite databases, so that other tools read ours and we read theirs. The only user of
 * sqlite3.h.
 *
 * A file that another program has locked is waited for, five seconds. Errors name the file: BR_ENOTFOUND,
 * BR_EIO (no permission, a full disk, locked), BR_EPARSE (no database, or a damaged one), BR_ELIB with
 * SQLite's own words for all else. BR_EINTR when the user interrupts. */
#ifndef BR_SQLITE_SQLITE_H
#define BR_SQLITE_SQLITE_H

#include "frame/frame.h"

typedef enum br_sqlite_mode {
  BR_SQLITE_CREATE, /* BR_EEXIST where there is such a table */
  BR_SQLITE_APPEND, /* below the rows that are there, by column names; creates it where there is none */
  BR_SQLITE_REPLACE, /* drops the table that is there */
} br_sqlite_mode;

/* Writes the frame as a table, in one transaction: all of it or nothing, and a database that was not there
 * is gone again where it fails. f64 is REAL, i64 INTEGER, bool INTEGER 0 or 1, string TEXT with all its
 * bytes, NULs too, timestamp TEXT in ISO 8601. SQLite knows no NaN: it becomes NULL, as nulls do. Any
 * table or column name will do, but those that begin with sqlite_, and SQLite does not tell a from A.
 * BR_EINVAL for a frame without columns. */
br_code br_sqlite_write(const char *path, const char *table, const br_frame *frame,
                        br_sqlite_mode mode, br_err *err) BR_MUST_USE;

/* The rows of a query, one statement that changes nothing. The database is opened for reading only.
 * A column's type is that of its cells, whatever its table declares: i64, f64, string; blobs are strings
 * with their bytes; what is mixed is string, see frame/mixed.h. BR_EEXIST for two columns of one name. */
br_code br_sqlite_read(br_frame **out, const char *path, const char *query,
                       br_err *err) BR_MUST_USE;

#endif
