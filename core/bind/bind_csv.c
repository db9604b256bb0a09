/* benchrun.core.csv: CSV to frame and back.
 *
 * csv.read(path | {paths}, options) -> frame | nil, message, code; "-" is standard input; .gz and .zst
 * are unpacked. Several files' rows stand below each other, columns matched by name.
 * csv.parse(bytes, options, label) -> frame | nil, message, code; label stands for the path in
 * messages. csv.format(frame, delimiter) -> string csv.write(path, frame, delimiter) -> true | nil,
 * message, code; replaced atomically.
 *
 * options, all of them optional:
 *   delimiter = ","             one ASCII character
 *   names = { "a", "b" }        the file has no header; these are its columns
 *   types = { a = "f64" }       f64, i64, bool, string or timestamp; the other columns are inferred
 *   strings = false             no inference: every other column is string
 *   timestamps = false          infer timestamps too
 *   ragged = "error" | "pad"    rows shorter than the header
 *   select = { "b", "a" }       these columns in that order; others are not read
 *   limit = 100                 not more rows
 *   threads = 0                 0: all cores
 *   file_column = "file"        a column of that name with each row's path */
#include "bind/bind_frame.h"
#include "bind/modules.h"

#include "csv/csv.h"

#include <string.h>

static const char *const option_names[] = {"delimiter",  "names",       "types", "strings",
                                           "ragged",     "select",      "limit", "threads",
                                           "timestamps", "file_column", NULL};

/* Pushes the table of a field, or nil; raises on anything else. */
static bool push_table(lua_State *L, int t, const char *name)
{
  int type = lua_getfield(L, t, name);
  if (type != LUA_TNIL && type != LUA_TTABLE)
    luaL_error(L, "field '%s': table expected, got %s", name, luaL_typename(L, -1));
  return type == LUA_TTABLE;
}

static char delimiter_field(lua_State *L, int t)
{
  const char *delimiter = br_bind_field_string(L, t, "delimiter", ",");
  if (strlen(delimiter) != 1)
    luaL_error(L, "field 'delimiter': one character expected, got '%s'", delimiter);
  return delimiter[0];
}

static br_csv_ragged ragged_field(lua_State *L, int t)
{
  const char *ragged = br_bind_field_string(L, t, "ragged", "error");
  if (strcmp(ragged, "pad") == 0)
    return BR_CSV_RAGGED_PAD;
  if (strcmp(ragged, "error") != 0)
    luaL_error(L, "field 'ragged': 'error' or 'pad' expected, got '%s'", ragged);
  return BR_CSV_RAGGED_ERROR;
}

/* The pair that lua_next left on the stack. */
static br_csv_type type_pair(lua_State *L)
{
  br_csv_type pair = {0};
  if (lua_type(L, -2) != LUA_TSTRING)
    luaL_error(L, "field 'types': a key is a column's name, got %s", luaL_typename(L, -2));
  pair.column = lua_tostring(L, -2);
  if (lua_type(L, -1) != LUA_TSTRING)
    luaL_error(L, "field 'types': column '%s': string expected, got %s", pair.column,
               luaL_typename(L, -1));
  if (!br_type_from_name(lua_tostring(L, -1), &pair.type))
    luaL_error(L,
               "field 'types': column '%s': f64, i64, bool, string or timestamp expected, got '%s'",
               pair.column, lua_tostring(L, -1));
  return pair;
}

static size_t count_pairs(lua_State *L, int table)
{
  size_t n = 0;
  lua_pushnil(L);
  for (; lua_next(L, table); n++)
    lua_pop(L, 1);
  return n;
}

static void types_field(lua_State *L, int t, br_csv_options *options)
{
  if (!push_table(L, t, "types"))
    return;
  int table = lua_gettop(L);
  size_t n = count_pairs(L, table);
  br_csv_type *types = br_bind_scratch(L, n, sizeof *types);
  lua_pushnil(L);
  for (size_t i = 0; i < n && lua_next(L, table); i++) {
    types[i] = type_pair(L);
    lua_pop(L, 1);
  }
  lua_settop(L, table + 1);
  options->types = types;
  options->ntypes = n;
}

static void names_field(lua_State *L, int t, br_csv_options *options)
{
  if (push_table(L, t, "names"))
    options->names = br_bind_strings(L, -1, &options->nnames, false);
}

static void select_field(lua_State *L, int t, br_csv_options *options)
{
  if (push_table(L, t, "select"))
    options->select = br_bind_strings(L, -1, &options->nselect, false);
}

/* A whole number of 0 or more; -1 where there is none. */
static lua_Integer count_field(lua_State *L, int t, const char *name)
{
  int is_whole = 0;
  if (lua_getfield(L, t, name) == LUA_TNIL) {
    lua_pop(L, 1);
    return -1;
  }
  lua_Integer n = lua_tointegerx(L, -1, &is_whole);
  if (lua_type(L, -1) != LUA_TNUMBER || !is_whole || n < 0)
    luaL_error(L, "field '%s': a whole number of 0 or more expected, got %s", name,
               luaL_tolstring(L, -1, NULL));
  lua_pop(L, 1);
  return n;
}

static void limit_field(lua_State *L, int t, br_csv_options *options)
{
  lua_Integer n = count_field(L, t, "limit");
  options->limited = n >= 0;
  options->limit = n >= 0 ? (size_t)n : 0;
}

static void threads_field(lua_State *L, int t, br_csv_options *options)
{
  lua_Integer n = count_field(L, t, "threads");
  options->threads = n > 0 ? (size_t)n : 0;
}

/* Leaves the option's tables and scratch memory on the stack: what is returned borrows from them.
 */
static br_csv_options check_options(lua_State *L, int t)
{
  br_csv_options options = {0};
  if (lua_isnoneornil(L, t))
    return options;
  br_bind_known_fields(L, t, option_names);
  options.delimiter = delimiter_field(L, t);
  options.ragged = ragged_field(L, t);
  options.all_strings = br_bind_field_bool(L, t, "strings", false);
  options.timestamps = br_bind_field_bool(L, t, "timestamps", false);
  options.file_column = br_bind_field_string(L, t, "file_column", NULL);
  limit_field(L, t, &options);
  threads_field(L, t, &options);
  names_field(L, t, &options);
  select_field(L, t, &options);
  types_field(L, t, &options);
  return options;
}

static char check_delimiter(lua_State *L, int arg)
{
  const char *delimiter = luaL_optstring(L, arg, ",");
  luaL_argcheck(L, strlen(delimiter) == 1, arg, "one character expected");
  return delimiter[0];
}

/* One path or a table of them. */
static const char *const *check_paths(lua_State *L, int arg, size_t *n)
{
  if (lua_type(L, arg) == LUA_TTABLE)
    return br_bind_strings(L, arg, n, false);
  const char **path = br_bind_scratch(L, 1, sizeof *path);
  *path = br_bind_check_string(L, arg);
  *n = 1;
  return path;
}

static int csv_read(lua_State *L)
{
  size_t n = 0;
  lua_settop(L, 2);
  const char *const *paths = check_paths(L, 1, &n);
  br_csv_options options = check_options(L, 2);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_frame *frame = NULL;
  br_err err;
  if (br_csv_read_files(&frame, paths, n, &options, &err) != BR_OK)
    return br_bind_fail(L, &err);
  *box = frame;
  return 1;
}

static int csv_parse(lua_State *L)
{
  size_t n;
  lua_settop(L, 3);
  const char *bytes = luaL_checklstring(L, 1, &n);
  const char *label = luaL_optstring(L, 3, "csv");
  br_csv_options options = check_options(L, 2);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_frame *frame = NULL;
  br_err err;
  if (br_csv_read_bytes(&frame, label, bytes, n, &options, &err) != BR_OK)
    return br_bind_fail(L, &err);
  *box = frame;
  return 1;
}

static int csv_format(lua_State *L)
{
  const br_frame *frame = br_bind_check(L, 1, &br_bind_frame_type);
  char delimiter = check_delimiter(L, 2);
  br_str *text = br_bind_bytes(L);
  br_err err;
  return br_bind_push_bytes(L, br_csv_write(text, frame, delimiter, &err), text, &err);
}

static int csv_write(lua_State *L)
{
  const char *path = br_bind_check_string(L, 1);
  const br_frame *frame = br_bind_check(L, 2, &br_bind_frame_type);
  char delimiter = check_delimiter(L, 3);
  br_err err;
  if (br_csv_write_file(path, frame, delimiter, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg functions[] = {
    {"read", csv_read},   {"parse", csv_parse}, {"format", csv_format},
    {"write", csv_write}, {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_csv(lua_State *L)
{
  br_bind_register(L, &br_bind_frame_type);
  br_bind_register(L, &br_bind_column_type);
  luaL_newlib(L, functions);
  return 1;
}
