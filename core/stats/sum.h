/* Compensated summation: the rounding error of each addition is kept and added at the end, so that
 * the result is as good as if computed in twice the precision.
 *
 * Source: Ogita, Rump & Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005),
 * Sum2; it gives what Neumaier (ZAMM 54, 1974) gives, without a branch. Needs IEEE arithmetic: no
 * -ffast-math. */
#ifndef BR_STATS_SUM_H
#define BR_STATS_SUM_H

#include <math.h>
#include <stddef.h>

typedef struct br_sum { /* zero-initialise */
  double high, low;
} br_sum;

static inline void br_sum_add(br_sum *sum, double x)
{
  double total = sum->high + x;
  double part = total - sum->high;
  sum->low += (sum->high - (total - part)) + (x - part);
  sum->high = total;
}

/* An infinite or NaN total has no rounding error worth adding. */
static inline double br_sum_value(const br_sum *sum)
{
  return isfinite(sum->high) ? sum->high + sum->low : sum->high;
}

/* Sum of x. An overflow on the way to a result that fits does no harm; inf with -inf gives NaN. */
double br_stats_sum(const double *x, size_t n);

/* Arithmetic mean of x, n > 0; finite whenever all x are. */
double br_stats_mean(const double *x, size_t n);

/* Sum of squared deviations from the mean of x · 2^*exponent, n > 0; the power is chosen so that no square
 * overflows or vanishes, and scaling by it is exact. Two passes, the mean first; the squared sum of the
 * deviations, 0 but for rounding, corrects the mean's own error. Source: Chan, Golub & LeVeque, Am. Stat.
 * 37 (1983). */
double br_stats_squares(const double *x, size_t n, int *exponent);

#endif
