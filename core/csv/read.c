/* CSV to frame. libcsv cuts the text into fields; they go into one br_csv_cells a column, and when
 * all rows are in, each column gets its type. The first record names the columns, unless the
 * options do.
 *
 * libcsv is fed a line at a time, because only so the reader knows where a row begins and whether a
 * line was blank (libcsv passes over those in silence). Its callbacks can't stop it: the first
 * error is kept in reader.code, later fields are ignored and the loop over lines ends. */
#include "csv/csv_internal.h"

#include "base/file.h"
#include "base/vec.h"
#include "frame/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_BUFFER = 4096 };

typedef struct reader {
  br_csv_source source;
  const br_csv_options *options;
  struct csv_parser parser;
  br_csv_cells *columns; /* owned */
  size_t ncols, columns_cap;
  bool has_columns; /* the header was read, or names were given */
  bool in_row;      /* a row has begun and not ended */
  size_t row_start; /* byte of the current row */
  size_t fields;    /* of the current row so far */
  bool surplus;     /* one of them has text and no column */
  size_t *starts;   /* owned; row_start of every row, kept only where a type was asked for */
  size_t nrows, starts_cap;
  br_code code;
  br_err *err;
} reader;

static void *resize(void *p, size_t size)
{
  return br_realloc(p, size, 1);
}

static br_code add_column(reader *r, const char *name, size_t n)
{
  BR_TRY(br_vec_reserve(&r->columns, &r->columns_cap, r->ncols + 1, r->err));
  br_csv_cells *cells = &r->columns[r->ncols];
  *cells = (br_csv_cells){.name = br_strndup(name, n)};
  if (!cells->name)
    return br_fail_nomem(r->err);
  r->ncols++;
  return BR_OK;
}

static void on_field(void *text, size_t n, void *context)
{
  reader *r = context;
  if (r->code != BR_OK)
    return;
  size_t field = r->fields++;
  if (!r->has_columns)
    r->code = add_column(r, text ? text : "", n);
  else if (field < r->ncols)
    r->code = br_csv_cells_add(&r->columns[field], text, n, r->err);
  else
    r->surplus = r->surplus || n > 0;
}

typedef struct place {
  const char *name;
  size_t column;
} place;

static int by_name(const void *a, const void *b)
{
  const place *x = a;
  const place *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : (x->column > y->column) - (x->column < y->column);
}

static br_code fail_duplicate(const reader *r, const place *first)
{
  char name[BR_SHOWN_MAX];
  size_t a = first[0].column + 1;
  size_t b = first[1].column + 1;
  br_shown(name, first->name, strlen(first->name));
  if (r->options->names)
    return br_fail(r->err, BR_EINVAL, "names %zu and %zu are both \"%s\"", a, b, name);
  return br_csv_fail(&r->source, r->row_start, BR_CSV_AT_LINE, r->err,
                     "columns %zu and %zu are both named \"%s\"", a, b, name);
}

/* Sorted, two columns of one name stand side by side: a hostile header of 100,000 names costs
 * little. */
static br_code check_names(const reader *r)
{
  br_code code = BR_OK;
  place *sorted = br_calloc(r->ncols, sizeof *sorted);
  if (!sorted)
    return br_fail_nomem(r->err);
  for (size_t i = 0; i < r->ncols; i++)
    sorted[i] = (place){.name = r->columns[i].name, .column = i};
  qsort(sorted, r->ncols, sizeof *sorted, by_name);
  for (size_t i = 0; i + 1 < r->ncols && code == BR_OK; i++)
    if (strcmp(sorted[i].name, sorted[i + 1].name) == 0)
      code = fail_duplicate(r, &sorted[i]);
  br_free(sorted);
  return code;
}

static br_code fail_ragged(const reader *r)
{
  return br_csv_fail(&r->source, r->row_start, BR_CSV_AT_LINE, r->err, "%zu field%s, %s %zu",
                     r->fields, r->fields == 1 ? "" : "s",
                     r->options->names ? "the names given are" : "the header has", r->ncols);
}

static br_code check_width(reader *r)
{
  bool pad = r->options->ragged == BR_CSV_RAGGED_PAD;
  if (r->fields != r->ncols && (!pad || r->surplus))
    return fail_ragged(r);
  for (size_t i = r->fields; i < r->ncols; i++)
    BR_TRY(br_csv_cells_add(&r->columns[i], NULL, 0, r->err));
  return BR_OK;
}

static br_code end_row(reader *r)
{
  if (!r->has_columns) {
    r->has_columns = true;
    return check_names(r);
  }
  BR_TRY(check_width(r));
  if (r->options->ntypes > 0) {
    BR_TRY(br_vec_reserve(&r->starts, &r->starts_cap, r->nrows + 1, r->err));
    r->starts[r->nrows] = r->row_start;
  }
  r->nrows++;
  return BR_OK;
}

static void on_row(int terminator, void *context)
{
  (void)terminator;
  reader *r = context;
  if (r->code == BR_OK)
    r->code = end_row(r);
  r->in_row = false;
}

static void begin_row(reader *r, size_t start)
{
  r->in_row = true;
  r->row_start = start;
  r->fields = 0;
  r->surplus = false;
}

/* Where the header has one column a blank line is a row: a null. Elsewhere it is nothing. */
static br_code blank_line(reader *r, size_t start)
{
  if (!r->has_columns || r->ncols != 1)
    return BR_OK;
  begin_row(r, start);
  on_field(NULL, 0, r);
  on_row(0, r);
  return r->code;
}

static br_code fail_syntax(reader *r, size_t byte)
{
  if (csv_error(&r->parser) != CSV_EPARSE)
    return br_fail_nomem(r->err);
  if (r->parser.quoted)
    return br_csv_fail(&r->source, byte, BR_CSV_AT_COLUMN, r->err, "text behind a closing quote");
  return br_csv_fail(&r->source, byte, BR_CSV_AT_COLUMN, r->err,
                     "a quote inside an unquoted field");
}

/* The block that libcsv grows its field buffer by is never less than the buffer: doubling, not
 * adding. */
static void size_buffer(reader *r, size_t line)
{
  size_t block = csv_get_buffer_size(&r->parser);
  block = block > line ? block : line;
  csv_set_blk_size(&r->parser, block > FIELD_BUFFER ? block : FIELD_BUFFER);
}

static br_code feed(reader *r, br_csv_line line)
{
  if (!r->in_row && br_csv_line_is_blank(&r->source, line))
    return blank_line(r, line.start);
  if (!r->in_row)
    begin_row(r, line.start);
  size_buffer(r, line.len);
  size_t done = csv_parse(&r->parser, r->source.bytes + line.start, line.len, on_field, on_row, r);
  if (r->code == BR_OK && done < line.len)
    r->code = fail_syntax(r, line.start + done);
  return r->code;
}

/* Ends the last row, if no line end did. */
static br_code finish(reader *r)
{
  if (csv_fini(&r->parser, on_field, on_row, r) != 0)
    return br_csv_fail(&r->source, br_csv_field_start(&r->source, r->row_start, r->fields),
                       BR_CSV_AT_COLUMN, r->err, "this quote is never closed");
  return r->code;
}

static br_code read_rows(reader *r)
{
  br_csv_lines lines;
  br_csv_line line;
  if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_EMPTY_IS_NULL) != 0)
    return br_fail(r->err, BR_ELIB, "libcsv does not start");
  csv_set_delim(&r->parser, (unsigned char)r->source.delimiter);
  csv_set_realloc_func(&r->parser, resize);
  csv_set_free_func(&r->parser, br_free);
  br_csv_lines_start(&lines, &r->source);
  br_code code = BR_OK;
  while (code == BR_OK && br_csv_lines_next(&lines, &line))
    code = feed(r, line);
  if (code == BR_OK)
    code = finish(r);
  csv_free(&r->parser);
  return code;
}

static br_code given_names(reader *r)
{
  const br_csv_options *o = r->options;
  if (!o->names)
    return BR_OK;
  r->has_columns = true;
  for (size_t i = 0; i < o->nnames; i++)
    BR_TRY(add_column(r, o->names[i], strlen(o->names[i])));
  return check_names(r);
}

static const br_csv_type *wanted_type(const br_csv_options *options, const char *column)
{
  for (size_t i = 0; i < options->ntypes; i++)
    if (strcmp(options->types[i].column, column) == 0)
      return &options->types[i];
  return NULL;
}

static br_code typed_column(const reader *r, br_column **out, const br_csv_cells *cells,
                            br_type type)
{
  br_csv_misfit misfit = {0};
  char text[BR_SHOWN_MAX];
  char name[BR_SHOWN_MAX];
  BR_TRY(br_csv_read_as(out, cells, type, &misfit, r->err));
  if (!misfit.text)
    return BR_OK;
  size_t byte = br_csv_field_start(&r->source, r->starts[misfit.row], (size_t)(cells - r->columns));
  return br_csv_fail(&r->source, byte, BR_CSV_AT_COLUMN, r->err,
                     "\"%s\" in column \"%s\" does not read as %s",
                     br_shown(text, misfit.text, misfit.n),
                     br_shown(name, cells->name, strlen(cells->name)), br_type_name(type));
}

static br_code make_column(const reader *r, br_column **out, const br_csv_cells *cells)
{
  const br_csv_type *wanted = wanted_type(r->options, cells->name);
  if (wanted)
    return typed_column(r, out, cells, wanted->type);
  if (r->options->all_strings)
    return typed_column(r, out, cells, BR_STR);
  return br_csv_infer(out, cells, r->err);
}

/* Each column's texts are freed as soon as it is typed: that bounds the peak of memory. */
static br_code fill_frame(reader *r, br_frame *frame)
{
  for (size_t i = 0; i < r->ncols; i++) {
    br_column *column = NULL;
    BR_TRY(make_column(r, &column, &r->columns[i]));
    br_code code = br_frame_set(frame, r->columns[i].name, column, r->err);
    br_column_release(column);
    BR_TRY(code);
    br_csv_cells_drop(&r->columns[i]);
  }
  return BR_OK;
}

static br_code read_frame(reader *r, br_frame **out)
{
  br_frame *frame = NULL;
  BR_TRY(given_names(r));
  BR_TRY(read_rows(r));
  BR_TRY(br_frame_new(&frame, r->err));
  br_code code = fill_frame(r, frame);
  if (code == BR_OK)
    *out = frame;
  else
    br_frame_free(frame);
  return code;
}

static void reader_clear(reader *r)
{
  for (size_t i = 0; i < r->ncols; i++)
    br_csv_cells_clear(&r->columns[i]);
  br_free(r->columns);
  br_free(r->starts);
}

static br_code check_source(br_csv_source *source, br_err *err)
{
  if (!br_csv_delimiter_ok(source->delimiter))
    return br_fail(err, BR_EINVAL, "a delimiter is one ASCII character, no quote and no line end");
  if (source->n >= 3 && memcmp(source->bytes, BR_CSV_BOM, 3) == 0)
    source->start = 3;
  const char *nul = memchr(source->bytes, '\0', source->n);
  if (nul)
    return br_csv_fail(source, (size_t)(nul - source->bytes), BR_CSV_AT_COLUMN, err,
                       "a NUL byte: no CSV, or not in UTF-8");
  return BR_OK;
}

br_code br_csv_read_bytes(br_frame **out, const char *label, const void *bytes, size_t n,
                          const br_csv_options *options, br_err *err)
{
  static const br_csv_options defaults;
  reader r = {.options = options ? options : &defaults, .err = err};
  r.source = (br_csv_source){.label = label,
                             .bytes = n ? bytes : "",
                             .n = n,
                             .delimiter = br_csv_delimiter(r.options->delimiter)};
  BR_TRY(check_source(&r.source, err));
  br_code code = read_frame(&r, out);
  reader_clear(&r);
  return code;
}

br_code br_csv_read_file(br_frame **out, const char *path, const br_csv_options *options,
                         br_err *err)
{
  br_str bytes = {0};
  br_code code = br_file_read(&bytes, path, err);
  if (code == BR_OK)
    code = br_csv_read_bytes(out, path, bytes.data, bytes.len, options, err);
  br_str_clear(&bytes);
  return code;
}
