/* benchrun.core.stats from Lua: what it takes, what it gives, what it raises, and that nothing
 * leaks. */
#include "bind_test.h"

#include "bind/modules.h"

static const luaL_Reg modules[] = {
    {"benchrun.core.stats", luaopen_benchrun_core_stats},
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {NULL, NULL},
};

#define STATS "local stats = require 'benchrun.core.stats' "
#define FRAME "local frame = require 'benchrun.core.frame' "

static void run_takes_an_array_of_numbers(void **state)
{
  (void)state;
  bind_test_run(modules, STATS "assert(stats.run('mean', {1, 2, 3.5, 4}) == 2.625)"
                               "assert(stats.run('geomean', {2, 2, 2}) == 2)"
                               "assert(stats.run('count', {}) == 0)"
                               "assert(math.type(stats.run('count', {1, 2})) == 'float')");
}

static void run_answers_no_values_and_nan_with_nan(void **state)
{
  (void)state;
  bind_test_run(modules, STATS "for _, values in ipairs {{}, {0/0}, {1, 0/0}} do "
                               "  local x = stats.run('median', values) assert(x ~= x) end");
}

static void run_passes_the_options_on(void **state)
{
  (void)state;
  bind_test_run(modules,
                STATS "local x = {4, 1, 3, 2}"
                      "assert(stats.run('quantile', x) == 2.5)"
                      "assert(stats.run('quantile', x, nil) == 2.5)"
                      "assert(stats.run('quantile', x, {}) == 2.5)"
                      "assert(stats.run('quantile', x, {q = 0.25}) == 1.75)"
                      "assert(stats.run('quantile', x, {q = 1}) == 4)"
                      "assert(stats.run('quantile', x, {q = 0.25, method = 'lower'}) == 1)");
}

static void run_takes_columns_and_leaves_nulls_out(void **state)
{
  (void)state;
  bind_test_run(
      modules, STATS FRAME
      "local f = frame.new {"
      " {name = 'whole', type = 'f64', values = {1.5, 2.5, 5}},"
      " {name = 'some', type = 'f64', values = {1.5, nil, 5}, n = 3},"
      " {name = 'int', type = 'i64', values = {7, 8, nil}, n = 3},"
      " {name = 'flag', type = 'bool', values = {true, false, nil}, n = 3},"
      " {name = 'none', type = 'f64', values = {}, n = 3}}"
      "local function run(kernel, name) return stats.run(kernel, (assert(f:col(name)))) end "
      "assert(run('sum', 'whole') == 9) assert(run('count', 'whole') == 3)"
      "assert(run('sum', 'some') == 6.5) assert(run('count', 'some') == 2)"
      "assert(run('mean', 'int') == 7.5) assert(run('mean', 'flag') == 0.5)"
      "assert(run('count', 'none') == 0)");
}

static void run_takes_an_empty_column(void **state)
{
  (void)state;
  bind_test_run(modules, STATS FRAME "local f = frame.new {{name = 'x', type = 'f64', values = {}}}"
                                     "assert(stats.run('count', (f:col('x'))) == 0)"
                                     "local x = stats.run('max', (f:col('x'))) assert(x ~= x)");
}

static void list_tells_every_kernel(void **state)
{
  (void)state;
  bind_test_run(modules,
                STATS "local list, seen = stats.list(), {}"
                      "for i, k in ipairs(list) do seen[k.name] = true "
                      "  assert(#k.help > 0 and type(k.source) == 'string')"
                      "  assert(i == 1 or list[i - 1].name < k.name)"
                      "  assert(type(stats.run(k.name, {1, 2})) == 'number') end "
                      "assert(seen.mean and seen.geomean and seen.quantile and #list >= 10)");
}

static void an_unknown_kernel_raises_and_the_known_are_listed(void **state)
{
  (void)state;
  bind_test_raises(modules, STATS "stats.run('avg', {1})",
                   "unknown statistic 'avg'; known: count, ");
  bind_test_raises(modules, STATS "stats.run('', {1})", "quantile, stddev, sum");
}

static void values_that_are_no_numbers_raise(void **state)
{
  (void)state;
  bind_test_raises(modules, STATS "stats.run('mean', {1, 2, 'x'})",
                   "value 3: number expected, got string");
  bind_test_raises(modules, STATS "stats.run('mean', {1, '2'})",
                   "value 2: number expected, got string");
  bind_test_raises(modules, STATS "stats.run('mean', {true})",
                   "value 1: number expected, got boolean");
  bind_test_raises(modules, STATS "stats.run('mean', {1, nil, 3})",
                   "value 2: number expected, got nil");
  bind_test_raises(modules, STATS "stats.run('mean')", "table expected, got nil");
  bind_test_raises(modules, STATS "stats.run('mean', 3)", "table expected, got number");
  bind_test_raises(modules, STATS "stats.run()", "string expected");
}

static void other_boxes_than_columns_of_numbers_raise(void **state)
{
  (void)state;
  bind_test_raises(modules, STATS "stats.run('mean', io.stdout)", "benchrun.column expected");
  bind_test_raises(modules,
                   STATS FRAME "local f = frame.new {{name = 's', type = 'string', values = {'a'}}}"
                               "stats.run('count', (f:col('s')))",
                   "column of numbers expected, got string");
  bind_test_raises(modules,
                   STATS FRAME "local f = frame.new {{name = 'x', type = 'f64', values = {1}}}"
                               "local c = f:col('x') c:close() stats.run('mean', c)",
                   "closed");
}

static void options_that_make_no_sense_raise(void **state)
{
  (void)state;
  bind_test_raises(modules, STATS "stats.run('quantile', {1}, {q = 1.5})", "between 0 and 1");
  bind_test_raises(modules, STATS "stats.run('quantile', {1}, {q = 0/0})", "between 0 and 1");
  bind_test_raises(modules, STATS "stats.run('quantile', {1}, {q = '1'})",
                   "field 'q': number expected, got string");
  bind_test_raises(modules, STATS "stats.run('quantile', {1}, {method = 'cubic'})",
                   "unknown quantile method 'cubic'; known: inverted_cdf");
  bind_test_raises(modules, STATS "stats.run('quantile', {1}, {quantile = 0.5})",
                   "unknown field 'quantile'");
  bind_test_raises(modules, STATS "stats.run('quantile', {1}, 0.5)", "table expected, got number");
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(
      modules,
      STATS FRAME "local f = frame.new {{name = 'x', type = 'i64', values = {3, nil, 1}, n = 3}}"
                  "assert(stats.run('median', (f:col('x'))) == 2)"
                  "assert(stats.run('mad', {1, 2, 4}) == 1)"
                  "assert(stats.run('quantile', {1, 2}, {q = 0, method = 'hazen'}) == 1)"
                  "assert(#stats.list() > 0)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(run_takes_an_array_of_numbers),
      cmocka_unit_test(run_answers_no_values_and_nan_with_nan),
      cmocka_unit_test(run_passes_the_options_on),
      cmocka_unit_test(run_takes_columns_and_leaves_nulls_out),
      cmocka_unit_test(run_takes_an_empty_column),
      cmocka_unit_test(list_tells_every_kernel),
      cmocka_unit_test(an_unknown_kernel_raises_and_the_known_are_listed),
      cmocka_unit_test(values_that_are_no_numbers_raise),
      cmocka_unit_test(other_boxes_than_columns_of_numbers_raise),
      cmocka_unit_test(options_that_make_no_sense_raise),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("bind_stats", tests, NULL, NULL);
}
