/* Sample standard deviation (divisor n - 1), in two passes: the mean first, then the squares.
 *
 * The squared sum of the deviations, 0 but for rounding, corrects the mean's own error (Chan, Golub
 * & LeVeque). Values are scaled by a power of two first, which is exact, so that no square
 * overflows or vanishes. */
#include "stats/kernel.h"

#include "stats/sum.h"

#include <math.h>

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

static br_code stddev_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  *out = NAN;
  if (n < 2)
    return BR_OK;
  int exponent = scale_of(x, n);
  double squares = sum_of_squares(x, n, ldexp(1, exponent));
  *out = ldexp(sqrt(squares / (double)(n - 1)), -exponent);
  return BR_OK;
}

const br_kernel br_kernel_stddev = {
    .name = "stddev",
    .help = "Sample standard deviation (divisor n - 1); NaN for fewer than two values and where "
            "one is infinite.",
    .source = "Chan, Golub & LeVeque, Am. Stat. 37 (1983), corrected two-pass",
    .run = stddev_run,
};
