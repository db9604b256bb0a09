/* benchrun.core.sqlite: frames in SQLite databases; see core/sqlite/sqlite.h for what becomes of types.
 *
 * sqlite.write(path, table, frame, { mode = "create" | "append" | "replace" }) -> true | nil, message, code
 *   The frame as a table, whole or not at all. "create" is the default: code "exists" where there is such
 *   a table.
 * sqlite.read(path, query) -> frame | nil, message, code
 *   The rows of one SQL statement that changes nothing.
 * Codes: "notfound", "io" (no permission, a full disk, locked by another program), "parse" (no database),
 * "library" (SQLite's own words), "exists", "intr". */
#include "bind/bind_frame_parts.h"
#include "bind/modules.h"

#include "sqlite/sqlite.h"

#include <string.h>

static br_sqlite_mode mode_field(lua_State *L, int t)
{
  static const char *const known[] = {"mode", NULL};
  static const char *const names[] = {"create", "append", "replace"};
  static const br_sqlite_mode modes[] = {BR_SQLITE_CREATE, BR_SQLITE_APPEND, BR_SQLITE_REPLACE};
  br_bind_known_fields(L, t, known);
  const char *name = br_bind_field_string(L, t, "mode", names[0]);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0)
      return modes[i];
  luaL_error(L, "field 'mode': 'create', 'append' or 'replace' expected, got '%s'", name);
  return BR_SQLITE_CREATE;
}

static int sqlite_write(lua_State *L)
{
  br_err err;
  const char *path = br_bind_check_string(L, 1);
  const char *table = br_bind_check_string(L, 2);
  const br_frame *frame = br_bind_check(L, 3, &br_bind_frame_type);
  br_sqlite_mode mode = mode_field(L, 4);
  if (br_sqlite_write(path, table, frame, mode, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static int sqlite_read(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const char *path = br_bind_check_string(L, 1);
  const char *query = br_bind_check_string(L, 2);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_sqlite_read(&made, path, query, &err);
  return br_bind_give(L, box, made, code, &err);
}

static const luaL_Reg functions[] = {
    {"write", sqlite_write},
    {"read", sqlite_read},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_sqlite(lua_State *L)
{
  br_bind_register(L, &br_bind_frame_type);
  br_bind_register(L, &br_bind_column_type);
  luaL_newlib(L, functions);
  return 1;
}
