/* Private to expr: what a compiled expression is made of.
 *
 * A program is an array of nodes; a node's arguments stand before it, one node may be the argument
 * of several. The last of them is not always the root: see br_expr.
 *
 * A block is up to BR_EXPR_BLOCK rows of one node: cells by type (double, int64_t, unsigned char of 0
 * or 1, br_expr_span) and a byte a row that is 1 for a value. Buffers always have room for a whole
 * block, and kernels over numbers always work on a whole one: with a constant number of steps the
 * compiler vectorises them without a rest. Rows behind n and cells of nulls hold anything that is
 * safe to compute with; such rows raise no error. */
#ifndef BR_EXPR_PROGRAM_H
#define BR_EXPR_PROGRAM_H

#include "frame/frame.h"

enum { BR_EXPR_BLOCK = 1024, BR_EXPR_ARGS = 3 };

typedef enum br_xtype {
  BR_X_F64 = BR_F64,
  BR_X_I64 = BR_I64,
  BR_X_BOOL = BR_BOOL,
  BR_X_STR = BR_STR,
  BR_X_TIME = BR_TIMESTAMP,
  BR_X_NIL, /* the constant nil, before it meets another type */
} br_xtype;

const char *br_expr_type_name(br_xtype type);

typedef struct br_expr_span {
  const char *s; /* never NULL */
  size_t len;
} br_expr_span;

typedef struct br_expr_value {
  bool null;
  bool boolean;
  double f64;
  int64_t i64; /* a timestamp's too */
  br_expr_span str;
} br_expr_value;

typedef struct br_expr_vec {
  const void *cells;
  const unsigned char *valid; /* NULL: no null */
} br_expr_vec;

/* Memory for the strings of one block, or of one expression; zero-initialise. */
typedef struct br_expr_arena {
  struct br_expr_chunk *chunks; /* the one in use first */
} br_expr_arena;
/* NULL when memory is out. Never moves; lives until the arena is reset or cleared. */
void *br_expr_arena_take(br_expr_arena *arena, size_t size) BR_MUST_USE;
void br_expr_arena_reset(br_expr_arena *arena); /* keeps some memory for the next block */
void br_expr_arena_clear(br_expr_arena *arena);

struct br_expr_node;

/* One kernel at work on one block. */
typedef struct br_expr_call {
  const struct br_expr_node *node;
  size_t n;     /* rows that count */
  size_t first; /* the number of the first row, from 0 */
  br_expr_vec in[BR_EXPR_ARGS];
  void *out;
  unsigned char *valid; /* NULL where the node has no nulls; else set as br_expr_nulls says */
  br_expr_arena *arena;
  const struct br_expr_program *program; /* for messages */
} br_expr_call;
typedef br_code (*br_expr_kernel)(const br_expr_call *call, br_err *err);

/* What `valid` holds when a kernel is called: */
typedef enum br_expr_nulls {
  BR_NULLS_SPREAD, /* the nulls of all arguments; the kernel leaves them */
  BR_NULLS_MADE,   /* the same; the kernel adds some */
  BR_NULLS_OWN,    /* nothing: the kernel sets all, if there can be any */
  BR_NULLS_NEVER,  /* the result has none; valid is NULL */
} br_expr_nulls;

typedef struct br_expr_op {
  const char *name; /* for messages */
  br_expr_kernel run;
  br_xtype type; /* of the result; BR_X_NIL: that of the last argument */
  br_expr_nulls nulls;
  bool keeps; /* a string result lies within an argument or in memory that stays */
} br_expr_op;

/* A function over all rows of its argument. args: n whole columns of the program's rows. Makes a
 * column of as many rows, or of one row, which then holds for all. */
typedef struct br_expr_whole {
  const char *name;
  br_code (*run)(br_column **out, br_column *x, const struct br_expr_node *node, br_err *err);
} br_expr_whole;

typedef enum br_expr_node_kind {
  BR_NODE_CONST,
  BR_NODE_COLUMN,
  BR_NODE_ROW,   /* the row's number from 1 */
  BR_NODE_CALL,  /* op over args, block by block */
  BR_NODE_WHOLE, /* whole over args[0]; replaced when the program is run */
  BR_NODE_DICT,  /* in a program that is run over a column's dictionary: its strings, then null */
  BR_NODE_LIFT,  /* a cell of table, chosen by the code of column's row */
} br_expr_node_kind;

typedef struct br_expr_node {
  br_expr_node_kind kind;
  br_xtype type;
  bool may_null;
  bool blank;  /* COLUMN: a string column of nulls only, which meets any type */
  bool stable; /* strings: they stay where they are longer than a block */
  uint32_t args[BR_EXPR_ARGS];
  size_t nargs;
  size_t at; /* where in the text */
  const br_expr_op *op;
  const br_expr_whole *whole;
  const void *param;   /* of the op or the whole function; the expression's */
  br_expr_value value; /* CONST; option of a whole function */
  br_column *column;   /* COLUMN, DICT, LIFT */
  br_column *table;    /* LIFT: a row for each code, and where column has nulls one for null */
} br_expr_node;

typedef struct br_expr_program {
  br_expr_node *nodes;
  size_t n;
  size_t nrow;
  const char *text;
  size_t len;
  bool constant; /* folded while it is compiled: no row is to blame for an error */
} br_expr_program;

/* Fails with "expression 'TEXT', column N: " and the message; at: offset in the text. */
br_code br_expr_fail(const br_expr_program *program, size_t at, br_code code, br_err *err,
                     const char *fmt, ...) BR_PRINTF(5, 6);

/* BR_ERANGE: the same for row i of a block, "row N: " before the message. */
br_code br_expr_fail_row(const br_expr_call *call, size_t i, br_err *err, const char *fmt, ...)
    BR_PRINTF(4, 5);

/* Runs the program for node `root` over its rows. */
br_code br_expr_run(br_column **out, const br_expr_program *program, uint32_t root,
                    br_err *err) BR_MUST_USE;

/* Whether row i of a vector has a value. */
static inline bool br_expr_is_value(const unsigned char *valid, size_t i)
{
  return !valid || valid[i];
}

#endif
