/* Shared helpers of the bindings. Beside main.c, core/bind is the only folder that sees lua.h.
 *
 * A binding translates and does nothing else: check arguments, call the core, push the result.
 * Rules:
 * - All argument checks come before anything is acquired; a caller's mistake raises.
 * - The world's failures return nil, message, code (br_bind_fail); out of memory raises.
 * - A resource lives in a box: a full userdata holding one pointer. br_bind_box pushes it *closed*
 * (NULL), then the core fills the pointer; so a memory error in between leaks nothing. __gc,
 * __close and :close() are one function that may run any number of times. Using a closed box
 * raises.
 * - Scratch memory is Lua's (br_bind_scratch), so that an error may jump over it. */
#ifndef BR_BIND_BIND_H
#define BR_BIND_BIND_H

#include "base/str.h"

#include <lauxlib.h>
#include <lua.h>

#include <stdbool.h>

typedef void (*br_bind_free)(void *resource);

typedef struct br_bind_type {
  const char *name;        /* of the metatable and in messages: "benchrun.frame" */
  br_bind_free free;       /* ends a resource */
  const luaL_Reg *methods; /* besides close */
  const luaL_Reg *meta;    /* besides __gc, __close, __index, __name; may be NULL */
} br_bind_type;

/* Makes the metatable; call from luaopen. Repeatable. */
void br_bind_register(lua_State *L, const br_bind_type *type);
/* Pushes a closed box; the caller stores the resource through the result. */
void **br_bind_box(lua_State *L, const br_bind_type *type);
/* The resource at arg; raises if it is no such box, or closed. */
void *br_bind_check(lua_State *L, int arg, const br_bind_type *type);
/* The resource, or NULL if arg is no such box or closed. */
void *br_bind_test(lua_State *L, int arg, const br_bind_type *type);

/* Pushes nil, message, code name and returns 3. BR_ENOMEM and BR_EINVAL raise instead. */
int br_bind_fail(lua_State *L, const br_err *err);

/* Bytes that the core makes on their way to Lua: pushes a box with an empty string … */
br_str *br_bind_bytes(lua_State *L);
/* … and pushes what was put into it, empties it and returns 1; or br_bind_fail where code is no
 * success. Written as `return br_bind_push_bytes(L, br_x(bytes, …, &err), bytes, &err);`. */
int br_bind_push_bytes(lua_State *L, br_code code, br_str *bytes, const br_err *err);

/* The string at arg, for C: one with a NUL inside raises. */
const char *br_bind_check_string(lua_State *L, int arg);

/* Memory that Lua collects, pushed on the stack; never NULL (raises). */
void *br_bind_scratch(lua_State *L, size_t count, size_t size);

/* What follows reads tables raw: a metamethod could close a box that was checked before. Strings end
 * for C at their NUL, so one with a NUL inside raises. */

/* Array of strings at arg as a NULL-terminated vector in scratch memory (pushed). Raises "value 3:
 * string expected, got nil". *n may be NULL. The strings live as long as the table. With optional,
 * nil gives NULL (nothing is pushed but nil). */
const char *const *br_bind_strings(lua_State *L, int arg, size_t *n, bool optional);

/* Fields of an options table at index t (0 or nil there: all defaults). Each raises when the field
 * has another type: "field 'deadline': number expected, got string". */
double br_bind_field_number(lua_State *L, int t, const char *name, double fallback);
bool br_bind_field_bool(lua_State *L, int t, const char *name, bool fallback);
/* The string stays alive while the table holds it. */
const char *br_bind_field_string(lua_State *L, int t, const char *name, const char *fallback);
/* Raises on a field whose name is not in known (NULL-terminated), naming it. */
void br_bind_known_fields(lua_State *L, int t, const char *const *known);

#endif
