/* One block of one node; see block.h. Cells of columns are read where they lie if a whole block of
 * them is there. */
#include "expr/block.h"

#include "base/vec.h"

#include <string.h>

static const br_expr_span empty = {"", 0};

/* Bits to bytes; first is a multiple of 8. */
static void unpack(unsigned char *to, const unsigned char *bits, size_t first, size_t n)
{
  const unsigned char *from = bits + first / 8;
  for (size_t i = 0; i < n; i++)
    to[i] = from[i / 8] >> (i % 8) & 1;
  memset(to + n, 0, BR_EXPR_BLOCK - n);
}

static void load_spans(br_expr_span *to, const br_column *column, size_t first, size_t n,
                       const unsigned char *valid)
{
  const uint32_t *codes = br_column_codes(column) + first;
  for (size_t i = 0; i < n; i++) {
    to[i] = empty;
    if (br_expr_is_value(valid, i))
      to[i].s = br_column_dict_str(column, codes[i], &to[i].len);
  }
}

static size_t cell_size(br_xtype type)
{
  switch (type) {
  case BR_X_BOOL:
    return 1;
  case BR_X_STR:
    return sizeof(br_expr_span);
  default:
    return sizeof(int64_t);
  }
}

static void pad(void *cells, br_xtype type, size_t n)
{
  if (type == BR_X_STR) {
    for (size_t i = n; i < BR_EXPR_BLOCK; i++)
      ((br_expr_span *)cells)[i] = empty;
    return;
  }
  size_t size = cell_size(type);
  memset((char *)cells + n * size, 0, (BR_EXPR_BLOCK - n) * size);
}

static void load_column(const br_expr_block *block, const br_expr_node *node, br_expr_slot *slot,
                        br_expr_vec *vec)
{
  const unsigned char *bits = br_column_validity(node->column);
  *vec = (br_expr_vec){.cells = slot->cells};
  if (bits) {
    unpack(slot->valid, bits, block->first, block->n);
    vec->valid = slot->valid;
  }
  size_t size = cell_size(node->type);
  if (node->type == BR_X_STR) {
    load_spans(slot->cells, node->column, block->first, block->n, vec->valid);
    pad(slot->cells, node->type, block->n);
    return;
  }
  const char *cells = (const char *)br_column_cells(node->column) + block->first * size;
  if (block->n == BR_EXPR_BLOCK) {
    vec->cells = cells;
    return;
  }
  memcpy(slot->cells, cells, block->n * size);
  pad(slot->cells, node->type, block->n);
}

static void fill_numbers(void *cells, const br_expr_node *node)
{
  if (node->type == BR_X_F64) {
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
      ((double *)cells)[i] = node->value.f64;
  } else {
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
      ((int64_t *)cells)[i] = node->value.i64;
  }
}

static void load_const(const br_expr_node *node, br_expr_slot *slot, br_expr_vec *vec)
{
  *vec = (br_expr_vec){.cells = slot->cells};
  if (node->value.null) {
    memset(slot->valid, 0, sizeof slot->valid);
    vec->valid = slot->valid;
    pad(slot->cells, node->type, 0);
  } else if (node->type == BR_X_STR) {
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
      slot->cells[i] = node->value.str;
  } else if (node->type == BR_X_BOOL) {
    memset((void *)slot->cells, node->value.boolean, BR_EXPR_BLOCK * cell_size(BR_X_BOOL));
  } else {
    fill_numbers(slot->cells, node);
  }
}

static void load_rows(const br_expr_block *block, br_expr_slot *slot, br_expr_vec *vec)
{
  int64_t *cells = (int64_t *)(void *)slot->cells;
  for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
    cells[i] = (int64_t)(block->first + i) + 1;
  *vec = (br_expr_vec){.cells = cells};
}

/* The entries of a dictionary, and null behind them. */
static void load_dict(const br_expr_block *block, const br_expr_node *node, br_expr_slot *slot,
                      br_expr_vec *vec)
{
  size_t entries = br_column_dict_len(node->column);
  *vec = (br_expr_vec){slot->cells, node->may_null ? slot->valid : NULL};
  memset(slot->valid, 1, sizeof slot->valid);
  pad(slot->cells, BR_X_STR, 0);
  for (size_t i = 0; i < block->n; i++) {
    size_t code = block->first + i;
    br_expr_span *cell = &slot->cells[i];
    if (code < entries)
      cell->s = br_column_dict_str(node->column, (uint32_t)code, &cell->len);
    else
      slot->valid[i] = 0;
  }
}

/* Row numbers of the table. */
static void list_codes(uint32_t *to, const br_expr_block *block, const br_column *column)
{
  const uint32_t *codes = br_column_codes(column) + block->first;
  const unsigned char *bits = br_column_validity(column);
  uint32_t null = (uint32_t)br_column_dict_len(column);
  for (size_t i = 0; i < block->n; i++) {
    size_t row = block->first + i;
    to[i] = !bits || (bits[row / 8] >> (row % 8) & 1) ? codes[i] : null;
  }
}

static void gather(void *to, const br_column *table, br_xtype type, const uint32_t *code, size_t n)
{
  const void *cells = br_column_cells(table);
  if (type == BR_X_BOOL) {
    for (size_t i = 0; i < n; i++)
      ((unsigned char *)to)[i] = ((const unsigned char *)cells)[code[i]];
  } else if (type == BR_X_STR) {
    for (size_t i = 0; i < n; i++) {
      br_expr_span *cell = &((br_expr_span *)to)[i];
      cell->s = br_column_str(table, code[i], &cell->len);
    }
  } else if (type == BR_X_F64) {
    for (size_t i = 0; i < n; i++)
      ((double *)to)[i] = ((const double *)cells)[code[i]];
  } else {
    for (size_t i = 0; i < n; i++)
      ((int64_t *)to)[i] = ((const int64_t *)cells)[code[i]];
  }
}

static void load_lift(const br_expr_block *block, const br_expr_node *node, br_expr_slot *slot,
                      void *place, br_expr_vec *vec)
{
  uint32_t own[BR_EXPR_BLOCK];
  const uint32_t *code = br_column_codes(node->column) + block->first;
  const unsigned char *bits = br_column_validity(node->table);
  void *cells = place ? place : slot->cells;
  if (br_column_validity(node->column)) {
    list_codes(own, block, node->column);
    code = own;
  }
  gather(cells, node->table, node->type, code, block->n);
  if (block->n < BR_EXPR_BLOCK)
    pad(cells, node->type, block->n);
  *vec = (br_expr_vec){.cells = cells};
  if (!bits)
    return;
  memset(slot->valid, 0, sizeof slot->valid);
  for (size_t i = 0; i < block->n; i++)
    slot->valid[i] = bits[code[i] / 8] >> (code[i] % 8) & 1;
  vec->valid = slot->valid;
}

/* A value where all arguments have one. */
static void spread_nulls(unsigned char *restrict valid, const br_expr_call *call, size_t nargs)
{
  memset(valid, 1, BR_EXPR_BLOCK);
  for (size_t k = 0; k < nargs; k++) {
    const unsigned char *restrict from = call->in[k].valid;
    for (size_t i = 0; from && i < BR_EXPR_BLOCK; i++)
      valid[i] &= from[i];
  }
}

static br_code call_op(const br_expr_block *block, br_expr_bench *bench, uint32_t at, void *place,
                       br_err *err)
{
  const br_expr_node *node = &block->program->nodes[at];
  br_expr_slot *slot = &bench->slots[block->slot[at]];
  br_expr_call call = {
      .node = node,
      .n = block->n,
      .first = block->first,
      .out = place ? place : slot->cells,
      .valid = node->may_null ? slot->valid : NULL,
      .arena = &bench->arena,
      .program = block->program,
  };
  for (size_t k = 0; k < node->nargs; k++)
    call.in[k] = bench->vecs[node->args[k]];
  if (node->may_null && node->op->nulls != BR_NULLS_OWN)
    spread_nulls(call.valid, &call, node->nargs);
  if (node->type == BR_X_STR)
    pad(call.out, BR_X_STR, 0);
  bench->vecs[at] = (br_expr_vec){call.out, call.valid};
  return node->op->run(&call, err);
}

br_code br_expr_block_node(const br_expr_block *block, br_expr_bench *bench, uint32_t at,
                           void *place, br_err *err)
{
  const br_expr_node *node = &block->program->nodes[at];
  br_expr_slot *slot = &bench->slots[block->slot[at]];
  br_expr_vec *vec = &bench->vecs[at];
  switch (node->kind) {
  case BR_NODE_CONST:
    load_const(node, slot, vec);
    return BR_OK;
  case BR_NODE_COLUMN:
    load_column(block, node, slot, vec);
    return BR_OK;
  case BR_NODE_ROW:
    load_rows(block, slot, vec);
    return BR_OK;
  case BR_NODE_DICT:
    load_dict(block, node, slot, vec);
    return BR_OK;
  case BR_NODE_LIFT:
    load_lift(block, node, slot, place, vec);
    return BR_OK;
  default:
    return call_op(block, bench, at, place, err);
  }
}
