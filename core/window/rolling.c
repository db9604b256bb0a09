/* Rolling statistics; see window.h. A window of rows is a run of the group's values once the nulls are
 * left out, so that a kernel can be given it where it lies. */
#include "window/rolling.h"

#include "base/interrupt.h"
#include "base/vec.h"

enum { ROWS_A_LOOK = 1024 }; /* between two looks at the interrupt flag */

struct rolling {
  const br_rolling *spec;
  const br_column *column;
  br_target target;
  double *x;      /* values of the group at hand */
  size_t *before; /* values before each of its rows, and in all */
  br_fold *fold;  /* one of these two, or neither */
  br_ranks *ranks;
};

static size_t gather(struct rolling *w, const br_window_span *span)
{
  size_t n = 0;
  for (size_t i = 0; i < span->n; i++) {
    size_t row = br_window_span_row(span, i);
    w->before[i] = n;
    if (!br_column_is_null(w->column, row))
      w->x[n++] = br_column_number(w->column, row);
  }
  w->before[span->n] = n;
  return n;
}

static br_code answer(struct rolling *w, size_t l, size_t r, double *out, br_err *err)
{
  const br_kernel *kernel = w->spec->kernel;
  if (l == r || (!w->fold && !w->ranks))
    return kernel->run(w->x + l, r - l, &w->spec->args, out, err);
  if (w->fold)
    return br_fold_answer(w->fold, l, r, out, err);
  *out = br_ranks_answer(w->ranks, l, r);
  return BR_OK;
}

/* Rows that a window may reach beyond the row itself. */
static size_t rows_ahead(const br_rolling *spec)
{
  return spec->centre ? (spec->n - 1) / 2 : 0;
}

static br_code roll(struct rolling *w, const br_window_span *span, size_t n, br_err *err)
{
  for (size_t i = 0; i < span->n; i++) {
    size_t end = i + 1 + rows_ahead(w->spec);
    size_t first = end > n ? end - n : 0;
    size_t l = w->before[first], r = w->before[end < span->n ? end : span->n];
    double result = 0;
    if (i % ROWS_A_LOOK == 0)
      BR_TRY(br_interrupt_check(err));
    if (r - l < w->spec->min)
      continue;
    BR_TRY(answer(w, l, r, &result, err));
    br_target_f64(&w->target, br_window_span_row(span, i), result);
  }
  return BR_OK;
}

static br_code start_method(struct rolling *w, const br_series *series, br_err *err)
{
  const br_rolling *spec = w->spec;
  if (br_fold_knows(spec->kernel))
    return br_fold_start(&w->fold, series, spec->kernel, err);
  if (br_ranks_knows(spec->kernel, &spec->args))
    return br_ranks_start(&w->ranks, series, spec, err);
  return BR_OK;
}

static br_code roll_group(void *context, const br_window_span *span, br_err *err)
{
  struct rolling *w = context;
  size_t n = gather(w, span), widest = n < w->spec->n ? n : w->spec->n;
  br_series series = {w->x, n, widest};
  br_code code = start_method(w, &series, err);
  if (code == BR_OK)
    code = roll(w, span, w->spec->n, err);
  br_fold_free(w->fold);
  br_ranks_free(w->ranks);
  w->fold = NULL;
  w->ranks = NULL;
  return code;
}

static br_code roll_groups(struct rolling *w, const br_window_groups *groups, br_err *err)
{
  size_t nrow = br_column_len(w->column);
  w->x = br_calloc(nrow, sizeof *w->x);
  w->before = br_calloc(nrow + 1, sizeof *w->before);
  br_code code = w->x && w->before ? BR_OK : br_fail_nomem(err);
  if (code == BR_OK)
    code = br_window_each(groups, nrow, roll_group, w, err);
  br_free(w->x);
  br_free(w->before);
  return code;
}

/* The kernel itself says what is wrong with its options. */
static br_code check(const br_column *column, const br_rolling *spec, br_err *err)
{
  double unused = 0;
  if (spec->n == 0)
    return br_fail(err, BR_EINVAL, "a window has at least one row");
  if (spec->min > spec->n)
    return br_fail(err, BR_EINVAL, "a window of %zu rows never holds %zu values", spec->n,
                   spec->min);
  BR_TRY(br_window_check_number(column, err));
  return spec->kernel->run(&unused, 0, &spec->args, &unused, err);
}

br_code br_window_rolling(br_column **out, const br_column *column, const br_window_groups *groups,
                          const br_rolling *spec, br_err *err)
{
  BR_TRY(check(column, spec, err));
  br_rolling within = *spec; /* no wider than needed, so that no sum of rows overflows */
  size_t most = 2 * br_column_len(column) + 1;
  within.n = spec->n < most ? spec->n : most;
  struct rolling w = {.spec = &within, .column = column};
  BR_TRY(br_target_start(&w.target, BR_F64, br_column_len(column), err));
  return br_target_give(out, &w.target, roll_groups(&w, groups, err), err);
}
