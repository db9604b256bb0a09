/* Kernels of int, float, bool, str and time. What has no value in the new type is null. */
#include "expr/build.h"

#include "base/str.h"
#include "base/vec.h"
#include "frame/timestamp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Every cell has a value: out is computed from x. */
#define PLAIN(name, from, to, value)                                                               \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const from *restrict a = call->in[0].cells;                                                    \
    typedef to result_cell;                                                                        \
    result_cell *restrict out = call->out;                                                         \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++) {                                                   \
      from x = a[i];                                                                               \
      out[i] = (to)(value);                                                                        \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

/* reads: whether x has a value, which it writes to &out[i]. */
#define READ(name, from, to, reads)                                                                \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const from *a = call->in[0].cells;                                                             \
    typedef to result_cell;                                                                        \
    result_cell *cells = call->out;                                                                \
    for (size_t i = 0; i < call->n; i++) {                                                         \
      from x = a[i];                                                                               \
      to value = 0;                                                                                \
      call->valid[i] &= (reads);                                                                   \
      cells[i] = value;                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

/* text: the length of what it writes to `buffer`. */
#define WRITE(name, from, text)                                                                    \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const from *a = call->in[0].cells;                                                             \
    for (size_t i = 0; i < call->n; i++) {                                                         \
      if (br_expr_is_value(call->valid, i)) {                                                      \
        char buffer[BR_DOUBLE_TEXT_MAX] = "";                                                      \
        from x = a[i];                                                                             \
        size_t len = (text);                                                                       \
        BR_TRY(keep(call, i, buffer, len, err));                                                   \
      }                                                                                            \
    }                                                                                              \
    return BR_OK;                                                                                  \
  }

static br_code keep(const br_expr_call *call, size_t i, const char *s, size_t len, br_err *err)
{
  char *copy = br_expr_arena_take(call->arena, len);
  if (!copy)
    return br_fail_nomem(err);
  memcpy(copy, s, len);
  ((br_expr_span *)call->out)[i] = (br_expr_span){copy, len};
  return BR_OK;
}

/* Without the fraction. -INT64_MIN is a double, INT64_MAX is not. */
static bool truncated(double x, int64_t *out)
{
  double whole = trunc(x);
  if (!(whole >= (double)INT64_MIN && whole < -(double)INT64_MIN))
    return false;
  *out = (int64_t)whole;
  return true;
}

static int64_t whole_seconds(int64_t t)
{
  return t / BR_TIMESTAMP_PER_SECOND - (t % BR_TIMESTAMP_PER_SECOND < 0);
}

static bool seconds_f64(double seconds, int64_t *out)
{
  double limit = (double)BR_TIMESTAMP_MAX / (double)BR_TIMESTAMP_PER_SECOND;
  if (!(fabs(seconds) <= limit))
    return false;
  *out = llround(seconds * (double)BR_TIMESTAMP_PER_SECOND);
  return *out >= BR_TIMESTAMP_MIN && *out <= BR_TIMESTAMP_MAX;
}

static bool seconds_i64(int64_t seconds, int64_t *out)
{
  return !__builtin_mul_overflow(seconds, BR_TIMESTAMP_PER_SECOND, out) &&
         *out >= BR_TIMESTAMP_MIN && *out <= BR_TIMESTAMP_MAX;
}

static bool text_i64(const br_expr_span *x, int64_t *out)
{
  double number = 0;
  if (br_parse_i64(x->s, x->len, out))
    return true;
  return br_parse_f64(x->s, x->len, &number) && truncated(number, out);
}

static bool text_bool(const br_expr_span *x, unsigned char *out)
{
  bool value = false;
  bool read = br_parse_bool(x->s, x->len, &value);
  *out = value;
  return read;
}

static bool zero_or_one(double x, unsigned char *out)
{
  *out = x == 1;
  return x == 0 || x == 1;
}

/* Digits from the last to the first. */
static size_t i64_text(char *to, int64_t x)
{
  char digits[BR_DOUBLE_TEXT_MAX];
  size_t n = 0;
  size_t len = 0;
  uint64_t left = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
  do {
    digits[n++] = (char)('0' + left % 10);
    left /= 10;
  } while (left > 0);
  if (x < 0)
    to[len++] = '-';
  while (n > 0)
    to[len++] = digits[--n];
  return len;
}

static size_t bool_text(char *to, unsigned char x)
{
  return (size_t)snprintf(to, BR_DOUBLE_TEXT_MAX, "%s", x ? "true" : "false");
}

PLAIN(i64_f64, int64_t, double, x)
PLAIN(bool_f64, unsigned char, double, x)
PLAIN(bool_i64, unsigned char, int64_t, x)
PLAIN(time_f64, int64_t, double, (double)x / (double)BR_TIMESTAMP_PER_SECOND)
PLAIN(time_i64, int64_t, int64_t, whole_seconds(x))
READ(f64_i64, double, int64_t, truncated(x, &value))
READ(f64_time, double, int64_t, seconds_f64(x, &value))
READ(i64_time, int64_t, int64_t, seconds_i64(x, &value))
READ(f64_bool, double, unsigned char, zero_or_one((double)x, &value))
READ(i64_bool, int64_t, unsigned char, zero_or_one((double)x, &value))
READ(str_f64, br_expr_span, double, br_parse_f64(x.s, x.len, &value))
READ(str_i64, br_expr_span, int64_t, text_i64(&x, &value))
READ(str_bool, br_expr_span, unsigned char, text_bool(&x, &value))
READ(str_time, br_expr_span, int64_t, br_parse_timestamp(x.s, x.len, &value))
WRITE(f64_str, double, br_str_from_double(buffer, x))
WRITE(i64_str, int64_t, i64_text(buffer, x))
WRITE(bool_str, unsigned char, bool_text(buffer, x))
WRITE(time_str, int64_t, br_timestamp_text(buffer, x))

static const struct {
  br_xtype from;
  br_expr_op op;
} casts[] = {
    {BR_X_I64, {"float", i64_f64, BR_X_F64, BR_NULLS_SPREAD, false}},
    {BR_X_BOOL, {"float", bool_f64, BR_X_F64, BR_NULLS_SPREAD, false}},
    {BR_X_TIME, {"float", time_f64, BR_X_F64, BR_NULLS_SPREAD, false}},
    {BR_X_STR, {"float", str_f64, BR_X_F64, BR_NULLS_MADE, false}},
    {BR_X_F64, {"int", f64_i64, BR_X_I64, BR_NULLS_MADE, false}},
    {BR_X_BOOL, {"int", bool_i64, BR_X_I64, BR_NULLS_SPREAD, false}},
    {BR_X_TIME, {"int", time_i64, BR_X_I64, BR_NULLS_SPREAD, false}},
    {BR_X_STR, {"int", str_i64, BR_X_I64, BR_NULLS_MADE, false}},
    {BR_X_F64, {"bool", f64_bool, BR_X_BOOL, BR_NULLS_MADE, false}},
    {BR_X_I64, {"bool", i64_bool, BR_X_BOOL, BR_NULLS_MADE, false}},
    {BR_X_STR, {"bool", str_bool, BR_X_BOOL, BR_NULLS_MADE, false}},
    {BR_X_F64, {"time", f64_time, BR_X_TIME, BR_NULLS_MADE, false}},
    {BR_X_I64, {"time", i64_time, BR_X_TIME, BR_NULLS_MADE, false}},
    {BR_X_STR, {"time", str_time, BR_X_TIME, BR_NULLS_MADE, false}},
    {BR_X_F64, {"str", f64_str, BR_X_STR, BR_NULLS_SPREAD, false}},
    {BR_X_I64, {"str", i64_str, BR_X_STR, BR_NULLS_SPREAD, false}},
    {BR_X_BOOL, {"str", bool_str, BR_X_STR, BR_NULLS_SPREAD, false}},
    {BR_X_TIME, {"str", time_str, BR_X_STR, BR_NULLS_SPREAD, false}},
};

const br_expr_op *br_expr_op_cast(br_xtype from, br_xtype to)
{
  for (size_t i = 0; i < sizeof casts / sizeof *casts; i++)
    if (casts[i].from == from && casts[i].op.type == to)
      return &casts[i].op;
  return NULL;
}
