/* benchrun.core.compute: columns made from columns, and distinct rows.
 *
 * A mask is a bool column; null in it counts as false. All of these return nil, message, code where
 * the types don't fit; a wrong length raises.
 *
 * compute.is_in(column, { "a", "b" }) -> mask of the rows whose string is listed
 * compute.is_value(column) -> mask of the rows that hold neither null nor NaN
 * compute.both(mask, mask), compute.either(mask, mask), compute.negate(mask) -> mask
 * compute.where(column, mask, value) -> the column where mask is true, elsewhere value (nil: null)
 * compute.fill(column, value) -> the column with value for nulls and NaN; i64 stays so without any
 * compute.clip(column, lo, hi) -> f64 column within the limits, either of which may be nil
 * compute.truncate(column) -> i64 column without fractions; null for what does not fit
 * compute.nulls(type, n) -> column of n nulls
 * compute.distinct(frame, keys, keep) -> frame; of rows that agree on all keys the "first" (the
 * default) or the "last"
 * compute.is_distinct(frame, keys, keep) -> mask of those rows
 * compute.texts(column, null) -> list of the cells as text, numbers as csv.format writes them; null
 * (default
 * "") stands for nulls */
#include "bind/bind_frame_parts.h"
#include "bind/modules.h"

#include "base/str.h"
#include "frame/compute.h"
#include "frame/timestamp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static br_column *check_column(lua_State *L, int arg)
{
  return br_bind_check(L, arg, &br_bind_column_type);
}

static int compute_is_in(lua_State *L)
{
  size_t n;
  br_err err;
  br_column *mask = NULL;
  const br_column *column = check_column(L, 1);
  const char *const *words = br_bind_strings(L, 2, &n, false);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_column_is_in(&mask, column, words, n, &err);
  return br_bind_give(L, box, mask, code, &err);
}

typedef br_code (*of_one)(br_column **out, const br_column *column, br_err *err);
typedef br_code (*of_two)(br_column **out, const br_column *a, const br_column *b, br_err *err);

static int call_of_one(lua_State *L, of_one function)
{
  br_err err;
  br_column *made = NULL;
  const br_column *column = check_column(L, 1);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = function(&made, column, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int call_of_two(lua_State *L, of_two function)
{
  br_err err;
  br_column *made = NULL;
  const br_column *a = check_column(L, 1);
  const br_column *b = check_column(L, 2);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = function(&made, a, b, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int compute_is_value(lua_State *L)
{
  return call_of_one(L, br_column_is_value);
}

static int compute_negate(lua_State *L)
{
  return call_of_one(L, br_column_not);
}

static int compute_both(lua_State *L)
{
  return call_of_two(L, br_column_and);
}

static int compute_either(lua_State *L)
{
  return call_of_two(L, br_column_or);
}

/* The value at arg, which must outlive the cell; false for nil. */
static bool check_cell(lua_State *L, int arg, br_cell *cell)
{
  switch (lua_type(L, arg)) {
  case LUA_TNIL:
  case LUA_TNONE:
    return false;
  case LUA_TBOOLEAN:
    *cell = (br_cell){.type = BR_BOOL, .boolean = lua_toboolean(L, arg)};
    return true;
  case LUA_TNUMBER:
    if (lua_isinteger(L, arg))
      *cell = (br_cell){.type = BR_I64, .i64 = lua_tointeger(L, arg)};
    else
      *cell = (br_cell){.type = BR_F64, .f64 = lua_tonumber(L, arg)};
    return true;
  default:
    *cell = (br_cell){.type = BR_STR};
    cell->str = luaL_checklstring(L, arg, &cell->str_len);
    return true;
  }
}

static int compute_where(lua_State *L)
{
  br_err err;
  br_cell cell;
  br_column *made = NULL;
  br_column *column = check_column(L, 1);
  const br_column *mask = check_column(L, 2);
  const br_cell *value = check_cell(L, 3, &cell) ? &cell : NULL;
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_column_where(&made, column, mask, value, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* A text that is to stand among timestamps is one; any other is refused later. */
static void read_as(br_type type, br_cell *cell)
{
  int64_t moment = 0;
  if (type == BR_TIMESTAMP && cell->type == BR_STR &&
      br_parse_timestamp(cell->str, cell->str_len, &moment))
    *cell = (br_cell){.type = BR_TIMESTAMP, .i64 = moment};
}

static int compute_fill(lua_State *L)
{
  br_err err;
  br_cell cell = {0};
  br_column *made = NULL;
  br_column *column = check_column(L, 1);
  luaL_argexpected(L, check_cell(L, 2, &cell), 2, "value");
  read_as(br_column_type(column), &cell);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_column_fill(&made, column, &cell, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int compute_clip(lua_State *L)
{
  br_err err;
  br_column *made = NULL;
  const br_column *column = check_column(L, 1);
  double lo = luaL_optnumber(L, 2, -(double)INFINITY);
  double hi = luaL_optnumber(L, 3, (double)INFINITY);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_column_clip(&made, column, lo, hi, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int compute_truncate(lua_State *L)
{
  br_err err;
  br_column *made = NULL;
  br_column *column = check_column(L, 1);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_column_truncate(&made, column, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int compute_nulls(lua_State *L)
{
  br_err err;
  br_type type;
  br_column *made = NULL;
  const char *name = luaL_checkstring(L, 1);
  lua_Integer n = luaL_checkinteger(L, 2);
  luaL_argcheck(L, br_type_from_name(name, &type), 1,
                "f64, i64, bool, string or timestamp expected");
  luaL_argcheck(L, n >= 0, 2, "it is negative");
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_column_nulls(&made, type, (size_t)n, &err);
  return br_bind_give(L, box, made, code, &err);
}

static const char *const keep_names[] = {"first", "last", NULL};

static int compute_distinct(lua_State *L)
{
  size_t n;
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = br_bind_check(L, 1, &br_bind_frame_type);
  br_keep keep = luaL_checkoption(L, 3, "first", keep_names) ? BR_KEEP_LAST : BR_KEEP_FIRST;
  const char *const *keys = br_bind_strings(L, 2, &n, false);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_distinct(&made, frame, keys, n, keep, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int compute_is_distinct(lua_State *L)
{
  size_t n;
  br_err err;
  br_column *mask = NULL;
  const br_frame *frame = br_bind_check(L, 1, &br_bind_frame_type);
  br_keep keep = luaL_checkoption(L, 3, "first", keep_names) ? BR_KEEP_LAST : BR_KEEP_FIRST;
  const char *const *keys = br_bind_strings(L, 2, &n, false);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_frame_is_distinct(&mask, frame, keys, n, keep, &err);
  return br_bind_give(L, box, mask, code, &err);
}

static void push_text(lua_State *L, const br_column *column, size_t row)
{
  char number[BR_DOUBLE_TEXT_MAX];
  size_t len = 0;
  switch (br_column_type(column)) {
  case BR_F64:
    len = br_str_from_double(number, br_column_f64(column, row));
    lua_pushlstring(L, number, len);
    break;
  case BR_I64:
    (void)snprintf(number, sizeof number, "%" PRId64, br_column_i64(column, row));
    lua_pushstring(L, number);
    break;
  case BR_BOOL:
    lua_pushstring(L, br_column_bool(column, row) ? "true" : "false");
    break;
  case BR_TIMESTAMP:
    len = br_timestamp_text(number, br_column_i64(column, row));
    lua_pushlstring(L, number, len);
    break;
  case BR_STR: {
    const char *text = br_column_str(column, row, &len);
    lua_pushlstring(L, text, len);
    break;
  }
  }
}

static int compute_texts(lua_State *L)
{
  const br_column *column = check_column(L, 1);
  (void)luaL_optstring(L, 2, "");
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) {
    lua_pushliteral(L, "");
    lua_replace(L, 2);
  }
  size_t n = br_column_len(column);
  lua_createtable(L, (int)n, 0);
  for (size_t row = 0; row < n; row++) {
    if (br_column_is_null(column, row))
      lua_pushvalue(L, 2);
    else
      push_text(L, column, row);
    lua_rawseti(L, 3, (lua_Integer)row + 1);
  }
  return 1;
}

static const luaL_Reg functions[] = {
    {"is_in", compute_is_in},       {"is_value", compute_is_value},
    {"both", compute_both},         {"either", compute_either},
    {"negate", compute_negate},     {"where", compute_where},
    {"fill", compute_fill},         {"clip", compute_clip},
    {"truncate", compute_truncate}, {"nulls", compute_nulls},
    {"distinct", compute_distinct}, {"is_distinct", compute_is_distinct},
    {"texts", compute_texts},       {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_compute(lua_State *L)
{
  br_bind_register(L, &br_bind_frame_type);
  br_bind_register(L, &br_bind_column_type);
  luaL_newlib(L, functions);
  return 1;
}
