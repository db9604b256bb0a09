/* Sample variance (divisor n - 1). */
#include "stats/kernel.h"

#include "stats/sum.h"

#include <math.h>

static br_code var_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  *out = NAN;
  if (n < 2)
    return BR_OK;
  int exponent = 0;
  double squares = br_stats_squares(x, n, &exponent);
  *out = ldexp(squares / (double)(n - 1), -2 * exponent);
  return BR_OK;
}

const br_kernel br_kernel_var = {
    .name = "var",
    .help =
        "Sample variance (divisor n - 1), in the square of the values' unit; NaN for fewer than "
        "two values and where one is infinite.",
    .source = "Chan, Golub & LeVeque, Am. Stat. 37 (1983), corrected two-pass",
    .run = var_run,
};
