/* Median: the middle value, or the mean of the two in the middle. The kernel to copy from for one
 * that needs scratch memory. */
#include "stats/kernel.h"

#include "base/vec.h"
#include "stats/order.h"

#include <math.h>

static br_code median_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  if (n == 0 || br_stats_has_nan(x, n)) {
    *out = NAN;
    return BR_OK;
  }
  double *copy;
  BR_TRY(br_stats_copy(&copy, x, n, err));
  *out = br_stats_median(copy, n);
  br_free(copy);
  return BR_OK;
}

const br_kernel br_kernel_median = {
    .name = "median",
    .help = "Median: the middle value, or the mean of the two middle ones; NaN for no values.",
    .source = "Hoare 1961 (selection)",
    .run = median_run,
};
