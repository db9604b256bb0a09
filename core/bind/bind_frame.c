/* benchrun.core.frame: frames in Lua. Rows count from 1, nulls are nil, no frame ever changes: what
 * would change one returns another that shares its columns. Mistakes in the call raise; an unknown
 * column or data of another type than an operation wants returns nil, message, code. Filter, sort,
 * join, group-by and pivot stand in bind_query.c, columns in bind_column.c. */
#include "bind/bind_frame_parts.h"
#include "bind/modules.h"

#include <string.h>

static br_frame *check_frame(lua_State *L, int arg)
{
  return br_bind_check(L, arg, &br_bind_frame_type);
}

/* A name goes to the core as a C string. */
static const char *check_name(lua_State *L, int arg)
{
  size_t len = 0;
  const char *name = luaL_checklstring(L, arg, &len);
  luaL_argcheck(L, strlen(name) == len, arg, "a column's name holds no NUL");
  return name;
}

/* Making. */

static const char *name_field(lua_State *L, int t, lua_Integer i)
{
  size_t len = 0;
  if (br_bind_raw_field(L, t, "name") != LUA_TSTRING)
    luaL_error(L, "column %I: field 'name': string expected, got %s", (LUAI_UACINT)i,
               luaL_typename(L, -1));
  const char *name = lua_tolstring(L, -1, &len);
  if (strlen(name) != len)
    luaL_error(L, "column %I: a column's name holds no NUL", (LUAI_UACINT)i);
  return name;
}

/* Adds the column that item i of the table at 1 describes; leaves the stack as it was. */
static void add_described(lua_State *L, br_frame *frame, lua_Integer i)
{
  br_err err;
  int top = lua_gettop(L);
  if (lua_rawgeti(L, 1, i) != LUA_TTABLE)
    luaL_error(L, "column %I: table expected, got %s", (LUAI_UACINT)i, luaL_typename(L, -1));
  const char *name = name_field(L, top + 1, i);
  if (br_frame_has(frame, name))
    luaL_error(L, "column %I: there is a column '%s' already", (LUAI_UACINT)i, name);
  br_column *column = br_bind_build_column(L, top + 1, name);
  if (br_frame_set(frame, name, column, &err) != BR_OK)
    br_bind_fail(L, &err);
  lua_settop(L, top);
}

/* frame.new(columns) -> frame
 * columns: an array of { name =, type = "f64" | "i64" | "bool" | "string", values = array, n = }. A
 * nil value is a null, so n gives the number of rows where values ends with nils; by default it is
 * #values. values may also be a column; type is not needed then. Raises for a value of another
 * type, naming column and row, for a name given twice and for columns of different length. */
static int frame_new(lua_State *L)
{
  br_err err;
  br_frame *frame = NULL;
  luaL_checktype(L, 1, LUA_TTABLE);
  void **box = br_bind_box(L, &br_bind_frame_type);
  if (br_frame_new(&frame, &err) != BR_OK)
    return br_bind_fail(L, &err);
  *box = frame;
  lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
  for (lua_Integer i = 1; i <= n; i++)
    add_described(L, frame, i);
  return 1;
}

/* frame.column(spec) -> column
 * spec: { type =, values =, n = } as frame.new takes it. */
static int frame_column(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  br_bind_build_column(L, 1, NULL);
  return 1;
}

/* frame.concat(frames) -> frame | nil, message, code
 * Rows of all frames of the array below each other. Columns are matched by name, in order of first
 * appearance; a frame without one gives nulls. i64 and f64 meet as f64, a column of nulls meets any
 * type; any other difference is code "type". */
static int frame_concat(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t n = lua_rawlen(L, 1);
  const br_frame **frames = br_bind_scratch(L, n, sizeof(br_frame *));
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    frames[i] = br_bind_test(L, -1, &br_bind_frame_type);
    if (!frames[i])
      return luaL_error(L, "value %d: open frame expected, got %s", (int)i + 1,
                        luaL_typename(L, -1));
    lua_pop(L, 1);
  }
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_concat(&made, frames, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* Looking. */

/* frame:nrow(), #frame -> number of rows */
static int frame_nrow(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)br_frame_nrow(check_frame(L, 1)));
  return 1;
}

/* frame:ncol() -> number of columns */
static int frame_ncol(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)br_frame_ncol(check_frame(L, 1)));
  return 1;
}

/* frame:names() -> array of column names, in order */
static int frame_names(lua_State *L)
{
  const br_frame *frame = check_frame(L, 1);
  size_t ncol = br_frame_ncol(frame);
  lua_newtable(L);
  for (size_t i = 0; i < ncol; i++) {
    lua_pushstring(L, br_frame_name(frame, i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* frame:types() -> array of type names, parallel to names() */
static int frame_types(lua_State *L)
{
  const br_frame *frame = check_frame(L, 1);
  size_t ncol = br_frame_ncol(frame);
  lua_newtable(L);
  for (size_t i = 0; i < ncol; i++) {
    lua_pushstring(L, br_type_name(br_column_type(br_frame_column(frame, i))));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* frame:has(name) -> boolean: whether there is a column of that name */
static int frame_has(lua_State *L)
{
  const br_frame *frame = check_frame(L, 1);
  lua_pushboolean(L, br_frame_has(frame, check_name(L, 2)));
  return 1;
}

/* frame:col(name) -> column, sharing the frame's cells | nil, message, "notfound" */
static int frame_col(lua_State *L)
{
  br_err err;
  size_t at = 0;
  const br_frame *frame = check_frame(L, 1);
  if (br_frame_find(frame, check_name(L, 2), &at, &err) != BR_OK)
    return br_bind_fail(L, &err);
  br_bind_push_column(L, br_frame_column(frame, at));
  return 1;
}

/* frame:get(row, name) -> value, nil for a null | nil, message, "notfound" for an unknown column.
 * Raises for a row that is not there. */
static int frame_get(lua_State *L)
{
  br_err err;
  size_t at = 0;
  const br_frame *frame = check_frame(L, 1);
  size_t row = br_bind_check_row(L, 2, br_frame_nrow(frame));
  if (br_frame_find(frame, check_name(L, 3), &at, &err) != BR_OK)
    return br_bind_fail(L, &err);
  br_bind_push_cell(L, br_frame_column(frame, at), row);
  return 1;
}

/* frame:to_table() -> { name = array with field n, … }; nulls are nil */
static int frame_to_table(lua_State *L)
{
  const br_frame *frame = check_frame(L, 1);
  size_t ncol = br_frame_ncol(frame);
  lua_newtable(L);
  for (size_t i = 0; i < ncol; i++) {
    br_bind_push_array(L, br_frame_column(frame, i));
    lua_setfield(L, -2, br_frame_name(frame, i));
  }
  return 1;
}

/* tostring(frame) -> "frame (3 rows, 2 columns)" or "frame (closed)" */
static int frame_tostring(lua_State *L)
{
  void **box = luaL_checkudata(L, 1, br_bind_frame_type.name);
  if (!*box) {
    lua_pushliteral(L, "frame (closed)");
    return 1;
  }
  lua_pushfstring(L, "frame (%I rows, %I columns)", (LUAI_UACINT)br_frame_nrow(*box),
                  (LUAI_UACINT)br_frame_ncol(*box));
  return 1;
}

/* Other columns. */

/* frame:with(name, column) -> frame with the column added, or put in place of the one of that name.
 * Raises when the lengths differ. */
static int frame_with(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  const char *name = check_name(L, 2);
  br_column *column = br_bind_check(L, 3, &br_bind_column_type);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_copy(&made, frame, &err);
  *box = made;
  if (code == BR_OK)
    code = br_frame_set(made, name, column, &err);
  return br_bind_give(L, box, made, code, &err);
}

typedef br_code (*pick_columns)(br_frame **, const br_frame *, const char *const *, size_t,
                                br_err *);

static int pick(lua_State *L, pick_columns function)
{
  br_err err;
  size_t n = 0;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  const char *const *names = br_bind_strings(L, 2, &n, false);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = function(&made, frame, names, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* frame:select(names) -> frame of the named columns, in that order | nil, message, code:
 * "notfound", or "exists" for a name given twice */
static int frame_select(lua_State *L)
{
  return pick(L, br_frame_select);
}

/* frame:drop(names) -> frame without the named columns | nil, message, "notfound" */
static int frame_drop(lua_State *L)
{
  return pick(L, br_frame_drop);
}

/* Lists the pairs of the table at t; raises unless all are strings. */
static void list_pairs(lua_State *L, int t, const char **from, const char **to)
{
  lua_pushnil(L);
  for (size_t i = 0; lua_next(L, t); i++) {
    if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
      luaL_error(L, "old name = new name expected, got %s = %s", luaL_typename(L, -2),
                 luaL_typename(L, -1));
    from[i] = lua_tostring(L, -2);
    to[i] = lua_tostring(L, -1);
    lua_pop(L, 1);
  }
}

static size_t count_pairs(lua_State *L, int t)
{
  size_t n = 0;
  lua_pushnil(L);
  for (; lua_next(L, t); n++)
    lua_pop(L, 1);
  return n;
}

/* frame:rename{ old = "new", … } -> frame | nil, message, code: "notfound", or "exists" when two
 * columns would have one name. All at once, so names can be swapped. */
static int frame_rename(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t n = count_pairs(L, 2);
  const char **from = br_bind_scratch(L, n, sizeof *from);
  const char **to = br_bind_scratch(L, n, sizeof *to);
  list_pairs(L, 2, from, to);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_rename(&made, frame, from, to, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* Other rows. */

/* frame:take(rows) -> frame of the rows of that array, in that order, repeats allowed | nil,
 * message, "range" for a row past the end */
static int frame_take(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t n = lua_rawlen(L, 2);
  size_t *rows = br_bind_scratch(L, n, sizeof *rows);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) < 1)
      return luaL_error(L, "value %d: row number expected, got %s", (int)i + 1,
                        luaL_tolstring(L, -1, NULL));
    rows[i] = (size_t)lua_tointeger(L, -1) - 1;
    lua_pop(L, 1);
  }
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_take(&made, frame, rows, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* frame:slice(first, n) -> frame of n rows from `first` on, cut at the end of the frame. n: by
 * default all. */
static int frame_slice(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = check_frame(L, 1);
  lua_Integer first = luaL_checkinteger(L, 2);
  lua_Integer n = luaL_optinteger(L, 3, LUA_MAXINTEGER);
  luaL_argcheck(L, first >= 1, 2, "rows count from 1");
  luaL_argcheck(L, n >= 0, 3, "a number of rows is not negative");
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_slice(&made, frame, (size_t)first - 1, (size_t)n, &err);
  return br_bind_give(L, box, made, code, &err);
}

static void free_frame(void *resource)
{
  br_frame_free(resource);
}

static const luaL_Reg functions[] = {
    {"new", frame_new},
    {"column", frame_column},
    {"concat", frame_concat},
    {NULL, NULL},
};

static const luaL_Reg methods[] = {
    {"nrow", frame_nrow},
    {"ncol", frame_ncol},
    {"names", frame_names},
    {"types", frame_types},
    {"has", frame_has},
    {"col", frame_col},
    {"get", frame_get},
    {"to_table", frame_to_table},
    {"with", frame_with},
    {"select", frame_select},
    {"drop", frame_drop},
    {"rename", frame_rename},
    {"take", frame_take},
    {"slice", frame_slice},
    {"filter", br_bind_frame_filter},
    {"mask", br_bind_frame_mask},
    {"sort", br_bind_frame_sort},
    {"join", br_bind_frame_join},
    {"group_by", br_bind_frame_group_by},
    {"group_ids", br_bind_frame_group_ids},
    {"group_head", br_bind_frame_group_head},
    {"pivot", br_bind_frame_pivot},
    {"melt", br_bind_frame_melt},
    {"sample", br_bind_frame_sample},
    {"eval", br_bind_frame_eval},
    {"where", br_bind_frame_where},
    {NULL, NULL},
};

static const luaL_Reg meta[] = {
    {"__len", frame_nrow},
    {"__tostring", frame_tostring},
    {NULL, NULL},
};

const br_bind_type br_bind_frame_type = {"benchrun.frame", free_frame, methods, meta};

LUAMOD_API int luaopen_benchrun_core_frame(lua_State *L)
{
  br_bind_register(L, &br_bind_frame_type);
  br_bind_register(L, &br_bind_column_type);
  luaL_newlib(L, functions);
  return 1;
}
