/* benchrun.core.window from Lua: what it takes, gives and raises, and that nothing leaks. The figures
 * are tested in tests/core/test_window.c. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {"benchrun.core.window", luaopen_benchrun_core_window},
    {NULL, NULL},
};

/* `text(column)`: its cells in a line. */
#define START                                                                                      \
  "local frame = require 'benchrun.core.frame' "                                                   \
  "local window = require 'benchrun.core.window' "                                                 \
  "local x = frame.column {type = 'f64', values = {1, 4, nil, 2}, n = 4} "                         \
  "local i = frame.column {type = 'i64', values = {5, 3, 3, nil}, n = 4} "                         \
  "local k = frame.column {type = 'string', values = {'a', 'b', 'a', 'b'}} "                       \
  "local f = frame.new {{name = 'k', values = k}, {name = 'x', values = x}} "                      \
  "local by = window.groups(f, {'k'}) "                                                            \
  "local function text(column) local list = column:to_table() "                                    \
  "  for n = 1, list.n do list[n] = tostring(list[n]) end return table.concat(list, ' ') end "

static void windows_roll(void **state)
{
  (void)state;
  bind_test_run(
      modules,
      START "assert(text(window.rolling(x, 2, 'sum')) == 'nil 5.0 nil nil') "
            "assert(text(window.rolling(x, 2, 'sum', {min = 1})) == '1.0 5.0 4.0 2.0') "
            "assert(text(window.rolling(x, 3, 'mean', {min = 1, centre = true})) == "
            "'2.5 2.5 3.0 2.0') "
            "assert(text(window.rolling(x, 2, 'quantile', {min = 1, q = 1})) == '1.0 4.0 4.0 2.0') "
            "assert(text(window.rolling(x, 2, 'quantile', {min = 1, q = 0.5, method = 'lower'})) "
            "== '1.0 1.0 4.0 2.0') "
            "assert(text(window.rolling(x, 9, 'sum', {min = 1, by = by})) == '1.0 4.0 1.0 6.0') "
            "local none, message, code = window.rolling(x, 2, 'summ') "
            "assert(none == nil and message == \"no kernel 'summ'\" and code == 'notfound') "
            "none, message, code = window.rolling(k, 2, 'sum') "
            "assert(none == nil and code == 'type')");
}

static void weights_fall(void **state)
{
  (void)state;
  bind_test_run(
      modules, START
      "assert(text(window.ewm(x, {alpha = 0.5, adjust = false}))"
      ":find('^1.0 2.5 2.5 2')) "
      "assert(text(window.ewm(x, {com = 1, min = 2, ignore_nulls = true})):find('^nil 3.0 3.0 ')) "
      "assert(text(window.ewm(x, {span = 3, kind = 'stddev', by = by})):find('nan')) "
      "assert(#window.ewm(x, {halflife = 2}) == 4)");
}

static void rows_are_compared(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "assert(text(window.shift(k, 1)) == 'nil a b a') "
                "assert(text(window.shift(k, -1, {by = by})) == 'a b nil nil') "
                "assert(text(window.diff(i)) == 'nil -2 0 nil' and window.diff(i):type() == 'i64') "
                "assert(text(window.diff(i, 2, {})) == 'nil nil -2 nil') "
                "assert(text(window.pct_change(x)) == 'nil 3.0 nil nil') "
                "assert(text(window.running(i, 'sum')) == '5 8 11 nil') "
                "assert(text(window.running(i, 'product')) == '5 15 45 nil') "
                "assert(text(window.running(x, 'max', {by = by})) == '1.0 4.0 nil 4.0') "
                "assert(text(window.running(x, 'min')) == '1.0 1.0 nil 1.0') "
                "assert(text(window.running(k, 'count')) == '1 2 3 4') "
                "assert(text(window.rank(i)) == '3.0 1.5 1.5 nil') "
                "assert(text(window.rank(i, {ties = 'first', descending = true})) == '1 2 3 nil') "
                "assert(text(window.rank(i, {ties = 'dense', by = by})) == '2 1 1 nil') "
                "assert(text(window.rank(i, {ties = 'min'})) == '3 1 1 nil') "
                "assert(text(window.rank(i, {ties = 'max'})) == '3 2 2 nil')");
}

static void gaps_are_filled(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "assert(text(window.interpolate(x)) == '1.0 4.0 3.0 2.0') "
                "assert(text(window.interpolate(i, {method = 'previous'})) == '5 3 3 3') "
                "assert(text(window.interpolate(i, {method = 'nearest'})) == '5 3 3 nil') "
                "assert(text(window.interpolate(i, {method = 'next', ends = true})) == '5 3 3 3') "
                "local at = frame.column {type = 'i64', values = {0, 1, 2, 5}} "
                "assert(text(window.interpolate(x, {x = at})) == '1.0 4.0 3.5 2.0') "
                "local none, message, code = window.interpolate(x, {x = x}) "
                "assert(none == nil and code == 'range' and message:find('row 4')) "
                "none, message, code = window.groups(f, {'kk'}) "
                "assert(none == nil and code == 'notfound') assert(tostring(by) == 'groups')");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"window.groups(x, {})", "benchrun.frame expected"},
      {"window.groups(f, 'k')", "table expected"},
      {"window.rolling(f, 2, 'sum')", "benchrun.column expected"},
      {"window.rolling(x, 0, 'sum')", "at least one row"},
      {"window.rolling(x, 2)", "string expected"},
      {"window.rolling(x, 2, 'sum', {mni = 1})", "unknown field 'mni'"},
      {"window.rolling(x, 2, 'sum', {min = -1})", "field 'min': a number of rows expected"},
      {"window.rolling(x, 2, 'sum', {min = 1.5})", "field 'min': a number of rows expected"},
      {"window.rolling(x, 2, 'sum', {min = 3})", "never holds 3"},
      {"window.rolling(x, 2, 'quantile', {q = 3})", "between 0 and 1"},
      {"window.rolling(x, 2, 'sum', {by = f})", "field 'by': open benchrun.groups expected"},
      {"by:close() window.rolling(x, 2, 'sum', {by = by})", "open benchrun.groups expected"},
      {"window.rolling(x, 2, 'sum', {by = window.groups(frame.new {}, {})})",
       "the groups are of 0 rows"},
      {"window.ewm(x)", "table expected"},
      {"window.ewm(x, {})", "one of the fields 'alpha'"},
      {"window.ewm(x, {alpha = 0.5, span = 2})", "expected, got 2"},
      {"window.ewm(x, {alpha = 'x'})", "field 'alpha': number expected"},
      {"window.ewm(x, {alpha = 2})", "alpha is above 0 and at most 1"},
      {"window.ewm(x, {alpha = 1, kind = 'median'})", "field 'kind': unknown option 'median'"},
      {"window.interpolate(x, {method = 'cubic'})", "field 'method': unknown option 'cubic'"},
      {"window.interpolate(x, {x = 1})", "field 'x': open benchrun.column expected"},
      {"window.shift(x)", "number expected"},
      {"window.shift(x, 1, {min = 1})", "unknown field 'min'"},
      {"window.running(x)", "string expected"},
      {"window.running(x, 'mean')", "invalid option 'mean'"},
      {"window.rank(x, {ties = 'random'})", "unknown option 'random'"},
      {"x:close() window.rank(x)", "it is closed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[1400];
    (void)snprintf(script, sizeof script, START "%s", cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(
      modules, "local frame = require 'benchrun.core.frame' "
               "local window = require 'benchrun.core.window' "
               "local x = frame.column {type = 'f64', values = {1, 4, nil, 2}, n = 4} "
               "local by = window.groups(frame.new {{name = 'x', values = x}}, {'x'}) "
               "window.rolling(x, 2, 'sum', {by = by}) window.ewm(x, {alpha = 0.5}) "
               "window.interpolate(x) window.shift(x, 1) window.diff(x) window.running(x, 'sum') "
               "window.rank(x)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(windows_roll),      cmocka_unit_test(weights_fall),
      cmocka_unit_test(rows_are_compared), cmocka_unit_test(gaps_are_filled),
      cmocka_unit_test(mistakes_raise),    cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
