/* Sizes of tasks; see chunk.h. A chunk of 64 K rows keeps a block of row numbers and of cells in the
 * second level cache and takes some 100 µs, which starting a thread is small beside. */
#define _GNU_SOURCE
#include "frame/chunk.h"

#include "base/mem.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEFAULT_ROWS ((size_t)1 << 16)

static atomic_size_t chosen_rows;

size_t br_chunk_rows(void)
{
  size_t rows = atomic_load_explicit(&chosen_rows, memory_order_relaxed);
  return rows ? rows : DEFAULT_ROWS;
}

void br_chunk_set_rows(size_t rows)
{
  atomic_store(&chosen_rows, (rows + 7) / 8 * 8);
}

/* Advice: where it can't be followed nothing is lost. */
static void ask_for_large_pages(void *block, size_t size)
{
#ifdef MADV_HUGEPAGE
  static const size_t page = (size_t)2 << 20;
  size_t skip = (page - (uintptr_t)block % page) % page;
  if (size >= 2 * page)
    (void)madvise((char *)block + skip, (size - skip) / page * page, MADV_HUGEPAGE);
#endif
}

void *br_chunk_alloc(size_t size)
{
  void *block = br_alloc(size);
  if (block)
    ask_for_large_pages(block, size);
  return block;
}

br_code br_chunk_check_memory(const char *what, size_t rows, double bytes, br_err *err)
{
  double pages = (double)sysconf(_SC_PHYS_PAGES);
  double memory = pages * (double)sysconf(_SC_PAGESIZE);
  if (pages <= 0 || bytes <= memory)
    return BR_OK;
  return br_fail(err, BR_ERANGE,
                 "%s would make %zu rows, some %.0f GB of memory; this machine has %.0f", what,
                 rows, bytes / 1e9, memory / 1e9);
}
