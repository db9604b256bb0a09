/* benchrun.core.plot from Lua: what it gives, what it raises, and that nothing leaks. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.plot", luaopen_benchrun_core_plot},
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {NULL, NULL},
};

#define PLOT                                                                                       \
  "local plot = require 'benchrun.core.plot' "                                                     \
  "local function bars(change, style)"                                                             \
  "  local chart = { title = 'T', subtitle = 'S', unit = 'x', labels = { 'a', 'b<' }, reference "  \
  "= 1,"                                                                                           \
  "    series = { { name = 'one', values = { 1, 2 } }, { name = 'two', values = { 0.5, false } } " \
  "} }"                                                                                            \
  "  for key, value in pairs(change or {}) do chart[key] = value end "                             \
  "  return plot.bars(chart, style or { format = 'svg' })"                                         \
  "end "                                                                                           \
  "local function lines(change, style)"                                                            \
  "  local one = { name = 'one', values = { 1, 2, 3 }, lo = { 0, 1, 2 }, hi = { 2, 3, 4 } }"       \
  "  local chart = { title = 'T', labels = { 'a', 'b', 'c' }, panels = {"                          \
  "    { title = 'P', series = { one }, marks = { { x = 2, text = 'here' } } },"                   \
  "    { series = { { name = 'one', values = { nil, 2, 0 / 0 } } } } } }"                          \
  "  for key, value in pairs(change or {}) do chart[key] = value end "                             \
  "  return plot.lines(chart, style or { format = 'svg' })"                                        \
  "end "

static void bars_come_in_the_format_asked_for(void **state)
{
  (void)state;
  bind_test_run(modules, PLOT "local svg = assert(bars())"
                              "assert(svg:find('^<svg ') and svg:find('</svg>\\n$'))"
                              "assert(svg:find('>b&lt;<', 1, true) and svg:find('>two<', 1, true))"
                              "assert(bars({}, {}):sub(2, 4) == 'PNG')"
                              "assert(bars({}, { format = 'png' }) == bars({}, {}))");
}

static void lines_come_in_the_format_asked_for(void **state)
{
  (void)state;
  bind_test_run(modules, PLOT "local svg = assert(lines())"
                              "assert(svg:find('>here<', 1, true) and svg:find('>P<', 1, true))"
                              "assert(svg:find('fill-opacity', 1, true))"
                              "assert(lines({}, { format = 'png' }):sub(2, 4) == 'PNG')");
}

static void lines_stand_where_x_says(void **state)
{
  (void)state;
  bind_test_run(
      modules,
      PLOT "local even, placed = lines(), lines{ x = { 0, 1, 10 } }"
           "assert(even ~= placed and placed == lines{ x = { 0, 2, 20 } })"
           "local gap = { { title = '', series = { { name = 'x', values = { 1, false, 3 } } } } }"
           "local joined = lines{ panels = gap, joined = true }"
           "assert(joined ~= lines{ panels = gap })"
           "assert(joined ~= lines{ panels = gap, joined = true, points = true })");
  bind_test_raises(modules, PLOT "lines{ x = { 0, 2, 1 } }", "x must be finite");
  bind_test_raises(modules, PLOT "lines{ x = { 0, 1, 2, 3 } }", "4 values for 3 labels");
  bind_test_raises(modules, PLOT "lines{ x = { 0, 1 } }", "x must be finite");
  bind_test_raises(modules, PLOT "lines{ joined = 1 }", "boolean expected");
}

static void style_reaches_the_chart(void **state)
{
  (void)state;
  bind_test_run(
      modules,
      PLOT "local dark = bars({}, { format = 'svg', theme = 'dark', width = 640, height = 400 })"
           "assert(dark:find('viewBox=\"0 0 640 400\"', 1, true))"
           "assert(dark:find('#12181F', 1, true) and not dark:find('#FFFFFF', 1, true))");
}

static void values_may_be_missing_or_a_column(void **state)
{
  (void)state;
  bind_test_run(modules, PLOT
                "local frame = require 'benchrun.core.frame' "
                "local f <close> = frame.new({ { name = 'y', type = 'f64', values = { 1, 2 } } })"
                "local want = bars({ series = { { name = 'one', values = { 1, 2 } } } })"
                "assert(bars({ series = { { name = 'one', values = f:col('y') } } }) == want)"
                "local none = bars({ series = { { values = { nil, 2 } } } })"
                "assert(bars({ series = { { values = { false, 2 } } } }) == none)"
                "assert(bars({ series = { { values = { 0 / 0, 2 } } } }) == none)"
                "local whole = frame.column({ type = 'i64', values = { nil, 2 }, n = 2 })"
                "assert(bars({ series = { { values = whole } } }) == none)");
}

static void empty_charts_work(void **state)
{
  (void)state;
  bind_test_run(modules, PLOT "assert(bars({ labels = {}, series = {} }):find('no data'))"
                              "assert(lines({ labels = {}, panels = {} }):find('no data'))");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"plot.bars()", "table expected"},
      {"plot.bars({})", "field 'labels': table expected, got nil"},
      {"bars({ colour = 1 })", "unknown field 'colour'"},
      {"bars({ title = {} })", "field 'title': string expected, got table"},
      {"bars({ labels = { 1 } })", "value 1: string expected, got number"},
      {"bars({ series = { 7 } })", "series 1: table expected, got number"},
      {"bars({ series = { { values = { 1, 'x' } } } })", "value 2: number expected, got string"},
      {"bars({ series = { { values = { 1, 2, 3 } } } })", "3 values for 2 labels"},
      {"bars({ series = { { values = require 'benchrun.core.frame'.column({ type = 'string', "
       "values = { 'a', 'b' } }) } } })",
       "a column of numbers expected"},
      {"bars({ series = { { values = require 'benchrun.core.frame'.column({ type = 'i64', values = "
       "{ 1 } }) } } })",
       "1 values for 2 labels"},
      {"bars({ series = { { name = 'n' } } })",
       "field 'values': array or column expected, got nil"},
      {"bars({ series = { { values = {}, lo = {} } } })", "unknown field 'lo'"},
      {"bars({}, { format = 'gif' })", "'png' or 'svg' expected, got 'gif'"},
      {"bars({}, { theme = 1 })", "field 'theme': string expected, got number"},
      {"bars({}, { width = 3.5 })", "a whole number of at least 0"},
      {"bars({}, { width = 10 })", "10 x 0 pixels"},
      {"bars({}, { scale = 3 })", "a scale of 3"},
      {"bars({}, { dpi = 10 })", "unknown field 'dpi'"},
      {"lines({ panels = { { series = {}, marks = { { x = 4 } } } } })", "a point from 1 to 3"},
      {"lines({ panels = { { series = {}, colour = 1 } } })", "unknown field 'colour'"},
      {"lines({ panels = { { series = {} }, { series = { { values = {} } } } } })",
       "panel 2 has 1 series, panel 1 has 0"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[2048];
    (void)snprintf(script, sizeof script, "%s%s", PLOT, cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void bars_survive_every_failing_allocation(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, PLOT "bars()");
}

static void lines_survive_every_failing_allocation(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, PLOT "lines()");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bars_come_in_the_format_asked_for),
      cmocka_unit_test(lines_come_in_the_format_asked_for),
      cmocka_unit_test(lines_stand_where_x_says),
      cmocka_unit_test(style_reaches_the_chart),
      cmocka_unit_test(values_may_be_missing_or_a_column),
      cmocka_unit_test(empty_charts_work),
      cmocka_unit_test(mistakes_raise),
      cmocka_unit_test(bars_survive_every_failing_allocation),
      cmocka_unit_test(lines_survive_every_failing_allocation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
