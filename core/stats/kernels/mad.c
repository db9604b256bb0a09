/* Median absolute deviation from the median, unscaled: to estimate the standard deviation of normal
 * data, multiply by 1.4826 yourself. */
#include "stats/kernel.h"

#include "base/vec.h"
#include "stats/order.h"

#include <math.h>

/* From an infinite median every deviation is infinite or none at all. */
static br_code mad_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  if (n == 0 || br_stats_has_nan(x, n)) {
    *out = NAN;
    return BR_OK;
  }
  double *copy;
  BR_TRY(br_stats_copy(&copy, x, n, err));
  double middle = br_stats_median(copy, n);
  for (size_t i = 0; i < n; i++)
    copy[i] = fabs(copy[i] - middle);
  *out = isfinite(middle) ? br_stats_median(copy, n) : NAN;
  br_free(copy);
  return BR_OK;
}

const br_kernel br_kernel_mad = {
    .name = "mad",
    .help = "Median absolute deviation from the median, unscaled (not times 1.4826); NaN for no "
            "values and where the median is infinite.",
    .source = "Hampel, J. Am. Stat. Assoc. 69 (1974)",
    .run = mad_run,
};
