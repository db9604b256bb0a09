/* Sum. No values give NaN, as in every kernel but count: a report must not show 0 for what was
 * never measured. */
#include "stats/kernel.h"

#include "stats/sum.h"

#include <math.h>

static br_code sum_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  *out = n == 0 ? NAN : br_stats_sum(x, n);
  return BR_OK;
}

const br_kernel br_kernel_sum = {
    .name = "sum",
    .help = "Sum, with compensated summation; NaN for no values.",
    .source = "Ogita, Rump & Oishi 2005",
    .run = sum_run,
};
