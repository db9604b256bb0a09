/* Round ticks and robust limits; see axis.h.
 *
 * Sources: P. Heckbert, "Nice numbers for graph labels" (Graphics Gems, 1990), with 2.5 as a fourth
 * nice number; J. Tukey, "Exploratory Data Analysis" (1977) for the outer fence Q3 + 3 IQR. */
#include "plot/axis.h"

#include "plot/text.h"
#include "stats/order.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#define VALUE_MAX 1e300    /* beyond, sums of a few values overflow */
#define VALUE_MIN 1e-290   /* below, steps are no normal numbers */
#define RELATIVE_MIN 1e-10 /* narrower ranges have no distinct ticks */
#define FEWEST 4           /* fewer values have no outliers */
#define OUTLIER_SHARE 20   /* one in so many may be cut, or one of fewer */
#define FAR 3              /* times the largest of the rest */
#define FAR_OF_FEW 8       /* the same where no more than one may be cut */

static double bounded(double x)
{
  return isnan(x) ? 0 : fmin(fmax(x, -VALUE_MAX), VALUE_MAX);
}

static double nice_step(double raw)
{
  static const double steps[] = {1, 2, 2.5, 5, 10};
  double power = pow(10, floor(log10(raw)));
  size_t i = 0;
  while (i < 4 && steps[i] * power < raw * (1 - 1e-9))
    i++;
  return steps[i] * power;
}

br_axis br_axis_nice(double lo, double hi, int want)
{
  lo = bounded(lo);
  hi = bounded(hi);
  double size = fmax(fabs(lo), fabs(hi));
  double least = size > VALUE_MIN ? size * RELATIVE_MIN : 0;
  if (!(hi - lo > fmax(least, VALUE_MIN))) {
    double widen = size > VALUE_MIN ? size / 20 : 1;
    lo -= lo == 0 ? 0 : widen;
    hi += widen;
  }
  double step = nice_step((hi - lo) / want);
  br_axis axis = {.step = step, .lo = floor(lo / step + 1e-6) * step};
  axis.ticks = (int)ceil((hi - axis.lo) / step - 1e-6);
  axis.ticks = axis.ticks < 1 ? 1 : axis.ticks;
  axis.hi = axis.lo + axis.ticks * step;
  return axis;
}

double br_axis_tick(const br_axis *axis, int i)
{
  double value = axis->lo + i * axis->step;
  return fabs(value) < axis->step / 1000 ? 0 : value;
}

/* A power of 1000 and its letter. */
typedef struct magnitude {
  double factor;
  const char *letter;
} magnitude;

static magnitude magnitude_of(double size)
{
  static const magnitude magnitudes[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "k"}};
  for (size_t i = 0; i < sizeof magnitudes / sizeof *magnitudes; i++)
    if (size >= magnitudes[i].factor)
      return (magnitude){i == 3 ? 1e3 : magnitudes[i].factor, magnitudes[i].letter};
  return (magnitude){1, ""};
}

/* Decimals that tell multiples of step apart. */
static int decimals_of(double step)
{
  for (int decimals = 0; decimals < 9; decimals++) {
    double scaled = step * pow(10, decimals);
    if (fabs(scaled - nearbyint(scaled)) < 1e-6 * scaled)
      return decimals;
  }
  return 9;
}

/* "×" and "%" follow the number at once, words after a blank. */
static const char *separator(const char *unit)
{
  char first = unit[0];
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') ? " " : "";
}

static void add_unit(char out[BR_AXIS_TEXT_MAX], const char *number, const char *letter,
                     const char *unit)
{
  unit = unit ? unit : "";
  (void)snprintf(out, BR_AXIS_TEXT_MAX, "%s%s%s%.24s", number, letter, separator(unit), unit);
}

void br_axis_text(char out[BR_AXIS_TEXT_MAX], const br_axis *axis, int i, const char *unit)
{
  char number[32];
  double value = br_axis_tick(axis, i), size = fmax(fabs(axis->lo), fabs(axis->hi));
  magnitude m = magnitude_of(size);
  if (value == 0)
    (void)snprintf(out, BR_AXIS_TEXT_MAX, "0");
  else if (size >= 1e15 || axis->step < 1e-5) {
    (void)snprintf(number, sizeof number, "%.4g", value);
    add_unit(out, number, "", unit);
  } else {
    (void)snprintf(number, sizeof number, "%.*f", decimals_of(axis->step / m.factor),
                   value / m.factor);
    add_unit(out, number, m.letter, unit);
  }
}

void br_axis_value_text(char out[BR_AXIS_TEXT_MAX], double value, const char *unit)
{
  char number[32];
  magnitude m = magnitude_of(fabs(value));
  if (isinf(value))
    (void)snprintf(out, BR_AXIS_TEXT_MAX, value > 0 ? "\xE2\x88\x9E" : "-\xE2\x88\x9E");
  else if (fabs(value) >= 1e15) {
    (void)snprintf(number, sizeof number, "%.3g", value);
    add_unit(out, number, "", unit);
  } else {
    double scaled = value / m.factor;
    (void)snprintf(number, sizeof number, fabs(scaled) >= 100 ? "%.0f" : "%.3g", scaled);
    add_unit(out, number, m.letter, unit);
  }
}

/* The largest value that is no outlier, and how many are above it. */
static double largest_within(const double *x, size_t n, double fence, size_t *above)
{
  double largest = 0;
  *above = 0;
  for (size_t i = 0; i < n; i++)
    if (x[i] > fence)
      ++*above;
    else
      largest = fmax(largest, x[i]);
  return largest;
}

double br_axis_reach(double *x, size_t n)
{
  if (n == 0)
    return 0;
  double top = br_stats_max(x, n);
  if (n < FEWEST)
    return top;
  double q3 = br_stats_select(x, n, n - 1 - n / 4), q1 = br_stats_select(x, n, n / 4);
  size_t above;
  double rest = largest_within(x, n, fmin(q3 + 3 * (q3 - q1), DBL_MAX), &above);
  size_t allowed = n < OUTLIER_SHARE ? 1 : n / OUTLIER_SHARE;
  return above <= allowed && top > (n < OUTLIER_SHARE ? FAR_OF_FEW : FAR) * rest ? rest : top;
}
