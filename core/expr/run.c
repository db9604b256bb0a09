/* Running a program: preparation, then blocks on all cores.
 *
 * Preparation works on a copy of the nodes. Functions over all rows are computed and become columns
 * or constants. A part of the program that depends on one string column and nothing else is computed
 * once for each entry of its dictionary, and for null, and becomes a look-up by the row's code. Such a
 * part may fail for an entry that no row uses; it is then computed row by row like the rest. */
#include "expr/block.h"
#include "expr/sink.h"

#include "base/parallel.h"
#include "base/vec.h"

#include <string.h>

struct run {
  const br_expr_program *program;
  uint32_t root;
  const uint32_t *order; /* nodes to compute, ascending */
  size_t norder;
  uint32_t *slot; /* by node */
  size_t nslots;
  br_expr_bench **benches; /* by worker; NULL until it has work */
  br_expr_sink sink;
};

#define NONE UINT32_MAX

/* What the root needs. */

static void mark_needed(bool *needed, const br_expr_program *program, uint32_t root)
{
  memset(needed, 0, program->n * sizeof *needed);
  needed[root] = true;
  for (size_t i = (size_t)root + 1; i-- > 0;) {
    const br_expr_node *node = &program->nodes[i];
    for (size_t k = 0; needed[i] && k < node->nargs; k++)
      needed[node->args[k]] = true;
  }
}

/* A slot is free again behind the last node that reads it, not at that node: kernels write while
 * they read. last, free_slots: room for every node. */
static void give_slots(struct run *run, uint32_t *last, uint32_t *free_slots)
{
  const br_expr_node *nodes = run->program->nodes;
  size_t nfree = 0;
  for (size_t i = 0; i < run->norder; i++)
    for (size_t k = 0; k < nodes[run->order[i]].nargs; k++)
      last[nodes[run->order[i]].args[k]] = run->order[i];
  for (size_t i = 0; i < run->norder; i++) {
    uint32_t at = run->order[i];
    run->slot[at] = nfree > 0 ? free_slots[--nfree] : (uint32_t)run->nslots++;
    for (size_t k = 0; k < nodes[at].nargs; k++) {
      uint32_t arg = nodes[at].args[k];
      if (last[arg] != at)
        continue;
      free_slots[nfree++] = run->slot[arg];
      last[arg] = NONE; /* it may be an argument twice */
    }
  }
}

/* Blocks. */

static void free_bench(br_expr_bench *bench)
{
  if (!bench)
    return;
  br_expr_arena_clear(&bench->arena);
  br_free(bench->slots);
  br_free(bench->vecs);
  br_free(bench);
}

static br_code make_bench(br_expr_bench **out, const struct run *run, br_err *err)
{
  br_expr_bench *bench = br_calloc(1, sizeof *bench);
  if (!bench)
    return br_fail_nomem(err);
  bench->slots = br_calloc(run->nslots, sizeof *bench->slots);
  bench->vecs = br_calloc(run->program->n, sizeof *bench->vecs);
  if (!bench->slots || !bench->vecs) {
    free_bench(bench);
    return br_fail_nomem(err);
  }
  *out = bench;
  return BR_OK;
}

static br_code run_block(struct run *run, br_expr_bench *bench, size_t first, br_err *err)
{
  size_t left = run->program->nrow - first;
  br_expr_block block = {run->program, run->slot, first,
                         left < BR_EXPR_BLOCK ? left : BR_EXPR_BLOCK};
  br_expr_arena_reset(&bench->arena);
  for (size_t i = 0; i < run->norder; i++) {
    uint32_t at = run->order[i];
    void *place = at == run->root ? br_expr_sink_place(&run->sink, first, block.n) : NULL;
    BR_TRY(br_expr_block_node(&block, bench, at, place, err));
  }
  return br_expr_sink_put(&run->sink, first, block.n, &bench->vecs[run->root], err);
}

static br_code run_task(void *context, size_t task, size_t worker, br_err *err)
{
  struct run *run = context;
  size_t first = task * BR_EXPR_TASK_ROWS;
  size_t left = run->program->nrow - first;
  size_t end = first + (left < BR_EXPR_TASK_ROWS ? left : BR_EXPR_TASK_ROWS);
  if (!run->benches[worker])
    BR_TRY(make_bench(&run->benches[worker], run, err));
  for (size_t row = first; row < end; row += BR_EXPR_BLOCK)
    BR_TRY(run_block(run, run->benches[worker], row, err));
  return BR_OK;
}

static br_code run_tasks(br_column **out, struct run *run, br_err *err)
{
  size_t threads = br_parallel_threads();
  BR_TRY(br_expr_sink_start(&run->sink, &run->program->nodes[run->root], run->program->nrow, err));
  size_t tasks = run->sink.nparts;
  size_t workers = tasks < threads ? tasks : threads;
  run->benches = br_calloc(workers, sizeof(void *));
  if (!run->benches)
    return br_fail_nomem(err);
  br_code code = br_parallel_run(tasks, workers ? workers : 1, run_task, run, err);
  for (size_t i = 0; i < workers; i++)
    free_bench(run->benches[i]);
  br_free(run->benches);
  return code == BR_OK ? br_expr_sink_finish(out, &run->sink, err) : code;
}

/* scratch: four numbers a node. */
static br_code run_with(br_column **out, const br_expr_program *program, uint32_t root,
                        uint32_t *scratch, br_err *err)
{
  size_t n = program->n;
  uint32_t *order = scratch;
  bool *needed = (bool *)(scratch + n);
  struct run run = {.program = program, .root = root, .order = order, .slot = scratch + n};
  mark_needed(needed, program, root);
  for (size_t i = 0; i <= root; i++)
    if (needed[i])
      order[run.norder++] = (uint32_t)i;
  give_slots(&run, scratch + 2 * n, scratch + 3 * n);
  br_code code = run_tasks(out, &run, err);
  br_expr_sink_clear(&run.sink);
  return code;
}

/* A program that is prepared. */
static br_code run_prepared(br_column **out, const br_expr_program *program, uint32_t root,
                            br_err *err)
{
  if (program->nodes[root].kind == BR_NODE_COLUMN) {
    *out = br_column_retain(program->nodes[root].column);
    return BR_OK;
  }
  if (program->nodes[root].kind == BR_NODE_LIFT && program->nodes[root].type == BR_X_STR)
    return br_expr_look_up(out, &program->nodes[root], program->nrow, err);
  uint32_t *scratch = br_calloc(program->n, 4 * sizeof *scratch);
  if (!scratch)
    return br_fail_nomem(err);
  br_code code = run_with(out, program, root, scratch, err);
  br_free(scratch);
  return code;
}

/* Preparation. */

struct made { /* columns that live as long as the run */
  br_column **columns;
  size_t n, cap;
};

static br_code keep(struct made *made, br_column *column, br_err *err)
{
  br_code code = br_vec_reserve_bytes(&made->columns, &made->cap, made->n + 1, sizeof(void *), err);
  if (code == BR_OK)
    made->columns[made->n++] = column;
  else
    br_column_release(column);
  return code;
}

static void release(struct made *made)
{
  for (size_t i = 0; i < made->n; i++)
    br_column_release(made->columns[i]);
  br_free(made->columns);
}

static br_expr_value cell_of(const br_column *column, size_t row)
{
  br_expr_value value = {.null = br_column_is_null(column, row)};
  value.str.s = "";
  switch (br_column_type(column)) {
  case BR_F64:
    value.f64 = br_column_f64(column, row);
    break;
  case BR_BOOL:
    value.boolean = br_column_bool(column, row);
    break;
  case BR_STR:
    value.str.s = br_column_str(column, row, &value.str.len);
    break;
  default:
    value.i64 = br_column_i64(column, row);
  }
  return value;
}

/* A column of one row stands for all rows. */
static void replace_whole(br_expr_node *node, br_column *column, size_t nrow)
{
  node->nargs = 0;
  if (br_column_len(column) == nrow) {
    node->kind = BR_NODE_COLUMN;
    node->column = column;
    return;
  }
  node->kind = BR_NODE_CONST;
  node->value = cell_of(column, 0);
}

static br_code compute_whole(br_expr_program *program, size_t at, struct made *made, br_err *err)
{
  br_column *x = NULL;
  br_column *column = NULL;
  br_expr_node *node = &program->nodes[at];
  BR_TRY(run_prepared(&x, program, node->args[0], err));
  br_err own = {.code = BR_OK};
  br_code code = node->whole->run(&column, x, node, &own);
  br_column_release(x);
  if (code == BR_ENOMEM || code == BR_EINTR) {
    *err = own;
    return code;
  }
  if (code != BR_OK)
    return br_expr_fail(program, node->at, code, err, "%s", own.msg);
  BR_TRY(keep(made, column, err));
  replace_whole(node, column, program->nrow);
  return BR_OK;
}

static br_code compute_wholes(br_expr_program *program, const bool *needed, struct made *made,
                              br_err *err)
{
  for (size_t i = 0; i < program->n; i++) {
    if (needed[i] && program->nodes[i].kind == BR_NODE_WHOLE)
      BR_TRY(compute_whole(program, i, made, err));
  }
  return BR_OK;
}

/* The only string column that a node depends on; NULL where there is none, `many` where there is
 * more. */
static br_column *source_of(const br_expr_node *node, br_column *const *sources, br_column *many)
{
  br_column *source = NULL;
  if (node->kind == BR_NODE_CONST)
    return NULL;
  if (node->kind == BR_NODE_COLUMN && node->type == BR_X_STR)
    return node->column;
  if (node->kind != BR_NODE_CALL)
    return many;
  for (size_t k = 0; k < node->nargs; k++) {
    br_column *of_arg = sources[node->args[k]];
    if (of_arg && source && of_arg != source)
      return many;
    source = of_arg ? of_arg : source;
  }
  return source;
}

static void bind_dict(br_expr_program *program, const br_column *source, br_expr_node_kind from,
                      br_expr_node_kind to)
{
  for (size_t i = 0; i < program->n; i++)
    if (program->nodes[i].kind == from && program->nodes[i].column == source)
      program->nodes[i].kind = to;
}

static size_t table_rows(const br_column *source)
{
  return br_column_dict_len(source) + (br_column_null_count(source) > 0);
}

static br_code lift(br_expr_program *program, uint32_t at, br_column *source, struct made *made,
                    br_err *err)
{
  size_t nrow = program->nrow;
  br_column *table = NULL;
  program->nrow = table_rows(source);
  bind_dict(program, source, BR_NODE_COLUMN, BR_NODE_DICT);
  br_code code = run_prepared(&table, program, at, err);
  bind_dict(program, source, BR_NODE_DICT, BR_NODE_COLUMN);
  program->nrow = nrow;
  if (code == BR_ERANGE) /* of an entry that perhaps no row uses */
    return BR_OK;
  BR_TRY(code);
  BR_TRY(keep(made, table, err));
  br_expr_node *node = &program->nodes[at];
  node->kind = BR_NODE_LIFT;
  node->nargs = 0;
  node->column = source;
  node->table = table;
  node->stable = true;
  return BR_OK;
}

/* Largest parts first: what stands within one is not needed any more. */
static br_code lift_parts(br_expr_program *program, uint32_t root, bool *needed,
                          br_column **sources, struct made *made, br_err *err)
{
  br_column *many = (br_column *)(void *)sources; /* an address that no column has */
  for (size_t i = 0; i <= root; i++)
    sources[i] = source_of(&program->nodes[i], sources, many);
  memset(needed, 0, program->n * sizeof *needed);
  needed[root] = true;
  for (size_t i = (size_t)root + 1; i-- > 0;) {
    const br_expr_node *node = &program->nodes[i];
    br_column *source = sources[i];
    if (needed[i] && node->kind == BR_NODE_CALL && source && source != many &&
        table_rows(source) <= program->nrow)
      BR_TRY(lift(program, (uint32_t)i, source, made, err));
    for (size_t k = 0; needed[i] && k < node->nargs; k++)
      needed[node->args[k]] = true;
  }
  return BR_OK;
}

/* needed, sources: room for every node. */
static br_code prepare_with(br_expr_program *program, uint32_t root, struct made *made,
                            bool *needed, br_column **sources, br_err *err)
{
  mark_needed(needed, program, root);
  BR_TRY(compute_wholes(program, needed, made, err));
  return lift_parts(program, root, needed, sources, made, err);
}

static br_code prepare(br_expr_program *program, uint32_t root, struct made *made, br_err *err)
{
  br_code code = BR_ENOMEM;
  bool *needed = br_calloc(program->n, sizeof *needed);
  br_column **sources = br_calloc(program->n, sizeof(void *));
  if (needed && sources)
    code = prepare_with(program, root, made, needed, sources, err);
  else
    (void)br_fail_nomem(err);
  br_free(sources);
  br_free(needed);
  return code;
}

br_code br_expr_run(br_column **out, const br_expr_program *program, uint32_t root, br_err *err)
{
  struct made made = {NULL, 0, 0};
  br_expr_program copy = *program;
  copy.n = (size_t)root + 1;
  copy.nodes = br_calloc(copy.n, sizeof *copy.nodes);
  if (!copy.nodes)
    return br_fail_nomem(err);
  memcpy(copy.nodes, program->nodes, copy.n * sizeof *copy.nodes);
  br_code code = prepare(&copy, root, &made, err);
  if (code == BR_OK)
    code = run_prepared(out, &copy, root, err);
  release(&made);
  br_free(copy.nodes);
  return code;
}
