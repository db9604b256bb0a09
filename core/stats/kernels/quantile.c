/* Quantile: the value below which a share q of the values lies, by any of the methods in use.
 *
 * Sources: Hyndman & Fan, "Sample quantiles in statistical packages", Am. Stat. 50 (1996), whose
 * types 1 to 9 are the first nine rows of the table, in order; the names are numpy's. Each method
 * is a position among the sorted values, counted from 0,
 *
 *     h = (n + 1 - a - b) q + a - 1
 *
 * and a weight that says how far from value floor(h) towards the next one the quantile lies. */
#include "stats/kernel.h"

#include "base/vec.h"
#include "stats/order.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Weight of the upper neighbour. whole is floor(h), part what is left of h, in [0, 1). */
typedef double (*weigh)(double whole, double part);

static double weigh_line(double whole, double part)
{
  (void)whole;
  return part;
}

static double weigh_low(double whole, double part)
{
  (void)whole;
  (void)part;
  return 0;
}

static double weigh_high(double whole, double part)
{
  (void)whole;
  return part > 0 ? 1 : 0;
}

static double weigh_middle(double whole, double part)
{
  (void)whole;
  return part > 0 ? 0.5 : 0;
}

/* Steps, and the mean of two values at the step itself. */
static double weigh_step_mean(double whole, double part)
{
  (void)whole;
  return part > 0 ? 1 : 0.5;
}

/* The nearest, halves to the even position counted from 0. */
static double weigh_nearest(double whole, double part)
{
  return rint(whole + part) > whole ? 1 : 0;
}

/* The nearest, halves to the even position counted from 1. */
static double weigh_nearest_order(double whole, double part)
{
  return rint(whole + 1 + part) > whole + 1 ? 1 : 0;
}

typedef struct method {
  const char *name;
  double a, b;
  weigh weight;
} method;

static const method methods[] = {
    {"inverted_cdf", 0, 1, weigh_high},
    {"averaged_inverted_cdf", 0, 1, weigh_step_mean},
    {"closest_observation", 0, 1, weigh_nearest_order},
    {"interpolated_inverted_cdf", 0, 1, weigh_line},
    {"hazen", 0.5, 0.5, weigh_line},
    {"weibull", 0, 0, weigh_line},
    {"linear", 1, 1, weigh_line},
    {"median_unbiased", 1.0 / 3, 1.0 / 3, weigh_line},
    {"normal_unbiased", 3.0 / 8, 3.0 / 8, weigh_line},
    {"lower", 1, 1, weigh_low},
    {"higher", 1, 1, weigh_high},
    {"midpoint", 1, 1, weigh_middle},
    {"nearest", 1, 1, weigh_nearest},
};
static const size_t method_count = sizeof methods / sizeof *methods;

static br_code fail_unknown(const char *name, br_err *err)
{
  char known[320] = "";
  for (size_t i = 0, used = 0; i < method_count && used < sizeof known; i++)
    used +=
        (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", methods[i].name);
  return br_fail(err, BR_EINVAL, "unknown quantile method '%.64s'; known: %s", name, known);
}

static const method *find_method(const char *name)
{
  for (size_t i = 0; i < method_count; i++)
    if (strcmp(methods[i].name, name) == 0)
      return &methods[i];
  return NULL;
}

/* What is a whole or a half but for rounding becomes one: 0.07 · 100 is not 7 in binary, and a step
 * would give the next value. R does so too (4 epsilon). */
static double snap(double h)
{
  double half = rint(2 * h) / 2;
  return fabs(h - half) <= 4 * DBL_EPSILON * fmax(1, fabs(h)) ? half : h;
}

/* Reorders x. */
static double quantile_of(double *x, size_t n, double q, const method *m)
{
  double h = ((double)n + 1 - m->a - m->b) * q + (m->a - 1);
  if (m->weight != weigh_line)
    h = snap(h);
  double whole = floor(h), weight = m->weight(whole, h - whole);
  if (whole < 0)
    return br_stats_min(x, n);
  if (whole >= (double)(n - 1))
    return br_stats_max(x, n);
  size_t k = (size_t)whole;
  double low = br_stats_select(x, n, k);
  return br_stats_blend(low, br_stats_min(x + k + 1, n - k - 1), weight);
}

static br_code quantile_run(const double *x, size_t n, const void *context, double *out,
                            br_err *err)
{
  static const br_kernel_args defaults = {.q = 0.5};
  const br_kernel_args *args = context ? context : &defaults;
  const char *name = args->method ? args->method : "linear";
  const method *m = find_method(name);
  if (!m)
    return fail_unknown(name, err);
  if (!(args->q >= 0 && args->q <= 1))
    return br_fail(err, BR_EINVAL, "quantile: q must be between 0 and 1, got %g", args->q);
  if (n == 0 || br_stats_has_nan(x, n)) {
    *out = NAN;
    return BR_OK;
  }
  double *copy;
  BR_TRY(br_stats_copy(&copy, x, n, err));
  *out = quantile_of(copy, n, args->q, m);
  br_free(copy);
  return BR_OK;
}

const br_kernel br_kernel_quantile = {
    .name = "quantile",
    .help = "The value below which a share q of the values lies; options q (0 to 1, default 0.5) "
            "and method (default linear); NaN for no values.",
    .source = "Hyndman & Fan, Am. Stat. 50 (1996)",
    .run = quantile_run,
};
