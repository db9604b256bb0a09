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

/* The power of two that brings the largest of |x| below 1, within what a double's range allows. */
static int scale_of(const double *x, size_t n)
{
  double most = 0;
  for (size_t i = 0; i < n; i++)
    most = fmax(most, fabs(x[i]));
  int exponent = 0;
  if (isfinite(most))
    (void)frexp(most, &exponent);
  return exponent < -1000 ? 1000 : -exponent;
}

static double sum_of_squares(const double *x, size_t n, double scale)
{
  br_sum sum = {0}, deviations = {0}, squares = {0};
  for (size_t i = 0; i < n; i++)
    br_sum_add(&sum, x[i] * scale);
  double mean = br_sum_value(&sum) / (double)n;
  for (size_t i = 0; i < n; i++) {
    double deviation = x[i] * scale - mean;
    br_sum_add(&deviations, deviation);
    br_sum_add(&squares, deviation * deviation);
  }
  double rest = br_sum_value(&deviations);
  double corrected = br_sum_value(&squares) - rest * rest / (double)n;
  return corrected < 0 ? 0 : corrected;
}

double br_stats_squares(const double *x, size_t n, int *exponent)
{
  *exponent = scale_of(x, n);
  return sum_of_squares(x, n, ldexp(1, *exponent));
}
