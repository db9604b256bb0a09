/* Helpers shared by all bindings; see bind.h for the rules they make easy to keep. */
#include "bind/bind.h"

#include <stdint.h>
#include <string.h>

/* The box at 1. Upvalues: the type, its metatable. The collector calls this when memory may be out, and
 * luaL_checkudata makes a string of the name: it is for mistakes only. */
static void **closing_box(lua_State *L, const br_bind_type *type)
{
  void *box = lua_touserdata(L, 1);
  if (!box || !lua_getmetatable(L, 1) || !lua_rawequal(L, -1, lua_upvalueindex(2)))
    return luaL_checkudata(L, 1, type->name);
  return box;
}

static int box_close(lua_State *L)
{
  const br_bind_type *type = lua_touserdata(L, lua_upvalueindex(1));
  void **box = closing_box(L, type);
  void *resource = *box;
  *box = NULL;
  if (resource)
    type->free(resource);
  return 0;
}

/* Into the table on top. */
static void set_close(lua_State *L, const br_bind_type *type, int metatable, const char *field)
{
  lua_pushlightuserdata(L, (void *)type);
  lua_pushvalue(L, metatable);
  lua_pushcclosure(L, box_close, 2);
  lua_setfield(L, -2, field);
}

/* __gc is set last: a metatable that has it is whole, one that memory running out cut short is redone. */
void br_bind_register(lua_State *L, const br_bind_type *type)
{
  (void)luaL_newmetatable(L, type->name);
  int metatable = lua_gettop(L);
  if (lua_getfield(L, -1, "__gc") != LUA_TNIL) {
    lua_pop(L, 2);
    return;
  }
  lua_pop(L, 1);
  set_close(L, type, metatable, "__close");
  if (type->meta)
    luaL_setfuncs(L, type->meta, 0);
  lua_newtable(L);
  luaL_setfuncs(L, type->methods, 0);
  set_close(L, type, metatable, "close");
  lua_setfield(L, -2, "__index");
  set_close(L, type, metatable, "__gc");
  lua_pop(L, 1);
}

void **br_bind_box(lua_State *L, const br_bind_type *type)
{
  void **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  luaL_setmetatable(L, type->name);
  return box;
}

void *br_bind_check(lua_State *L, int arg, const br_bind_type *type)
{
  void **box = luaL_checkudata(L, arg, type->name);
  if (!*box)
    luaL_argerror(L, arg, "it is closed");
  return *box;
}

void *br_bind_test(lua_State *L, int arg, const br_bind_type *type)
{
  void **box = luaL_testudata(L, arg, type->name);
  return box ? *box : NULL;
}

int br_bind_fail(lua_State *L, const br_err *err)
{
  if (err->code == BR_ENOMEM || err->code == BR_EINVAL)
    return luaL_error(L, "%s", err->msg);
  lua_pushnil(L);
  lua_pushstring(L, err->msg);
  lua_pushstring(L, br_code_name(err->code));
  return 3;
}

static void free_bytes(void *resource)
{
  br_str_clear(resource);
  br_free(resource);
}

br_str *br_bind_bytes(lua_State *L)
{
  static const luaL_Reg no_methods[] = {{NULL, NULL}};
  static const br_bind_type bytes_type = {"benchrun.bytes", free_bytes, no_methods, NULL};
  br_bind_register(L, &bytes_type);
  void **box = br_bind_box(L, &bytes_type);
  *box = br_calloc(1, sizeof(br_str));
  if (!*box)
    luaL_error(L, "out of memory");
  return *box;
}

int br_bind_push_bytes(lua_State *L, br_code code, br_str *bytes, const br_err *err)
{
  if (code != BR_OK)
    return br_bind_fail(L, err);
  lua_pushlstring(L, bytes->data ? bytes->data : "", bytes->len);
  br_str_clear(bytes);
  return 1;
}

const char *br_bind_check_string(lua_State *L, int arg)
{
  size_t n;
  const char *text = luaL_checklstring(L, arg, &n);
  luaL_argcheck(L, strlen(text) == n, arg, "a string without a NUL expected");
  return text;
}

void *br_bind_scratch(lua_State *L, size_t count, size_t size)
{
  if (size && count > SIZE_MAX / size)
    luaL_error(L, "out of memory");
  return lua_newuserdatauv(L, count * size, 0);
}

const char *const *br_bind_strings(lua_State *L, int arg, size_t *n, bool optional)
{
  arg = lua_absindex(L, arg);
  if (n)
    *n = 0;
  if (optional && lua_isnoneornil(L, arg)) {
    lua_pushnil(L);
    return NULL;
  }
  luaL_checktype(L, arg, LUA_TTABLE);
  size_t len = lua_rawlen(L, arg);
  const char **strings = br_bind_scratch(L, len + 1, sizeof *strings);
  for (size_t i = 0; i < len; i++) {
    int type = lua_rawgeti(L, arg, (lua_Integer)i + 1);
    if (type != LUA_TSTRING)
      luaL_error(L, "value %I: string expected, got %s", (LUAI_UACINT)i + 1, luaL_typename(L, -1));
    strings[i] = lua_tostring(L, -1);
    if (strlen(strings[i]) != lua_rawlen(L, -1))
      luaL_error(L, "value %I holds a NUL", (LUAI_UACINT)i + 1);
    lua_pop(L, 1);
  }
  strings[len] = NULL;
  if (n)
    *n = len;
  return strings;
}

/* Pushes the field and returns its type; LUA_TNIL (nothing pushed but nil) when there is no table.
 */
static int push_field(lua_State *L, int t, const char *name)
{
  if (t == 0 || lua_isnoneornil(L, t)) {
    lua_pushnil(L);
    return LUA_TNIL;
  }
  luaL_checktype(L, t, LUA_TTABLE);
  t = lua_absindex(L, t);
  lua_pushstring(L, name);
  return lua_rawget(L, t);
}

static void field_error(lua_State *L, const char *name, const char *expected)
{
  luaL_error(L, "field '%s': %s expected, got %s", name, expected, luaL_typename(L, -1));
}

double br_bind_field_number(lua_State *L, int t, const char *name, double fallback)
{
  int type = push_field(L, t, name);
  if (type != LUA_TNIL && type != LUA_TNUMBER)
    field_error(L, name, "number");
  double value = type == LUA_TNIL ? fallback : lua_tonumber(L, -1);
  lua_pop(L, 1);
  return value;
}

bool br_bind_field_bool(lua_State *L, int t, const char *name, bool fallback)
{
  int type = push_field(L, t, name);
  if (type != LUA_TNIL && type != LUA_TBOOLEAN)
    field_error(L, name, "boolean");
  bool value = type == LUA_TNIL ? fallback : lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

const char *br_bind_field_string(lua_State *L, int t, const char *name, const char *fallback)
{
  int type = push_field(L, t, name);
  if (type != LUA_TNIL && type != LUA_TSTRING)
    field_error(L, name, "string");
  const char *value = type == LUA_TNIL ? fallback : lua_tostring(L, -1);
  if (type != LUA_TNIL && strlen(value) != lua_rawlen(L, -1))
    luaL_error(L, "field '%s' holds a NUL", name);
  lua_pop(L, 1);
  return value;
}

static bool listed(const char *name, size_t n, const char *const *known)
{
  for (; *known; known++)
    if (strlen(*known) == n && memcmp(name, *known, n) == 0)
      return true;
  return false;
}

void br_bind_known_fields(lua_State *L, int t, const char *const *known)
{
  if (t == 0 || lua_isnoneornil(L, t))
    return;
  t = lua_absindex(L, t);
  luaL_checktype(L, t, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, t)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING)
      luaL_error(L, "unknown field of type %s", luaL_typename(L, -1));
    if (!listed(lua_tostring(L, -1), lua_rawlen(L, -1), known))
      luaL_error(L, "unknown field '%s'", lua_tostring(L, -1));
  }
}
