/* Splitting by a digit; see radix.h. Each task counts how many of its items go to each part; sums over
 * parts, then tasks, give each task its own places in every part, so that order is kept. (D. E. Knuth, The
 * Art of Computer Programming 3, 5.2 and 5.2.5; Zagha & Blelloch, "Radix sort for vector
 * multiprocessors", Supercomputing 1991.) */
#include "frame/radix.h"

#include "base/vec.h"
#include "frame/chunk.h"

enum { MOST_TASKS = 64 }; /* each has a count for every part */

struct job {
  const br_radix *split;
  uint32_t *count; /* of each task, then of each part */
  size_t rows;     /* of a task */
};

typedef br_item block[BR_ITEM_BLOCK];

void br_item_copy(br_item *out, const void *source, size_t first, size_t n)
{
  memcpy(out, (const br_item *)source + first, n * sizeof *out);
}

static inline size_t part_of(const br_radix *split, const br_item *item)
{
  return (size_t)((br_item_key(item) - split->least) >> split->shift);
}

static size_t next_block(br_item *items, const br_radix *split, size_t at, size_t end)
{
  size_t n = end - at < BR_ITEM_BLOCK ? end - at : BR_ITEM_BLOCK;
  split->fill(items, split->source, at, n);
  return n;
}

static br_code count_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  const br_radix *split = job->split;
  br_span span = br_chunk_span(task, split->n, job->rows);
  uint32_t *count = job->count + task * split->ways;
  block items;
  for (size_t at = span.first; at < span.end;) {
    size_t n = next_block(items, split, at, span.end);
    for (size_t i = 0; i < n; i++)
      count[part_of(split, &items[i])]++;
    at += n;
  }
  return BR_OK;
}

static br_code scatter_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  const br_radix *split = job->split;
  br_span span = br_chunk_span(task, split->n, job->rows);
  uint32_t *place = job->count + task * split->ways;
  block items;
  for (size_t at = span.first; at < span.end;) {
    size_t n = next_block(items, split, at, span.end);
    for (size_t i = 0; i < n; i++)
      split->to[place[part_of(split, &items[i])]++] = items[i];
    at += n;
  }
  return BR_OK;
}

/* Counts become places. */
static void place_tasks(const struct job *job, size_t tasks)
{
  uint32_t at = 0;
  size_t ways = job->split->ways;
  for (size_t part = 0; part < ways; part++) {
    job->split->start[part] = at;
    for (size_t task = 0; task < tasks; task++) {
      uint32_t here = job->count[task * ways + part];
      job->count[task * ways + part] = at;
      at += here;
    }
  }
  job->split->start[ways] = at;
}

br_code br_radix_split(const br_radix *split, br_err *err)
{
  size_t rows = (split->n + MOST_TASKS - 1) / MOST_TASKS;
  rows = rows > br_chunk_rows() ? rows : br_chunk_rows();
  size_t tasks = br_chunk_count(split->n, rows);
  struct job job = {split, br_calloc(tasks * split->ways, sizeof *job.count), rows};
  if (!job.count)
    return br_fail_nomem(err);
  br_code code = br_chunk_run(split->n, rows, count_task, &job, err);
  if (code == BR_OK) {
    place_tasks(&job, tasks);
    code = br_chunk_run(split->n, rows, scatter_task, &job, err);
  }
  br_free(job.count);
  return code;
}
