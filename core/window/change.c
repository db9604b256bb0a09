/* Rows moved, and differences between rows; see window.h. */
#include "window/window_internal.h"

#include "base/vec.h"
#include "frame/timestamp.h"

#include <inttypes.h>

/* The place n places before place i of a span, or false. */
static bool find_before(size_t *out, const br_window_span *span, size_t i, int64_t n)
{
  uint64_t step = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
  if (n < 0 ? step >= span->n - i : step > i)
    return false;
  *out = n < 0 ? i + (size_t)step : i - (size_t)step;
  return true;
}

struct shift {
  int64_t n;
  size_t *source;
};

static br_code shift_group(void *context, const br_window_span *span, br_err *err)
{
  struct shift *s = context;
  (void)err;
  for (size_t i = 0; i < span->n; i++) {
    size_t before = 0;
    bool found = find_before(&before, span, i, s->n);
    s->source[br_window_span_row(span, i)] =
        found ? br_window_span_row(span, before) : BR_COLUMN_NULL_ROW;
  }
  return BR_OK;
}

br_code br_window_shift(br_column **out, const br_column *column, const br_window_groups *groups,
                        int64_t n, br_err *err)
{
  size_t nrow = br_column_len(column);
  struct shift s = {n, br_calloc(nrow, sizeof *s.source)};
  if (!s.source)
    return br_fail_nomem(err);
  br_code code = br_window_each(groups, nrow, shift_group, &s, err);
  if (code == BR_OK)
    code = br_column_take(out, column, s.source, nrow, err);
  br_free(s.source);
  return code;
}

struct change {
  const br_column *column;
  br_change kind;
  int64_t n;
  br_target target;
};

static br_code subtract(struct change *c, size_t row, size_t before, br_err *err)
{
  int64_t result = 0, now = br_column_i64(c->column, row), then = br_column_i64(c->column, before);
  if (__builtin_sub_overflow(now, then, &result))
    return br_fail(err, BR_ERANGE, "row %zu: %" PRId64 " less %" PRId64 " is no i64; cast to f64",
                   row + 1, now, then);
  if (br_column_type(c->column) == BR_TIMESTAMP)
    br_target_f64(&c->target, row, (double)result / (double)BR_TIMESTAMP_PER_SECOND);
  else
    br_target_i64(&c->target, row, result);
  return BR_OK;
}

static br_code compare(struct change *c, size_t row, size_t before, br_err *err)
{
  if (br_column_is_null(c->column, row) || br_column_is_null(c->column, before))
    return BR_OK;
  double now = br_column_number(c->column, row), then = br_column_number(c->column, before);
  if (c->kind == BR_CHANGE_RELATIVE)
    br_target_f64(&c->target, row, now / then - 1);
  else if (br_column_type(c->column) == BR_F64)
    br_target_f64(&c->target, row, now - then);
  else
    return subtract(c, row, before, err);
  return BR_OK;
}

static br_code change_group(void *context, const br_window_span *span, br_err *err)
{
  struct change *c = context;
  for (size_t i = 0; i < span->n; i++) {
    size_t before = 0;
    if (find_before(&before, span, i, c->n))
      BR_TRY(compare(c, br_window_span_row(span, i), br_window_span_row(span, before), err));
  }
  return BR_OK;
}

br_code br_window_change(br_column **out, const br_column *column, const br_window_groups *groups,
                         br_change kind, int64_t n, br_err *err)
{
  struct change c = {.column = column, .kind = kind, .n = n};
  size_t nrow = br_column_len(column);
  br_type type = br_column_type(column);
  bool fits =
      type == BR_F64 || type == BR_I64 || (type == BR_TIMESTAMP && kind == BR_CHANGE_DIFFERENCE);
  if (!fits)
    return br_fail(err, BR_ETYPE, "the column is %s: its values have no such difference; cast it",
                   br_type_name(type));
  bool whole = type == BR_I64 && kind == BR_CHANGE_DIFFERENCE;
  BR_TRY(br_target_start(&c.target, whole ? BR_I64 : BR_F64, nrow, err));
  return br_target_give(out, &c.target, br_window_each(groups, nrow, change_group, &c, err), err);
}
