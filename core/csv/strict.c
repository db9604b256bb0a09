/* The strict lane: libcsv cuts a span into fields, which go into one br_csv_cells a column.
 *
 * libcsv is fed a line at a time, because only so the reader knows where a row begins and whether a
 * line was blank (libcsv passes over those in silence). Its callbacks can't stop it: the first
 * error is kept in reader.code, later fields are ignored and the loop over lines ends. */
#include "csv/csv_internal.h"

#include "base/vec.h"

#include <csv.h>
#include <string.h>

enum { FIELD_BUFFER = 4096 };

typedef struct reader {
  const br_csv_strict_spec *spec;
  br_csv_strict *out;
  struct csv_parser parser;
  size_t columns_cap; /* of out->columns, while a header is read */
  bool is_header;
  bool in_row;      /* a row has begun and not ended */
  bool done;        /* the header or the limit is reached */
  size_t row_start; /* byte of the current row */
  size_t fields;    /* of the current row so far */
  bool surplus;     /* one of them has text and no column */
  br_csv_flaw *flaw;
  br_code code;
  br_err *err;
} reader;

static void *resize(void *p, size_t size)
{
  return br_realloc(p, size, 1);
}

static br_code add_name(reader *r, const char *name, size_t n)
{
  br_csv_strict *out = r->out;
  BR_TRY(br_vec_reserve(&out->columns, &r->columns_cap, out->ncols + 1, r->err));
  out->columns[out->ncols] = (br_csv_cells){0};
  return br_csv_cells_add(&out->columns[out->ncols++], name, n, r->err);
}

static bool is_wanted(const reader *r, size_t field)
{
  return !r->spec->wanted || r->spec->wanted[field];
}

static void on_field(void *text, size_t n, void *context)
{
  reader *r = context;
  if (r->code != BR_OK)
    return;
  size_t field = r->fields++;
  if (r->is_header)
    r->code = add_name(r, text ? text : "", n);
  else if (field >= r->out->ncols)
    r->surplus = r->surplus || n > 0;
  else if (is_wanted(r, field))
    r->code = br_csv_cells_add(&r->out->columns[field], text, n, r->err);
}

static br_code fail_ragged(const reader *r)
{
  return br_csv_flaw_set(r->flaw, r->row_start, BR_CSV_AT_LINE, r->err, "%zu field%s, %s %zu",
                         r->fields, r->fields == 1 ? "" : "s",
                         r->spec->names_given ? "the names given are" : "the header has",
                         r->out->ncols);
}

static br_code check_width(reader *r)
{
  size_t ncols = r->out->ncols;
  if (r->fields != ncols && (!r->spec->pad || r->surplus))
    return fail_ragged(r);
  for (size_t i = r->fields; i < ncols; i++)
    if (is_wanted(r, i))
      BR_TRY(br_csv_cells_add(&r->out->columns[i], NULL, 0, r->err));
  return BR_OK;
}

static br_code end_row(reader *r)
{
  br_csv_strict *out = r->out;
  if (!r->is_header)
    BR_TRY(check_width(r));
  BR_TRY(br_vec_reserve(&out->starts, &out->starts_cap, out->nrows + 1, r->err));
  out->starts[out->nrows++] = r->row_start;
  r->done = r->is_header || out->nrows >= r->spec->limit;
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

/* Where there is one column a blank line is a row: a null. Elsewhere it is nothing. */
static br_code blank_line(reader *r, size_t start)
{
  if (r->is_header || r->out->ncols != 1)
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
  return br_csv_flaw_set(r->flaw, byte, BR_CSV_AT_COLUMN, r->err,
                         r->parser.quoted ? "text behind a closing quote"
                                          : "a quote inside an unquoted field");
}

/* The block that libcsv grows its field buffer by is never less than the buffer: doubling, not
 * adding. */
static void size_buffer(reader *r, size_t line)
{
  size_t block = csv_get_buffer_size(&r->parser);
  block = block > line ? block : line;
  csv_set_blk_size(&r->parser, block > FIELD_BUFFER ? block : FIELD_BUFFER);
}

static br_code check_nul(reader *r, br_csv_line line)
{
  const char *bytes = r->spec->source.bytes;
  const char *nul = memchr(bytes + line.start, '\0', line.len);
  if (!nul)
    return BR_OK;
  return br_csv_flaw_set(r->flaw, (size_t)(nul - bytes), BR_CSV_AT_COLUMN, r->err,
                         "a NUL byte: no CSV, or not in UTF-8");
}

static br_code feed(reader *r, br_csv_line line)
{
  const br_csv_span *source = &r->spec->source;
  BR_TRY(check_nul(r, line));
  if (!r->in_row && br_csv_line_is_blank(source, line))
    return blank_line(r, line.start);
  if (!r->in_row)
    begin_row(r, line.start);
  size_buffer(r, line.len);
  size_t done = csv_parse(&r->parser, source->bytes + line.start, line.len, on_field, on_row, r);
  if (r->code == BR_OK && done < line.len)
    r->code = fail_syntax(r, line.start + done);
  return r->code;
}

/* Ends the last row, if no line end did. */
static br_code finish(reader *r)
{
  if (csv_fini(&r->parser, on_field, on_row, r) == 0)
    return r->code;
  return br_csv_flaw_set(r->flaw, br_csv_field_start(&r->spec->source, r->row_start, r->fields),
                         BR_CSV_AT_COLUMN, r->err, "this quote is never closed");
}

/* *next: the byte behind the last line that was read. */
static br_code read_lines(reader *r, size_t *next)
{
  br_csv_lines lines;
  br_csv_line line;
  if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_EMPTY_IS_NULL) != 0)
    return br_fail(r->err, BR_ELIB, "libcsv does not start");
  csv_set_delim(&r->parser, (unsigned char)r->spec->source.delimiter);
  csv_set_realloc_func(&r->parser, resize);
  csv_set_free_func(&r->parser, br_free);
  br_csv_lines_start(&lines, &r->spec->source);
  br_code code = BR_OK;
  while (code == BR_OK && !r->done && br_csv_lines_next(&lines, &line))
    code = feed(r, line);
  *next = lines.next;
  if (code == BR_OK && !r->done)
    code = finish(r);
  csv_free(&r->parser);
  return code;
}

br_code br_csv_strict_rows(br_csv_strict *out, const br_csv_strict_spec *spec, br_csv_flaw *flaw,
                           br_err *err)
{
  reader r = {.spec = spec, .out = out, .done = spec->limit == 0, .flaw = flaw, .err = err};
  size_t next = 0;
  out->columns = br_calloc(spec->ncols, sizeof *out->columns);
  if (!out->columns)
    return br_fail_nomem(err);
  out->ncols = spec->ncols;
  return read_lines(&r, &next);
}

br_code br_csv_strict_header(br_csv_strict *out, const br_csv_span *source, size_t *next,
                             br_csv_flaw *flaw, br_err *err)
{
  br_csv_strict_spec spec = {.source = *source};
  reader r = {.spec = &spec, .out = out, .is_header = true, .flaw = flaw, .err = err};
  return read_lines(&r, next);
}

void br_csv_strict_clear(br_csv_strict *strict)
{
  for (size_t i = 0; i < strict->ncols && strict->columns; i++)
    br_csv_cells_clear(&strict->columns[i]);
  br_free(strict->columns);
  br_free(strict->starts);
  *strict = (br_csv_strict){0};
}
