/* The helpers of core/bind/bind.c, through a small module whose functions are thin covers of them. */
#include "bind_test.h"

#include "bind/bind.h"

/* --- the module ------------------------------------------------------------------------------ */

static size_t freed;

static void free_thing(void *resource)
{
  freed++;
  br_free(resource);
}

static int thing_value(lua_State *L);

static const luaL_Reg thing_methods[] = {{"value", thing_value}, {NULL, NULL}};
static const luaL_Reg thing_meta[] = {{"__len", thing_value}, {NULL, NULL}};
static const br_bind_type thing_type = {"test.thing", free_thing, thing_methods, thing_meta};

static int thing_value(lua_State *L)
{
  const int *thing = br_bind_check(L, 1, &thing_type);
  lua_pushinteger(L, *thing);
  return 1;
}

static int t_box(lua_State *L)
{
  lua_Integer value = luaL_checkinteger(L, 1);
  void **box = br_bind_box(L, &thing_type);
  int *thing = *box = br_alloc(sizeof *thing);
  if (!thing)
    return luaL_error(L, "out of memory");
  *thing = (int)value;
  return 1;
}

static int t_closed(lua_State *L)
{
  (void)br_bind_box(L, &thing_type);
  return 1;
}

static int t_test(lua_State *L)
{
  lua_pushboolean(L, br_bind_test(L, 1, &thing_type) != NULL);
  return 1;
}

/* strings(list, optional) -> count or nil, the strings joined by a bar */
static int t_strings(lua_State *L)
{
  size_t n = 99;
  const char *const *strings = br_bind_strings(L, 1, &n, lua_toboolean(L, 2));
  if (!strings) {
    lua_pushboolean(L, lua_isnil(L, -1) && n == 0);
    return 1;
  }
  luaL_Buffer joined;
  luaL_buffinit(L, &joined);
  for (size_t i = 0; strings[i]; i++) {
    luaL_addstring(&joined, strings[i]);
    luaL_addchar(&joined, '|');
  }
  luaL_pushresult(&joined);
  lua_pushinteger(L, (lua_Integer)n);
  return 2;
}

/* fields(t) -> number, boolean, string; or their fallbacks -1, true, "none" */
static int t_fields(lua_State *L)
{
  int top = lua_gettop(L);
  double number = br_bind_field_number(L, 1, "number", -1);
  bool boolean = br_bind_field_bool(L, 1, "bool", true);
  const char *string = br_bind_field_string(L, 1, "string", "none");
  if (lua_gettop(L) != top)
    return luaL_error(L, "the stack is not as it was");
  lua_pushnumber(L, number);
  lua_pushboolean(L, boolean);
  lua_pushstring(L, string);
  return 3;
}

static int t_no_table(lua_State *L)
{
  lua_pushboolean(L, br_bind_field_number(L, 0, "x", 5) == 5 &&
                         br_bind_field_bool(L, 0, "x", true) &&
                         br_bind_field_string(L, 0, "x", NULL) == NULL);
  br_bind_known_fields(L, 0, NULL);
  return 1;
}

static int t_known(lua_State *L)
{
  static const char *const known[] = {"number", "bool", NULL};
  int top = lua_gettop(L);
  br_bind_known_fields(L, top ? -1 : 1, known);
  lua_pushboolean(L, lua_gettop(L) == top);
  return 1;
}

static int t_fail(lua_State *L)
{
  br_err err;
  (void)br_fail(&err, (br_code)luaL_checkinteger(L, 1), "%s", "what is wrong");
  return br_bind_fail(L, &err);
}

/* bytes(text, code) */
static int t_bytes(lua_State *L)
{
  size_t n;
  const char *text = luaL_optlstring(L, 1, NULL, &n);
  br_err err = {.code = (br_code)luaL_optinteger(L, 2, BR_OK), .msg = "no bytes"};
  br_str *bytes = br_bind_bytes(L);
  if (text && br_str_add(bytes, text, n, &err) != BR_OK)
    return br_bind_fail(L, &err);
  return br_bind_push_bytes(L, err.code, bytes, &err);
}

static int t_string(lua_State *L)
{
  lua_pushstring(L, br_bind_check_string(L, 1));
  return 1;
}

static int t_scratch(lua_State *L)
{
  size_t count = (size_t)luaL_checkinteger(L, 1), size = (size_t)luaL_checkinteger(L, 2);
  memset(br_bind_scratch(L, count, size), 0x5A, count * size);
  return 1;
}

static int open_test(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"box", t_box},         {"closed", t_closed},   {"test", t_test},
      {"strings", t_strings}, {"fields", t_fields},   {"no_table", t_no_table},
      {"known", t_known},     {"fail", t_fail},       {"bytes", t_bytes},
      {"string", t_string},   {"scratch", t_scratch}, {NULL, NULL},
  };
  br_bind_register(L, &thing_type);
  luaL_newlib(L, functions);
  return 1;
}

static const luaL_Reg modules[] = {{"t", open_test}, {NULL, NULL}};

#define T "local t = require 't' "

static void run(const char *script)
{
  freed = 0;
  bind_test_run(modules, script);
}

static void raises(const char *script, const char *part)
{
  bind_test_raises(modules, script, part);
}

/* --- boxes ----------------------------------------------------------------------------------- */

static void box_gives_its_resource_until_it_is_closed(void **state)
{
  (void)state;
  run(T
      "local b = t.box(7) assert(b:value() == 7 and #b == 7 and t.test(b))"
      "b:close() assert(not t.test(b))"
      "local ok, why = pcall(b.value, b) assert(not ok and why:find('it is closed', 1, true), why)"
      "ok, why = pcall(function() return #b end) assert(not ok and why:find 'it is closed')");
  assert_int_equal(freed, 1);
}

static void box_is_ended_once_however_often_it_is_told(void **state)
{
  (void)state;
  run(T "local b = t.box(1) local meta = getmetatable(b)"
        "for _ = 1, 3 do b:close() meta.__gc(b) meta.__close(b, 'an error') end");
  assert_int_equal(freed, 1);
}

static void box_is_ended_by_its_scope_and_by_the_collector(void **state)
{
  (void)state;
  run(T "do local b <close> = t.box(1) end "
        "pcall(function() local b <close> = t.box(2) error 'x' end)"
        "t.box(3) collectgarbage() collectgarbage()"
        "kept = t.box(4)");
  assert_int_equal(freed, 4);
}

static void box_that_never_held_anything_frees_nothing(void **state)
{
  (void)state;
  run(T "local b <close> = t.closed() assert(not t.test(b)) b:close() t.closed() collectgarbage()");
  assert_int_equal(freed, 0);
}

static void box_of_another_kind_is_refused(void **state)
{
  (void)state;
  run(T "assert(not t.test(io.stdout) and not t.test(nil) and not t.test({}) and not t.test())");
  raises(T "t.box(1).value(io.stdout)", "test.thing expected");
  raises(T "t.box(1).value()", "test.thing expected");
  raises(T "t.box(1).close(io.stdout)", "test.thing expected");
  raises(T "getmetatable(t.box(1)).__gc({})", "test.thing expected");
  raises(T "getmetatable(t.box(1)).__close(nil)", "test.thing expected");
}

static void box_has_no_fields_of_its_own(void **state)
{
  (void)state;
  run(T "assert(t.box(1).nothing == nil and t.box(1).__gc == nil)");
  raises(T "t.box(1).x = 1", "attempt to index");
  run(T "assert(tostring(t.box(1)):find('^test.thing'))");
}

static void register_may_be_called_again(void **state)
{
  (void)state;
  freed = 0;
  bind_alloc alloc = {0};
  lua_State *L = lua_newstate(bind_alloc_block, &alloc);
  assert_non_null(L);
  br_bind_register(L, &thing_type);
  luaL_getmetatable(L, thing_type.name);
  lua_getfield(L, -1, "__gc");
  br_bind_register(L, &thing_type);
  lua_getfield(L, -2, "__gc");
  assert_true(lua_rawequal(L, -1, -2));
  assert_int_equal(lua_gettop(L), 3);
  lua_close(L);
  assert_int_equal(alloc.live, 0);
}

static int register_only(lua_State *L)
{
  br_bind_register(L, &thing_type);
  return 0;
}

static int use_box(lua_State *L)
{
  br_bind_register(L, &thing_type);
  lua_settop(L, 0);
  lua_pushinteger(L, 5);
  (void)t_box(L);
  luaL_checkudata(L, -1, thing_type.name);
  if (luaL_len(L, -1) != 5)
    return luaL_error(L, "wrong length");
  lua_getfield(L, -1, "value");
  lua_pushvalue(L, -2);
  lua_call(L, 1, 1);
  return 1;
}

/* A metatable that memory running out cut short is made whole by the next call. */
static void register_recovers_from_running_out_of_memory(void **state)
{
  (void)state;
  int status = !LUA_OK;
  for (size_t n = 1; status != LUA_OK; n++) {
    bind_alloc alloc = {0};
    lua_State *L = lua_newstate(bind_alloc_block, &alloc);
    assert_non_null(L);
    freed = 0;
    alloc.count = 0;
    alloc.fail_at = n;
    lua_pushcfunction(L, register_only);
    status = lua_pcall(L, 0, 0, 0);
    alloc.fail_at = 0;
    lua_pushcfunction(L, use_box);
    assert_int_equal(lua_pcall(L, 0, 1, 0), LUA_OK);
    assert_int_equal(lua_tointeger(L, -1), 5);
    lua_close(L);
    assert_int_equal(alloc.live, 0);
    assert_int_equal(freed, 1);
    assert_true(n < 100);
  }
}

/* The name is longer than those that Lua keeps one copy of … */
static const br_bind_type long_type = {
    "test.a thing whose name is much longer than that of any other thing", free_thing,
    thing_methods, NULL};

static int make_long(lua_State *L)
{
  br_bind_register(L, &long_type);
  void **box = br_bind_box(L, &long_type);
  *box = br_alloc(1);
  return 0;
}

/* … and leaves its store of recent ones: asking for the string then takes memory. */
static void forget_names(lua_State *L)
{
  char text[1000];
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = '\0';
  for (size_t i = 0; i < sizeof text; i++) {
    lua_pushstring(L, text + i);
    lua_pop(L, 1);
  }
}

static void box_is_ended_by_the_collector_when_memory_is_out(void **state)
{
  (void)state;
  bind_alloc alloc = {0};
  lua_State *L = lua_newstate(bind_alloc_block, &alloc);
  assert_non_null(L);
  freed = 0;
  lua_gc(L, LUA_GCSTOP); /* until told */
  lua_pushcfunction(L, make_long);
  assert_int_equal(lua_pcall(L, 0, 0, 0), LUA_OK);
  forget_names(L);
  alloc.count = 0;
  alloc.fail_at = 1;
  lua_gc(L, LUA_GCCOLLECT);
  alloc.fail_at = 0;
  assert_int_equal(freed, 1);
  lua_close(L);
  assert_int_equal(alloc.live, 0);
}

/* --- failures, bytes, scratch ---------------------------------------------------------------- */

static void fail_returns_what_the_world_did_and_raises_what_the_caller_did(void **state)
{
  (void)state;
  run(T "local codes = { [3]='type', [4]='notfound', [5]='exists', [6]='parse', [7]='range',"
        " [8]='io', [9]='library', [10]='interrupted' }"
        "for code, name in pairs(codes) do"
        "  local r = table.pack(t.fail(code))"
        "  assert(r.n == 3 and r[1] == nil and r[2] == 'what is wrong' and r[3] == name, r[3])"
        "end");
  raises(T "t.fail(1)", "what is wrong");
  raises(T "t.fail(2)", "what is wrong");
}

static void fail_blames_the_line_that_called(void **state)
{
  (void)state;
  raises("local t = require 't'\nlocal x\nt.fail(2)", ":3: what is wrong");
}

static void bytes_reach_lua_whole(void **state)
{
  (void)state;
  run(T "assert(t.bytes('a\\0b') == 'a\\0b' and t.bytes('') == '' and t.bytes() == '')"
        "local r = table.pack(t.bytes('lost', 8))"
        "assert(r.n == 3 and r[1] == nil and r[2] == 'no bytes' and r[3] == 'io')"
        "assert(#t.bytes(('x'):rep(100000)) == 100000)");
  raises(T "t.bytes('lost', 1)", "no bytes");
}

static void string_arguments_end_at_their_nul(void **state)
{
  (void)state;
  run(T "assert(t.string('abc') == 'abc' and t.string('') == '' and t.string(12) == '12')");
  raises(T "t.string('a\\0b')", "bad argument #1 to 'string' (a string without a NUL expected)");
  raises(T "t.string('\\0')", "without a NUL");
  raises(T "t.string({})", "string expected, got table");
  raises(T "t.string()", "string expected, got no value");
}

static void scratch_of_any_size_is_there_or_raises(void **state)
{
  (void)state;
  run(T "t.scratch(0, 8) t.scratch(8, 0) t.scratch(1000, 1000)");
  raises(T "t.scratch(math.maxinteger, 4)", "out of memory");
  raises(T "t.scratch(-1, 2)", "out of memory");
}

/* --- tables ---------------------------------------------------------------------------------- */

static void strings_are_read_in_order(void **state)
{
  (void)state;
  run(T "local function same(list, text, n)"
        "  local got, count = t.strings(list) assert(got == text and count == n, got)"
        "end "
        "same({}, '', 0) same({ 'a' }, 'a|', 1) same({ 'a', '', 'c' }, 'a||c|', 3)"
        "same({ 'a', extra = 1 }, 'a|', 1)"
        "local many = {} for i = 1, 5000 do many[i] = 's' .. i end "
        "same(many, table.concat(many, '|') .. '|', 5000)"
        "assert(t.strings(nil, true) == true)");
}

static void strings_of_another_type_raise_with_their_place(void **state)
{
  (void)state;
  raises(T "t.strings({ 'a', 'b', 3 })", "value 3: string expected, got number");
  raises(T "t.strings({ 'a', false })", "value 2: string expected, got boolean");
  raises(T "t.strings({ 'a', nil, 'c' })", "value 2: string expected, got nil");
  raises(T "t.strings({ 'a', 'b\\0c' })", "value 2 holds a NUL");
  raises(T "t.strings('abc')", "table expected, got string");
  raises(T "t.strings(nil)", "table expected, got nil");
  raises(T "t.strings(5, true)", "table expected, got number");
}

#define HOSTILE                                                                                    \
  "local function bad() error 'a metamethod ran' end "                                             \
  "local meta = { __index = bad, __len = bad, __pairs = bad, __call = bad, __name = 'x' } "

static void metamethods_are_not_run(void **state)
{
  (void)state;
  run(T HOSTILE "local t1 = setmetatable({ 'a' }, meta)"
                "assert(t.strings(t1) == 'a|')"
                "local number, bool, string = t.fields(setmetatable({ number = 2 }, meta))"
                "assert(number == 2 and bool == true and string == 'none')"
                "assert(t.known(setmetatable({ bool = 1 }, meta)))");
}

static void fields_are_read_or_have_their_fallback(void **state)
{
  (void)state;
  run(T "local function same(options, a, b, c)"
        "  local number, bool, string = t.fields(options)"
        "  assert(number == a and bool == b and string == c)"
        "end "
        "same(nil, -1, true, 'none') same({}, -1, true, 'none')"
        "same({ number = 3, bool = false, string = '' }, 3.0, false, '')"
        "same({ number = -1.5, string = 's' }, -1.5, true, 's')"
        "same({ number = math.huge }, math.huge, true, 'none')"
        "assert(select('#', t.fields()) == 3 and t.no_table())");
}

static void fields_of_another_type_raise_with_their_name(void **state)
{
  (void)state;
  raises(T "t.fields({ number = '5' })", "field 'number': number expected, got string");
  raises(T "t.fields({ number = false })", "field 'number': number expected, got boolean");
  raises(T "t.fields({ bool = 1 })", "field 'bool': boolean expected, got number");
  raises(T "t.fields({ string = 5 })", "field 'string': string expected, got number");
  raises(T "t.fields({ string = 'a\\0b' })", "field 'string' holds a NUL");
  raises(T "t.fields(5)", "table expected, got number");
  raises(T "t.fields('number')", "table expected, got string");
}

static void fields_that_are_not_known_raise(void **state)
{
  (void)state;
  run(T "assert(t.known({}) and t.known() and t.known(nil))"
        "assert(t.known({ number = 'any', bool = {} }))");
  raises(T "t.known({ number = 1, nunber = 2 })", "unknown field 'nunber'");
  raises(T "t.known({ [''] = 1 })", "unknown field ''");
  raises(T "t.known({ ['number\\0x'] = 1 })", "unknown field 'number");
  raises(T "t.known({ 'number' })", "unknown field of type number");
  raises(T "t.known({ [true] = 1 })", "unknown field of type boolean");
  raises(T "t.known(5)", "table expected, got number");
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, T
                             "local b <close> = t.box(1) local c = t.box(2) t.box(3)"
                             "assert(t.strings({ 'a', 'b' }) == 'a|b|')"
                             "t.fields({ number = 1, string = 'x' }) t.known({ number = 1 })"
                             "assert(t.bytes('some bytes') == 'some bytes' and t.fail(8) == nil)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(box_gives_its_resource_until_it_is_closed),
      cmocka_unit_test(box_is_ended_once_however_often_it_is_told),
      cmocka_unit_test(box_is_ended_by_its_scope_and_by_the_collector),
      cmocka_unit_test(box_that_never_held_anything_frees_nothing),
      cmocka_unit_test(box_of_another_kind_is_refused),
      cmocka_unit_test(box_has_no_fields_of_its_own),
      cmocka_unit_test(register_may_be_called_again),
      cmocka_unit_test(box_is_ended_by_the_collector_when_memory_is_out),
      cmocka_unit_test(register_recovers_from_running_out_of_memory),
      cmocka_unit_test(fail_returns_what_the_world_did_and_raises_what_the_caller_did),
      cmocka_unit_test(fail_blames_the_line_that_called),
      cmocka_unit_test(bytes_reach_lua_whole),
      cmocka_unit_test(string_arguments_end_at_their_nul),
      cmocka_unit_test(scratch_of_any_size_is_there_or_raises),
      cmocka_unit_test(strings_are_read_in_order),
      cmocka_unit_test(strings_of_another_type_raise_with_their_place),
      cmocka_unit_test(metamethods_are_not_run),
      cmocka_unit_test(fields_are_read_or_have_their_fallback),
      cmocka_unit_test(fields_of_another_type_raise_with_their_name),
      cmocka_unit_test(fields_that_are_not_known_raise),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("bind_helpers", tests, NULL, NULL);
}
