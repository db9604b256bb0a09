/* Functions of numbers. */
#include "expr/functions.h"

#include "base/vec.h"

#include <math.h>

#define OF_F64(name, value)                                                                        \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const double *restrict a = call->in[0].cells;                                                  \
    double *restrict out = call->out;                                                              \
    for (size_t i = 0; i < call->n; i++) {                                                         \
      double x = a[i];                                                                             \
      out[i] = (value);                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

static double sign_of(double x)
{
  if (isnan(x))
    return x;
  return (double)((x > 0) - (x < 0));
}

OF_F64(abs_f64, fabs(x))
OF_F64(floor_f64, floor(x))
OF_F64(ceil_f64, ceil(x))
OF_F64(sqrt_f64, sqrt(x))
OF_F64(exp_f64, exp(x))
OF_F64(log_f64, log(x))
OF_F64(log2_f64, log2(x))
OF_F64(log10_f64, log10(x))
OF_F64(sign_f64, sign_of(x))

static br_code abs_i64(const br_expr_call *call, br_err *err)
{
  const int64_t *a = call->in[0].cells;
  int64_t *out = call->out;
  for (size_t i = 0; i < call->n; i++) {
    out[i] = a[i] < 0 && a[i] != INT64_MIN ? -a[i] : a[i];
    if (a[i] == INT64_MIN && br_expr_is_value(call->valid, i))
      return br_expr_fail_row(call, i, err,
                              "abs(-9223372036854775808) does not fit an i64; float(x) makes "
                              "an f64");
  }
  return BR_OK;
}

static br_code sign_i64(const br_expr_call *call, br_err *err)
{
  const int64_t *a = call->in[0].cells;
  int64_t *out = call->out;
  (void)err;
  for (size_t i = 0; i < call->n; i++)
    out[i] = (a[i] > 0) - (a[i] < 0);
  return BR_OK;
}

/* Halves away from zero. A number too large to have such digits stays. */
static double rounded(double x, int digits)
{
  if (digits == 0)
    return round(x);
  double scale = pow(10, fabs((double)digits));
  if (digits < 0)
    return isinf(scale) ? 0 * x : round(x / scale) * scale;
  double scaled = x * scale;
  return isfinite(scaled) && fabs(scaled) < 0x1p52 ? round(scaled) / scale : x;
}

static br_code round_f64(const br_expr_call *call, br_err *err)
{
  const double *a = call->in[0].cells;
  const int *digits = call->node->param;
  double *out = call->out;
  (void)err;
  for (size_t i = 0; i < call->n; i++)
    out[i] = rounded(a[i], *digits);
  return BR_OK;
}

static const br_expr_op op_abs = {"abs", abs_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_abs_i64 = {"abs", abs_i64, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_sign = {"sign", sign_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_sign_i64 = {"sign", sign_i64, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_floor = {"floor", floor_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_ceil = {"ceil", ceil_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_sqrt = {"sqrt", sqrt_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_exp = {"exp", exp_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_log = {"log", log_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_log2 = {"log2", log2_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_log10 = {"log10", log10_f64, BR_X_F64, BR_NULLS_SPREAD, false};
static const br_expr_op op_round = {"round", round_f64, BR_X_F64, BR_NULLS_SPREAD, false};

/* abs and sign: an i64 stays one. what: the two ops. */
static br_code build_either(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                            br_expr_ref *out, br_err *err)
{
  const br_expr_op *const *ops = def->what;
  bool whole = br_expr_at(e, site->args[0])->type == BR_X_I64;
  BR_TRY(br_expr_want(e, site, 0, whole ? BR_X_I64 : BR_X_F64, err));
  return br_expr_call_op(e, ops[whole], site, out, err);
}

static br_code build_pow(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                         br_expr_ref *out, br_err *err)
{
  (void)def;
  return br_expr_binary(e, "^", site->at, site->args, out, err);
}

/* log(x, base) is log(x) / log(base). */
static br_code build_log(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                         br_expr_ref *out, br_err *err)
{
  br_expr_ref logs[2] = {0, 0};
  for (size_t k = 0; k < site->nargs; k++) {
    br_expr_site one = *site;
    one.args = site->args + k;
    one.nargs = 1;
    BR_TRY(br_expr_build_typed(e, &one, def, &logs[k], err));
  }
  *out = logs[0];
  return site->nargs == 1 ? BR_OK : br_expr_binary(e, "/", site->at, logs, out, err);
}

static br_code build_round(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                           br_expr_ref *out, br_err *err)
{
  br_expr_value digits = {.i64 = 0};
  br_expr_site own = *site;
  if (site->nargs == 2)
    BR_TRY(br_expr_option(e, site, 1, BR_X_I64, &digits, err));
  if (digits.i64 < -400 || digits.i64 > 400)
    return br_expr_fail(&e->program, site->at, BR_EPARSE, err, "digits are between -400 and 400");
  *out = site->args[0];
  if (br_expr_at(e, *out)->type == BR_X_I64 && digits.i64 >= 0)
    return BR_OK;
  int *param = br_expr_arena_take(&e->arena, sizeof *param);
  if (!param)
    return br_fail_nomem(err);
  *param = (int)digits.i64;
  own.param = param;
  own.nargs = 1;
  return br_expr_build_typed(e, &own, def, out, err);
}

static const br_expr_op *const abs_ops[] = {&op_abs, &op_abs_i64};
static const br_expr_op *const sign_ops[] = {&op_sign, &op_sign_i64};

static const br_expr_def defs[] = {
    {{"abs", "(x)", "The number without its sign."}, 1, 1, build_either, "", abs_ops},
    {{"sign", "(x)", "-1, 0 or 1."}, 1, 1, build_either, "", sign_ops},
    {{"floor", "(x)", "The largest whole number that is not above x, as f64."},
     1,
     1,
     br_expr_build_typed,
     "f",
     &op_floor},
    {{"ceil", "(x)", "The smallest whole number that is not below x, as f64."},
     1,
     1,
     br_expr_build_typed,
     "f",
     &op_ceil},
    {{"round", "(x, digits)",
      "x with that many digits behind the point (0; negative: before it), halves away from zero; "
      "an i64 without digits stays as it is, else f64."},
     1,
     2,
     build_round,
     "f",
     &op_round},
    {{"sqrt", "(x)", "Square root."}, 1, 1, br_expr_build_typed, "f", &op_sqrt},
    {{"exp", "(x)", "e to the power of x."}, 1, 1, br_expr_build_typed, "f", &op_exp},
    {{"log", "(x, base)", "Logarithm, natural unless a base is given."},
     1,
     2,
     build_log,
     "f",
     &op_log},
    {{"log2", "(x)", "Logarithm to the base 2."}, 1, 1, br_expr_build_typed, "f", &op_log2},
    {{"log10", "(x)", "Logarithm to the base 10."}, 1, 1, br_expr_build_typed, "f", &op_log10},
    {{"pow", "(x, y)", "x to the power of y, as x ^ y."}, 2, 2, build_pow, "", NULL},
};
const br_expr_list br_expr_of_numbers = {defs, sizeof defs / sizeof *defs};
