/* base/text: what is shown as it is and what as an escape, widths in columns, cuts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void assert_clean_bytes(const char *raw, size_t n, const char *clean)
{
  br_str out = {0};
  assert_int_equal(br_str_addz(&out, "", NULL), BR_OK);
  assert_int_equal(br_text_clean(&out, raw, n, NULL), BR_OK);
  assert_string_equal(out.data, clean);
  assert_int_equal(out.len, strlen(clean));
  br_str_clear(&out);
}

static void assert_clean(const char *raw, const char *clean)
{
  assert_clean_bytes(raw, strlen(raw), clean);
}

static void clean_leaves_plain_and_foreign_text(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "",     " ",      "gcc -O2", "é",          "日本語",       "e\u0301",
      "🙂", "\u200d", "\u00a0",  "\U0010ffff", "\xee\x80\x80",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_clean(texts[i], texts[i]);
}

static void clean_shows_control_characters(void **state)
{
  (void)state;
  assert_clean("\x1b[31mred", "\\x1b[31mred");
  assert_clean_bytes("a\nb\rc\td\0e\x7f", 10, "a\\nb\\rc\\td\\x00e\\x7f");
  assert_clean("\xc2\x9b"
               "31m",
               "\\xc2\\x9b31m");
}

static void clean_shows_what_hides_or_turns_the_direction(void **state)
{
  (void)state;
  assert_clean("\u202etxt.exe", "\\u{202e}txt.exe");
  assert_clean("a\u200bb\u2028\u061c\ufeff", "a\\u{200b}b\\u{2028}\\u{61c}\\u{feff}");
  assert_clean("\U000e0041", "\\u{e0041}");
}

/* RFC 3629: no overlong forms, no surrogates, nothing over 10FFFF, nothing cut short. */
static void clean_shows_bytes_that_are_no_utf8(void **state)
{
  (void)state;
  assert_clean("\xff\xfe\xc3\xa9\xc3", "\\xff\\xfeé\\xc3");
  assert_clean("\xed\xa0\x80", "\\xed\\xa0\\x80");
  assert_clean("\xc0\xaf", "\\xc0\\xaf");
  assert_clean("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
  assert_clean("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
  assert_clean("\xe6\x97x", "\\xe6\\x97x");
  assert_clean("\x80", "\\x80");
  assert_clean("\xf0\x9f\x99", "\\xf0\\x9f\\x99");
}

static void plain_is_printable_ascii_alone(void **state)
{
  (void)state;
  assert_true(br_text_is_plain("", 0));
  assert_true(br_text_is_plain(" ~", 2));
  assert_false(br_text_is_plain("a\x7f", 2));
  assert_false(br_text_is_plain("\x1f", 1));
  assert_false(br_text_is_plain("a\0b", 3));
  assert_false(br_text_is_plain("é", 2));
}

static size_t columns(const char *text)
{
  return br_text_columns(text, strlen(text));
}

static void columns_are_those_of_a_terminal(void **state)
{
  (void)state;
  assert_int_equal(columns(""), 0);
  assert_int_equal(columns("abc"), 3);
  assert_int_equal(columns("é"), 1);
  assert_int_equal(columns("日本語"), 6);
  assert_int_equal(columns("🙂"), 2);
  assert_int_equal(columns("\u0303"), 0);
  assert_int_equal(columns("e\u0301e"), 2);
  assert_int_equal(columns("\u05bf\u0670\u093c"), 0);
  assert_int_equal(columns("\uff21\uffe6\u1100"), 6);
}

/* First and last of ranges, and what stands beside them. */
static void columns_change_at_the_ends_of_ranges(void **state)
{
  (void)state;
  assert_int_equal(columns("\u02ff"), 1);
  assert_int_equal(columns("\u0300"), 0);
  assert_int_equal(columns("\u036f"), 0);
  assert_int_equal(columns("\u0370"), 1);
  assert_int_equal(columns("\u10ff"), 1);
  assert_int_equal(columns("\u115f"), 2);
  assert_int_equal(columns("\u1160"), 1);
  assert_int_equal(columns("\u3029"), 2);
  assert_int_equal(columns("\u302a"), 0);
  assert_int_equal(columns("\u302e"), 2);
  assert_int_equal(columns("\U0001f936"), 2);
  assert_int_equal(columns("\U0003fffd"), 2);
  assert_int_equal(columns("\U0003fffe"), 1);
  assert_int_equal(columns("\U000e01ef"), 0);
  assert_int_equal(columns("\U000e01f0"), 1);
}

static void columns_of_stray_bytes_are_one_each(void **state)
{
  (void)state;
  assert_int_equal(columns("\xff\xe6\x97"), 3);
}

static size_t cut(const char *text, size_t width)
{
  return br_text_cut(text, strlen(text), width);
}

static void cut_is_the_longest_beginning_that_fits(void **state)
{
  (void)state;
  assert_int_equal(cut("", 3), 0);
  assert_int_equal(cut("abc", 0), 0);
  assert_int_equal(cut("abc", 2), 2);
  assert_int_equal(cut("abc", 3), 3);
  assert_int_equal(cut("abc", SIZE_MAX), 3);
  assert_int_equal(cut("日本", 3), 3);
  assert_int_equal(cut("日本", 1), 0);
  assert_int_equal(cut("e\u0301e", 1), 3);
  assert_int_equal(cut("\u0301e", 0), 2);
}

/* xorshift64*, Vigna (2016): the same bytes in every run. */
static uint64_t next_random(uint64_t *seed)
{
  *seed ^= *seed >> 12;
  *seed ^= *seed << 25;
  *seed ^= *seed >> 27;
  return *seed * UINT64_C(2685821657736338717);
}

/* Cleaning what is clean changes nothing, and the parts of a cut take what the whole takes. */
static void any_bytes_become_text_that_is_clean(void **state)
{
  (void)state;
  uint64_t seed = 11;
  for (int i = 0; i < 20000; i++) {
    char raw[12];
    uint64_t bytes[2] = {next_random(&seed), next_random(&seed)};
    memcpy(raw, bytes, sizeof raw);
    br_str clean = {0};
    assert_int_equal(br_text_clean(&clean, raw, sizeof raw, NULL), BR_OK);
    assert_clean_bytes(clean.data, clean.len, clean.data);
    size_t width = br_text_columns(clean.data, clean.len);
    size_t at = br_text_cut(clean.data, clean.len, width / 2);
    assert_true(br_text_columns(clean.data, at) <= width / 2);
    assert_int_equal(
        br_text_columns(clean.data, at) + br_text_columns(clean.data + at, clean.len - at), width);
    br_str_clear(&clean);
  }
}

static void clean_survives_every_failing_allocation(void **state)
{
  (void)state;
  static const char raw[] = "a\x1b\u202e日 and some more to make it grow over and over \xff";
  size_t start = br_mem_live();
  br_code code = BR_ENOMEM;
  for (size_t n = 1; code != BR_OK; n++) {
    br_str out = {0};
    br_err err;
    br_mem_fail_at(n);
    code = br_text_clean(&out, raw, sizeof raw - 1, &err);
    br_mem_fail_at(0);
    assert_true(code == BR_OK || code == BR_ENOMEM);
    br_str_clear(&out);
    assert_int_equal(br_mem_live(), start);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clean_leaves_plain_and_foreign_text),
      cmocka_unit_test(clean_shows_control_characters),
      cmocka_unit_test(clean_shows_what_hides_or_turns_the_direction),
      cmocka_unit_test(clean_shows_bytes_that_are_no_utf8),
      cmocka_unit_test(plain_is_printable_ascii_alone),
      cmocka_unit_test(columns_are_those_of_a_terminal),
      cmocka_unit_test(columns_change_at_the_ends_of_ranges),
      cmocka_unit_test(columns_of_stray_bytes_are_one_each),
      cmocka_unit_test(cut_is_the_longest_beginning_that_fits),
      cmocka_unit_test(any_bytes_become_text_that_is_clean),
      cmocka_unit_test(clean_survives_every_failing_allocation),
  };
  return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
