/* Number of different values. */
#include "stats/kernel.h"

#include "base/vec.h"
#include "stats/order.h"

#include <math.h>

/* Moves what is a number to the front; returns how many there are. */
static size_t drop_nan(double *x, size_t n)
{
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    if (!isnan(x[i]))
      x[kept++] = x[i];
  }
  return kept;
}

static br_code nunique_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  double *copy;
  BR_TRY(br_stats_copy(&copy, x, n, err));
  size_t kept = drop_nan(copy, n);
  br_stats_sort(copy, kept);
  size_t count = kept < n;
  for (size_t i = 0; i < kept; i++)
    count += i == 0 || copy[i] != copy[i - 1];
  br_free(copy);
  *out = (double)count;
  return BR_OK;
}

const br_kernel br_kernel_nunique = {
    .name = "nunique",
    .help =
        "Number of different values that are not null, any NaN being one, -0 being 0; 0 for none.",
    .source = "counted in sorted order",
    .run = nunique_run,
};
