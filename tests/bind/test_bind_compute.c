/* benchrun.core.compute from Lua: what it takes, what it gives, what it raises, and that nothing
 * leaks. The rules of each function are tested in tests/core/test_compute.c. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.compute", luaopen_benchrun_core_compute},
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {NULL, NULL},
};

/* Columns to work on, and `same(column, list, n)`: whether a column holds the list's values. */
#define START                                                                                      \
  "local compute = require 'benchrun.core.compute' "                                               \
  "local frame = require 'benchrun.core.frame' "                                                   \
  "local word = frame.column {type = 'string', values = {'a', 'b', nil, 'a'}, n = 4} "             \
  "local whole = frame.column {type = 'i64', values = {1, nil, 3, 4}, n = 4} "                     \
  "local real = frame.column {type = 'f64', values = {0.5, 0/0, 8.7, nil}, n = 4} "                \
  "local mask = frame.column {type = 'bool', values = {true, false, nil, true}, n = 4} "           \
  "local people = frame.new {{name = 'k', values = word}, {name = 'v', values = whole}} "          \
  "local function same(column, list, n) "                                                          \
  "  assert(#column == (n or #list)) "                                                             \
  "  for i = 1, #column do assert(column:get(i) == list[i]) end "                                  \
  "end "

static void masks_are_made_and_combined(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "local a = compute.is_in(word, {'a', 'z'}) same(a, {true, false, false, true})"
                "same(compute.is_in(word, {}), {false, false, false, false})"
                "same(compute.is_value(real), {true, false, true, false})"
                "same(compute.both(a, mask), {true, false, false, true})"
                "same(compute.either(compute.negate(a), mask), {true, true, true, true})"
                "same(compute.negate(mask), {false, true, true, false})");
}

static void values_are_replaced(void **state)
{
  (void)state;
  bind_test_run(modules, START "same(compute.where(word, mask, '-'), {'a', '-', '-', 'a'})"
                               "same(compute.where(word, mask), {'a', nil, nil, 'a'}, 4)"
                               "same(compute.where(mask, mask, false), {true, false, false, true})"
                               "same(compute.where(whole, mask, 0), {1, 0, 0, 4})"
                               "assert(compute.where(whole, mask, 0):type() == 'i64')"
                               "assert(compute.where(whole, mask, 0.5):type() == 'f64')"
                               "same(compute.fill(real, 0.0), {0.5, 0.0, 8.7, 0.0})"
                               "same(compute.fill(whole, 9), {1, 9, 3, 4})"
                               "same(compute.fill(word, ''), {'a', 'b', '', 'a'})");
}

static void numbers_are_limited_and_cut(void **state)
{
  (void)state;
  bind_test_run(modules, START "same(compute.clip(whole, 2), {2, nil, 3, 4}, 4)"
                               "same(compute.clip(whole, nil, 3), {1, nil, 3, 3}, 4)"
                               "same(compute.clip(whole, 2, 3), {2, nil, 3, 3}, 4)"
                               "assert(compute.clip(whole):type() == 'f64')"
                               "same(compute.truncate(real), {0, nil, 8, nil}, 4)");
}

static void nulls_are_made(void **state)
{
  (void)state;
  bind_test_run(modules, START "for _, type in ipairs {'f64', 'i64', 'bool', 'string'} do "
                               "  local column = compute.nulls(type, 3) same(column, {}, 3) "
                               "  assert(column:type() == type and column:null_count() == 3) "
                               "end assert(#compute.nulls('f64', 0) == 0)");
}

static void distinct_rows_are_the_first_or_the_last(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "same(compute.distinct(people, {'k'}):col('v'), {1, nil, 3}, 3)"
                      "same(compute.distinct(people, {'k'}, 'last'):col('v'), {nil, 3, 4}, 3)"
                      "same(compute.is_distinct(people, {'k'}), {true, true, true, false})"
                      "same(compute.is_distinct(people, {'k'}, 'last'), {false, true, true, true})"
                      "same(compute.is_distinct(people, {'k', 'v'}), {true, true, true, true})"
                      "local f, message, code = compute.distinct(people, {'kk'})"
                      "assert(f == nil and message:find('kk') and code == 'notfound')");
}

static void texts_are_the_cells_as_written(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "local function text(...) return table.concat(compute.texts(...), '|') end "
                      "assert(text(word) == 'a|b||a')"
                      "assert(text(word, nil) == 'a|b||a')"
                      "assert(text(whole, '0.0') == '1|0.0|3|4')"
                      "assert(text(real, 'none') == '0.5|nan|8.7|none')"
                      "assert(text(mask, '?') == 'true|false|?|true')"
                      "assert(#compute.texts(compute.nulls('f64', 0)) == 0)");
}

static void types_that_do_not_fit_are_told(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "local function is_type(value, message, code) "
                      "  assert(value == nil and type(message) == 'string' and code == 'type') "
                      "end "
                      "is_type(compute.is_in(whole, {'a'})) is_type(compute.both(mask, whole))"
                      "is_type(compute.negate(word)) is_type(compute.where(word, mask, 1))"
                      "is_type(compute.fill(whole, 'x')) is_type(compute.clip(word, 1))"
                      "is_type(compute.truncate(mask))");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"compute.is_in(people, {})", "benchrun.column expected"},
      {"compute.is_in(word, 'a')", "table expected"},
      {"compute.is_in(word, {1})", "value 1: string expected"},
      {"compute.both(mask)", "benchrun.column expected"},
      {"compute.both(mask, compute.nulls('bool', 1))", "one column has 4 rows, the other 1"},
      {"compute.where(whole, compute.nulls('bool', 1), 1)", "rows"},
      {"compute.where(whole, mask, {})", "string expected, got table"},
      {"compute.fill(whole)", "value expected"},
      {"compute.clip(whole, 2, 1)", "can't clip"},
      {"compute.clip(whole, 'x')", "number expected"},
      {"compute.nulls('text', 1)", "f64, i64, bool, string or timestamp"},
      {"compute.nulls('f64', -1)", "negative"},
      {"compute.distinct(word, {})", "benchrun.frame expected"},
      {"compute.distinct(people, {}, 'middle')", "invalid option"},
      {"compute.texts(word, {})", "string expected"},
      {"word:close() compute.texts(word)", "closed"},
      {"people:close() compute.distinct(people, {})", "closed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[2048];
    (void)snprintf(script, sizeof script, "%s%s", START, cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void a_result_outlives_what_it_came_from(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "local filled = compute.fill(mask, false) local kept = compute.fill(filled, true)"
                "filled:close() mask:close() collectgarbage()"
                "same(kept, {true, false, false, true})");
}

static void no_failing_allocation_leaks(void **state)
{
  (void)state;
  bind_test_every_allocation(modules,
                             "local compute = require 'benchrun.core.compute' "
                             "local frame = require 'benchrun.core.frame' "
                             "local word = frame.column {type = 'string', values = {'a', 'b'}} "
                             "local mask = compute.negate(compute.is_in(word, {'a'})) "
                             "local gap = compute.fill(compute.where(word, mask), '-') "
                             "local people = frame.new {{name = 'k', values = gap}} "
                             "assert(#compute.distinct(people, {'k'}, 'last') == 2) "
                             "assert(compute.texts(gap)[1] == '-') "
                             "assert(#compute.clip(compute.nulls('f64', 2), 1) == 2)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(masks_are_made_and_combined),
      cmocka_unit_test(values_are_replaced),
      cmocka_unit_test(numbers_are_limited_and_cut),
      cmocka_unit_test(nulls_are_made),
      cmocka_unit_test(distinct_rows_are_the_first_or_the_last),
      cmocka_unit_test(texts_are_the_cells_as_written),
      cmocka_unit_test(types_that_do_not_fit_are_told),
      cmocka_unit_test(mistakes_raise),
      cmocka_unit_test(a_result_outlives_what_it_came_from),
      cmocka_unit_test(no_failing_allocation_leaks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
