/* Statistics kernels: a number from a vector of numbers.
 *
 * One file a kernel, core/stats/kernels/<name>.c, which defines `const br_kernel br_kernel_<name>`;
 * the build collects them by the folder's contents, nothing else is touched. A kernel's `run` has
 * the shape of br_reduce, so frames can group and pivot with it.
 *
 * Common rules, unless a kernel's help says otherwise: x holds n doubles, not changed; a NaN among
 * them gives NaN; n = 0 gives NaN (count, sum: 0). Nulls never reach a kernel. */
#ifndef BR_STATS_KERNEL_H
#define BR_STATS_KERNEL_H

#include "base/mem.h"

#include <stddef.h>

typedef struct br_kernel_args {
  double q;           /* quantile: probability in [0, 1] */
  const char *method; /* quantile: name of the method; NULL for the default */
} br_kernel_args;

typedef struct br_kernel {
  const char *name;
  const char *help;   /* one sentence: what it is, unit, NaN and empty input where they differ */
  const char *source; /* of the method: paper, standard, or "" where there is but one */
  /* context: br_kernel_args or NULL for defaults (q 0.5, method linear). BR_EINVAL for an option
   * that makes no sense, BR_ENOMEM; *out is then untouched. */
  br_code (*run)(const double *x, size_t n, const void *context, double *out, br_err *err);
} br_kernel;

/* NULL when there is none of that name. */
const br_kernel *br_kernel_find(const char *name);
/* All kernels, sorted by name; *n of them. */
const br_kernel *const *br_kernel_list(size_t *n);

#endif
