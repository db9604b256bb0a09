/* The module list and the openers that its rows name.
 *
 * A weak opener may be absent: the program leaves such modules out and opens them from a plugin, the
 * Lua module and the tests hold them all. */
#ifndef BR_BIND_MODULES_H
#define BR_BIND_MODULES_H

#include <lauxlib.h>
#include <lua.h>

#define BR_WEAK __attribute__((weak))

/* By name, ended by {NULL, NULL}; a function is NULL where its module is not linked in. */
extern const luaL_Reg br_bind_modules[];

LUAMOD_API int luaopen_benchrun_core_bytecode(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_compute(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_csv(lua_State *L);
LUAMOD_API BR_WEAK int luaopen_benchrun_core_edit(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_expr(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_frame(lua_State *L);
LUAMOD_API BR_WEAK int luaopen_benchrun_core_json(lua_State *L);
LUAMOD_API BR_WEAK int luaopen_benchrun_core_plot(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_proc(lua_State *L);
LUAMOD_API BR_WEAK int luaopen_benchrun_core_sqlite(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_stats(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_sys(lua_State *L);
LUAMOD_API BR_WEAK int luaopen_benchrun_core_term(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_text(lua_State *L);
LUAMOD_API BR_WEAK int luaopen_benchrun_core_vcs(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_window(lua_State *L);

#endif
