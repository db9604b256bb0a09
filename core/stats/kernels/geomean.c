/* Geometric mean: the exponential of the mean of logarithms, which no product can overflow.
 *
 * The rules for the ends follow from log(0) = -inf, log(inf) = inf and log of a negative number =
 * NaN: any negative value gives NaN, else 0 with inf gives NaN, else any 0 gives 0, any inf gives
 * inf. */
#include "stats/kernel.h"

#include "stats/sum.h"

#include <math.h>

static br_code geomean_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  br_sum logs = {0};
  for (size_t i = 0; i < n; i++)
    br_sum_add(&logs, log(x[i]));
  *out = n == 0 ? NAN : exp(br_sum_value(&logs) / (double)n);
  return BR_OK;
}

const br_kernel br_kernel_geomean = {
    .name = "geomean",
    .help = "Geometric mean: 0 if a value is 0, inf if one is inf, NaN if one is negative, if 0 "
            "meets inf, and for no values.",
    .source = "ISO 3534-1; compensated sum of logarithms",
    .run = geomean_run,
};
