/* base/str: growing strings, and the text of doubles against texts known from Python's repr. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

static void str_starts_empty_and_clears_to_empty(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  br_str s = {0};
  br_str_clear(&s);
  assert_int_equal(br_str_addz(&s, "abc", NULL), BR_OK);
  assert_int_equal(br_mem_live(), start + 1);
  br_str_clear(&s);
  assert_null(s.data);
  assert_int_equal(s.len, 0);
  assert_int_equal(br_mem_live(), start);
  assert_int_equal(br_str_addc(&s, 'x', NULL), BR_OK);
  assert_string_equal(s.data, "x");
  br_str_clear(&s);
}

static void str_adding_nothing_still_terminates(void **state)
{
  (void)state;
  br_str s = {0};
  assert_int_equal(br_str_add(&s, NULL, 0, NULL), BR_OK);
  assert_string_equal(s.data, "");
  assert_int_equal(br_str_addf(&s, NULL, "%s", ""), BR_OK);
  assert_string_equal(s.data, "");
  assert_int_equal(s.len, 0);
  br_str_clear(&s);
}

static void str_keeps_nuls_and_terminates_after_each_add(void **state)
{
  (void)state;
  br_str s = {0};
  assert_int_equal(br_str_add(&s, "a\0b", 3, NULL), BR_OK);
  assert_int_equal(s.data[s.len], '\0');
  assert_int_equal(br_str_addc(&s, '\0', NULL), BR_OK);
  assert_int_equal(br_str_addf(&s, NULL, "%d|%s", -5, "z"), BR_OK);
  assert_int_equal(s.len, 8);
  assert_memory_equal(s.data, "a\0b\0-5|z", 9);
  br_str_clear(&s);
}

/* Each length from nothing to well over a growth, so that the NUL meets every border. */
static void str_grows_at_every_length(void **state)
{
  (void)state;
  br_str bytes = {0}, formatted = {0};
  for (size_t i = 0; i < 300; i++) {
    assert_int_equal(br_str_addc(&bytes, (char)('a' + i % 26), NULL), BR_OK);
    assert_int_equal(br_str_addf(&formatted, NULL, "%c", (int)('a' + i % 26)), BR_OK);
    assert_int_equal(bytes.len, i + 1);
    assert_true(bytes.cap > bytes.len);
    assert_string_equal(bytes.data, formatted.data);
  }
  br_str_clear(&bytes);
  br_str_clear(&formatted);
}

static void str_long_formats_are_not_cut(void **state)
{
  (void)state;
  br_str s = {0};
  assert_int_equal(br_str_addf(&s, NULL, "%*s|%s", 100000, "x", "end"), BR_OK);
  assert_int_equal(s.len, 100004);
  assert_string_equal(s.data + 99999, "x|end");
  br_str_clear(&s);
}

static void str_out_of_memory_leaves_it_as_it_was(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  br_str s = {0};
  br_err err;
  br_mem_fail_at(1);
  assert_int_equal(br_str_addz(&s, "abc", &err), BR_ENOMEM);
  assert_null(s.data);
  br_mem_fail_at(0);
  assert_int_equal(br_str_addz(&s, "abc", &err), BR_OK);
  br_mem_fail_at(1);
  assert_int_equal(br_str_addf(&s, &err, "%100d", 1), BR_ENOMEM);
  assert_int_equal(br_str_add(&s, "0123456789", 10, &err), BR_ENOMEM);
  br_mem_fail_at(0);
  assert_string_equal(s.data, "abc");
  assert_int_equal(s.len, 3);
  br_str_clear(&s);
  assert_int_equal(br_mem_live(), start);
}

/* --- the text of doubles --------------------------------------------------------------------- */

typedef struct known {
  double x;
  const char *text;
} known;

static void assert_text(double x, const char *text)
{
  char out[BR_DOUBLE_TEXT_MAX];
  memset(out, '#', sizeof out);
  size_t n = br_str_from_double(out, x);
  assert_string_equal(out, text);
  assert_int_equal(n, strlen(text));
}

static void assert_texts(const known *rows, size_t n)
{
  for (size_t i = 0; i < n; i++)
    assert_text(rows[i].x, rows[i].text);
}

static void double_whole_numbers_end_in_point_zero(void **state)
{
  (void)state;
  static const known rows[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1, "1.0"},
      {-1, "-1.0"},
      {10, "10.0"},
      {100, "100.0"},
      {123456789, "123456789.0"},
      {1e15, "1000000000000000.0"},
      {-1e15, "-1000000000000000.0"},
      {9007199254740992.0, "9007199254740992.0"},
      {9999999999999998.0, "9999999999999998.0"},
  };
  assert_texts(rows, sizeof rows / sizeof *rows);
}

static void double_fractions_have_the_fewest_digits(void **state)
{
  (void)state;
  static const known rows[] = {
      {0.1, "0.1"},
      {0.5, "0.5"},
      {1.25, "1.25"},
      {-2.5, "-2.5"},
      {0.0001, "0.0001"},
      {0.001234, "0.001234"},
      {1.0 / 3, "0.3333333333333333"},
      {2.0 / 3, "0.6666666666666666"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1 + DBL_EPSILON, "1.0000000000000002"},
      {1 - DBL_EPSILON / 2, "0.9999999999999999"},
      {9.5, "9.5"},
      {99.95, "99.95"},
      {3.141592653589793, "3.141592653589793"},
      {123456789012345.6, "123456789012345.6"},
      {1234567890123456.5, "1234567890123456.5"},
      {0.00012345678901234567, "0.00012345678901234567"},
  };
  assert_texts(rows, sizeof rows / sizeof *rows);
}

static void double_exponents_begin_below_1e_4_and_at_1e16(void **state)
{
  (void)state;
  static const known rows[] = {
      {1e16, "1e+16"},
      {1.5e16, "1.5e+16"},
      {12345678901234567890.0, "1.2345678901234567e+19"},
      {9.999e-5, "9.999e-05"},
      {1e-5, "1e-05"},
      {-1.5e-7, "-1.5e-07"},
      {1e22, "1e+22"},
      {1e23, "1e+23"},
      {1e100, "1e+100"},
      {1e-100, "1e-100"},
      {6.02214076e23, "6.02214076e+23"},
  };
  assert_texts(rows, sizeof rows / sizeof *rows);
}

static void double_limits_are_written(void **state)
{
  (void)state;
  static const known rows[] = {
      {DBL_MAX, "1.7976931348623157e+308"},
      {-DBL_MAX, "-1.7976931348623157e+308"},
      {DBL_MIN, "2.2250738585072014e-308"},
      {2.225073858507201e-308, "2.225073858507201e-308"},
      {5e-324, "5e-324"},
      {-5e-324, "-5e-324"},
      {1e-323, "1e-323"},
      {1.5e-323, "1.5e-323"},
      {1.234e-320, "1.234e-320"},
      {INFINITY, "inf"},
      {-INFINITY, "-inf"},
      {NAN, "nan"},
      {-NAN, "nan"},
  };
  assert_texts(rows, sizeof rows / sizeof *rows);
}

/* xorshift64*, Vigna (2016): the same numbers in every run. */
static uint64_t next_random(uint64_t *seed)
{
  *seed ^= *seed >> 12;
  *seed ^= *seed << 25;
  *seed ^= *seed >> 27;
  return *seed * UINT64_C(2685821657736338717);
}

static void assert_round_trip(double x)
{
  char out[BR_DOUBLE_TEXT_MAX];
  size_t n = br_str_from_double(out, x);
  assert_true(n < sizeof out);
  assert_int_equal(strlen(out), n);
  double back = strtod(out, NULL);
  if (memcmp(&back, &x, sizeof x) != 0)
    fail_msg("%a gives %s", x, out);
}

static void double_any_bit_pattern_reads_back(void **state)
{
  (void)state;
  uint64_t seed = 42;
  for (int i = 0; i < 200000; i++) {
    uint64_t bits = next_random(&seed);
    double x;
    memcpy(&x, &bits, sizeof x);
    if (isfinite(x))
      assert_round_trip(x);
  }
}

static void double_powers_of_two_and_their_neighbours_read_back(void **state)
{
  (void)state;
  for (int e = -1074; e < 1024; e++) {
    double x = ldexp(1, e);
    assert_round_trip(x);
    assert_round_trip(nextafter(x, 0));
    assert_round_trip(nextafter(x, INFINITY));
  }
}

/* A decimal of up to 15 digits is itself the shortest text of its double. */
static void double_short_decimals_come_back_unchanged(void **state)
{
  (void)state;
  uint64_t seed = 7;
  for (int i = 0; i < 50000; i++) {
    char text[BR_DOUBLE_TEXT_MAX];
    uint64_t whole = next_random(&seed) % 10000000, part = next_random(&seed) % 10000000;
    (void)snprintf(text, sizeof text, "%d.%07d", (int)whole, (int)part | 1);
    assert_text(strtod(text, NULL), text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(str_starts_empty_and_clears_to_empty),
      cmocka_unit_test(str_adding_nothing_still_terminates),
      cmocka_unit_test(str_keeps_nuls_and_terminates_after_each_add),
      cmocka_unit_test(str_grows_at_every_length),
      cmocka_unit_test(str_long_formats_are_not_cut),
      cmocka_unit_test(str_out_of_memory_leaves_it_as_it_was),
      cmocka_unit_test(double_whole_numbers_end_in_point_zero),
      cmocka_unit_test(double_fractions_have_the_fewest_digits),
      cmocka_unit_test(double_exponents_begin_below_1e_4_and_at_1e16),
      cmocka_unit_test(double_limits_are_written),
      cmocka_unit_test(double_any_bit_pattern_reads_back),
      cmocka_unit_test(double_powers_of_two_and_their_neighbours_read_back),
      cmocka_unit_test(double_short_decimals_come_back_unchanged),
  };
  return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
