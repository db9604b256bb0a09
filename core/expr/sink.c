/* Blocks into a column; see sink.h. */
#include "expr/sink.h"

#include "base/vec.h"

#include <math.h>
#include <string.h>

static size_t cell_size(br_type type)
{
  switch (type) {
  case BR_BOOL:
    return 1;
  case BR_STR:
    return sizeof(uint32_t);
  default:
    return sizeof(int64_t);
  }
}

br_code br_expr_sink_start(br_expr_sink *sink, const br_expr_node *node, size_t nrow, br_err *err)
{
  br_type type = node->type == BR_X_NIL ? BR_F64 : (br_type)node->type;
  size_t nparts = (nrow + BR_EXPR_TASK_ROWS - 1) / BR_EXPR_TASK_ROWS;
  *sink = (br_expr_sink){.type = type, .stable = node->stable, .nrow = nrow, .nparts = nparts};
  sink->cells = br_realloc(NULL, nrow, cell_size(type));
  sink->parts = br_calloc(nparts, sizeof *sink->parts);
  if (node->may_null)
    sink->valid = br_calloc(nrow / 8 + 1, 1);
  if (!sink->cells || !sink->parts || (node->may_null && !sink->valid))
    return br_fail_nomem(err);
  return BR_OK;
}

void *br_expr_sink_place(const br_expr_sink *sink, size_t first, size_t n)
{
  if (n < BR_EXPR_BLOCK || sink->type == BR_STR)
    return NULL;
  return (char *)sink->cells + first * cell_size(sink->type);
}

/* Strings that stay where they are, by address: the same literal or dictionary entry is looked up
 * once as a rule. */
enum { SEEN = 256 };
struct seen {
  const char *s;
  size_t len;
  uint32_t code;
};

static br_code intern(br_dict **dict, struct seen *seen, const br_expr_span *span, uint32_t *code,
                      br_err *err)
{
  struct seen *known = &seen[((uintptr_t)span->s >> 2 ^ span->len) % SEEN];
  if (known->s != span->s || known->len != span->len) {
    BR_TRY(br_dict_intern(dict, span->s, span->len, &known->code, err));
    known->s = span->s;
    known->len = span->len;
  }
  *code = known->code;
  return BR_OK;
}

static br_code put_strings(br_expr_sink *sink, size_t first, size_t n, const br_expr_vec *vec,
                           br_err *err)
{
  br_expr_part *part = &sink->parts[first / BR_EXPR_TASK_ROWS];
  const br_expr_span *spans = vec->cells;
  uint32_t *codes = (uint32_t *)sink->cells + first;
  struct seen seen[SEEN] = {{NULL, 0, 0}}; /* of this block, as others may reuse the memory */
  if (!part->dict)
    BR_TRY(br_dict_new(&part->dict, err));
  for (size_t i = 0; i < n; i++) {
    codes[i] = 0;
    if (br_expr_is_value(vec->valid, i))
      BR_TRY(intern(&part->dict, seen, &spans[i], &codes[i], err));
  }
  return BR_OK;
}

/* The cell of a null. */
static void blank(const br_expr_sink *sink, size_t row)
{
  size_t size = cell_size(sink->type);
  if (sink->type == BR_F64)
    ((double *)sink->cells)[row] = (double)NAN;
  else
    memset((char *)sink->cells + row * size, 0, size);
}

/* first is a multiple of 8. */
static void put_validity(br_expr_sink *sink, size_t first, size_t n, const unsigned char *valid)
{
  size_t nulls = 0;
  for (size_t i = 0; i < n; i++) {
    size_t row = first + i;
    sink->valid[row / 8] = (unsigned char)(sink->valid[row / 8] | valid[i] << (row % 8));
    if (!valid[i])
      blank(sink, row);
    nulls += !valid[i];
  }
  sink->parts[first / BR_EXPR_TASK_ROWS].nulls += nulls;
}

static void put_all_valid(br_expr_sink *sink, size_t first, size_t n)
{
  memset(sink->valid + first / 8, 0xff, n / 8);
  if (n % 8)
    sink->valid[(first + n) / 8] = (unsigned char)((1u << n % 8) - 1);
}

br_code br_expr_sink_put(br_expr_sink *sink, size_t first, size_t n, const br_expr_vec *vec,
                         br_err *err)
{
  size_t size = cell_size(sink->type);
  char *place = (char *)sink->cells + first * size;
  if (sink->type == BR_STR)
    BR_TRY(put_strings(sink, first, n, vec, err));
  else if (vec->cells != place)
    memcpy(place, vec->cells, n * size);
  if (sink->valid && vec->valid)
    put_validity(sink, first, n, vec->valid);
  else if (sink->valid)
    put_all_valid(sink, first, n);
  return BR_OK;
}

/* The codes of part `i` become those of *dict. */
static br_code join_part(br_dict **dict, const br_expr_sink *sink, size_t i, br_err *err)
{
  const br_dict *own = sink->parts[i].dict;
  size_t entries = own ? br_dict_len(own) : 0;
  size_t first = i * BR_EXPR_TASK_ROWS;
  size_t end = sink->nrow - first < BR_EXPR_TASK_ROWS ? sink->nrow : first + BR_EXPR_TASK_ROWS;
  uint32_t *codes = sink->cells;
  uint32_t *map = br_calloc(entries + 1, sizeof *map); /* nulls have code 0 in any case */
  br_code code = BR_OK;
  if (!map)
    return br_fail_nomem(err);
  for (size_t k = 0; k < entries && code == BR_OK; k++) {
    size_t len = 0;
    const char *s = br_dict_str(own, (uint32_t)k, &len);
    code = br_dict_intern(dict, s, len, &map[k], err);
  }
  for (size_t row = first; row < end && code == BR_OK; row++)
    codes[row] = map[codes[row]];
  br_free(map);
  return code;
}

/* A null's code, 0, is mapped like any other; it becomes 0 again here. */
static void blank_codes(const br_expr_sink *sink)
{
  uint32_t *codes = sink->cells;
  for (size_t row = 0; row < sink->nrow; row++)
    codes[row] *= (uint32_t)(sink->valid[row / 8] >> (row % 8) & 1);
}

static br_code join_strings(br_dict **out, const br_expr_sink *sink, br_err *err)
{
  br_dict *dict = NULL;
  BR_TRY(br_dict_new(&dict, err));
  br_code code = BR_OK;
  for (size_t i = 0; i < sink->nparts && code == BR_OK; i++)
    code = join_part(&dict, sink, i, err);
  if (code != BR_OK) {
    br_dict_release(dict);
    return code;
  }
  if (sink->valid)
    blank_codes(sink);
  *out = dict;
  return BR_OK;
}

br_code br_expr_sink_finish(br_column **out, br_expr_sink *sink, br_err *err)
{
  br_column_parts parts = {.len = sink->nrow, .cells = sink->cells};
  for (size_t i = 0; i < sink->nparts; i++)
    parts.nulls += sink->parts[i].nulls;
  parts.valid = parts.nulls ? sink->valid : NULL;
  if (sink->type == BR_STR)
    BR_TRY(join_strings(&parts.dict, sink, err));
  br_code code = br_column_adopt(out, sink->type, &parts, err);
  if (code != BR_OK) {
    br_dict_release(parts.dict);
    return code;
  }
  sink->cells = NULL;
  if (parts.valid)
    sink->valid = NULL;
  return BR_OK;
}

void br_expr_sink_clear(br_expr_sink *sink)
{
  for (size_t i = 0; sink->parts && i < sink->nparts; i++)
    br_dict_release(sink->parts[i].dict);
  br_free(sink->parts);
  br_free(sink->cells);
  br_free(sink->valid);
  *sink = (br_expr_sink){.nrow = 0};
}
