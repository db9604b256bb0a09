/* Quantiles of a sliding window by counts of sorted values; see window.h for the source.
 *
 * A stretch of the series, twice as long as the widest window, is sorted once. A tree of counts over the
 * sorted places says which of them are in the window; the k-th value in it is found by descending the
 * tree. When the window runs out of the stretch the next one begins with the window's first value, so
 * that each value is sorted twice. NaN is counted by itself. */
#include "window/rolling.h"

#include "base/vec.h"
#include "stats/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct item {
  double x;
  size_t i; /* in the stretch */
};

struct br_ranks {
  br_series series;
  bool median; /* else the quantile q */
  double q;
  size_t room;         /* values of the longest stretch */
  struct item *sorted; /* the stretch, NaN last */
  size_t *place;       /* of each value of the stretch among the sorted */
  size_t *tree;        /* room + 1; counts from 1 */
  size_t base, top;    /* the stretch */
  size_t l, r;         /* the window */
  size_t n, nans;      /* numbers and NaN in it */
};

bool br_ranks_knows(const br_kernel *kernel, const br_kernel_args *args)
{
  if (strcmp(kernel->name, "median") == 0)
    return true;
  return strcmp(kernel->name, "quantile") == 0 &&
         (!args->method || strcmp(args->method, "linear") == 0);
}

br_code br_ranks_start(br_ranks **out, const br_series *series, const br_rolling *spec, br_err *err)
{
  br_ranks *made = br_calloc(1, sizeof *made);
  if (!made)
    return br_fail_nomem(err);
  made->series = *series;
  made->median = strcmp(spec->kernel->name, "median") == 0;
  made->q = spec->args.q;
  made->room = series->n / 2 < series->widest ? series->n : 2 * series->widest;
  made->sorted = br_calloc(made->room, sizeof *made->sorted);
  made->place = br_calloc(made->room, sizeof *made->place);
  made->tree = br_calloc(made->room + 1, sizeof *made->tree);
  if (!made->sorted || !made->place || !made->tree) {
    br_ranks_free(made);
    return br_fail_nomem(err);
  }
  *out = made;
  return BR_OK;
}

void br_ranks_free(br_ranks *ranks)
{
  if (!ranks)
    return;
  br_free(ranks->sorted);
  br_free(ranks->place);
  br_free(ranks->tree);
  br_free(ranks);
}

static int compare(const void *left, const void *right)
{
  const struct item *a = left, *b = right;
  if (isnan(a->x) || isnan(b->x))
    return (isnan(a->x) ? 1 : 0) - (isnan(b->x) ? 1 : 0);
  return (a->x > b->x) - (a->x < b->x);
}

/* Puts value i of the series into the window, or takes it out. */
static void count(br_ranks *t, size_t i, bool enters)
{
  size_t len = t->top - t->base;
  if (isnan(t->series.x[i])) {
    t->nans = enters ? t->nans + 1 : t->nans - 1;
    return;
  }
  t->n = enters ? t->n + 1 : t->n - 1;
  for (size_t k = t->place[i - t->base] + 1; k <= len; k += k & -k)
    t->tree[k] = enters ? t->tree[k] + 1 : t->tree[k] - 1;
}

/* A stretch from l on, with an empty window. */
static void stretch(br_ranks *t, size_t l)
{
  size_t len = t->series.n - l < t->room ? t->series.n - l : t->room;
  for (size_t i = 0; i < len; i++)
    t->sorted[i] = (struct item){t->series.x[l + i], i};
  qsort(t->sorted, len, sizeof *t->sorted, compare);
  for (size_t k = 0; k < len; k++)
    t->place[t->sorted[k].i] = k;
  memset(t->tree, 0, (len + 1) * sizeof *t->tree);
  t->base = t->l = t->r = l;
  t->top = l + len;
  t->n = t->nans = 0;
}

static void move(br_ranks *t, size_t l, size_t r)
{
  if (r > t->top)
    stretch(t, l);
  for (; t->r < r; t->r++)
    count(t, t->r, true);
  for (; t->l < l; t->l++)
    count(t, t->l, false);
}

/* The k-th smallest in the window, from 0. */
static double find(const br_ranks *t, size_t k)
{
  size_t len = t->top - t->base, at = 0, bit = 1;
  while (bit <= len / 2)
    bit *= 2;
  for (; bit > 0; bit /= 2) {
    if (at + bit <= len && t->tree[at + bit] <= k) {
      at += bit;
      k -= t->tree[at];
    }
  }
  return t->sorted[at].x;
}

/* As the kernel's: correctly rounded. */
static double median(const br_ranks *t)
{
  double high = find(t, t->n / 2);
  if (t->n % 2)
    return high;
  double low = find(t, t->n / 2 - 1), middle = (low + high) / 2;
  return isfinite(middle) ? middle : low / 2 + high / 2;
}

double br_ranks_answer(br_ranks *ranks, size_t l, size_t r)
{
  move(ranks, l, r);
  if (ranks->nans > 0)
    return (double)NAN;
  if (ranks->median)
    return median(ranks);
  double h = (double)(ranks->n - 1) * ranks->q, whole = floor(h);
  if (whole >= (double)(ranks->n - 1))
    return find(ranks, ranks->n - 1);
  size_t k = (size_t)whole;
  return br_stats_blend(find(ranks, k), find(ranks, k + 1), h - whole);
}
