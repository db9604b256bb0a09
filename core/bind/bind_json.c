/* benchrun.core.json: frames as JSON text and back; see core/json/json.h for what becomes of values.
 *
 * json.format(frame, { orient = "records" | "columns" | "lines" }) -> string
 *   An array of objects (the default), an object of arrays, or an object a line.
 * json.parse(text, { lines = false }) -> frame | nil, message, "parse"
 *   An array of objects, an object of arrays, one object; with lines, an object a line. Nested objects
 *   become columns "outer.inner", nested arrays stay text.
 * json.read(path, { lines = false }) -> frame | nil, message, code; json.write(path, frame, { orient = })
 * -> true | nil, message, code: the same with files. */
#include "bind/bind_frame_parts.h"
#include "bind/modules.h"

#include "json/json.h"

#include <string.h>

static br_json_orient orient_field(lua_State *L, int t)
{
  static const char *const known[] = {"orient", NULL};
  static const char *const names[] = {"records", "columns", "lines"};
  static const br_json_orient orients[] = {BR_JSON_RECORDS, BR_JSON_COLUMNS, BR_JSON_LINES};
  br_bind_known_fields(L, t, known);
  const char *name = br_bind_field_string(L, t, "orient", names[0]);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0)
      return orients[i];
  luaL_error(L, "field 'orient': 'records', 'columns' or 'lines' expected, got '%s'", name);
  return BR_JSON_RECORDS;
}

static int json_format(lua_State *L)
{
  br_err err;
  const br_frame *frame = br_bind_check(L, 1, &br_bind_frame_type);
  br_json_orient orient = orient_field(L, 2);
  br_str *bytes = br_bind_bytes(L);
  br_code code = br_json_format(bytes, frame, orient, &err);
  return br_bind_push_bytes(L, code, bytes, &err);
}

static bool lines_field(lua_State *L, int t)
{
  static const char *const known[] = {"lines", NULL};
  br_bind_known_fields(L, t, known);
  return br_bind_field_bool(L, t, "lines", false);
}

static int json_parse(lua_State *L)
{
  br_err err;
  size_t len = 0;
  br_frame *made = NULL;
  const char *text = luaL_checklstring(L, 1, &len);
  bool lines = lines_field(L, 2);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_json_parse(&made, text, len, lines, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int json_read(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const char *path = br_bind_check_string(L, 1);
  bool lines = lines_field(L, 2);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_json_read(&made, path, lines, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int json_write(lua_State *L)
{
  br_err err;
  const char *path = br_bind_check_string(L, 1);
  const br_frame *frame = br_bind_check(L, 2, &br_bind_frame_type);
  br_json_orient orient = orient_field(L, 3);
  if (br_json_write(path, frame, orient, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg functions[] = {
    {"format", json_format}, {"parse", json_parse}, {"read", json_read},
    {"write", json_write},   {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_json(lua_State *L)
{
  br_bind_register(L, &br_bind_frame_type);
  br_bind_register(L, &br_bind_column_type);
  luaL_newlib(L, functions);
  return 1;
}
