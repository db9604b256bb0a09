/* Arithmetic mean. The kernel to copy from for one that needs no scratch memory. */
#include "stats/kernel.h"

#include "stats/sum.h"

#include <math.h>

static br_code mean_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  *out = n == 0 ? NAN : br_stats_mean(x, n);
  return BR_OK;
}

const br_kernel br_kernel_mean = {
    .name = "mean",
    .help = "Arithmetic mean, with compensated summation; NaN for no values.",
    .source = "Ogita, Rump & Oishi 2005 (summation)",
    .run = mean_run,
};
