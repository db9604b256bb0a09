/* Largest value. */
#include "stats/kernel.h"

#include "stats/order.h"

#include <math.h>

static br_code max_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  *out = n == 0 ? NAN : br_stats_max(x, n);
  return BR_OK;
}

const br_kernel br_kernel_max = {
    .name = "max",
    .help = "Largest value; NaN for no values and where one is NaN.",
    .source = "",
    .run = max_run,
};
