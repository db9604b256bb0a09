/* Long to wide; see group.h.
 *
 * Rows are grouped three times: by index (a row of the result each), by `columns` (a column each),
 * and by both (a cell each). The values are reduced once a cell, into one column of cells; each
 * column of the result is then taken from it. */
#include "frame/group_internal.h"

#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/frame_internal.h"
#include "frame/text.h"

#include <string.h>

struct pivot {
  const br_pivot *spec;
  br_column **keys;  /* the index columns, then the one that gives names; owned array */
  br_column *values; /* borrowed */
  br_groups rows;    /* of the result */
  br_groups columns;
  br_groups cells;
  br_buckets by_column; /* cells of each column */
  br_column *reduced;   /* a row a cell; one reference */
  size_t *where;        /* the cell of each result row, for the column at hand */
};

static void clear(struct pivot *p)
{
  br_free(p->keys);
  br_groups_clear(&p->rows);
  br_groups_clear(&p->columns);
  br_groups_clear(&p->cells);
  br_buckets_clear(&p->by_column);
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

static br_code group(struct pivot *p, size_t nrow, br_err *err)
{
  size_t n = p->spec->nindex;
  BR_TRY(br_groups_make(&p->rows, p->keys, n, nrow, err));
  BR_TRY(br_groups_make(&p->columns, p->keys + n, 1, nrow, err));
  return br_groups_make(&p->cells, p->keys, n + 1, nrow, err);
}

/* Lists the cells of each column. */
static br_code list_cells(struct pivot *p, br_err *err)
{
  size_t n = p->cells.ids.count;
  size_t *column = br_calloc(n, sizeof *column);
  if (!column)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++)
    column[i] = p->columns.ids.id[p->cells.first[i]];
  br_code code = br_buckets_make(&p->by_column, column, n, p->columns.ids.count, err);
  br_free(column);
  return code;
}

static br_code reduce(struct pivot *p, br_err *err)
{
  br_aggregate aggregate = {p->spec->values, NULL, p->spec->reduce, p->spec->context};
  BR_TRY(br_groups_reduce(&p->reduced, &p->cells, p->values, &aggregate, err));
  p->where = br_calloc(p->rows.ids.count, sizeof *p->where);
  return p->where ? BR_OK : br_fail_nomem(err);
}

static br_code add_index(br_frame *to, const struct pivot *p, br_err *err)
{
  for (size_t i = 0; i < p->spec->nindex; i++) {
    br_column *column = NULL;
    BR_TRY(br_column_take(&column, p->keys[i], p->rows.first, p->rows.ids.count, err));
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
  size_t row = p->columns.first[k];
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

static void find_cells(struct pivot *p, size_t k)
{
  for (size_t i = 0; i < p->rows.ids.count; i++)
    p->where[i] = BR_COLUMN_NULL_ROW;
  for (size_t i = p->by_column.start[k]; i < p->by_column.start[k + 1]; i++) {
    size_t cell = p->by_column.row[i];
    p->where[p->rows.ids.id[p->cells.first[cell]]] = cell;
  }
}

static br_code add_column(br_frame *to, struct pivot *p, size_t k, br_err *err)
{
  char buffer[BR_DOUBLE_TEXT_MAX];
  const char *name = NULL;
  br_column *column = NULL;
  BR_TRY(name_column(&name, buffer, p, k, err));
  find_cells(p, k);
  BR_TRY(br_column_take(&column, p->reduced, p->where, p->rows.ids.count, err));
  br_code code = br_frame_add(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code build(br_frame **out, struct pivot *p, br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  br_code code = add_index(made, p, err);
  for (size_t k = 0; k < p->columns.ids.count && code == BR_OK; k++)
    code = add_column(made, p, k, err);
  return br_frame_give(out, made, code);
}

static br_code prepare(struct pivot *p, const br_frame *frame, br_err *err)
{
  BR_TRY(pick(p, frame, err));
  BR_TRY(group(p, br_frame_nrow(frame), err));
  BR_TRY(list_cells(p, err));
  return reduce(p, err);
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
