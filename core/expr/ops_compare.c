/* Kernels of < <= > >= == ~=, of and, or, not, of the tests for null, and of choosing between values.
 *
 * Logic has three values: a null is neither true nor false. Of bytes that are 0 or 1, v & x is
 * "true", v & ~x "false". */
#include "expr/build.h"

#include <math.h>
#include <string.h>

#define COMPARE(name, type, holds)                                                                 \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const type *restrict a = call->in[0].cells;                                                    \
    const type *restrict b = call->in[1].cells;                                                    \
    unsigned char *restrict out = call->out;                                                       \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++) {                                                   \
      type x = a[i];                                                                               \
      type y = b[i];                                                                               \
      out[i] = (holds);                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

COMPARE(lt_f64, double, x < y)
COMPARE(le_f64, double, x <= y)
COMPARE(gt_f64, double, x > y)
COMPARE(ge_f64, double, x >= y)
COMPARE(eq_f64, double, x == y)
COMPARE(ne_f64, double, x != y)
COMPARE(lt_i64, int64_t, x < y)
COMPARE(le_i64, int64_t, x <= y)
COMPARE(gt_i64, int64_t, x > y)
COMPARE(ge_i64, int64_t, x >= y)
COMPARE(eq_i64, int64_t, x == y)
COMPARE(ne_i64, int64_t, x != y)
COMPARE(eq_bool, unsigned char, x == y)
COMPARE(ne_bool, unsigned char, x != y)

/* An i64 with an f64, exactly: -1, 0, 1, and 2 beside NaN. */
static int order_mixed(int64_t x, double y)
{
  if (isnan(y))
    return 2;
  if (y >= 0x1p63)
    return -1;
  if (y < -0x1p63)
    return 1;
  double whole = floor(y);
  int64_t rounded = (int64_t)whole;
  if (x != rounded)
    return x < rounded ? -1 : 1;
  return whole < y ? -1 : 0;
}

static int order_str(const br_expr_span *x, const br_expr_span *y)
{
  size_t shared = x->len < y->len ? x->len : y->len;
  int order = memcmp(x->s, y->s, shared);
  if (order != 0)
    return order < 0 ? -1 : 1;
  return (x->len > y->len) - (x->len < y->len);
}

/* z is the order of the cells. */
#define COMPARE_BY(name, left, right, order, holds)                                                \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const left *a = call->in[0].cells;                                                             \
    const right *b = call->in[1].cells;                                                            \
    unsigned char *out = call->out;                                                                \
    for (size_t i = 0; i < call->n; i++) {                                                         \
      int z = (order);                                                                             \
      out[i] = (holds);                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

COMPARE_BY(lt_mixed, int64_t, double, order_mixed(a[i], b[i]), z == -1)
COMPARE_BY(le_mixed, int64_t, double, order_mixed(a[i], b[i]), z <= 0)
COMPARE_BY(gt_mixed, int64_t, double, order_mixed(a[i], b[i]), z == 1)
COMPARE_BY(ge_mixed, int64_t, double, order_mixed(a[i], b[i]), z == 0 || z == 1)
COMPARE_BY(eq_mixed, int64_t, double, order_mixed(a[i], b[i]), z == 0)
COMPARE_BY(ne_mixed, int64_t, double, order_mixed(a[i], b[i]), z != 0)
COMPARE_BY(lt_str, br_expr_span, br_expr_span, order_str(&a[i], &b[i]), z < 0)
COMPARE_BY(le_str, br_expr_span, br_expr_span, order_str(&a[i], &b[i]), z <= 0)
COMPARE_BY(gt_str, br_expr_span, br_expr_span, order_str(&a[i], &b[i]), z > 0)
COMPARE_BY(ge_str, br_expr_span, br_expr_span, order_str(&a[i], &b[i]), z >= 0)
COMPARE_BY(eq_str, br_expr_span, br_expr_span, order_str(&a[i], &b[i]), z == 0)
COMPARE_BY(ne_str, br_expr_span, br_expr_span, order_str(&a[i], &b[i]), z != 0)

enum { OPS = 6 };
#define OP(text, kernel)                                                                           \
  {                                                                                                \
    text, kernel, BR_X_BOOL, BR_NULLS_SPREAD, false                                                \
  }
static const br_expr_op of_f64[OPS] = {OP("<", lt_f64),  OP("<=", le_f64), OP(">", gt_f64),
                                       OP(">=", ge_f64), OP("==", eq_f64), OP("~=", ne_f64)};
static const br_expr_op of_i64[OPS] = {OP("<", lt_i64),  OP("<=", le_i64), OP(">", gt_i64),
                                       OP(">=", ge_i64), OP("==", eq_i64), OP("~=", ne_i64)};
static const br_expr_op of_mixed[OPS] = {OP("<", lt_mixed),  OP("<=", le_mixed),
                                         OP(">", gt_mixed),  OP(">=", ge_mixed),
                                         OP("==", eq_mixed), OP("~=", ne_mixed)};
static const br_expr_op of_str[OPS] = {OP("<", lt_str),  OP("<=", le_str), OP(">", gt_str),
                                       OP(">=", ge_str), OP("==", eq_str), OP("~=", ne_str)};
static const br_expr_op of_bool[] = {OP("==", eq_bool), OP("~=", ne_bool)};

static const br_expr_op *find(const br_expr_op *ops, size_t n, const char *name)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp(ops[i].name, name) == 0)
      return &ops[i];
  return NULL;
}

const br_expr_op *br_expr_op_compare(const char *name, br_xtype a, br_xtype b)
{
  if (a == BR_X_I64 && b == BR_X_F64)
    return find(of_mixed, OPS, name);
  switch (a) {
  case BR_X_F64:
    return find(of_f64, OPS, name);
  case BR_X_STR:
    return find(of_str, OPS, name);
  case BR_X_BOOL:
    return find(of_bool, 2, name);
  default:
    return find(of_i64, OPS, name);
  }
}

/* Logic. */

static const unsigned char *validity(const br_expr_vec *vec)
{
  static const unsigned char all[BR_EXPR_BLOCK] = {
#define FOUR 1, 1, 1, 1
#define SIXTEEN FOUR, FOUR, FOUR, FOUR
#define SIXTY_FOUR SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN
#define QUARTER SIXTY_FOUR, SIXTY_FOUR, SIXTY_FOUR, SIXTY_FOUR
      QUARTER, QUARTER, QUARTER, QUARTER};
  return vec->valid ? vec->valid : all;
}

/* and: false where one side is, whatever the other. or: the first side where it is true, else the
 * second. */
static void join_nulls(const br_expr_call *call, bool is_or)
{
  const unsigned char *restrict a = call->in[0].cells;
  const unsigned char *restrict b = call->in[1].cells;
  const unsigned char *restrict va = validity(&call->in[0]);
  const unsigned char *restrict vb = validity(&call->in[1]);
  unsigned char *restrict out = call->out;
  unsigned char *restrict valid = call->valid;
  for (size_t i = 0; is_or && i < BR_EXPR_BLOCK; i++) {
    out[i] = (va[i] & a[i]) | (vb[i] & b[i]);
    valid[i] = (va[i] & a[i]) | vb[i];
  }
  for (size_t i = 0; !is_or && i < BR_EXPR_BLOCK; i++) {
    unsigned char is_false = (unsigned char)((va[i] & (a[i] ^ 1)) | (vb[i] & (b[i] ^ 1)));
    out[i] = is_false ^ 1;
    valid[i] = is_false | (va[i] & vb[i]);
  }
}

static br_code and_bool(const br_expr_call *call, br_err *err)
{
  const unsigned char *restrict a = call->in[0].cells;
  const unsigned char *restrict b = call->in[1].cells;
  unsigned char *restrict out = call->out;
  (void)err;
  if (call->valid)
    join_nulls(call, false);
  for (size_t i = 0; !call->valid && i < BR_EXPR_BLOCK; i++)
    out[i] = a[i] & b[i];
  return BR_OK;
}

static br_code or_bool(const br_expr_call *call, br_err *err)
{
  const unsigned char *restrict a = call->in[0].cells;
  const unsigned char *restrict b = call->in[1].cells;
  unsigned char *restrict out = call->out;
  (void)err;
  if (call->valid)
    join_nulls(call, true);
  for (size_t i = 0; !call->valid && i < BR_EXPR_BLOCK; i++)
    out[i] = a[i] | b[i];
  return BR_OK;
}

static br_code not_bool(const br_expr_call *call, br_err *err)
{
  const unsigned char *restrict a = call->in[0].cells;
  unsigned char *restrict out = call->out;
  (void)err;
  for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
    out[i] = a[i] ^ 1;
  return BR_OK;
}

static br_code not_null(const br_expr_call *call, br_err *err)
{
  (void)err;
  memcpy(call->out, validity(&call->in[0]), BR_EXPR_BLOCK);
  return BR_OK;
}

static br_code is_null(const br_expr_call *call, br_err *err)
{
  const unsigned char *restrict valid = validity(&call->in[0]);
  unsigned char *restrict out = call->out;
  (void)err;
  for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
    out[i] = valid[i] ^ 1;
  return BR_OK;
}

const br_expr_op br_expr_op_and = {"and", and_bool, BR_X_BOOL, BR_NULLS_OWN, false};
const br_expr_op br_expr_op_or = {"or", or_bool, BR_X_BOOL, BR_NULLS_OWN, false};
const br_expr_op br_expr_op_not = {"not", not_bool, BR_X_BOOL, BR_NULLS_SPREAD, false};
const br_expr_op br_expr_op_is_null = {"is_null", is_null, BR_X_BOOL, BR_NULLS_NEVER, false};
const br_expr_op br_expr_op_not_null = {"not_null", not_null, BR_X_BOOL, BR_NULLS_NEVER, false};

/* Choosing. */

/* A null condition chooses the second value. */
#define CHOOSE(name, type)                                                                         \
  static br_code choose_##name(const br_expr_call *call, br_err *err)                              \
  {                                                                                                \
    const unsigned char *restrict c = call->in[0].cells;                                           \
    const unsigned char *restrict vc = validity(&call->in[0]);                                     \
    const type *restrict a = call->in[1].cells;                                                    \
    const type *restrict b = call->in[2].cells;                                                    \
    const unsigned char *restrict va = validity(&call->in[1]);                                     \
    const unsigned char *restrict vb = validity(&call->in[2]);                                     \
    typedef type result_cell;                                                                      \
    result_cell *restrict out = call->out;                                                         \
    (void)err;                                                                                     \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++)                                                     \
      out[i] = c[i] & vc[i] ? a[i] : b[i];                                                         \
    for (size_t i = 0; call->valid && i < BR_EXPR_BLOCK; i++)                                      \
      call->valid[i] = c[i] & vc[i] ? va[i] : vb[i];                                               \
    return BR_OK;                                                                                  \
  }                                                                                                \
  static br_code coalesce_##name(const br_expr_call *call, br_err *err)                            \
  {                                                                                                \
    const type *restrict a = call->in[0].cells;                                                    \
    const type *restrict b = call->in[1].cells;                                                    \
    const unsigned char *restrict va = validity(&call->in[0]);                                     \
    const unsigned char *restrict vb = validity(&call->in[1]);                                     \
    typedef type result_cell;                                                                      \
    result_cell *restrict out = call->out;                                                         \
    (void)err;                                                                                     \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++)                                                     \
      out[i] = va[i] ? a[i] : b[i];                                                                \
    for (size_t i = 0; call->valid && i < BR_EXPR_BLOCK; i++)                                      \
      call->valid[i] = va[i] | vb[i];                                                              \
    return BR_OK;                                                                                  \
  }

CHOOSE(f64, double)
CHOOSE(i64, int64_t)
CHOOSE(bool, unsigned char)
CHOOSE(str, br_expr_span)

/* By br_xtype; nil is a null of any type, its cells are as large as numbers. */
enum { TYPES = 6 };
static const br_expr_op choices[TYPES] = {
    {"if_else", choose_f64, BR_X_F64, BR_NULLS_OWN, false},
    {"if_else", choose_i64, BR_X_I64, BR_NULLS_OWN, false},
    {"if_else", choose_bool, BR_X_BOOL, BR_NULLS_OWN, false},
    {"if_else", choose_str, BR_X_STR, BR_NULLS_OWN, true},
    {"if_else", choose_i64, BR_X_TIME, BR_NULLS_OWN, false},
    {"if_else", choose_f64, BR_X_F64, BR_NULLS_OWN, false},
};
static const br_expr_op coalescings[TYPES] = {
    {"coalesce", coalesce_f64, BR_X_F64, BR_NULLS_OWN, false},
    {"coalesce", coalesce_i64, BR_X_I64, BR_NULLS_OWN, false},
    {"coalesce", coalesce_bool, BR_X_BOOL, BR_NULLS_OWN, false},
    {"coalesce", coalesce_str, BR_X_STR, BR_NULLS_OWN, true},
    {"coalesce", coalesce_i64, BR_X_TIME, BR_NULLS_OWN, false},
    {"coalesce", coalesce_f64, BR_X_F64, BR_NULLS_OWN, false},
};

const br_expr_op *br_expr_op_choose(br_xtype type)
{
  return &choices[type];
}

const br_expr_op *br_expr_op_coalesce(br_xtype type)
{
  return &coalescings[type];
}
