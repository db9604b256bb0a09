/* Sums and means that survive overflow on the way; see sum.h. */
#include "stats/sum.h"

/* Sum of x · scale. */
static double scaled_sum(const double *x, size_t n, double scale)
{
  br_sum sum = {0};
  for (size_t i = 0; i < n; i++)
    br_sum_add(&sum, x[i] * scale);
  return br_sum_value(&sum);
}

/* 2^64 values of any size fit when each is taken 2^-64 times. */
static const int headroom = 64;

double br_stats_sum(const double *x, size_t n)
{
  double sum = scaled_sum(x, n, 1);
  return isfinite(sum) ? sum : ldexp(scaled_sum(x, n, ldexp(1, -headroom)), headroom);
}

double br_stats_mean(const double *x, size_t n)
{
  double count = (double)n;
  double sum = scaled_sum(x, n, 1);
  if (isfinite(sum))
    return sum / count;
  return ldexp(scaled_sum(x, n, ldexp(1, -headroom)) / count, headroom);
}
