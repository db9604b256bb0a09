/* Columns in Lua: boxes that share a core column and never change it. Rows count from 1, nulls are
 * nil. A box keeps its column alive by a reference of its own, whatever becomes of the frame. */
#include "bind/bind_frame_parts.h"

#include "base/interrupt.h"
#include "frame/timestamp.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { ROWS_A_LOOK = 1 << 16 }; /* whether somebody wants an end */

int br_bind_give(lua_State *L, void **box, void *made, br_code code, const br_err *err)
{
  *box = made;
  return code == BR_OK ? 1 : br_bind_fail(L, err);
}

void br_bind_push_column(lua_State *L, br_column *column)
{
  void **box = br_bind_box(L, &br_bind_column_type);
  *box = br_column_retain(column);
}

void br_bind_push_cell(lua_State *L, const br_column *column, size_t row)
{
  size_t len = 0;
  if (br_column_is_null(column, row)) {
    lua_pushnil(L);
    return;
  }
  switch (br_column_type(column)) {
  case BR_F64:
    lua_pushnumber(L, br_column_f64(column, row));
    return;
  case BR_I64:
    lua_pushinteger(L, br_column_i64(column, row));
    return;
  case BR_BOOL:
    lua_pushboolean(L, br_column_bool(column, row));
    return;
  case BR_TIMESTAMP: {
    char text[BR_TIMESTAMP_TEXT_MAX];
    lua_pushlstring(L, text, br_timestamp_text(text, br_column_i64(column, row)));
    return;
  }
  default: {
    const char *s = br_column_str(column, row, &len);
    lua_pushlstring(L, s, len);
  }
  }
}

void br_bind_push_array(lua_State *L, const br_column *column)
{
  size_t n = br_column_len(column);
  lua_createtable(L, n < INT_MAX ? (int)n : INT_MAX, 1);
  for (size_t row = 0; row < n; row++) {
    if (row % ROWS_A_LOOK == 0 && br_interrupt_is_raised())
      luaL_error(L, "interrupted");
    br_bind_push_cell(L, column, row);
    lua_rawseti(L, -2, (lua_Integer)row + 1);
  }
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, "n");
}

int br_bind_raw_field(lua_State *L, int t, const char *name)
{
  t = lua_absindex(L, t);
  lua_pushstring(L, name);
  return lua_rawget(L, t);
}

size_t br_bind_check_row(lua_State *L, int arg, size_t nrow)
{
  lua_Integer row = luaL_checkinteger(L, arg);
  if (row < 1 || (lua_Unsigned)row > nrow)
    luaL_error(L, "bad argument #%d: row %I of %I", arg, (LUAI_UACINT)row, (LUAI_UACINT)nrow);
  return (size_t)row - 1;
}

/* Building from Lua values. */

struct target {
  br_column *column; /* held by a box on the stack */
  br_type type;
  const char *name; /* for messages, or NULL */
};

/* The same for a timestamp: text, or seconds since 1970. */
static bool push_timestamp(lua_State *L, const struct target *t, br_code *code, br_err *err)
{
  size_t len = 0;
  int64_t value = 0;
  double limit = (double)BR_TIMESTAMP_MAX / (double)BR_TIMESTAMP_PER_SECOND;
  double low = (double)BR_TIMESTAMP_MIN / (double)BR_TIMESTAMP_PER_SECOND;
  if (lua_type(L, -1) == LUA_TNUMBER) {
    double seconds = lua_tonumber(L, -1);
    if (!(seconds >= low && seconds <= limit))
      return false;
    value = llround(seconds * (double)BR_TIMESTAMP_PER_SECOND);
  } else {
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &len) : "";
    if (!br_parse_timestamp(text, len, &value))
      return false;
  }
  *code = br_column_push_i64(t->column, value, err);
  return true;
}

/* True when the value on top of the stack is of the target's type and was pushed. */
static bool push_value(lua_State *L, const struct target *t, br_code *code, br_err *err)
{
  int is_whole = 0;
  size_t len = 0;
  if (t->type == BR_TIMESTAMP)
    return push_timestamp(L, t, code, err);
  lua_Integer whole = lua_tointegerx(L, -1, &is_whole);
  int wanted = t->type == BR_STR ? LUA_TSTRING : t->type == BR_BOOL ? LUA_TBOOLEAN : LUA_TNUMBER;
  if (lua_type(L, -1) != wanted || (t->type == BR_I64 && !is_whole))
    return false;
  if (t->type == BR_F64)
    *code = br_column_push_f64(t->column, lua_tonumber(L, -1), err);
  else if (t->type == BR_I64)
    *code = br_column_push_i64(t->column, whole, err);
  else if (t->type == BR_BOOL)
    *code = br_column_push_bool(t->column, lua_toboolean(L, -1), err);
  else {
    const char *s = lua_tolstring(L, -1, &len);
    *code = br_column_push_str(t->column, s, len, err);
  }
  return true;
}

static void raise_value(lua_State *L, const struct target *t, lua_Integer row)
{
  bool shown = lua_type(L, -1) == LUA_TNUMBER || (t->type == BR_TIMESTAMP && lua_isstring(L, -1));
  const char *got = shown ? lua_tostring(L, -1) : luaL_typename(L, -1);
  const char *wanted = br_type_name(t->type);
  if (t->name)
    luaL_error(L, "column '%s', row %I: %s expected, got %s", t->name, (LUAI_UACINT)row, wanted,
               got);
  luaL_error(L, "row %I: %s expected, got %s", (LUAI_UACINT)row, wanted, got);
}

static void fill_column(lua_State *L, const struct target *t, int values, lua_Integer n)
{
  br_err err;
  br_code code = br_column_reserve(t->column, (size_t)n, &err);
  for (lua_Integer row = 1; row <= n && code == BR_OK; row++) {
    if (lua_rawgeti(L, values, row) == LUA_TNIL)
      code = br_column_push_null(t->column, &err);
    else if (!push_value(L, t, &code, &err))
      raise_value(L, t, row);
    lua_pop(L, 1);
  }
  if (code != BR_OK)
    br_bind_fail(L, &err);
}

static br_type type_field(lua_State *L, int t)
{
  br_type type = BR_F64;
  const char *name = br_bind_field_string(L, t, "type", NULL);
  if (!name)
    luaL_error(L, "field 'type': f64, i64, bool, string or timestamp expected, got nothing");
  else if (!br_type_from_name(name, &type))
    luaL_error(L, "field 'type': f64, i64, bool, string or timestamp expected, got '%s'", name);
  return type;
}

/* The number of rows: field n, or the length of values. */
static lua_Integer length_field(lua_State *L, int t, int values)
{
  int is_whole = 1;
  lua_Integer n = (lua_Integer)lua_rawlen(L, values);
  if (br_bind_raw_field(L, t, "n") != LUA_TNIL)
    n = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &is_whole) : -1;
  if (!is_whole || n < 0)
    luaL_error(L, "field 'n': a number of rows expected, got %s", luaL_tolstring(L, -1, NULL));
  lua_pop(L, 1);
  return n;
}

static br_column *build_from_values(lua_State *L, int t, int values, const char *name)
{
  br_err err;
  struct target target = {NULL, type_field(L, t), name};
  lua_Integer n = length_field(L, t, values);
  void **box = br_bind_box(L, &br_bind_column_type);
  if (br_column_new(&target.column, target.type, &err) != BR_OK)
    br_bind_fail(L, &err);
  *box = target.column;
  fill_column(L, &target, values, n);
  return target.column;
}

br_column *br_bind_build_column(lua_State *L, int t, const char *name)
{
  static const char *const known[] = {"name", "type", "values", "n", NULL};
  t = lua_absindex(L, t);
  br_bind_known_fields(L, t, known);
  int type = br_bind_raw_field(L, t, "values");
  br_column *column = br_bind_test(L, -1, &br_bind_column_type);
  if (!column && type != LUA_TTABLE)
    luaL_error(L, "field 'values': table or open column expected, got %s", luaL_typename(L, -1));
  if (!column)
    column = build_from_values(L, t, lua_gettop(L), name);
  else if (br_bind_raw_field(L, t, "type") != LUA_TNIL &&
           br_column_type(column) != type_field(L, t))
    luaL_error(L, "field 'type': the column is %s", br_type_name(br_column_type(column)));
  else
    br_bind_push_column(L, column);
  return column;
}

/* Methods. */

static br_column *check_column(lua_State *L, int arg)
{
  return br_bind_check(L, arg, &br_bind_column_type);
}

/* column:len(), #column -> number of rows */
static int column_len(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)br_column_len(check_column(L, 1)));
  return 1;
}

/* column:type() -> "f64" | "i64" | "bool" | "string" | "timestamp" */
static int column_type(lua_State *L)
{
  lua_pushstring(L, br_type_name(br_column_type(check_column(L, 1))));
  return 1;
}

/* column:null_count() -> number of nulls */
static int column_null_count(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)br_column_null_count(check_column(L, 1)));
  return 1;
}

/* column:get(row) -> value, nil for a null. Raises for a row that is not there. */
static int column_get(lua_State *L)
{
  const br_column *column = check_column(L, 1);
  size_t row = br_bind_check_row(L, 2, br_column_len(column));
  br_bind_push_cell(L, column, row);
  return 1;
}

/* column:to_table() -> array of values, nil where null; its field n is the number of rows */
static int column_to_table(lua_State *L)
{
  br_bind_push_array(L, check_column(L, 1));
  return 1;
}

/* column:cast(type, on_bad) -> column of that type | nil, message, code
 * type: "f64", "i64", "bool", "string" or "timestamp". on_bad: what becomes of a cell without a value in it:
 * "error" (the default; code "parse" or "range", the message names the row) or "null". */
static int column_cast(lua_State *L)
{
  static const char *const types[] = {"f64", "i64", "bool", "string", "timestamp", NULL};
  static const char *const policies[] = {"error", "null", NULL};
  br_err err;
  br_column *cast = NULL;
  br_type type = BR_F64;
  br_column *column = check_column(L, 1);
  (void)br_type_from_name(types[luaL_checkoption(L, 2, NULL, types)], &type);
  bool strict = luaL_checkoption(L, 3, "error", policies) == 0;
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_column_cast(&cast, column, type, strict ? BR_CAST_STRICT : BR_CAST_NULL, &err);
  return br_bind_give(L, box, cast, code, &err);
}

/* tostring(column) -> "column (f64, 3 rows, 1 null)" or "column (closed)" */
static int column_tostring(lua_State *L)
{
  void **box = luaL_checkudata(L, 1, br_bind_column_type.name);
  if (!*box) {
    lua_pushliteral(L, "column (closed)");
    return 1;
  }
  const br_column *column = *box;
  lua_pushfstring(L, "column (%s, %I rows, %I null)", br_type_name(br_column_type(column)),
                  (LUAI_UACINT)br_column_len(column), (LUAI_UACINT)br_column_null_count(column));
  return 1;
}

static void free_column(void *resource)
{
  br_column_release(resource);
}

static const luaL_Reg methods[] = {
    {"len", column_len}, {"type", column_type},         {"null_count", column_null_count},
    {"get", column_get}, {"to_table", column_to_table}, {"cast", column_cast},
    {NULL, NULL},
};

static const luaL_Reg meta[] = {
    {"__len", column_len},
    {"__tostring", column_tostring},
    {NULL, NULL},
};

const br_bind_type br_bind_column_type = {"benchrun.column", free_column, methods, meta};
