/* core/frame/compute.h: masks, replacements, limits, distinct rows, failing allocations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../frame_equal.h"
#include "frame/compute.h"

#include <math.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NONE INT64_MIN /* a null in the lists below */

/* --- helpers --- */

static void must(br_code code, const br_err *err)
{
  if (code != BR_OK)
    fail_msg("%s", err->msg);
}

static br_column *new_column(br_type type)
{
  br_err err = {0};
  br_column *column = NULL;
  must(br_column_new(&column, type, &err), &err);
  return column;
}

static br_column *f64s(const double *x, size_t n)
{
  br_err err = {0};
  br_column *column = new_column(BR_F64);
  for (size_t i = 0; i < n; i++)
    must(br_column_push_f64(column, x[i], &err), &err);
  return column;
}

static br_column *i64s(const int64_t *x, size_t n)
{
  br_err err = {0};
  br_column *column = new_column(BR_I64);
  for (size_t i = 0; i < n; i++)
    must(x[i] == NONE ? br_column_push_null(column, &err) : br_column_push_i64(column, x[i], &err),
         &err);
  return column;
}

/* One letter a cell: t, f, and - for a null. */
static br_column *bools(const char *cells)
{
  br_err err = {0};
  br_column *column = new_column(BR_BOOL);
  for (; *cells; cells++)
    must(*cells == '-' ? br_column_push_null(column, &err)
                       : br_column_push_bool(column, *cells == 't', &err),
         &err);
  return column;
}

/* NULL: a null. */
static br_column *strs(const char *const *s, size_t n)
{
  br_err err = {0};
  br_column *column = new_column(BR_STR);
  for (size_t i = 0; i < n; i++)
    must(s[i] ? br_column_push_str(column, s[i], strlen(s[i]), &err)
              : br_column_push_null(column, &err),
         &err);
  return column;
}

#define F64S(...) f64s((double[]){__VA_ARGS__}, COUNT(((double[]){__VA_ARGS__})))
#define I64S(...) i64s((int64_t[]){__VA_ARGS__}, COUNT(((int64_t[]){__VA_ARGS__})))
#define STRS(...)                                                                                  \
  strs((const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})))

/* Compares and releases both. */
static void assert_column(br_column *got, br_column *wanted)
{
  assert_non_null(got);
  assert_true(column_equal(got, wanted));
  br_column_release(got);
  br_column_release(wanted);
}

static br_frame *frame_of(br_column *a, br_column *b)
{
  br_err err = {0};
  br_frame *frame = NULL;
  must(br_frame_new(&frame, &err), &err);
  must(br_frame_set(frame, "a", a, &err), &err);
  must(br_frame_set(frame, "b", b, &err), &err);
  br_column_release(a);
  br_column_release(b);
  return frame;
}

static const char *const key_a[] = {"a"};
static const char *const key_ab[] = {"a", "b"};

/* --- masks --- */

static void is_in_finds_listed_words_and_no_null(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *mask = NULL;
  br_column *words = STRS("pass", NULL, "", "pass ", "skip", "pass");
  must(br_column_is_in(&mask, words, (const char *const[]){"skip", "pass", "absent"}, 3, &err),
       &err);
  assert_column(mask, bools("tffftt"));
  must(br_column_is_in(&mask, words, (const char *const[]){""}, 1, &err), &err);
  assert_column(mask, bools("fftfff"));
  must(br_column_is_in(&mask, words, NULL, 0, &err), &err);
  assert_column(mask, bools("ffffff"));
  br_column_release(words);
}

static void is_in_of_an_empty_column_is_an_empty_mask(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *mask = NULL;
  br_column *none = new_column(BR_STR);
  must(br_column_is_in(&mask, none, (const char *const[]){"x"}, 1, &err), &err);
  assert_column(mask, bools(""));
  br_column_release(none);
}

static void is_in_of_numbers_is_a_type_error(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *mask = NULL;
  br_column *numbers = I64S(1, 2);
  assert_int_equal(br_column_is_in(&mask, numbers, NULL, 0, &err), BR_ETYPE);
  assert_null(mask);
  br_column_release(numbers);
}

static void is_value_is_false_for_null_and_nan(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *mask = NULL;
  br_column *numbers = F64S(1, NAN, INFINITY, 0);
  must(br_column_push_null(numbers, &err), &err);
  must(br_column_is_value(&mask, numbers, &err), &err);
  assert_column(mask, bools("tfttf"));
  br_column_release(numbers);
  br_column *words = STRS("", NULL);
  must(br_column_is_value(&mask, words, &err), &err);
  assert_column(mask, bools("tf"));
  br_column_release(words);
}

static void masks_combine_with_null_as_false(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *mask = NULL;
  br_column *a = bools("tttfff---");
  br_column *b = bools("tf-tf-tf-");
  must(br_column_and(&mask, a, b, &err), &err);
  assert_column(mask, bools("tffffffff"));
  must(br_column_or(&mask, a, b, &err), &err);
  assert_column(mask, bools("ttttfftff"));
  must(br_column_not(&mask, a, &err), &err);
  assert_column(mask, bools("ffftttttt"));
  br_column_release(a);
  br_column_release(b);
}

static void masks_of_other_length_or_type_are_refused(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *a = bools("tt");
  br_column *b = bools("t");
  br_column *numbers = I64S(1, 0);
  br_cell zero = {.type = BR_I64};
  assert_int_equal(br_column_and(&out, a, b, &err), BR_EINVAL);
  assert_int_equal(br_column_or(&out, a, numbers, &err), BR_ETYPE);
  assert_int_equal(br_column_or(&out, numbers, a, &err), BR_ETYPE);
  assert_int_equal(br_column_not(&out, numbers, &err), BR_ETYPE);
  assert_int_equal(br_column_where(&out, numbers, b, &zero, &err), BR_EINVAL);
  assert_int_equal(br_column_where(&out, numbers, numbers, &zero, &err), BR_ETYPE);
  assert_null(out);
  br_column_release(a);
  br_column_release(b);
  br_column_release(numbers);
}

/* --- where and fill --- */

static void where_puts_a_value_where_the_mask_is_not_true(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *mask = bools("tf-t");
  br_column *numbers = F64S(1.5, 2.5, 3.5, NAN);
  br_cell zero = {.type = BR_I64};
  must(br_column_where(&out, numbers, mask, &zero, &err), &err);
  assert_column(out, F64S(1.5, 0, 0, NAN));
  br_column_release(numbers);
  br_column *words = STRS("a", "b", "c", NULL);
  br_cell dash = {.type = BR_STR, .str = "-", .str_len = 1};
  must(br_column_where(&out, words, mask, &dash, &err), &err);
  assert_column(out, STRS("a", "-", "-", NULL));
  br_column_release(words);
  br_column_release(mask);
}

static void where_without_a_value_gives_nulls(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *mask = bools("ft");
  br_column *numbers = I64S(1, 2);
  must(br_column_where(&out, numbers, mask, NULL, &err), &err);
  assert_column(out, I64S(NONE, 2));
  br_column_release(numbers);
  br_column *truths = bools("tt");
  br_cell no = {.type = BR_BOOL};
  must(br_column_where(&out, truths, mask, &no, &err), &err);
  assert_column(out, bools("ft"));
  br_column_release(truths);
  br_column_release(mask);
}

static void where_with_a_double_makes_an_i64_column_f64(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *mask = bools("tf");
  br_column *numbers = I64S(1, 2);
  br_cell half = {.type = BR_F64, .f64 = 0.5};
  br_cell seven = {.type = BR_I64, .i64 = 7};
  must(br_column_where(&out, numbers, mask, &half, &err), &err);
  assert_column(out, F64S(1, 0.5));
  must(br_column_where(&out, numbers, mask, &seven, &err), &err);
  assert_column(out, I64S(1, 7));
  br_column_release(numbers);
  br_column_release(mask);
}

static void where_with_a_value_of_another_type_is_refused(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *mask = bools("t");
  br_column *numbers = F64S(1);
  br_column *words = STRS("a");
  br_cell text = {.type = BR_STR, .str = "x", .str_len = 1};
  br_cell zero = {.type = BR_I64};
  br_cell truth = {.type = BR_BOOL, .boolean = true};
  assert_int_equal(br_column_where(&out, numbers, mask, &text, &err), BR_ETYPE);
  assert_int_equal(br_column_where(&out, numbers, mask, &truth, &err), BR_ETYPE);
  assert_int_equal(br_column_where(&out, words, mask, &zero, &err), BR_ETYPE);
  assert_null(out);
  br_column_release(mask);
  br_column_release(numbers);
  br_column_release(words);
}

static void fill_replaces_nulls_and_nan(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_cell zero = {.type = BR_F64};
  br_column *numbers = F64S(NAN, -INFINITY);
  must(br_column_push_null(numbers, &err), &err);
  must(br_column_fill(&out, numbers, &zero, &err), &err);
  assert_column(out, F64S(0, -INFINITY, 0));
  br_column_release(numbers);
}

static void fill_keeps_whole_numbers_whole_unless_it_must_not(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_cell zero = {.type = BR_F64};
  br_column *whole = I64S(1, 2);
  must(br_column_fill(&out, whole, &zero, &err), &err);
  assert_ptr_equal(out, whole);
  br_column_release(out);
  br_column_release(whole);
  br_column *gap = I64S(1, NONE);
  must(br_column_fill(&out, gap, &zero, &err), &err);
  assert_column(out, F64S(1, 0));
  br_column_release(gap);
}

/* --- numbers --- */

static void clip_limits_numbers_and_leaves_nan_and_nulls(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *numbers = F64S(-INFINITY, 0.5, 1.5, INFINITY, NAN);
  must(br_column_clip(&out, numbers, 1, 2, &err), &err);
  assert_column(out, F64S(1, 1, 1.5, 2, NAN));
  must(br_column_clip(&out, numbers, -INFINITY, INFINITY, &err), &err);
  assert_true(column_equal(out, numbers));
  br_column_release(out);
  br_column_release(numbers);
  br_column *whole = I64S(0, NONE, 3);
  must(br_column_clip(&out, whole, 1, INFINITY, &err), &err);
  assert_int_equal(br_column_type(out), BR_F64);
  assert_true(br_column_f64(out, 0) == 1 && br_column_f64(out, 2) == 3);
  assert_true(br_column_is_null(out, 1));
  br_column_release(out);
  br_column_release(whole);
}

static void clip_refuses_limits_that_make_no_sense(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *numbers = F64S(1);
  br_column *words = STRS("1");
  assert_int_equal(br_column_clip(&out, numbers, 2, 1, &err), BR_EINVAL);
  assert_int_equal(br_column_clip(&out, numbers, NAN, 1, &err), BR_EINVAL);
  assert_int_equal(br_column_clip(&out, words, 0, 1, &err), BR_ETYPE);
  assert_int_equal(br_column_truncate(&out, words, &err), BR_ETYPE);
  assert_null(out);
  br_column_release(numbers);
  br_column_release(words);
}

static void truncate_drops_fractions_and_what_does_not_fit(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *out = NULL;
  br_column *numbers = F64S(8.7, 8, -8.7, -0.5, 0x1p63, -0x1p63, NAN, INFINITY, 1e300);
  must(br_column_truncate(&out, numbers, &err), &err);
  for (size_t row = 0; row < 4; row++)
    assert_true(br_column_i64(out, row) == ((int64_t[]){8, 8, -8, 0})[row]);
  assert_true(br_column_is_null(out, 4));
  assert_true(!br_column_is_null(out, 5) && br_column_i64(out, 5) == INT64_MIN);
  for (size_t row = 6; row < 9; row++)
    assert_true(br_column_is_null(out, row));
  br_column_release(out);
  br_column_release(numbers);
  br_column *whole = I64S(1, NONE);
  must(br_column_truncate(&out, whole, &err), &err);
  assert_ptr_equal(out, whole);
  br_column_release(out);
  br_column_release(whole);
}

static void nulls_makes_a_column_of_any_type(void **state)
{
  (void)state;
  br_err err = {0};
  for (int type = BR_F64; type <= BR_STR; type++) {
    for (size_t n = 0; n < 20; n += 19) {
      br_column *out = NULL;
      must(br_column_nulls(&out, (br_type)type, n, &err), &err);
      assert_int_equal(br_column_type(out), type);
      assert_int_equal(br_column_len(out), n);
      assert_int_equal(br_column_null_count(out), n);
      br_column_release(out);
    }
  }
}

/* --- distinct rows --- */

static br_frame *people(void)
{
  return frame_of(STRS("x", "y", "x", NULL, "y", NULL), I64S(1, 2, 3, 4, 2, 6));
}

static void assert_distinct(const char *const *keys, size_t n, br_keep keep, const char *mask)
{
  br_err err = {0};
  br_column *got = NULL;
  br_frame *rows = NULL;
  br_frame *wanted = NULL;
  br_frame *frame = people();
  br_column *picked = bools(mask);
  must(br_frame_is_distinct(&got, frame, keys, n, keep, &err), &err);
  must(br_frame_distinct(&rows, frame, keys, n, keep, &err), &err);
  must(br_frame_filter_mask(&wanted, frame, picked, &err), &err);
  assert_true(frame_equal(rows, wanted));
  assert_column(got, picked);
  br_frame_free(rows);
  br_frame_free(wanted);
  br_frame_free(frame);
}

static void distinct_keeps_the_first_row_of_each_key(void **state)
{
  (void)state;
  assert_distinct(key_a, 1, BR_KEEP_FIRST, "ttftff");
  assert_distinct(key_ab, 2, BR_KEEP_FIRST, "ttttft");
}

static void distinct_keeps_the_last_row_of_each_key(void **state)
{
  (void)state;
  assert_distinct(key_a, 1, BR_KEEP_LAST, "fftftt");
  assert_distinct(key_ab, 2, BR_KEEP_LAST, "tftttt");
}

static void distinct_without_keys_keeps_one_row(void **state)
{
  (void)state;
  assert_distinct(NULL, 0, BR_KEEP_FIRST, "tfffff");
  assert_distinct(NULL, 0, BR_KEEP_LAST, "ffffft");
}

static void distinct_of_no_rows_has_no_rows(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *out = NULL;
  br_frame *frame = frame_of(new_column(BR_STR), new_column(BR_F64));
  must(br_frame_distinct(&out, frame, key_ab, 2, BR_KEEP_LAST, &err), &err);
  assert_true(frame_equal(out, frame));
  br_frame_free(out);
  must(br_frame_distinct(&out, frame, NULL, 0, BR_KEEP_FIRST, &err), &err);
  assert_true(frame_equal(out, frame));
  br_frame_free(out);
  br_frame_free(frame);
}

static void distinct_names_an_unknown_key(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *out = NULL;
  br_frame *frame = people();
  const char *const keys[] = {"nobody"};
  assert_int_equal(br_frame_distinct(&out, frame, keys, 1, BR_KEEP_FIRST, &err), BR_ENOTFOUND);
  assert_non_null(strstr(err.msg, "nobody"));
  assert_null(out);
  br_frame_free(frame);
}

/* --- memory --- */

struct inputs {
  br_frame *frame;
  br_column *words, *numbers, *gap, *mask;
};

static br_code masks_with(const struct inputs *in, br_err *err)
{
  br_column *listed = NULL;
  br_column *present = NULL;
  br_column *both = NULL;
  br_column *others = NULL;
  br_code code = br_column_is_in(&listed, in->words, (const char *const[]){"b"}, 1, err);
  if (code == BR_OK)
    code = br_column_is_value(&present, in->numbers, err);
  if (code == BR_OK)
    code = br_column_or(&both, listed, present, err);
  if (code == BR_OK)
    code = br_column_not(&others, both, err);
  br_column_release(listed);
  br_column_release(present);
  br_column_release(both);
  br_column_release(others);
  return code;
}

static br_code columns_with(const struct inputs *in, br_err *err)
{
  br_cell text = {.type = BR_STR, .str = "new", .str_len = 3};
  br_cell zero = {.type = BR_F64};
  enum { MADE = 5 };
  br_column *made[MADE] = {0};
  br_code code = br_column_where(&made[0], in->words, in->mask, &text, err);
  if (code == BR_OK)
    code = br_column_fill(&made[1], in->gap, &zero, err);
  if (code == BR_OK)
    code = br_column_clip(&made[2], in->numbers, 0, 1, err);
  if (code == BR_OK)
    code = br_column_truncate(&made[3], in->numbers, err);
  if (code == BR_OK)
    code = br_column_nulls(&made[4], BR_STR, 9, err);
  for (size_t i = 0; i < MADE; i++)
    br_column_release(made[i]);
  return code;
}

static br_code distinct_with(const struct inputs *in, br_err *err)
{
  br_frame *out = NULL;
  br_code code = br_frame_distinct(&out, in->frame, key_ab, 2, BR_KEEP_LAST, err);
  br_frame_free(out);
  return code;
}

/* Each allocation fails in turn, with all after it, until the work is done in spite of it. */
static void assert_survives(br_code (*work)(const struct inputs *, br_err *),
                            const struct inputs *in)
{
  for (size_t n = 1;; n++) {
    br_err err = {0};
    size_t live = br_mem_live();
    br_mem_fail_at(n);
    br_code code = work(in, &err);
    br_mem_fail_at(0);
    assert_int_equal(br_mem_live(), live);
    if (code == BR_OK)
      return;
    assert_int_equal(code, BR_ENOMEM);
  }
}

static void every_failing_allocation_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  size_t live = br_mem_live();
  struct inputs in = {people(), STRS("a", "b", NULL), F64S(1, NAN, 2.5), I64S(1, NONE, 3),
                      bools("tft")};
  assert_survives(masks_with, &in);
  assert_survives(columns_with, &in);
  assert_survives(distinct_with, &in);
  br_frame_free(in.frame);
  br_column_release(in.words);
  br_column_release(in.numbers);
  br_column_release(in.gap);
  br_column_release(in.mask);
  assert_int_equal(br_mem_live(), live);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_in_finds_listed_words_and_no_null),
      cmocka_unit_test(is_in_of_an_empty_column_is_an_empty_mask),
      cmocka_unit_test(is_in_of_numbers_is_a_type_error),
      cmocka_unit_test(is_value_is_false_for_null_and_nan),
      cmocka_unit_test(masks_combine_with_null_as_false),
      cmocka_unit_test(masks_of_other_length_or_type_are_refused),
      cmocka_unit_test(where_puts_a_value_where_the_mask_is_not_true),
      cmocka_unit_test(where_without_a_value_gives_nulls),
      cmocka_unit_test(where_with_a_double_makes_an_i64_column_f64),
      cmocka_unit_test(where_with_a_value_of_another_type_is_refused),
      cmocka_unit_test(fill_replaces_nulls_and_nan),
      cmocka_unit_test(fill_keeps_whole_numbers_whole_unless_it_must_not),
      cmocka_unit_test(clip_limits_numbers_and_leaves_nan_and_nulls),
      cmocka_unit_test(clip_refuses_limits_that_make_no_sense),
      cmocka_unit_test(truncate_drops_fractions_and_what_does_not_fit),
      cmocka_unit_test(nulls_makes_a_column_of_any_type),
      cmocka_unit_test(distinct_keeps_the_first_row_of_each_key),
      cmocka_unit_test(distinct_keeps_the_last_row_of_each_key),
      cmocka_unit_test(distinct_without_keys_keeps_one_row),
      cmocka_unit_test(distinct_of_no_rows_has_no_rows),
      cmocka_unit_test(distinct_names_an_unknown_key),
      cmocka_unit_test(every_failing_allocation_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
