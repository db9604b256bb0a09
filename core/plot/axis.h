/* Axes of numbers: round ticks, their texts, and a limit that a few outliers do not set. */
#ifndef BR_PLOT_AXIS_H
#define BR_PLOT_AXIS_H

#include "base/err.h"

#include <stddef.h>

#define BR_AXIS_TEXT_MAX 64

typedef struct br_axis {
  double lo, hi; /* multiples of step, lo < hi */
  double step;
  int ticks; /* steps between lo and hi; one tick more than that */
} br_axis;

/* The axis with round numbers (1, 2, 2.5, 5 times a power of ten) that covers lo … hi in about
 * `want` steps. A range that is empty, not finite or too narrow for doubles is widened. */
br_axis br_axis_nice(double lo, double hi, int want);

/* Value of tick i, 0 … ticks. */
double br_axis_tick(const br_axis *axis, int i);

/* The tick's text with the unit behind it, none at 0: "1.5×", "20 ms", "3M". */
void br_axis_text(char out[BR_AXIS_TEXT_MAX], const br_axis *axis, int i, const char *unit);

/* A single value in three digits, e.g. "52.3×". Infinity is a sign. */
void br_axis_value_text(char out[BR_AXIS_TEXT_MAX], double value, const char *unit);

/* The largest of n finite values that an axis from 0 should reach. Values far above the rest
 * (beyond Tukey's outer fence and thrice the rest, eight times among fewer than 20) are left out if
 * they are no more than one in twenty, or one. Reorders x; 0 where n is 0. */
double br_axis_reach(double *x, size_t n);

#endif
