/* The frame binding: results, misuse, leaks, every allocation failing. */
#include "bind_test.h"

#include <stdio.h>

#include "bind/modules.h"

static const luaL_Reg modules[] = {
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {NULL, NULL},
};

/* What every script begins with: module F, frame f, and a comparison of arrays that may hold nils.
 */
#define PRELUDE                                                                                    \
  "local F = require 'benchrun.core.frame'\n"                                                      \
  "local f = F.new{\n"                                                                             \
  "  { name = 'name', type = 'string', values = { 'a', 'b', 'a', nil, 'c' } },\n"                  \
  "  { name = 'x', type = 'f64', values = { 1.5, 2, nil, 4, 0/0 } },\n"                            \
  "  { name = 'n', type = 'i64', values = { 3, 1, 2, 5, 4 } },\n"                                  \
  "  { name = 'ok', type = 'bool', values = { true, false, nil, true, true } },\n"                 \
  "}\n"                                                                                            \
  "local function show(t)\n"                                                                       \
  "  local out = {}\n"                                                                             \
  "  for i = 1, t.n or #t do out[i] = tostring(t[i]):gsub('-nan', 'nan') end\n"                    \
  "  return table.concat(out, ' ')\n"                                                              \
  "end\n"                                                                                          \
  "local function is(frame, name, expected)\n"                                                     \
  "  local got = show(frame:col(name):to_table())\n"                                               \
  "  if got ~= expected then error(name .. ': ' .. got .. ', not ' .. expected, 2) end\n"          \
  "end\n"                                                                                          \
  "local function fails(code, part, value, message, got)\n"                                        \
  "  if value ~= nil or got ~= code or not message:find(part, 1, true) then\n"                     \
  "    error(tostring(value) .. ' ' .. tostring(message) .. ' ' .. tostring(got), 2)\n"            \
  "  end\n"                                                                                        \
  "end\n"

static void runs(const char *text)
{
  bind_test_run(modules, text);
}

static void raises(const char *text, const char *part)
{
  bind_test_raises(modules, text, part);
}

static void frame_new_tells_its_shape_and_cells(void **state)
{
  (void)state;
  runs(PRELUDE "assert(#f == 5 and f:nrow() == 5 and f:ncol() == 4)\n"
               "assert(show(f:names()) == 'name x n ok')\n"
               "assert(show(f:types()) == 'string f64 i64 bool')\n"
               "assert(f:has 'x' and not f:has 'y')\n"
               "assert(f:get(1, 'name') == 'a' and f:get(4, 'name') == nil)\n"
               "assert(math.type(f:get(2, 'x')) == 'float' and f:get(2, 'x') == 2)\n"
               "assert(math.type(f:get(2, 'n')) == 'integer')\n"
               "assert(f:get(2, 'ok') == false and f:get(3, 'ok') == nil)\n"
               "assert(tostring(f) == 'frame (5 rows, 4 columns)')\n");
}

static void frame_new_takes_no_columns_and_no_rows(void **state)
{
  (void)state;
  runs(PRELUDE "local e = F.new{}; assert(#e == 0 and e:ncol() == 0 and #e:names() == 0)\n"
               "assert(next(e:to_table()) == nil)\n"
               "local z = F.new{{ name = 'z', type = 'f64', values = {} }}\n"
               "assert(#z == 0 and z:ncol() == 1 and z:to_table().z.n == 0)\n");
}

static void frame_new_takes_n_over_the_length_of_values(void **state)
{
  (void)state;
  runs(PRELUDE
       "local g = F.new{{ name = 'z', type = 'i64', values = { nil, 2 }, n = 3 }}\n"
       "is(g, 'z', 'nil 2 nil')\n"
       "assert(F.new{{ name = 'z', type = 'i64', values = { 1, 2, 3 }, n = 1 }}:nrow() == 1)\n");
}

static void frame_new_takes_columns_as_values(void **state)
{
  (void)state;
  runs(PRELUDE "local g = F.new{{ name = 'y', values = f:col 'n' }}\n"
               "is(g, 'y', '3 1 2 5 4')\n"
               "local h = F.new{{ name = 'y', type = 'i64', values = f:col 'n' }}\n"
               "is(h, 'y', '3 1 2 5 4')\n"
               "is(f:with('z', F.column{ type = 'bool', values = { true, nil }, n = 5 }), 'z',\n"
               "   'true nil nil nil nil')\n");
}

static void frame_new_names_column_and_row_of_a_wrong_value(void **state)
{
  (void)state;
#define NEW(spec) PRELUDE "F.new" spec
  raises(NEW("{{ name = 'y', type = 'f64', values = { 1, 'two' } }}"), "column 'y', row 2: f64");
  raises(NEW("{{ name = 'y', type = 'f64', values = { '1' } }}"),
         "row 1: f64 expected, got string");
  raises(NEW("{{ name = 'y', type = 'i64', values = { 1.5 } }}"), "row 1: i64 expected, got 1.5");
  raises(NEW("{{ name = 'y', type = 'string', values = { 1 } }}"), "string expected");
  raises(NEW("{{ name = 'y', type = 'bool', values = { 0 } }}"), "bool expected");
  runs(NEW("{{ name = 'y', type = 'i64', values = { 2.0 } }}"));
}

static void frame_new_refuses_a_bad_description(void **state)
{
  (void)state;
  raises(NEW("(1)"), "table expected");
  raises(NEW("{ 1 }"), "column 1: table expected, got number");
  raises(NEW("{{ type = 'f64', values = {} }}"), "field 'name': string expected");
  raises(NEW("{{ name = 'a\\0b', type = 'f64', values = {} }}"), "NUL");
  raises(NEW("{{ name = 'y', values = {} }}"), "field 'type'");
  raises(NEW("{{ name = 'y', type = 'int', values = {} }}"), "got 'int'");
  raises(NEW("{{ name = 'y', type = 'f64' }}"), "field 'values'");
  raises(NEW("{{ name = 'y', type = 'f64', values = {}, n = -1 }}"), "field 'n'");
  raises(NEW("{{ name = 'y', type = 'f64', values = {}, n = 'x' }}"), "field 'n'");
  raises(NEW("{{ name = 'y', type = 'f64', values = f:col 'n' }}"), "the column is i64");
  raises(NEW("{{ name = 'y', type = 'f64', value = {} }}"), "unknown field 'value'");
  raises(
      NEW("{{ name = 'y', type = 'f64', values = {} }, { name = 'y', type = 'f64', values = {} }}"),
      "column 2: there is a column 'y' already");
  raises(NEW("{{ name = 'y', type = 'f64', values = {} }, { name = 'z', type = 'f64', values = {1} "
             "}}"),
         "column 'z' has 1 rows");
}

static void frame_closed_raises_and_closes_again(void **state)
{
  (void)state;
  runs(PRELUDE "local c = f:col 'x'; f:close(); f:close(); assert(c:get(2) == 2)\n"
               "assert(tostring(f) == 'frame (closed)'); c:close(); c:close()\n"
               "assert(tostring(c) == 'column (closed)')\n"
               "do local g <close> = F.new{} end\n");
  static const char *const uses[] = {
      "f:nrow()",       "#f",
      "f:names()",      "f:types()",
      "f:has 'x'",      "f:col 'x'",
      "f:get(1,'x')",   "f:to_table()",
      "f:select{}",     "f:drop{}",
      "f:rename{}",     "f:take{}",
      "f:slice(1)",     "f:filter('x','null')",
      "f:sort{}",       "f:group_by({},{})",
      "f:ncol()",       "f:mask(1)",
      "f:join(f,{})",   "f:pivot{}",
      "f:with('a', 1)",
  };
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
    char text[4096];
    (void)snprintf(text, sizeof text, PRELUDE "f:close() local _ = %s", uses[i]);
    raises(text, "closed");
  }
  raises(PRELUDE "local g = F.new{}; g:close(); f:join(g, {})", "closed");
  raises(PRELUDE "local g = F.new{}; g:close(); F.concat{ f, g }", "value 2: open frame expected");
  raises(PRELUDE "local c = f:col 'x'; c:close(); local _ = #c", "closed");
  raises(PRELUDE "local c = f:col 'x'; c:close(); f:with('y', c)", "closed");
}

static void frame_methods_refuse_wrong_types(void **state)
{
  (void)state;
  static const char *const uses[][2] = {
      {"f.nrow(1)", "benchrun.frame expected"},
      {"f.nrow(f:col 'x')", "benchrun.frame expected"},
      {"f:col 'x'.len(f)", "benchrun.column expected"},
      {"f:has()", "string expected"},
      {"f:has 'a\\0b'", "NUL"},
      {"f:col {}", "string expected"},
      {"f:get('a', 'x')", "number expected"},
      {"f:get(0, 'x')", "row 0 of 5"},
      {"f:get(6, 'x')", "row 6 of 5"},
      {"f:get(math.mininteger, 'x')", "of 5"},
      {"f:with('y', {})", "benchrun.column expected"},
      {"f:with('y', F.column{ type = 'f64', values = {} })", "has 0 rows, the frame has 5"},
      {"f:select 'x'", "table expected"},
      {"f:select{ 'x', 1 }", "value 2: string expected"},
      {"f:drop{ {} }", "value 1: string expected"},
      {"f:rename{ 'x' }", "old name = new name expected"},
      {"f:rename{ x = 1 }", "old name = new name expected"},
      {"f:take{ 0 }", "value 1: row number expected, got 0"},
      {"f:take{ 1, 1.5 }", "value 2"},
      {"f:slice(0)", "rows count from 1"},
      {"f:slice(1, -1)", "not negative"},
      {"f:filter('x', '=', 1)", "invalid option '='"},
      {"f:filter('x', '==')", "number, boolean or string expected"},
      {"f:filter('x', '==', {})", "number, boolean or string expected"},
      {"f:mask(F.column{ type = 'bool', values = {} })", "the mask has 0 rows"},
      {"f:sort 'x'", "table expected"},
      {"f:sort{ 1 }", "value 1: string or table expected"},
      {"f:sort{{ descending = true }}", "field 'name'"},
      {"f:sort{{ name = 'x', down = true }}", "unknown field 'down'"},
      {"f:join({}, {})", "benchrun.frame expected"},
      {"f:join(f, 'x')", "table expected"},
      {"f:join(f, { 'n' }, 'middle')", "invalid option 'middle'"},
      {"f:join(f, { 1 })", "value 1: string expected, or a pair of them, got number"},
      {"f:join(f, { 'n', { 'x' } })", "value 2: string expected"},
      {"f:join(f, { { 'x', 'a\\0b' } })", "NUL"},
      {"f:group_ids 'x'", "table expected"},
      {"f:group_head({ 'x' }, -1)", "not negative"},
      {"f:group_head({ 'x' })", "number expected"},
      {"f:group_head({ 'x' }, 1, 'middle')", "invalid option 'middle'"},
      {"f:group_by({}, 1)", "table expected"},
      {"f:group_by({}, { 1 })", "aggregate 1: table expected"},
      {"f:group_by({}, {{ column = 'x' }})", "field 'kernel'"},
      {"f:group_by({}, {{ column = 'x', kernel = 'mean', p = 1 }})", "unknown field 'p'"},
      {"f:pivot{ index = {}, columns = 'x' }", "field 'values'"},
      {"f:pivot{ columns = 'x', values = 'x', kernel = 'mean' }", "field 'index'"},
      {"F.concat{ 1 }", "value 1: open frame expected, got number"},
      {"F.concat()", "table expected"},
      {"f:col 'x':get(6)", "row 6 of 5"},
      {"f:col 'x':cast 'int'", "invalid option 'int'"},
      {"f:col 'x':cast('i64', 'zero')", "invalid option 'zero'"},
  };
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
    char text[4096];
    (void)snprintf(text, sizeof text, PRELUDE "local _ = %s", uses[i][0]);
    raises(text, uses[i][1]);
  }
}

static void frame_unknown_columns_return_nil_message_code(void **state)
{
  (void)state;
  runs(PRELUDE "fails('notfound', \"did you mean 'name'\", f:col 'nane')\n"
               "fails('notfound', \"no column 'y'\", f:get(1, 'y'))\n"
               "fails('notfound', 'y', f:select{ 'x', 'y' })\n"
               "fails('notfound', 'y', f:drop{ 'y' })\n"
               "fails('notfound', 'y', f:rename{ y = 'z' })\n"
               "fails('notfound', 'y', f:filter('y', '==', 1))\n"
               "fails('notfound', 'y', f:sort{ 'y' })\n"
               "fails('notfound', 'y', f:join(f, { 'y' }))\n"
               "fails('notfound', 'y', f:group_by({ 'y' }, {}))\n"
               "fails('notfound', 'y', f:group_by({}, {{ column = 'y', kernel = 'mean' }}))\n"
               "fails('notfound', \"no kernel 'nope'\",\n"
               "      f:group_by({}, {{ column = 'x', kernel = 'nope' }}))\n"
               "fails('notfound', 'y',\n"
               "      f:pivot{ index = { 'y' }, columns = 'n', values = 'x', kernel = 'mean' })\n"
               "fails('notfound', 'kernel',\n"
               "      f:pivot{ index = { 'n' }, columns = 'n', values = 'x', kernel = 'nope' })\n");
}

static void frame_unfit_data_returns_nil_message_code(void **state)
{
  (void)state;
  runs(PRELUDE
       "fails('exists', \"'x'\", f:select{ 'x', 'x' })\n"
       "fails('exists', \"'x'\", f:rename{ n = 'x' })\n"
       "fails('range', 'row 6', f:take{ 6 })\n"
       "fails('type', 'compared', f:filter('x', '==', '1'))\n"
       "fails('type', 'compared', f:filter('name', '<', 1))\n"
       "fails('type', 'bool', f:mask(f:col 'x'))\n"
       "fails('type', 'cast one', F.concat{ f, f:with('x', f:col 'name') })\n"
       "fails('type', 'cast one', f:join(f:with('n', f:col 'name'), { 'n' }))\n"
       "fails('exists', \"'name'\", f:join(f, { 'n' }, 'inner', ''))\n"
       "fails('type', 'string', f:group_by({}, {{ column = 'name', kernel = 'mean' }}))\n"
       "fails('exists', \"'n'\", f:group_by({ 'n' }, {{ column = 'n', kernel = 'mean' }}))\n"
       "fails('range', 'row 1: ', f:col 'x':cast 'i64')\n"
       "fails('parse', \"row 1: 'a' is no f64\", f:col 'name':cast 'f64')\n");
}

static void column_tells_its_cells(void **state)
{
  (void)state;
  runs(PRELUDE "local c = f:col 'x'\n"
               "assert(#c == 5 and c:len() == 5 and c:type() == 'f64' and c:null_count() == 1)\n"
               "assert(c:get(1) == 1.5 and c:get(3) == nil and c:get(5) ~= c:get(5))\n"
               "local t = c:to_table(); assert(t.n == 5 and t[4] == 4 and t[3] == nil)\n"
               "assert(tostring(c) == 'column (f64, 5 rows, 1 null)')\n"
               "is(f:with('y', c:cast 'string'), 'y', '1.5 2.0 nil 4.0 nan')\n"
               "is(f:with('y', c:cast('i64', 'null')), 'y', 'nil 2 nil 4 nil')\n"
               "is(f:with('y', c:cast 'f64'), 'y', '1.5 2.0 nil 4.0 nan')\n");
}

static void frame_methods_give_new_frames(void **state)
{
  (void)state;
  runs(PRELUDE
       "is(f:with('x', f:col 'n'), 'x', '3 1 2 5 4'); is(f, 'x', '1.5 2.0 nil 4.0 nan')\n"
       "assert(show(f:select{ 'n', 'x' }:names()) == 'n x')\n"
       "assert(show(f:drop{ 'n', 'x' }:names()) == 'name ok')\n"
       "assert(show(f:rename{ n = 'x', x = 'n' }:names()) == 'name n x ok')\n"
       "is(f:take{ 5, 1, 1 }, 'n', '4 3 3'); assert(#f:take{} == 0)\n"
       "is(f:slice(2, 2), 'n', '1 2'); is(f:slice(4), 'n', '5 4'); assert(#f:slice(9, 1) == 0)\n"
       "assert(f:to_table().n[2] == 1 and f:to_table().name.n == 5)\n"
       "is(f:mask(f:col 'ok'), 'n', '3 5 4')\n"
       "is(F.concat{ f:slice(1, 1), f:slice(2, 1):drop{ 'x' } }, 'x', '1.5 nil')\n"
       "assert(F.concat{}:ncol() == 0)\n");
}

static void frame_filter_knows_every_operator(void **state)
{
  (void)state;
  runs(PRELUDE
       "is(f:filter('n', '==', 3), 'n', '3'); is(f:filter('n', '~=', 3.0), 'n', '1 2 5 4')\n"
       "is(f:filter('n', '<', 2.5), 'n', '1 2'); is(f:filter('n', '<=', 2), 'n', '1 2')\n"
       "is(f:filter('n', '>', 4), 'n', '5'); is(f:filter('n', '>=', 4), 'n', '5 4')\n"
       "is(f:filter('x', '~=', 2), 'n', '3 5 4'); is(f:filter('x', '>', 0), 'n', '3 1 5')\n"
       "is(f:filter('x', 'null'), 'n', '2'); is(f:filter('x', 'notnull'), 'n', '3 1 5 4')\n"
       "is(f:filter('name', '==', 'a'), 'n', '3 2'); is(f:filter('name', '>', 'a'), 'n', '1 4')\n"
       "is(f:filter('ok', '==', false), 'n', '1'); is(f:filter('ok', '==', 1), 'n', '3 5 4')\n");
}

static void frame_sort_takes_names_and_tables(void **state)
{
  (void)state;
  runs(PRELUDE "is(f:sort{ 'n' }, 'n', '1 2 3 4 5')\n"
               "is(f:sort{ 'name', { name = 'n', descending = true } }, 'n', '3 2 1 4 5')\n"
               "is(f:sort{ { name = 'x', descending = true } }, 'x', '4.0 2.0 1.5 nan nil')\n"
               "is(f:sort{}, 'n', '3 1 2 5 4')\n");
}

static void frame_join_matches_rows(void **state)
{
  (void)state;
  runs(PRELUDE
       "local g = F.new{{ name = 'name', type = 'string', values = { 'c', 'a', nil }, n = 3 },\n"
       "  { name = 'x', type = 'i64', values = { 1, 2, 3 } }}\n"
       "local j = f:join(g, { 'name' })\n"
       "assert(show(j:names()) == 'name x n ok x_right'); is(j, 'n', '3 2 4'); is(j, 'x_right', '2 "
       "2 1')\n"
       "local l = f:join(g, { 'name' }, 'left', '2')\n"
       "is(l, 'n', '3 1 2 5 4'); is(l, 'x2', '2 nil 2 nil 1')\n");
}

static void frame_group_by_and_pivot_use_kernels(void **state)
{
  (void)state;
  runs(PRELUDE
       "local g = f:group_by({ 'name' }, {{ column = 'n', name = 'mean', kernel = 'mean' },\n"
       "  { column = 'x', kernel = 'first' },\n"
       "  { column = 'n', kernel = 'quantile', q = 1 }})\n"
       "assert(show(g:names()) == 'name mean x n'); is(g, 'name', 'a b nil c')\n"
       "is(g, 'mean', '2.5 1.0 5.0 4.0'); is(g, 'x', '1.5 2.0 4.0 nan'); is(g, 'n', '3.0 1.0 5.0 "
       "4.0')\n"
       "is(f:group_by({}, {{ column = 'n', kernel = 'max' }}), 'n', '5.0')\n"
       "local p = f:pivot{ index = { 'ok' }, columns = 'name', values = 'n', kernel = 'max' }\n"
       "assert(show(p:names()) == 'ok a b null c')\n"
       "is(p, 'ok', 'true false nil'); is(p, 'a', '3.0 nil 2.0'); is(p, 'null', '5.0 nil nil')\n"
       "p = f:pivot{ index = {}, columns = 'n', values = 'name', kernel = 'first' }\n"
       "assert(#p == 1 and p:get(1, '3') == 'a' and p:get(1, '5') == nil)\n");
}

static void frame_join_knows_every_kind_and_pairs_of_keys(void **state)
{
  (void)state;
  runs(PRELUDE
       "local g = F.new{{ name = 'who', type = 'string', values = { 'c', 'a', 'd' } },\n"
       "  { name = 'y', type = 'i64', values = { 1, 2, 3 } }}\n"
       "local function with(kind) return f:join(g, { { 'name', 'who' } }, kind) end\n"
       "is(with 'inner', 'y', '2 2 1'); is(with 'left', 'y', '2 nil 2 nil 1')\n"
       "is(with 'right', 'n', '4 3 2 nil'); is(with 'right', 'name', 'c a a d')\n"
       "is(with 'outer', 'name', 'a b a nil c d'); is(with 'outer', 'y', '2 nil 2 nil 1 3')\n"
       "is(with 'semi', 'n', '3 2 4'); is(with 'anti', 'n', '1 5')\n"
       "assert(show(with('semi'):names()) == 'name x n ok')\n"
       "is(f:join(f, { 'n', { 'x', 'x' } }, 'semi'), 'n', '3 1 5 4')\n"
       "fails('notfound', 'y', f:join(g, { { 'name', 'y0' } }))\n");
}

static void frame_group_by_counts_and_picks(void **state)
{
  (void)state;
  runs(PRELUDE
       "local function by(column, kernel)\n"
       "  return f:group_by({ 'ok' }, {{ column = column, name = 'v', kernel = kernel }})\n"
       "end\n"
       "is(by('name', 'count'), 'v', '2 1 1'); is(by('name', 'size'), 'v', '3 1 1')\n"
       "is(by('name', 'nunique'), 'v', '2 1 1'); is(by('name', 'last'), 'v', 'c b a')\n"
       "is(by('name', 'min'), 'v', 'a b a'); is(by('name', 'max'), 'v', 'c b a')\n"
       "is(by('name', 'mode'), 'v', 'a b a'); is(by('n', 'max'), 'v', '5.0 1.0 2.0')\n"
       "is(by('n', 'var'), 'v', '1.0 nan nan'); is(by('n', 'iqr'), 'v', '1.0 0.0 0.0')\n"
       "assert(math.type(by('x', 'count'):get(1, 'v')) == 'integer')\n"
       "local t = f:with('t', F.column{ type = 'timestamp', n = 5, values = {\n"
       "  '2024-05-01', '2024-05-03', nil, '2024-05-02' } })\n"
       "local g = t:group_by({}, {{ column = 't', kernel = 'max' },\n"
       "  { column = 't', name = 'first', kernel = 'min' }})\n"
       "is(g, 't', '2024-05-03T00:00:00Z'); is(g, 'first', '2024-05-01T00:00:00Z')\n"
       "is(t:sort{ 't' }, 'n', '3 5 1 2 4'); is(t:join(t, { 't' }, 'semi'), 'n', '3 1 5')\n"
       "is(t:group_by({ 't' }, {{ column = 'n', kernel = 'count' }}), 'n', '1 1 2 1')\n"
       "local p = f:pivot{ index = {}, columns = 'ok', values = 'name', kernel = 'count' }\n"
       "assert(p:get(1, 'true') == 2 and p:get(1, 'false') == 1)\n");
}

static void frame_tells_groups_and_their_first_rows(void **state)
{
  (void)state;
  runs(
      PRELUDE
      "assert(show(f:group_ids{ 'name' }:to_table()) == '1 2 1 3 4')\n"
      "assert(show(f:group_ids{}:to_table()) == '1 1 1 1 1')\n"
      "is(f:group_head({ 'ok' }, 1), 'n', '3 1 2'); is(f:group_head({ 'ok' }, 2), 'n', '3 1 2 5')\n"
      "is(f:group_head({ 'ok' }, 1, 'last'), 'n', '1 2 4'); assert(#f:group_head({}, 0) == 0)\n"
      "fails('notfound', 'y', f:group_ids{ 'y' }); fails('notfound', 'y', f:group_head({ 'y' }, "
      "1))\n");
}

static void frame_with_hostile_tables_stays_whole(void **state)
{
  (void)state;
  runs(PRELUDE
       "local trap = setmetatable({}, { __index = function() f:close() return 'x' end,\n"
       "  __len = function() f:close() return 3 end })\n"
       "pcall(f.select, f, trap); pcall(f.take, f, trap); pcall(f.sort, f, trap)\n"
       "pcall(f.group_by, f, trap, {}); pcall(f.pivot, f, trap); pcall(f.join, f, f, trap)\n");
}

/* Uses every function once. */
static const char *const every_function = PRELUDE
    "local c = f:col 'x'\n"
    "assert(#c + c:len() + c:null_count() == 11 and c:type() and c:get(1) and tostring(c))\n"
    "c:cast 'string':cast('i64', 'null'); show(c:to_table())\n"
    "assert(#f + f:nrow() + f:ncol() == 14 and f:has 'x' and f:get(1, 'x') and tostring(f))\n"
    "show(f:names()); show(f:types()); f:to_table()\n"
    "local g = f:with('y', F.column{ type = 'bool', values = {}, n = 5 })\n"
    "g:select{ 'x', 'y' }; g:drop{ 'x' }; g:rename{ x = 'z' }; g:take{ 1, 5 }\n"
    "g:slice(2, 2); g:filter('name', '==', 'a'); g:filter('x', '>', 1); g:mask(f:col 'ok')\n"
    "g:sort{ 'name', { name = 'x', descending = true } }\n"
    "assert(f:join(g, { 'name', 'n' }, 'left')); F.concat{ f, g }\n"
    "f:group_by({ 'name' }, {{ column = 'x', kernel = 'mean' }, { column = 'n', kernel = 'first' "
    "}})\n"
    "f:pivot{ index = { 'ok' }, columns = 'name', values = 'x', kernel = 'median' }\n"
    "fails('notfound', 'near', f:with('near', c):col 'neer')\n"
    "c:close(); f:close()\n";

/* Scripts of their own, short enough to end before Lua's collector has work to do. */
static const char *const more_functions[] = {
    PRELUDE "f:join(f, { { 'name', 'name' }, 'n' }, 'outer')",
    PRELUDE "f:group_ids{ 'name' }; f:group_head({ 'ok' }, 1)",
    PRELUDE "f:group_by({ 'ok' }, {{ column = 'name', kernel = 'mode' }})",
};

static void frame_survives_every_allocation_failing(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, every_function);
  for (size_t i = 0; i < sizeof more_functions / sizeof *more_functions; i++)
    bind_test_every_allocation(modules, more_functions[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frame_new_tells_its_shape_and_cells),
      cmocka_unit_test(frame_new_takes_no_columns_and_no_rows),
      cmocka_unit_test(frame_new_takes_n_over_the_length_of_values),
      cmocka_unit_test(frame_new_takes_columns_as_values),
      cmocka_unit_test(frame_new_names_column_and_row_of_a_wrong_value),
      cmocka_unit_test(frame_new_refuses_a_bad_description),
      cmocka_unit_test(frame_closed_raises_and_closes_again),
      cmocka_unit_test(frame_methods_refuse_wrong_types),
      cmocka_unit_test(frame_unknown_columns_return_nil_message_code),
      cmocka_unit_test(frame_unfit_data_returns_nil_message_code),
      cmocka_unit_test(column_tells_its_cells),
      cmocka_unit_test(frame_methods_give_new_frames),
      cmocka_unit_test(frame_filter_knows_every_operator),
      cmocka_unit_test(frame_sort_takes_names_and_tables),
      cmocka_unit_test(frame_join_matches_rows),
      cmocka_unit_test(frame_group_by_and_pivot_use_kernels),
      cmocka_unit_test(frame_join_knows_every_kind_and_pairs_of_keys),
      cmocka_unit_test(frame_group_by_counts_and_picks),
      cmocka_unit_test(frame_tells_groups_and_their_first_rows),
      cmocka_unit_test(frame_with_hostile_tables_stays_whole),
      cmocka_unit_test(frame_survives_every_allocation_failing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
