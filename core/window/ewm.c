/* Exponentially weighted mean and standard deviation; see window.h.
 *
 * One weight stands for all values so far, aged by 1 - alpha a row. Mean and variance are updated as
 * weighted averages of what was and what comes (West, "Updating mean and variance estimates: an improved
 * method", CACM 22, 1979); the variance is freed of its bias by the sums of weights and of their squares.
 * Source of the weights and of how gaps count: pandas, "Exponentially weighted window". */
#include "window/window_internal.h"

#include "base/vec.h"

#include <math.h>

struct ewm {
  const br_ewm *spec;
  const br_column *column;
  br_target target;
  double keep;  /* what a row leaves of the weights before it */
  double enter; /* weight of a new value */
};

struct average {
  size_t n; /* values so far */
  double mean, variance;
  double weight;       /* of all so far, against a new value's */
  double sum, squares; /* of the weights, where the last total is 1 if recursive */
};

static void age(struct average *a, double keep)
{
  a->weight *= keep;
  a->sum *= keep;
  a->squares *= keep * keep;
}

static void add(struct average *a, const struct ewm *e, double x)
{
  if (a->n++ == 0) {
    *a = (struct average){.n = 1, .mean = x, .weight = 1, .sum = 1, .squares = 1};
    a->variance = isfinite(x) ? 0 : (double)NAN;
    return;
  }
  double total = a->weight + e->enter, share = e->enter / total, step = x - a->mean;
  a->mean = x == a->mean ? x : a->mean * (a->weight / total) + x * share;
  a->variance = (a->weight / total) * (a->variance + share * step * step);
  a->sum += e->enter;
  a->squares += e->enter * e->enter;
  a->weight = total;
  if (!e->spec->recursive)
    return;
  a->sum /= total;
  a->squares /= total * total;
  a->weight = 1;
}

static double result(const struct average *a, br_ewm_kind kind)
{
  if (kind == BR_EWM_MEAN)
    return a->mean;
  double total = a->sum * a->sum, unbiased = total - a->squares;
  return unbiased > 0 && a->n > 1 ? sqrt(total / unbiased * a->variance) : (double)NAN;
}

static br_code visit(void *context, const br_window_span *span, br_err *err)
{
  struct ewm *e = context;
  struct average a = {0};
  (void)err;
  for (size_t i = 0; i < span->n; i++) {
    size_t row = br_window_span_row(span, i);
    bool gap = br_column_is_null(e->column, row);
    if (!gap || !e->spec->ignore_nulls)
      age(&a, e->keep);
    if (!gap)
      add(&a, e, br_column_number(e->column, row));
    if (a.n > 0 && a.n >= e->spec->min)
      br_target_f64(&e->target, row, result(&a, e->spec->kind));
  }
  return BR_OK;
}

/* The share that a row leaves of the weights before it: 1 - alpha. */
static br_code find_keep(double *keep, const br_ewm *spec, br_err *err)
{
  double value = spec->value;
  switch (spec->decay) {
  case BR_DECAY_ALPHA:
    *keep = 1 - value;
    return value > 0 && value <= 1
               ? BR_OK
               : br_fail(err, BR_EINVAL, "alpha is above 0 and at most 1, not %g", value);
  case BR_DECAY_SPAN:
    *keep = 1 - 2 / (value + 1);
    return value >= 1 ? BR_OK : br_fail(err, BR_EINVAL, "a span is at least 1, not %g", value);
  case BR_DECAY_HALFLIFE:
    *keep = exp2(-1 / value);
    return value > 0 ? BR_OK : br_fail(err, BR_EINVAL, "a half-life is above 0, not %g", value);
  case BR_DECAY_COM:
    *keep = 1 - 1 / (1 + value);
    return value >= 0 ? BR_OK
                      : br_fail(err, BR_EINVAL, "a centre of mass is at least 0, not %g", value);
  }
  return br_fail(err, BR_EINVAL, "unknown kind of decay");
}

br_code br_window_ewm(br_column **out, const br_column *column, const br_window_groups *groups,
                      const br_ewm *spec, br_err *err)
{
  struct ewm e = {.spec = spec, .column = column};
  BR_TRY(find_keep(&e.keep, spec, err));
  e.enter = spec->recursive ? 1 - e.keep : 1;
  BR_TRY(br_window_check_number(column, err));
  size_t nrow = br_column_len(column);
  BR_TRY(br_target_start(&e.target, BR_F64, nrow, err));
  return br_target_give(out, &e.target, br_window_each(groups, nrow, visit, &e, err), err);
}
