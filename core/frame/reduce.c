/* What groups become; see group_internal.h. Kernels run over the values of a group, on all cores; what picks
 * a cell lists its row, what counts counts. */
#include "frame/group_internal.h"

#include "base/interrupt.h"
#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/rows.h"
#include "frame/text.h"

#include <string.h>

/* Kernels. */

struct kernel_job {
  const br_aggregate *aggregate;
  const br_values *values;
  size_t count; /* groups */
  size_t tasks;
  double *out;
};

/* The first group that begins at value `at` or behind it. */
static size_t group_from(const struct kernel_job *job, size_t at)
{
  size_t low = 0;
  size_t high = job->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (job->values->start[middle] < at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Task: the groups that begin in its chunk of the values; the last takes what is behind them too. */
static br_code kernel_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  const struct kernel_job *job = context;
  const br_aggregate *aggregate = job->aggregate;
  const size_t *start = job->values->start;
  size_t rows = br_chunk_rows();
  size_t end = task + 1 < job->tasks ? group_from(job, (task + 1) * rows) : job->count;
  for (size_t k = group_from(job, task * rows); k < end; k++)
    BR_TRY(aggregate->reduce(job->values->x + start[k], start[k + 1] - start[k], aggregate->context,
                             &job->out[k], err));
  return BR_OK;
}

/* A column of n cells of eight bytes; they are the column's from now on, also where there is none. */
static br_code adopt(br_column **out, br_type type, void *cells, size_t n, br_err *err)
{
  br_column_parts parts = {.cells = cells, .len = n};
  br_code code = br_column_adopt(out, type, &parts, err);
  if (code != BR_OK)
    br_free(cells);
  return code;
}

static br_code run_kernel(br_column **out, const br_ids *ids, const br_column *column,
                          const br_aggregate *aggregate, br_values *values, br_err *err)
{
  BR_TRY(br_values_make(values, ids, column, err));
  struct kernel_job job = {.aggregate = aggregate, .values = values, .count = ids->count};
  job.tasks = br_chunk_count(values->start[ids->count], br_chunk_rows());
  job.out = br_chunk_alloc(ids->count * sizeof *job.out);
  if (!job.out)
    return br_fail_nomem(err);
  br_code code = br_parallel_run(job.tasks, 0, kernel_task, &job, err);
  if (code == BR_OK)
    return adopt(out, BR_F64, job.out, ids->count, err);
  br_free(job.out);
  return code;
}

/* Picking a row of each group: BR_NO_ROW where all cells are null. */

static br_code new_picks(uint32_t **out, size_t count, br_err *err)
{
  *out = br_chunk_alloc(count * sizeof **out);
  if (!*out)
    return br_fail_nomem(err);
  memset(*out, 0xff, count * sizeof **out);
  return BR_OK;
}

static br_code pick_end(uint32_t *pick, const br_ids *ids, const br_column *column, bool last,
                        br_err *err)
{
  for (size_t row = 0; row < ids->n; row++) {
    if (row % br_chunk_rows() == 0)
      BR_TRY(br_interrupt_check(err));
    if ((last || pick[ids->id[row]] == BR_NO_ROW) && !br_column_is_null(column, row))
      pick[ids->id[row]] = (uint32_t)row;
  }
  return BR_OK;
}

/* Of equal cells the first. best: a number a group. */
static void pick_block(uint32_t *pick, uint64_t *best, const br_ids *ids, const br_column *column,
                       const uint64_t *number, br_span span)
{
  for (size_t row = span.first; row < span.end; row++) {
    uint32_t k = ids->id[row];
    uint64_t x = number[row - span.first];
    if (br_column_is_null(column, row) || (pick[k] != BR_NO_ROW && x >= best[k]))
      continue;
    pick[k] = (uint32_t)row;
    best[k] = x;
  }
}

static br_code pick_least(uint32_t *pick, const br_ids *ids, const br_column *column,
                          const br_pack *pack, br_err *err)
{
  uint64_t number[BR_PACK_BLOCK];
  uint64_t *best = br_calloc(ids->count, sizeof *best);
  br_code code = best ? BR_OK : br_fail_nomem(err);
  size_t last = pack->nwords - 1; /* a word before it can only say what is null */
  for (size_t at = 0; at < ids->n && code == BR_OK; at += BR_PACK_BLOCK) {
    br_span span = br_chunk_span(at / BR_PACK_BLOCK, ids->n, BR_PACK_BLOCK);
    br_pack_words(number, pack, last, NULL, at, span.end - at);
    pick_block(pick, best, ids, column, number, span);
    code = br_interrupt_check(err);
  }
  br_free(best);
  return code;
}

static br_code pick_extreme(uint32_t *pick, const br_ids *ids, br_column *column, bool greatest,
                            br_err *err)
{
  br_pack pack = {0};
  br_keys side = {&column, ids->n};
  br_pack_spec spec = {.sides = &side, .nsides = 1, .ncolumns = 1, .descending = &greatest};
  br_code code = br_pack_make(&pack, &spec, err);
  if (code == BR_OK)
    code = pick_least(pick, ids, column, &pack, err);
  br_pack_clear(&pack);
  return code;
}

/* Different cells: pairs of group and cell, each with its first row and how often it occurs. */

struct pairs {
  br_ids cells;
  br_ids ids;
  uint32_t *first;
  uint32_t *size;
};

static void clear_pairs(struct pairs *p)
{
  br_ids_clear(&p->cells);
  br_ids_clear(&p->ids);
  br_free(p->first);
  br_free(p->size);
}

static br_code make_pairs(struct pairs *p, const br_ids *ids, br_column *column, br_err *err)
{
  br_keys keys = {&column, ids->n};
  BR_TRY(br_ids_make(&p->cells, &keys, NULL, 1, err));
  BR_TRY(br_ids_pair(&p->ids, ids, &p->cells, err));
  p->first = br_chunk_alloc(p->ids.count * sizeof *p->first);
  p->size = br_chunk_alloc(p->ids.count * sizeof *p->size);
  if (!p->first || !p->size)
    return br_fail_nomem(err);
  br_ids_first(p->first, &p->ids);
  br_ids_sizes(p->size, &p->ids);
  return BR_OK;
}

static bool is_better(const struct pairs *p, const br_column *column, size_t pair, size_t than)
{
  if (p->size[pair] != p->size[than])
    return p->size[pair] > p->size[than];
  return br_column_compare(column, p->first[pair], column, p->first[than]) < 0;
}

/* pick: of each group, a pair first. */
static br_code pick_mode(uint32_t *pick, const br_ids *ids, br_column *column, br_err *err)
{
  struct pairs p = {0};
  br_code code = make_pairs(&p, ids, column, err);
  for (size_t i = 0; i < p.ids.count && code == BR_OK; i++) {
    if (i % br_chunk_rows() == 0)
      code = br_interrupt_check(err);
    if (ids->n == 0 || br_column_is_null(column, p.first[i]))
      continue;
    uint32_t k = ids->id[p.first[i]];
    if (pick[k] == BR_NO_ROW || is_better(&p, column, i, pick[k]))
      pick[k] = (uint32_t)i;
  }
  for (size_t k = 0; k < ids->count && code == BR_OK; k++)
    pick[k] = pick[k] == BR_NO_ROW ? BR_NO_ROW : p.first[pick[k]];
  clear_pairs(&p);
  return code;
}

static br_code pick_rows(uint32_t *pick, const br_ids *ids, br_column *column,
                         br_aggregate_kind kind, br_err *err)
{
  switch (kind) {
  case BR_AGG_MIN:
  case BR_AGG_MAX:
    return pick_extreme(pick, ids, column, kind == BR_AGG_MAX, err);
  case BR_AGG_MODE:
    return pick_mode(pick, ids, column, err);
  default:
    return pick_end(pick, ids, column, kind == BR_AGG_LAST, err);
  }
}

static br_code take_picked(br_column **out, const br_ids *ids, br_column *column,
                           br_aggregate_kind kind, br_err *err)
{
  uint32_t *pick = NULL;
  BR_TRY(new_picks(&pick, ids->count, err));
  br_code code = pick_rows(pick, ids, column, kind, err);
  if (code == BR_OK)
    code = br_rows_take_column(out, column, (br_rows){pick, ids->count}, err);
  br_free(pick);
  return code;
}

/* Counting. */

static br_code count_cells(int64_t *count, const br_ids *ids, const br_column *column, bool nulls,
                           br_err *err)
{
  for (size_t row = 0; row < ids->n; row++) {
    if (row % br_chunk_rows() == 0)
      BR_TRY(br_interrupt_check(err));
    count[ids->id[row]] += nulls || !br_column_is_null(column, row);
  }
  return BR_OK;
}

static br_code count_unique(int64_t *count, const br_ids *ids, br_column *column, br_err *err)
{
  struct pairs p = {0};
  br_code code = make_pairs(&p, ids, column, err);
  for (size_t i = 0; i < p.ids.count && code == BR_OK && ids->n > 0; i++)
    count[ids->id[p.first[i]]] += !br_column_is_null(column, p.first[i]);
  clear_pairs(&p);
  return code;
}

static br_code run_count(br_column **out, const br_ids *ids, br_column *column,
                         br_aggregate_kind kind, br_err *err)
{
  br_code code = BR_OK;
  int64_t *count = br_calloc(ids->count, sizeof *count);
  if (!count)
    return br_fail_nomem(err);
  if (kind == BR_AGG_NUNIQUE)
    code = count_unique(count, ids, column, err);
  else
    code = count_cells(count, ids, column, kind == BR_AGG_SIZE, err);
  if (code == BR_OK)
    return adopt(out, BR_I64, count, ids->count, err);
  br_free(count);
  return code;
}

/* All kinds. */

static br_code check_numbers(const br_column *column, const br_aggregate *aggregate, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  if (column->type != BR_STR || column->nulls == column->len)
    return BR_OK;
  return br_fail(err, BR_ETYPE, "column '%s' is string; a kernel takes numbers",
                 br_shown(shown, aggregate->column, strlen(aggregate->column)));
}

/* Extremes and modes of numbers are the kernels' business. */
static br_aggregate_kind kind_for(const br_aggregate *aggregate, const br_column *column)
{
  bool is_ordered = column->type == BR_STR || column->type == BR_TIMESTAMP;
  switch (aggregate->kind) {
  case BR_AGG_KERNEL:
    return aggregate->reduce ? BR_AGG_KERNEL : BR_AGG_FIRST;
  case BR_AGG_MIN:
  case BR_AGG_MAX:
  case BR_AGG_MODE:
    return is_ordered || !aggregate->reduce ? aggregate->kind : BR_AGG_KERNEL;
  default:
    return aggregate->kind;
  }
}

br_code br_ids_reduce(br_column **out, const br_ids *ids, br_column *column,
                      const br_aggregate *aggregate, br_values *values, br_err *err)
{
  br_aggregate_kind kind = kind_for(aggregate, column);
  switch (kind) {
  case BR_AGG_KERNEL:
    BR_TRY(check_numbers(column, aggregate, err));
    return run_kernel(out, ids, column, aggregate, values, err);
  case BR_AGG_COUNT:
  case BR_AGG_NUNIQUE:
  case BR_AGG_SIZE:
    return run_count(out, ids, column, kind, err);
  default:
    return take_picked(out, ids, column, kind, err);
  }
}
