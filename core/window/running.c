/* Running totals; see window.h. */
#include "window/window_internal.h"

#include "base/vec.h"
#include "stats/sum.h"

#include <inttypes.h>
#include <math.h>

struct running {
  const br_column *column;
  br_running kind;
  br_target target; /* sums, products and counts */
  size_t *source;   /* extremes: the row that each row takes its cell from */
};

/* --- numbers --- */

static br_code add_numbers(struct running *t, const br_window_span *span)
{
  br_sum sum = {0};
  double product = 1;
  for (size_t i = 0; i < span->n; i++) {
    size_t row = br_window_span_row(span, i);
    if (br_column_is_null(t->column, row))
      continue;
    double x = br_column_f64(t->column, row);
    br_sum_add(&sum, x);
    product *= x;
    br_target_f64(&t->target, row, t->kind == BR_RUNNING_SUM ? br_sum_value(&sum) : product);
  }
  return BR_OK;
}

static int64_t whole_cell(const br_column *column, size_t row)
{
  return br_column_type(column) == BR_BOOL ? br_column_bool(column, row)
                                           : br_column_i64(column, row);
}

static br_code add_wholes(struct running *t, const br_window_span *span, br_err *err)
{
  bool sums = t->kind == BR_RUNNING_SUM;
  int64_t total = sums ? 0 : 1;
  for (size_t i = 0; i < span->n; i++) {
    size_t row = br_window_span_row(span, i);
    if (br_column_is_null(t->column, row))
      continue;
    int64_t x = whole_cell(t->column, row);
    if (sums ? __builtin_add_overflow(total, x, &total) : __builtin_mul_overflow(total, x, &total))
      return br_fail(err, BR_ERANGE, "row %zu: the %s is no i64 any more; cast the column to f64",
                     row + 1, sums ? "sum" : "product");
    br_target_i64(&t->target, row, total);
  }
  return BR_OK;
}

static br_code add_group(void *context, const br_window_span *span, br_err *err)
{
  struct running *t = context;
  return br_column_type(t->column) == BR_F64 ? add_numbers(t, span) : add_wholes(t, span, err);
}

static br_code count_group(void *context, const br_window_span *span, br_err *err)
{
  struct running *t = context;
  int64_t n = 0;
  (void)err;
  for (size_t i = 0; i < span->n; i++) {
    size_t row = br_window_span_row(span, i);
    n += !br_column_is_null(t->column, row);
    br_target_i64(&t->target, row, n);
  }
  return BR_OK;
}

/* --- extremes --- */

static bool is_nan(const br_column *column, size_t row)
{
  return br_column_type(column) == BR_F64 && isnan(br_column_f64(column, row));
}

/* Whether the value of row takes the place of that of `best`. From a NaN on all is NaN. */
static bool is_better(const struct running *t, size_t row, size_t best)
{
  if (is_nan(t->column, row) || is_nan(t->column, best))
    return !is_nan(t->column, best);
  int order = br_column_compare(t->column, row, t->column, best);
  return t->kind == BR_RUNNING_MIN ? order < 0 : order > 0;
}

static br_code extreme_group(void *context, const br_window_span *span, br_err *err)
{
  struct running *t = context;
  size_t best = BR_COLUMN_NULL_ROW;
  (void)err;
  for (size_t i = 0; i < span->n; i++) {
    size_t row = br_window_span_row(span, i);
    bool gap = br_column_is_null(t->column, row);
    if (!gap && (best == BR_COLUMN_NULL_ROW || is_better(t, row, best)))
      best = row;
    t->source[row] = gap ? BR_COLUMN_NULL_ROW : best;
  }
  return BR_OK;
}

static br_code extremes(br_column **out, struct running *t, const br_window_groups *groups,
                        br_err *err)
{
  size_t nrow = br_column_len(t->column);
  t->source = br_calloc(nrow, sizeof *t->source);
  if (!t->source)
    return br_fail_nomem(err);
  br_code code = br_window_each(groups, nrow, extreme_group, t, err);
  if (code == BR_OK)
    code = br_column_take(out, t->column, t->source, nrow, err);
  br_free(t->source);
  return code;
}

static br_code totals(br_column **out, struct running *t, const br_window_groups *groups,
                      br_err *err)
{
  bool counts = t->kind == BR_RUNNING_COUNT;
  size_t nrow = br_column_len(t->column);
  bool real = br_column_type(t->column) == BR_F64 && !counts;
  BR_TRY(br_target_start(&t->target, real ? BR_F64 : BR_I64, nrow, err));
  br_code code = br_window_each(groups, nrow, counts ? count_group : add_group, t, err);
  return br_target_give(out, &t->target, code, err);
}

static bool fits(br_type type, br_running kind)
{
  if (kind == BR_RUNNING_COUNT || type == BR_F64 || type == BR_I64)
    return true;
  bool extreme = kind == BR_RUNNING_MIN || kind == BR_RUNNING_MAX;
  return (type == BR_TIMESTAMP && extreme) || (type == BR_BOOL && kind == BR_RUNNING_SUM);
}

br_code br_window_running(br_column **out, const br_column *column, const br_window_groups *groups,
                          br_running kind, br_err *err)
{
  struct running t = {.column = column, .kind = kind};
  br_type type = br_column_type(column);
  if (!fits(type, kind))
    return br_fail(err, BR_ETYPE, "the column is %s: its values have no such total; cast it",
                   br_type_name(type));
  if (kind == BR_RUNNING_MIN || kind == BR_RUNNING_MAX)
    return extremes(out, &t, groups, err);
  return totals(out, &t, groups, err);
}
