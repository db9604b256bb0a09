/* Order statistics: extremes, the k-th smallest, what lies between two of them.
 *
 * Selection needs numbers that can be ordered: callers answer NaN themselves, by br_stats_has_nan.
 */
#ifndef BR_STATS_ORDER_H
#define BR_STATS_ORDER_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

bool br_stats_has_nan(const double *x, size_t n);

/* Smallest and largest of x, n > 0; NaN where there is one. */
double br_stats_min(const double *x, size_t n);
double br_stats_max(const double *x, size_t n);

/* A private copy to reorder; ends in br_free. */
br_code br_stats_copy(double **out, const double *x, size_t n, br_err *err) BR_MUST_USE;

/* Reorders x, without NaN, so that x[k] is the k-th smallest (from 0; k < n), none before it is
 * larger and none behind it smaller; returns x[k]. O(n) on average, O(n log n) at worst. */
double br_stats_select(double *x, size_t n, size_t k);

/* low at weight 0, high at 1, a straight line between. */
double br_stats_blend(double low, double high, double weight);

/* Median of x, without NaN, n > 0: the middle value or the mean of the two. Reorders x. */
double br_stats_median(double *x, size_t n);

/* The value below which a share q of x lies, without NaN, n > 0: a straight line between the two that are
 * next to place (n - 1) q, counted from 0. Reorders x. */
double br_stats_quantile(double *x, size_t n, double q);

/* Puts x, without NaN, in ascending order. */
void br_stats_sort(double *x, size_t n);

#endif
