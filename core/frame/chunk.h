/* Private to frame: how work over rows is cut into tasks, by size alone, so that results don't depend on
 * the number of threads. */
#ifndef BR_FRAME_CHUNK_H
#define BR_FRAME_CHUNK_H

#include "base/parallel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Row numbers of operations that list rows are 32 bits wide; this one stands for no row. */
#define BR_NO_ROW UINT32_MAX

/* Rows of a task: a multiple of 8, so that tasks share no byte of a bitmap. */
size_t br_chunk_rows(void);
/* Tests: small frames are cut like large ones. 0: the default again. */
void br_chunk_set_rows(size_t rows);

/* Tasks for n rows in chunks of `rows`; at least 1. */
static inline size_t br_chunk_count(size_t n, size_t rows)
{
  return n > rows ? (n - 1) / rows + 1 : 1;
}

typedef struct br_span {
  size_t first;
  size_t end;
} br_span;

/* The rows of a task. */
static inline br_span br_chunk_span(size_t task, size_t n, size_t rows)
{
  size_t first = task * rows;
  return (br_span){first, n - first > rows ? first + rows : n};
}

/* Runs `run` over the tasks of n rows, on all cores where there is more than one task. */
static inline br_code br_chunk_run(size_t n, size_t rows, br_task run, void *context, br_err *err)
{
  return br_parallel_run(br_chunk_count(n, rows), 0, run, context, err);
}

/* BR_ERANGE unless rows 0 … n - 1 can be told from BR_NO_ROW. */
static inline br_code br_chunk_check(size_t n, br_err *err)
{
  if (n < BR_NO_ROW)
    return BR_OK;
  return br_fail(err, BR_ERANGE, "%zu rows are too many; at most %lu can be worked on at once", n,
                 (unsigned long)BR_NO_ROW - 1);
}

/* As br_alloc, for scratch arrays with an item a row: large ones in large pages where the system has
 * them, which saves time where they are read in no order. Columns of results are not made so: the first
 * touch of a large page can cost a virtual machine several times what small ones cost. Ends in br_free. */
void *br_chunk_alloc(size_t size) BR_MUST_USE;

/* What takes `bytes` more memory than the machine has is refused before it starts: the system would
 * rather end the program than say no. what: "the join". BR_ERANGE. */
br_code br_chunk_check_memory(const char *what, size_t rows, double bytes, br_err *err);

#endif
