/* Lua modules that were compiled when benchrun was built. */
#ifndef BR_BIND_BYTECODE_H
#define BR_BIND_BYTECODE_H

#include <lua.h>

/* From now on `require NAME` looks for FOLDER/NAME.luac before it parses a source; see bind_bytecode.c. */
void br_bind_use_bytecode(lua_State *L, const char *folder);

#endif
