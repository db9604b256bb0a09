/* Nodes, conversions, folding; see build.h. */
#include "expr/build.h"

#include "base/vec.h"
#include "frame/text.h"

#include <string.h>

br_code br_expr_add(br_expr *e, const br_expr_node *node, br_expr_ref *out, br_err *err)
{
  br_expr_program *program = &e->program;
  if (program->n >= BR_EXPR_NODES_MAX)
    return br_expr_fail(program, node->at, BR_EPARSE, err, "the expression is too large");
  BR_TRY(br_vec_reserve(&program->nodes, &e->cap, program->n + 1, err));
  program->nodes[program->n] = *node;
  *out = (br_expr_ref)program->n++;
  return BR_OK;
}

br_code br_expr_const(br_expr *e, br_xtype type, const br_expr_value *value, size_t at,
                      br_expr_ref *out, br_err *err)
{
  br_expr_node node = {.kind = BR_NODE_CONST, .type = type, .at = at, .value = *value};
  node.may_null = value->null;
  node.stable = true;
  if (!node.value.str.s)
    node.value.str.s = "";
  return br_expr_add(e, &node, out, err);
}

br_code br_expr_null(br_expr *e, br_xtype type, size_t at, br_expr_ref *out, br_err *err)
{
  br_expr_value null = {.null = true};
  return br_expr_const(e, type, &null, at, out, err);
}

br_code br_expr_integer(br_expr *e, int64_t value, size_t at, br_expr_ref *out, br_err *err)
{
  br_expr_value whole = {.i64 = value};
  return br_expr_const(e, BR_X_I64, &whole, at, out, err);
}

bool br_expr_is_const(const br_expr *e, br_expr_ref ref)
{
  return br_expr_at(e, ref)->kind == BR_NODE_CONST;
}

/* Folding: the program is run over one row for the node, which becomes a constant. */

static br_code keep_string(br_expr *e, br_expr_span *to, const br_column *column, br_err *err)
{
  const char *s = br_column_str(column, 0, &to->len);
  char *copy = br_expr_arena_take(&e->arena, to->len);
  if (!copy)
    return br_fail_nomem(err);
  memcpy(copy, s, to->len);
  to->s = copy;
  return BR_OK;
}

static br_code take_constant(br_expr *e, br_expr_node *node, const br_column *column, br_err *err)
{
  br_expr_value value = {.null = br_column_is_null(column, 0), .str = {"", 0}};
  if (node->type == BR_X_STR)
    BR_TRY(keep_string(e, &value.str, column, err));
  else if (node->type == BR_X_F64)
    value.f64 = br_column_f64(column, 0);
  else if (node->type == BR_X_BOOL)
    value.boolean = br_column_bool(column, 0);
  else
    value.i64 = br_column_i64(column, 0);
  node->kind = BR_NODE_CONST;
  node->nargs = 0;
  node->value = value;
  node->may_null = value.null;
  node->stable = true;
  return BR_OK;
}

static br_code fold(br_expr *e, br_expr_ref ref, br_err *err)
{
  br_column *column = NULL;
  br_expr_node *node = br_expr_at(e, ref);
  br_expr_node few[BR_EXPR_ARGS + 1];
  for (uint32_t k = 0; k < node->nargs; k++)
    few[k] = *br_expr_at(e, node->args[k]);
  uint32_t root = (uint32_t)node->nargs;
  few[root] = *node;
  for (uint32_t k = 0; k < root; k++)
    few[root].args[k] = k;
  br_expr_program small = e->program;
  small.nodes = few;
  small.n = root + 1;
  small.nrow = 1;
  small.constant = true;
  BR_TRY(br_expr_run(&column, &small, root, err));
  br_code code = take_constant(e, node, column, err);
  br_column_release(column);
  return code;
}

static bool all_constant(const br_expr *e, const br_expr_site *site)
{
  for (size_t k = 0; k < site->nargs; k++)
    if (!br_expr_is_const(e, site->args[k]))
      return false;
  return true;
}

/* Fills in what the arguments decide. */
static void inherit(const br_expr *e, br_expr_node *node, const br_expr_op *op)
{
  bool any_null = false;
  bool all_stable = op->keeps;
  for (size_t k = 0; k < node->nargs; k++) {
    const br_expr_node *arg = br_expr_at(e, node->args[k]);
    any_null = any_null || arg->may_null;
    all_stable = all_stable && (arg->type != BR_X_STR || arg->stable);
  }
  node->may_null = op->nulls != BR_NULLS_NEVER && (any_null || op->nulls == BR_NULLS_MADE);
  node->stable = all_stable;
}

br_code br_expr_call_op(br_expr *e, const br_expr_op *op, const br_expr_site *site,
                        br_expr_ref *out, br_err *err)
{
  br_expr_node node = {.kind = BR_NODE_CALL, .type = op->type, .at = site->at, .op = op};
  node.param = site->param;
  node.nargs = site->nargs;
  for (size_t k = 0; k < site->nargs; k++)
    node.args[k] = site->args[k];
  inherit(e, &node, op);
  bool constant = all_constant(e, site);
  BR_TRY(br_expr_add(e, &node, out, err));
  return constant ? fold(e, *out, err) : BR_OK;
}

br_code br_expr_call_whole(br_expr *e, const br_expr_whole *whole, br_xtype type,
                           const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  br_expr_node node = {.kind = BR_NODE_WHOLE, .type = type, .at = site->at, .whole = whole};
  node.param = site->param;
  node.nargs = 1;
  node.args[0] = site->args[0];
  node.may_null = true;
  node.stable = true;
  return br_expr_add(e, &node, out, err);
}

/* Conversions. */

static br_code retype_nil(br_expr *e, br_expr_ref *ref, br_xtype type, br_err *err)
{
  return br_expr_null(e, type, br_expr_at(e, *ref)->at, ref, err);
}

/* A constant string becomes a point in time. */
static br_code read_time(br_expr *e, br_expr_ref *ref, br_err *err)
{
  br_expr_node was = *br_expr_at(e, *ref);
  BR_TRY(br_expr_cast(e, ref, BR_X_TIME, err));
  if (!br_expr_at(e, *ref)->value.null || was.value.null)
    return BR_OK;
  char shown[BR_SHOWN_MAX];
  return br_expr_fail(&e->program, was.at, BR_EPARSE, err,
                      "'%s' is no time; write it like '2026-01-31T08:05:00Z'",
                      br_shown(shown, was.value.str.s, was.value.str.len));
}

static bool can_become(const br_expr *e, br_expr_ref ref, br_xtype type)
{
  const br_expr_node *node = br_expr_at(e, ref);
  if (node->type == type || node->type == BR_X_NIL || node->blank)
    return true;
  if (type == BR_X_F64)
    return node->type == BR_X_I64;
  return type == BR_X_TIME && node->type == BR_X_STR && node->kind == BR_NODE_CONST;
}

static br_code convert(br_expr *e, br_expr_ref *ref, br_xtype type, br_err *err)
{
  br_xtype from = br_expr_at(e, *ref)->type;
  if (from == type)
    return BR_OK;
  if (from == BR_X_NIL || br_expr_at(e, *ref)->blank)
    return retype_nil(e, ref, type, err);
  return from == BR_X_STR ? read_time(e, ref, err) : br_expr_cast(e, ref, type, err);
}

static const char *with_article(br_xtype type)
{
  switch (type) {
  case BR_X_F64:
    return "a number";
  case BR_X_I64:
    return "an i64";
  case BR_X_BOOL:
    return "a bool";
  case BR_X_STR:
    return "a string";
  default:
    return "a timestamp";
  }
}

static br_code fail_want(br_expr *e, const br_expr_site *site, size_t k, br_xtype type, br_err *err)
{
  const br_expr_node *node = br_expr_at(e, site->args[k]);
  return br_expr_fail(&e->program, node->at, BR_ETYPE, err, "'%s' takes %s here, not %s",
                      site->name, with_article(type), br_expr_type_name(node->type));
}

br_code br_expr_want(br_expr *e, const br_expr_site *site, size_t k, br_xtype type, br_err *err)
{
  if (!can_become(e, site->args[k], type))
    return fail_want(e, site, k, type, err);
  return convert(e, &site->args[k], type, err);
}

/* The type that two arguments can both become; false where there is none. */
static bool join_types(const br_expr *e, br_expr_ref a, br_expr_ref b, br_xtype *type)
{
  const br_xtype types[2] = {br_expr_at(e, a)->type, br_expr_at(e, b)->type};
  for (int i = 0; i < 2; i++) {
    *type = types[i];
    if (*type != BR_X_NIL && can_become(e, a, *type) && can_become(e, b, *type))
      return true;
  }
  *type = BR_X_NIL;
  return types[0] == BR_X_NIL && types[1] == BR_X_NIL;
}

bool br_expr_can_meet(const br_expr *e, br_expr_ref a, br_expr_ref b)
{
  br_xtype type;
  return join_types(e, a, b, &type);
}

br_code br_expr_meet(br_expr *e, const br_expr_site *site, size_t first, br_xtype *type,
                     br_err *err)
{
  br_expr_ref best = site->args[first];
  *type = br_expr_at(e, best)->type;
  for (size_t k = first + 1; k < site->nargs; k++) {
    br_expr_ref next = site->args[k];
    if (!join_types(e, best, next, type))
      return br_expr_fail(&e->program, br_expr_at(e, next)->at, BR_ETYPE, err,
                          "'%s' can't mix %s and %s", site->name,
                          br_expr_type_name(br_expr_at(e, best)->type),
                          br_expr_type_name(br_expr_at(e, next)->type));
    best = br_expr_at(e, next)->type == *type ? next : best;
  }
  for (size_t k = first; k < site->nargs && *type != BR_X_NIL; k++)
    BR_TRY(br_expr_want(e, site, k, *type, err));
  return BR_OK;
}

br_code br_expr_cast(br_expr *e, br_expr_ref *ref, br_xtype type, br_err *err)
{
  const br_expr_node *node = br_expr_at(e, *ref);
  br_expr_site site = {.name = "cast", .at = node->at, .args = ref, .nargs = 1};
  if (node->type == type)
    return BR_OK;
  if (node->type == BR_X_NIL)
    return retype_nil(e, ref, type, err);
  return br_expr_call_op(e, br_expr_op_cast(node->type, type), &site, ref, err);
}

br_code br_expr_option(br_expr *e, const br_expr_site *site, size_t k, br_xtype type,
                       br_expr_value *value, br_err *err)
{
  size_t at = br_expr_at(e, site->args[k])->at;
  BR_TRY(br_expr_want(e, site, k, type, err));
  const br_expr_node *node = br_expr_at(e, site->args[k]);
  if (node->kind != BR_NODE_CONST || node->value.null)
    return br_expr_fail(&e->program, at, BR_ETYPE, err, "'%s' takes a constant here", site->name);
  *value = node->value;
  return BR_OK;
}
