/* Lookup in the generated list of kernels; see registry.h. */
#include "stats/kernel.h"

#include "stats/registry.h"

#include <string.h>

const br_kernel *br_kernel_find(const char *name)
{
  for (size_t i = 0; i < br_stats_kernel_count; i++)
    if (strcmp(br_stats_kernels[i]->name, name) == 0)
      return br_stats_kernels[i];
  return NULL;
}

const br_kernel *const *br_kernel_list(size_t *n)
{
  *n = br_stats_kernel_count;
  return br_stats_kernels;
}
