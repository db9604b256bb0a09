/* Expressions: syntax, types, nulls, every operator and function, errors, limits. */
#include "base/parallel.h"
#include "expr/expr.h"
#include "frame_test.h"

#include <math.h>

/* The column as "f64: 1.5 - nan"; - is a null, strings stand as they are. */
static char *column_text(br_column *column)
{
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  assert_non_null(out);
  (void)fprintf(out, "%s:", br_type_name(br_column_type(column)));
  for (size_t row = 0; row < br_column_len(column); row++) {
    (void)fputc(' ', out);
    print_cell(out, column, row);
  }
  assert_int_equal(fclose(out), 0);
  return text;
}

static br_column *eval(const br_frame *frame, const char *text)
{
  br_err err = {0};
  br_expr *expr = NULL;
  br_column *column = NULL;
  must(br_expr_compile(&expr, text, strlen(text), frame, &err), &err);
  must(br_expr_eval(&column, expr, &err), &err);
  assert_int_equal(br_expr_type(expr), br_column_type(column));
  assert_int_equal(br_column_len(column), br_frame_nrow(frame));
  br_expr_free(expr);
  return column;
}

static void check(const br_frame *frame, const char *text, const char *expected)
{
  br_column *column = eval(frame, text);
  char *found = column_text(column);
  if (strcmp(found, expected) != 0)
    fail_msg("%s\n  gives    %s\n  expected %s", text, found, expected);
  free(found);
  br_column_release(column);
}

static void check_fails(const br_frame *frame, const char *text, br_code code, const char *part)
{
  br_err err = {0};
  br_expr *expr = NULL;
  br_column *column = NULL;
  br_code found = br_expr_compile(&expr, text, strlen(text), frame, &err);
  if (found == BR_OK)
    found = br_expr_eval(&column, expr, &err);
  br_expr_free(expr);
  if (found != code || !strstr(err.msg, part))
    fail_msg("%s\n  gives %s: %s\n  expected %s: %s", text, br_code_name(found), err.msg,
             br_code_name(code), part);
}

typedef struct expectation {
  const char *text, *expected;
} expectation;

static void check_all(const br_frame *frame, const expectation *list, size_t n)
{
  for (size_t i = 0; i < n; i++)
    check(frame, list[i].text, list[i].expected);
}

#define CHECK_ALL(frame, list) check_all((frame), (list), sizeof(list) / sizeof *(list))

static br_frame *one_row(void)
{
  return frame_of("x:i\n1\n");
}

static br_frame *sample(void)
{
  return frame_of("f:f i:i s:s b:b\n"
                  "1.5 7 ab true\n"
                  "-2.5 -7 Ab false\n"
                  "nan 0 - -\n"
                  "- - ab true\n");
}

static void constants_read_as_in_lua(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"42", "i64: 42"},
      {"0xff", "i64: 255"},
      {"0xffffffffffffffff", "i64: -1"},
      {"0x.8p1", "f64: 1.0"},
      {"9223372036854775807", "i64: 9223372036854775807"},
      {"9223372036854775808", "f64: 9.223372036854776e+18"},
      {"3.", "f64: 3.0"},
      {".5", "f64: 0.5"},
      {"1e3", "f64: 1000.0"},
      {"1e-2", "f64: 0.01"},
      {"'a\\'b'", "string: a'b"},
      {"\"a'b\"", "string: a'b"},
      {"'\\65\\x42\\u{43}\\u{e9}'", "string: ABC\xc3\xa9"},
      {"'a\\z  \n  b'", "string: ab"},
      {"'a\\\nb'", "string: a\nb"},
      {"[[a\\n]]", "string: a\\n"},
      {"[==[\na]]b]=]c]==]", "string: a]]b]=]c"},
      {"#'\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\''", "i64: 10"},
      {"#'\\u{7FFFFFFF}'", "i64: 6"},
      {"true", "bool: true"},
      {"false", "bool: false"},
      {"nil", "f64: -"},
      {"1 ..2", "string: 12"},
  };
  br_frame *frame = one_row();
  CHECK_ALL(frame, list);
  br_frame_free(frame);
}

static void operators_bind_as_in_lua(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"1 + 2 * 3", "i64: 7"},
      {"(1 + 2) * 3", "i64: 9"},
      {"10 - 4 - 3", "i64: 3"},
      {"2 ^ 3 ^ 2", "f64: 512.0"},
      {"-2 ^ 2", "f64: -4.0"},
      {"2 ^ -1", "f64: 0.5"},
      {"- - 3", "i64: 3"},
      {"'a' .. 'b' .. 'c' == 'abc'", "bool: true"},
      {"1 .. 2 + 3", "string: 15"},
      {"not true == false", "bool: true"},
      {"not (1 == 2)", "bool: true"},
      {"1 < 2 == true", "bool: true"},
      {"true or false and false", "bool: true"},
      {"(true or false) and false", "bool: false"},
      {"#'abc' + 1", "i64: 4"},
      {"-#'abc'", "i64: -3"},
      {"7 // 2 * 2 + 7 % 2", "i64: 7"},
      {"8 / 2 / 2", "f64: 2.0"},
      {"1 + 1 < 3 and 2 * 2 ~= 5", "bool: true"},
      {"'x':upper() .. ('y'):upper()", "string: XY"},
      {"math.floor(1.5) + string.len('ab')", "f64: 3.0"},
  };
  br_frame *frame = one_row();
  CHECK_ALL(frame, list);
  br_frame_free(frame);
}

static void arithmetic_keeps_to_its_types(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"i + 1", "i64: 8 -6 1 -"},
      {"i - i", "i64: 0 0 0 -"},
      {"i * 2", "i64: 14 -14 0 -"},
      {"i // 2", "i64: 3 -4 0 -"},
      {"i % 3", "i64: 1 2 0 -"},
      {"i % -3", "i64: -2 -1 0 -"},
      {"7 // i", "i64: 1 -1 - -"},
      {"7 % i", "i64: 0 0 - -"},
      {"i / 2", "f64: 3.5 -3.5 0.0 -"},
      {"i / 0", "f64: inf -inf nan -"},
      {"i ^ 2", "f64: 49.0 49.0 0.0 -"},
      {"-i", "i64: -7 7 0 -"},
      {"-f", "f64: -1.5 2.5 nan -"},
      {"f + i", "f64: 8.5 -9.5 nan -"},
      {"f // 1", "f64: 1.0 -3.0 nan -"},
      {"f % 1", "f64: 0.5 0.5 nan -"},
      {"5.5 % -2", "f64: -0.5 -0.5 -0.5 -0.5"},
      {"f * nil", "f64: - - - -"},
      {"i + nil", "i64: - - - -"},
      {"-9223372036854775807 - 1 // -1", "i64: -9223372036854775806 -9223372036854775806 "
                                         "-9223372036854775806 -9223372036854775806"},
      {"(-9223372036854775807 - 1) % -1", "i64: 0 0 0 0"},
      {"i .. '/' .. f .. b", "string: 7/1.5true -7/-2.5false - -"},
  };
  br_frame *frame = sample();
  CHECK_ALL(frame, list);
  br_frame_free(frame);
}

static void an_i64_that_does_not_fit_is_an_error(void **state)
{
  (void)state;
  br_frame *frame = frame_of("a:i b:i\n1 1\n9223372036854775807 1\n- 9\n-9223372036854775808 -1\n");
  check_fails(frame, "a + b", BR_ERANGE, "column 3: row 2: 9223372036854775807 + 1 does not fit");
  check_fails(frame, "a - 1", BR_ERANGE, "row 4: -9223372036854775808 - 1");
  check_fails(frame, "a * 2", BR_ERANGE, "row 2: 9223372036854775807 * 2");
  check_fails(frame, "a // b", BR_ERANGE, "row 4: -9223372036854775808 // -1");
  check_fails(frame, "-a", BR_ERANGE, "row 4: -(-9223372036854775808)");
  check_fails(frame, "abs(a)", BR_ERANGE, "row 4: abs(");
  check_fails(frame, "cumsum(a)", BR_ERANGE, "row 2: the result");
  check_fails(frame, "cumprod(b * 9223372036854775807)", BR_ERANGE, "does not fit");
  check_fails(frame, "9223372036854775807 + 1", BR_ERANGE, "column 21: 9223372036854775807 + 1");
  check(frame, "a % b", "i64: 0 0 - 0");
  check(frame, "a * 1.0 + b", "f64: 2.0 9.223372036854776e+18 - -9.223372036854776e+18");
  br_frame_free(frame);
  frame = frame_of("a:i b:i\n- 9223372036854775807\n1 1\n"); /* a null row raises nothing */
  check(frame, "b - a + 9223372036854775807 - 9223372036854775807", "i64: - 0");
  br_frame_free(frame);
}

static void comparisons_are_exact(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"f < 1.5", "bool: false true false -"},
      {"f <= 1.5", "bool: true true false -"},
      {"f > 1", "bool: true false false -"},
      {"f >= -2.5", "bool: true true false -"},
      {"f == f", "bool: true true false -"},
      {"f ~= f", "bool: false false true -"},
      {"i < 0.5", "bool: false true true -"},
      {"0.5 < i", "bool: true false false -"},
      {"i == 7.0", "bool: true false false -"},
      {"i <= f", "bool: false true false -"},
      {"f > i", "bool: false true false -"},
      {"s == 'ab'", "bool: true false - true"},
      {"s < 'ab'", "bool: false true - false"},
      {"'ab' <= s", "bool: true false - true"},
      {"s ~= 'a'", "bool: true true - true"},
      {"s > 'a'", "bool: true false - true"},
      {"s >= s", "bool: true true - true"},
      {"b == true", "bool: true false - true"},
      {"b ~= b", "bool: false false - false"},
      {"9007199254740993 == 9007199254740992.0", "bool: false false false false"},
      {"9007199254740993 > 9007199254740992.0", "bool: true true true true"},
      {"9223372036854775807 < 9223372036854775808.0", "bool: true true true true"},
      {"1 < 1e300 and -1e300 < 1 and not (1 < 0/0)", "bool: true true true true"},
  };
  br_frame *frame = sample();
  CHECK_ALL(frame, list);
  br_frame_free(frame);
}

static void logic_has_three_values(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"p and q", "bool: true false - false false false - false -"},
      {"p or q", "bool: true true true true false - true false -"},
      {"not p", "bool: false false false true true true - - -"},
      {"p and true", "bool: true true true false false false - - -"},
      {"p and nil", "bool: - - - false false false - - -"},
      {"nil or p", "bool: true true true false false false - - -"},
      {"nil and p", "bool: - - - false false false - - -"},
      {"(nil and true) == nil", "bool: true true true true true true true true true"},
      {"p and false or true", "bool: true true true true true true true true true"},
      {"not (p or false)", "bool: false false false true true true true true true"},
      {"not coalesce(p, false)", "bool: false false false true true true true true true"},
      {"p == nil", "bool: false false false false false false true true true"},
      {"p ~= nil and q ~= nil", "bool: true true false true true false false false false"},
      {"is_null(p)", "bool: false false false false false false true true true"},
      {"if_else(p, 1, 2)", "i64: 1 1 1 2 2 2 2 2 2"},
      {"p and 'y' or 'n'", "string: y y y n n n n n n"},
      {"p and 1", "i64: 1 1 1 - - - - - -"},
      {"coalesce(p, q, false)", "bool: true true true false false false true false false"},
  };
  br_frame *frame = frame_of("p:b q:b\ntrue true\ntrue false\ntrue -\nfalse true\nfalse false\n"
                             "false -\n- true\n- false\n- -\n");
  CHECK_ALL(frame, list);
  br_frame_free(frame);
}

static void functions_of_numbers(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"abs(i)", "i64: 7 7 0 -"},
      {"abs(f)", "f64: 1.5 2.5 nan -"},
      {"sign(i)", "i64: 1 -1 0 -"},
      {"sign(f)", "f64: 1.0 -1.0 nan -"},
      {"floor(f)", "f64: 1.0 -3.0 nan -"},
      {"ceil(f)", "f64: 2.0 -2.0 nan -"},
      {"round(f)", "f64: 2.0 -3.0 nan -"},
      {"round(i * 1.2345, 2)", "f64: 8.64 -8.64 0.0 -"},
      {"round(i, 1)", "i64: 7 -7 0 -"},
      {"round(i, -1)", "f64: 10.0 -10.0 0.0 -"},
      {"round(1e300, 300)", "f64: 1e+300 1e+300 1e+300 1e+300"},
      {"sqrt(i * i)", "f64: 7.0 7.0 0.0 -"},
      {"log(exp(2))", "f64: 2.0 2.0 2.0 2.0"},
      {"log(8, 2) + log2(8) + log10(100)", "f64: 8.0 8.0 8.0 8.0"},
      {"pow(i, 3)", "f64: 343.0 -343.0 0.0 -"},
      {"min(f, i, 1)", "f64: 1.0 -7.0 nan -"},
      {"max(i, 0)", "i64: 7 0 0 -"},
      {"clip(i, -1, nil)", "i64: 7 -1 0 -"},
      {"clip(f, -1, 1)", "f64: 1.0 -1.0 nan -"},
      {"is_nan(f)", "bool: false false true -"},
      {"is_finite(f / 0)", "bool: false false false -"},
      {"is_finite(i)", "bool: true true true -"},
      {"coalesce(f, 0)", "f64: 1.5 -2.5 nan 0.0"},
      {"i or 1", "i64: 7 -7 0 1"},
      {"isin(i, 0, 7)", "bool: true false true -"},
      {"between(i, -7, 0)", "bool: false true true -"},
      {"int(f)", "i64: 1 -2 - -"},
      {"int(b) + int(s)", "i64: - - - -"},
      {"int('12') + int(' 1.9 ')", "i64: 13 13 13 13"},
      {"float(i)", "f64: 7.0 -7.0 0.0 -"},
      {"float('nan')", "f64: nan nan nan nan"},
      {"bool(i)", "bool: - - false -"},
      {"bool('TRUE')", "bool: true true true true"},
      {"str(i) == '7'", "bool: true false false -"},
  };
  br_frame *frame = sample();
  CHECK_ALL(frame, list);
  br_frame_free(frame);
}

static void functions_of_text(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"lower(s)", "string: ab ab - ab"},
      {"s:upper()", "string: AB AB - AB"},
      {"trim(' \\t' .. s .. '\\n ')", "string: ab Ab - ab"},
      {"len(s)", "i64: 2 2 - 2"},
      {"#s + i", "i64: 9 -5 - -"},
      {"contains(s, 'b')", "bool: true true - true"},
      {"contains(s, '')", "bool: true true - true"},
      {"starts_with(s, 'A')", "bool: false true - false"},
      {"ends_with(s, 'b')", "bool: true true - true"},
      {"ends_with(s, 'xab')", "bool: false false - false"},
      {"find(s, 'b')", "i64: 2 2 - 2"},
      {"find(s, 'a')", "i64: 1 - - 1"},
      {"replace(s, 'b', 'xx')", "string: axx Axx - axx"},
      {"replace('aaa', 'aa', 'b') .. replace('x', '', 'y')", "string: bax bax bax bax"},
      {"sub('hello', 2, 3) .. sub('hello', -2) .. sub('hello', 0, -5)",
       "string: elloh elloh elloh elloh"},
      {"#sub(s, 3) + #sub(s, 2, 1) + #sub(s, 1, -9)", "i64: 0 0 - 0"},
      {"matches(s, '^a')", "bool: true false - true"},
      {"matches(s, 'x{2}|B$')", "bool: false false - false"},
      {"extract(s, '(.)b')", "string: a A - a"},
      {"extract(s, 'a.?')", "string: ab - - ab"},
      {"if_else(b, s, 'no')", "string: ab no no ab"},
      {"coalesce(s, 'none')", "string: ab Ab none ab"},
      {"s .. s", "string: abab AbAb - abab"},
      {"s == nil", "bool: false false true false"},
      {"isin(s, 'ab', nil)", "bool: true false true true"},
      {"s and 'x'", "string: x x - x"},
      {"matches('a\\0b', '^a') and matches('a\\0b', 'b$')", "bool: true true true true"},
  };
  br_frame *frame = sample();
  CHECK_ALL(frame, list);
  br_frame_free(frame);
}

/* One timestamp column from text, and seconds. */
static br_frame *times(void)
{
  br_err err = {0};
  br_frame *frame = frame_of("x:s n:f\n2026-01-31T08:05:06.5Z 1.5\n- 2\n1969-12-31T23:59:59Z -1\n"
                             "2024-02-29 nan\n");
  br_column *column = NULL;
  must(br_column_cast(&column, br_frame_column(frame, 0), BR_TIMESTAMP, BR_CAST_STRICT, &err),
       &err);
  must(br_frame_set(frame, "t", column, &err), &err);
  br_column_release(column);
  return frame;
}

static void functions_of_times(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"time(x) == t", "bool: true - true true"},
      {"time('x')", "timestamp: - - - -"},
      {"t > '2024-02-29'", "bool: true - false false"},
      {"'2024-02-29' <= t", "bool: true - false true"},
      {"t - '1970-01-01'", "f64: 1769846706.5 - -1.0 1709164800.0"},
      {"t + n", "timestamp: 2026-01-31T08:05:08Z - 1969-12-31T23:59:58Z -"},
      {"1 + t - 1 == t", "bool: true - true true"},
      {"year(t) .. '/' .. month(t) .. '/' .. day(t)", "string: 2026/1/31 - 1969/12/31 2024/2/29"},
      {"hour(t) * 10000 + minute(t) * 100 + second(t)", "i64: 80506 - 235959 0"},
      {"weekday(t)", "i64: 6 - 3 4"},
      {"date(t)", "timestamp: 2026-01-31T00:00:00Z - 1969-12-31T00:00:00Z 2024-02-29T00:00:00Z"},
      {"int(t)", "i64: 1769846706 - -1 1709164800"},
      {"float(t)", "f64: 1769846706.5 - -1.0 1709164800.0"},
      {"time(n)", "timestamp: 1970-01-01T00:00:01.5Z 1970-01-01T00:00:02Z 1969-12-31T23:59:59Z -"},
      {"time(86400)", "timestamp: 1970-01-02T00:00:00Z 1970-01-02T00:00:00Z "
                      "1970-01-02T00:00:00Z 1970-01-02T00:00:00Z"},
      {"t == max(t)", "bool: true - false false"},
      {"min(t, '2000-01-01') == t", "bool: false - true false"},
      {"coalesce(t, '2000-01-01') == '2000-01-01'", "bool: false true false false"},
      {"between(t, '2024-01-01', '2024-12-31')", "bool: false - false true"},
      {"diff(t, 2)", "f64: - - -1769846707.5 -"},
      {"cummin(t) == t", "bool: true - true false"},
  };
  br_frame *frame = times();
  CHECK_ALL(frame, list);
  check_fails(frame, "t > 'soon'", BR_EPARSE, "column 5: 'soon' is no time");
  check_fails(frame, "t + 1e15", BR_ERANGE, "row 1: the time is out of range");
  check_fails(frame, "t * 2", BR_ETYPE, "timestamp and i64");
  check_fails(frame, "t < 1", BR_ETYPE, "timestamp and i64");
  check_fails(frame, "2 - t", BR_ETYPE, "a timestamp and seconds");
  check_fails(frame, "bool(t)", BR_ETYPE, "can't make bool of timestamp");
  br_frame_free(frame);
}

static void functions_over_all_rows(void **state)
{
  (void)state;
  static const expectation list[] = {
      {"mean(i)", "f64: 2.5 2.5 2.5 2.5 2.5"},
      {"i - mean(i)", "f64: 1.5 -1.5 - 0.5 -0.5"},
      {"sum(i * 2) + sum(b)", "f64: 23.0 23.0 23.0 23.0 23.0"},
      {"count(s)", "f64: 4.0 4.0 4.0 4.0 4.0"},
      {"quantile(i, 0.25)", "f64: 1.75 1.75 1.75 1.75 1.75"},
      {"max(i) - min(i)", "i64: 3 3 3 3 3"},
      {"max(f)", "f64: nan nan nan nan nan"},
      {"max(mean(i) + i)", "f64: 6.5 6.5 6.5 6.5 6.5"},
      {"n()", "i64: 5 5 5 5 5"},
      {"row()", "i64: 1 2 3 4 5"},
      {"i[0", NULL},
      {"shift(i)", "i64: - 4 1 - 3"},
      {"shift(s, -2)", "string: a a d - -"},
      {"shift(i, 9)", "i64: - - - - -"},
      {"shift(i, 0)", "i64: 4 1 - 3 2"},
      {"diff(i)", "i64: - -3 - - -1"},
      {"cumsum(i)", "i64: 4 5 - 8 10"},
      {"cumsum(f)", "f64: 0.5 1.0 - nan nan"},
      {"cumprod(i)", "i64: 4 4 - 12 24"},
      {"cumprod(float(i))", "f64: 4.0 4.0 - 12.0 24.0"},
      {"cummax(i)", "i64: 4 4 - 4 4"},
      {"cummin(i)", "i64: 4 1 - 1 1"},
      {"cummax(f)", "f64: 0.5 0.5 - nan nan"},
      {"cumsum(b)", "i64: 1 1 2 - 3"},
      {"rank(i)", "f64: 4.0 1.0 - 3.0 2.0"},
      {"rank(s)", "f64: 3.0 - 1.5 1.5 4.0"},
      {"rank(f)", "f64: 1.5 1.5 - 4.0 3.0"},
      {"rank(-cumsum(i)) + sum(i)", "f64: 14.0 13.0 - 12.0 11.0"},
  };
  br_frame *frame = frame_of("i:i f:f s:s b:b\n4 0.5 b true\n1 0.5 - false\n- - a true\n"
                             "3 nan a -\n2 1 d true\n");
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (list[i].expected)
      check(frame, list[i].text, list[i].expected);
    else
      check_fails(frame, list[i].text, BR_EPARSE, "unexpected '['");
  br_frame_free(frame);
}

static void names_of_columns(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *frame = frame_of("a:i end:i stats.mean:i\n1 2 3\n");
  br_column *column = br_frame_column(frame, 0);
  must(br_frame_set(frame, "with blank", column, &err), &err);
  must(br_frame_set(frame,
                    "gr\xc3\xb6\xc3\x9f"
                    "e",
                    column, &err),
       &err);
  check(frame,
        "a + `with blank` + gr\xc3\xb6\xc3\x9f"
        "e + col('with blank')",
        "i64: 4");
  check(frame, "`end` + end", "i64: 4");
  check(frame, "stats.mean * 2", "i64: 6");
  check_fails(frame, "`with blanc`", BR_ENOTFOUND, "did you mean 'with blank'?");
  check_fails(frame, "`a", BR_EPARSE, "the backquote is not closed");
  check_fails(frame, "col(a)", BR_EPARSE, "col(\"name of a column\")");
  check_fails(frame, "col('a\\0')", BR_ENOTFOUND, "no NUL");
  br_column *same = eval(frame, "a");
  assert_ptr_equal(same, column); /* no cell is copied */
  br_column_release(same);
  br_frame_free(frame);
}

static void mistakes_are_told_with_their_place(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    br_code code;
    const char *part;
  } list[] = {
      {"", BR_EPARSE, "column 1: it is empty"},
      {"  ", BR_EPARSE, "it is empty"},
      {"f +", BR_EPARSE, "column 4: a value expected, but it ends here"},
      {"f f", BR_EPARSE, "column 3: an operator expected, not 'f'"},
      {"(f", BR_EPARSE, "')' expected"},
      {"f)", BR_EPARSE, "an operator expected, not ')'"},
      {"min(f,", BR_EPARSE, "a value expected"},
      {"min(f i)", BR_EPARSE, "')' expected, not 'i'"},
      {"f:3()", BR_EPARSE, "the name of a function expected"},
      {"s:lower", BR_EPARSE, "'(' expected"},
      {"and", BR_EPARSE, "a value expected, not 'and'"},
      {"1x", BR_EPARSE, "'1x' is no number"},
      {"0x", BR_EPARSE, "'0x' is no number"},
      {"1e+", BR_EPARSE, "is no number"},
      {"'abc", BR_EPARSE, "column 1: the string is not closed"},
      {"'a\nb'", BR_EPARSE, "the string is not closed"},
      {"'\\q'", BR_EPARSE, "no such escape"},
      {"'\\300'", BR_EPARSE, "\\255"},
      {"'\\xg'", BR_EPARSE, "two hexadecimal digits"},
      {"'\\u41'", BR_EPARSE, "'{' expected"},
      {"'\\u{}'", BR_EPARSE, "hexadecimal digits"},
      {"'\\u{80000000}'", BR_EPARSE, "too large"},
      {"[[abc", BR_EPARSE, "the long string is not closed"},
      {"f = 1", BR_EPARSE, "write =="},
      {"f != 1", BR_EPARSE, "~="},
      {"b && b", BR_EPARSE, "and"},
      {"b || b", BR_EPARSE, "or"},
      {"!b", BR_EPARSE, "not"},
      {"i & 1", BR_EPARSE, "bitwise"},
      {"i << 1", BR_EPARSE, "bitwise"},
      {"i --1", BR_EPARSE, "comment"},
      {"i ? 1", BR_EPARSE, "unexpected '?'"},
      {"\xc3\xa9\xc3\xa9 + ?", BR_ENOTFOUND, "column 1: no column"},
      {"'\xc3\xa9' .. zz", BR_ENOTFOUND, "column 8"},
      {"sample", BR_ENOTFOUND, "no column 'sample'"},
      {"mean", BR_ENOTFOUND, "called as mean(...)"},
      {"lowr(s)", BR_ENOTFOUND, "column 1: no function 'lowr'; did you mean 'lower'?"},
      {"f(s)", BR_ENOTFOUND, "no function 'f'"},
      {"lower()", BR_EPARSE, "call it as lower(s)"},
      {"n(1)", BR_EPARSE, "call it as n()"},
      {"mean(f, i)", BR_EPARSE, "call it as mean(x)"},
      {"s + 1", BR_ETYPE, "column 3: '+' takes numbers, not string and i64; strings are joined"},
      {"s * 1", BR_ETYPE, "float(x) reads"},
      {"b / 2", BR_ETYPE, "int(x) makes"},
      {"s == 1", BR_ETYPE, "string and i64"},
      {"b < b", BR_ETYPE, "bool and bool"},
      {"f < nil", BR_ETYPE, "x == nil"},
      {"not f", BR_ETYPE, "'not' takes a bool here, not f64"},
      {"#f", BR_ETYPE, "'#' takes a string here, not f64"},
      {"-s", BR_ETYPE, "'-' takes a number here, not string"},
      {"b or 1", BR_ETYPE, "bool and i64"},
      {"lower(f)", BR_ETYPE, "column 7: 'lower' takes a string here, not f64"},
      {"if_else(f, 1, 2)", BR_ETYPE, "'if_else' takes a bool"},
      {"if_else(b, 1, 'x')", BR_ETYPE, "'if_else' can't mix i64 and string"},
      {"coalesce(1, 2.5, 'x')", BR_ETYPE, "can't mix f64 and string"},
      {"min(s, s)", BR_ETYPE, "'min' takes a number here, not string"},
      {"mean(s)", BR_ETYPE, "'mean' takes a number here, not string"},
      {"quantile(f, i)", BR_ETYPE, "takes a constant here"},
      {"quantile(f, 2)", BR_EPARSE, "between 0 and 1"},
      {"shift(f, 1.5)", BR_ETYPE, "'shift' takes an i64 here, not f64"},
      {"shift(f, 9223372036854775807)", BR_EPARSE, "so far"},
      {"round(f, i)", BR_ETYPE, "constant"},
      {"round(f, 500)", BR_EPARSE, "digits"},
      {"year(s)", BR_ETYPE, "'year' takes a timestamp here, not string"},
      {"matches(s, '(')", BR_EPARSE, "column 12: the pattern can't be read"},
      {"matches(s, '(a)\\\\1')", BR_EPARSE, "refer back"},
      {"matches(s, '((a{200}){200}){200}')", BR_EPARSE, "repeats too much"},
      {"matches(s, 'a\\0')", BR_EPARSE, "no NUL"},
      {"matches(s, s)", BR_ETYPE, "constant"},
      {"matches(s, nil)", BR_ETYPE, "constant"},
  };
  br_frame *frame = sample();
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    check_fails(frame, list[i].text, list[i].code, list[i].part);
  br_frame_free(frame);
}

/* n times the text, between two others. */
static char *repeated(const char *before, const char *text, size_t n, const char *after)
{
  br_str made = {0};
  br_err err = {0};
  must(br_str_addz(&made, before, &err), &err);
  for (size_t i = 0; i < n; i++)
    must(br_str_addz(&made, text, &err), &err);
  must(br_str_addz(&made, after, &err), &err);
  return made.data;
}

static void hostile_text_meets_limits(void **state)
{
  (void)state;
  static const struct {
    const char *before, *text, *after;
    size_t n;
    const char *part; /* NULL: it works */
  } list[] = {
      {"", "(", "", 60000, "nested too deeply"},
      {"", "-", "x", 300, "comment"},
      {"", "- ", "x", 30000, "nested too deeply"},
      {"", "not ", "true", 10000, "nested too deeply"},
      {"1", "^1", "", 30000, "nested too deeply"},
      {"'a'", "..'a'", "", 10000, "nested too deeply"},
      {"", "abs(", "x", 10000, "nested too deeply"},
      {"x", "+x", "", 30000, "too large"},
      {"x", "+x", "", 40000, "at most 65536 bytes"},
      {"1", "+1", "", 5000, NULL},
      {"x", "+x", "", 8000, NULL},
      {"isin(x", ",1", ")", 5000, NULL},
      {"x", ":abs()", "", 8000, NULL},
      {"", "(", "x))))))))))))))))))))))))))))))))))))))))))))))))))", 50, NULL},
  };
  br_frame *frame = one_row();
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    char *text = repeated(list[i].before, list[i].text, list[i].n, list[i].after);
    if (list[i].part)
      check_fails(frame, text, BR_EPARSE, list[i].part);
    else
      br_column_release(eval(frame, text));
    br_free(text);
  }
  br_frame_free(frame);
}

static void empty_frames_work(void **state)
{
  (void)state;
  static const char *const texts[] = {"f + i",    "s .. s",      "lower(s)", "mean(f)",
                                      "shift(s)", "cumsum(i)",   "rank(s)",  "s == 'x'",
                                      "max(i)",   "row() + n()", "1",        "'a'"};
  br_frame *frame = frame_of("f:f i:i s:s\n");
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    br_column_release(eval(frame, texts[i]));
  br_frame_free(frame);
  frame = frame_of("\n");
  check(frame, "1 + 1", "i64:");
  check_fails(frame, "x", BR_ENOTFOUND, "no column 'x'");
  br_frame_free(frame);
  frame = frame_of("f:f i:i s:s b:b\n- - - -\n- - - -\n");
  static const expectation nulls[] = {
      {"f + i * 2", "f64: - -"},       {"lower(s) .. 'x'", "string: - -"},
      {"b and true", "bool: - -"},     {"b and false", "bool: false false"},
      {"mean(f)", "f64: nan nan"},     {"max(i)", "i64: - -"},
      {"rank(s)", "f64: - -"},         {"cumsum(i)", "i64: - -"},
      {"s == nil", "bool: true true"}, {"coalesce(s, 'x')", "string: x x"},
      {"count(f)", "f64: 0.0 0.0"},
  };
  CHECK_ALL(frame, nulls);
  br_frame_free(frame);
}

static void a_column_of_nulls_meets_any_type(void **state)
{
  static const expectation list[] = {
      {"s", "string: - -"},
      {"s > 0.5", "bool: - -"},
      {"0.5 < s", "bool: - -"},
      {"s == 'x'", "bool: - -"},
      {"s == s", "bool: - -"},
      {"s == nil", "bool: true true"},
      {"s ~= nil", "bool: false false"},
      {"s * 2 + i", "i64: - -"},
      {"-s / i", "f64: - -"},
      {"s .. 'x'", "string: - -"},
      {"b or s", "bool: true -"},
      {"s or b", "bool: true false"},
      {"s and b", "bool: - false"},
      {"not (s or b)", "bool: false true"},
      {"s or i", "i64: 1 2"},
      {"abs(s)", "f64: - -"},
      {"coalesce(s, i)", "i64: 1 2"},
      {"lower(s)", "string: - -"},
      {"if_else(b, s, i)", "i64: - 2"},
      {"max(s, i)", "i64: - -"},
  };
  (void)state;
  br_frame *frame = frame_of("s:s i:i b:b\n- 1 true\n- 2 false\n");
  check_all(frame, list, sizeof list / sizeof *list);
  br_frame_free(frame);
  frame = frame_of("s:s\n");
  check(frame, "cumsum(s) > 1", "bool:");
  br_frame_free(frame);
}

static void where_keeps_what_is_true(void **state)
{
  (void)state;
  br_err err = {0};
  br_expr *expr = NULL;
  br_frame *made = NULL;
  br_frame *frame = sample();
  br_frame *other = one_row();
  must(br_expr_compile(&expr, "b or f < 0", 10, frame, &err), &err);
  assert_made(br_expr_where(&made, expr, frame, &err), &err, &made,
              "f:f i:i s:s b:b\n1.5 7 ab true\n-2.5 -7 Ab false\n- - ab true\n");
  assert_fails(br_expr_where(&made, expr, other, &err), &err, BR_EINVAL, "4 rows");
  br_expr_free(expr);
  must(br_expr_compile(&expr, "f + 1", 5, frame, &err), &err);
  assert_fails(br_expr_where(&made, expr, frame, &err), &err, BR_ETYPE, "this is f64");
  br_expr_free(expr);
  br_frame_free(other);
  br_frame_free(frame);
}

/* An entry that no row uses must not fail, one that is used must. */
static void unused_strings_do_no_harm(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *made = NULL;
  size_t rows[] = {0, 0, 0};
  br_frame *frame = frame_of("s:s\n12\n9223372036854775807\n-\n");
  check_fails(frame, "int(s) + 1", BR_ERANGE, "row 2: 9223372036854775807 + 1");
  must(br_frame_take(&made, frame, rows, 3, &err), &err);
  check(made, "int(s) + 1", "i64: 13 13 13");
  br_frame_free(made);
  br_frame_free(frame);
}

enum { LARGE = 200001 };

/* Row i of a frame that takes several tasks; every third s and every fifth f is null. */
static br_frame *large(void)
{
  br_err err = {0};
  br_frame *frame = NULL;
  br_column *s = NULL;
  br_column *f = NULL;
  must(br_frame_new(&frame, &err), &err);
  must(br_column_new(&s, BR_STR, &err), &err);
  must(br_column_new(&f, BR_F64, &err), &err);
  for (int i = 0; i < LARGE; i++) {
    char text[16];
    int len = snprintf(text, sizeof text, "s%d", i * 7 % 1000);
    must(i % 3 ? br_column_push_str(s, text, (size_t)len, &err) : br_column_push_null(s, &err),
         &err);
    must(i % 5 ? br_column_push_f64(f, i, &err) : br_column_push_null(f, &err), &err);
  }
  must(br_frame_set(frame, "s", s, &err), &err);
  must(br_frame_set(frame, "f", f, &err), &err);
  br_column_release(s);
  br_column_release(f);
  return frame;
}

static void assert_same_column(const br_column *a, const br_column *b)
{
  assert_int_equal(br_column_null_count(a), br_column_null_count(b));
  for (size_t row = 0; row < br_column_len(a); row++)
    assert_int_equal(br_column_compare(a, row, b, row), 0);
  if (br_column_type(a) == BR_STR)
    assert_memory_equal(br_column_codes(a), br_column_codes(b),
                        br_column_len(a) * sizeof(uint32_t));
}

static void many_rows_on_any_number_of_threads(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "s .. '/' .. row() % 100",  "upper(s)",  "f * 2 + row()", "f > 1000 and s < 's5'",
      "if_else(f > 9, s, 'few')", "cumsum(f)", "sub(s, 2)",     "str(f % 10)"};
  br_frame *frame = large();
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    br_parallel_set_threads(1);
    br_column *one = eval(frame, texts[i]);
    br_parallel_set_threads(4);
    br_column *four = eval(frame, texts[i]);
    assert_same_column(one, four);
    br_column_release(one);
    br_column_release(four);
  }
  check_fails(frame, "row() * 50000000000000", BR_ERANGE, "row 184468: ");
  br_parallel_set_threads(0);
  br_column *doubled = eval(frame, "f * 2 + row()");
  br_column *joined = eval(frame, "s .. '/' .. row()");
  for (int i = 0; i < LARGE; i++) {
    char text[32];
    (void)snprintf(text, sizeof text, "s%d/%d", i * 7 % 1000, i + 1);
    assert_int_equal(br_column_is_null(doubled, (size_t)i), i % 5 == 0);
    if (i % 5)
      assert_true(br_column_f64(doubled, (size_t)i) == 3.0 * i + 1);
    assert_int_equal(br_column_is_null(joined, (size_t)i), i % 3 == 0);
    assert_string_equal(br_column_str(joined, (size_t)i, NULL), i % 3 ? text : "");
  }
  br_column_release(doubled);
  br_column_release(joined);
  br_frame_free(frame);
}

static void the_expression_outlives_the_frame(void **state)
{
  (void)state;
  br_err err = {0};
  br_expr *expr = NULL;
  br_column *column = NULL;
  br_frame *frame = sample();
  must(br_expr_compile(&expr, "s .. 'x' == 'abx' and f > 1", 27, frame, &err), &err);
  br_frame_free(frame);
  for (int i = 0; i < 2; i++) {
    must(br_expr_eval(&column, expr, &err), &err);
    char *text = column_text(column);
    assert_string_equal(text, "bool: true false false -");
    free(text);
    br_column_release(column);
  }
  br_expr_free(expr);
}

static const char *survivor;

static br_code run_survivor(br_frame **out, const br_frame *frame, br_err *err)
{
  br_expr *expr = NULL;
  br_code code = br_expr_compile(&expr, survivor, strlen(survivor), frame, err);
  if (code == BR_OK)
    code = br_expr_where(out, expr, frame, err);
  br_expr_free(expr);
  return code;
}

static void no_failing_allocation_leaks(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "f * 2 + i > 1 or lower(s) == 'ab' .. ''",
      "(if_else(b, s .. str(i), 'x') == 'q' or matches(s, 'a+')) and extract(s, '(a)') ~= nil",
      "rank(s) + cumsum(i) + shift(f) > mean(f) or max(i) == 1 or replace(s, 'a', 'bb') == 'x'",
      "isin(coalesce(i, 1), 1, 2, 3) and `f` < col('i') and time('2020-01-01') > '2019-01-01'",
  };
  br_frame *frame = sample();
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    survivor = texts[i];
    assert_survives(run_survivor, frame);
  }
  br_frame_free(frame);
}

static void functions_are_listed(void **state)
{
  (void)state;
  size_t n = br_expr_function_count();
  bool has_mean = false;
  assert_true(n > 60);
  for (size_t i = 0; i < n; i++) {
    br_expr_function function = br_expr_function_at(i);
    assert_true(function.signature[0] == '(' && strlen(function.help) > 5);
    has_mean = has_mean || strcmp(function.name, "mean") == 0;
    if (i > 0)
      assert_true(strcmp(br_expr_function_at(i - 1).name, function.name) < 0);
  }
  assert_true(has_mean);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(constants_read_as_in_lua),
      cmocka_unit_test(operators_bind_as_in_lua),
      cmocka_unit_test(arithmetic_keeps_to_its_types),
      cmocka_unit_test(an_i64_that_does_not_fit_is_an_error),
      cmocka_unit_test(comparisons_are_exact),
      cmocka_unit_test(logic_has_three_values),
      cmocka_unit_test(functions_of_numbers),
      cmocka_unit_test(functions_of_text),
      cmocka_unit_test(functions_of_times),
      cmocka_unit_test(functions_over_all_rows),
      cmocka_unit_test(names_of_columns),
      cmocka_unit_test(mistakes_are_told_with_their_place),
      cmocka_unit_test(hostile_text_meets_limits),
      cmocka_unit_test(empty_frames_work),
      cmocka_unit_test(a_column_of_nulls_meets_any_type),
      cmocka_unit_test(where_keeps_what_is_true),
      cmocka_unit_test(unused_strings_do_no_harm),
      cmocka_unit_test(many_rows_on_any_number_of_threads),
      cmocka_unit_test(the_expression_outlives_the_frame),
      cmocka_unit_test(no_failing_allocation_leaks),
      cmocka_unit_test(functions_are_listed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
