/* Gathers in two steps; see route.h. The list of rows is split by block of the source as radix.c splits
 * items: every task counts its rows in each block, sums give it places of its own there. */
#include "frame/route.h"

#include "base/vec.h"

/* Below LEAST_BLOCKS the source fits the last level of cache; above MOST_BLOCKS the parts that step two
 * reads from would not fit the first. */
enum { LEAST_BLOCKS = 16, MOST_BLOCKS = 1024, MOST_TASKS = 64 };

struct job {
  br_rows rows;
  br_route *route;
  unsigned shift;  /* row >> shift: its block */
  size_t blocks;   /* the last one is that of BR_NO_ROW */
  uint32_t *count; /* of each task, then of each block: rows, then where the next one goes */
  size_t per_task;
};

static size_t block_of(const struct job *job, uint32_t row)
{
  size_t block = row >> job->shift;
  return block < job->blocks ? block : job->blocks - 1;
}

static unsigned shift_for(size_t nrow)
{
  unsigned shift = 63 - (unsigned)__builtin_clzll(br_chunk_rows());
  while (nrow >> shift >= MOST_BLOCKS)
    shift++;
  return shift;
}

bool br_route_pays(br_rows rows, size_t nrow)
{
  size_t least = LEAST_BLOCKS * br_chunk_rows();
  if (nrow < least || rows.n < least || rows.n < nrow / 4)
    return false;
  unsigned shift = shift_for(nrow);
  size_t jumps = 0;
  for (size_t i = 1; i < rows.n; i++)
    jumps += rows.row[i] >> shift != rows.row[i - 1] >> shift;
  return jumps > rows.n / 4;
}

static br_code count_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  br_span span = br_chunk_span(task, job->rows.n, job->per_task);
  uint32_t *count = job->count + task * job->blocks;
  for (size_t i = span.first; i < span.end; i++)
    count[block_of(job, job->rows.row[i])]++;
  return BR_OK;
}

static br_code place_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  br_span span = br_chunk_span(task, job->rows.n, job->per_task);
  uint32_t *next = job->count + task * job->blocks;
  for (size_t i = span.first; i < span.end; i++) {
    uint32_t row = job->rows.row[i];
    uint32_t place = next[block_of(job, row)]++;
    job->route->from[place] = row;
    job->route->place[i] = place;
  }
  return BR_OK;
}

/* Counts become places. */
static void share_places(const struct job *job, size_t tasks)
{
  uint32_t at = 0;
  for (size_t block = 0; block < job->blocks; block++) {
    for (size_t task = 0; task < tasks; task++) {
      uint32_t here = job->count[task * job->blocks + block];
      job->count[task * job->blocks + block] = at;
      at += here;
    }
  }
}

static br_code run(struct job *job, br_err *err)
{
  BR_TRY(br_chunk_run(job->rows.n, job->per_task, count_task, job, err));
  share_places(job, br_chunk_count(job->rows.n, job->per_task));
  return br_chunk_run(job->rows.n, job->per_task, place_task, job, err);
}

br_code br_route_make(br_route *route, br_rows rows, size_t nrow, br_err *err)
{
  struct job job = {.rows = rows, .route = route, .shift = shift_for(nrow)};
  job.blocks = (nrow >> job.shift) + 2;
  job.per_task = (rows.n + MOST_TASKS - 1) / MOST_TASKS;
  job.per_task = job.per_task > br_chunk_rows() ? job.per_task : br_chunk_rows();
  job.count = br_calloc(br_chunk_count(rows.n, job.per_task) * job.blocks, sizeof *job.count);
  route->from = br_chunk_alloc(rows.n * sizeof *route->from);
  route->place = br_chunk_alloc(rows.n * sizeof *route->place);
  br_code code = BR_OK;
  if (!job.count || !route->from || !route->place)
    code = br_fail_nomem(err);
  else
    code = run(&job, err);
  br_free(job.count);
  return code;
}

void br_route_clear(br_route *route)
{
  br_free(route->from);
  br_free(route->place);
  *route = (br_route){0};
}
