/* Functions of values of any type: tests, choices, casts. */
#include "expr/functions.h"

#include "base/vec.h"

#include <math.h>

#define TEST(name, value)                                                                          \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const double *restrict a = call->in[0].cells;                                                  \
    unsigned char *restrict out = call->out;                                                       \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++) {                                                   \
      double x = a[i];                                                                             \
      out[i] = (value);                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

TEST(is_nan, x != x)
TEST(is_finite, x - x == 0)

static const br_expr_op op_is_nan = {"is_nan", is_nan, BR_X_BOOL, BR_NULLS_SPREAD, false};
static const br_expr_op op_is_finite = {"is_finite", is_finite, BR_X_BOOL, BR_NULLS_SPREAD, false};

/* A NaN among the two gives NaN. */
#define EXTREME(name, type, holds)                                                                 \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const type *restrict a = call->in[0].cells;                                                    \
    const type *restrict b = call->in[1].cells;                                                    \
    typedef type result_cell;                                                                      \
    result_cell *restrict out = call->out;                                                         \
    for (size_t i = 0; i < BR_EXPR_BLOCK; i++) {                                                   \
      type x = a[i];                                                                               \
      type y = b[i];                                                                               \
      out[i] = (holds) ? x : y;                                                                    \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

EXTREME(min_f64, double, x < y || x != x)
EXTREME(max_f64, double, x > y || x != x)
EXTREME(min_i64, int64_t, x < y)
EXTREME(max_i64, int64_t, x > y)

static const br_expr_op mins[] = {{"min", min_f64, BR_X_F64, BR_NULLS_SPREAD, false},
                                  {"min", min_i64, BR_X_I64, BR_NULLS_SPREAD, false},
                                  {"min", min_i64, BR_X_TIME, BR_NULLS_SPREAD, false}};
static const br_expr_op maxs[] = {{"max", max_f64, BR_X_F64, BR_NULLS_SPREAD, false},
                                  {"max", max_i64, BR_X_I64, BR_NULLS_SPREAD, false},
                                  {"max", max_i64, BR_X_TIME, BR_NULLS_SPREAD, false}};

/* NULL for types without an order of their own here. */
static const br_expr_op *by_type(const br_expr_op *ops, br_xtype type)
{
  for (size_t i = 0; i < 3; i++)
    if (ops[i].type == type)
      return &ops[i];
  return NULL;
}

/* All arguments become numbers of one type, or timestamps. */
static br_code meet_ordered(br_expr *e, const br_expr_site *site, br_xtype *type, br_err *err)
{
  BR_TRY(br_expr_meet(e, site, 0, type, err));
  if (*type == BR_X_NIL)
    *type = BR_X_F64;
  if (!by_type(mins, *type))
    *type = BR_X_F64; /* want says what is wrong */
  for (size_t k = 0; k < site->nargs; k++)
    BR_TRY(br_expr_want(e, site, k, *type, err));
  return BR_OK;
}

/* what: mins or maxs. One argument: over all rows; more: row by row. */
static br_code build_extreme(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                             br_expr_ref *out, br_err *err)
{
  br_xtype type = BR_X_F64;
  if (site->nargs == 1)
    return br_expr_build_extreme(e, site, out, err);
  BR_TRY(meet_ordered(e, site, &type, err));
  *out = site->args[0];
  for (size_t k = 1; k < site->nargs; k++) {
    br_expr_ref pair[2] = {*out, site->args[k]};
    br_expr_site two = {.name = site->name, .at = site->at, .args = pair, .nargs = 2};
    BR_TRY(br_expr_call_op(e, by_type(def->what, type), &two, out, err));
  }
  return BR_OK;
}

/* The smaller of x and hi, then the larger of that and lo; nil: no limit. */
static br_code build_clip(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                          br_expr_ref *out, br_err *err)
{
  br_xtype type = BR_X_F64;
  bool given[2];
  (void)def;
  for (size_t k = 0; k < 2; k++)
    given[k] = br_expr_at(e, site->args[k + 1])->type != BR_X_NIL;
  BR_TRY(meet_ordered(e, site, &type, err));
  *out = site->args[0];
  for (size_t k = 2; k > 0; k--) {
    br_expr_ref pair[2] = {*out, site->args[k]};
    br_expr_site two = {.name = site->name, .at = site->at, .args = pair, .nargs = 2};
    if (given[k - 1])
      BR_TRY(br_expr_call_op(e, by_type(k == 2 ? mins : maxs, type), &two, out, err));
  }
  return BR_OK;
}

static br_code build_is_null(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                             br_expr_ref *out, br_err *err)
{
  return br_expr_call_op(e, def->what, site, out, err);
}

static br_code build_coalesce(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                              br_expr_ref *out, br_err *err)
{
  br_xtype type = BR_X_NIL;
  (void)def;
  BR_TRY(br_expr_meet(e, site, 0, &type, err));
  *out = site->args[0];
  for (size_t k = 1; k < site->nargs; k++) {
    br_expr_ref pair[2] = {*out, site->args[k]};
    br_expr_site two = {.name = site->name, .at = site->at, .args = pair, .nargs = 2};
    BR_TRY(br_expr_call_op(e, br_expr_op_coalesce(type), &two, out, err));
  }
  return BR_OK;
}

static br_code build_if_else(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                             br_expr_ref *out, br_err *err)
{
  br_xtype type = BR_X_NIL;
  (void)def;
  BR_TRY(br_expr_want(e, site, 0, BR_X_BOOL, err));
  BR_TRY(br_expr_meet(e, site, 1, &type, err));
  return br_expr_call_op(e, br_expr_op_choose(type), site, out, err);
}

/* x == a or x == b or … */
static br_code build_isin(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                          br_expr_ref *out, br_err *err)
{
  (void)def;
  for (size_t k = 1; k < site->nargs; k++) {
    br_expr_ref pair[2] = {site->args[0], site->args[k]};
    br_expr_ref either[2] = {*out, 0};
    BR_TRY(br_expr_binary(e, "==", br_expr_at(e, site->args[k])->at, pair, &either[1], err));
    *out = either[1];
    if (k > 1)
      BR_TRY(br_expr_binary(e, "or", site->at, either, out, err));
  }
  return BR_OK;
}

static br_code build_between(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                             br_expr_ref *out, br_err *err)
{
  br_expr_ref low[2] = {site->args[0], site->args[1]};
  br_expr_ref high[2] = {site->args[0], site->args[2]};
  br_expr_ref both[2] = {0, 0};
  (void)def;
  BR_TRY(br_expr_binary(e, ">=", site->at, low, &both[0], err));
  BR_TRY(br_expr_binary(e, "<=", site->at, high, &both[1], err));
  return br_expr_binary(e, "and", site->at, both, out, err);
}

/* what: the type. */
static br_code build_cast(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                          br_expr_ref *out, br_err *err)
{
  const br_xtype *type = def->what;
  br_xtype from = br_expr_at(e, site->args[0])->type;
  *out = site->args[0];
  if (from != *type && from != BR_X_NIL && !br_expr_op_cast(from, *type))
    return br_expr_fail(&e->program, site->at, BR_ETYPE, err, "'%s' can't make %s of %s",
                        site->name, br_expr_type_name(*type), br_expr_type_name(from));
  return br_expr_cast(e, out, *type, err);
}

static const br_xtype to_i64 = BR_X_I64, to_f64 = BR_X_F64, to_bool = BR_X_BOOL, to_str = BR_X_STR,
                      to_time = BR_X_TIME;

static const br_expr_def defs[] = {
    {{"is_null", "(x)", "Whether there is no value, as x == nil."},
     1,
     1,
     build_is_null,
     "",
     &br_expr_op_is_null},
    {{"is_nan", "(x)", "Whether the number is NaN; null for a null."},
     1,
     1,
     br_expr_build_typed,
     "f",
     &op_is_nan},
    {{"is_finite", "(x)", "Whether the number is neither NaN nor infinite; null for a null."},
     1,
     1,
     br_expr_build_typed,
     "f",
     &op_is_finite},
    {{"coalesce", "(a, b, ...)", "The first of its arguments that is not null."},
     1,
     BR_EXPR_ANY,
     build_coalesce,
     "",
     NULL},
    {{"if_else", "(condition, a, b)",
      "a where the condition is true, b where it is false or null."},
     3,
     3,
     build_if_else,
     "",
     NULL},
    {{"isin", "(x, a, b, ...)", "Whether x is one of the others, as x == a or x == b."},
     2,
     BR_EXPR_ANY,
     build_isin,
     "",
     NULL},
    {{"between", "(x, lo, hi)", "Whether lo <= x and x <= hi."}, 3, 3, build_between, "", NULL},
    {{"min", "(a, b, ...)",
      "The least of its arguments, row by row; min(x) is the least of all rows. NaN where one is "
      "NaN."},
     1,
     BR_EXPR_ANY,
     build_extreme,
     "",
     mins},
    {{"max", "(a, b, ...)",
      "The largest of its arguments, row by row; max(x) is the largest of all rows. NaN where one "
      "is NaN."},
     1,
     BR_EXPR_ANY,
     build_extreme,
     "",
     maxs},
    {{"clip", "(x, lo, hi)",
      "x, but lo where it is below and hi where it is above; nil: no limit."},
     3,
     3,
     build_clip,
     "",
     NULL},
    {{"int", "(x)",
      "As i64: a number without its fraction, true as 1, a timestamp as seconds since 1970, text "
      "that is a number; else null."},
     1,
     1,
     build_cast,
     "",
     &to_i64},
    {{"float", "(x)",
      "As f64: a number, true as 1, seconds since 1970, text that is a number; else "
      "null."},
     1,
     1,
     build_cast,
     "",
     &to_f64},
    {{"bool", "(x)", "As bool: 0 and 1, the texts true and false; else null."},
     1,
     1,
     build_cast,
     "",
     &to_bool},
    {{"str", "(x)", "As string: a number's shortest text, true or false, a time in ISO 8601."},
     1,
     1,
     build_cast,
     "",
     &to_str},
    {{"time", "(x)", "As timestamp: text in ISO 8601, seconds since 1970; else null."},
     1,
     1,
     build_cast,
     "",
     &to_time},
};
const br_expr_list br_expr_of_values = {defs, sizeof defs / sizeof *defs};
