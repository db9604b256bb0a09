/* Selection by samples, ended by a heapsort where that goes wrong; see order.h.
 *
 * Sources: Floyd & Rivest, "Algorithm 489: SELECT", CACM 18 (1975): the pivot is taken from a sample around
 * the place that is sought, so that little more than one pass over the values is needed, most of whose
 * branches go one way. Musser, "Introspective sorting and selection algorithms", Softw. Pract. Exper. 27
 * (1997): a limit on the rounds keeps the worst case at O(n log n). */
#include "stats/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool br_stats_has_nan(const double *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (isnan(x[i]))
      return true;
  return false;
}

double br_stats_min(const double *x, size_t n)
{
  double least = x[0];
  for (size_t i = 1; i < n; i++)
    if (x[i] < least || isnan(x[i]))
      least = x[i];
  return least;
}

double br_stats_max(const double *x, size_t n)
{
  double most = x[0];
  for (size_t i = 1; i < n; i++)
    if (x[i] > most || isnan(x[i]))
      most = x[i];
  return most;
}

br_code br_stats_copy(double **out, const double *x, size_t n, br_err *err)
{
  double *copy = br_realloc(NULL, n, sizeof *copy);
  if (!copy)
    return br_fail_nomem(err);
  if (n > 0)
    memcpy(copy, x, n * sizeof *copy);
  *out = copy;
  return BR_OK;
}

static void swap(double *x, size_t i, size_t j)
{
  double t = x[i];
  x[i] = x[j];
  x[j] = t;
}

static void sift_down(double *x, size_t n, size_t i)
{
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= n)
      return;
    if (child + 1 < n && x[child + 1] > x[child])
      child++;
    if (!(x[child] > x[i]))
      return;
    swap(x, i, child);
    i = child;
  }
}

static void heapsort(double *x, size_t n)
{
  for (size_t i = n / 2; i-- > 0;)
    sift_down(x, n, i);
  for (size_t end = n; end-- > 1;) {
    swap(x, 0, end);
    sift_down(x, end, 0);
  }
}

/* Around x[k], n ≥ 2: returns where it stands then, with none larger before it and none smaller behind. */
static size_t partition(double *x, size_t n, size_t k)
{
  double pivot = x[k];
  size_t i = 0, j = n - 1;
  swap(x, 0, k);
  if (x[j] > pivot)
    swap(x, 0, j);
  while (i < j) {
    swap(x, i++, j--);
    while (x[i] < pivot)
      i++;
    while (x[j] > pivot)
      j--;
  }
  if (x[0] == pivot) { /* else it stands last */
    swap(x, 0, j);
    return j;
  }
  swap(x, j + 1, n - 1);
  return j + 1;
}

static int rounds_for(size_t n)
{
  int rounds = 0;
  for (; n > 0; n /= 2)
    rounds += 2;
  return rounds;
}

enum { FEW = 8, MANY = 600 }; /* values that are sorted; values that a sample is taken of */

/* The span around place k of n whose own k-th smallest is a good pivot: close to that of all, on the side
 * where the smaller part is to be cut off. */
static void sample_around(size_t k, size_t n, size_t *first, size_t *end)
{
  double all = (double)n, at = (double)k, z = log(all);
  double size = 0.5 * exp(2 * z / 3);
  double shift = 0.5 * sqrt(z * size * (all - size) / all) * (at < all / 2 ? -1 : 1);
  double low = floor(at - at * size / all + shift);
  double high = floor(at + (all - at) * size / all + shift);
  *first = low > 0 ? (size_t)low : 0;
  *end = high < all - 1 ? (size_t)high + 1 : n;
  *first = *first < k ? *first : k;
  *end = *end > k ? *end : k + 1;
}

double br_stats_select(double *x, size_t n, size_t k)
{
  for (int rounds = rounds_for(n); n > FEW && rounds > 0; rounds--) {
    if (n > MANY) {
      size_t first, end;
      sample_around(k, n, &first, &end);
      (void)br_stats_select(x + first, end - first, k - first);
    }
    size_t at = partition(x, n, k);
    if (at == k)
      return x[k];
    size_t skip = k < at ? 0 : at + 1;
    n = k < at ? at : n - skip;
    x += skip;
    k -= skip;
  }
  heapsort(x, n);
  return x[k];
}

double br_stats_blend(double low, double high, double weight)
{
  if (weight <= 0 || low == high)
    return low;
  if (weight >= 1)
    return high;
  double gap = high - low;
  if (!isfinite(gap))
    return low * (1 - weight) + high * weight;
  return weight < 0.5 ? low + gap * weight : high - gap * (1 - weight);
}

/* Correctly rounded, unlike br_stats_blend at one half. */
static double midpoint(double a, double b)
{
  double middle = (a + b) / 2;
  return isfinite(middle) ? middle : a / 2 + b / 2;
}

double br_stats_median(double *x, size_t n)
{
  double middle = br_stats_select(x, n, n / 2);
  return n % 2 ? middle : midpoint(br_stats_max(x, n / 2), middle);
}

double br_stats_quantile(double *x, size_t n, double q)
{
  double h = (double)(n - 1) * q, whole = floor(h);
  size_t k = (size_t)whole;
  double low = br_stats_select(x, n, k);
  return k + 1 < n ? br_stats_blend(low, br_stats_min(x + k + 1, n - k - 1), h - whole) : low;
}

static int compare_values(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void br_stats_sort(double *x, size_t n)
{
  if (n > 1)
    qsort(x, n, sizeof *x, compare_values);
}
