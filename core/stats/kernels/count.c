/* Number of values. Nulls never reach a kernel, so that this counts what is not null. */
#include "stats/kernel.h"

static br_code count_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)x;
  (void)context;
  (void)err;
  *out = (double)n;
  return BR_OK;
}

const br_kernel br_kernel_count = {
    .name = "count",
    .help = "Number of values that are not null, NaN among them; 0 for none.",
    .source = "",
    .run = count_run,
};
