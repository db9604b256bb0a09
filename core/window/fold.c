/* Statistics of a sliding window by joining partial results; see window.h for the source.
 *
 * The window is cut in two at `middle`. What lies behind it is folded into one result, and so is, for
 * each value before it, the piece from there up to the middle. A value that enters is joined to the
 * first; one that leaves takes its piece along. When no piece is left the middle moves to the end and
 * the pieces are made anew, which each value goes through once. */
#include "window/rolling.h"

#include "base/vec.h"
#include "stats/sum.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { SEEN_NAN = 1, SEEN_PLUS = 2, SEEN_MINUS = 4, SEEN_BOTH = 6 };

struct piece {
  double a;      /* sum: its value; extremes: the extreme; spread: mean less c */
  double b;      /* sum: what rounding has cut off; spread: sum of the squares about the mean */
  double c;      /* spread: a value near all others, so that little is lost by cancellation */
  size_t n;      /* values; 0: the empty piece */
  unsigned seen; /* what is not finite, which sums and spreads leave out */
  bool varies;   /* spread: two values differ */
};

struct method {
  const char *kernel;
  struct piece (*single)(double x);
  struct piece (*join)(const struct piece *a, const struct piece *b); /* neither empty */
  double (*finish)(const struct piece *p, bool *sure); /* not sure: let the kernel say */
};

struct br_fold {
  const struct method *method;
  const br_kernel *kernel;
  br_series series;
  struct piece *before; /* those from first on, up to middle */
  size_t first, middle, end;
  struct piece behind;
};

/* --- sums --- */

static unsigned kind_of(double x)
{
  if (isnan(x))
    return SEEN_NAN;
  if (isinf(x))
    return x > 0 ? SEEN_PLUS : SEEN_MINUS;
  return 0;
}

static struct piece sum_single(double x)
{
  unsigned seen = kind_of(x);
  return (struct piece){.a = seen ? 0 : x, .n = 1, .seen = seen};
}

static struct piece sum_join(const struct piece *a, const struct piece *b)
{
  br_sum sum = {a->a, a->b + b->b};
  br_sum_add(&sum, b->a);
  return (struct piece){.a = sum.high, .b = sum.low, .n = a->n + b->n, .seen = a->seen | b->seen};
}

static double sum_finish(const struct piece *p, bool *sure)
{
  if (p->seen & SEEN_NAN || (p->seen & SEEN_BOTH) == SEEN_BOTH)
    return (double)NAN;
  if (p->seen)
    return p->seen & SEEN_PLUS ? (double)INFINITY : -(double)INFINITY;
  double value = p->a + p->b;
  *sure = (bool)isfinite(value);
  return value;
}

static double mean_finish(const struct piece *p, bool *sure)
{
  return sum_finish(p, sure) / (double)p->n;
}

static double count_finish(const struct piece *p, bool *sure)
{
  (void)sure;
  return (double)p->n;
}

/* --- extremes --- */

static struct piece extreme_single(double x)
{
  return (struct piece){.a = x, .n = 1};
}

static struct piece min_join(const struct piece *a, const struct piece *b)
{
  bool first = isnan(a->a) || a->a <= b->a;
  return (struct piece){.a = first ? a->a : b->a, .n = a->n + b->n};
}

static struct piece max_join(const struct piece *a, const struct piece *b)
{
  bool first = isnan(a->a) || a->a >= b->a;
  return (struct piece){.a = first ? a->a : b->a, .n = a->n + b->n};
}

static double extreme_finish(const struct piece *p, bool *sure)
{
  (void)sure;
  return p->a;
}

/* --- spread --- */

static struct piece spread_single(double x)
{
  return (struct piece){.c = x, .n = 1, .seen = kind_of(x)};
}

static struct piece spread_join(const struct piece *a, const struct piece *b)
{
  const struct piece *most = a->n >= b->n ? a : b, *few = a->n >= b->n ? b : a;
  double n = (double)(a->n + b->n), share = (double)few->n / n;
  double step = (few->c - most->c) + (few->a - most->a);
  struct piece p = {.c = most->c, .n = a->n + b->n, .seen = a->seen | b->seen};
  p.a = most->a + step * share;
  p.b = a->b + b->b + step * step * share * (double)most->n;
  p.varies = a->varies || b->varies || step != 0;
  return p;
}

/* Squares that overflow or vanish are for the kernel, which scales. */
static double spread_finish(const struct piece *p, bool *sure)
{
  if (p->seen || p->n < 2)
    return (double)NAN;
  *sure = !p->varies || (isfinite(p->b) && p->b > DBL_MIN / DBL_EPSILON);
  return sqrt(p->b / (double)(p->n - 1));
}

/* --- the queue --- */

static const struct method methods[] = {
    {"sum", sum_single, sum_join, sum_finish},
    {"mean", sum_single, sum_join, mean_finish},
    {"count", sum_single, sum_join, count_finish},
    {"min", extreme_single, min_join, extreme_finish},
    {"max", extreme_single, max_join, extreme_finish},
    {"stddev", spread_single, spread_join, spread_finish},
};

static const struct method *find(const br_kernel *kernel)
{
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
    if (strcmp(methods[i].kernel, kernel->name) == 0)
      return &methods[i];
  return NULL;
}

bool br_fold_knows(const br_kernel *kernel)
{
  return find(kernel) != NULL;
}

br_code br_fold_start(br_fold **out, const br_series *series, const br_kernel *kernel, br_err *err)
{
  br_fold *fold = br_calloc(1, sizeof *fold);
  if (!fold)
    return br_fail_nomem(err);
  fold->before = br_calloc(series->widest, sizeof *fold->before);
  if (!fold->before) {
    br_free(fold);
    return br_fail_nomem(err);
  }
  fold->series = *series;
  fold->kernel = kernel;
  fold->method = find(kernel);
  *out = fold;
  return BR_OK;
}

void br_fold_free(br_fold *fold)
{
  if (!fold)
    return;
  br_free(fold->before);
  br_free(fold);
}

static struct piece join(const br_fold *fold, const struct piece *a, const struct piece *b)
{
  if (a->n == 0)
    return *b;
  return b->n == 0 ? *a : fold->method->join(a, b);
}

/* Moves the middle to the end; the window begins at l. */
static void turn(br_fold *fold, size_t l)
{
  struct piece piece = {0};
  for (size_t i = fold->end; i-- > l;) {
    struct piece one = fold->method->single(fold->series.x[i]);
    piece = join(fold, &one, &piece);
    fold->before[i - l] = piece;
  }
  fold->first = l;
  fold->middle = fold->end;
  fold->behind = (struct piece){0};
}

br_code br_fold_answer(br_fold *fold, size_t l, size_t r, double *out, br_err *err)
{
  const struct piece none = {0};
  bool sure = true;
  for (; fold->end < r; fold->end++) {
    struct piece one = fold->method->single(fold->series.x[fold->end]);
    fold->behind = join(fold, &fold->behind, &one);
  }
  if (l > fold->middle)
    turn(fold, l);
  const struct piece *before = l < fold->middle ? &fold->before[l - fold->first] : &none;
  struct piece whole = join(fold, before, &fold->behind);
  *out = fold->method->finish(&whole, &sure);
  return sure ? BR_OK : fold->kernel->run(fold->series.x + l, r - l, NULL, out, err);
}
