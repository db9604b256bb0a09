/* Private to expr: the nodes of a program, one block at a time. */
#ifndef BR_EXPR_BLOCK_H
#define BR_EXPR_BLOCK_H

#include "expr/program.h"

/* Buffers of one thread. */
typedef struct br_expr_slot {
  br_expr_span cells[BR_EXPR_BLOCK]; /* the largest cells there are */
  unsigned char valid[BR_EXPR_BLOCK];
} br_expr_slot;

typedef struct br_expr_bench {
  br_expr_slot *slots;
  br_expr_vec *vecs; /* by node */
  br_expr_arena arena;
} br_expr_bench;

typedef struct br_expr_block {
  const br_expr_program *program;
  const uint32_t *slot; /* by node */
  size_t first, n;
} br_expr_block;

/* Sets bench->vecs[at]; those of its arguments are set. place: where the cells are to be written
 * where that is possible; NULL: the node's slot. */
br_code br_expr_block_node(const br_expr_block *block, br_expr_bench *bench, uint32_t at,
                           void *place, br_err *err) BR_MUST_USE;

#endif
