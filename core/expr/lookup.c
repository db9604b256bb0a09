/* A string column that is looked up in a table, code by code: no string is touched but those of the
 * table's dictionary. */
#include "expr/sink.h"

#include "base/parallel.h"
#include "base/vec.h"

struct job {
  const br_column *source, *table;
  br_column_parts parts;
  size_t *nulls; /* by task */
};

/* The same strings under the same codes. */
static br_code copy_dict(br_dict **out, const br_column *table, br_err *err)
{
  br_dict *dict = NULL;
  BR_TRY(br_dict_new(&dict, err));
  size_t entries = br_column_dict_len(table);
  br_code code = BR_OK;
  for (size_t i = 0; i < entries && code == BR_OK; i++) {
    uint32_t same = 0;
    size_t len = 0;
    const char *s = br_column_dict_str(table, (uint32_t)i, &len);
    code = br_dict_intern(&dict, s, len, &same, err);
  }
  if (code == BR_OK)
    *out = dict;
  else
    br_dict_release(dict);
  return code;
}

/* The table's row for null stands behind those of the codes. */
static br_code look_up_rows(void *context, size_t task, size_t worker, br_err *err)
{
  struct job *job = context;
  uint32_t null = (uint32_t)br_column_dict_len(job->source);
  const uint32_t *from = br_column_codes(job->source);
  const uint32_t *codes = br_column_codes(job->table);
  const unsigned char *bits = br_column_validity(job->source);
  size_t first = task * BR_EXPR_TASK_ROWS;
  size_t left = job->parts.len - first;
  size_t end = first + (left < BR_EXPR_TASK_ROWS ? left : BR_EXPR_TASK_ROWS);
  (void)worker;
  (void)err;
  for (size_t row = first; row < end; row++) {
    uint32_t at = !bits || (bits[row / 8] >> (row % 8) & 1) ? from[row] : null;
    bool is_value = !br_column_is_null(job->table, at);
    ((uint32_t *)job->parts.cells)[row] = codes[at];
    job->nulls[task] += !is_value;
    if (job->parts.valid)
      job->parts.valid[row / 8] =
          (unsigned char)(job->parts.valid[row / 8] | (unsigned)is_value << (row % 8));
  }
  return BR_OK;
}

static br_code make_parts(struct job *job, size_t tasks, br_err *err)
{
  size_t nrow = job->parts.len;
  bool may_null = br_column_null_count(job->table) > 0;
  job->parts.cells = br_realloc(NULL, nrow, sizeof(uint32_t));
  job->nulls = br_calloc(tasks, sizeof *job->nulls);
  job->parts.valid = may_null ? br_calloc(nrow / 8 + 1, 1) : NULL;
  if (!job->parts.cells || !job->nulls || (may_null && !job->parts.valid))
    return br_fail_nomem(err);
  BR_TRY(copy_dict(&job->parts.dict, job->table, err));
  BR_TRY(br_parallel_run(tasks, 0, look_up_rows, job, err));
  for (size_t i = 0; i < tasks; i++)
    job->parts.nulls += job->nulls[i];
  return BR_OK;
}

br_code br_expr_look_up(br_column **out, const br_expr_node *lift, size_t nrow, br_err *err)
{
  struct job job = {.source = lift->column, .table = lift->table, .parts = {.len = nrow}};
  size_t tasks = (nrow + BR_EXPR_TASK_ROWS - 1) / BR_EXPR_TASK_ROWS;
  br_code code = make_parts(&job, tasks, err);
  if (code == BR_OK && job.parts.nulls == 0) {
    br_free(job.parts.valid);
    job.parts.valid = NULL;
  }
  if (code == BR_OK)
    code = br_column_adopt(out, BR_STR, &job.parts, err);
  if (code != BR_OK) {
    br_free(job.parts.cells);
    br_free(job.parts.valid);
    br_dict_release(job.parts.dict);
  }
  br_free(job.nulls);
  return code;
}
