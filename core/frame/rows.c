/* Rows in bulk; see rows.h. A task is a block of rows of one column; all blocks of a column come one after
 * the other, so that what of its cells the caches hold is of use to the next block. */
#include "frame/rows.h"

#include "base/vec.h"
#include "frame/bits.h"
#include "frame/column_internal.h"
#include "frame/frame_internal.h"
#include "frame/route.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum { AHEAD = 64 }; /* rows whose cells are asked for before they are read */

struct target {
  const br_column *from;
  br_column_parts parts;
  atomic_size_t nulls;
};

struct job {
  struct target *targets;
  size_t ntargets;
  br_rows rows;
  bool has_gaps; /* one of the rows is BR_NO_ROW */
};

/* One gather: a cell for each row listed. */
struct gather {
  br_type type;
  const void *from;
  void *to;
  const uint32_t *rows;
  bool has_gaps;
};

/* Inline, so that `size` is known where it is called and each copy is one move. */
static inline void move_cells(const struct gather *g, br_span span, size_t size)
{
  const char *cells = g->from;
  char *out = g->to;
  const uint32_t *rows = g->rows;
  size_t i = span.first;
  for (; i + AHEAD < span.end; i++) {
    __builtin_prefetch(cells + rows[i + AHEAD] * size);
    memcpy(out + i * size, cells + rows[i] * size, size);
  }
  for (; i < span.end; i++)
    memcpy(out + i * size, cells + rows[i] * size, size);
}

/* The cell of a null. */
static void write_blank(char *cell, br_type type)
{
  static const double blank = (double)NAN;
  if (type == BR_F64)
    memcpy(cell, &blank, sizeof blank);
  else
    memset(cell, 0, br_column_cell_size(type));
}

static void move_with_gaps(const struct gather *g, br_span span)
{
  size_t size = br_column_cell_size(g->type);
  const char *cells = g->from;
  char *out = g->to;
  for (size_t i = span.first; i < span.end; i++) {
    if (g->rows[i] == BR_NO_ROW)
      write_blank(out + i * size, g->type);
    else
      memcpy(out + i * size, cells + g->rows[i] * size, size);
  }
}

static void move(const struct gather *g, br_span span)
{
  if (g->has_gaps)
    move_with_gaps(g, span);
  else if (g->type == BR_STR)
    move_cells(g, span, sizeof(uint32_t));
  else if (g->type == BR_BOOL)
    move_cells(g, span, sizeof(unsigned char));
  else
    move_cells(g, span, sizeof(uint64_t));
}

/* first is a multiple of 8. */
static size_t move_validity(unsigned char *valid, const br_column *from, const uint32_t *rows,
                            br_span span)
{
  size_t nulls = 0;
  for (size_t at = span.first; at < span.end; at += 8) {
    unsigned byte = 0;
    for (size_t i = at; i < at + 8 && i < span.end; i++) {
      bool is_valid = rows[i] != BR_NO_ROW && !br_column_is_null(from, rows[i]);
      byte |= (unsigned)is_valid << (i - at);
      nulls += !is_valid;
    }
    valid[at / 8] = (unsigned char)byte;
  }
  return nulls;
}

static void take_validity(const struct job *job, struct target *t, br_span span)
{
  if (t->parts.valid)
    atomic_fetch_add(&t->nulls, move_validity(t->parts.valid, t->from, job->rows.row, span));
}

static br_code take_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  size_t blocks = br_chunk_count(job->rows.n, br_chunk_rows());
  struct target *t = &job->targets[task / blocks];
  br_span span = br_chunk_span(task % blocks, job->rows.n, br_chunk_rows());
  struct gather gather = {t->from->type, br_column_cells(t->from), t->parts.cells, job->rows.row,
                          job->has_gaps};
  move(&gather, span);
  take_validity(job, t, span);
  return BR_OK;
}

static br_code take_straight(struct job *job, size_t blocks, br_err *err)
{
  return br_parallel_run(blocks * job->ntargets, 0, take_task, job, err);
}

/* By a route (frame/route.h): column after column, through the same scratch memory. */

struct routed {
  const struct job *job;
  br_route route;
  void *cells; /* what step one puts side by side; room for the widest type */
  struct target *target;
};

static br_code first_step(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct routed *r = context;
  const br_column *from = r->target->from;
  struct gather gather = {from->type, br_column_cells(from), r->cells, r->route.from,
                          r->job->has_gaps};
  move(&gather, br_chunk_span(task, r->job->rows.n, br_chunk_rows()));
  return BR_OK;
}

static br_code second_step(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct routed *r = context;
  br_span span = br_chunk_span(task, r->job->rows.n, br_chunk_rows());
  struct gather gather = {r->target->from->type, r->cells, r->target->parts.cells, r->route.place,
                          false};
  move(&gather, span);
  take_validity(r->job, r->target, span);
  return BR_OK;
}

static br_code run_route(struct routed *r, br_err *err)
{
  size_t n = r->job->rows.n;
  for (size_t i = 0; i < r->job->ntargets; i++) {
    r->target = &r->job->targets[i];
    BR_TRY(br_chunk_run(n, br_chunk_rows(), first_step, r, err));
    BR_TRY(br_chunk_run(n, br_chunk_rows(), second_step, r, err));
  }
  return BR_OK;
}

static br_code take_by_route(struct job *job, br_err *err)
{
  struct routed r = {.job = job};
  br_code code = br_route_make(&r.route, job->rows, job->targets->from->len, err);
  r.cells = code == BR_OK ? br_chunk_alloc(job->rows.n * sizeof(uint64_t)) : NULL;
  if (code == BR_OK)
    code = r.cells ? run_route(&r, err) : br_fail_nomem(err);
  br_route_clear(&r.route);
  br_free(r.cells);
  return code;
}

/* A route is for columns of one length. */
static bool can_route(const struct job *job)
{
  for (size_t i = 1; i < job->ntargets; i++) {
    if (job->targets[i].from->len != job->targets->from->len)
      return false;
  }
  return job->ntargets > 0 && br_route_pays(job->rows, job->targets->from->len);
}

static bool find_gap(br_rows rows)
{
  for (size_t i = 0; i < rows.n; i++) {
    if (rows.row[i] == BR_NO_ROW)
      return true;
  }
  return false;
}

static br_code prepare(struct target *t, const struct job *job, br_err *err)
{
  const br_column *from = t->from;
  size_t n = job->rows.n;
  t->parts.len = n;
  t->parts.cells = br_alloc(n * br_column_cell_size(from->type));
  if (!t->parts.cells)
    return br_fail_nomem(err);
  if (!job->has_gaps && from->nulls == 0)
    return BR_OK;
  t->parts.valid = br_calloc(n / 8 + 1, 1);
  return t->parts.valid ? BR_OK : br_fail_nomem(err);
}

static br_code finish(br_column **out, struct target *t, br_err *err)
{
  t->parts.nulls = atomic_load(&t->nulls);
  if (t->parts.nulls == 0) {
    br_free(t->parts.valid);
    t->parts.valid = NULL;
  }
  t->parts.dict = t->from->dict;
  BR_TRY(br_column_adopt(out, t->from->type, &t->parts, err));
  if (t->from->dict)
    br_dict_retain(t->from->dict);
  t->parts.cells = NULL;
  t->parts.valid = NULL;
  return BR_OK;
}

static void clear_target(struct target *t)
{
  br_free(t->parts.cells);
  br_free(t->parts.valid);
}

/* The targets know what they are taken from, and nothing else yet. */
static br_code take(br_column **out, struct job *job, br_err *err)
{
  size_t blocks = br_chunk_count(job->rows.n, br_chunk_rows());
  job->has_gaps = find_gap(job->rows);
  for (size_t i = 0; i < job->ntargets; i++)
    BR_TRY(prepare(&job->targets[i], job, err));
  BR_TRY(can_route(job) ? take_by_route(job, err) : take_straight(job, blocks, err));
  for (size_t i = 0; i < job->ntargets; i++)
    BR_TRY(finish(&out[i], &job->targets[i], err));
  return BR_OK;
}

br_code br_rows_take(br_column **out, br_column *const *columns, size_t ncolumns, br_rows rows,
                     br_err *err)
{
  struct job job = {.ntargets = ncolumns, .rows = rows};
  job.targets = br_calloc(ncolumns, sizeof *job.targets);
  if (!job.targets)
    return br_fail_nomem(err);
  for (size_t i = 0; i < ncolumns; i++) {
    out[i] = NULL;
    job.targets[i].from = columns[i];
  }
  br_code code = take(out, &job, err);
  for (size_t i = 0; i < ncolumns; i++)
    clear_target(&job.targets[i]);
  for (size_t i = 0; i < ncolumns && code != BR_OK; i++)
    br_column_release(out[i]);
  br_free(job.targets);
  return code;
}

br_code br_rows_take_column(br_column **out, const br_column *column, br_rows rows, br_err *err)
{
  struct target target = {.from = column};
  struct job job = {.targets = &target, .ntargets = 1, .rows = rows};
  br_code code = take(out, &job, err);
  clear_target(&target);
  return code;
}

static br_code add_all(br_frame *to, const br_frame *from, br_column *const *columns, br_err *err)
{
  size_t ncol = br_frame_ncol(from);
  for (size_t i = 0; i < ncol; i++)
    BR_TRY(br_frame_add(to, br_frame_name(from, i), columns[i], err));
  return BR_OK;
}

static br_code take_into(br_frame *to, const br_frame *from, br_rows rows, br_err *err)
{
  size_t ncol = br_frame_ncol(from);
  br_column **columns = br_calloc(ncol, sizeof(br_column *));
  if (!columns)
    return br_fail_nomem(err);
  br_code code = br_rows_take(columns, from->columns, ncol, rows, err);
  if (code == BR_OK) {
    code = add_all(to, from, columns, err);
    for (size_t i = 0; i < ncol; i++)
      br_column_release(columns[i]);
  }
  br_free(columns);
  return code;
}

br_code br_rows_take_frame(br_frame **out, const br_frame *frame, br_rows rows, br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  return br_frame_give(out, made, take_into(made, frame, rows, err));
}

/* Rows by flags. */

struct flag_job {
  const unsigned char *flags;
  size_t nrow;
  size_t *place; /* of each task: its count, then where its rows go */
  uint32_t *rows;
};

static br_code count_flags(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct flag_job *job = context;
  br_span span = br_chunk_span(task, job->nrow, br_chunk_rows());
  size_t n = 0;
  for (size_t row = span.first; row < span.end; row++)
    n += job->flags[row] != 0;
  job->place[task] = n;
  return BR_OK;
}

static br_code list_flags(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct flag_job *job = context;
  br_span span = br_chunk_span(task, job->nrow, br_chunk_rows());
  size_t at = job->place[task];
  for (size_t row = span.first; row < span.end; row++) {
    if (job->flags[row])
      job->rows[at++] = (uint32_t)row;
  }
  return BR_OK;
}

static size_t place_flags(size_t *place, size_t tasks)
{
  size_t total = 0;
  for (size_t task = 0; task < tasks; task++) {
    size_t here = place[task];
    place[task] = total;
    total += here;
  }
  return total;
}

static br_code run_flags(struct flag_job *job, size_t *n, br_err *err)
{
  BR_TRY(br_chunk_run(job->nrow, br_chunk_rows(), count_flags, job, err));
  *n = place_flags(job->place, br_chunk_count(job->nrow, br_chunk_rows()));
  job->rows = br_chunk_alloc(*n * sizeof *job->rows);
  if (!job->rows)
    return br_fail_nomem(err);
  return br_chunk_run(job->nrow, br_chunk_rows(), list_flags, job, err);
}

br_code br_rows_flagged(uint32_t **rows, size_t *n, const unsigned char *flags, size_t nrow,
                        br_err *err)
{
  struct flag_job job = {.flags = flags, .nrow = nrow};
  BR_TRY(br_chunk_check(nrow, err));
  job.place = br_calloc(br_chunk_count(nrow, br_chunk_rows()), sizeof *job.place);
  if (!job.place)
    return br_fail_nomem(err);
  br_code code = run_flags(&job, n, err);
  br_free(job.place);
  if (code == BR_OK)
    *rows = job.rows;
  else
    br_free(job.rows);
  return code;
}

/* Slices. */

br_code br_rows_slice(br_column **out, const br_column *column, size_t first, size_t n, br_err *err)
{
  struct target t = {.from = column, .parts = {.len = n}};
  size_t size = br_column_cell_size(column->type);
  t.parts.cells = br_alloc(n * size);
  t.parts.valid = column->nulls ? br_calloc(n / 8 + 1, 1) : NULL;
  br_code code = BR_OK;
  if (!t.parts.cells || (column->nulls && !t.parts.valid)) {
    code = br_fail_nomem(err);
  } else {
    memcpy(t.parts.cells, (const char *)br_column_cells(column) + first * size, n * size);
    if (t.parts.valid)
      atomic_store(&t.nulls, br_bits_copy(t.parts.valid, 0, column->valid, first, n));
    code = finish(out, &t, err);
  }
  clear_target(&t);
  return code;
}
