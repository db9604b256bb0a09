/* benchrun.core.expr, and the methods of a frame that take expressions. The language is described in
 * expr/expr.h.
 *
 * expr.functions() -> array of { name =, signature =, help = }, sorted by name: what an expression
 * can call. */
#include "bind/bind_frame_parts.h"
#include "bind/modules.h"

#include "expr/expr.h"

static void free_expr(void *resource)
{
  br_expr_free(resource);
}

static const luaL_Reg no_methods[] = {{NULL, NULL}};
static const br_bind_type expr_type = {"benchrun.expr", free_expr, no_methods, NULL};

struct job {
  const br_frame *frame;
  void **expr;   /* the box of the compiled text */
  void **result; /* on top of the stack */
};

/* Checks the arguments and pushes the boxes. */
static struct job start(lua_State *L, const br_bind_type *result)
{
  struct job job = {.frame = br_bind_check(L, 1, &br_bind_frame_type)};
  (void)luaL_checkstring(L, 2);
  br_bind_register(L, &expr_type);
  job.expr = br_bind_box(L, &expr_type);
  job.result = br_bind_box(L, result);
  return job;
}

static br_code compile(lua_State *L, const struct job *job, br_err *err)
{
  size_t len = 0;
  br_expr *expr = NULL;
  const char *text = lua_tolstring(L, 2, &len);
  br_code code = br_expr_compile(&expr, text, len, job->frame, err);
  *job->expr = expr;
  return code;
}

/* The compiled text is not left to the collector: it holds columns. */
static void forget(const struct job *job)
{
  br_expr_free(*job->expr);
  *job->expr = NULL;
}

/* frame:eval(text) -> column of the expression's values | nil, message, code: "parse", "notfound" for
 * a column or function, "type", "range" for an i64 that does not fit */
int br_bind_frame_eval(lua_State *L)
{
  br_err err;
  br_column *made = NULL;
  struct job job = start(L, &br_bind_column_type);
  br_code code = compile(L, &job, &err);
  if (code == BR_OK)
    code = br_expr_eval(&made, *job.expr, &err);
  forget(&job);
  return br_bind_give(L, job.result, made, code, &err);
}

/* frame:where(text) -> frame of the rows where the expression is true | nil, message, code, as eval */
int br_bind_frame_where(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  struct job job = start(L, &br_bind_frame_type);
  br_code code = compile(L, &job, &err);
  if (code == BR_OK)
    code = br_expr_where(&made, *job.expr, job.frame, &err);
  forget(&job);
  return br_bind_give(L, job.result, made, code, &err);
}

static int expr_functions(lua_State *L)
{
  size_t n = br_expr_function_count();
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    br_expr_function function = br_expr_function_at(i);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, function.name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, function.signature);
    lua_setfield(L, -2, "signature");
    lua_pushstring(L, function.help);
    lua_setfield(L, -2, "help");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static const luaL_Reg functions[] = {
    {"functions", expr_functions},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_expr(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
