/* Gaps filled from what stands around them; see window.h. */
#include "window/window_internal.h"

#include "base/vec.h"
#include "stats/order.h"

#include <math.h>

#define NONE SIZE_MAX

struct filler {
  const br_interpolation *spec;
  const br_column *column;
  const br_window_span *span; /* the group at hand; places below count in it */
  br_target target;           /* linear */
  size_t *source;             /* all else: the row that each row takes its cell from */
};

/* The values around a place, NONE where there is none. */
struct sides {
  size_t before, after;
};

static bool is_known(const struct filler *f, size_t place)
{
  size_t row = br_window_span_row(f->span, place);
  return !br_column_is_null(f->column, row) && !(f->spec->x && br_column_is_null(f->spec->x, row));
}

/* From one place to a later one. Whole numbers are subtracted as such: no digit of a timestamp is lost.
 */
static double distance(const struct filler *f, size_t from, size_t to)
{
  const br_column *x = f->spec->x;
  if (!x)
    return (double)(to - from);
  size_t a = br_window_span_row(f->span, from), b = br_window_span_row(f->span, to);
  if (br_column_type(x) == BR_F64)
    return br_column_f64(x, b) - br_column_f64(x, a);
  return (double)((uint64_t)br_column_i64(x, b) - (uint64_t)br_column_i64(x, a));
}

/* Share of the way from before to after that a place has behind it. */
static double share(const struct filler *f, struct sides s, size_t place)
{
  double whole = distance(f, s.before, s.after);
  return whole > 0 ? distance(f, s.before, place) / whole : 0;
}

static size_t nearest(const struct filler *f, struct sides s, size_t place)
{
  return distance(f, s.before, place) <= distance(f, place, s.after) ? s.before : s.after;
}

/* The place that gives a gap its value; NONE: it stays. Not for linear between two values. */
static size_t choose(const struct filler *f, struct sides s, size_t place)
{
  bool both = s.before != NONE && s.after != NONE;
  size_t any = s.before != NONE ? s.before : s.after;
  size_t wanted = NONE;
  if (f->spec->method == BR_FILL_PREVIOUS)
    wanted = s.before;
  else if (f->spec->method == BR_FILL_NEXT)
    wanted = s.after;
  else if (both)
    wanted = nearest(f, s, place);
  return wanted == NONE && f->spec->ends ? any : wanted;
}

static void fill_line(struct filler *f, struct sides s, size_t place)
{
  size_t row = br_window_span_row(f->span, place);
  if (s.before != NONE && s.after != NONE) {
    double low = br_column_number(f->column, br_window_span_row(f->span, s.before));
    double high = br_column_number(f->column, br_window_span_row(f->span, s.after));
    br_target_f64(&f->target, row, br_stats_blend(low, high, share(f, s, place)));
    return;
  }
  size_t from = choose(f, s, place);
  if (from != NONE)
    br_target_f64(&f->target, row, br_column_number(f->column, br_window_span_row(f->span, from)));
}

static void fill_gap(struct filler *f, struct sides s, size_t place)
{
  if (f->spec->x && br_column_is_null(f->spec->x, br_window_span_row(f->span, place)))
    return;
  if (f->spec->method == BR_FILL_LINEAR) {
    fill_line(f, s, place);
    return;
  }
  size_t from = choose(f, s, place);
  if (from != NONE)
    f->source[br_window_span_row(f->span, place)] = br_window_span_row(f->span, from);
}

static void keep(struct filler *f, size_t place)
{
  size_t row = br_window_span_row(f->span, place);
  if (f->spec->method == BR_FILL_LINEAR)
    br_target_f64(&f->target, row, br_column_number(f->column, row));
  else
    f->source[row] = row;
}

static br_code check_rising(const struct filler *f, br_err *err)
{
  const br_column *x = f->spec->x;
  size_t last = NONE;
  for (size_t i = 0; x && i < f->span->n; i++) {
    size_t row = br_window_span_row(f->span, i);
    if (br_column_is_null(x, row))
      continue;
    if (br_column_type(x) == BR_F64 && isnan(br_column_f64(x, row)))
      return br_fail(err, BR_ERANGE, "x is NaN in row %zu", row + 1);
    if (last != NONE && br_column_compare(x, row, x, last) < 0)
      return br_fail(err, BR_ERANGE, "x falls in row %zu; sort the frame by it first", row + 1);
    last = row;
  }
  return BR_OK;
}

static br_code fill_group(void *context, const br_window_span *span, br_err *err)
{
  struct filler *f = context;
  struct sides s = {NONE, 0};
  f->span = span;
  BR_TRY(check_rising(f, err));
  for (size_t i = 0; i < span->n; i++) {
    if (!br_column_is_null(f->column, br_window_span_row(span, i))) {
      keep(f, i);
      s.before = is_known(f, i) ? i : s.before;
      continue;
    }
    if (s.after != NONE && s.after <= i)
      for (s.after = i; s.after != NONE && !is_known(f, s.after);)
        s.after = s.after + 1 < span->n ? s.after + 1 : NONE;
    fill_gap(f, s, i);
  }
  return BR_OK;
}

static br_code fill_lines(br_column **out, struct filler *f, const br_window_groups *groups,
                          br_err *err)
{
  size_t nrow = br_column_len(f->column);
  br_type type = br_column_type(f->column);
  if (type != BR_F64 && type != BR_I64 && br_column_null_count(f->column) < nrow)
    return br_fail(err, BR_ETYPE,
                   "the column is %s: a line goes through numbers only; cast it to f64 "
                   "before, or take the method \"previous\"",
                   br_type_name(type));
  BR_TRY(br_target_start(&f->target, BR_F64, nrow, err));
  return br_target_give(out, &f->target, br_window_each(groups, nrow, fill_group, f, err), err);
}

static br_code fill_copies(br_column **out, struct filler *f, const br_window_groups *groups,
                           br_err *err)
{
  size_t nrow = br_column_len(f->column);
  f->source = br_calloc(nrow, sizeof *f->source);
  if (!f->source)
    return br_fail_nomem(err);
  for (size_t row = 0; row < nrow; row++)
    f->source[row] = BR_COLUMN_NULL_ROW;
  br_code code = br_window_each(groups, nrow, fill_group, f, err);
  if (code == BR_OK)
    code = br_column_take(out, f->column, f->source, nrow, err);
  br_free(f->source);
  return code;
}

static br_code check_x(const br_column *x, size_t nrow, br_err *err)
{
  if (!x)
    return BR_OK;
  if (br_column_len(x) != nrow)
    return br_fail(err, BR_EINVAL, "x has %zu rows, the column %zu", br_column_len(x), nrow);
  br_type type = br_column_type(x);
  if (type == BR_F64 || type == BR_I64 || type == BR_TIMESTAMP)
    return BR_OK;
  return br_fail(err, BR_ETYPE, "x is %s, not a number or timestamp", br_type_name(type));
}

br_code br_window_interpolate(br_column **out, br_column *column, const br_window_groups *groups,
                              const br_interpolation *spec, br_err *err)
{
  struct filler f = {.spec = spec, .column = column};
  BR_TRY(check_x(spec->x, br_column_len(column), err));
  if (spec->method == BR_FILL_LINEAR)
    return fill_lines(out, &f, groups, err);
  return fill_copies(out, &f, groups, err);
}
