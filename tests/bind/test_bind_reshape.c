/* frame:melt and frame:sample from Lua: what they take, give and raise, and that nothing leaks. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {NULL, NULL},
};

#define START                                                                                      \
  "local frame = require 'benchrun.core.frame' "                                                   \
  "local f = frame.new {"                                                                          \
  "  {name = 'k', type = 'string', values = {'x', 'y'}},"                                          \
  "  {name = 'a', type = 'i64', values = {1, 2}}, {name = 'b', type = 'f64', values = {0.5, "      \
  "nil}, n = 2}} "                                                                                 \
  "local function text(column) local list = column:to_table() "                                    \
  "  for i = 1, list.n do list[i] = tostring(list[i]) end return table.concat(list, ' ') end "

static void wide_becomes_long(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "local m = f:melt {id = {'k'}} "
                "assert(table.concat(m:names(), ' ') == 'k variable value') "
                "assert(text(m:col('k')) == 'x y x y' and text(m:col('variable')) == 'a a b b') "
                "assert(text(m:col('value')) == '1.0 2.0 0.5 nil') "
                "m = f:melt {columns = {'a'}, name = 'n', value = 'v'} "
                "assert(table.concat(m:names(), ' ') == 'n v' and text(m:col('v')) == '1 2') "
                "local none, message, code = f:melt {} "
                "assert(none == nil and code == 'type' and message:find('string')) "
                "none, message, code = f:melt {columns = {'c'}} "
                "assert(none == nil and code == 'notfound') "
                "none, message, code = f:melt {id = {'k'}, name = 'k'} "
                "assert(none == nil and code == 'exists')");
}

static void rows_are_drawn(void **state)
{
  (void)state;
  bind_test_run(modules, START "assert(#f:sample(1) == 1 and #f:sample(0) == 0) "
                               "assert(text(f:sample(2, 3):col('k')) == 'x y') "
                               "assert(#f:sample(9, 3, true) == 9) "
                               "assert(text(f:sample(9, 3, true):col('k')) == "
                               "text(f:sample(9, 3, true):col('k')))");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"f:melt()", "table expected"},
      {"f:melt {ids = {}}", "unknown field 'ids'"},
      {"f:melt {id = 'k'}", "field 'id': table expected"},
      {"f:melt {columns = {1}}", "value 1: string expected"},
      {"f:melt {name = 1}", "field 'name': string expected"},
      {"f:close() f:melt {}", "it is closed"},
      {"f:sample()", "number expected"},
      {"f:sample(-1)", "not negative"},
      {"f:sample(3)", "3 rows are wanted, the frame has 2; with replace"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[1024];
    (void)snprintf(script, sizeof script, START "%s", cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(modules,
                             "local frame = require 'benchrun.core.frame' "
                             "local f = frame.new {{name = 'k', type = 'string', values = {'x'}},"
                             "{name = 'a', type = 'i64', values = {1}}} "
                             "f:melt {id = {'k'}} f:sample(2, 1, true)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wide_becomes_long),
      cmocka_unit_test(rows_are_drawn),
      cmocka_unit_test(mistakes_raise),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
