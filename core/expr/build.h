/* Private to expr: nodes are added to a program here, typed and folded; the parser, the operators
 * and the functions stand on it. */
#ifndef BR_EXPR_BUILD_H
#define BR_EXPR_BUILD_H

#include "expr/expr.h"
#include "expr/program.h"

#include <regex.h>

typedef struct br_expr_pattern {
  struct br_expr_pattern *next;
  regex_t regex;
} br_expr_pattern;

struct br_expr {
  br_expr_program program;
  size_t cap;
  uint32_t root;
  br_expr_arena arena; /* names, strings, the text, parameters */
  br_expr_pattern *patterns;
  const br_frame *frame; /* while it is compiled; then NULL */
};

typedef uint32_t br_expr_ref; /* a node's number */

static inline br_expr_node *br_expr_at(const br_expr *e, br_expr_ref ref)
{
  return &e->program.nodes[ref];
}

/* New nodes. */
br_code br_expr_add(br_expr *e, const br_expr_node *node, br_expr_ref *out,
                    br_err *err) BR_MUST_USE;
br_code br_expr_const(br_expr *e, br_xtype type, const br_expr_value *value, size_t at,
                      br_expr_ref *out, br_err *err) BR_MUST_USE;
br_code br_expr_null(br_expr *e, br_xtype type, size_t at, br_expr_ref *out,
                     br_err *err) BR_MUST_USE;
br_code br_expr_integer(br_expr *e, int64_t value, size_t at, br_expr_ref *out,
                        br_err *err) BR_MUST_USE;

/* A call to be built: at is where the operator or the function's name stands. */
typedef struct br_expr_site {
  const char *name;
  size_t at;
  br_expr_ref *args; /* converted in place */
  size_t nargs;
  const void *param; /* for the node */
} br_expr_site;
/* Calls op with the site's arguments, at most BR_EXPR_ARGS; folded where all are constants. */
br_code br_expr_call_op(br_expr *e, const br_expr_op *op, const br_expr_site *site,
                        br_expr_ref *out, br_err *err) BR_MUST_USE;
/* A function over all rows of args[0]. type: of the result. */
br_code br_expr_call_whole(br_expr *e, const br_expr_whole *whole, br_xtype type,
                           const br_expr_site *site, br_expr_ref *out, br_err *err) BR_MUST_USE;

/* Argument k of the site as a value of the type: nil becomes a null, an i64 an f64; any other
 * difference is BR_ETYPE. */
br_code br_expr_want(br_expr *e, const br_expr_site *site, size_t k, br_xtype type,
                     br_err *err) BR_MUST_USE;
/* Whether two values can become of one type, as br_expr_meet makes them. */
bool br_expr_can_meet(const br_expr *e, br_expr_ref a, br_expr_ref b);
/* Arguments first … n-1 become of one type: i64 and f64 meet as f64, nil as any, a string constant
 * as a timestamp. */
br_code br_expr_meet(br_expr *e, const br_expr_site *site, size_t first, br_xtype *type,
                     br_err *err) BR_MUST_USE;
/* A cast of any type to any, as the functions int, float, bool, str and time make it. */
br_code br_expr_cast(br_expr *e, br_expr_ref *ref, br_xtype type, br_err *err) BR_MUST_USE;

bool br_expr_is_const(const br_expr *e, br_expr_ref ref);
/* Argument k, which must be a constant of the type (an i64 too where f64 is wanted), no null. */
br_code br_expr_option(br_expr *e, const br_expr_site *site, size_t k, br_xtype type,
                       br_expr_value *value, br_err *err) BR_MUST_USE;

/* Operators, by their text. */
br_code br_expr_unary(br_expr *e, const char *name, size_t at, br_expr_ref *x,
                      br_err *err) BR_MUST_USE;
br_code br_expr_binary(br_expr *e, const char *name, size_t at, const br_expr_ref pair[2],
                       br_expr_ref *out, br_err *err) BR_MUST_USE;

/* Kernels by type; NULL where there is none. */
const br_expr_op *br_expr_op_arithmetic(const char *name, br_xtype type);
const br_expr_op *br_expr_op_negate(br_xtype type);
const br_expr_op *br_expr_op_compare(const char *name, br_xtype a, br_xtype b);
const br_expr_op *br_expr_op_cast(br_xtype from, br_xtype to);
extern const br_expr_op br_expr_op_and, br_expr_op_or, br_expr_op_not, br_expr_op_is_null,
    br_expr_op_not_null, br_expr_op_concat, br_expr_op_len, br_expr_op_time_minus_time,
    br_expr_op_time_plus, br_expr_op_time_minus;
/* if_else and coalesce by the type of the values. */
const br_expr_op *br_expr_op_choose(br_xtype type);
const br_expr_op *br_expr_op_coalesce(br_xtype type);

#endif
