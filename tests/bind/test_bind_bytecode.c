/* Modules compiled ahead: taken where their source is as it was, else passed over. */
#include "bind_test.h"

#include "bind/bytecode.h"
#include "bind/modules.h"

#include <stdio.h>
#include <unistd.h>

static char folder[] = "/tmp/benchrun-bytecode-XXXXXX";

/* A module that puts the searcher in place and returns the folder. */
static int open_place(lua_State *L)
{
  br_bind_use_bytecode(L, folder);
  lua_pushstring(L, folder);
  return 1;
}

static const luaL_Reg modules[] = {
    {"benchrun.core.bytecode", luaopen_benchrun_core_bytecode},
    {"place", open_place},
    {NULL, NULL},
};

#define START                                                                                      \
  "local bytecode, place = require 'benchrun.core.bytecode', require 'place' "                     \
  "local source, compiled = place .. '/some.lua', place .. '/some.luac' "                          \
  "package.path = place .. '/?.lua' "                                                              \
  "local function write(path, bytes) local f = assert(io.open(path, 'wb')) f:write(bytes) "        \
  "f:close() end "                                                                                 \
  "local function load() package.loaded.some = nil return require 'some' end "                     \
  "write(source, 'return {1, debug.getinfo(1, [[S]]).source}') "                                   \
  "local bytes = bytecode.compile(source) "

static void a_compiled_module_is_taken(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "write(compiled, bytes)"
                      "local value, where = require 'some'"
                      "assert(value[1] == 1 and value[2] == '@' .. source and where == source)"
                      "os.remove(source)"
                      "assert(not pcall(load), 'without its source it does not count')");
}

/* What the bytes say can be told from what the source says. */
static void an_edited_source_counts(void **state)
{
  (void)state;
  bind_test_run(modules, START "write(compiled, bytes)"
                               "write(source, 'return {22}')"
                               "assert(load()[1] == 22)"
                               "write(compiled, bytecode.compile(source))"
                               "assert(load()[1] == 22)");
}

static void damaged_bytes_are_passed_over(void **state)
{
  (void)state;
  bind_test_run(modules, START "for n = 0, #bytes - 1 do "
                               "  write(compiled, bytes:sub(1, n)) "
                               "  assert(load()[1] == 1, n) "
                               "end "
                               "write(compiled, 'return {3}') assert(load()[1] == 1)");
}

static void the_path_shown_can_be_another(void **state)
{
  (void)state;
  bind_test_run(modules, START "local other = bytecode.compile(source, '/nowhere/some.lua')"
                               "assert(other:find('/nowhere/some.lua', 1, true))"
                               "write(compiled, other) assert(load()[2] == '@' .. source)");
}

static void failures_are_told(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "local made, message, code = bytecode.compile(place .. '/none.lua')"
                      "assert(not made and code == 'notfound' and message:find 'none.lua')"
                      "write(source, 'return +') made, message, code = bytecode.compile(source)"
                      "assert(not made and code == 'parse' and message:find 'some.lua:1:')");
  bind_test_raises(modules, START "bytecode.compile()", "string expected");
}

static void no_failing_allocation_leaks(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, START "write(compiled, assert(bytecode.compile(source)))"
                                            "assert(load()[1] == 1)");
}

static int make_folder(void **state)
{
  (void)state;
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
  char path[sizeof folder + 16];
  (void)state;
  (void)snprintf(path, sizeof path, "%s/some.lua", folder);
  (void)unlink(path);
  (void)snprintf(path, sizeof path, "%s/some.luac", folder);
  (void)unlink(path);
  return rmdir(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_compiled_module_is_taken),
      cmocka_unit_test(an_edited_source_counts),
      cmocka_unit_test(damaged_bytes_are_passed_over),
      cmocka_unit_test(the_path_shown_can_be_another),
      cmocka_unit_test(failures_are_told),
      cmocka_unit_test(no_failing_allocation_leaks),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
