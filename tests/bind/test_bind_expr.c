/* Expressions from Lua: frame:eval, frame:where, the list of functions, and that nothing leaks. The
 * language is tested in tests/core/test_expr.c. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.expr", luaopen_benchrun_core_expr},
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {NULL, NULL},
};

#define START                                                                                      \
  "local expr = require 'benchrun.core.expr' "                                                     \
  "local frame = require 'benchrun.core.frame' "                                                   \
  "local f = frame.new { "                                                                         \
  "  {name = 'suite', type = 'string', values = {'a', 'b', nil, 'a'}, n = 4}, "                    \
  "  {name = 'speedup', type = 'f64', values = {0.5, 2.0, 0.25, nil}, n = 4}} "                    \
  "local function same(column, list, n) "                                                          \
  "  assert(#column == (n or #list)) "                                                             \
  "  for i = 1, #column do assert(column:get(i) == list[i]) end "                                  \
  "end "

static void columns_are_computed(void **state)
{
  (void)state;
  bind_test_run(modules, START "same(f:eval 'speedup * 2', {1.0, 4.0, 0.5, nil}, 4)"
                               "same(f:eval 'upper(suite)', {'A', 'B', nil, 'A'}, 4)"
                               "same(f:eval [[suite == 'a']], {true, false, nil, true}, 4)"
                               "same(f:eval 'row()', {1, 2, 3, 4})"
                               "assert((f:eval 'suite'):type() == 'string')");
}

static void rows_are_kept(void **state)
{
  (void)state;
  bind_test_run(modules, START "local g = f:where [[speedup < 1 and suite ~= nil]] "
                               "assert(#g == 1 and g:get(1, 'suite') == 'a') "
                               "assert(#f == 4 and #f:where 'false' == 0) "
                               "assert(#f:where 'true' == 4)");
}

static void failures_are_returned(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "local function fails(code, part, made, message, got) "
                      "  assert(made == nil and got == code and message:find(part, 1, true)) "
                      "end "
                      "fails('notfound', [[did you mean 'speedup'?]], f:eval 'speeedup')"
                      "fails('parse', 'column 4', f:eval '1 +')"
                      "fails('type', 'string and i64', f:where 'suite + 1')"
                      "fails('type', 'a condition is bool', f:where 'speedup')"
                      "fails('range', 'does not fit', f:eval '9223372036854775807 + row()')"
                      "fails('parse', 'nested', f:eval(('('):rep(1000)))"
                      "fails('parse', 'at most', f:eval((' '):rep(100000)))"
                      "fails('parse', 'unexpected', f:eval 'speedup \\0')");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"f:eval()", "string expected"},
      {"f:where({})", "string expected"},
      {"f.eval('x', 'x')", "benchrun.frame expected"},
      {"f:close() f:eval('1')", "closed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[2048];
    (void)snprintf(script, sizeof script, "%s%s", START, cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void functions_are_listed(void **state)
{
  (void)state;
  bind_test_run(modules, START "local list, at = expr.functions(), {} "
                               "for i, each in ipairs(list) do "
                               "  at[each.name] = each "
                               "  assert(i == 1 or list[i - 1].name < each.name) "
                               "  assert(each.signature:match '^%(.*%)$' and #each.help > 0) "
                               "end "
                               "assert(at.round.signature == '(x, digits)' and at.geomean)");
}

static void a_result_outlives_its_frame(void **state)
{
  (void)state;
  bind_test_run(modules, START "local c, g = f:eval [[suite .. 'x']], f:where 'speedup > 0' "
                               "f:close() collectgarbage() "
                               "same(c, {'ax', 'bx', nil, 'ax'}, 4) assert(#g == 3)");
}

static void no_failing_allocation_leaks(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, "local frame = require 'benchrun.core.frame' "
                                      "local expr = require 'benchrun.core.expr' "
                                      "local f = frame.new {{name = 's', type = 'string', values = "
                                      "{'a', 'b'}}, {name = 'x', type = 'i64', values = {1, 2}}} "
                                      "assert(#f:eval [[lower(s) .. x]] == 2) "
                                      "assert(#f:where [[matches(s, 'a') and x < mean(x)]] == 1) "
                                      "assert(#expr.functions() > 10)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_are_computed),        cmocka_unit_test(rows_are_kept),
      cmocka_unit_test(failures_are_returned),       cmocka_unit_test(mistakes_raise),
      cmocka_unit_test(functions_are_listed),        cmocka_unit_test(a_result_outlives_its_frame),
      cmocka_unit_test(no_failing_allocation_leaks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
