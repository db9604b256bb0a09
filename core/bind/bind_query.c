/* Filter, sort, join, group-by and pivot of frames in Lua; see bind_frame.c for the rules. */
#include "bind/bind_frame_parts.h"

#include "frame/group.h"
#include "stats/kernel.h"

#include <string.h>

static br_frame *check_frame(lua_State *L, int arg)
{
  return br_bind_check(L, arg, &br_bind_frame_type);
}

/* A field that must be a string. */
static const char *string_field(lua_State *L, int t, const char *name)
{
  const char *value = br_bind_field_string(L, t, name, NULL);
  if (!value)
    luaL_error(L, "field '%s': string expected, got nothing", name);
  return value;
}

/* The value at arg as a constant to compare with. */
static br_cell check_cell(lua_State *L, int arg)
{
  br_cell cell = {.type = BR_F64};
  switch (lua_type(L, arg)) {
  case LUA_TBOOLEAN:
    cell.type = BR_BOOL;
    cell.boolean = lua_toboolean(L, arg);
    break;
  case LUA_TSTRING:
    cell.type = BR_STR;
    cell.str = lua_tolstring(L, arg, &cell.str_len);
    break;
  case LUA_TNUMBER:
    cell.type = lua_isinteger(L, arg) ? BR_I64 : BR_F64;
    cell.i64 = lua_tointeger(L, arg);
    cell.f64 = lua_tonumber(L, arg);
    break;
  default:
    luaL_typeerror(L, arg, "number, boolean or string");
  }
  return cell;
}

/* frame:filter(name, op, value) -> frame of the rows where it holds | nil, message, code:
 * "notfound" for an unknown column, "type" for a number against a string. op: "==", "~=", "<",
 * "<=", ">", ">=", "null", "notnull"; the last two take no value. A null satisfies none but "null",
 * a NaN none but "~=" and "notnull". i64, f64 and bool compare with each other. */
int br_bind_frame_filter(lua_State *L)
{
  static const char *const names[] = {"==", "~=", "<", "<=", ">", ">=", "null", "notnull", NULL};
  static const br_op ops[] = {BR_EQ, BR_NE, BR_LT, BR_LE, BR_GT, BR_GE, BR_IS_NULL, BR_NOT_NULL};
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  const char *column = luaL_checkstring(L, 2);
  br_op op = ops[luaL_checkoption(L, 3, NULL, names)];
  br_cell value = {.type = BR_F64};
  if (op != BR_IS_NULL && op != BR_NOT_NULL)
    value = check_cell(L, 4);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_filter(&made, frame, column, op, &value, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* frame:mask(column) -> frame of the rows where the bool column is true | nil, message, "type".
 * Raises when its length is not the frame's. */
int br_bind_frame_mask(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  const br_column *mask = br_bind_check(L, 2, &br_bind_column_type);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_filter_mask(&made, frame, mask, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* The sort key on top of the stack; raises with its number. */
static br_sort_key sort_key(lua_State *L, int i)
{
  static const char *const known[] = {"name", "descending", NULL};
  br_sort_key key = {NULL, false};
  int t = lua_gettop(L);
  switch (lua_type(L, t)) {
  case LUA_TSTRING:
    key.name = lua_tostring(L, t);
    break;
  case LUA_TTABLE:
    br_bind_known_fields(L, t, known);
    key.name = string_field(L, t, "name");
    key.descending = br_bind_field_bool(L, t, "descending", false);
    break;
  default:
    luaL_error(L, "value %d: string or table expected, got %s", i, luaL_typename(L, t));
  }
  return key;
}

/* frame:sort(keys) -> frame | nil, message, "notfound"
 * keys: an array of names or { name =, descending = true }, the first the strongest. Stable; nulls
 * come last in either direction, NaN just before them; strings by byte. */
int br_bind_frame_sort(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t n = lua_rawlen(L, 2);
  br_sort_key *keys = br_bind_scratch(L, n, sizeof *keys);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    keys[i] = sort_key(L, (int)i + 1);
    lua_pop(L, 1);
  }
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_sort(&made, frame, keys, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* Key pairs of the table at 3: items that are names, the same on both sides, or { left, right }. */
static void key_pairs(lua_State *L, br_join *spec)
{
  size_t n = lua_rawlen(L, 3);
  const char **left = br_bind_scratch(L, n, sizeof *left);
  const char **right = br_bind_scratch(L, n, sizeof *right);
  for (size_t i = 0; i < n; i++) {
    int top = lua_gettop(L);
    bool is_pair = lua_rawgeti(L, 3, (lua_Integer)i + 1) == LUA_TTABLE;
    if (is_pair) {
      lua_rawgeti(L, top + 1, 1);
      lua_rawgeti(L, top + 1, 2);
    }
    if (lua_type(L, top + (is_pair ? 2 : 1)) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
      luaL_error(L, "value %d: string expected, or a pair of them, got %s", (int)i + 1,
                 luaL_typename(L, top + 1));
    left[i] = br_bind_check_string(L, top + (is_pair ? 2 : 1));
    right[i] = br_bind_check_string(L, -1);
    lua_settop(L, top);
  }
  spec->keys = left;
  spec->right_keys = right;
  spec->nkeys = n;
}

/* frame:join(right, keys, kind, suffix) -> frame | nil, message, code
 * Rows of this frame with the rows of `right` that agree on all keys, in this frame's order, then
 * right's. keys: an array of names that both have, or of { name here, name in right }; none: every row
 * meets every row. kind: "inner" (default); "left": a row without a match stays, with nulls; "right": the
 * same the other way round, in right's order; "outer": as left, then right's rows without a match; "semi":
 * this frame's rows that have a match; "anti": those that have none. Columns of right whose name is
 * taken get suffix, "_right" by default. A null key matches nothing; i64 and f64 keys meet as numbers.
 * Codes: "notfound"; "type" for keys of different type; "exists" when a name with the suffix is taken
 * as well; "range" when the result would be too large. */
int br_bind_frame_join(lua_State *L)
{
  static const char *const kinds[] = {"inner", "left", "right", "outer", "semi", "anti", NULL};
  br_err err;
  br_frame *made = NULL;
  br_join spec = {0};
  const br_frame *left = check_frame(L, 1);
  const br_frame *right = check_frame(L, 2);
  luaL_checktype(L, 3, LUA_TTABLE);
  spec.kind = (br_join_kind)luaL_checkoption(L, 4, "inner", kinds); /* in the enum's order */
  spec.suffix = luaL_optstring(L, 5, "_right");
  key_pairs(L, &spec);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_join(&made, left, right, &spec, &err);
  return br_bind_give(L, box, made, code, &err);
}

static const struct {
  const char *name;
  br_aggregate_kind kind;
} picks[] = {
    {"first", BR_AGG_FIRST}, {"last", BR_AGG_LAST},       {"min", BR_AGG_MIN},
    {"max", BR_AGG_MAX},     {"mode", BR_AGG_MODE},       {"count", BR_AGG_COUNT},
    {"size", BR_AGG_SIZE},   {"nunique", BR_AGG_NUNIQUE},
};

/* What the table at t asks for: a kernel, and what it is to be given, or one of `picks`. *kernel and *kind
 * are set. BR_ENOTFOUND when there is none of that name. */
static br_code kernel_field(lua_State *L, int t, br_reduce *kernel, br_aggregate_kind *kind,
                            br_kernel_args *args, br_err *err)
{
  const char *name = string_field(L, t, "kernel");
  args->q = br_bind_field_number(L, t, "q", 0.5);
  args->method = br_bind_field_string(L, t, "method", NULL);
  const br_kernel *found = br_kernel_find(name);
  *kernel = found ? found->run : NULL;
  *kind = BR_AGG_KERNEL;
  for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
    if (strcmp(name, picks[i].name) == 0)
      *kind = picks[i].kind;
  }
  if (!found && *kind == BR_AGG_KERNEL)
    return br_fail(err, BR_ENOTFOUND, "no kernel '%.64s'", name);
  return BR_OK;
}

/* The aggregate that item i of the table at 3 describes. */
static br_code aggregate_item(lua_State *L, lua_Integer i, br_aggregate *aggregate,
                              br_kernel_args *args, br_err *err)
{
  static const char *const known[] = {"column", "name", "kernel", "q", "method", NULL};
  if (lua_rawgeti(L, 3, i) != LUA_TTABLE)
    luaL_error(L, "aggregate %I: table expected, got %s", (LUAI_UACINT)i, luaL_typename(L, -1));
  int t = lua_gettop(L);
  br_bind_known_fields(L, t, known);
  aggregate->column = string_field(L, t, "column");
  aggregate->name = br_bind_field_string(L, t, "name", aggregate->column);
  aggregate->context = args;
  br_code code = kernel_field(L, t, &aggregate->reduce, &aggregate->kind, args, err);
  lua_settop(L, t - 1);
  return code;
}

/* frame:group_by(keys, aggregates) -> frame, one row a group: the keys, then a column per aggregate
 * | nil, message, code keys: an array of names; none: one group of all rows. aggregates: an array
 * of { column =, name = (by default the column's), kernel =, q =, method = }; kernel: one of
 * benchrun.core.stats, over the group's values that are not null, f64; or "first", "last": of these, of
 * the column's type; "count", "nunique" (different ones), "size" (nulls too): i64. "min", "max" and
 * "mode" of strings and timestamps keep the type; other kernels take a timestamp in seconds. q and method
 * are for "quantile". Groups stand in order of first appearance; null is a key like any other. Codes:
 * "notfound" for a column or kernel; "type" for a string column under a kernel; "exists" when two
 * columns would have one name. */
int br_bind_frame_group_by(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  br_grouping spec = {0};
  br_code code = BR_OK;
  const br_frame *frame = check_frame(L, 1);
  luaL_checktype(L, 3, LUA_TTABLE);
  spec.keys = br_bind_strings(L, 2, &spec.nkeys, false);
  spec.naggregates = lua_rawlen(L, 3);
  br_aggregate *aggregates = br_bind_scratch(L, spec.naggregates, sizeof *aggregates);
  br_kernel_args *args = br_bind_scratch(L, spec.naggregates, sizeof *args);
  spec.aggregates = aggregates;
  for (size_t i = 0; i < spec.naggregates && code == BR_OK; i++)
    code = aggregate_item(L, (lua_Integer)i + 1, &aggregates[i], &args[i], &err);
  void **box = br_bind_box(L, &br_bind_frame_type);
  if (code == BR_OK)
    code = br_frame_group_by(&made, frame, &spec, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* frame:group_ids(keys) -> i64 column: the number of each row's group, from 1, in order of first
 * appearance | nil, message, "notfound" */
int br_bind_frame_group_ids(lua_State *L)
{
  br_err err;
  size_t n = 0;
  br_column *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  const char *const *keys = br_bind_strings(L, 2, &n, false);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_frame_group_ids(&made, frame, keys, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* frame:group_head(keys, n, from) -> frame of the first n rows of each group, in the frame's order; of
 * the last n where `from` is "last" (by default "first") | nil, message, "notfound" */
int br_bind_frame_group_head(lua_State *L)
{
  static const char *const ends[] = {"first", "last", NULL};
  br_err err;
  size_t nkeys = 0;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  lua_Integer n = luaL_checkinteger(L, 3);
  luaL_argcheck(L, n >= 0, 3, "a number of rows is not negative");
  bool is_tail = luaL_checkoption(L, 4, "first", ends) == 1;
  const char *const *keys = br_bind_strings(L, 2, &nkeys, false);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = is_tail ? br_frame_group_tail(&made, frame, keys, nkeys, (size_t)n, &err)
                         : br_frame_group_head(&made, frame, keys, nkeys, (size_t)n, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* frame:pivot{ index =, columns =, values =, kernel =, q =, method = } -> frame | nil, message,
 * code Long to wide: one row per distinct value of the columns `index` (an array of names), one
 * column per distinct value of the column `columns`, both in order of first appearance; its cells
 * are the kernel over the values of the column `values` (see group_by), null where there is no row.
 * Numbers name columns by their text, null by "null". Codes: "notfound", "type", "exists" when a
 * new name is an index's or given twice. */
int br_bind_frame_pivot(lua_State *L)
{
  static const char *const known[] = {"index", "columns", "values", "kernel", "q", "method", NULL};
  br_err err;
  br_frame *made = NULL;
  br_pivot spec = {0};
  br_kernel_args args = {0};
  const br_frame *frame = check_frame(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  br_bind_known_fields(L, 2, known);
  spec.columns = string_field(L, 2, "columns");
  spec.values = string_field(L, 2, "values");
  spec.context = &args;
  br_code code = kernel_field(L, 2, &spec.reduce, &spec.kind, &args, &err);
  if (br_bind_raw_field(L, 2, "index") != LUA_TTABLE)
    luaL_error(L, "field 'index': table expected, got %s", luaL_typename(L, -1));
  spec.index = br_bind_strings(L, -1, &spec.nindex, false);
  void **box = br_bind_box(L, &br_bind_frame_type);
  if (code == BR_OK)
    code = br_frame_pivot(&made, frame, &spec, &err);
  return br_bind_give(L, box, made, code, &err);
}
