/* Smallest value. */
#include "stats/kernel.h"

#include "stats/order.h"

#include <math.h>

static br_code min_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  *out = n == 0 ? NAN : br_stats_min(x, n);
  return BR_OK;
}

const br_kernel br_kernel_min = {
    .name = "min",
    .help = "Smallest value; NaN for no values and where one is NaN.",
    .source = "",
    .run = min_run,
};
