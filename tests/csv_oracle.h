/* Shared by tests and fuzzers: the CSV reader as plainly as it can be written. libcsv cuts the whole text,
 * then each column tries i64, f64, bool, timestamp, string over all its cells. What br_csv_read_bytes
 * gives must be the same. */
#ifndef TESTS_CSV_ORACLE_H
#define TESTS_CSV_ORACLE_H

#include "csv/csv_internal.h"
#include "frame/text.h"
#include "frame/timestamp.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct oracle {
  br_csv_span all;
  size_t start; /* behind a BOM */
  const char *label;
  const br_csv_options *options;
  br_csv_strict header, rows;
  size_t rows_at; /* byte of the text */
  br_err *err;
} oracle;

static inline void oracle_fail(oracle *o, size_t byte, br_csv_where where, const char *message)
{
  br_csv_place place = BR_CSV_PLACE_START;
  br_csv_place_pass(&place, o->all.bytes + o->start, byte - o->start);
  br_csv_place_settle(&place, byte < o->all.n ? o->all.bytes[byte] : '\0');
  if (where == BR_CSV_AT_LINE)
    (void)br_fail(o->err, BR_EPARSE, "%s:%zu: %s (byte %zu)", o->label, place.line, message, byte);
  else
    (void)br_fail(o->err, BR_EPARSE, "%s:%zu:%zu: %s (byte %zu)", o->label, place.line,
                  place.column, message, byte);
}

static inline const char *oracle_strip(const char *text, size_t *n)
{
  while (*n && (*text == ' ' || *text == '\t'))
    text++, --*n;
  while (*n && (text[*n - 1] == ' ' || text[*n - 1] == '\t'))
    --*n;
  if (*n && (*text == '+' || *text == '-'))
    text++, --*n;
  return text;
}

static inline bool oracle_keeps(const char *text, size_t n, br_type type)
{
  double value = 0;
  int64_t integer = 0;
  bool parses = br_parse_f64(text, n, &value);
  text = oracle_strip(text, &n);
  if (n > 1 && text[0] == '0' && isdigit((unsigned char)text[1]))
    return false;
  if (type == BR_I64)
    return true;
  size_t digits = 0;
  while (digits < n && isdigit((unsigned char)text[digits]))
    digits++;
  if (digits == n && n > 15 && (!br_parse_i64(text, n, &integer) || integer > (INT64_C(1) << 53)))
    return false;
  return !parses || !isinf(value) || (n && !isdigit((unsigned char)*text) && *text != '.');
}

static inline bool oracle_push(br_column *to, br_csv_cell cell, bool inferred)
{
  br_type type = br_column_type(to);
  double f64 = 0;
  int64_t i64 = 0;
  bool yes = false;
  br_code code = BR_OK;
  bool fits =
      !inferred || (type != BR_I64 && type != BR_F64) || oracle_keeps(cell.text, cell.n, type);
  if (type == BR_STR)
    code = br_column_push_str(to, cell.text, cell.n, NULL);
  else if (type == BR_F64 && (fits = fits && br_parse_f64(cell.text, cell.n, &f64)))
    code = br_column_push_f64(to, f64, NULL);
  else if (type == BR_I64 && (fits = fits && br_parse_i64(cell.text, cell.n, &i64)))
    code = br_column_push_i64(to, i64, NULL);
  else if (type == BR_BOOL && (fits = br_parse_bool(cell.text, cell.n, &yes)))
    code = br_column_push_bool(to, yes, NULL);
  else if (type == BR_TIMESTAMP && (fits = br_parse_timestamp(cell.text, cell.n, &i64)))
    code = br_column_push_i64(to, i64, NULL);
  if (code != BR_OK)
    abort();
  return fits;
}

/* NULL where a cell does not fit: *misfit is its row. */
static inline br_column *oracle_column(const br_csv_cells *cells, br_type type, bool inferred,
                                       size_t *misfit)
{
  br_column *column = NULL;
  if (br_column_new(&column, type, NULL) != BR_OK)
    abort();
  for (size_t row = 0; row < cells->n; row++) {
    br_csv_cell cell = br_csv_cells_get(cells, row);
    bool fits = true;
    if (cell.text)
      fits = oracle_push(column, cell, inferred);
    else if (br_column_push_null(column, NULL) != BR_OK)
      abort();
    if (!fits) {
      *misfit = row;
      br_column_release(column);
      return NULL;
    }
  }
  return column;
}

static inline br_column *oracle_infer(const oracle *o, const br_csv_cells *cells)
{
  static const br_type types[] = {BR_I64, BR_F64, BR_BOOL, BR_TIMESTAMP, BR_STR};
  size_t nulls = 0;
  size_t misfit = 0;
  br_column *column = NULL;
  for (size_t row = 0; row < cells->n; row++)
    nulls += br_csv_cells_get(cells, row).text == NULL;
  for (size_t i = nulls == cells->n ? 4 : 0; i < 5 && !column; i++)
    if (types[i] != BR_TIMESTAMP || o->options->timestamps)
      column = oracle_column(cells, types[i], true, &misfit);
  return column;
}

static inline br_column *oracle_typed(oracle *o, size_t c, const char *name, br_type type)
{
  const br_csv_cells *cells = &o->rows.columns[c];
  size_t row = 0;
  br_column *column = oracle_column(cells, type, false, &row);
  if (column)
    return column;
  char text[BR_SHOWN_MAX], shown[BR_SHOWN_MAX], message[BR_ERR_MSG_MAX];
  br_csv_span rest = {o->all.bytes + o->rows_at, o->all.n - o->rows_at, o->all.delimiter};
  br_csv_cell cell = br_csv_cells_get(cells, row);
  (void)snprintf(message, sizeof message, "\"%s\" in column \"%s\" does not read as %s",
                 br_shown(text, cell.text, cell.n), br_shown(shown, name, strlen(name)),
                 br_type_name(type));
  oracle_fail(o, o->rows_at + br_csv_field_start(&rest, o->rows.starts[row], c), BR_CSV_AT_COLUMN,
              message);
  return NULL;
}

static inline br_column *oracle_make(oracle *o, size_t c, const char *name)
{
  for (size_t i = 0; i < o->options->ntypes; i++)
    if (strcmp(o->options->types[i].column, name) == 0)
      return oracle_typed(o, c, name, o->options->types[i].type);
  if (o->options->all_strings)
    return oracle_typed(o, c, name, BR_STR);
  return oracle_infer(o, &o->rows.columns[c]);
}

static inline char *oracle_name(const oracle *o, size_t c)
{
  if (o->options->names)
    return br_strndup(o->options->names[c], strlen(o->options->names[c]));
  br_csv_cell cell = br_csv_cells_get(&o->header.columns[c], 0);
  return br_strndup(cell.text, cell.n);
}

static inline int oracle_order(br_csv_cell x, br_csv_cell y)
{
  int order = memcmp(x.text, y.text, x.n < y.n ? x.n : y.n);
  return order ? order : (x.n > y.n) - (x.n < y.n);
}

/* Of all names that occur twice the first by byte, with its first two columns. */
static inline br_code oracle_duplicates(oracle *o, size_t ncols)
{
  char message[BR_ERR_MSG_MAX];
  char shown[BR_SHOWN_MAX];
  br_csv_cell found = {0};
  size_t first = 0;
  size_t second = 0;
  for (size_t a = 0; a < ncols; a++) {
    br_csv_cell x = br_csv_cells_get(&o->header.columns[a], 0);
    size_t b = a + 1;
    while (b < ncols && oracle_order(x, br_csv_cells_get(&o->header.columns[b], 0)) != 0)
      b++;
    if (b == ncols || (found.text && oracle_order(x, found) >= 0))
      continue;
    found = x;
    first = a + 1;
    second = b + 1;
  }
  if (!found.text)
    return BR_OK;
  (void)snprintf(message, sizeof message, "columns %zu and %zu are both named \"%s\"", first,
                 second, br_shown(shown, found.text, found.n));
  oracle_fail(o, o->start + o->header.starts[0], BR_CSV_AT_LINE, message);
  return BR_EEXIST;
}

static inline br_code oracle_tokens(oracle *o, size_t *ncols)
{
  br_csv_flaw flaw;
  br_csv_span rest = {o->all.bytes + o->start, o->all.n - o->start, o->all.delimiter};
  size_t next = 0;
  *ncols = o->options->nnames;
  if (!o->options->names) {
    if (br_csv_strict_header(&o->header, &rest, &next, &flaw, o->err) != BR_OK) {
      oracle_fail(o, o->start + flaw.byte, flaw.where, flaw.message);
      return BR_EPARSE;
    }
    *ncols = o->header.ncols;
  }
  o->rows_at = o->start + next;
  if (!o->options->names && oracle_duplicates(o, *ncols) != BR_OK)
    return BR_EPARSE;
  br_csv_strict_spec spec = {
      .source = {o->all.bytes + o->rows_at, o->all.n - o->rows_at, o->all.delimiter},
      .ncols = *ncols,
      .limit = o->options->limited ? o->options->limit : SIZE_MAX,
      .pad = o->options->ragged == BR_CSV_RAGGED_PAD,
      .names_given = o->options->names != NULL};
  if (*ncols == 0)
    return BR_OK;
  br_code code = br_csv_strict_rows(&o->rows, &spec, &flaw, o->err);
  if (code != BR_OK)
    oracle_fail(o, o->rows_at + flaw.byte, flaw.where, flaw.message);
  return code;
}

/* What br_csv_read_bytes is to give; options.select and file_column are not looked at. Names given must
 * differ, memory must not be out. */
static inline br_code oracle_read(br_frame **out, const char *label, const void *bytes, size_t n,
                                  const br_csv_options *options, br_err *err)
{
  oracle o = {.all = {n ? bytes : "", n, br_csv_delimiter(options->delimiter)},
              .label = label,
              .options = options,
              .err = err};
  o.start = n >= 3 && memcmp(bytes, BR_CSV_BOM, 3) == 0 ? 3 : 0;
  size_t ncols = 0;
  br_frame *frame = NULL;
  br_code code = oracle_tokens(&o, &ncols);
  if (br_frame_new(&frame, NULL) != BR_OK)
    abort();
  for (size_t c = 0; c < ncols && code == BR_OK; c++) {
    char *name = oracle_name(&o, c);
    br_column *column = oracle_make(&o, c, name);
    code = column ? br_frame_set(frame, name, column, NULL) : BR_EPARSE;
    br_column_release(column);
    br_free(name);
  }
  br_csv_strict_clear(&o.header);
  br_csv_strict_clear(&o.rows);
  if (code == BR_OK)
    *out = frame;
  else
    br_frame_free(frame);
  return code;
}

#endif
