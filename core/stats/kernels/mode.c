/* Mode: the value that occurs most often. */
#include "stats/kernel.h"

#include "base/vec.h"
#include "stats/order.h"

#include <math.h>

/* The first of the longest runs of equal values. */
static double longest_run(const double *x, size_t n)
{
  size_t most = 0;
  double found = NAN;
  for (size_t i = 0, first = 0; i < n; i++) {
    if (x[i] != x[first])
      first = i;
    if (i - first + 1 > most) {
      most = i - first + 1;
      found = x[i];
    }
  }
  return found;
}

static br_code mode_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  if (n == 0 || br_stats_has_nan(x, n)) {
    *out = NAN;
    return BR_OK;
  }
  double *copy;
  BR_TRY(br_stats_copy(&copy, x, n, err));
  br_stats_sort(copy, n);
  *out = longest_run(copy, n);
  br_free(copy);
  return BR_OK;
}

const br_kernel br_kernel_mode = {
    .name = "mode",
    .help = "Mode: the value that occurs most often, of several the least; NaN for no values.",
    .source = "counted in sorted order",
    .run = mode_run,
};
