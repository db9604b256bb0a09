/* benchrun.core.text from Lua: what it takes, what it gives, what it raises, and that nothing leaks.
 * The rules of each function are tested in tests/core/test_text.c and test_grid.c. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.text", luaopen_benchrun_core_text},
    {NULL, NULL},
};

#define START "local text = require 'benchrun.core.text' "

static void texts_are_cleaned_measured_and_cut(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "assert(text.clean('') == '' and text.clean('a b') == 'a b')"
                      "assert(text.clean('a\\0\\27\\xff\\u{e9}\\u{202e}') =="
                      "  [[a\\x00\\x1b\\xff]] .. '\\u{e9}' .. [[\\u{202e}]])"
                      "assert(text.width('') == 0 and text.width('a\\u{65e5}') == 3)"
                      "assert(text.cut('abc', 2) == 2 and text.cut('abc', 9) == 3)"
                      "assert(text.cut('\\u{65e5}', 1) == 0 and text.cut('\\u{301}', -1) == 0)"
                      "assert(text.cut('abc', math.maxinteger) == 3)");
}

static void tables_are_drawn_from_columns(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "local made = text.table_lines({'a', 'n'}, {{'x', 'y z'}, {'10', '2'}},"
                "  {'left', 'right'})"
                "assert(made == '+-----+----+\\n|  a  | n  |\\n+-----+----+\\n'"
                "  .. '| x   | 10 |\\n| y z |  2 |\\n+-----+----+\\n')"
                "made = text.table_lines({'abc'}, {{'x', 'a\\0'}})"
                "assert(made:find('|   x   |', 1, true) and made:find([[| a\\x00 |]], 1, true))"
                "assert(text.table_lines({'abc', 'abc'}, {{'x'}, {'x'}}, {nil, 'left'})"
                "  :find('|  x  | x   |', 1, true))"
                "assert(text.table_lines({'a'}, {{}}) == '+---+\\n| a |\\n+---+\\n+---+\\n')"
                "assert(text.table_lines({}, {}) == '+\\n|\\n+\\n+\\n')"
                "local many, none = {}, {}"
                "for i = 1, 500 do many[i], none[i] = '', {} end "
                "assert(#text.table_lines(many, none) == 4 * 1502)");
}

static void tables_are_read_raw(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "local trap = setmetatable({'x'}, {__index = error, __len = error})"
                "assert(text.table_lines(trap, {trap}, setmetatable({}, {__index = error})))");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"text.clean()", "string expected"},
      {"text.clean({})", "string expected"},
      {"text.width(nil)", "string expected"},
      {"text.cut('a')", "number expected"},
      {"text.cut('a', 1.5)", "no integer representation"},
      {"text.table_lines()", "table expected"},
      {"text.table_lines({'a'})", "table expected"},
      {"text.table_lines({'a'}, {{}}, 'left')", "table or nil expected"},
      {"text.table_lines({'a', 'b'}, {{}})", "as many columns as headers"},
      {"text.table_lines({1}, {{}})", "value 1: string expected, got number"},
      {"text.table_lines({'a'}, {'b'})", "column 1: table expected, got string"},
      {"text.table_lines({'a'}, {{'x', 'y', false}})", "value 3: string expected, got boolean"},
      {"text.table_lines({'a'}, {{}}, {'middle'})",
       "align 1: left, center or right expected, got middle"},
      {"text.table_lines({'a'}, {{}}, {1})", "align 1: left, center or right expected, got number"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[512];
    (void)snprintf(script, sizeof script, "%s%s", START, cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void no_failing_allocation_leaks(void **state)
{
  (void)state;
  bind_test_every_allocation(
      modules,
      START "assert(text.clean('a\\27b') == [[a\\x1bb]])"
            "assert(text.width('\\u{65e5}') == 2)"
            "assert(#text.table_lines({'a', 'b'}, {{'x', '\\27'}, {'y'}}, {'left'}) == 78)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_are_cleaned_measured_and_cut),
      cmocka_unit_test(tables_are_drawn_from_columns),
      cmocka_unit_test(tables_are_read_raw),
      cmocka_unit_test(mistakes_raise),
      cmocka_unit_test(no_failing_allocation_leaks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
