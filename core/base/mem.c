/* Allocation with a count of live blocks and a failure that tests can order; see mem.h. */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_size_t live_blocks;
static atomic_size_t fail_countdown; /* 0: off; 1: every allocation fails; n: n - 1 more succeed */

static int must_fail(void)
{
  size_t left = atomic_load_explicit(&fail_countdown, memory_order_relaxed);
  while (left > 1)
    if (atomic_compare_exchange_weak(&fail_countdown, &left, left - 1))
      return 0;
  return left == 1;
}

void br_mem_fail_at(size_t n)
{
  atomic_store(&fail_countdown, n);
}

size_t br_mem_live(void)
{
  return atomic_load(&live_blocks);
}

static void *counted(void *p)
{
  if (p)
    atomic_fetch_add_explicit(&live_blocks, 1, memory_order_relaxed);
  return p;
}

void *br_alloc(size_t size)
{
  return must_fail() ? NULL : counted(malloc(size ? size : 1));
}

static int overflows(size_t count, size_t size)
{
  return size && count > SIZE_MAX / size;
}

void *br_calloc(size_t count, size_t size)
{
  if (must_fail() || overflows(count, size))
    return NULL;
  return counted(count && size ? calloc(count, size) : calloc(1, 1));
}

void *br_realloc(void *p, size_t count, size_t size)
{
  if (must_fail() || overflows(count, size))
    return NULL;
  size_t total = count * size;
  void *q = realloc(p, total ? total : 1);
  return p ? q : counted(q);
}

void br_free(void *p)
{
  if (p)
    atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
  free(p);
}

char *br_strndup(const char *s, size_t n)
{
  char *copy = br_alloc(n + 1);
  if (!copy)
    return NULL;
  memcpy(copy, s, n);
  copy[n] = '\0';
  return copy;
}
