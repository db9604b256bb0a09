/* Private to core/csv: the bytes under parsing, and the cells of a column before it has a type.
 *
 * Ownership: a br_csv_cells owns all it points to and ends in br_csv_cells_clear; a br_csv_source
 * borrows. Zero-initialise both. */
#ifndef BR_CSV_INTERNAL_H
#define BR_CSV_INTERNAL_H

#include "csv/csv.h"

#define BR_CSV_BOM "\xEF\xBB\xBF"

typedef struct br_csv_source {
  const char *label; /* stands before every message */
  const char *bytes;
  size_t n;
  size_t start; /* of the text: behind the BOM */
  char delimiter;
} br_csv_source;

/* A comma for 0. */
char br_csv_delimiter(char given);
/* False for what can't part fields: a quote, a line end, half of a UTF-8 character. */
bool br_csv_delimiter_ok(char delimiter);
/* Space or tab, unless that parts the fields. */
bool br_csv_is_blank(char c, char delimiter);

/* One line of the file with its end (LF, CRLF or CR). */
typedef struct br_csv_line {
  size_t start;
  size_t len;
} br_csv_line;

typedef struct br_csv_lines {
  const br_csv_source *source;
  size_t next;   /* byte where the next line starts */
  size_t lf, cr; /* the first of each at or behind next; n when there is none */
} br_csv_lines;

void br_csv_lines_start(br_csv_lines *lines, const br_csv_source *source);
bool br_csv_lines_next(br_csv_lines *lines, br_csv_line *line);
/* Nothing but blanks in it. */
bool br_csv_line_is_blank(const br_csv_source *source, br_csv_line line);

/* The byte where field `field` (from 0) of the row at byte `row` begins, blanks skipped. All fields
 * before it must be well-formed. */
size_t br_csv_field_start(const br_csv_source *source, size_t row, size_t field);

/* BR_EPARSE "label:line: message (byte N)", or with AT_COLUMN "label:line:column: …". */
typedef enum br_csv_where { BR_CSV_AT_LINE, BR_CSV_AT_COLUMN } br_csv_where;
br_code br_csv_fail(const br_csv_source *source, size_t byte, br_csv_where where, br_err *err,
                    const char *fmt, ...) BR_PRINTF(5, 6);

/* The texts of a column one behind the other, with their lengths. */
#define BR_CSV_NULL_CELL UINT32_MAX
typedef struct br_csv_cells {
  char *name;
  char *bytes;
  size_t nbytes, bytes_cap;
  uint32_t *lens; /* BR_CSV_NULL_CELL for a null */
  size_t n, lens_cap;
} br_csv_cells;

/* text NULL: a null. BR_ERANGE for a text of 4 GiB and more. */
br_code br_csv_cells_add(br_csv_cells *cells, const char *text, size_t n, br_err *err) BR_MUST_USE;
/* Ends the texts; the name stays. */
void br_csv_cells_drop(br_csv_cells *cells);
void br_csv_cells_clear(br_csv_cells *cells);

/* A cell that does not read as the wanted type. */
typedef struct br_csv_misfit {
  size_t row;
  const char *text; /* borrowed from the cells; NULL while all fit */
  size_t n;
} br_csv_misfit;

/* The cells as a column of the first type that they all fit; see csv.h. */
br_code br_csv_infer(br_column **out, const br_csv_cells *cells, br_err *err) BR_MUST_USE;
/* The cells as a column of that type. On a misfit BR_OK, *out is untouched and *misfit says which.
 */
br_code br_csv_read_as(br_column **out, const br_csv_cells *cells, br_type type,
                       br_csv_misfit *misfit, br_err *err) BR_MUST_USE;

#endif
