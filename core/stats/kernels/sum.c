/* Sum. No values give 0: parts add up to the whole, however it is cut. */
#include "stats/kernel.h"

#include "stats/sum.h"

static br_code sum_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  *out = br_stats_sum(x, n);
  return BR_OK;
}

const br_kernel br_kernel_sum = {
    .name = "sum",
    .help = "Sum, with compensated summation; 0 for no values.",
    .source = "Ogita, Rump & Oishi 2005",
    .run = sum_run,
};
