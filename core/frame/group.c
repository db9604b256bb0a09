/* Group-by; see group.h. Rows get ids by their keys; each aggregate is then worked out for all ids. */
#include "frame/group_internal.h"

#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/frame_internal.h"
#include "frame/rows.h"

#include <string.h>

/* Adds a column that the frame takes over, also on failure. */
static br_code add_owned(br_frame *to, const char *name, br_column *column, br_err *err)
{
  br_code code = br_frame_add(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code add_key(br_frame *to, const char *name, const br_column *key, br_rows first,
                       br_err *err)
{
  br_column *column = NULL;
  BR_TRY(br_rows_take_column(&column, key, first, err));
  return add_owned(to, name, column, err);
}

static br_code add_keys(br_frame *to, const br_ids *ids, br_column *const *columns,
                        const br_grouping *spec, br_err *err)
{
  uint32_t *first = br_chunk_alloc(ids->count * sizeof *first);
  if (!first)
    return br_fail_nomem(err);
  br_ids_first(first, ids);
  br_code code = BR_OK;
  for (size_t i = 0; i < spec->nkeys && code == BR_OK; i++)
    code = add_key(to, spec->keys[i], columns[i], (br_rows){first, ids->count}, err);
  br_free(first);
  return code;
}

static br_code add_aggregate(br_frame *to, const br_ids *ids, const br_frame *frame,
                             const br_aggregate *aggregate, br_values *values, br_err *err)
{
  size_t at = 0;
  br_column *column = NULL;
  BR_TRY(br_frame_find(frame, aggregate->column, &at, err));
  BR_TRY(br_ids_reduce(&column, ids, br_frame_column(frame, at), aggregate, values, err));
  return add_owned(to, aggregate->name, column, err);
}

static br_code add_aggregates(br_frame *to, const br_ids *ids, const br_frame *frame,
                              const br_grouping *spec, br_err *err)
{
  br_values values = {0};
  br_code code = BR_OK;
  for (size_t i = 0; i < spec->naggregates && code == BR_OK; i++)
    code = add_aggregate(to, ids, frame, &spec->aggregates[i], &values, err);
  br_values_clear(&values);
  return code;
}

static br_code group_picked(br_frame **out, const br_frame *frame, br_column *const *columns,
                            const br_grouping *spec, br_err *err)
{
  br_ids ids = {0};
  br_frame *made = NULL;
  br_keys keys = {columns, br_frame_nrow(frame)};
  br_code code = br_ids_make(&ids, &keys, NULL, spec->nkeys, err);
  if (code == BR_OK)
    code = br_frame_new(&made, err);
  if (code == BR_OK)
    code = add_keys(made, &ids, columns, spec, err);
  if (code == BR_OK)
    code = add_aggregates(made, &ids, frame, spec, err);
  br_ids_clear(&ids);
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

/* Rows of groups. */

br_code br_ids_of_frame(br_ids *ids, const br_frame *frame, const char *const *names, size_t n,
                        br_err *err)
{
  br_column **columns = NULL;
  BR_TRY(br_frame_pick(&columns, frame, names, n, err));
  br_keys keys = {columns, br_frame_nrow(frame)};
  br_code code = br_ids_make(ids, &keys, NULL, n, err);
  br_free(columns);
  return code;
}

static br_code number_groups(br_column **out, const br_ids *ids, br_err *err)
{
  br_column_parts parts = {.cells = br_chunk_alloc(ids->n * sizeof(int64_t)), .len = ids->n};
  int64_t *number = parts.cells;
  if (!number)
    return br_fail_nomem(err);
  for (size_t row = 0; row < ids->n; row++)
    number[row] = (int64_t)ids->id[row] + 1;
  br_code code = br_column_adopt(out, BR_I64, &parts, err);
  if (code != BR_OK)
    br_free(number);
  return code;
}

br_code br_frame_group_ids(br_column **out, const br_frame *frame, const char *const *keys,
                           size_t nkeys, br_err *err)
{
  br_ids ids = {0};
  br_code code = br_ids_of_frame(&ids, frame, keys, nkeys, err);
  if (code == BR_OK)
    code = number_groups(out, &ids, err);
  br_ids_clear(&ids);
  return code;
}

/* Flags the first n rows of each group, or the last. */
static br_code flag_some(unsigned char *flags, const br_ids *ids, size_t n, bool last, br_err *err)
{
  uint32_t *seen = br_calloc(ids->count, sizeof *seen);
  if (!seen)
    return br_fail_nomem(err);
  for (size_t i = 0; i < ids->n; i++) {
    size_t row = last ? ids->n - 1 - i : i;
    flags[row] = seen[ids->id[row]]++ < n;
  }
  br_free(seen);
  return BR_OK;
}

static br_code take_some(br_frame **out, const br_frame *frame, const br_ids *ids, size_t n,
                         bool last, br_err *err)
{
  uint32_t *rows = NULL;
  size_t nrows = 0;
  unsigned char *flags = br_chunk_alloc(ids->n);
  br_code code = flags ? flag_some(flags, ids, n, last, err) : br_fail_nomem(err);
  if (code == BR_OK)
    code = br_rows_flagged(&rows, &nrows, flags, ids->n, err);
  if (code == BR_OK)
    code = br_rows_take_frame(out, frame, (br_rows){rows, nrows}, err);
  br_free(flags);
  br_free(rows);
  return code;
}

static br_code group_some(br_frame **out, const br_frame *frame, const br_grouping *keys, size_t n,
                          bool last, br_err *err)
{
  br_ids ids = {0};
  br_code code = br_ids_of_frame(&ids, frame, keys->keys, keys->nkeys, err);
  if (code == BR_OK)
    code = take_some(out, frame, &ids, n, last, err);
  br_ids_clear(&ids);
  return code;
}

br_code br_frame_group_head(br_frame **out, const br_frame *frame, const char *const *keys,
                            size_t nkeys, size_t n, br_err *err)
{
  br_grouping spec = {.keys = keys, .nkeys = nkeys};
  return group_some(out, frame, &spec, n, false, err);
}

br_code br_frame_group_tail(br_frame **out, const br_frame *frame, const char *const *keys,
                            size_t nkeys, size_t n, br_err *err)
{
  br_grouping spec = {.keys = keys, .nkeys = nkeys};
  return group_some(out, frame, &spec, n, true, err);
}
