/* benchrun.core.json from Lua: what it takes, gives and raises, and that nothing leaks. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {"benchrun.core.json", luaopen_benchrun_core_json},
    {NULL, NULL},
};

#define START                                                                                      \
  "local frame = require 'benchrun.core.frame' "                                                   \
  "local json = require 'benchrun.core.json' "                                                     \
  "local f = frame.new {{name = 'a', type = 'i64', values = {1, nil}, n = 2}} "

static void frames_go_and_come(void **state)
{
  (void)state;
  bind_test_run(modules, START
                "assert(json.format(f) == '[{\"a\":1},\\n{\"a\":null}]\\n') "
                "assert(json.format(f, {orient = 'columns'}) == '{\"a\":[1,null]}\\n') "
                "assert(json.format(f, {orient = 'lines'}) == '{\"a\":1}\\n{\"a\":null}\\n') "
                "assert(json.format(frame.new {}) == '[]\\n') "
                "local g = json.parse('[{\"a\":1,\"b\":{\"c\":\"x\\\\u0000\"}}]') "
                "assert(g:get(1, 'a') == 1 and g:get(1, 'b.c') == 'x\\0') "
                "g = json.parse('{\"a\":1}\\n{\"a\":2}', {lines = true}) "
                "assert(#g == 2 and g:get(2, 'a') == 2) "
                "local none, message, code = json.parse('[') "
                "assert(none == nil and code == 'parse' and message:find('line 1, column 1'))");
}

static void files_are_read_and_written(void **state)
{
  (void)state;
  bind_test_run(modules,
                START "local path = os.tmpname() "
                      "assert(json.write(path, f, {orient = 'lines'})) "
                      "assert(#json.read(path, {lines = true}) == 2) "
                      "assert(json.write(path, f)) assert(#json.read(path) == 2) "
                      "local none, message, code = json.read(path, {lines = true}) "
                      "assert(none == nil and code == 'parse' and message:find(path, 1, true)) "
                      "os.remove(path) none, message, code = json.read(path) "
                      "assert(none == nil and code == 'notfound') "
                      "none, message, code = json.write('/tmp/no/such/x', f) "
                      "assert(none == nil and code == 'notfound')");
}

static void mistakes_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"json.format()", "benchrun.frame expected"},
      {"json.format(f, {orient = 'rows'})", "expected, got 'rows'"},
      {"json.format(f, {lines = true})", "unknown field 'lines'"},
      {"json.parse()", "string expected"},
      {"json.parse('[]', {lines = 1})", "field 'lines': boolean expected"},
      {"json.parse('[]', {line = true})", "unknown field 'line'"},
      {"json.read()", "string expected"},
      {"json.write('x', 1)", "benchrun.frame expected"},
      {"f:close() json.format(f)", "it is closed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[512];
    (void)snprintf(script, sizeof script, START "%s", cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(modules,
                             START "json.parse(json.format(f)) json.parse('{\"a\":[1]}') "
                                   "json.parse('{\"a\":{\"b\":\"\\\\n\"}}', {lines = true})");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frames_go_and_come),
      cmocka_unit_test(files_are_read_and_written),
      cmocka_unit_test(mistakes_raise),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
