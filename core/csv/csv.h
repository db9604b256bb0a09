/* CSV to frame and back, over libcsv in strict mode (RFC 4180 with any delimiter).
 *
 * Reading: a UTF-8 BOM is dropped; LF, CRLF and CR end a line; quoted fields may hold anything but
 * NUL, line ends are kept as they are. Spaces and tabs around a field are dropped, within quotes
 * they are kept. An unquoted empty field is null, a quoted empty one is the empty string. Bytes
 * that are not UTF-8 pass unchanged. A blank line is a row with a null where there is one column,
 * and nothing elsewhere and before the header. Each name in the header occurs once; one may be
 * empty.
 *
 * Errors are BR_EPARSE: a ragged row, a bad quote, an unclosed quote, a NUL, a name that occurs
 * twice, a cell that is not of the type asked for. They begin with label:line: or
 * label:line:column: and end with (byte N). Lines and columns count from 1 as an editor shows them
 * (columns in characters), bytes from 0.
 *
 * Inference, column by column, over all rows: i64 if every non-null cell is an integer that fits;
 * else f64 if every one is a number; else bool if all are true or false in any case; else string.
 * Numbers are what br_parse_i64 and br_parse_f64 take (nan, inf, exponents; blanks around are
 * fine), but a column stays string where it would lose by it: one cell with a leading zero ("007"),
 * an integer that i64 can't hold, beside decimals one beyond 2^53, or a number too large for a
 * double is enough. Quoted or not does not matter to it. A column of nulls only is string. */
#ifndef BR_CSV_CSV_H
#define BR_CSV_CSV_H

#include "base/str.h"
#include "frame/frame.h"

typedef enum br_csv_ragged {
  BR_CSV_RAGGED_ERROR, /* a row with another number of fields than the header is an error */
  BR_CSV_RAGGED_PAD, /* a shorter row is filled with nulls; in a longer one what is too much must be
                        empty (delimiters that trail) */
} br_csv_ragged;

typedef struct br_csv_type {
  const char *column;
  br_type type; /* explicit: a cell that does not read as it is BR_EPARSE */
} br_csv_type;

typedef struct br_csv_options { /* zero-initialised is the default */
  char delimiter;           /* 0: comma; one ASCII character, no quote, no line end (BR_EINVAL) */
  const char *const *names; /* given: the file has no header and these are its columns, each name
                               once (BR_EINVAL) */
  size_t nnames;
  const br_csv_type *types; /* the other columns are inferred; an unknown column is ignored */
  size_t ntypes;
  bool all_strings; /* no inference: every column without a type given is string */
  br_csv_ragged ragged;
  const char *const *select; /* given: these columns in that order (nselect may be 0), each once
                                (BR_EEXIST); others are not read. BR_ENOTFOUND for one that is not
                                there */
  size_t nselect;
  bool limited; /* not more than `limit` rows; what follows them is not looked at */
  size_t limit;
  bool timestamps; /* infer timestamp too, behind bool: every cell is what br_parse_timestamp
                              takes */
  size_t threads;  /* 0: as br_parallel_threads says. The frame is the same for any number */
  const char *file_column; /* a string column of that name, the last one, with each row's path;
                              BR_EEXIST where the file has such a column */
} br_csv_options;

/* options NULL: the defaults. A file of 0 bytes gives 0 columns (given names: those columns, 0
 * rows). The path may be a pipe, "-" is standard input; what can't be opened twice is kept in memory
 * until it has been read. gzip and Zstandard are unpacked, known by their first bytes. BR_EPARSE,
 * BR_EINVAL for bad options, BR_ENOMEM, BR_ENOTFOUND for no such file, BR_EIO (a directory, no
 * permission, a file that changes or is cut short while it is read), BR_EINTR. */
br_code br_csv_read_file(br_frame **out, const char *path, const br_csv_options *options,
                         br_err *err) BR_MUST_USE;
/* The files' rows below each other, in the order given. Columns are matched by name, in order of first
 * appearance; a file without one gives nulls there. A column's type is what all its cells can be, as if they
 * stood in one file, but where some files hold numbers and others do not it is string, as it was
 * written. A name in select must be in one file at least; limit is of all rows. No paths: 0 columns. */
br_code br_csv_read_files(br_frame **out, const char *const *paths, size_t n,
                          const br_csv_options *options, br_err *err) BR_MUST_USE;
/* label stands for the path in messages. */
br_code br_csv_read_bytes(br_frame **out, const char *label, const void *bytes, size_t n,
                          const br_csv_options *options, br_err *err) BR_MUST_USE;

/* Appends frame as CSV with a header line, LF ends. Read back with the columns' types given, it is
 * the same frame; what inference made it is inferred again. Texts that need it are quoted, an empty
 * string is
 * "", null is nothing (in a frame of one column a blank line), doubles take their shortest exact
 * text. delimiter as in br_csv_options. BR_EINVAL for a bad delimiter or a NUL in a string; out is
 * then as before. */
br_code br_csv_write(br_str *out, const br_frame *frame, char delimiter, br_err *err) BR_MUST_USE;
/* The same into a file, replaced atomically. */
br_code br_csv_write_file(const char *path, const br_frame *frame, char delimiter,
                          br_err *err) BR_MUST_USE;

#endif
