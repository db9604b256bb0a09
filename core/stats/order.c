/* Quickselect with three-way partition, ended by a heapsort of what is left; see order.h.
 *
 * Sources: Hoare, "Algorithm 65: Find", CACM 4 (1961); Musser, "Introspective sorting and selection
 * algorithms", Softw. Pract. Exper. 27 (1997): a limit on the rounds keeps the worst case at
 * O(n log n). Equal values are one round's work, as the partition has three parts. */
#include "stats/order.h"

#include <math.h>
#include <stdint.h>
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

static double median_of_three(double a, double b, double c)
{
  double low = a < b ? a : b, high = a < b ? b : a;
  if (c < low)
    return low;
  return c < high ? c : high;
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

/* Puts what is below pivot first and what is above it last; *low and *high bound the equal ones. */
static void partition(double *x, size_t n, double pivot, size_t *low, size_t *high)
{
  size_t below = 0, i = 0, above = n;
  while (i < above) {
    if (x[i] < pivot)
      swap(x, below++, i++);
    else if (x[i] > pivot)
      swap(x, i, --above);
    else
      i++;
  }
  *low = below;
  *high = above;
}

/* Median of three values at places that no ordering of the input foresees; a linear congruential
 * generator (Knuth's MMIX) from a fixed seed, so that a run can be repeated. */
static double pick_pivot(const double *x, size_t n, uint64_t *state)
{
  double picked[3];
  for (size_t i = 0; i < 3; i++) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    picked[i] = x[(*state >> 20) % n];
  }
  return median_of_three(picked[0], picked[1], picked[2]);
}

static int rounds_for(size_t n)
{
  int rounds = 0;
  for (; n > 0; n /= 2)
    rounds += 2;
  return rounds;
}

enum { FEW = 8 }; /* values that are sorted rather than partitioned */

double br_stats_select(double *x, size_t n, size_t k)
{
  uint64_t state = n;
  for (int rounds = rounds_for(n); n > FEW && rounds > 0; rounds--) {
    size_t low, high;
    partition(x, n, pick_pivot(x, n, &state), &low, &high);
    if (k >= low && k < high)
      return x[k];
    size_t skip = k < low ? 0 : high;
    n = k < low ? low : n - high;
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
