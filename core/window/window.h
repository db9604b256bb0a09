/* Functions that look along a column: rolling and exponentially weighted statistics, gaps filled,
 * differences, running totals, ranks.
 *
 * Each takes a column and gives one of the same length. With groups, the rows of a group stand for
 * themselves, in row order, as if each group were a column of its own; NULL is one group of all rows.
 * A null is a gap, and every function says what becomes of it; NaN is a value, and what is computed from
 * it is NaN. Where pandas has the function, nulls go as its missing values do ("pandas" below is its user
 * guide and API reference, version 1.5).
 *
 * A column of another type than a function takes is BR_ETYPE, groups of another number of rows than the
 * column's BR_EINVAL, a result that does not fit its type BR_ERANGE with the row. Long work ends with
 * BR_EINTR when the user interrupts. */
#ifndef BR_WINDOW_WINDOW_H
#define BR_WINDOW_WINDOW_H

#include "frame/frame.h"
#include "stats/kernel.h"

/* Which rows belong together. Ends in br_window_groups_free. */
typedef struct br_window_groups br_window_groups;

/* Rows that agree on all keys, as in br_frame_group_by. */
br_code br_window_groups_make(br_window_groups **out, const br_frame *frame,
                              const char *const *keys, size_t nkeys, br_err *err) BR_MUST_USE;
void br_window_groups_free(br_window_groups *groups); /* NULL is fine */

typedef struct br_rolling {
  size_t n;                /* rows of a window, > 0 */
  size_t min;              /* values it must hold, at most n; with fewer the result is null */
  const br_kernel *kernel; /* over the values that are not null */
  br_kernel_args args;
  bool centre; /* the row is in the middle (of an even n: the first behind it), not at the end */
} br_rolling;

/* f64: the kernel over each window. Windows are cut at the ends of a group. As pandas' rolling(n,
 * min_periods=min, center=centre), whose min_periods is n by default.
 * Takes numbers, bools as 0 and 1, timestamps as seconds.
 * Sum, mean, min, max, stddev and count take O(1) a row: partial results of a queue of two stacks are
 * joined, so that nothing is ever subtracted, no rounding error piles up and an inf or NaN that has left
 * the window leaves no trace. Source: Tangwongsan, Hirzel & Schneider, "General incremental
 * sliding-window aggregation", PVLDB 8 (2015), two-stacks; spread joined as by Chan, Golub & LeVeque
 * (1983). Median and quantile (method linear) take O(log n) by counts in a tree (Fenwick, "A new data
 * structure for cumulative frequency tables", Softw. Pract. Exper. 24, 1994). All else O(n). */
br_code br_window_rolling(br_column **out, const br_column *column, const br_window_groups *groups,
                          const br_rolling *spec, br_err *err) BR_MUST_USE;

typedef enum br_decay { BR_DECAY_ALPHA, BR_DECAY_SPAN, BR_DECAY_HALFLIFE, BR_DECAY_COM } br_decay;
typedef enum br_ewm_kind { BR_EWM_MEAN, BR_EWM_STDDEV } br_ewm_kind;
typedef struct br_ewm {
  br_ewm_kind kind;
  br_decay
      decay; /* what value is: alpha in (0, 1]; span ≥ 1: alpha = 2 / (span + 1); half-life > 0 */
  double value;   /* in rows: alpha = 1 - 2^(-1 / half-life); com ≥ 0: alpha = 1 / (1 + com) */
  bool recursive; /* y = (1 - alpha) y' + alpha x; else the weights (1 - alpha)^i over their sum */
  bool ignore_nulls; /* a gap does not age what is before it */
  size_t min;        /* values seen before there is a result; 0 counts as 1 */
} br_ewm;

/* f64: the exponentially weighted mean, or the standard deviation without bias (NaN for one value). As
 * pandas' ewm(adjust = not recursive, ignore_na = ignore_nulls): a null gets the result before it. */
br_code br_window_ewm(br_column **out, const br_column *column, const br_window_groups *groups,
                      const br_ewm *spec, br_err *err) BR_MUST_USE;

typedef enum br_fill {
  BR_FILL_LINEAR,   /* f64, of f64 or i64 */
  BR_FILL_PREVIOUS, /* these three: of any type, which stays */
  BR_FILL_NEXT,
  BR_FILL_NEAREST, /* halfway: the previous */
} br_fill;
typedef struct br_interpolation {
  br_fill method;
  const br_column *x; /* where each row lies: i64, f64 or timestamp, never falling; NULL: evenly */
  bool ends;          /* rows with values on one side only get the nearest of them */
} br_interpolation;

/* The column with values for its nulls. Linear and nearest need a value on both sides, previous and next
 * one on theirs, else, unless `ends`, the null stays; it stays too where x is null, and such a row's value
 * is none to go by. BR_ERANGE where x falls or is NaN, with the row. */
br_code br_window_interpolate(br_column **out, br_column *column, const br_window_groups *groups,
                              const br_interpolation *spec, br_err *err) BR_MUST_USE;

/* Each row's value of n rows before (n < 0: after) it, null where there is no such row; any type. */
br_code br_window_shift(br_column **out, const br_column *column, const br_window_groups *groups,
                        int64_t n, br_err *err) BR_MUST_USE;

typedef enum br_change { BR_CHANGE_DIFFERENCE, BR_CHANGE_RELATIVE } br_change;
/* What each row has changed against that n rows before (n < 0: after) it. Difference: i64 of i64
 * (BR_ERANGE), f64 of f64, seconds (f64) of timestamps. Relative: x / before - 1, f64, of numbers. Null
 * where either is null; unlike pandas' pct_change before version 3, gaps are not filled first. */
br_code br_window_change(br_column **out, const br_column *column, const br_window_groups *groups,
                         br_change kind, int64_t n, br_err *err) BR_MUST_USE;

typedef enum br_running {
  BR_RUNNING_SUM, /* of i64 and bool: i64; of f64: f64, compensated */
  BR_RUNNING_PRODUCT,
  BR_RUNNING_MIN, /* of i64, f64, timestamp: the same type */
  BR_RUNNING_MAX,
  BR_RUNNING_COUNT, /* i64: values so far, of any type; never null */
} br_running;
/* Each row's total of all rows up to it. A null stays null and adds nothing, as in pandas' cumsum and
 * its kin. */
br_code br_window_running(br_column **out, const br_column *column, const br_window_groups *groups,
                          br_running kind, br_err *err) BR_MUST_USE;

typedef enum br_ties {
  BR_TIES_AVERAGE, /* f64; all others i64 */
  BR_TIES_MIN,
  BR_TIES_MAX,
  BR_TIES_DENSE, /* as min, without holes in the numbering */
  BR_TIES_FIRST, /* in row order */
} br_ties;
/* Place of each row among the values in sorting order, from 1; of any type. A null stays null, as in
 * pandas' rank(na_option="keep"); NaN ranks behind all numbers in either direction. */
br_code br_window_rank(br_column **out, br_column *column, const br_window_groups *groups,
                       br_ties ties, bool descending, br_err *err) BR_MUST_USE;

#endif
