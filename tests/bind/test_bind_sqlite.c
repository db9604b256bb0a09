/* benchrun.core.sqlite from Lua: what it takes, gives and raises, and that nothing leaks. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>
#include <unistd.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {"benchrun.core.sqlite", luaopen_benchrun_core_sqlite},
    {NULL, NULL},
};

/* The database is a file of the test's own folder, which is the working directory. */
#define START                                                                                      \
  "local frame = require 'benchrun.core.frame' "                                                   \
  "local sqlite = require 'benchrun.core.sqlite' "                                                 \
  "local f = frame.new {{name = 'a', type = 'i64', values = {1, 2}}} "

static void frames_go_and_come(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "assert(sqlite.write('x.db', 't', f)) "
                "assert(sqlite.write('x.db', 't', f, {mode = 'append'})) "
                "assert(#sqlite.read('x.db', 'SELECT * FROM t') == 4) "
                "assert(sqlite.write('x.db', 't', f, {mode = 'replace'})) "
                "local g = sqlite.read('x.db', 'SELECT sum(a) AS total FROM t') "
                "assert(g:get(1, 'total') == 3) "
                "local none, message, code = sqlite.write('x.db', 't', f) "
                "assert(none == nil and code == 'exists' and message:find('already')) "
                "none, message, code = sqlite.read('y.db', 'SELECT 1') "
                "assert(none == nil and code == 'notfound' and message:find('y.db')) "
                "none, message, code = sqlite.read('x.db', 'SELECT b FROM t') "
                "assert(none == nil and code == 'library' and message:find('no such column'))");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"sqlite.write()", "string expected"},
      {"sqlite.write('x\\0.db', 't', f)", "without a NUL"},
      {"sqlite.write('x.db', 't', 1)", "benchrun.frame expected"},
      {"sqlite.write('x.db', 't', f, {mode = 'drop'})", "expected, got 'drop'"},
      {"sqlite.write('x.db', 't', f, {made = 1})", "unknown field 'made'"},
      {"sqlite.write('x.db', 't', frame.new {})", "at least one column"},
      {"sqlite.read('x.db')", "string expected"},
      {"sqlite.read('x.db', 'DROP TABLE t')", "change nothing"},
  };
  bind_test_run(modules, START "assert(sqlite.write('x.db', 't', f, {mode = 'replace'}))");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[512];
    (void)snprintf(script, sizeof script, START "%s", cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, START "sqlite.write('x.db', 't', f, {mode = 'replace'}) "
                                            "sqlite.read('x.db', 'SELECT * FROM t')");
}

int main(void)
{
  char folder[] = "/tmp/benchrun-sqlite-XXXXXX";
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frames_go_and_come),
      cmocka_unit_test(mistakes_raise),
      cmocka_unit_test(every_allocation_may_fail),
  };
  if (!mkdtemp(folder) || chdir(folder) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  (void)unlink("x.db");
  return rmdir(folder) != 0 || failed;
}
