/* Long to wide; see group.h.
 *
 * Rows are numbered by index (a row of the result each) and by `columns` (a column each); the two numbers
 * together give a cell. The values are reduced once a cell, into one column of cells; each column of the
 * result is then taken from it. */
#include "frame/group_internal.h"
#include "frame/rows.h"

#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/frame_internal.h"
#include "frame/text.h"

#include <string.h>

struct pivot {
  const br_pivot *spec;
  br_column **keys;  /* the index columns, then the one that gives names; owned array */
  br_column *values; /* borrowed */
  br_ids rows;       /* of the result */
  br_ids columns;
  br_ids cells;        /* of the result; some may have no row */
  uint32_t *first_row; /* of each of rows, of columns, of cells (BR_NO_ROW: none) */
  uint32_t *first_column;
  uint32_t *first_cell;
  br_column *reduced; /* a row a cell; one reference */
  uint32_t *where;    /* column by column, the cell of each result row, or BR_NO_ROW */
};

static void clear(struct pivot *p)
{
  br_free(p->keys);
  br_ids_clear(&p->rows);
  br_ids_clear(&p->columns);
  br_ids_clear(&p->cells);
  br_free(p->first_row);
  br_free(p->first_column);
  br_free(p->first_cell);
  br_column_release(p->reduced);
  br_free(p->where);
}

static br_code pick(struct pivot *p, const br_frame *frame, br_err *err)
{
  size_t at = 0;
  size_t n = p->spec->nindex;
  const char **names = br_calloc(n + 1, sizeof *names);
  if (!names)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++)
    names[i] = p->spec->index[i];
  names[n] = p->spec->columns;
  br_code code = br_frame_pick(&p->keys, frame, names, n + 1, err);
  br_free(names);
  BR_TRY(code);
  BR_TRY(br_frame_find(frame, p->spec->values, &at, err));
  p->values = br_frame_column(frame, at);
  return BR_OK;
}

static br_code list_first(uint32_t **first, const br_ids *ids, br_err *err)
{
  *first = br_chunk_alloc(ids->count * sizeof **first);
  if (!*first)
    return br_fail_nomem(err);
  br_ids_first(*first, ids);
  return BR_OK;
}

/* Cells numbered as they would lie in a table of all combinations. */

static br_code number_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct pivot *p = context;
  uint32_t *cell = p->cells.owned;
  uint32_t columns = (uint32_t)p->columns.count;
  br_span span = br_chunk_span(task, p->cells.n, br_chunk_rows());
  for (size_t row = span.first; row < span.end; row++)
    cell[row] = p->rows.id[row] * columns + p->columns.id[row];
  return BR_OK;
}

/* A first row of each cell, whichever is there. */
static void list_first_cells(struct pivot *p)
{
  memset(p->first_cell, 0xff, p->cells.count * sizeof *p->first_cell);
  for (size_t row = p->cells.n; row-- > 0;)
    p->first_cell[p->cells.id[row]] = (uint32_t)row;
}

static br_code number_in_table(struct pivot *p, br_err *err)
{
  br_ids *cells = &p->cells;
  cells->n = p->rows.n;
  cells->count = p->rows.count * p->columns.count;
  cells->owned = br_chunk_alloc(cells->n * sizeof *cells->owned);
  p->first_cell = br_chunk_alloc(cells->count * sizeof *p->first_cell);
  if (!cells->owned || !p->first_cell)
    return br_fail_nomem(err);
  cells->id = cells->owned;
  BR_TRY(br_chunk_run(cells->n, br_chunk_rows(), number_task, p, err));
  list_first_cells(p);
  return BR_OK;
}

/* Where most combinations occur, cells need no looking up. */
static br_code number_cells(struct pivot *p, br_err *err)
{
  size_t size = p->rows.count * p->columns.count;
  if (size <= 2 * p->rows.n && size < BR_NO_ROW)
    return number_in_table(p, err);
  BR_TRY(br_ids_pair(&p->cells, &p->rows, &p->columns, err));
  return list_first(&p->first_cell, &p->cells, err);
}

static br_code group(struct pivot *p, size_t nrow, br_err *err)
{
  size_t n = p->spec->nindex;
  br_keys index = {p->keys, nrow};
  br_keys names = {p->keys + n, nrow};
  BR_TRY(br_ids_make(&p->rows, &index, NULL, n, err));
  BR_TRY(br_ids_make(&p->columns, &names, NULL, 1, err));
  double size = (double)p->rows.count * (double)p->columns.count;
  BR_TRY(br_chunk_check_memory("the pivot", p->rows.count, size * (sizeof(uint32_t) + 8), err));
  BR_TRY(list_first(&p->first_row, &p->rows, err));
  BR_TRY(list_first(&p->first_column, &p->columns, err));
  return number_cells(p, err);
}

static br_code reduce(struct pivot *p, br_err *err)
{
  const br_pivot *spec = p->spec;
  br_values values = {0};
  br_aggregate aggregate = {spec->values, NULL, spec->reduce, spec->context, spec->kind};
  br_code code = br_ids_reduce(&p->reduced, &p->cells, p->values, &aggregate, &values, err);
  br_values_clear(&values);
  return code;
}

static br_code find_cells(struct pivot *p, br_err *err)
{
  size_t rows = p->rows.count;
  size_t size = rows * p->columns.count;
  p->where = br_chunk_alloc(size * sizeof *p->where);
  if (!p->where)
    return br_fail_nomem(err);
  memset(p->where, 0xff, size * sizeof *p->where);
  for (size_t i = 0; i < p->cells.count; i++) {
    uint32_t row = p->first_cell[i];
    if (row != BR_NO_ROW)
      p->where[p->columns.id[row] * rows + p->rows.id[row]] = (uint32_t)i;
  }
  return BR_OK;
}

static br_code add_index(br_frame *to, const struct pivot *p, br_err *err)
{
  br_rows first = {p->first_row, p->rows.count};
  for (size_t i = 0; i < p->spec->nindex; i++) {
    br_column *column = NULL;
    BR_TRY(br_rows_take_column(&column, p->keys[i], first, err));
    br_code code = br_frame_add(to, p->spec->index[i], column, err);
    br_column_release(column);
    BR_TRY(code);
  }
  return BR_OK;
}

/* The name of result column k; buffer holds it where it is a number's text. */
static br_code name_column(const char **name, char buffer[BR_DOUBLE_TEXT_MAX],
                           const struct pivot *p, size_t k, br_err *err)
{
  const br_column *names = p->keys[p->spec->nindex];
  size_t row = p->first_column[k];
  size_t len = 0;
  if (br_column_is_null(names, row)) {
    *name = "null";
    return BR_OK;
  }
  const char *text = br_column_text(buffer, names, row, &len);
  if (memchr(text, '\0', len)) {
    char shown[BR_SHOWN_MAX];
    return br_fail(err, BR_EPARSE, "'%s' holds a NUL and can't name a column",
                   br_shown(shown, text, len));
  }
  *name = text;
  return BR_OK;
}

static br_code add_column(br_frame *to, const struct pivot *p, size_t k, br_err *err)
{
  char buffer[BR_DOUBLE_TEXT_MAX];
  const char *name = NULL;
  br_column *column = NULL;
  BR_TRY(name_column(&name, buffer, p, k, err));
  br_rows cells = {p->where + k * p->rows.count, p->rows.count};
  BR_TRY(br_rows_take_column(&column, p->reduced, cells, err));
  br_code code = br_frame_add(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code build(br_frame **out, const struct pivot *p, br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  br_code code = add_index(made, p, err);
  for (size_t k = 0; k < p->columns.count && code == BR_OK; k++)
    code = add_column(made, p, k, err);
  return br_frame_give(out, made, code);
}

static br_code prepare(struct pivot *p, const br_frame *frame, br_err *err)
{
  BR_TRY(pick(p, frame, err));
  BR_TRY(group(p, br_frame_nrow(frame), err));
  BR_TRY(reduce(p, err));
  return find_cells(p, err);
}

br_code br_frame_pivot(br_frame **out, const br_frame *frame, const br_pivot *spec, br_err *err)
{
  struct pivot p = {.spec = spec};
  br_code code = prepare(&p, frame, err);
  if (code == BR_OK)
    code = build(out, &p, err);
  clear(&p);
  return code;
}
