/* The core's only way to the heap. One door, so that a test can make every allocation fail in turn.
 *
 * Ownership: what br_alloc, br_calloc and br_realloc return belongs to the caller and ends in
 * br_free. They are safe in any thread. */
#ifndef BR_BASE_MEM_H
#define BR_BASE_MEM_H

#include "base/err.h"

#include <stddef.h>

/* As malloc, calloc, realloc, free; a size of 0 gives a unique pointer, sizes that overflow give
 * NULL. */
void *br_alloc(size_t size) BR_MUST_USE;
void *br_calloc(size_t count, size_t size) BR_MUST_USE;
void *br_realloc(void *p, size_t count, size_t size) BR_MUST_USE;
void br_free(void *p);

/* A copy of n bytes with a NUL behind them. NULL when memory is out. */
char *br_strndup(const char *s, size_t n) BR_MUST_USE;

/* Tests: the n-th allocation from now fails (1 is the next), and all after it; 0 turns that off. */
void br_mem_fail_at(size_t n);

/* Tests: blocks that are allocated and not yet freed. */
size_t br_mem_live(void);

#endif
