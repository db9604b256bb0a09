/* Group-by; see group.h. Rows get ids by their keys, then stand in a bucket a group. */
#include "frame/group_internal.h"

#include "base/vec.h"
#include "frame/frame_internal.h"
#include "frame/text.h"

#include <string.h>

static br_code list_first(br_groups *g, br_err *err)
{
  g->first = br_calloc(g->ids.count, sizeof *g->first);
  if (!g->first)
    return br_fail_nomem(err);
  for (size_t i = 0; i < g->ids.count; i++) {
    bool empty = g->rows.start[i] == g->rows.start[i + 1];
    g->first[i] = empty ? BR_COLUMN_NULL_ROW : g->rows.row[g->rows.start[i]];
  }
  return BR_OK;
}

br_code br_groups_make(br_groups *out, br_column *const *columns, size_t ncolumns, size_t nrow,
                       br_err *err)
{
  br_keys keys = {columns, nrow};
  BR_TRY(br_ids_make(&out->ids, &keys, NULL, ncolumns, err));
  BR_TRY(br_buckets_make(&out->rows, out->ids.id, nrow, out->ids.count, err));
  return list_first(out, err);
}

void br_groups_clear(br_groups *groups)
{
  br_ids_clear(&groups->ids);
  br_buckets_clear(&groups->rows);
  br_free(groups->first);
  groups->first = NULL;
}

/* The first row of a group that is not null. */
static size_t first_value(const br_groups *g, size_t group, const br_column *values)
{
  for (size_t i = g->rows.start[group]; i < g->rows.start[group + 1]; i++) {
    if (!br_column_is_null(values, g->rows.row[i]))
      return g->rows.row[i];
  }
  return BR_COLUMN_NULL_ROW;
}

static br_code take_first(br_column **out, const br_groups *g, const br_column *values, br_err *err)
{
  size_t *rows = br_calloc(g->ids.count, sizeof *rows);
  if (!rows)
    return br_fail_nomem(err);
  for (size_t i = 0; i < g->ids.count; i++)
    rows[i] = first_value(g, i, values);
  br_code code = br_column_take(out, values, rows, g->ids.count, err);
  br_free(rows);
  return code;
}

static size_t gather(double *x, const br_groups *g, size_t group, const br_column *values)
{
  size_t n = 0;
  for (size_t i = g->rows.start[group]; i < g->rows.start[group + 1]; i++) {
    size_t row = g->rows.row[i];
    if (!br_column_is_null(values, row))
      x[n++] = br_column_number(values, row);
  }
  return n;
}

static br_code push_reduced(br_column *to, double *x, const br_groups *g, const br_column *values,
                            const br_aggregate *aggregate, br_err *err)
{
  for (size_t i = 0; i < g->ids.count; i++) {
    double result = 0;
    size_t n = gather(x, g, i, values);
    BR_TRY(aggregate->reduce(x, n, aggregate->context, &result, err));
    BR_TRY(br_column_push_f64(to, result, err));
  }
  return BR_OK;
}

static br_code reduce_groups(br_column **out, const br_groups *g, const br_column *values,
                             const br_aggregate *aggregate, br_err *err)
{
  br_column *column = NULL;
  double *x = br_calloc(g->ids.n, sizeof *x);
  br_code code = x ? br_column_new(&column, BR_F64, err) : br_fail_nomem(err);
  if (code == BR_OK)
    code = push_reduced(column, x, g, values, aggregate, err);
  br_free(x);
  if (code == BR_OK)
    *out = column;
  else
    br_column_release(column);
  return code;
}

br_code br_groups_reduce(br_column **out, const br_groups *groups, const br_column *values,
                         const br_aggregate *aggregate, br_err *err)
{
  if (!aggregate->reduce)
    return take_first(out, groups, values, err);
  if (br_column_type(values) == BR_STR && br_column_null_count(values) < br_column_len(values)) {
    char shown[BR_SHOWN_MAX];
    return br_fail(err, BR_ETYPE, "column '%s' is string; a kernel takes numbers",
                   br_shown(shown, aggregate->column, strlen(aggregate->column)));
  }
  return reduce_groups(out, groups, values, aggregate, err);
}

/* Adds a column that the frame takes over, also on failure. */
static br_code add_owned(br_frame *to, const char *name, br_column *column, br_err *err)
{
  br_code code = br_frame_add(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code add_keys(br_frame *to, const br_groups *g, br_column *const *columns,
                        const br_grouping *spec, br_err *err)
{
  for (size_t i = 0; i < spec->nkeys; i++) {
    br_column *column = NULL;
    BR_TRY(br_column_take(&column, columns[i], g->first, g->ids.count, err));
    BR_TRY(add_owned(to, spec->keys[i], column, err));
  }
  return BR_OK;
}

static br_code add_aggregates(br_frame *to, const br_groups *g, const br_frame *frame,
                              const br_grouping *spec, br_err *err)
{
  size_t at = 0;
  for (size_t i = 0; i < spec->naggregates; i++) {
    const br_aggregate *aggregate = &spec->aggregates[i];
    br_column *column = NULL;
    BR_TRY(br_frame_find(frame, aggregate->column, &at, err));
    BR_TRY(br_groups_reduce(&column, g, br_frame_column(frame, at), aggregate, err));
    BR_TRY(add_owned(to, aggregate->name, column, err));
  }
  return BR_OK;
}

static br_code group_picked(br_frame **out, const br_frame *frame, br_column *const *columns,
                            const br_grouping *spec, br_err *err)
{
  br_groups g = {0};
  br_frame *made = NULL;
  br_code code = br_groups_make(&g, columns, spec->nkeys, br_frame_nrow(frame), err);
  if (code == BR_OK)
    code = br_frame_new(&made, err);
  if (code == BR_OK)
    code = add_keys(made, &g, columns, spec, err);
  if (code == BR_OK)
    code = add_aggregates(made, &g, frame, spec, err);
  br_groups_clear(&g);
  return br_frame_give(out, made, code);
}

br_code br_frame_group_by(br_frame **out, const br_frame *frame, const br_grouping *spec,
                          br_err *err)
{
  br_column **columns = NULL;
  BR_TRY(br_frame_pick(&columns, frame, spec->keys, spec->nkeys, err));
  br_code code = group_picked(out, frame, columns, spec, err);
  br_free(columns);
  return code;
}
