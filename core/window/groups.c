/* Groups of rows and columns to be; see window_internal.h. */
#include "window/window_internal.h"

#include "base/interrupt.h"
#include "base/vec.h"

#include <math.h>
#include <string.h>

static br_code pick(br_column ***out, const br_frame *frame, const char *const *keys, size_t nkeys,
                    br_err *err)
{
  size_t at = 0;
  br_column **columns = br_calloc(nkeys, sizeof(br_column *));
  if (!columns)
    return br_fail_nomem(err);
  for (size_t i = 0; i < nkeys; i++) {
    br_code code = br_frame_find(frame, keys[i], &at, err);
    if (code != BR_OK) {
      br_free(columns);
      return code;
    }
    columns[i] = br_frame_column(frame, at);
  }
  *out = columns;
  return BR_OK;
}

static br_code group(br_window_groups *g, br_column *const *columns, size_t nkeys, size_t nrow,
                     br_err *err)
{
  br_keys keys = {columns, nrow};
  BR_TRY(br_ids_make(&g->ids, &keys, NULL, nkeys, err));
  return br_buckets_make(&g->rows, g->ids.id, nrow, g->ids.count, err);
}

br_code br_window_groups_make(br_window_groups **out, const br_frame *frame,
                              const char *const *keys, size_t nkeys, br_err *err)
{
  br_column **columns = NULL;
  BR_TRY(pick(&columns, frame, keys, nkeys, err));
  br_window_groups *made = br_calloc(1, sizeof *made);
  br_code code = made ? group(made, columns, nkeys, br_frame_nrow(frame), err) : br_fail_nomem(err);
  br_free(columns);
  if (code == BR_OK)
    *out = made;
  else
    br_window_groups_free(made);
  return code;
}

void br_window_groups_free(br_window_groups *groups)
{
  if (!groups)
    return;
  br_ids_clear(&groups->ids);
  br_buckets_clear(&groups->rows);
  br_free(groups);
}

br_code br_window_each(const br_window_groups *groups, size_t nrow, br_span_visit visit,
                       void *context, br_err *err)
{
  br_span all = {NULL, nrow};
  if (!groups)
    return visit(context, &all, err);
  if (groups->ids.n != nrow)
    return br_fail(err, BR_EINVAL, "the groups are of %zu rows, the column has %zu", groups->ids.n,
                   nrow);
  for (size_t k = 0; k < groups->ids.count; k++) {
    size_t start = groups->rows.start[k];
    br_span span = {groups->rows.row + start, groups->rows.start[k + 1] - start};
    BR_TRY(br_interrupt_check(err));
    BR_TRY(visit(context, &span, err));
  }
  return BR_OK;
}

br_code br_target_start(br_target *target, br_type type, size_t nrow, br_err *err)
{
  *target = (br_target){.type = type, .parts = {.len = nrow, .nulls = nrow}};
  target->parts.cells = br_calloc(nrow, sizeof(int64_t));
  target->parts.valid = br_calloc(nrow / 8 + 1, 1);
  if (!target->parts.cells || !target->parts.valid) {
    br_free(target->parts.cells);
    br_free(target->parts.valid);
    return br_fail_nomem(err);
  }
  double *numbers = target->parts.cells;
  for (size_t row = 0; type == BR_F64 && row < nrow; row++)
    numbers[row] = (double)NAN;
  return BR_OK;
}

static void mark(br_target *target, size_t row)
{
  unsigned char *byte = &target->parts.valid[row / 8];
  *byte = (unsigned char)(*byte | 1u << (row % 8));
  target->parts.nulls--;
}

void br_target_f64(br_target *target, size_t row, double value)
{
  ((double *)target->parts.cells)[row] = value;
  mark(target, row);
}

void br_target_i64(br_target *target, size_t row, int64_t value)
{
  ((int64_t *)target->parts.cells)[row] = value;
  mark(target, row);
}

br_code br_target_give(br_column **out, br_target *target, br_code code, br_err *err)
{
  if (target->parts.nulls == 0) {
    br_free(target->parts.valid);
    target->parts.valid = NULL;
  }
  if (code == BR_OK)
    code = br_column_adopt(out, target->type, &target->parts, err);
  if (code == BR_OK)
    return BR_OK;
  br_free(target->parts.cells);
  br_free(target->parts.valid);
  return code;
}

br_code br_window_check_number(const br_column *column, br_err *err)
{
  if (br_column_type(column) == BR_STR && br_column_null_count(column) < br_column_len(column))
    return br_fail(err, BR_ETYPE, "the column is string, not a number; cast it");
  return BR_OK;
}
