/* Kernels of + - * / // % ^ and of arithmetic with timestamps.
 *
 * i64: sums, differences and products are computed modulo 2^64 over the whole block, with a note
 * whether one of them overflowed; only then are the rows looked at one by one. */
#include "expr/build.h"

#include "base/vec.h"
#include "frame/timestamp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* x and y are the arguments' cells. */
#define BINARY(name, type, value)                                                                  \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const type *restrict a = call->in[0].cells;                                                    \
    const type *restrict b = call->in[1].cells;                                                    \
    double *restrict out = call->out;                                                              \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++) {                                                   \
      type x = a[i];                                                                               \
      type y = b[i];                                                                               \
      out[i] = (value);                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

static double floor_mod(double x, double y)
{
  double rest = fmod(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

BINARY(add_f64, double, x + y)
BINARY(sub_f64, double, x - y)
BINARY(mul_f64, double, x *y)
BINARY(div_f64, double, x / y)
BINARY(idiv_f64, double, floor(x / y))
BINARY(mod_f64, double, floor_mod(x, y))
BINARY(pow_f64, double, y == 2 ? x * x : pow(x, y))
/* Of the range of timestamps no difference overflows; a null's cell may hold anything. */
BINARY(time_minus_time, int64_t,
       (double)(int64_t)((uint64_t)x - (uint64_t)y) / (double)BR_TIMESTAMP_PER_SECOND)

/* i64. */

typedef bool (*overflows)(int64_t x, int64_t y);

static bool add_overflows(int64_t x, int64_t y)
{
  int64_t out;
  return __builtin_add_overflow(x, y, &out);
}

static bool sub_overflows(int64_t x, int64_t y)
{
  int64_t out;
  return __builtin_sub_overflow(x, y, &out);
}

static bool mul_overflows(int64_t x, int64_t y)
{
  int64_t out;
  return __builtin_mul_overflow(x, y, &out);
}

static bool div_overflows(int64_t x, int64_t y)
{
  return x == INT64_MIN && y == -1;
}

static br_code fail_overflow(const br_expr_call *call, size_t i, br_err *err)
{
  const int64_t *a = call->in[0].cells;
  const int64_t *b = call->in[1].cells;
  char text[80];
  if (call->node->nargs == 1)
    (void)snprintf(text, sizeof text, "%s(%" PRId64 ")", call->node->op->name, a[i]);
  else
    (void)snprintf(text, sizeof text, "%" PRId64 " %s %" PRId64, a[i], call->node->op->name, b[i]);
  return br_expr_fail_row(call, i, err, "%s does not fit an i64; float(x) makes an f64", text);
}

/* Some cell of the block overflowed: does it matter? */
static br_code check(const br_expr_call *call, overflows too_large, br_err *err)
{
  const int64_t *a = call->in[0].cells;
  const int64_t *b = call->in[call->node->nargs - 1].cells;
  for (size_t i = 0; i < call->n; i++)
    if (br_expr_is_value(call->valid, i) && too_large(a[i], b[i]))
      return fail_overflow(call, i, err);
  return BR_OK;
}

/* bad: negative where x op y = z overflowed, in unsigned numbers. */
#define CHECKED(name, value, bad)                                                                  \
  static br_code name##_i64(const br_expr_call *call, br_err *err)                                 \
  {                                                                                                \
    const int64_t *restrict a = call->in[0].cells;                                                 \
    const int64_t *restrict b = call->in[1].cells;                                                 \
    int64_t *restrict out = call->out;                                                             \
    uint64_t seen = 0;                                                                             \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++) {                                                   \
      uint64_t x = (uint64_t)a[i];                                                                 \
      uint64_t y = (uint64_t)b[i];                                                                 \
      uint64_t z = (value);                                                                        \
      out[i] = (int64_t)z;                                                                         \
      seen |= (bad);                                                                               \
    }                                                                                              \
    return seen >> 63 ? check(call, name##_overflows, err) : BR_OK;                                \
  }

CHECKED(add, x + y, (x ^ z) & (y ^ z))
CHECKED(sub, x - y, (x ^ y) & (x ^ z))

static br_code mul_i64(const br_expr_call *call, br_err *err)
{
  const int64_t *restrict a = call->in[0].cells;
  const int64_t *restrict b = call->in[1].cells;
  int64_t *restrict out = call->out;
  bool bad = false;
  for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
    bad |= __builtin_mul_overflow(a[i], b[i], &out[i]);
  return bad ? check(call, mul_overflows, err) : BR_OK;
}

/* Rounded down; y is not 0, and the quotient fits. */
static int64_t floor_div_i64(int64_t x, int64_t y)
{
  return x / y - (x % y != 0 && (x % y < 0) != (y < 0));
}

static int64_t floor_mod_i64(int64_t x, int64_t y)
{
  int64_t rest = x % y;
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

static br_code idiv_i64(const br_expr_call *call, br_err *err)
{
  const int64_t *a = call->in[0].cells;
  const int64_t *b = call->in[1].cells;
  int64_t *out = call->out;
  bool bad = false;
  for (size_t i = 0; i < call->n; i++) {
    bool fits = b[i] != 0 && !div_overflows(a[i], b[i]);
    call->valid[i] &= b[i] != 0;
    bad |= div_overflows(a[i], b[i]);
    out[i] = fits ? floor_div_i64(a[i], b[i]) : 0;
  }
  return bad ? check(call, div_overflows, err) : BR_OK;
}

static br_code mod_i64(const br_expr_call *call, br_err *err)
{
  const int64_t *a = call->in[0].cells;
  const int64_t *b = call->in[1].cells;
  int64_t *out = call->out;
  (void)err;
  for (size_t i = 0; i < call->n; i++) {
    call->valid[i] &= b[i] != 0;
    out[i] = b[i] == 0 || b[i] == -1 ? 0 : floor_mod_i64(a[i], b[i]);
  }
  return BR_OK;
}

static br_code negate_f64(const br_expr_call *call, br_err *err)
{
  const double *restrict a = call->in[0].cells;
  double *restrict out = call->out;
  (void)err;
  for (size_t i = 0; i < BR_EXPR_BLOCK; i++)
    out[i] = -a[i];
  return BR_OK;
}

static bool negate_overflows(int64_t x, int64_t y)
{
  (void)y;
  return x == INT64_MIN;
}

static br_code negate_i64(const br_expr_call *call, br_err *err)
{
  const int64_t *restrict a = call->in[0].cells;
  int64_t *restrict out = call->out;
  bool bad = false;
  for (size_t i = 0; i < BR_EXPR_BLOCK; i++) {
    out[i] = (int64_t)(0 - (uint64_t)a[i]);
    bad |= a[i] == INT64_MIN;
  }
  return bad ? check(call, negate_overflows, err) : BR_OK;
}

/* Timestamps. */

/* NaN seconds give null. */
static br_code move_time(const br_expr_call *call, double sign, br_err *err)
{
  const int64_t *a = call->in[0].cells;
  const double *b = call->in[1].cells;
  int64_t *out = call->out;
  double limit = 2.0 * (double)BR_TIMESTAMP_MAX;
  for (size_t i = 0; i < call->n; i++) {
    double step = sign * b[i] * (double)BR_TIMESTAMP_PER_SECOND;
    out[i] = 0;
    call->valid[i] = call->valid[i] && !isnan(step);
    if (!call->valid[i])
      continue;
    if (fabs(step) <= limit)
      out[i] = a[i] + llround(step);
    if (fabs(step) > limit || out[i] < BR_TIMESTAMP_MIN || out[i] > BR_TIMESTAMP_MAX)
      return br_expr_fail_row(call, i, err, "the time is out of range (years 0000 to 9999)");
  }
  return BR_OK;
}

static br_code time_plus(const br_expr_call *call, br_err *err)
{
  return move_time(call, 1, err);
}

static br_code time_minus(const br_expr_call *call, br_err *err)
{
  return move_time(call, -1, err);
}

const br_expr_op br_expr_op_time_minus_time = {"-", time_minus_time, BR_X_F64, BR_NULLS_SPREAD, 0};
const br_expr_op br_expr_op_time_plus = {"+", time_plus, BR_X_TIME, BR_NULLS_MADE, 0};
const br_expr_op br_expr_op_time_minus = {"-", time_minus, BR_X_TIME, BR_NULLS_MADE, 0};

static const br_expr_op of_f64[] = {
    {"+", add_f64, BR_X_F64, BR_NULLS_SPREAD, 0},   {"-", sub_f64, BR_X_F64, BR_NULLS_SPREAD, 0},
    {"*", mul_f64, BR_X_F64, BR_NULLS_SPREAD, 0},   {"/", div_f64, BR_X_F64, BR_NULLS_SPREAD, 0},
    {"//", idiv_f64, BR_X_F64, BR_NULLS_SPREAD, 0}, {"%", mod_f64, BR_X_F64, BR_NULLS_SPREAD, 0},
    {"^", pow_f64, BR_X_F64, BR_NULLS_SPREAD, 0},
};
static const br_expr_op of_i64[] = {
    {"+", add_i64, BR_X_I64, BR_NULLS_SPREAD, 0}, {"-", sub_i64, BR_X_I64, BR_NULLS_SPREAD, 0},
    {"*", mul_i64, BR_X_I64, BR_NULLS_SPREAD, 0}, {"//", idiv_i64, BR_X_I64, BR_NULLS_MADE, 0},
    {"%", mod_i64, BR_X_I64, BR_NULLS_MADE, 0},
};
static const br_expr_op negations[] = {
    {"-", negate_f64, BR_X_F64, BR_NULLS_SPREAD, 0},
    {"-", negate_i64, BR_X_I64, BR_NULLS_SPREAD, 0},
};

const br_expr_op *br_expr_op_arithmetic(const char *name, br_xtype type)
{
  const br_expr_op *ops = type == BR_X_F64 ? of_f64 : of_i64;
  size_t n = type == BR_X_F64 ? sizeof of_f64 / sizeof *of_f64 : sizeof of_i64 / sizeof *of_i64;
  for (size_t i = 0; i < n; i++)
    if (strcmp(ops[i].name, name) == 0)
      return &ops[i];
  return NULL;
}

const br_expr_op *br_expr_op_negate(br_xtype type)
{
  return &negations[type == BR_X_I64];
}
