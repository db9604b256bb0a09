/* Shared by the tests of the bindings: Lua states whose allocator counts and fails to order.
 *
 *     static const luaL_Reg modules[] = {{"benchrun.core.frame", luaopen_benchrun_core_frame},
 * {NULL, NULL}}; bind_test_run(modules, "local frame = require 'benchrun.core.frame' …");
 *     bind_test_raises(modules, "frame.new(1)", "table expected");
 *     bind_test_every_allocation(modules, script);
 *
 * Each call makes a state, runs the script in it, closes it and asserts that neither Lua nor the
 * core holds a block more than before. */
#ifndef TESTS_BIND_BIND_TEST_H
#define TESTS_BIND_BIND_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "base/mem.h"

typedef struct bind_alloc {
  size_t live;    /* blocks held */
  size_t count;   /* allocations asked for since the script began */
  size_t fail_at; /* 1 is the script's first; 0: none fails */
  int once;       /* only that one fails, not all after it; Lua then collects and tries again */
} bind_alloc;

typedef struct bind_script {
  const luaL_Reg *modules; /* to be required by name; ended by {NULL, NULL} */
  const char *text;
} bind_script;

typedef struct bind_result {
  int status; /* of lua_pcall */
  char message[512];
} bind_result;

static inline int bind_alloc_fails(bind_alloc *a)
{
  a->count++;
  if (a->fail_at == 0)
    return 0;
  return a->once ? a->count == a->fail_at : a->count >= a->fail_at;
}

/* A lua_Alloc. Lua relies on it that making a block smaller never fails. */
static inline void *bind_alloc_block(void *ud, void *block, size_t old_size, size_t size)
{
  bind_alloc *a = ud;
  if (size == 0) {
    a->live -= block != NULL;
    free(block);
    return NULL;
  }
  if ((!block || size > old_size) && bind_alloc_fails(a))
    return NULL;
  void *moved = realloc(block, size);
  a->live += !block && moved;
  return moved;
}

/* Runs protected, so that making the modules is under test too. */
static inline int bind_script_body(lua_State *L)
{
  const bind_script *script = lua_touserdata(L, 1);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  for (const luaL_Reg *m = script->modules; m->name; m++) {
    lua_pushcfunction(L, m->func);
    lua_setfield(L, -2, m->name);
  }
  if (luaL_loadstring(L, script->text) != LUA_OK)
    return lua_error(L);
  lua_call(L, 0, 0);
  return 0;
}

/* Lua allocations from the script's start on fail as `alloc` says, core allocations from the
 * `core_fail_at`-th on (0: none). Asserts that nothing leaks. */
static inline bind_result bind_test_do(const bind_script *script, bind_alloc *alloc,
                                       size_t core_fail_at)
{
  bind_alloc orders = *alloc;
  bind_result result = {.status = LUA_OK};
  bind_script copy = *script;
  size_t core_live = br_mem_live();
  *alloc = (bind_alloc){0};
  lua_State *L = lua_newstate(bind_alloc_block, alloc);
  assert_non_null(L);
  luaL_openlibs(L);
  lua_pushcfunction(L, bind_script_body);
  lua_pushlightuserdata(L, &copy);
  alloc->count = 0;
  alloc->fail_at = orders.fail_at;
  alloc->once = orders.once;
  br_mem_fail_at(core_fail_at);
  result.status = lua_pcall(L, 1, 0, 0);
  br_mem_fail_at(0);
  alloc->fail_at = 0;
  if (result.status != LUA_OK) {
    const char *message = lua_tostring(L, -1);
    strncpy(result.message, message ? message : "(no message)", sizeof result.message - 1);
  }
  lua_close(L);
  assert_int_equal(alloc->live, 0);
  assert_int_equal(br_mem_live(), core_live);
  return result;
}

/* The script must end without an error. */
static inline void bind_test_run(const luaL_Reg *modules, const char *text)
{
  bind_alloc alloc = {0};
  bind_script script = {modules, text};
  bind_result result = bind_test_do(&script, &alloc, 0);
  if (result.status != LUA_OK)
    fail_msg("%s", result.message);
}

/* The script must raise an error whose message holds `part`. */
static inline void bind_test_raises(const luaL_Reg *modules, const char *text, const char *part)
{
  bind_alloc alloc = {0};
  bind_script script = {modules, text};
  bind_result result = bind_test_do(&script, &alloc, 0);
  if (result.status == LUA_OK)
    fail_msg("no error from: %s", text);
  if (!strstr(result.message, part))
    fail_msg("'%s' is not in the error '%s'", part, result.message);
}

/* Each Lua allocation fails with all after it: the script must raise, unless Lua can do without (it
 * grows its table of strings if it can), and nothing leaks. */
static inline void bind_test_lua_out_of_memory(const bind_script *script)
{
  for (size_t n = 1;; n++) {
    bind_alloc alloc = {.fail_at = n};
    bind_result result = bind_test_do(script, &alloc, 0);
    if (result.status != LUA_OK && !strstr(result.message, "memory"))
      fail_msg("allocation %zu: %s", n, result.message);
    if (alloc.count < n) {
      assert_int_equal(result.status, LUA_OK);
      return;
    }
  }
}

/* Each Lua allocation fails once: Lua collects all garbage there and tries again, so that whatever
 * is not held by the stack is gone. The script must succeed. */
static inline void bind_test_lua_emergency(const bind_script *script)
{
  for (size_t n = 1;; n++) {
    bind_alloc alloc = {.fail_at = n, .once = 1};
    bind_result result = bind_test_do(script, &alloc, 0);
    if (result.status != LUA_OK)
      fail_msg("allocation %zu: %s", n, result.message);
    if (alloc.count < n)
      return;
  }
}

/* Each allocation of the core fails with all after it: the script must raise. */
static inline void bind_test_core_out_of_memory(const bind_script *script)
{
  for (size_t n = 1;; n++) {
    bind_alloc alloc = {0};
    bind_result result = bind_test_do(script, &alloc, n);
    if (result.status == LUA_OK)
      return;
    if (!strstr(result.message, "memory"))
      fail_msg("core allocation %zu: %s", n, result.message);
  }
}

/* All three over a script that must succeed when nothing fails and must not catch errors itself.
 * Keep it small: it runs as often as it allocates, three times over. */
static inline void bind_test_every_allocation(const luaL_Reg *modules, const char *text)
{
  bind_script script = {modules, text};
  bind_test_run(modules, text);
  bind_test_lua_out_of_memory(&script);
  bind_test_lua_emergency(&script);
  bind_test_core_out_of_memory(&script);
}

#endif
