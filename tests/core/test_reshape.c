/* core/frame/reshape.h: melt, and samples of rows. */
#include "frame_test.h"

#include "frame/reshape.h"

static const char *const wide = "name:s a:i b:f c:f s:s t:s\n"
                                "x 1 0.5 - p q\n"
                                "y - 1.5 2.0 - p\n";

static br_code melt(br_frame **out, const br_frame *f, size_t nids, const char *columns,
                    br_err *err)
{
  static const char *const ids[] = {"name"};
  static char letters[8][2];
  static const char *names[8];
  size_t n = strlen(columns);
  for (size_t i = 0; i < n; i++) {
    letters[i][0] = columns[i];
    names[i] = letters[i];
  }
  br_melt spec = {ids, nids, names, n, "variable", "value"};
  return br_frame_melt(out, f, &spec, err);
}

static void assert_melts(const char *text, size_t nids, const char *columns, const char *expected)
{
  br_err err = {0};
  br_frame *made = NULL, *f = frame_of(text);
  br_code code = melt(&made, f, nids, columns, &err);
  assert_made(code, &err, &made, expected);
  br_frame_free(f);
}

static void values_stand_below_each_other(void **state)
{
  (void)state;
  assert_melts(wide, 1, "bc", "name:s variable:s value:f\nx b 0.5\ny b 1.5\nx c -\ny c 2.0\n");
  assert_melts(wide, 1, "b", "name:s variable:s value:f\nx b 0.5\ny b 1.5\n");
  assert_melts(wide, 0, "a", "variable:s value:i\na 1\na -\n");
}

static void whole_numbers_and_others_meet(void **state)
{
  (void)state;
  assert_melts(wide, 1, "ab", "name:s variable:s value:f\nx a 1.0\ny a -\nx b 0.5\ny b 1.5\n");
  assert_melts(wide, 0, "ca", "variable:s value:f\nc -\nc 2.0\na 1.0\na -\n");
}

static void strings_of_two_dictionaries_meet(void **state)
{
  (void)state;
  assert_melts(wide, 1, "st", "name:s variable:s value:s\nx s p\ny s -\nx t q\ny t p\n");
}

static void nulls_meet_any_type(void **state)
{
  (void)state;
  const char *text = "name:s n:f s:s\nx - p\ny - q\n";
  assert_melts(text, 1, "ns", "name:s variable:s value:s\nx n -\ny n -\nx s p\ny s q\n");
  assert_melts("n:s b:b\n- true\n", 0, "nb", "variable:s value:b\nn -\nb true\n");
  assert_melts("n:s b:f\n- 1.5\n", 0, "nb", "variable:s value:f\nn -\nb 1.5\n");
  assert_melts("n:f b:f\n- -\n", 0, "nb", "variable:s value:f\nn -\nb -\n");
}

static void nothing_melts_to_nothing(void **state)
{
  (void)state;
  assert_melts("name:s a:i s:s\n", 1, "as", "name:s variable:s value:i\n");
  assert_melts(wide, 1, "", "name:s variable:s value:f\n");
  assert_melts("", 0, "", "variable:s value:f\n");
}

/* 13 rows: the bits of each column begin within a byte. */
static void many_nulls_stay_in_their_rows(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *made = NULL, *f = NULL;
  br_column *column = NULL;
  must(br_frame_new(&f, &err), &err);
  must(br_column_new(&column, BR_I64, &err), &err);
  for (int64_t i = 0; i < 13; i++)
    must(i % 3 ? br_column_push_i64(column, i, &err) : br_column_push_null(column, &err), &err);
  must(br_frame_set(f, "a", column, &err), &err);
  must(br_frame_set(f, "b", column, &err), &err);
  br_column_release(column);
  must(melt(&made, f, 0, "aba", &err), &err);
  const br_column *value = br_frame_column(made, 1);
  assert_int_equal(br_column_len(value), 39);
  assert_int_equal(br_column_null_count(value), 15);
  for (size_t i = 0; i < 39; i++) {
    assert_int_equal(br_column_is_null(value, i), i % 13 % 3 == 0);
    assert_int_equal(br_column_i64(value, i), i % 13 % 3 ? i % 13 : 0);
  }
  br_frame_free(made);
  br_frame_free(f);
}

static void misfits_are_told(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *made = NULL, *f = frame_of(wide);
  assert_fails(melt(&made, f, 1, "bs", &err), &err, BR_ETYPE, "column 'b' is f64, 's' is string");
  assert_fails(melt(&made, f, 1, "q", &err), &err, BR_ENOTFOUND, "no column 'q'");
  static const char *const ids[] = {"a"}, *const columns[] = {"b"};
  br_melt taken = {ids, 1, columns, 1, "a", "value"};
  assert_fails(br_frame_melt(&made, f, &taken, &err), &err, BR_EEXIST, "'a'");
  br_melt twice = {ids, 1, columns, 1, "v", "v"};
  assert_fails(br_frame_melt(&made, f, &twice, &err), &err, BR_EEXIST, "'v'");
  assert_null(made);
  br_frame_free(f);
}

static br_code melt_strings(br_frame **out, const br_frame *f, br_err *err)
{
  return melt(out, f, 1, "st", err);
}

static br_code draw_again(br_frame **out, const br_frame *f, br_err *err)
{
  br_sample spec = {5, 1, true};
  return br_frame_sample(out, f, &spec, err);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  br_frame *f = frame_of(wide);
  assert_survives(melt_strings, f);
  assert_survives(draw_again, f);
  br_frame_free(f);
}

/* --- samples --- */

static br_frame *counted(int64_t n)
{
  br_err err = {0};
  br_frame *f = NULL;
  br_column *column = NULL;
  must(br_frame_new(&f, &err), &err);
  must(br_column_new(&column, BR_I64, &err), &err);
  for (int64_t i = 0; i < n; i++)
    must(br_column_push_i64(column, i, &err), &err);
  must(br_frame_set(f, "i", column, &err), &err);
  br_column_release(column);
  return f;
}

static br_column *sample(br_frame **made, const br_frame *f, size_t n, uint64_t seed, bool replace)
{
  br_err err = {0};
  br_sample spec = {n, seed, replace};
  *made = NULL;
  must(br_frame_sample(made, f, &spec, &err), &err);
  assert_int_equal(br_frame_nrow(*made), n);
  return br_frame_column(*made, 0);
}

/* The figures come from a second implementation of the generators, in Python. */
static void a_seed_gives_the_same_rows_everywhere(void **state)
{
  (void)state;
  br_frame *f = counted(1000), *made = NULL;
  const br_column *drawn = sample(&made, f, 5, 42, false);
  static const int64_t expected[] = {144, 177, 378, 693, 854};
  for (size_t i = 0; i < 5; i++)
    assert_int_equal(br_column_i64(drawn, i), expected[i]);
  br_frame_free(made);
  br_frame_free(f);
}

static void rows_keep_their_order(void **state)
{
  (void)state;
  br_frame *f = counted(200), *made = NULL;
  const br_column *once = sample(&made, f, 100, 7, false);
  for (size_t i = 1; i < 100; i++)
    assert_true(br_column_i64(once, i) > br_column_i64(once, i - 1));
  br_frame_free(made);
  const br_column *often = sample(&made, f, 300, 7, true);
  for (size_t i = 1; i < 300; i++)
    assert_true(br_column_i64(often, i) >= br_column_i64(often, i - 1));
  br_frame_free(made);
  const br_column *all = sample(&made, f, 200, 7, false);
  for (size_t i = 0; i < 200; i++)
    assert_int_equal(br_column_i64(all, i), i);
  br_frame_free(made);
  br_frame_free(f);
}

/* Each of 10 rows in 3 of 10 samples: 3000 of 10000, standard deviation 46. */
static void rows_are_equally_likely(void **state)
{
  (void)state;
  br_frame *f = counted(10), *made = NULL;
  size_t once[10] = {0}, often[10] = {0};
  for (uint64_t seed = 0; seed < 10000; seed++) {
    for (int replace = 0; replace < 2; replace++) {
      const br_column *drawn = sample(&made, f, 3, seed, replace);
      for (size_t i = 0; i < 3; i++)
        (replace ? often : once)[br_column_i64(drawn, i)]++;
      br_frame_free(made);
    }
  }
  for (size_t i = 0; i < 10; i++) {
    assert_in_range(once[i], 2770, 3230);
    assert_in_range(often[i], 2730, 3270);
  }
  br_frame_free(f);
}

static void too_many_rows_are_a_mistake(void **state)
{
  (void)state;
  br_err err = {0};
  br_frame *f = counted(3), *none = counted(0), *made = NULL;
  br_sample four = {4, 0, false}, one_again = {1, 0, true};
  assert_fails(br_frame_sample(&made, f, &four, &err), &err, BR_EINVAL, "4 rows are wanted");
  assert_fails(br_frame_sample(&made, none, &one_again, &err), &err, BR_EINVAL, "has 0");
  (void)sample(&made, none, 0, 0, true);
  br_frame_free(made);
  (void)sample(&made, f, 0, 0, false);
  br_frame_free(made);
  br_frame_free(none);
  br_frame_free(f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_stand_below_each_other),
      cmocka_unit_test(whole_numbers_and_others_meet),
      cmocka_unit_test(strings_of_two_dictionaries_meet),
      cmocka_unit_test(nulls_meet_any_type),
      cmocka_unit_test(nothing_melts_to_nothing),
      cmocka_unit_test(many_nulls_stay_in_their_rows),
      cmocka_unit_test(misfits_are_told),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(a_seed_gives_the_same_rows_everywhere),
      cmocka_unit_test(rows_keep_their_order),
      cmocka_unit_test(rows_are_equally_likely),
      cmocka_unit_test(too_many_rows_are_a_mistake),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
