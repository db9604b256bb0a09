/* benchrun.core.stats: the statistics kernels.
 *
 * stats.run(name, values, options) -> number. values: an array of numbers, or a column of numbers
 * or booleans, whose nulls are left out; options: q and method, for quantile. An unknown kernel
 * raises. stats.list() -> array of { name=, help=, source= }, sorted by name. */
#include "bind/bind.h"
#include "bind/bind_frame.h"
#include "bind/modules.h"

#include "stats/kernel.h"

typedef struct numbers { /* borrowed from Lua's stack */
  const double *data;
  size_t n;
} numbers;

static numbers array_numbers(lua_State *L, int arg)
{
  luaL_checktype(L, arg, LUA_TTABLE);
  size_t n = lua_rawlen(L, arg);
  double *data = br_bind_scratch(L, n, sizeof *data);
  for (size_t i = 0; i < n; i++) {
    if (lua_rawgeti(L, arg, (lua_Integer)i + 1) != LUA_TNUMBER)
      luaL_error(L, "value %I: number expected, got %s", (lua_Integer)i + 1, luaL_typename(L, -1));
    data[i] = lua_tonumber(L, -1);
    lua_pop(L, 1);
  }
  return (numbers){data, n};
}

static numbers column_numbers(lua_State *L, int arg, const br_column *column)
{
  size_t rows = br_column_len(column), n = 0;
  luaL_argcheck(L, br_column_type(column) != BR_STR, arg, "column of numbers expected, got string");
  if (br_column_type(column) == BR_F64 && br_column_null_count(column) == 0)
    return (numbers){br_column_f64_data(column), rows};
  double *data = br_bind_scratch(L, rows - br_column_null_count(column), sizeof *data);
  for (size_t row = 0; row < rows; row++)
    if (!br_column_is_null(column, row))
      data[n++] = br_column_number(column, row);
  return (numbers){data, n};
}

static numbers check_numbers(lua_State *L, int arg)
{
  if (lua_type(L, arg) != LUA_TUSERDATA)
    return array_numbers(L, arg);
  return column_numbers(L, arg, br_bind_check(L, arg, &br_bind_column_type));
}

static int fail_unknown(lua_State *L, const char *name)
{
  size_t n;
  const br_kernel *const *list = br_kernel_list(&n);
  luaL_Buffer known;
  luaL_buffinit(L, &known);
  for (size_t i = 0; i < n; i++) {
    luaL_addstring(&known, i ? ", " : "");
    luaL_addstring(&known, list[i]->name);
  }
  luaL_pushresult(&known);
  return luaL_error(L, "unknown statistic '%s'; known: %s", name, lua_tostring(L, -1));
}

static br_kernel_args check_args(lua_State *L, int arg)
{
  static const char *const fields[] = {"q", "method", NULL};
  br_bind_known_fields(L, arg, fields);
  br_kernel_args args = {.q = br_bind_field_number(L, arg, "q", 0.5)};
  args.method = br_bind_field_string(L, arg, "method", NULL);
  return args;
}

static int stats_run(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1);
  lua_settop(L, 3);
  const br_kernel *kernel = br_kernel_find(name);
  if (!kernel)
    return fail_unknown(L, name);
  numbers x = check_numbers(L, 2);
  br_kernel_args args = check_args(L, 3);
  double out;
  br_err err;
  if (kernel->run(x.data, x.n, &args, &out, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushnumber(L, out);
  return 1;
}

static int stats_list(lua_State *L)
{
  size_t n;
  const br_kernel *const *list = br_kernel_list(&n);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_createtable(L, 0, 3);
    lua_pushstring(L, list[i]->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, list[i]->help);
    lua_setfield(L, -2, "help");
    lua_pushstring(L, list[i]->source);
    lua_setfield(L, -2, "source");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static const luaL_Reg functions[] = {
    {"run", stats_run},
    {"list", stats_list},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_stats(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
