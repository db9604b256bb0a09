/* Private to core/csv: how a reading is cut into chunks and what the two lanes share.
 *
 * A chunk is some 256 KB of whole rows. What of it is plain goes through the fast lane (scan.h,
 * lane.h): positions of all delimiters and line ends first, then column after column where the cells
 * lie. Any other chunk is tokenised by libcsv (strict.c), which is the authority: only it words errors
 * of the dialect. Both lanes fill the same columns (store.h). */
#ifndef BR_CSV_INTERNAL_H
#define BR_CSV_INTERNAL_H

#include "csv/csv.h"

#include <stdatomic.h>

#define BR_CSV_BOM "\xEF\xBB\xBF"

/* For tests: other sizes and ways than a user gets. Zero-initialised is what a user gets. */
typedef enum br_csv_level {
  BR_CSV_BEST, /* what the processor has */
  BR_CSV_PORTABLE,
  BR_CSV_SSE2,
  BR_CSV_AVX2,
  BR_CSV_STRICT, /* libcsv alone */
} br_csv_level;
typedef struct br_csv_tuning {
  const char *label; /* of bytes, in messages */
  size_t chunk;      /* bytes */
  br_csv_level level;
} br_csv_tuning;
/* Where a processor lacks the level, the next lower one is taken. */
br_code br_csv_read_tuned(br_frame **out, const void *bytes, size_t n,
                          const br_csv_options *options, const br_csv_tuning *tuning,
                          br_err *err) BR_MUST_USE;

br_code br_csv_read_files_tuned(br_frame **out, const char *const *paths, size_t n,
                                const br_csv_options *options, const br_csv_tuning *tuning,
                                br_err *err) BR_MUST_USE;

/* A comma for 0. */
char br_csv_delimiter(char given);
/* False for what can't part fields: a quote, a line end, half of a UTF-8 character. */
bool br_csv_delimiter_ok(char delimiter);
/* Space or tab, unless that parts the fields. */
bool br_csv_is_blank(char c, char delimiter);

typedef struct br_csv_span { /* borrowed bytes */
  const char *bytes;
  size_t n;
  char delimiter;
} br_csv_span;

/* One line with its end (LF, CRLF or CR). */
typedef struct br_csv_line {
  size_t start;
  size_t len;
} br_csv_line;

typedef struct br_csv_lines {
  const br_csv_span *source;
  size_t next;   /* byte where the next line starts */
  size_t lf, cr; /* the first of each at or behind next; n when there is none */
} br_csv_lines;

void br_csv_lines_start(br_csv_lines *lines, const br_csv_span *source);
bool br_csv_lines_next(br_csv_lines *lines, br_csv_line *line);
/* Nothing but blanks in it. */
bool br_csv_line_is_blank(const br_csv_span *source, br_csv_line line);

/* The byte where field `field` (from 0) of the row at byte `row` begins, blanks skipped. All fields
 * before it must be well-formed. */
size_t br_csv_field_start(const br_csv_span *source, size_t row, size_t field);

/* What is wrong with the input and where: a byte of the span under reading. */
typedef enum br_csv_where { BR_CSV_AT_LINE, BR_CSV_AT_COLUMN } br_csv_where;
typedef struct br_csv_flaw {
  size_t byte;
  br_csv_where where;
  char message[BR_ERR_MSG_MAX];
} br_csv_flaw;
/* BR_EPARSE; err gets the bare message. */
br_code br_csv_flaw_set(br_csv_flaw *flaw, size_t byte, br_csv_where where, br_err *err,
                        const char *fmt, ...) BR_PRINTF(5, 6);

/* Line and column of a place in a text that comes in pieces. */
typedef struct br_csv_place {
  size_t line, column; /* from 1, as an editor shows them; columns in characters */
  bool after_cr;
} br_csv_place;
#define BR_CSV_PLACE_START                                                                         \
  {                                                                                                \
    1, 1, false                                                                                    \
  }
void br_csv_place_pass(br_csv_place *place, const char *bytes, size_t n);
/* At a byte that follows what has passed. */
void br_csv_place_settle(br_csv_place *place, char next);

/* The texts of a column one behind the other. Ownership: owns its arrays, ends in br_csv_cells_clear. */
typedef struct br_csv_cells {
  char *bytes;
  size_t nbytes, bytes_cap;
  size_t *ends; /* 2 × the end in bytes, + 1 for a null */
  size_t n, ends_cap;
} br_csv_cells;

typedef struct br_csv_cell {
  const char *text; /* NULL: a null */
  size_t n;
} br_csv_cell;

/* text NULL: a null. */
br_code br_csv_cells_add(br_csv_cells *cells, const char *text, size_t n, br_err *err) BR_MUST_USE;
br_csv_cell br_csv_cells_get(const br_csv_cells *cells, size_t row);
void br_csv_cells_clear(br_csv_cells *cells);

/* --- libcsv --- */

/* What libcsv makes of a span. Ownership: owns its arrays, ends in br_csv_strict_clear. */
typedef struct br_csv_strict {
  br_csv_cells *columns; /* of width `ncols`; a column that is not wanted stays empty */
  size_t ncols;
  size_t *starts; /* the byte of each row */
  size_t nrows, starts_cap;
} br_csv_strict;

typedef struct br_csv_strict_spec {
  br_csv_span source;
  size_t ncols;
  const bool *wanted; /* a flag a column; NULL: all */
  size_t limit;       /* rows; what follows them is not looked at */
  bool pad;
  bool names_given; /* for the words of an error */
} br_csv_strict_spec;

/* All rows. On BR_EPARSE flaw is set. out is to be cleared in any case. */
br_code br_csv_strict_rows(br_csv_strict *out, const br_csv_strict_spec *spec, br_csv_flaw *flaw,
                           br_err *err) BR_MUST_USE;
/* The first record as texts: each of the ncols columns gets one cell, its name. *next: the byte behind
 * it. No record: 0 columns. starts[0] is its byte. */
br_code br_csv_strict_header(br_csv_strict *out, const br_csv_span *source, size_t *next,
                             br_csv_flaw *flaw, br_err *err) BR_MUST_USE;
void br_csv_strict_clear(br_csv_strict *strict);

/* --- cells to values --- */

/* What the cells of a column can all be, as far as they have been seen. */
typedef enum br_csv_kind {
  BR_CSV_NULLS,
  BR_CSV_I64,
  BR_CSV_F64,
  BR_CSV_BOOL,
  BR_CSV_TIME,
  BR_CSV_TEXT,
} br_csv_kind;

typedef struct br_csv_value {
  double f64;
  int64_t i64; /* bool and time too */
} br_csv_value;

/* The kind of a cell beside those of kind `now`. */
typedef struct br_csv_facts {
  br_csv_kind kind;
  bool big;           /* an integer that a double does not hold */
  bool negative_zero; /* an integer that is -0 as a double */
} br_csv_facts;
/* *facts as they are with that cell, and its value as of the kind that they then have. A column of integers
 * becomes one of doubles only here, the earlier ones are the caller's to read again. */
void br_csv_meet(br_csv_facts *facts, const char *text, size_t n, bool timestamps,
                 br_csv_value *value);
/* False where the text does not read as the type. */
bool br_csv_value_as(br_type type, const char *text, size_t n, br_csv_value *value);

#endif
