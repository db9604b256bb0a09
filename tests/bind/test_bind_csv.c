/* benchrun.core.csv from Lua: what it gives, what it raises, and that nothing leaks. */
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>
#include <unistd.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.csv", luaopen_benchrun_core_csv},
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {NULL, NULL},
};

#define CSV "local csv = require 'benchrun.core.csv' "

static void parse_and_format_are_inverse(void **state)
{
  (void)state;
  bind_test_run(modules, CSV "local f <close> = assert(csv.parse('a,b\\n1,\"x,y\"\\n,\"\"\\n'))"
                             "assert(csv.format(f) == 'a,b\\n1,\"x,y\"\\n,\"\"\\n')"
                             "assert(csv.format(f, ';') == 'a;b\\n1;x,y\\n;\"\"\\n')"
                             "assert(csv.format(csv.parse('')) == '')");
}

static void the_frame_is_one_of_core_frame(void **state)
{
  (void)state;
  bind_test_run(modules, CSV "local frame = require 'benchrun.core.frame'"
                             "local own <close> = frame.new({})"
                             "local f <close> = csv.parse('a\\n1\\n')"
                             "assert(getmetatable(f) == getmetatable(own))");
}

static void the_module_stands_alone(void **state)
{
  (void)state;
  static const luaL_Reg alone[] = {{"benchrun.core.csv", luaopen_benchrun_core_csv}, {NULL, NULL}};
  bind_test_run(alone, CSV "csv.parse('a\\n1\\n'):close()");
}

static void every_option_reaches_the_reader(void **state)
{
  (void)state;
  bind_test_run(
      modules, CSV
      "local function same(text, options, wanted)"
      "  local got = csv.format(assert(csv.parse(text, options)))"
      "  assert(got == wanted, got)"
      "end "
      "same('a;b\\n1.50;2\\n', { delimiter = ';' }, 'a,b\\n1.5,2\\n')"
      "same('1,2\\n', { names = { 'x', 'y' } }, 'x,y\\n1,2\\n')"
      "same('', { names = {} }, '')"
      "same('a,b\\n1,2.50\\n', { types = { a = 'f64', b = 'string', z = 'bool' } }, "
      "'a,b\\n1.0,2.50\\n')"
      "same('a,b\\nTRUE,2.50\\n', { strings = true }, 'a,b\\nTRUE,2.50\\n')"
      "same('a,b\\nTRUE,2.50\\n', { strings = true, types = { a = 'bool' } }, 'a,b\\ntrue,2.50\\n')"
      "same('a,b\\n1\\n', { ragged = 'pad' }, 'a,b\\n1,\\n')"
      "same('a,b\\n1,2\\n', {}, 'a,b\\n1,2\\n')"
      "same('a,b\\n1,2\\n', { select = { 'b' } }, 'b\\n2\\n')"
      "same('a,b\\n1,2\\n', { select = {} }, '')"
      "same('a,b\\n1,2\\n3,4\\n', { limit = 1, threads = 2 }, 'a,b\\n1,2\\n')"
      "same('a,b\\n1,2\\n', { limit = 0 }, 'a,b\\n')"
      "same('a,b\\n1,2\\n', { file_column = 'f' }, 'a,b,f\\n1,2,csv\\n')"
      "same('t\\n2026-01-31\\n', { timestamps = true }, 't\\n2026-01-31T00:00:00Z\\n')");
}

static void several_paths_make_one_frame(void **state)
{
  (void)state;
  bind_test_run(modules,
                CSV "local function put(text)"
                    "  local path = os.tmpname()"
                    "  local file <close> = io.open(path, 'w')"
                    "  file:write(text)"
                    "  return path "
                    "end "
                    "local a, b = put('x,y\\n1,p\\n'), put('y\\nq\\n')"
                    "local f <close> = assert(csv.read({ a, b }))"
                    "assert(csv.format(f) == 'x,y\\n1,p\\n,q\\n')"
                    "local none <close> = assert(csv.read({}))"
                    "assert(csv.format(none) == '')"
                    "local g, message, code = csv.read({ a, '/no/such' }, { threads = 1 })"
                    "assert(g == nil and code == 'notfound' and message:find('/no/such', 1, true))"
                    "os.remove(a) os.remove(b)");
}

static void malformed_text_is_a_failure_with_its_place(void **state)
{
  (void)state;
  bind_test_run(modules,
                CSV "local f, message, code = csv.parse('a,b\\n1\\n', nil, 'logs/x.csv')"
                    "assert(f == nil and code == 'parse')"
                    "assert(message == 'logs/x.csv:2: 1 field, the header has 2 (byte 4)', message)"
                    "f, message = csv.parse('a,b\\n1\\n', { ragged = 'error' })"
                    "assert(message == 'csv:2: 1 field, the header has 2 (byte 4)', message)");
}

static void a_missing_file_is_a_failure(void **state)
{
  (void)state;
  bind_test_run(modules, CSV "local f, message, code = csv.read('/no/such file.csv')"
                             "assert(f == nil and code == 'notfound', code)"
                             "assert(message:find('/no/such file.csv', 1, true))");
}

static void a_folder_that_is_missing_fails_the_write(void **state)
{
  (void)state;
  bind_test_run(modules, CSV "local f <close> = csv.parse('a\\n1\\n')"
                             "local ok, message, code = csv.write('/no/such/folder/x.csv', f)"
                             "assert(ok == nil and code == 'notfound', code)");
}

static void a_written_file_is_read_back(void **state)
{
  (void)state;
  char script[1024];
  char path[] = "/tmp/test_bind_csv_XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  (void)close(fd);
  (void)snprintf(script, sizeof script,
                 CSV "local f <close> = csv.parse('a,b\\n1,x\\n')"
                     "assert(csv.write('%s', f, '|') == true)"
                     "local again <close> = assert(csv.read('%s', { delimiter = '|' }))"
                     "assert(csv.format(again) == 'a,b\\n1,x\\n')",
                 path, path);
  bind_test_run(modules, script);
  (void)unlink(path);
}

static void options_that_make_no_sense_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"{ delimeter = ';' }", "unknown field 'delimeter'"},
      {"{ 1 }", "unknown field of type number"},
      {"';'", "table expected"},
      {"{ delimiter = ';;' }", "field 'delimiter': one character expected, got ';;'"},
      {"{ delimiter = '' }", "field 'delimiter': one character expected, got ''"},
      {"{ delimiter = 1 }", "field 'delimiter': string expected, got number"},
      {"{ delimiter = '\"' }", "a delimiter is one ASCII character"},
      {"{ names = 'a' }", "field 'names': table expected, got string"},
      {"{ names = { 'a', 2 } }", "value 2: string expected, got number"},
      {"{ names = { 'a', 'a' } }", "names 1 and 2 are both \"a\""},
      {"{ types = 'f64' }", "field 'types': table expected, got string"},
      {"{ types = { 'f64' } }", "field 'types': a key is a column's name, got number"},
      {"{ types = { a = 1 } }", "field 'types': column 'a': string expected, got number"},
      {"{ types = { a = 'int' } }",
       "field 'types': column 'a': f64, i64, bool, string or timestamp expected, got 'int'"},
      {"{ strings = 1 }", "field 'strings': boolean expected, got number"},
      {"{ ragged = 'fill' }", "field 'ragged': 'error' or 'pad' expected, got 'fill'"},
      {"{ select = 'a' }", "field 'select': table expected, got string"},
      {"{ limit = -1 }", "field 'limit': a whole number of 0 or more expected, got -1"},
      {"{ limit = 1.5 }", "field 'limit': a whole number of 0 or more expected, got 1.5"},
      {"{ threads = '2' }", "field 'threads': a whole number of 0 or more expected, got 2"},
      {"{ timestamps = 1 }", "field 'timestamps': boolean expected, got number"},
      {"{ file_column = true }", "field 'file_column': string expected, got boolean"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[256];
    (void)snprintf(script, sizeof script, CSV "csv.parse('a\\n1\\n', %s)", cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
    (void)snprintf(script, sizeof script, CSV "csv.read('/no/such', %s)", cases[i][0]);
    if (!strstr(cases[i][1], "delimiter is") && !strstr(cases[i][1], "are both"))
      bind_test_raises(modules, script, cases[i][1]);
  }
}

static void arguments_of_another_kind_raise(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"csv.read()", "string expected"},
      {"csv.read({ 1 })", "value 1: string expected, got number"},
      {"csv.parse({})", "string expected"},
      {"csv.parse('a', nil, {})", "string expected"},
      {"csv.format()", "benchrun.frame expected"},
      {"csv.format('a')", "benchrun.frame expected"},
      {"csv.format(csv.parse('a'), ';;')", "one character expected"},
      {"csv.format(csv.parse('a'), '\"')", "a delimiter is one ASCII character"},
      {"csv.write('/no/such/x', {})", "benchrun.frame expected"},
      {"csv.write('/no/such/x', csv.parse('a'), '')", "one character expected"},
      {"local f = csv.parse('a') f:close() csv.format(f)", "it is closed"},
      {"local f = csv.parse('a') f:close() csv.write('/no/such/x', f)", "it is closed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char script[256];
    (void)snprintf(script, sizeof script, CSV "%s", cases[i][0]);
    bind_test_raises(modules, script, cases[i][1]);
  }
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(
      modules, CSV "local options = { names = { 'a', 'b' }, types = { a = 'f64', b = 'string' } }"
                   "local f <close> = assert(csv.parse('1,\"x\"\\n,\\n', options))"
                   "assert(csv.format(f) == 'a,b\\n1.0,x\\n,\\n')");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parse_and_format_are_inverse),
      cmocka_unit_test(the_frame_is_one_of_core_frame),
      cmocka_unit_test(the_module_stands_alone),
      cmocka_unit_test(every_option_reaches_the_reader),
      cmocka_unit_test(several_paths_make_one_frame),
      cmocka_unit_test(malformed_text_is_a_failure_with_its_place),
      cmocka_unit_test(a_missing_file_is_a_failure),
      cmocka_unit_test(a_folder_that_is_missing_fails_the_write),
      cmocka_unit_test(a_written_file_is_read_back),
      cmocka_unit_test(options_that_make_no_sense_raise),
      cmocka_unit_test(arguments_of_another_kind_raise),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("bind_csv", tests, NULL, NULL);
}
