/* benchrun.core.term: what a terminal can do, and pictures in it.
 *
 * term.size(fd) -> columns, rows, cell width, cell height (pixels); nil for what is not known.
 * term.ask(input, output, timeout) -> { sixel=, kitty=, cell_width=, cell_height= }, typed | nil,
 *   message, code. Asks the terminal, timeout in seconds; typed: bytes that came in meanwhile and are
 *   no answer.
 * term.sixel(png), term.kitty(png) -> the sequence that shows the picture | nil, message, code */
#include "bind/bind.h"
#include "bind/modules.h"

#include "term/term.h"

static int check_descriptor(lua_State *L, int arg)
{
  lua_Integer fd = luaL_checkinteger(L, arg);
  luaL_argcheck(L, fd >= 0 && fd < 1000000, arg, "a descriptor expected");
  return (int)fd;
}

static void push_count(lua_State *L, int count)
{
  if (count > 0)
    lua_pushinteger(L, count);
  else
    lua_pushnil(L);
}

static int term_size(lua_State *L)
{
  br_term_size size = br_term_size_of(check_descriptor(L, 1));
  push_count(L, size.columns);
  push_count(L, size.rows);
  push_count(L, size.cell_width);
  push_count(L, size.cell_height);
  return 4;
}

static int term_ask(lua_State *L)
{
  int in = check_descriptor(L, 1), out = check_descriptor(L, 2);
  double timeout = luaL_checknumber(L, 3);
  luaL_argcheck(L, timeout >= 0 && timeout <= 60, 3, "0 to 60 seconds expected");
  br_str *typed = br_bind_bytes(L);
  lua_newtable(L);
  br_term_skills skills;
  br_err err;
  br_code code = br_term_ask(&skills, typed, in, out, (int)(timeout * 1000), &err);
  if (code != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushboolean(L, skills.sixel);
  lua_setfield(L, -2, "sixel");
  lua_pushboolean(L, skills.kitty);
  lua_setfield(L, -2, "kitty");
  push_count(L, skills.cell_width);
  lua_setfield(L, -2, "cell_width");
  push_count(L, skills.cell_height);
  lua_setfield(L, -2, "cell_height");
  return 1 + br_bind_push_bytes(L, code, typed, &err);
}

static int term_sixel(lua_State *L)
{
  size_t n;
  const char *png = luaL_checklstring(L, 1, &n);
  br_str *bytes = br_bind_bytes(L);
  br_err err;
  return br_bind_push_bytes(L, br_term_sixel(bytes, png, n, &err), bytes, &err);
}

static int term_kitty(lua_State *L)
{
  size_t n;
  const char *png = luaL_checklstring(L, 1, &n);
  br_str *bytes = br_bind_bytes(L);
  br_err err;
  return br_bind_push_bytes(L, br_term_kitty(bytes, png, n, &err), bytes, &err);
}

static const luaL_Reg functions[] = {
    {"size", term_size},   {"ask", term_ask}, {"sixel", term_sixel},
    {"kitty", term_kitty}, {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_term(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
