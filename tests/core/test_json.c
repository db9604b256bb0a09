/* core/json: frames to text and back, text of every shape, text that is none, failing allocations. */
#include "../frame_equal.h"
#include "frame_test.h"

#include "base/interrupt.h"
#include "json/json.h"

#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- writing --- */

static void assert_formats(const char *frame, br_json_orient orient, const char *expected)
{
  br_err err = {0};
  br_str out = {0};
  br_frame *f = frame_of(frame);
  must(br_json_format(&out, f, orient, &err), &err);
  assert_string_equal(out.data ? out.data : "", expected);
  br_str_clear(&out);
  br_frame_free(f);
}

static void a_frame_has_three_shapes(void **state)
{
  (void)state;
  const char *text =
      "s:s i:i x:f b:b\nq 1 0.5 true\n- - nan -\nr -9223372036854775808 1e300 false\n";
  assert_formats(text, BR_JSON_RECORDS,
                 "[{\"s\":\"q\",\"i\":1,\"x\":0.5,\"b\":true},\n"
                 "{\"s\":null,\"i\":null,\"x\":null,\"b\":null},\n"
                 "{\"s\":\"r\",\"i\":-9223372036854775808,\"x\":1e+300,\"b\":false}]\n");
  assert_formats(text, BR_JSON_COLUMNS,
                 "{\"s\":[\"q\",null,\"r\"],\"i\":[1,null,-9223372036854775808],"
                 "\"x\":[0.5,null,1e+300],\"b\":[true,null,false]}\n");
  assert_formats("a:i b:s\n1 x\n2 y\n", BR_JSON_LINES,
                 "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n");
  assert_formats("x:f y:f\ninf -inf\n0.1 1e-07\n", BR_JSON_LINES,
                 "{\"x\":null,\"y\":null}\n{\"x\":0.1,\"y\":1e-07}\n");
}

static void no_rows_and_no_columns_have_a_shape(void **state)
{
  (void)state;
  assert_formats("a:i b:s\n", BR_JSON_RECORDS, "[]\n");
  assert_formats("a:i b:s\n", BR_JSON_COLUMNS, "{\"a\":[],\"b\":[]}\n");
  assert_formats("a:i b:s\n", BR_JSON_LINES, "");
  assert_formats("", BR_JSON_RECORDS, "[]\n");
  assert_formats("", BR_JSON_COLUMNS, "{}\n");
}

static br_frame *of_string(const char *name, const char *s, size_t len)
{
  br_err err = {0};
  br_frame *frame = NULL;
  br_column *column = NULL;
  must(br_frame_new(&frame, &err), &err);
  must(br_column_new(&column, BR_STR, &err), &err);
  must(br_column_push_str(column, s, len, &err), &err);
  must(br_frame_set(frame, name, column, &err), &err);
  br_column_release(column);
  return frame;
}

static void assert_escapes(const char *s, size_t len, const char *expected)
{
  br_err err = {0};
  br_str out = {0};
  char whole[256];
  br_frame *frame = of_string("s", s, len);
  (void)snprintf(whole, sizeof whole, "{\"s\":[\"%s\"]}\n", expected);
  must(br_json_format(&out, frame, BR_JSON_COLUMNS, &err), &err);
  assert_string_equal(out.data, whole);
  br_str_clear(&out);
  br_frame_free(frame);
}

static void strings_are_escaped(void **state)
{
  (void)state;
  static const struct {
    const char *raw, *expected;
  } cases[] = {
      {"", ""},
      {"a\"b\\c/d", "a\\\"b\\\\c/d"},
      {"\b\f\n\r\t", "\\b\\f\\n\\r\\t"},
      {"\x01\x1f\x7f", "\\u0001\\u001f\x7f"},
      {"h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
      {"\xff", "\xef\xbf\xbd"},
      {"a\xc3", "a\xef\xbf\xbd"},
      {"\xc3z", "\xef\xbf\xbdz"},
      {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xe0\x9f\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xed\x9f\xbf\xef\xbf\xbf", "\xed\x9f\xbf\xef\xbf\xbf"},
      {"\xf0\x8f\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xf0\x9f\x98", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_escapes(cases[i].raw, strlen(cases[i].raw), cases[i].expected);
  assert_escapes("a\0b", 3, "a\\u0000b");
}

static void names_are_escaped_and_times_are_text(void **state)
{
  (void)state;
  br_err err = {0};
  br_str out = {0};
  br_column *column = NULL;
  br_frame *frame = of_string("a\"\n", "x", 1);
  must(br_column_new(&column, BR_TIMESTAMP, &err), &err);
  must(br_column_push_i64(column, 1500000, &err), &err);
  must(br_frame_set(frame, "t", column, &err), &err);
  must(br_json_format(&out, frame, BR_JSON_LINES, &err), &err);
  assert_string_equal(out.data, "{\"a\\\"\\n\":\"x\",\"t\":\"1970-01-01T00:00:01.5Z\"}\n");
  br_column_release(column);
  br_frame_free(frame);
  frame = of_string("\xff", "x", 1);
  assert_int_equal(br_json_format(&out, frame, BR_JSON_LINES, &err), BR_EINVAL);
  assert_non_null(strstr(err.msg, "' is not UTF-8"));
  br_str_clear(&out);
  br_frame_free(frame);
}

/* --- reading --- */

static void assert_parses_as(const char *text, bool lines, const char *expected)
{
  br_err err = {0};
  br_frame *made = NULL;
  br_code code = br_json_parse(&made, text, strlen(text), lines, &err);
  assert_made(code, &err, &made, expected);
}

static void assert_parses(const char *text, const char *expected)
{
  assert_parses_as(text, false, expected);
}

static void objects_are_rows(void **state)
{
  (void)state;
  assert_parses("[{\"a\":1,\"b\":\"x\"},{\"b\":\"y\",\"c\":true},{\"a\":3,\"c\":null}]",
                "a:i b:s c:b\n1 x -\n- y true\n3 - -\n");
  assert_parses(" [ ] ", "\n");
  assert_parses("[{},{\"a\":1},{}]", "a:i\n-\n1\n-\n");
  assert_parses("[{},{}]", "\n");
  assert_parses("{\"a\":1,\"b\":{\"c\":2}}", "a:i b.c:i\n1 2\n");
  assert_parses("{}", "\n");
  assert_parses("\xef\xbb\xbf[{\"a\":1}]", "a:i\n1\n");
}

static void arrays_are_columns(void **state)
{
  (void)state;
  assert_parses("{\"a\":[1,null],\"b\":[\"x\",\"y\"]}", "a:i b:s\n1 x\n- y\n");
  assert_parses("{\"a\":[],\"b\":[]}", "a:f b:f\n");
  assert_parses("{\"a\":[{\"k\":1},[1,2]]}", "a:s\n{\"k\":1}\n[1,2]\n");
}

static void lines_are_rows(void **state)
{
  (void)state;
  assert_parses_as("{\"a\":1}\n{\"a\":2,\"b\":\"x\"}\n", true, "a:i b:s\n1 -\n2 x\n");
  assert_parses_as("{\"a\":[1,2]}\r\n\r\n{\"a\":3}", true, "a:s\n[1,2]\n3\n");
  assert_parses_as(" \n", true, "\n");
  assert_parses_as("", true, "\n");
}

static void nested_objects_have_dotted_names(void **state)
{
  (void)state;
  assert_parses("[{\"n\":\"x\",\"stats\":{\"mean\":1.5,\"range\":{\"min\":1}},\"z\":0},"
                "{\"stats\":{},\"n\":\"y\"},{\"stats\":null}]",
                "n:s stats.mean:f stats.range.min:i z:i stats:f\n"
                "x 1.5 1 0 -\ny - - - -\n- - - - -\n");
  assert_parses("[{\"t\":[ 1, {\"a\":[]} ],\"u\":1}]", "t:s u:i\n[ 1, {\"a\":[]} ] 1\n");
  assert_parses("{\"\":{\"a\":1},\"a\":2}", ".a:i a:i\n1 2\n");
}

static void types_hold_all_values(void **state)
{
  (void)state;
  assert_parses("{\"i\":[9223372036854775807,-9223372036854775808]}",
                "i:i\n9223372036854775807\n-9223372036854775808\n");
  assert_parses("{\"x\":[1,2.50,-0]}", "x:f\n1.0\n2.5\n-0.0\n");
  assert_parses("{\"x\":[1e2,1E-2]}", "x:f\n100.0\n0.01\n");
  assert_parses("{\"x\":[true,false,null]}", "x:b\ntrue\nfalse\n-\n");
  assert_parses("{\"x\":[null,null]}", "x:f\n-\n-\n");
  assert_parses("{\"x\":[1,2.50,\"a\",true,[0],1e2,-0]}", "x:s\n1\n2.50\na\ntrue\n[0]\n1e2\n-0\n");
  assert_parses("{\"x\":[true,1]}", "x:s\ntrue\n1\n");
}

static void no_digit_is_lost(void **state)
{
  (void)state;
  assert_parses("{\"x\":[9223372036854775808,1]}", "x:s\n9223372036854775808\n1\n");
  assert_parses("{\"x\":[9007199254740993,0.5]}", "x:s\n9007199254740993\n0.5\n");
  assert_parses("{\"x\":[9007199254740992,0.5]}", "x:f\n9007199254740992.0\n0.5\n");
  assert_parses("{\"x\":[1e400,0.5]}", "x:s\n1e400\n0.5\n");
  assert_parses("{\"x\":[1e-400]}", "x:f\n0.0\n");
}

static void assert_string(const char *json, const char *expected, size_t len)
{
  br_err err = {0};
  br_frame *made = NULL, *wanted = of_string("s", expected, len);
  char text[256];
  (void)snprintf(text, sizeof text, "[{\"s\":%s}]", json);
  must(br_json_parse(&made, text, strlen(text), false, &err), &err);
  if (!frame_equal(made, wanted))
    fail_msg("%s is not read well", json);
  br_frame_free(made);
  br_frame_free(wanted);
}

static void strings_are_read(void **state)
{
  (void)state;
  assert_string("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
  assert_string("\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac", 6);
  assert_string("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4);
  assert_string("\"a\\u0000b\"", "a\0b", 3);
  assert_string("\"h\xc3\xa9\"", "h\xc3\xa9", 3);
}

static void lone_surrogates_are_replaced(void **state)
{
  (void)state;
  assert_string("\"\\ud800x\"", "\xef\xbf\xbdx", 4);
  assert_string("\"\\udc00\"", "\xef\xbf\xbd", 3);
  assert_string("\"\\uD83D\\u0041\"",
                "\xef\xbf\xbd"
                "A",
                4);
  assert_string("\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80", 7);
  assert_string("\"\\\\ud800\"", "\\ud800", 6);
  assert_string("\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd", 6);
}

static void assert_wrong_as(const char *text, size_t len, bool lines, const char *part)
{
  br_err err = {0};
  br_frame *made = NULL;
  assert_fails(br_json_parse(&made, text, len, lines, &err), &err, BR_EPARSE, part);
  assert_null(made);
}

static void what_is_no_json_is_told_with_its_place(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"", "line 1, column 1: parse error: premature EOF"},
      {"[", "line 1, column 1: parse error: premature EOF"},
      {"[{\"a\":1}", "premature EOF"},
      {"[{\"a\":1", "premature EOF"},
      {"[{\"a\":\"x", "premature EOF"},
      {"[{\"a\":tru", "line 1, column 9: lexical error"},
      {"[{\"a\":1},]", "line 1, column 10: parse error"},
      {"[{\"a\":1,\n\"b\":2,\n  x}]", "line 3, column 3: lexical error"},
      {"[{\"a\":01}]", "line 1, column 7: parse error"},
      {"[{\"a\":+1}]", "lexical error"},
      {"[{\"a\":.5}]", "lexical error"},
      {"[{\"a\":1.}]", "lexical error"},
      {"[{\"a\":NaN}]", "lexical error"},
      {"[{'a':1}]", "lexical error"},
      {"[{a:1}]", "lexical error"},
      {"[{\"a\" 1}]", "parse error"},
      {"[{\"a\":1}] x", "line 1, column 11: parse error: trailing garbage"},
      {"{\"a\":1}\n{\"a\":2}\n", "line 2, column 1: parse error: trailing garbage"},
      {"[{\"a\":\"\n\"}]", "lexical error"},
      {"[{\"a\":\"\\x\"}]", "lexical error"},
      {"[{\"a\":\"\\u12g4\"}]", "lexical error"},
      {"[{\"a\":\"\xff\"}]", "lexical error: invalid bytes in UTF8 string"},
      {"[{\"a\":1 /* no */}]", "lexical error"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_wrong_as(cases[i][0], strlen(cases[i][0]), false, cases[i][1]);
  assert_wrong_as("[{\"a\":1}\0]", 10, false, "lexical error");
}

static void shapes_that_are_no_frame_are_told(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"1", "an array or an object is expected"},
      {"\"x\"", "line 1, column 3: an array or an object is expected"},
      {"[1,2]", "line 1, column 2: a row is to be an object"},
      {"[{\"a\":1},\n[2]]", "line 2, column 1: a row is to be an object"},
      {"[{\"a\":1,\"a\":2}]", "the key 'a' stands twice in one object"},
      {"[{\"a.b\":1,\"a\":{\"b\":2}}]", "the key 'a.b' stands twice"},
      {"{\"a\":[1],\"a\":[2]}", "the key 'a' stands twice"},
      {"{\"a\":[1],\"b\":2}", "the key 'b' has no array, unlike those before it"},
      {"{\"a\":[1],\"b\":{}}", "the key 'b' has no array"},
      {"{\"a\":[1],\"b\":[1,2]}", "the key 'b' has more or fewer values"},
      {"[{\"a\\u0000\":1}]", "line 1, column 13: the key 'a?' holds a NUL"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_wrong_as(cases[i][0], strlen(cases[i][0]), false, cases[i][1]);
  assert_wrong_as("{\"a\":1}\n[]\n", 11, true, "line 2, column 1: a row is to be an object");
  assert_wrong_as("{\"a\":1}\n3", 9, true, "a row is to be an object");
  assert_wrong_as("{\"a\":1}\n{\"a\"", 12, true, "line 2");
}

/* n times the opening, then n times the end. */
static char *nested(const char *open, const char *middle, char end, size_t n)
{
  br_err err = {0};
  br_str text = {0};
  must(br_str_addz(&text, "[{\"a\":", &err), &err);
  for (size_t i = 0; i < n; i++)
    must(br_str_addz(&text, open, &err), &err);
  must(br_str_addz(&text, middle, &err), &err);
  for (size_t i = 0; i < n; i++)
    must(br_str_addc(&text, end, &err), &err);
  must(br_str_addz(&text, "}]", &err), &err);
  return text.data;
}

static void depth_costs_memory_only(void **state)
{
  (void)state;
  enum { DEPTH = 200000 };
  br_err err = {0};
  br_frame *made = NULL;
  char *arrays = nested("[", "", ']', DEPTH), *objects = nested("{\"b\":", "1", '}', DEPTH);
  size_t len = 0;
  must(br_json_parse(&made, arrays, strlen(arrays), false, &err), &err);
  (void)br_column_str(br_frame_column(made, 0), 0, &len);
  assert_int_equal(len, 2 * DEPTH);
  br_frame_free(made);
  must(br_json_parse(&made, objects, strlen(objects), false, &err), &err);
  assert_int_equal(strlen(br_frame_name(made, 0)), 1 + 2 * DEPTH);
  br_frame_free(made);
  made = NULL;
  assert_fails(br_json_parse(&made, arrays, DEPTH, false, &err), &err, BR_EPARSE, "premature EOF");
  br_free(arrays);
  br_free(objects);
}

/* --- both --- */

static void a_frame_comes_back(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *frame = frame_of("s:s i:i x:f b:b\nq 1 0.1 true\n- - - -\nr -5 1e-300 false\n");
  for (br_json_orient orient = BR_JSON_RECORDS; orient <= BR_JSON_LINES; orient++) {
    br_str text = {0};
    br_frame *made = NULL;
    must(br_json_format(&text, frame, orient, &err), &err);
    must(br_json_parse(&made, text.data, text.len, orient == BR_JSON_LINES, &err), &err);
    assert_true(frame_equal(frame, made));
    br_frame_free(made);
    br_str_clear(&text);
  }
  br_frame_free(frame);
}

static br_code there_and_back(br_frame **out, const br_frame *frame, br_err *err)
{
  static const char extra[] = "[{\"a\":1,\"b\":{\"c\":\"\\u0041\\ud800\"},\"d\":[1]},{\"a\":0.5},"
                              "{\"a\":\"x\"}]";
  br_str text = {0};
  br_frame *other = NULL;
  br_code code = br_json_format(&text, frame, BR_JSON_RECORDS, err);
  if (code == BR_OK)
    code = br_json_parse(&other, extra, sizeof extra - 1, false, err);
  br_frame_free(other);
  if (code == BR_OK)
    code = br_json_parse(out, text.data, text.len, false, err);
  br_str_clear(&text);
  return code;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  br_frame *frame = frame_of("s:s i:i x:f b:b\nq 1 0.1 true\n- - - -\nr -5 1e-300 false\n");
  assert_survives(there_and_back, frame);
  br_frame_free(frame);
}

static void files_are_read_and_written(void **state)
{
  (void)state;
  br_err err = {0};
  char path[] = "/tmp/benchrun-json-XXXXXX";
  br_frame *frame = frame_of("a:i b:s\n1 x\n2 y\n"), *made = NULL;
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, "[\n1]", 4), 4);
  assert_int_equal(close(file), 0);
  assert_fails(br_json_read(&made, path, false, &err), &err, BR_EPARSE, path);
  assert_non_null(strstr(err.msg, ": line 2, column 1: a row"));
  must(br_json_write(path, frame, BR_JSON_LINES, &err), &err);
  must(br_json_read(&made, path, true, &err), &err);
  assert_true(frame_equal(frame, made));
  br_frame_free(made);
  made = NULL;
  assert_int_equal(unlink(path), 0);
  assert_fails(br_json_read(&made, path, true, &err), &err, BR_ENOTFOUND, path);
  assert_fails(br_json_write("/tmp/no/such/folder/x", frame, BR_JSON_LINES, &err), &err,
               BR_ENOTFOUND, "/tmp/no/such/folder/x");
  br_frame_free(frame);
}

static void long_work_can_be_interrupted(void **state)
{
  (void)state;
  br_err err = {0};
  br_str text = {0};
  br_frame *frame = frame_of("a:i\n1\n"), *made = NULL;
  for (int i = 0; i < 2000; i++)
    must(br_str_addz(&text, "{\"a\":1}\n", &err), &err);
  br_interrupt_raise();
  br_code read = br_json_parse(&made, text.data, text.len, true, &err);
  br_str_clear(&text);
  br_code written = br_json_format(&text, frame, BR_JSON_RECORDS, &err);
  br_interrupt_clear();
  assert_int_equal(read, BR_EINTR);
  assert_int_equal(written, BR_EINTR);
  br_str_clear(&text);
  br_frame_free(frame);
}

/* An error's words need memory too. */
static void errors_survive_failing_allocations(void **state)
{
  (void)state;
  br_code code = BR_ENOMEM;
  size_t start = br_mem_live();
  for (size_t n = 1; code == BR_ENOMEM; n++) {
    br_err err = {0};
    br_frame *made = NULL;
    br_mem_fail_at(n);
    code = br_json_parse(&made, "[{\"a\":1},]", 10, false, &err);
    br_mem_fail_at(0);
    assert_null(made);
    assert_int_equal(err.code, code);
    assert_int_equal(br_mem_live(), start);
  }
  assert_int_equal(code, BR_EPARSE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_frame_has_three_shapes),
      cmocka_unit_test(no_rows_and_no_columns_have_a_shape),
      cmocka_unit_test(strings_are_escaped),
      cmocka_unit_test(names_are_escaped_and_times_are_text),
      cmocka_unit_test(objects_are_rows),
      cmocka_unit_test(arrays_are_columns),
      cmocka_unit_test(lines_are_rows),
      cmocka_unit_test(nested_objects_have_dotted_names),
      cmocka_unit_test(types_hold_all_values),
      cmocka_unit_test(no_digit_is_lost),
      cmocka_unit_test(strings_are_read),
      cmocka_unit_test(lone_surrogates_are_replaced),
      cmocka_unit_test(what_is_no_json_is_told_with_its_place),
      cmocka_unit_test(shapes_that_are_no_frame_are_told),
      cmocka_unit_test(depth_costs_memory_only),
      cmocka_unit_test(a_frame_comes_back),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(files_are_read_and_written),
      cmocka_unit_test(long_work_can_be_interrupted),
      cmocka_unit_test(errors_survive_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
