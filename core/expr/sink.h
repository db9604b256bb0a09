/* Private to expr: blocks on their way into a column.
 *
 * Every block is put by one task, tasks may run at once. Strings are numbered within a task first;
 * the end joins the tasks' dictionaries in order, so that the codes don't depend on threads. */
#ifndef BR_EXPR_SINK_H
#define BR_EXPR_SINK_H

#include "expr/program.h"

enum { BR_EXPR_TASK_ROWS = 64 * BR_EXPR_BLOCK };

typedef struct br_expr_part { /* what a task has put */
  size_t nulls;
  br_dict *dict;
} br_expr_part;

typedef struct br_expr_sink {
  br_type type;
  bool stable; /* see br_expr_node */
  size_t nrow;
  void *cells;
  unsigned char *valid; /* bits; NULL where there are no nulls */
  br_expr_part *parts;  /* one a task */
  size_t nparts;
} br_expr_sink;

/* For the rows of a result like `node`. End with br_expr_sink_clear, also after a failure. */
br_code br_expr_sink_start(br_expr_sink *sink, const br_expr_node *node, size_t nrow,
                           br_err *err) BR_MUST_USE;
/* Where a whole block of numbers from row `first` on may be written in place of a buffer; else NULL. */
void *br_expr_sink_place(const br_expr_sink *sink, size_t first, size_t n);
br_code br_expr_sink_put(br_expr_sink *sink, size_t first, size_t n, const br_expr_vec *vec,
                         br_err *err) BR_MUST_USE;
br_code br_expr_sink_finish(br_column **out, br_expr_sink *sink, br_err *err) BR_MUST_USE;
void br_expr_sink_clear(br_expr_sink *sink);

/* The string column of a BR_NODE_LIFT, without blocks. */
br_code br_expr_look_up(br_column **out, const br_expr_node *lift, size_t nrow,
                        br_err *err) BR_MUST_USE;

#endif
