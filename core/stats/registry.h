/* The list of kernels, written by scripts/gen-kernels from the names of the files in kernels/. */
#ifndef BR_STATS_REGISTRY_H
#define BR_STATS_REGISTRY_H

#include "stats/kernel.h"

extern const br_kernel *const br_stats_kernels[]; /* sorted by name */
extern const size_t br_stats_kernel_count;

#endif
