/* Groups of rows and columns to be; see window_internal.h. */
#include "window/window_internal.h"

#include "base/interrupt.h"
#include "base/vec.h"
#include "frame/ids.h"

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

/* Filling moves each start to its end, which is the next one's start: shifted back at the end. */
static br_code list_rows(br_window_groups *g, const br_ids *ids, br_err *err)
{
  g->nrow = ids->n;
  g->count = ids->count;
  g->start = br_calloc(g->count + 1, sizeof *g->start);
  g->row = br_calloc(g->nrow, sizeof *g->row);
  g->id = br_calloc(g->nrow, sizeof *g->id);
  if (!g->start || !g->row || !g->id)
    return br_fail_nomem(err);
  for (size_t i = 0; i < g->nrow; i++) {
    g->id[i] = ids->id[i];
    g->start[g->id[i] + 1]++;
  }
  for (size_t k = 0; k < g->count; k++)
    g->start[k + 1] += g->start[k];
  for (size_t i = 0; i < g->nrow; i++)
    g->row[g->start[g->id[i]]++] = i;
  memmove(g->start + 1, g->start, g->count * sizeof *g->start);
  g->start[0] = 0;
  return BR_OK;
}

static br_code group(br_window_groups *g, br_column *const *columns, size_t nkeys, size_t nrow,
                     br_err *err)
{
  br_keys keys = {columns, nrow};
  br_ids ids = {0};
  br_code code = br_ids_make(&ids, &keys, NULL, nkeys, err);
  if (code == BR_OK)
    code = list_rows(g, &ids, err);
  br_ids_clear(&ids);
  return code;
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
  br_free(groups->start);
  br_free(groups->row);
  br_free(groups->id);
  br_free(groups);
}

br_code br_window_each(const br_window_groups *groups, size_t nrow, br_window_span_visit visit,
                       void *context, br_err *err)
{
  br_window_span all = {NULL, nrow};
  if (!groups)
    return visit(context, &all, err);
  if (groups->nrow != nrow)
    return br_fail(err, BR_EINVAL, "the groups are of %zu rows, the column has %zu", groups->nrow,
                   nrow);
  for (size_t k = 0; k < groups->count; k++) {
    size_t start = groups->start[k];
    br_window_span span = {groups->row + start, groups->start[k + 1] - start};
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
