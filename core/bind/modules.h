/* The module list and the openers that its rows name. */
#ifndef BR_BIND_MODULES_H
#define BR_BIND_MODULES_H

#include <lauxlib.h>
#include <lua.h>

/* By name, ended by {NULL, NULL}. */
extern const luaL_Reg br_bind_modules[];

LUAMOD_API int luaopen_benchrun_core_compute(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_csv(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_edit(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_frame(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_plot(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_proc(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_stats(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_sys(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_term(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_text(lua_State *L);
LUAMOD_API int luaopen_benchrun_core_vcs(lua_State *L);

#endif
