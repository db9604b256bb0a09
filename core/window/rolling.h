/* Private to window: what answers a window's statistic. All windows of a series are asked for in order:
 * neither end ever moves back. */
#ifndef BR_WINDOW_ROLLING_H
#define BR_WINDOW_ROLLING_H

#include "window/window_internal.h"

/* The values of a group without its nulls. */
typedef struct br_series {
  const double *x;
  size_t n;
  size_t widest; /* no window holds more values */
} br_series;

/* Joins of partial results; see fold.c. */
typedef struct br_fold br_fold;
/* False where the kernel has no such join. */
bool br_fold_knows(const br_kernel *kernel);
br_code br_fold_start(br_fold **out, const br_series *series, const br_kernel *kernel,
                      br_err *err) BR_MUST_USE;
void br_fold_free(br_fold *fold);
/* The kernel's result over the values l … r - 1, l < r. */
br_code br_fold_answer(br_fold *fold, size_t l, size_t r, double *out, br_err *err) BR_MUST_USE;

/* Counts of sorted values; see ranks.c. */
typedef struct br_ranks br_ranks;
bool br_ranks_knows(const br_kernel *kernel, const br_kernel_args *args);
br_code br_ranks_start(br_ranks **out, const br_series *series, const br_rolling *spec,
                       br_err *err) BR_MUST_USE;
void br_ranks_free(br_ranks *ranks);
/* The kernel's result over the values l … r - 1, l < r. */
double br_ranks_answer(br_ranks *ranks, size_t l, size_t r);

#endif
