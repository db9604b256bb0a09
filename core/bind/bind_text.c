/* benchrun.core.text: what is safe to show of data, and how wide it stands; see base/text.h.
 *
 * text.clean(raw) -> the text in valid UTF-8 that shows everything in it: control characters and
 * invalid bytes as \n, \t, \x1b, characters that hide or turn the direction as \u{202e}
 * text.width(clean) -> columns that a cleaned text takes
 * text.cut(clean, width) -> bytes of its longest beginning that takes at most width columns
 * text.table_lines(headers, columns, aligns) -> a framed table, each line with its end
 *
 * headers: an array of raw texts; columns: as many arrays of raw texts, where those that are missing
 * at the end of one are empty; aligns (may be nil): an array of "left", "center" (the default, nil
 * too) and "right". See base/grid.h. */
#include "bind/bind.h"
#include "bind/modules.h"

#include "base/grid.h"
#include "base/text.h"

#include <string.h>

static int text_clean(lua_State *L)
{
  size_t n;
  br_err err;
  const char *raw = luaL_checklstring(L, 1, &n);
  lua_settop(L, 1);
  if (br_text_is_plain(raw, n))
    return 1;
  br_str *clean = br_bind_bytes(L);
  return br_bind_push_bytes(L, br_text_clean(clean, raw, n, &err), clean, &err);
}

static int text_width(lua_State *L)
{
  size_t n;
  const char *clean = luaL_checklstring(L, 1, &n);
  lua_pushinteger(L, (lua_Integer)br_text_columns(clean, n));
  return 1;
}

static int text_cut(lua_State *L)
{
  size_t n;
  const char *clean = luaL_checklstring(L, 1, &n);
  lua_Integer width = luaL_checkinteger(L, 2);
  size_t bytes = width < 0 ? 0 : br_text_cut(clean, n, (size_t)width);
  lua_pushinteger(L, (lua_Integer)bytes);
  return 1;
}

/* Tables. What is read of Lua's strings lives as long as the argument that holds them. */

/* Pushes the array at position i of the one at 2 and returns its length. */
static size_t push_cells(lua_State *L, size_t i)
{
  if (lua_rawgeti(L, 2, (lua_Integer)i + 1) != LUA_TTABLE)
    luaL_error(L, "column %I: table expected, got %s", (LUAI_UACINT)i + 1, luaL_typename(L, -1));
  return lua_rawlen(L, -1);
}

static size_t count_cells(lua_State *L, size_t ncol)
{
  size_t n = 0;
  for (size_t i = 0; i < ncol; i++) {
    n += push_cells(L, i);
    lua_pop(L, 1);
  }
  return n;
}

/* The text at position i of the array at t. */
static br_grid_text text_at(lua_State *L, int t, size_t i)
{
  br_grid_text text;
  if (lua_rawgeti(L, t, (lua_Integer)i + 1) != LUA_TSTRING)
    luaL_error(L, "value %I: string expected, got %s", (LUAI_UACINT)i + 1, luaL_typename(L, -1));
  text.data = lua_tolstring(L, -1, &text.len);
  lua_pop(L, 1);
  return text;
}

static const char *align_name(lua_State *L, size_t i)
{
  if (lua_isnil(L, 3))
    return "center";
  int type = lua_rawgeti(L, 3, (lua_Integer)i + 1);
  const char *name = type == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, -1);
  lua_pop(L, 1);
  return type == LUA_TNIL ? "center" : name;
}

static br_align align_at(lua_State *L, size_t i)
{
  static const char *const names[] = {"left", "center", "right"};
  static const br_align aligns[] = {BR_ALIGN_LEFT, BR_ALIGN_CENTER, BR_ALIGN_RIGHT};
  const char *name = align_name(L, i);
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strcmp(name, names[k]) == 0)
      return aligns[k];
  luaL_error(L, "align %I: left, center or right expected, got %s", (LUAI_UACINT)i + 1, name);
  return BR_ALIGN_CENTER;
}

/* Reads column i of the arguments; its cells go to the front of `cells`. */
static br_grid_column column_at(lua_State *L, size_t i, br_grid_text *cells)
{
  br_grid_column column = {.header = text_at(L, 1, i), .cells = cells, .align = align_at(L, i)};
  column.ncells = push_cells(L, i);
  int t = lua_gettop(L);
  for (size_t row = 0; row < column.ncells; row++)
    cells[row] = text_at(L, t, row);
  lua_pop(L, 1);
  return column;
}

static int text_table_lines(lua_State *L)
{
  br_err err;
  lua_settop(L, 3);
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_argexpected(L, lua_isnil(L, 3) || lua_istable(L, 3), 3, "table or nil");
  size_t ncol = lua_rawlen(L, 1);
  luaL_argcheck(L, lua_rawlen(L, 2) == ncol, 2, "as many columns as headers expected");
  br_grid_text *cells = br_bind_scratch(L, count_cells(L, ncol), sizeof *cells);
  br_grid_column *columns = br_bind_scratch(L, ncol, sizeof *columns);
  for (size_t i = 0, used = 0; i < ncol; used += columns[i++].ncells)
    columns[i] = column_at(L, i, cells + used);
  br_str *lines = br_bind_bytes(L);
  return br_bind_push_bytes(L, br_grid_draw(lines, columns, ncol, &err), lines, &err);
}

static const luaL_Reg functions[] = {
    {"clean", text_clean}, {"width", text_width},
    {"cut", text_cut},     {"table_lines", text_table_lines},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_text(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
