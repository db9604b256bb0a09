/* Columns: building, nulls, dictionaries, sharing, take, casts, parsing, order. */
#include "frame_test.h"

#include "frame/column.h"

#include <locale.h>
#include <math.h>

static br_err err;

static int no_block_is_left(void **state)
{
  (void)state;
  return br_mem_live() == 0 ? 0 : -1;
}

static br_column *new_column(br_type type)
{
  br_column *column = NULL;
  must(br_column_new(&column, type, &err), &err);
  return column;
}

static void push(br_column *column, const char *text)
{
  must(br_column_push_str(column, text, strlen(text), &err), &err);
}

static void column_types_have_names(void **state)
{
  (void)state;
  const char *const names[] = {"f64", "i64", "bool", "string"};
  for (int i = 0; i < 4; i++) {
    br_type type = BR_F64;
    assert_true(br_type_from_name(names[i], &type));
    assert_int_equal(type, i);
    assert_string_equal(br_type_name(type), names[i]);
  }
  br_type kept = BR_BOOL;
  assert_false(br_type_from_name("int", &kept));
  assert_int_equal(kept, BR_BOOL);
}

static void column_without_rows_has_addresses(void **state)
{
  (void)state;
  br_column *f = new_column(BR_F64);
  br_column *s = new_column(BR_STR);
  assert_int_equal(br_column_len(f), 0);
  assert_non_null(br_column_f64_data(f));
  assert_null(br_column_f64_data(s));
  assert_non_null(br_column_codes(s));
  assert_null(br_column_codes(f));
  assert_int_equal(br_column_dict_len(s), 0);
  assert_int_equal(br_column_dict_len(f), 0);
  br_column_release(f);
  br_column_release(s);
  br_column_release(NULL);
}

static void column_push_grows_and_counts_nulls(void **state)
{
  (void)state;
  br_column *c = new_column(BR_F64);
  for (int i = 0; i < 1000; i++)
    must(i % 3 == 1 ? br_column_push_null(c, &err) : br_column_push_f64(c, i, &err), &err);
  assert_int_equal(br_column_len(c), 1000);
  assert_int_equal(br_column_null_count(c), 333);
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(br_column_is_null(c, (size_t)i), i % 3 == 1);
    if (i % 3 == 1)
      assert_true(isnan(br_column_f64(c, (size_t)i)));
    else
      assert_true(br_column_f64_data(c)[i] == i);
  }
  br_column_release(c);
}

/* The bitmap appears late, at every position within a byte. */
static void column_first_null_may_come_at_any_row(void **state)
{
  (void)state;
  for (size_t at = 0; at < 20; at++) {
    br_column *c = new_column(BR_I64);
    for (size_t i = 0; i < 20; i++)
      must(i == at ? br_column_push_null(c, &err) : br_column_push_i64(c, (int64_t)i, &err), &err);
    for (size_t i = 0; i < 20; i++)
      assert_int_equal(br_column_is_null(c, i), i == at);
    assert_int_equal(br_column_null_count(c), 1);
    br_column_release(c);
  }
}

static void column_null_reads_as_blank(void **state)
{
  (void)state;
  for (br_type type = BR_F64; type <= BR_STR; type++) {
    br_column *c = new_column(type);
    size_t len = 9;
    must(br_column_push_null(c, &err), &err);
    assert_true(isnan(br_column_number(c, 0)));
    if (type == BR_F64)
      assert_true(isnan(br_column_f64(c, 0)));
    if (type == BR_I64)
      assert_int_equal(br_column_i64(c, 0), 0);
    if (type == BR_BOOL)
      assert_false(br_column_bool(c, 0));
    if (type == BR_STR) {
      assert_string_equal(br_column_str(c, 0, &len), "");
      assert_int_equal(len, 0);
    }
    br_column_release(c);
  }
}

static void column_strings_are_kept_once(void **state)
{
  (void)state;
  br_column *c = new_column(BR_STR);
  char text[32];
  for (int i = 0; i < 5000; i++) {
    (void)snprintf(text, sizeof text, "word %d", i % 700);
    push(c, text);
  }
  assert_int_equal(br_column_dict_len(c), 700);
  for (size_t i = 0; i < 5000; i++) {
    (void)snprintf(text, sizeof text, "word %d", (int)i % 700);
    assert_string_equal(br_column_str(c, i, NULL), text);
    assert_int_equal(br_column_codes(c)[i], i % 700);
  }
  br_column_release(c);
}

static void column_strings_may_be_empty_or_hold_nul(void **state)
{
  (void)state;
  br_column *c = new_column(BR_STR);
  size_t len = 0;
  must(br_column_push_str(c, "", 0, &err), &err);
  must(br_column_push_str(c, NULL, 0, &err), &err);
  must(br_column_push_str(c, "a\0b", 3, &err), &err);
  must(br_column_push_str(c, "a", 1, &err), &err);
  assert_int_equal(br_column_dict_len(c), 3);
  assert_false(br_column_is_null(c, 0));
  assert_memory_equal(br_column_str(c, 2, &len), "a\0b", 4);
  assert_int_equal(len, 3);
  assert_string_equal(br_column_dict_str(c, 2, &len), "a");
  assert_int_equal(len, 1);
  br_column_release(c);
}

static void column_number_reads_all_but_strings(void **state)
{
  (void)state;
  br_column *i = new_column(BR_I64);
  br_column *b = new_column(BR_BOOL);
  br_column *s = new_column(BR_STR);
  must(br_column_push_i64(i, -3, &err), &err);
  must(br_column_push_bool(b, true, &err), &err);
  push(s, "3");
  assert_true(br_column_number(i, 0) == -3);
  assert_true(br_column_number(b, 0) == 1);
  assert_true(isnan(br_column_number(s, 0)));
  br_column_release(i);
  br_column_release(b);
  br_column_release(s);
}

static void column_refuses_other_types_and_shared_writing(void **state)
{
  (void)state;
  br_column *c = new_column(BR_F64);
  br_column *s = new_column(BR_STR);
  push(s, "x");
  assert_fails(br_column_push_i64(c, 1, &err), &err, BR_ETYPE, "f64 column can't take i64");
  assert_fails(br_column_push_bool(c, true, &err), &err, BR_ETYPE, "bool");
  assert_fails(br_column_push_str(c, "x", 1, &err), &err, BR_ETYPE, "string");
  assert_fails(br_column_push_f64(s, 1, &err), &err, BR_ETYPE, "f64");
  assert_fails(br_column_push_cell(c, s, 0, &err), &err, BR_ETYPE, "string");
  br_column *other = br_column_retain(c);
  assert_fails(br_column_push_f64(c, 1, &err), &err, BR_EINVAL, "shared");
  assert_fails(br_column_push_null(c, &err), &err, BR_EINVAL, "shared");
  assert_fails(br_column_reserve(c, 10, &err), &err, BR_EINVAL, "shared");
  br_column_release(other);
  must(br_column_push_f64(c, 1, &err), &err);
  assert_int_equal(br_column_len(c), 1);
  br_column_release(c);
  br_column_release(s);
}

static void column_unshare_gives_a_private_copy(void **state)
{
  (void)state;
  br_column *c = new_column(BR_STR);
  push(c, "a");
  must(br_column_push_null(c, &err), &err);
  br_column *mine = br_column_retain(c);
  must(br_column_unshare(&mine, &err), &err);
  assert_ptr_not_equal(mine, c);
  push(mine, "b");
  push(mine, "a");
  assert_int_equal(br_column_len(c), 2);
  assert_int_equal(br_column_dict_len(c), 1);
  assert_int_equal(br_column_dict_len(mine), 2);
  assert_true(br_column_is_null(mine, 1));
  assert_string_equal(br_column_str(mine, 2, NULL), "b");
  br_column *same = mine;
  must(br_column_unshare(&mine, &err), &err);
  assert_ptr_equal(mine, same);
  br_column_release(c);
  br_column_release(mine);
}

static void column_reserve_of_too_much_is_out_of_memory(void **state)
{
  (void)state;
  br_column *c = new_column(BR_F64);
  must(br_column_push_f64(c, 1, &err), &err);
  assert_fails(br_column_reserve(c, SIZE_MAX, &err), &err, BR_ENOMEM, "memory");
  assert_fails(br_column_reserve(c, SIZE_MAX / 8 + 2, &err), &err, BR_ENOMEM, "memory");
  must(br_column_reserve(c, 0, &err), &err);
  assert_true(br_column_f64(c, 0) == 1);
  br_column_release(c);
}

static void column_push_cell_copies_across_dictionaries(void **state)
{
  (void)state;
  br_column *from = new_column(BR_STR);
  br_column *to = new_column(BR_STR);
  push(from, "a");
  push(from, "b");
  must(br_column_push_null(from, &err), &err);
  for (size_t row = 3; row-- > 0;)
    must(br_column_push_cell(to, from, row, &err), &err);
  must(br_column_push_cell(to, to, 1, &err), &err);
  assert_true(br_column_is_null(to, 0));
  assert_string_equal(br_column_str(to, 1, NULL), "b");
  assert_string_equal(br_column_str(to, 2, NULL), "a");
  assert_string_equal(br_column_str(to, 3, NULL), "b");
  br_column_release(from);
  br_column_release(to);
}

static void column_take_shares_strings(void **state)
{
  (void)state;
  br_column *c = new_column(BR_STR);
  br_column *taken = NULL;
  push(c, "a");
  push(c, "b");
  const size_t rows[] = {1, 1, BR_COLUMN_NULL_ROW, 0, 2};
  must(br_column_take(&taken, c, rows, 4, &err), &err);
  assert_ptr_equal(br_column_dict_str(taken, 0, NULL), br_column_dict_str(c, 0, NULL));
  assert_string_equal(br_column_str(taken, 0, NULL), "b");
  assert_true(br_column_is_null(taken, 2));
  push(taken, "new");
  assert_int_equal(br_column_dict_len(c), 2);
  assert_string_equal(br_column_str(taken, 4, NULL), "new");
  br_column *kept = taken;
  assert_fails(br_column_take(&taken, c, rows, 5, &err), &err, BR_ERANGE,
               "row 3 of a column with 2 rows");
  assert_ptr_equal(taken, kept);
  br_column_release(c);
  assert_string_equal(br_column_str(taken, 3, NULL), "a");
  br_column_release(taken);
}

static void column_take_moves_every_type(void **state)
{
  (void)state;
  br_frame *f = frame_of("s:s x:f n:i b:b\na 1.5 1 true\nb nan 2 false\n- - - -\n");
  br_frame *made = NULL;
  const size_t without_null[] = {1, 0};
  const size_t with_null[] = {2, 1};
  assert_made(br_frame_take(&made, f, without_null, 2, &err), &err, &made,
              "s:s x:f n:i b:b\nb nan 2 false\na 1.5 1 true\n");
  assert_made(br_frame_take(&made, f, with_null, 2, &err), &err, &made,
              "s:s x:f n:i b:b\n- - - -\nb nan 2 false\n");
  br_frame_free(f);
}

/* Asserts what the one column of a frame becomes. */
static void casts(const char *text, br_type type, br_cast_policy policy, const char *expected)
{
  br_frame *f = frame_of(text);
  br_column *cast = NULL;
  must(br_column_cast(&cast, br_frame_column(f, 0), type, policy, &err), &err);
  must(br_frame_set(f, "x", cast, &err), &err);
  br_column_release(cast);
  assert_frame(f, expected);
  br_frame_free(f);
}

static void refuses_cast(const char *text, br_type type, br_code code, const char *part)
{
  br_frame *f = frame_of(text);
  br_column *cast = NULL;
  assert_fails(br_column_cast(&cast, br_frame_column(f, 0), type, BR_CAST_STRICT, &err), &err, code,
               part);
  assert_null(cast);
  br_frame_free(f);
}

static void column_cast_converts_what_has_a_value(void **state)
{
  (void)state;
  casts("x:s\n1.5\n-\nNaN\n-inf\n1e3\n", BR_F64, BR_CAST_STRICT,
        "x:f\n1.5\n-\nnan\n-inf\n1000.0\n");
  casts("x:s\n12\n-\n-7\n+3\n", BR_I64, BR_CAST_STRICT, "x:i\n12\n-\n-7\n3\n");
  casts("x:s\nTRUE\n-\nfalse\n", BR_BOOL, BR_CAST_STRICT, "x:b\ntrue\n-\nfalse\n");
  casts("x:f\n3.0\n-\n-0.0\n", BR_I64, BR_CAST_STRICT, "x:i\n3\n-\n0\n");
  casts("x:f\n1.0\n0.0\n", BR_BOOL, BR_CAST_STRICT, "x:b\ntrue\nfalse\n");
  casts("x:i\n3\n-\n", BR_F64, BR_CAST_STRICT, "x:f\n3.0\n-\n");
  casts("x:b\ntrue\n-\nfalse\n", BR_I64, BR_CAST_STRICT, "x:i\n1\n-\n0\n");
  casts("x:b\ntrue\n-\n", BR_F64, BR_CAST_STRICT, "x:f\n1.0\n-\n");
  casts("x:f\n0.1\n-\nnan\n1e+300\n", BR_STR, BR_CAST_STRICT, "x:s\n0.1\n-\nnan\n1e+300\n");
  casts("x:i\n-9223372036854775808\n", BR_STR, BR_CAST_STRICT, "x:s\n-9223372036854775808\n");
  casts("x:b\ntrue\nfalse\n", BR_STR, BR_CAST_STRICT, "x:s\ntrue\nfalse\n");
  casts("x:s\n", BR_F64, BR_CAST_STRICT, "x:f\n");
}

static void column_cast_names_the_row_without_a_value(void **state)
{
  (void)state;
  refuses_cast("x:s\n1\nfail\n", BR_F64, BR_EPARSE, "row 2: 'fail' is no f64");
  refuses_cast("x:s\n0x10\n", BR_F64, BR_EPARSE, "'0x10'");
  refuses_cast("x:s\n1_000\n", BR_I64, BR_EPARSE, "'1_000'");
  refuses_cast("x:s\nyes\n", BR_BOOL, BR_EPARSE, "'yes' is no bool");
  refuses_cast("x:s\na\x1b[2J\n", BR_I64, BR_EPARSE, "'a?[2J'");
  refuses_cast("x:f\n1.5\n", BR_I64, BR_ERANGE, "row 1: '1.5' is no i64");
  refuses_cast("x:f\n-\nnan\n", BR_I64, BR_ERANGE, "row 2: 'nan'");
  refuses_cast("x:f\n9223372036854775808\n", BR_I64, BR_ERANGE, "i64");
  refuses_cast("x:f\n-inf\n", BR_I64, BR_ERANGE, "'-inf'");
  refuses_cast("x:i\n2\n", BR_BOOL, BR_ERANGE, "'2' is no bool");
  casts("x:s\n1\nfail\n-\n", BR_F64, BR_CAST_NULL, "x:f\n1.0\n-\n-\n");
  casts("x:f\n1.5\n-9223372036854775808\n", BR_I64, BR_CAST_NULL, "x:i\n-\n-9223372036854775808\n");
  casts("x:i\n2\n1\n", BR_BOOL, BR_CAST_NULL, "x:b\n-\ntrue\n");
}

static void column_cast_cuts_long_text_between_characters(void **state)
{
  (void)state;
  br_column *c = new_column(BR_STR);
  br_column *cast = NULL;
  char text[301];
  for (size_t i = 0; i < 300; i += 2)
    memcpy(text + i, "\xc3\xa9", 2);
  text[300] = '\0';
  must(br_column_push_str(c, text + 1, 299, &err), &err);
  assert_fails(br_column_cast(&cast, c, BR_F64, BR_CAST_STRICT, &err), &err, BR_EPARSE,
               "\xc3\xa9...' is no f64");
  br_column_release(c);
}

static void column_cast_to_the_same_type_shares(void **state)
{
  (void)state;
  br_column *c = new_column(BR_STR);
  br_column *cast = NULL;
  must(br_column_cast(&cast, c, BR_STR, BR_CAST_STRICT, &err), &err);
  assert_ptr_equal(cast, c);
  br_column_release(cast);
  br_column_release(c);
}

/* The value of text, or 12345 if it is no number. */
static double f64_of(const char *text)
{
  double value = 12345;
  (void)br_parse_f64(text, strlen(text), &value);
  return value;
}

static void parse_f64_rounds_as_the_c_library(void **state)
{
  (void)state;
  const char *const texts[] = {
      "0",
      "1",
      "-1",
      "+1.5",
      ".5",
      "5.",
      "1e5",
      "1E-5",
      "1e+22",
      "1e23",
      "0.1",
      "123456789012345678",
      "4.9e-324",
      "2.2250738585072011e-308",
      "1.7976931348623157e308",
      "1e-400",
      "-0.0",
      "9007199254740993",
      "0.000000000000000000000000000001",
      "00012.500",
      "123456789012345e-22",
      "1000000000000000000000000000000000000000000000e-40",
      "8.5e15",
      "1e-22",
      "3e-23",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (f64_of(texts[i]) != strtod(texts[i], NULL))
      fail_msg("%s: %a, not %a", texts[i], f64_of(texts[i]), strtod(texts[i], NULL));
}

static void parse_f64_takes_words_blanks_and_overflow(void **state)
{
  (void)state;
  assert_true(signbit(f64_of("-0.0")) && !signbit(f64_of("0e5")));
  assert_true(isnan(f64_of("nan")) && isnan(f64_of("NaN")) && isnan(f64_of("-nan")));
  assert_true(f64_of("inf") == INFINITY && f64_of("-Infinity") == -INFINITY);
  assert_true(f64_of(" \t1.5\t ") == 1.5 && f64_of("  +INF ") == INFINITY);
  assert_true(f64_of("1e999") == INFINITY && f64_of("-1e99999999999999999999") == -INFINITY);
  assert_true(f64_of("1e-99999999999999999999") == 0);
  assert_true(f64_of("0e99999999999999999999") == 0);
}

static void parse_f64_refuses_what_is_no_number(void **state)
{
  (void)state;
  const char *const texts[] = {"",     " ",   ".",   "-",     "+-1", "1e",     "e5",    "1e+",
                               "0x10", "1_0", "1,5", "1 2",   "- 1", "nan(1)", "infin", "1.2.3",
                               "1f",   "--1", "i",   "1e5.5", "\n1", "NaNs",   ".e1",   "0b1"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (f64_of(texts[i]) != 12345)
      fail_msg("'%s' is taken for %g", texts[i], f64_of(texts[i]));
  double value = 0;
  assert_false(br_parse_f64("1\0", 2, &value));
  assert_true(br_parse_f64("1.5e3", 3, &value) && value == 1.5);
}

/* More digits than are kept: half of the least number, and that with one more digit far behind. */
static void parse_f64_rounds_thousands_of_digits(void **state)
{
  (void)state;
  char text[4096];
  (void)snprintf(text, sizeof text, "1%0*d.%0*d", 1000, 0, 1000, 0);
  assert_true(f64_of(text) == INFINITY);
  (void)snprintf(text, sizeof text, "0.%0*d1%0*d", 300, 0, 2000, 0);
  assert_true(f64_of(text) == 1e-301);
  (void)snprintf(text, sizeof text, "9007199254740993.%0*d", 2000, 0);
  assert_true(f64_of(text) == 9007199254740992.0);
  (void)snprintf(text, sizeof text, "9007199254740993.%0*d1", 2000, 0);
  assert_true(f64_of(text) == 9007199254740994.0);
  (void)snprintf(text, sizeof text, "9007199254740993%0*de-2000", 2000, 0);
  assert_true(f64_of(text) == 9007199254740992.0);
}

static void parse_f64_does_not_know_the_locale(void **state)
{
  (void)state;
  static const char *const comma[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
  for (size_t i = 0; i < sizeof comma / sizeof *comma; i++)
    if (setlocale(LC_NUMERIC, comma[i]))
      break;
  assert_true(f64_of("1.5") == 1.5 && f64_of("1.5e-300") > 1e-300);
  assert_true(f64_of("0.12345678901234567890") > 0.1 && f64_of("1,5") == 12345);
  (void)setlocale(LC_NUMERIC, "C");
}

static void parse_f64_reads_back_what_is_written(void **state)
{
  (void)state;
  uint64_t seed = 88172645463325252u;
  for (int i = 0; i < 20000; i++) {
    double x = 0;
    char text[BR_DOUBLE_TEXT_MAX];
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    memcpy(&x, &seed, sizeof x);
    (void)br_str_from_double(text, x);
    if (f64_of(text) != x && !isnan(x))
      fail_msg("%s reads as %a, not %a", text, f64_of(text), x);
  }
}

static void parses_i64(const char *text, bool fits, int64_t expected)
{
  int64_t value = 0;
  assert_int_equal(br_parse_i64(text, strlen(text), &value), fits);
  if (fits)
    assert_true(value == expected);
}

static void parse_i64_takes_what_fits(void **state)
{
  (void)state;
  parses_i64("0", true, 0);
  parses_i64(" -42\t", true, -42);
  parses_i64("+007", true, 7);
  parses_i64("9223372036854775807", true, INT64_MAX);
  parses_i64("-9223372036854775808", true, INT64_MIN);
  parses_i64("9223372036854775808", false, 0);
  parses_i64("-9223372036854775809", false, 0);
  parses_i64("92233720368547758070", false, 0);
  const char *const bad[] = {"", "-", "+", " ", "1.0", "1e3", "0x1", "1 2", "--1", "1_0", "a"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    parses_i64(bad[i], false, 0);
}

static void parse_bool_takes_two_words(void **state)
{
  (void)state;
  bool value = false;
  assert_true(br_parse_bool("True", 4, &value) && value);
  assert_true(br_parse_bool("FALSE", 5, &value) && !value);
  assert_false(br_parse_bool("true ", 5, &value));
  assert_false(br_parse_bool("1", 1, &value));
  assert_false(br_parse_bool("", 0, &value));
  assert_false(br_parse_bool("tru", 3, &value));
}

static void column_compare_is_a_total_order(void **state)
{
  (void)state;
  const char *const ordered[] = {"x:f\n-inf\n-1.0\n0.0\ninf\nnan\n-\n",
                                 "x:i\n-9223372036854775808\n0\n9223372036854775807\n-\n",
                                 "x:b\nfalse\ntrue\n-\n", "x:s\nA\nB\na\naa\nb\n\xc3\xa9\n-\n"};
  for (size_t k = 0; k < sizeof ordered / sizeof *ordered; k++) {
    br_frame *f = frame_of(ordered[k]);
    const br_column *x = br_frame_column(f, 0);
    for (size_t i = 0; i < br_column_len(x); i++)
      for (size_t j = 0; j < br_column_len(x); j++)
        assert_int_equal(br_column_compare(x, i, x, j), (i > j) - (i < j));
    br_frame_free(f);
  }
}

/* Failing allocations. */

static br_code build_strings(br_column *c, br_err *e)
{
  char text[32];
  br_code code = BR_OK;
  for (int i = 0; i < 60 && code == BR_OK; i++) {
    (void)snprintf(text, sizeof text, "a word of length %d", i);
    code = i == 40 ? br_column_push_null(c, e) : br_column_push_str(c, text, strlen(text), e);
  }
  return code;
}

static br_code job_strings(br_frame **out, const br_frame *frame, br_err *e)
{
  (void)out;
  (void)frame;
  br_column *c = NULL;
  br_code code = br_column_new(&c, BR_STR, e);
  if (code == BR_OK)
    code = build_strings(c, e);
  br_column *copy = code == BR_OK ? br_column_retain(c) : NULL;
  if (code == BR_OK)
    code = br_column_unshare(&copy, e);
  if (code == BR_OK)
    code = br_column_push_str(copy, "one more", 8, e);
  br_column_release(copy);
  br_column_release(c);
  return code;
}

static br_code job_cast(br_frame **out, const br_frame *frame, br_err *e)
{
  (void)out;
  br_column *text = NULL;
  br_column *back = NULL;
  br_code code = br_column_cast(&text, br_frame_column(frame, 0), BR_STR, BR_CAST_STRICT, e);
  if (code == BR_OK)
    code = br_column_cast(&back, text, BR_I64, BR_CAST_NULL, e);
  br_column_release(text);
  br_column_release(back);
  return code;
}

static void column_survives_every_allocation_failing(void **state)
{
  (void)state;
  br_frame *f = frame_of("x:f\n1.5\n2.0\n-\n");
  assert_survives(job_strings, f);
  assert_survives(job_cast, f);
  br_frame_free(f);
}

static void column_stays_whole_when_a_push_fails(void **state)
{
  (void)state;
  br_column *c = new_column(BR_STR);
  push(c, "kept");
  br_mem_fail_at(1);
  for (int i = 0; i < 100; i++) {
    char text[32];
    (void)snprintf(text, sizeof text, "%d", i);
    (void)!br_column_push_str(c, text, strlen(text), NULL);
  }
  assert_int_equal(br_column_push_null(c, &err), BR_ENOMEM);
  br_mem_fail_at(0);
  size_t len = br_column_len(c);
  assert_int_equal(br_column_null_count(c), 0);
  assert_string_equal(br_column_str(c, 0, NULL), "kept");
  push(c, "after");
  assert_string_equal(br_column_str(c, len, NULL), "after");
  br_column_release(c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(column_types_have_names),
      cmocka_unit_test(column_without_rows_has_addresses),
      cmocka_unit_test(column_push_grows_and_counts_nulls),
      cmocka_unit_test(column_first_null_may_come_at_any_row),
      cmocka_unit_test(column_null_reads_as_blank),
      cmocka_unit_test(column_strings_are_kept_once),
      cmocka_unit_test(column_strings_may_be_empty_or_hold_nul),
      cmocka_unit_test(column_number_reads_all_but_strings),
      cmocka_unit_test(column_refuses_other_types_and_shared_writing),
      cmocka_unit_test(column_unshare_gives_a_private_copy),
      cmocka_unit_test(column_reserve_of_too_much_is_out_of_memory),
      cmocka_unit_test(column_push_cell_copies_across_dictionaries),
      cmocka_unit_test(column_take_shares_strings),
      cmocka_unit_test(column_take_moves_every_type),
      cmocka_unit_test(column_cast_converts_what_has_a_value),
      cmocka_unit_test(column_cast_names_the_row_without_a_value),
      cmocka_unit_test(column_cast_cuts_long_text_between_characters),
      cmocka_unit_test(column_cast_to_the_same_type_shares),
      cmocka_unit_test(parse_f64_rounds_as_the_c_library),
      cmocka_unit_test(parse_f64_takes_words_blanks_and_overflow),
      cmocka_unit_test(parse_f64_refuses_what_is_no_number),
      cmocka_unit_test(parse_f64_rounds_thousands_of_digits),
      cmocka_unit_test(parse_f64_does_not_know_the_locale),
      cmocka_unit_test(parse_f64_reads_back_what_is_written),
      cmocka_unit_test(parse_i64_takes_what_fits),
      cmocka_unit_test(parse_bool_takes_two_words),
      cmocka_unit_test(column_compare_is_a_total_order),
      cmocka_unit_test(column_survives_every_allocation_failing),
      cmocka_unit_test(column_stays_whole_when_a_push_fails),
  };
  return cmocka_run_group_tests(tests, NULL, no_block_is_left);
}
