/* The bindings of edit and term: misuse, Ctrl-C, completion, every allocation failing. */
#define _GNU_SOURCE
#include "bind_test.h"

#include "base/interrupt.h"
#include "bind/modules.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* For scripts: raises SIGINT. */
static int press_interrupt(lua_State *L)
{
  (void)L;
  (void)raise(SIGINT);
  return 0;
}

static int is_raised(lua_State *L)
{
  lua_pushboolean(L, br_interrupt_is_raised());
  return 1;
}

static int open_keys(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"interrupt", press_interrupt}, {"is_raised", is_raised}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}

static const luaL_Reg modules[] = {
    {"benchrun.core.edit", luaopen_benchrun_core_edit},
    {"benchrun.core.term", luaopen_benchrun_core_term},
    {"keys", open_keys},
    {NULL, NULL},
};

#define HEAD                                                                                       \
  "local edit, term, keys = require 'benchrun.core.edit', require 'benchrun.core.term', "          \
  "require 'keys'\n"

/* --- a terminal --------------------------------------------------------------------------------- */

static int master, slave;

/* In its raw mode from the start, so that what is typed before it is read arrives as typed. */
static int open_terminal(void **state)
{
  char name[128];
  struct termios mode;
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  (void)state;
  (void)setenv("TERM", "xterm", 1);
  master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 ||
      ptsname_r(master, name, sizeof name) != 0)
    return -1;
  slave = open(name, O_RDWR | O_NOCTTY);
  if (slave < 0 || ioctl(slave, TIOCSWINSZ, &size) != 0 || tcgetattr(slave, &mode) != 0)
    return -1;
  cfmakeraw(&mode);
  return tcsetattr(slave, TCSANOW, &mode);
}

static int close_terminal(void **state)
{
  (void)state;
  (void)close(master);
  return close(slave);
}

static void type(const char *keys)
{
  assert_int_equal(write(master, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* Runs a script in which e is an editor at the terminal. */
static void run_at_terminal(const char *text)
{
  char script[2048];
  (void)snprintf(script, sizeof script,
                 HEAD "local e <close> = assert(edit.open{ input = %d, output = %d })\n%s", slave,
                 slave, text);
  bind_test_run(modules, script);
}

/* --- tests -------------------------------------------------------------------------------------- */

static void test_reading(void **state)
{
  (void)state;
  type("hello\r\004");
  run_at_terminal("assert(e:read '> ' == 'hello')\n"
                  "local line, why = e:read '\\1\\27[1m\\1>\\1\\27[0m\\1 '\n"
                  "assert(line == nil and why == 'eof')\n");
  type("\033[A\r");
  run_at_terminal("e:remember 'what was\\nbefore'\n"
                  "e:feed 'x'\n"
                  "assert(e:read '> ' == 'what was\\nbefore')\n");
}

static void test_completion(void **state)
{
  (void)state;
  type("ab\tc\r");
  run_at_terminal("local seen\n"
                  "local line = e:read('> ', function(l, cursor)\n"
                  "  seen = l .. cursor\n"
                  "  local ok = pcall(e.read, e, '> ')\n"
                  "  assert(not ok)\n"
                  "  e:close()\n"
                  "  return 1, 'xy'\n"
                  "end)\n"
                  "assert(seen == 'ab2' and line == 'axyc', line)\n");
  type("ab\tc\r");
  run_at_terminal("assert(e:read('> ', function() error 'no' end) == 'abc')\n");
  type("a\tb\tc\r");
  run_at_terminal(
      "assert(e:read('> ', function(l) return l == 'a' and {} or -3, nil, 'some\\nlines' "
      "end) == 'abc')\n");
}

static void test_misuse(void **state)
{
  (void)state;
  bind_test_raises(modules, HEAD "edit.open()", "table expected");
  bind_test_raises(modules, HEAD "edit.open{ inputs = 1 }", "inputs");
  bind_test_raises(modules, HEAD "edit.open{ input = -1 }", "a descriptor expected");
  bind_test_raises(modules, HEAD "edit.open{ input = 0/0 }", "a descriptor expected");
  bind_test_raises(modules, HEAD "edit.open{ history = -1 }", "a number of lines");
  bind_test_raises(modules, HEAD "edit.open{ input = 99999, output = 99999 }", "terminal only");
  bind_test_raises(modules, HEAD "edit.record('x', 'y', -1)", "negative");
  bind_test_raises(modules, HEAD "edit.record('x\\0', 'y', 1)", "NUL");
  bind_test_raises(modules, HEAD "term.size(-1)", "descriptor");
  bind_test_raises(modules, HEAD "term.ask(0, 1, 1e9)", "60 seconds");
  bind_test_raises(modules, HEAD "term.kitty(nil)", "string expected");
  bind_test_run(modules,
                HEAD "local ok, message, code = term.sixel 'no picture'\n"
                     "assert(ok == nil and message:find 'no picture' and code == 'parse')\n"
                     "assert(select('#', term.size(99999)) == 4 and not term.size(99999))\n"
                     "assert(select(3, term.ask(99999, 99999, 0.1)) == 'io')\n"
                     "assert(select(3, edit.record('/nowhere/x', 'y', 9)) == 'notfound')\n");
}

static void test_closed(void **state)
{
  (void)state;
  run_at_terminal("e:close()\ne:close()\n"
                  "for _, name in ipairs{ 'read', 'remember', 'feed' } do\n"
                  "  local ok, message = pcall(e[name], e, '')\n"
                  "  assert(not ok and message:find 'closed', message)\n"
                  "end\n");
}

static void test_interrupts(void **state)
{
  (void)state;
  bind_test_run(modules, HEAD
                "edit.trap_interrupts()\n"
                "local function describe(err) return 'described ' .. err end\n"
                "local i, ok, message = edit.call(function()\n"
                "  keys.interrupt() while true do end end, describe)\n"
                "assert(i and not ok and message:find 'interrupted')\n"
                "assert(not keys.is_raised())\n"
                "for _ = 1, 100000 do end\n"
                "keys.interrupt() keys.interrupt() keys.interrupt()\n"
                "i, ok = edit.call(function() while true do end end, describe)\n"
                "assert(i and not ok)\n"
                "i, ok, message = edit.call(function(...) return ... end, describe, 1, nil, 3)\n"
                "assert(not i and ok and message == 1)\n"
                "assert(select('#', edit.call(table.unpack, print, { 1, 2 })) == 4)\n"
                "i, ok, message = edit.call(error, describe, 'x')\n"
                "assert(not i and not ok and message == 'described x')\n"
                "i, ok = edit.call(function()\n"
                "  keys.interrupt() keys.interrupt() return keys.is_raised() end, describe)\n"
                "assert(i and ok)\n"
                "i, ok, message = edit.call(edit.call, describe, print, print)\n"
                "assert(not ok and message:find 'nest')\n"
                "edit.trap_interrupts()\n"
                "edit.release_interrupts()\n"
                "edit.release_interrupts()\n"
                "assert(select(3, edit.call(pcall, print, error)) == false)\n");
  bind_test_raises(modules, HEAD "edit.call(1, print)", "function expected");
  bind_test_raises(modules, HEAD "edit.call(print)", "function expected");
  struct sigaction now;
  assert_int_equal(sigaction(SIGINT, NULL, &now), 0);
  assert_true(now.sa_handler == SIG_DFL);
}

/* An error that is caught does not end an interrupt, and closing goes on after the first. */
static void test_interrupt_within_pcall(void **state)
{
  (void)state;
  bind_test_run(
      modules,
      HEAD "edit.trap_interrupts()\n"
           "local closed\n"
           "local i, ok = edit.call(function()\n"
           "  local box <close> = setmetatable({}, { __close = function() closed = true end })\n"
           "  keys.interrupt()\n"
           "  while true do pcall(function() for _ = 1, 1e4 do end end) end\n"
           "end, print)\n"
           "assert(i and not ok)\n"
           "i, ok = edit.call(function()\n"
           "  local box <close> = setmetatable({}, { __close = function() closed = true end })\n"
           "  keys.interrupt()\n"
           "  while true do end\n"
           "end, function() end)\n"
           "assert(i and not ok and closed)\n"
           "edit.release_interrupts()\n");
}

static void test_interrupt_within_a_coroutine(void **state)
{
  (void)state;
  bind_test_run(modules, HEAD
                "edit.trap_interrupts()\n"
                "local co = coroutine.create(function() keys.interrupt() while true do end end)\n"
                "edit.watch(co)\n"
                "local i, ok = edit.call(function() assert(coroutine.resume(co)) end, print)\n"
                "assert(i and not ok and coroutine.status(co) == 'dead')\n"
                "edit.release_interrupts()\n");
  bind_test_raises(modules, HEAD "edit.watch(print)", "thread expected");
}

static void test_allocations(void **state)
{
  char script[512];
  (void)state;
  (void)snprintf(script, sizeof script,
                 HEAD "local e <close> = assert(edit.open{ input = %d, output = %d })\n"
                      "e:feed 'ab\\tc\\r'\n"
                      "assert(e:read('> ', function() return 1, 'x' end))\n"
                      "e:remember 'x'\n",
                 slave, slave);
  bind_test_every_allocation(modules, script);
  bind_test_every_allocation(modules, HEAD "assert(#term.kitty(('x'):rep(100)) > 100)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_reading, open_terminal, close_terminal),
      cmocka_unit_test_setup_teardown(test_completion, open_terminal, close_terminal),
      cmocka_unit_test(test_misuse),
      cmocka_unit_test_setup_teardown(test_closed, open_terminal, close_terminal),
      cmocka_unit_test(test_interrupts),
      cmocka_unit_test(test_interrupt_within_pcall),
      cmocka_unit_test(test_interrupt_within_a_coroutine),
      cmocka_unit_test_setup_teardown(test_allocations, open_terminal, close_terminal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
