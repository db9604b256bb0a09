/* One chunk into the stores, column by column; see reading.h. */
#include "csv/reading.h"

#include "base/vec.h"
#include "frame/text.h"

#include <math.h>
#include <string.h>

/* --- tokens --- */

static br_code tokenise_strictly(const br_csv_reading *r, br_csv_worker *w, size_t limit,
                                 br_csv_flaw *flaw, br_err *err)
{
  const br_csv_chunk *chunk = &w->chunk;
  br_csv_strict_spec spec = {
      .source = {chunk->text + chunk->begin, chunk->n - chunk->begin,
                 br_csv_delimiter(r->options->delimiter)},
      .ncols = r->ncols,
      .wanted = r->wanted,
      .limit = limit,
      .pad = r->options->ragged == BR_CSV_RAGGED_PAD,
      .names_given = r->options->names != NULL,
  };
  br_csv_strict_clear(&w->strict);
  w->is_plain = false;
  br_code code = br_csv_strict_rows(&w->strict, &spec, flaw, err);
  flaw->byte += chunk->begin;
  w->rows = w->strict.nrows;
  return code;
}

/* The bytes of the rows, with a line end behind the last. Among columns a blank line is no row. */
static size_t trim_chunk(const br_csv_reading *r, const br_csv_chunk *chunk)
{
  char *text = chunk->text + chunk->begin;
  size_t n = chunk->n - chunk->begin;
  while (r->ncols > 1 && n > 1 && text[n - 1] == '\n' && text[n - 2] == '\n')
    n--;
  if (n > 0 && text[n - 1] != '\n')
    text[n++] = '\n';
  return n;
}

static br_code even_out(const br_csv_reading *r, br_csv_worker *w, size_t n, br_err *err)
{
  br_csv_rows rows = {
      .text = w->chunk.text + w->chunk.begin,
      .nbytes = n,
      .ncols = r->ncols,
      .pad = r->options->ragged == BR_CSV_RAGGED_PAD,
      .delimiter = br_csv_delimiter(r->options->delimiter),
  };
  return br_csv_even_out(&w->slots, &w->index, &rows, err);
}

br_code br_csv_tokenise(const br_csv_reading *r, br_csv_worker *w, size_t limit, br_csv_flaw *flaw,
                        br_err *err)
{
  const br_csv_chunk *chunk = &w->chunk;
  const char *text = chunk->text + chunk->begin;
  size_t n = trim_chunk(r, chunk);
  if (r->strict_only || n >= UINT32_MAX - BR_CSV_MARGIN)
    return tokenise_strictly(r, w, limit, flaw, err);
  BR_TRY(br_vec_reserve(&w->index.ends, &w->index_cap, chunk->block_cap, err));
  r->ways.scan(&w->index, text, n, br_csv_delimiter(r->options->delimiter));
  w->slots.is_even = false;
  bool is_regular = br_csv_is_regular(&w->index, text, r->ncols);
  if (!is_regular)
    BR_TRY(even_out(r, w, n, err));
  if (!is_regular && !w->slots.is_even)
    return tokenise_strictly(r, w, limit, flaw, err);
  w->is_plain = true;
  w->rows = is_regular ? w->index.lines : w->slots.nrows;
  w->rows = w->rows < limit ? w->rows : limit;
  return BR_OK;
}

/* --- cells of either lane --- */

/* A column of the worker's chunk. */
typedef struct source {
  br_csv_worker *worker;
  br_csv_view view; /* where the chunk is plain */
  const br_csv_cells *cells;
  bool wide;
} source;

static const uint32_t *ends_of(const br_csv_worker *w)
{
  return w->slots.is_even ? w->slots.ends : w->index.ends;
}

static source source_of(const br_csv_reading *r, br_csv_worker *w, size_t field)
{
  if (!w->is_plain)
    return (source){.worker = w, .cells = &w->strict.columns[field]};
  return (source){
      .worker = w,
      .view = {.text = w->chunk.text + w->chunk.begin,
               .ends = ends_of(w),
               .stride = r->ncols + w->slots.is_even,
               .column = field,
               .quotes = w->index.quotes,
               .crs = w->index.crs && field + 1 == r->ncols,
               .delimiter = br_csv_delimiter(r->options->delimiter)},
      .wide = r->ways.wide_numbers,
  };
}

static br_code get_cell(const source *s, size_t row, br_csv_cell *cell, br_err *err)
{
  if (!s->cells)
    return br_csv_view_cell(&s->view, row, &s->worker->scratch, cell, err);
  *cell = br_csv_cells_get(s->cells, row);
  return BR_OK;
}

/* The byte of the chunk where the cell begins. */
static size_t cell_byte(const br_csv_reading *r, const source *s, size_t field, size_t row)
{
  const br_csv_chunk *chunk = &s->worker->chunk;
  br_csv_span span = {chunk->text + chunk->begin, chunk->n - chunk->begin,
                      br_csv_delimiter(r->options->delimiter)};
  if (!s->cells)
    return chunk->begin + br_csv_view_start(&s->view, row);
  return chunk->begin + br_csv_field_start(&span, s->worker->strict.starts[row], field);
}

/* --- into a store --- */

/* Where a part's cells go. */
typedef struct target {
  br_type type; /* of the store */
  void *cells;  /* of the chunk's first row; NULL: nowhere */
  br_csv_part *part;
  size_t rows;
} target;

static br_code add_null(target *t, size_t row, br_err *err)
{
  br_csv_part *part = t->part;
  if (!part->null_bits) {
    part->null_bits = br_calloc(t->rows / 8 + 1, 1);
    if (!part->null_bits)
      return br_fail_nomem(err);
  }
  part->null_bits[row / 8] |= (unsigned char)(1u << row % 8);
  part->nulls++;
  return BR_OK;
}

static void forget_nulls(target *t)
{
  if (t->part->null_bits)
    memset(t->part->null_bits, 0, t->rows / 8 + 1);
  t->part->nulls = 0;
}

static void put(const target *t, size_t row, br_csv_kind kind, const br_csv_value *value)
{
  if (!t->cells)
    return;
  if (t->type == BR_BOOL)
    ((unsigned char *)t->cells)[row] = value->i64 != 0;
  else if (kind == BR_CSV_F64)
    ((double *)t->cells)[row] = value->f64;
  else
    ((int64_t *)t->cells)[row] = value->i64;
}

static br_code put_null(target *t, size_t row, br_csv_kind kind, br_err *err)
{
  static const br_csv_value f64 = {.f64 = (double)NAN};
  static const br_csv_value other;
  BR_TRY(add_null(t, row, err));
  put(t, row, kind, kind == BR_CSV_F64 ? &f64 : &other);
  return BR_OK;
}

/* Runs of common numbers, the bulk of most files. */
static size_t take_run(const source *s, const target *t, size_t first, br_csv_kind kind)
{
  if (s->cells || !t->cells || t->type == BR_BOOL)
    return first;
  if (kind == BR_CSV_I64)
    return br_csv_take_i64(&s->view, first, t->rows, t->cells, s->wide);
  if (kind == BR_CSV_F64)
    return br_csv_take_f64(&s->view, first, t->rows, t->cells, s->wide);
  return first;
}

static bool fits(br_type store, br_csv_kind kind)
{
  return (store == BR_BOOL) == (kind == BR_CSV_BOOL) || kind == BR_CSV_NULLS;
}

/* Cells of another kind than those before: where the earlier ones are to be stored in another way, from
 * the first row again. */
static size_t turn(target *t, br_csv_kind before, size_t row)
{
  br_csv_kind now = t->part->facts.kind;
  if (!fits(t->type, now))
    t->cells = NULL;
  if (now != BR_CSV_F64 || before == BR_CSV_F64)
    return row;
  forget_nulls(t);
  return 0;
}

/* One cell that is no common number; *row becomes that of the next to read. */
static br_code infer_cell(const br_csv_reading *r, const source *s, target *t, size_t *row,
                          br_err *err)
{
  br_csv_facts *facts = &t->part->facts;
  br_csv_kind before = facts->kind;
  br_csv_value value = {0};
  br_csv_cell cell;
  BR_TRY(get_cell(s, *row, &cell, err));
  if (!cell.text)
    return put_null(t, (*row)++, before, err);
  br_csv_meet(facts, cell.text, cell.n, r->options->timestamps, &value);
  size_t next = facts->kind == before ? *row : turn(t, before, *row);
  if (next == *row)
    put(t, next++, facts->kind, &value);
  *row = next;
  return BR_OK;
}

static br_code infer(const br_csv_reading *r, const source *s, target *t, br_err *err)
{
  const br_csv_facts *facts = &t->part->facts;
  for (size_t row = 0; row < t->rows && facts->kind != BR_CSV_TEXT;) {
    row = take_run(s, t, row, facts->kind);
    if (row < t->rows)
      BR_TRY(infer_cell(r, s, t, &row, err));
  }
  t->part->saved = t->cells != NULL && facts->kind != BR_CSV_TEXT;
  return BR_OK;
}

/* The string before, which often comes again. */
typedef struct last_text {
  br_csv_cell cell; /* text NULL: none */
  uint32_t code;
} last_text;

static br_code code_of(const source *s, br_dict **dict, br_csv_cell cell, last_text *last,
                       br_err *err)
{
  const br_csv_cell *before = &last->cell;
  if (before->text && before->n == cell.n && memcmp(before->text, cell.text, cell.n) == 0)
    return BR_OK;
  BR_TRY(br_dict_intern(dict, cell.text, cell.n, &last->code, err));
  last->cell = cell;
  if (cell.text == s->worker->scratch.data)
    last->cell.text = NULL;
  return BR_OK;
}

static br_code read_text(const source *s, target *t, br_dict **dict, br_err *err)
{
  uint32_t *codes = t->cells;
  last_text last = {0};
  for (size_t row = 0; row < t->rows; row++) {
    br_csv_cell cell;
    BR_TRY(get_cell(s, row, &cell, err));
    if (cell.text)
      BR_TRY(code_of(s, dict, cell, &last, err));
    else
      BR_TRY(add_null(t, row, err));
    codes[row] = cell.text ? last.code : 0;
  }
  t->part->strings = (uint32_t)br_dict_len(*dict);
  t->part->saved = true;
  return BR_OK;
}

static br_csv_kind kind_of(br_type type)
{
  static const br_csv_kind kinds[] = {
      [BR_F64] = BR_CSV_F64,  [BR_I64] = BR_CSV_I64,        [BR_BOOL] = BR_CSV_BOOL,
      [BR_STR] = BR_CSV_TEXT, [BR_TIMESTAMP] = BR_CSV_TIME,
  };
  return kinds[type];
}

/* *misfit: the row of the first cell that does not read as the type; the rows where there is none. */
static br_code read_asked(const source *s, target *t, size_t *misfit, br_err *err)
{
  br_csv_kind kind = kind_of(t->type);
  t->part->facts.kind = kind;
  t->part->saved = true;
  for (*misfit = 0; *misfit < t->rows; ++*misfit) {
    br_csv_cell cell;
    br_csv_value value = {0};
    *misfit = take_run(s, t, *misfit, kind);
    if (*misfit == t->rows)
      break;
    BR_TRY(get_cell(s, *misfit, &cell, err));
    if (!cell.text)
      BR_TRY(put_null(t, *misfit, kind, err));
    else if (br_csv_value_as(t->type, cell.text, cell.n, &value))
      put(t, *misfit, kind, &value);
    else
      break;
  }
  return BR_OK;
}

static bool is_first(const br_csv_misfit *misfit, size_t store, size_t chunk)
{
  if (!misfit->is_set || store != misfit->store)
    return !misfit->is_set || store < misfit->store;
  return chunk < misfit->chunk;
}

static br_code note_misfit(br_csv_reading *r, const source *s, size_t number, size_t row,
                           br_err *err)
{
  const br_csv_store *store = &r->stores[number];
  const br_csv_chunk *chunk = &s->worker->chunk;
  char text[BR_SHOWN_MAX];
  char name[BR_SHOWN_MAX];
  br_csv_misfit found = {.is_set = true, .store = number, .chunk = chunk->number};
  br_csv_cell cell;
  BR_TRY(get_cell(s, row, &cell, err));
  size_t byte = cell_byte(r, s, store->field, row);
  (void)br_csv_flaw_set(
      &found.flaw, byte, BR_CSV_AT_COLUMN, NULL, "\"%s\" in column \"%s\" does not read as %s",
      br_shown(text, cell.text, cell.n), br_shown(name, store->name, strlen(store->name)),
      br_type_name(store->type));
  found.place = br_csv_chunk_place(chunk, byte);
  (void)pthread_mutex_lock(&r->notes);
  if (is_first(&r->misfit, number, chunk->number))
    r->misfit = found;
  (void)pthread_mutex_unlock(&r->notes);
  return BR_OK;
}

/* --- the file column --- */

static size_t row_byte(const br_csv_worker *w, size_t ncols, size_t row)
{
  size_t stride = ncols + w->slots.is_even;
  size_t start = w->is_plain ? ends_of(w)[row * stride] + 1U : w->strict.starts[row];
  return w->chunk.begin + start;
}

static void fill_files(const br_csv_reading *r, const br_csv_worker *w, target *t)
{
  uint32_t *codes = t->cells;
  const br_csv_segment *segment = w->chunk.segments;
  const br_csv_segment *end = segment + w->chunk.nsegments;
  for (size_t row = 0; row < t->rows; row++) {
    while (segment + 1 < end && segment[1].start <= row_byte(w, r->ncols, row))
      segment++;
    codes[row] = r->file_codes[segment->file];
  }
  t->part->saved = true;
}

/* --- all columns --- */

static br_code parse_store(br_csv_reading *r, br_csv_worker *w, br_csv_record *record,
                           size_t number, br_err *err)
{
  const br_csv_store *store = &r->stores[number];
  target t = {.type = store->type, .part = &record->parts[number], .rows = record->rows};
  t.cells = (char *)store->cells + record->first * br_csv_cell_size(store->type);
  if (store->field == BR_CSV_FILE_FIELD) {
    fill_files(r, w, &t);
    return BR_OK;
  }
  source s = source_of(r, w, store->field);
  size_t misfit = t.rows;
  if (store->type == BR_STR && !w->dicts[number])
    BR_TRY(br_dict_new(&w->dicts[number], err));
  if (store->type == BR_STR)
    return read_text(&s, &t, &w->dicts[number], err);
  if (!store->is_asked)
    return infer(r, &s, &t, err);
  BR_TRY(read_asked(&s, &t, &misfit, err));
  return misfit < t.rows ? note_misfit(r, &s, number, misfit, err) : BR_OK;
}

br_code br_csv_parse(br_csv_reading *r, br_csv_worker *w, br_csv_record *record, br_err *err)
{
  for (size_t i = 0; i < r->nstores; i++)
    BR_TRY(parse_store(r, w, record, i, err));
  return BR_OK;
}

/* --- the guess --- */

enum { GUESS_ROWS = 1000 };

/* As cells of what type a column of that kind is stored. */
static br_type stored_as(br_csv_kind kind)
{
  if (kind == BR_CSV_TEXT)
    return BR_STR;
  return kind == BR_CSV_BOOL ? BR_BOOL : BR_I64;
}

br_code br_csv_guess(const br_csv_reading *r, br_csv_worker *w, br_err *err)
{
  for (size_t i = 0; i < r->nstores; i++) {
    br_csv_store *store = &r->stores[i];
    if (store->is_asked || store->field == BR_CSV_FILE_FIELD)
      continue;
    br_csv_part part = {0};
    target t = {.type = BR_I64, .part = &part, .rows = w->rows};
    t.rows = t.rows < GUESS_ROWS ? t.rows : GUESS_ROWS;
    source s = source_of(r, w, store->field);
    br_code code = infer(r, &s, &t, err);
    br_free(part.null_bits);
    if (code != BR_OK)
      return code;
    store->type = stored_as(part.facts.kind);
  }
  return BR_OK;
}
