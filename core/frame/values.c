/* Values side by side by group; see group_internal.h. A counting sort whose tasks each have places of their
 * own in every group, so that values keep the order of rows; the more groups there are, the fewer tasks. */
#include "frame/group_internal.h"

#include "base/vec.h"
#include "frame/chunk.h"
#include "frame/column_internal.h"

#include <string.h>

enum { MOST_TASKS = 32, BLOCK = 512 };

struct job {
  const br_ids *ids;
  const br_column *column;
  double *x;
  uint32_t *place; /* of each task, then of each group: a count, then where the next value goes */
  size_t rows;     /* of a task */
};

static br_code count_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  br_span span = br_chunk_span(task, job->ids->n, job->rows);
  const uint32_t *id = job->ids->id;
  uint32_t *count = job->place + task * job->ids->count;
  if (job->column->nulls == 0) {
    for (size_t row = span.first; row < span.end; row++)
      count[id[row]]++;
    return BR_OK;
  }
  for (size_t row = span.first; row < span.end; row++)
    count[id[row]] += !br_column_is_null(job->column, row);
  return BR_OK;
}

/* Counts become places. */
static void place_tasks(size_t *start, const struct job *job, size_t tasks)
{
  size_t count = job->ids->count;
  uint32_t at = 0;
  for (size_t k = 0; k < count; k++) {
    start[k] = at;
    for (size_t task = 0; task < tasks; task++) {
      uint32_t here = job->place[task * count + k];
      job->place[task * count + k] = at;
      at += here;
    }
  }
  start[count] = at;
}

/* The values of rows as doubles, in place or in the buffer. */
static const double *block_values(double *buffer, const br_column *column, size_t first, size_t n)
{
  if (column->type == BR_F64)
    return (const double *)br_column_cells(column) + first;
  for (size_t i = 0; i < n; i++)
    buffer[i] = br_column_number(column, first + i);
  return buffer;
}

static void scatter_block(const struct job *job, uint32_t *place, size_t first, size_t n)
{
  double buffer[BLOCK];
  const double *x = block_values(buffer, job->column, first, n);
  const uint32_t *id = job->ids->id + first;
  if (job->column->nulls == 0) {
    for (size_t i = 0; i < n; i++)
      job->x[place[id[i]]++] = x[i];
    return;
  }
  for (size_t i = 0; i < n; i++) {
    if (!br_column_is_null(job->column, first + i))
      job->x[place[id[i]]++] = x[i];
  }
}

static br_code scatter_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  br_span span = br_chunk_span(task, job->ids->n, job->rows);
  uint32_t *place = job->place + task * job->ids->count;
  for (size_t at = span.first; at < span.end; at += BLOCK)
    scatter_block(job, place, at, span.end - at < BLOCK ? span.end - at : BLOCK);
  return BR_OK;
}

static br_code run(br_values *values, struct job *job, size_t tasks, br_err *err)
{
  BR_TRY(br_parallel_run(tasks, 0, count_task, job, err));
  place_tasks(values->start, job, tasks);
  return br_parallel_run(tasks, 0, scatter_task, job, err);
}

/* Rows of a task: not fewer than there are groups, whose places a task holds. */
static size_t rows_for(const br_ids *ids)
{
  size_t rows = (ids->n + MOST_TASKS - 1) / MOST_TASKS;
  rows = rows > ids->count ? rows : ids->count;
  return rows > br_chunk_rows() ? rows : br_chunk_rows();
}

br_code br_values_make(br_values *values, const br_ids *ids, const br_column *column, br_err *err)
{
  if (values->of == column)
    return BR_OK;
  br_values_clear(values);
  struct job job = {.ids = ids, .column = column, .rows = rows_for(ids)};
  size_t tasks = br_chunk_count(ids->n, job.rows);
  values->x = br_chunk_alloc((column->len - column->nulls) * sizeof *values->x);
  values->start = br_chunk_alloc((ids->count + 1) * sizeof *values->start);
  job.place = br_calloc(tasks * ids->count, sizeof *job.place);
  job.x = values->x;
  br_code code = BR_OK;
  if (!values->x || !values->start || !job.place)
    code = br_fail_nomem(err);
  else
    code = run(values, &job, tasks, err);
  br_free(job.place);
  if (code == BR_OK)
    values->of = column;
  return code;
}

void br_values_clear(br_values *values)
{
  br_free(values->x);
  br_free(values->start);
  *values = (br_values){0};
}
