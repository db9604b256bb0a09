/* base: errors, the heap's counters, array growth, near names, clocks. Strings: test_str.c; files:
 * test_file.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/vec.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

/* --- err ------------------------------------------------------------------------------------- */

/* A br_err between two fences. */
typedef struct fenced {
  unsigned char before[64];
  br_err err;
  unsigned char after[64];
} fenced;

static void raise_fences(fenced *f)
{
  memset(f, 0xA5, sizeof *f);
}

static void assert_fences(const fenced *f)
{
  for (size_t i = 0; i < sizeof f->before; i++) {
    assert_int_equal(f->before[i], 0xA5);
    assert_int_equal(f->after[i], 0xA5);
  }
}

/* A text of n bytes that repeats unit. */
static char *repeated(const char *unit, size_t n)
{
  char *text = malloc(n + 1);
  assert_non_null(text);
  for (size_t i = 0; i < n; i++)
    text[i] = unit[i % strlen(unit)];
  text[n] = '\0';
  return text;
}

static void assert_ends(const char *text, const char *end)
{
  assert_true(strlen(text) >= strlen(end));
  assert_string_equal(text + strlen(text) - strlen(end), end);
}

static void err_is_filled_and_its_code_returned(void **state)
{
  (void)state;
  br_err err;
  memset(&err, 0xFF, sizeof err);
  assert_int_equal(br_fail(&err, BR_EPARSE, "line %d: %s", 7, "no"), BR_EPARSE);
  assert_int_equal(err.code, BR_EPARSE);
  assert_int_equal(err.sys, 0);
  assert_string_equal(err.msg, "line 7: no");
  assert_int_equal(br_fail_nomem(&err), BR_ENOMEM);
  assert_string_equal(err.msg, "out of memory");
}

static void err_may_be_null(void **state)
{
  (void)state;
  assert_int_equal(br_fail(NULL, BR_ETYPE, "%s", "x"), BR_ETYPE);
  assert_int_equal(br_fail_sys(NULL, EACCES, "%s", "x"), BR_EIO);
  assert_int_equal(br_fail_nomem(NULL), BR_ENOMEM);
}

static void err_message_of_511_bytes_fits_whole(void **state)
{
  (void)state;
  fenced f;
  raise_fences(&f);
  char *text = repeated("abc", BR_ERR_MSG_MAX - 1);
  (void)br_fail(&f.err, BR_EINVAL, "%s", text);
  assert_string_equal(f.err.msg, text);
  assert_fences(&f);
  free(text);
}

static void err_message_that_is_longer_is_cut_and_marked(void **state)
{
  (void)state;
  for (size_t n = BR_ERR_MSG_MAX; n < BR_ERR_MSG_MAX + 5; n++) {
    fenced f;
    raise_fences(&f);
    char *text = repeated("abc", n);
    (void)br_fail(&f.err, BR_EINVAL, "%s", text);
    assert_int_equal(strlen(f.err.msg), BR_ERR_MSG_MAX - 1);
    assert_memory_equal(f.err.msg, text, BR_ERR_MSG_MAX - 4);
    assert_ends(f.err.msg, "...");
    assert_fences(&f);
    free(text);
  }
}

/* Characters of one to four bytes, so that the cut would fall on each of their bytes. */
static void err_cut_splits_no_character(void **state)
{
  (void)state;
  static const char *const units[] = {"\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
  for (size_t u = 0; u < sizeof units / sizeof *units; u++)
    for (size_t shift = 0; shift < 4; shift++) {
      br_err err;
      char *text = repeated(units[u], 600);
      (void)br_fail(&err, BR_EINVAL, "%s%s", &"xxxx"[shift], text);
      size_t kept = strlen(err.msg) - strlen("...") - (4 - shift);
      assert_int_equal(kept % strlen(units[u]), 0);
      assert_ends(err.msg, "...");
      free(text);
    }
}

static void err_cut_survives_a_text_of_continuation_bytes(void **state)
{
  (void)state;
  fenced f;
  raise_fences(&f);
  char *text = repeated("\x80", 1000);
  (void)br_fail_sys(&f.err, EACCES, "%s", text);
  assert_string_equal(f.err.msg, "...: Permission denied");
  assert_fences(&f);
  free(text);
}

static void err_of_the_system_has_its_words_and_number(void **state)
{
  (void)state;
  br_err err;
  assert_int_equal(br_fail_sys(&err, EACCES, "can't open %s", "x"), BR_EIO);
  assert_int_equal(err.code, BR_EIO);
  assert_int_equal(err.sys, EACCES);
  assert_string_equal(err.msg, "can't open x: Permission denied");
  assert_int_equal(br_fail_sys(&err, ENOMEM, "x"), BR_ENOMEM);
  assert_int_equal(br_fail_sys(&err, ENOENT, "x"), BR_ENOTFOUND);
  assert_int_equal(br_fail_sys(&err, EINTR, "x"), BR_EINTR);
  assert_int_equal(br_fail_sys(&err, 99999, "x"), BR_EIO);
  assert_non_null(strstr(err.msg, "99999"));
}

static void err_of_the_system_keeps_the_reason_whatever_the_length(void **state)
{
  (void)state;
  static const char reason[] = ": No space left on device";
  size_t whole = BR_ERR_MSG_MAX - 1 - strlen(reason);
  for (size_t n = whole - 3; n < BR_ERR_MSG_MAX + 10; n++) {
    fenced f;
    raise_fences(&f);
    char *path = repeated("ab", n);
    (void)br_fail_sys(&f.err, ENOSPC, "%s", path);
    assert_ends(f.err.msg, reason);
    assert_int_equal(strlen(f.err.msg), (n < whole ? n : whole) + strlen(reason));
    assert_true((strstr(f.err.msg, "...: No") != NULL) == (n > whole));
    assert_fences(&f);
    free(path);
  }
}

static void err_codes_have_names_of_their_own(void **state)
{
  (void)state;
  for (int a = BR_OK; a <= BR_EINTR; a++) {
    assert_non_null(br_code_name((br_code)a));
    for (int b = BR_OK; b < a; b++)
      assert_string_not_equal(br_code_name((br_code)a), br_code_name((br_code)b));
  }
  assert_string_equal(br_code_name(BR_EPARSE), "parse");
  assert_string_equal(br_code_name(BR_EINTR), "interrupted");
  assert_string_equal(br_code_name((br_code)(BR_EINTR + 1)), "unknown");
  assert_string_equal(br_code_name((br_code)-1), "unknown");
}

/* --- mem ------------------------------------------------------------------------------------- */

static void mem_counts_live_blocks(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  char *a = br_alloc(3), *b = br_calloc(2, 5), *c = br_realloc(NULL, 4, 4), *d = br_strndup("x", 1);
  assert_int_equal(br_mem_live(), start + 4);
  c = br_realloc(c, 4000, 4);
  c = br_realloc(c, 1, 1);
  assert_int_equal(br_mem_live(), start + 4);
  for (size_t i = 0; i < 10; i++)
    assert_int_equal(b[i], 0);
  br_free(a);
  br_free(b);
  br_free(c);
  br_free(d);
  br_free(NULL);
  assert_int_equal(br_mem_live(), start);
}

static void mem_size_zero_gives_a_block(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  void *blocks[] = {br_alloc(0), br_calloc(0, 8), br_calloc(8, 0), br_realloc(NULL, 0, 8),
                    br_realloc(br_alloc(9), 0, 0)};
  size_t n = sizeof blocks / sizeof *blocks;
  assert_int_equal(br_mem_live(), start + n);
  for (size_t i = 0; i < n; i++) {
    assert_non_null(blocks[i]);
    br_free(blocks[i]);
  }
  assert_int_equal(br_mem_live(), start);
}

static void mem_sizes_that_overflow_give_null(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  volatile size_t half = SIZE_MAX / 2 + 1;
  assert_null(br_calloc(half, 2));
  assert_null(br_realloc(NULL, half, 2));
  assert_null(br_realloc(NULL, SIZE_MAX, SIZE_MAX));
  char *kept = br_strndup("kept", 4);
  assert_null(br_realloc(kept, half, 2));
  assert_string_equal(kept, "kept");
  br_free(kept);
  assert_int_equal(br_mem_live(), start);
}

static void mem_fails_from_the_ordered_allocation_on(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  br_mem_fail_at(3);
  void *a = br_alloc(1), *b = br_calloc(1, 1);
  assert_non_null(a);
  assert_non_null(b);
  assert_null(br_alloc(1));
  assert_null(br_calloc(1, 1));
  assert_null(br_realloc(a, 9, 9));
  assert_null(br_strndup("x", 1));
  br_mem_fail_at(0);
  a = br_realloc(a, 9, 9);
  assert_non_null(a);
  br_free(a);
  br_free(b);
  assert_int_equal(br_mem_live(), start);
}

static void mem_strndup_copies_nuls_and_no_more_than_asked(void **state)
{
  (void)state;
  char *copy = br_strndup("a\0bcd", 3);
  assert_memory_equal(copy, "a\0b", 4);
  br_free(copy);
  copy = br_strndup("abc", 0);
  assert_string_equal(copy, "");
  br_free(copy);
}

/* --- vec ------------------------------------------------------------------------------------- */

static void vec_grows_to_at_least_twice_its_size(void **state)
{
  (void)state;
  double *data = NULL;
  size_t cap = 0, grown = 0;
  for (size_t n = 1; n <= 10000; n++) {
    size_t before = cap;
    assert_int_equal(br_vec_reserve(&data, &cap, n, NULL), BR_OK);
    assert_true(cap >= n && (cap == before || cap >= 2 * before));
    grown += cap != before;
    data[n - 1] = (double)n;
  }
  assert_true(grown < 14);
  for (size_t n = 1; n <= 10000; n++)
    assert_true(data[n - 1] == (double)n);
  br_free(data);
}

static void vec_with_room_is_left_alone(void **state)
{
  (void)state;
  char *data = NULL;
  size_t cap = 0;
  assert_int_equal(br_vec_reserve(&data, &cap, 0, NULL), BR_OK);
  assert_null(data);
  assert_int_equal(br_vec_reserve(&data, &cap, 100, NULL), BR_OK);
  char *before = data;
  br_mem_fail_at(1);
  assert_int_equal(br_vec_reserve(&data, &cap, 100, NULL), BR_OK);
  br_mem_fail_at(0);
  assert_ptr_equal(data, before);
  br_free(data);
}

static void vec_that_overflows_is_out_of_memory_and_left_alone(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  uint64_t *data = NULL;
  size_t cap = 0;
  br_err err;
  assert_int_equal(br_vec_reserve(&data, &cap, 4, &err), BR_OK);
  uint64_t *before = data;
  size_t old_cap = cap;
  const size_t needs[] = {SIZE_MAX, SIZE_MAX / 2 + 2, SIZE_MAX / 8 + 1};
  for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
    assert_int_equal(br_vec_reserve(&data, &cap, needs[i], &err), BR_ENOMEM);
    assert_int_equal(err.code, BR_ENOMEM);
    assert_ptr_equal(data, before);
    assert_int_equal(cap, old_cap);
  }
  br_free(data);
  assert_int_equal(br_mem_live(), start);
}

/* A capacity that can't be doubled in a size_t. */
static void vec_doubling_does_not_wrap(void **state)
{
  (void)state;
  char *data = NULL;
  size_t cap = SIZE_MAX / 2 + 2;
  br_mem_fail_at(1);
  assert_int_equal(br_vec_reserve(&data, &cap, SIZE_MAX / 2 + 3, NULL), BR_ENOMEM);
  br_mem_fail_at(0);
  assert_int_equal(cap, SIZE_MAX / 2 + 2);
}

/* --- nearest --------------------------------------------------------------------------------- */

static const char *const names[] = {"compilers", "suites", "warnings", "mode", "modes", "x"};
enum { NAMES = sizeof names / sizeof *names, NONE = NAMES };

static void nearest_finds_each_kind_of_slip(void **state)
{
  (void)state;
  assert_int_equal(br_nearest("compiler", names, NAMES), 0);   /* a letter is missing */
  assert_int_equal(br_nearest("compilerss", names, NAMES), 0); /* one too many */
  assert_int_equal(br_nearest("conpilers", names, NAMES), 0);  /* another letter */
  assert_int_equal(br_nearest("ocmpilers", names, NAMES), 0);  /* two swapped */
  assert_int_equal(br_nearest("compliesr", names, NAMES), 0);
  assert_int_equal(br_nearest("WARNINGS", names, NAMES), 2); /* case */
}

static void nearest_counts_a_swap_as_one(void **state)
{
  (void)state;
  static const char *const list[] = {"abc"};
  assert_int_equal(br_nearest("bac", list, 1), 0);
  assert_int_equal(br_nearest("acb", list, 1), 0);
  assert_int_equal(br_nearest("cba", list, 1), 1);
}

static void nearest_takes_the_least_distance_and_among_equals_the_first(void **state)
{
  (void)state;
  static const char *const list[] = {"abcdxx", "abcdex", "abcdef", "ABCDEF"};
  assert_int_equal(br_nearest("abcdef", list, 4), 2);
  assert_int_equal(br_nearest("abcdeg", list, 4), 1);
  assert_int_equal(br_nearest("modex", names, NAMES), 3);
}

static void nearest_stops_at_a_third_of_the_name(void **state)
{
  (void)state;
  static const char *const list[] = {"abcdefghi"};
  assert_int_equal(br_nearest("abcdefxyz", list, 1), 0); /* three of nine */
  assert_int_equal(br_nearest("abcdewxyz", list, 1), 1); /* four */
  assert_int_equal(br_nearest("abcdefg", list, 1), 0);   /* two of seven */
  assert_int_equal(br_nearest("abcdef", list, 1), 1);    /* three of six */
  static const char *const shorter[] = {"mode"};
  assert_int_equal(br_nearest("mod", shorter, 1), 0);
  assert_int_equal(br_nearest("mo", shorter, 1), 1);
}

static void nearest_wants_a_letter_in_common(void **state)
{
  (void)state;
  assert_int_equal(br_nearest("q", names, NAMES), NONE);
  assert_int_equal(br_nearest("", names, NAMES), NONE);
  assert_int_equal(br_nearest("x", names, NAMES), 5);
  assert_int_equal(br_nearest("xy", names, NAMES), 5);
  static const char *const empty[] = {"", "ab"};
  assert_int_equal(br_nearest("", empty, 2), 0);
  assert_int_equal(br_nearest("a", empty, 2), 1);
}

static void nearest_of_nothing_is_none(void **state)
{
  (void)state;
  assert_int_equal(br_nearest("mode", NULL, 0), 0);
  assert_int_equal(br_nearest("zzzzzzzz", names, NAMES), NONE);
}

static void nearest_ignores_names_over_64_bytes(void **state)
{
  (void)state;
  char *name64 = repeated("abcdefgh", 64), *name65 = repeated("abcdefgh", 65);
  char *huge = repeated("abcdefgh", 100000);
  const char *list[] = {huge, name65, name64};
  assert_int_equal(br_nearest(name64, list, 3), 2);
  assert_int_equal(br_nearest(name65, list, 3), 3);
  assert_int_equal(br_nearest(huge, list, 3), 3);
  free(name64);
  free(name65);
  free(huge);
}

static void nearest_takes_any_bytes(void **state)
{
  (void)state;
  static const char *const list[] = {"\xFF\xFE\x80\xC3", "gr\xC3\xBC\xC3\x9F"};
  assert_int_equal(br_nearest("\xFF\xFE\x80", list, 2), 0);
  assert_int_equal(br_nearest("gr\xC3\xBC\xC3", list, 2), 1);
}

/* --- clock ----------------------------------------------------------------------------------- */

static void clock_monotonic_measures_a_pause(void **state)
{
  (void)state;
  struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
  double start = br_clock_monotonic(), last = start;
  for (int i = 0; i < 1000; i++) {
    double now = br_clock_monotonic();
    assert_true(now >= last);
    last = now;
  }
  assert_int_equal(nanosleep(&pause, NULL), 0);
  assert_true(br_clock_monotonic() - start >= 0.02);
  assert_true(br_clock_monotonic() - start < 60);
}

static void clock_unix_is_the_time_of_day(void **state)
{
  (void)state;
  int agrees = 0; /* once, as the machine's clock may be set meanwhile */
  for (int i = 0; i < 3 && !agrees; i++) {
    double low = (double)time(NULL), now = br_clock_unix(), high = (double)time(NULL);
    agrees = now >= low - 1 && now <= high + 1;
  }
  assert_true(agrees);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(err_is_filled_and_its_code_returned),
      cmocka_unit_test(err_may_be_null),
      cmocka_unit_test(err_message_of_511_bytes_fits_whole),
      cmocka_unit_test(err_message_that_is_longer_is_cut_and_marked),
      cmocka_unit_test(err_cut_splits_no_character),
      cmocka_unit_test(err_cut_survives_a_text_of_continuation_bytes),
      cmocka_unit_test(err_of_the_system_has_its_words_and_number),
      cmocka_unit_test(err_of_the_system_keeps_the_reason_whatever_the_length),
      cmocka_unit_test(err_codes_have_names_of_their_own),
      cmocka_unit_test(mem_counts_live_blocks),
      cmocka_unit_test(mem_size_zero_gives_a_block),
      cmocka_unit_test(mem_sizes_that_overflow_give_null),
      cmocka_unit_test(mem_fails_from_the_ordered_allocation_on),
      cmocka_unit_test(mem_strndup_copies_nuls_and_no_more_than_asked),
      cmocka_unit_test(vec_grows_to_at_least_twice_its_size),
      cmocka_unit_test(vec_with_room_is_left_alone),
      cmocka_unit_test(vec_that_overflows_is_out_of_memory_and_left_alone),
      cmocka_unit_test(vec_doubling_does_not_wrap),
      cmocka_unit_test(nearest_finds_each_kind_of_slip),
      cmocka_unit_test(nearest_counts_a_swap_as_one),
      cmocka_unit_test(nearest_takes_the_least_distance_and_among_equals_the_first),
      cmocka_unit_test(nearest_stops_at_a_third_of_the_name),
      cmocka_unit_test(nearest_wants_a_letter_in_common),
      cmocka_unit_test(nearest_of_nothing_is_none),
      cmocka_unit_test(nearest_ignores_names_over_64_bytes),
      cmocka_unit_test(nearest_takes_any_bytes),
      cmocka_unit_test(clock_monotonic_measures_a_pause),
      cmocka_unit_test(clock_unix_is_the_time_of_day),
  };
  return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
