/* What the operators mean for the types they meet. */
#include "expr/build.h"

#include "base/vec.h"

#include <math.h>
#include <string.h>

enum { EXACT_BITS = 53 };

static bool is(const char *name, const char *other)
{
  return strcmp(name, other) == 0;
}

static br_xtype type_of(const br_expr *e, br_expr_ref ref)
{
  return br_expr_at(e, ref)->type;
}

static br_code fail_types(br_expr *e, const br_expr_site *site, const char *wanted, br_err *err)
{
  br_xtype a = type_of(e, site->args[0]);
  br_xtype b = type_of(e, site->args[1]);
  const char *hint = "";
  if (is(site->name, "+") && (a == BR_X_STR || b == BR_X_STR))
    hint = "; strings are joined by ..";
  else if (a == BR_X_BOOL || b == BR_X_BOOL)
    hint = "; int(x) makes a number of a bool";
  else if (a == BR_X_STR || b == BR_X_STR)
    hint = "; float(x) reads a number from a string";
  return br_expr_fail(&e->program, site->at, BR_ETYPE, err, "'%s' takes %s, not %s and %s%s",
                      site->name, wanted, br_expr_type_name(a), br_expr_type_name(b), hint);
}

/* Arithmetic. */

static bool is_number(br_xtype type)
{
  return type == BR_X_F64 || type == BR_X_I64 || type == BR_X_NIL;
}

static br_code numbers(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_xtype type = BR_X_NIL;
  if (!is_number(type_of(e, site->args[0])) || !is_number(type_of(e, site->args[1])))
    return fail_types(e, site, "numbers", err);
  BR_TRY(br_expr_meet(e, site, 0, &type, err));
  if (type == BR_X_NIL || is(site->name, "/") || is(site->name, "^"))
    type = BR_X_F64;
  BR_TRY(br_expr_want(e, site, 0, type, err));
  BR_TRY(br_expr_want(e, site, 1, type, err));
  return br_expr_call_op(e, br_expr_op_arithmetic(site->name, type), site, out, err);
}

/* At least one side is a timestamp. */
static br_code times(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  bool minus = is(site->name, "-");
  br_expr_ref *args = site->args;
  if (!minus && !is(site->name, "+"))
    return fail_types(e, site, "numbers", err);
  if (!minus && is_number(type_of(e, args[0]))) {
    br_expr_ref seconds = args[0];
    args[0] = args[1];
    args[1] = seconds;
  }
  if (type_of(e, args[0]) == BR_X_TIME && is_number(type_of(e, args[1]))) {
    BR_TRY(br_expr_want(e, site, 1, BR_X_F64, err));
    const br_expr_op *op = minus ? &br_expr_op_time_minus : &br_expr_op_time_plus;
    return br_expr_call_op(e, op, site, out, err);
  }
  br_xtype type = BR_X_NIL;
  if (!minus || !br_expr_can_meet(e, args[0], args[1]))
    return fail_types(e, site, "a timestamp and seconds", err);
  BR_TRY(br_expr_meet(e, site, 0, &type, err));
  return br_expr_call_op(e, &br_expr_op_time_minus_time, site, out, err);
}

static br_code arithmetic(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  if (type_of(e, site->args[0]) == BR_X_TIME || type_of(e, site->args[1]) == BR_X_TIME)
    return times(e, site, out, err);
  return numbers(e, site, out, err);
}

static br_code concat(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  BR_TRY(br_expr_cast(e, &site->args[0], BR_X_STR, err));
  BR_TRY(br_expr_cast(e, &site->args[1], BR_X_STR, err));
  return br_expr_call_op(e, &br_expr_op_concat, site, out, err);
}

/* Comparing. */

static const char *mirrored(const char *name)
{
  static const char *const pairs[][2] = {{"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (is(name, pairs[i][0]))
      return pairs[i][1];
  return name;
}

/* A constant of the other number type that has this very value becomes of type `type`: comparing
 * equal types is faster. */
static br_code fit_constant(br_expr *e, br_expr_ref *ref, br_xtype type, br_err *err)
{
  br_expr_node node = *br_expr_at(e, *ref);
  int64_t limit = INT64_C(1) << EXACT_BITS;
  br_expr_value value = {.null = false};
  if (node.kind != BR_NODE_CONST || node.value.null || node.type == type)
    return BR_OK;
  if (type == BR_X_F64) {
    value.f64 = (double)node.value.i64;
    if (node.value.i64 < -limit || node.value.i64 > limit)
      return BR_OK;
  } else {
    if (!(fabs(node.value.f64) <= (double)limit) || trunc(node.value.f64) != node.value.f64)
      return BR_OK;
    value.i64 = (int64_t)node.value.f64;
  }
  return br_expr_const(e, type, &value, node.at, ref, err);
}

static br_code compare_mixed(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_expr_site own = *site;
  br_expr_ref *args = site->args;
  BR_TRY(fit_constant(e, &args[0], type_of(e, args[1]), err));
  BR_TRY(fit_constant(e, &args[1], type_of(e, args[0]), err));
  if (type_of(e, args[0]) == BR_X_F64 && type_of(e, args[1]) == BR_X_I64) {
    br_expr_ref whole = args[1];
    args[1] = args[0];
    args[0] = whole;
    own.name = mirrored(site->name);
  }
  const br_expr_op *op = br_expr_op_compare(own.name, type_of(e, args[0]), type_of(e, args[1]));
  return br_expr_call_op(e, op, &own, out, err);
}

/* One side is nil. */
static br_code compare_nil(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_expr_ref x = type_of(e, site->args[0]) == BR_X_NIL ? site->args[1] : site->args[0];
  br_expr_site own = {.name = site->name, .at = site->at, .args = &x, .nargs = 1};
  if (is(site->name, "=="))
    return br_expr_call_op(e, &br_expr_op_is_null, &own, out, err);
  if (is(site->name, "~="))
    return br_expr_call_op(e, &br_expr_op_not_null, &own, out, err);
  return br_expr_fail(&e->program, site->at, BR_ETYPE, err,
                      "nil is neither less nor greater; ask x == nil or x ~= nil");
}

static bool is_blank(const br_expr *e, br_expr_ref ref)
{
  return br_expr_at(e, ref)->blank;
}

static br_code compare(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_xtype type = BR_X_NIL;
  br_xtype a = type_of(e, site->args[0]);
  br_xtype b = type_of(e, site->args[1]);
  if (a == BR_X_NIL || b == BR_X_NIL)
    return compare_nil(e, site, out, err);
  if (is_blank(e, site->args[0]) || is_blank(e, site->args[1]))
    return br_expr_null(e, BR_X_BOOL, site->at, out, err);
  if (is_number(a) && is_number(b))
    return compare_mixed(e, site, out, err);
  if (a == b && !br_expr_op_compare(site->name, a, b))
    return fail_types(e, site, "numbers, strings or timestamps", err);
  if (!br_expr_can_meet(e, site->args[0], site->args[1]))
    return fail_types(e, site, "two of one type", err);
  BR_TRY(br_expr_meet(e, site, 0, &type, err));
  return br_expr_call_op(e, br_expr_op_compare(site->name, type, type), site, out, err);
}

/* Logic. */

/* Columns of nulls only become nulls of the type, as the constant nil does. */
static br_code soften(br_expr *e, const br_expr_site *site, br_xtype type, br_err *err)
{
  for (size_t k = 0; k < site->nargs; k++)
    if (is_blank(e, site->args[k]))
      BR_TRY(br_expr_null(e, type, br_expr_at(e, site->args[k])->at, &site->args[k], err));
  return BR_OK;
}

static br_code not_null(br_expr *e, size_t at, br_expr_ref *x, br_err *err)
{
  br_expr_site site = {.name = "and", .at = at, .args = x, .nargs = 1};
  return br_expr_call_op(e, &br_expr_op_not_null, &site, x, err);
}

static br_code either(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_xtype type = type_of(e, site->args[0]);
  if (type == BR_X_BOOL || (type == BR_X_NIL && type_of(e, site->args[1]) == BR_X_BOOL)) {
    if (type_of(e, site->args[1]) != BR_X_BOOL && type_of(e, site->args[1]) != BR_X_NIL)
      return fail_types(e, site, "two of one type", err);
    BR_TRY(br_expr_want(e, site, 0, BR_X_BOOL, err));
    BR_TRY(br_expr_want(e, site, 1, BR_X_BOOL, err));
    return br_expr_call_op(e, &br_expr_op_or, site, out, err);
  }
  BR_TRY(br_expr_meet(e, site, 0, &type, err));
  return br_expr_call_op(e, br_expr_op_coalesce(type), site, out, err);
}

static br_code both(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_expr_ref *args = site->args;
  br_xtype type = type_of(e, args[1]);
  if (type_of(e, args[0]) == BR_X_NIL)
    BR_TRY(br_expr_want(e, site, 0, BR_X_BOOL, err));
  else if (type_of(e, args[0]) != BR_X_BOOL)
    BR_TRY(not_null(e, site->at, &args[0], err));
  if (type == BR_X_BOOL || type == BR_X_NIL) {
    BR_TRY(br_expr_want(e, site, 1, BR_X_BOOL, err));
    return br_expr_call_op(e, &br_expr_op_and, site, out, err);
  }
  br_expr_ref three[3] = {args[0], args[1], 0};
  br_expr_site own = {.name = "and", .at = site->at, .args = three, .nargs = 3};
  BR_TRY(br_expr_null(e, type, site->at, &three[2], err));
  return br_expr_call_op(e, br_expr_op_choose(type), &own, out, err);
}

br_code br_expr_binary(br_expr *e, const char *name, size_t at, const br_expr_ref pair[2],
                       br_expr_ref *out, br_err *err)
{
  br_expr_ref args[2] = {pair[0], pair[1]};
  br_expr_site site = {.name = name, .at = at, .args = args, .nargs = 2};
  if (is(name, ".."))
    return concat(e, &site, out, err);
  if (strchr("<>=~", name[0]))
    return compare(e, &site, out, err);
  BR_TRY(soften(e, &site, is(name, "and") ? BR_X_BOOL : BR_X_NIL, err));
  if (is(name, "and"))
    return both(e, &site, out, err);
  if (is(name, "or"))
    return either(e, &site, out, err);
  return arithmetic(e, &site, out, err);
}

br_code br_expr_unary(br_expr *e, const char *name, size_t at, br_expr_ref *x, br_err *err)
{
  br_expr_site site = {.name = name, .at = at, .args = x, .nargs = 1};
  br_xtype type = type_of(e, *x);
  if (is(name, "not")) {
    BR_TRY(br_expr_want(e, &site, 0, BR_X_BOOL, err));
    return br_expr_call_op(e, &br_expr_op_not, &site, x, err);
  }
  if (is(name, "#")) {
    BR_TRY(br_expr_want(e, &site, 0, BR_X_STR, err));
    return br_expr_call_op(e, &br_expr_op_len, &site, x, err);
  }
  type = type == BR_X_I64 ? BR_X_I64 : BR_X_F64;
  BR_TRY(br_expr_want(e, &site, 0, type, err));
  return br_expr_call_op(e, br_expr_op_negate(type), &site, x, err);
}
