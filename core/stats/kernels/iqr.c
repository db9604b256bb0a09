/* Interquartile range: how far apart the quartiles are. */
#include "stats/kernel.h"

#include "base/vec.h"
#include "stats/order.h"

#include <math.h>

static br_code iqr_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  if (n == 0 || br_stats_has_nan(x, n)) {
    *out = NAN;
    return BR_OK;
  }
  double *copy;
  BR_TRY(br_stats_copy(&copy, x, n, err));
  double low = br_stats_quantile(copy, n, 0.25);
  *out = br_stats_quantile(copy, n, 0.75) - low;
  br_free(copy);
  return BR_OK;
}

const br_kernel br_kernel_iqr = {
    .name = "iqr",
    .help = "Interquartile range: the quantile at 3/4 less the one at 1/4 (linear); NaN for no "
            "values and "
            "where both are infinite alike.",
    .source = "Hyndman & Fan, Am. Stat. 50 (1996), type 7",
    .run = iqr_run,
};
