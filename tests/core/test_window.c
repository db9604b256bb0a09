/* core/window: values as pandas gives them, plain kernels as a second opinion, edges, misuse, failing
 * allocations.
 *
 * Columns are written as text, "3.0 - nan": - is a null. Figures are pandas 1.5.3's unless said
 * otherwise. */
#include "frame_test.h"

#include "base/interrupt.h"
#include "window/window.h"

#include <math.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const A = "3.0 1.5 - 4.0 4.0 -2.0 - - 7.25 0.5";
static const char *const B = "- 1.0 - - 2.5 - 8.0 -";

/* --- helpers --- */

static br_column *column_as(br_type type, const char *text)
{
  br_err err = {0};
  br_column *words = NULL, *column = NULL;
  size_t len = 0;
  must(br_column_new(&words, BR_STR, &err), &err);
  for (const char *word = next_word(&text, &len); len > 0; word = next_word(&text, &len))
    push_word(words, word, len);
  must(br_column_cast(&column, words, type, BR_CAST_STRICT, &err), &err);
  br_column_release(words);
  return column;
}

static br_column *f64s(const char *text)
{
  return column_as(BR_F64, text);
}

static bool close_to(double a, double b)
{
  if (isnan(a) || isnan(b) || isinf(a) || isinf(b))
    return (isnan(a) && isnan(b)) || a == b;
  return fabs(a - b) <= 1e-12 * fmax(1, fabs(b));
}

static void assert_column(const br_column *column, br_type type, const char *expected)
{
  br_column *wanted = column_as(type == BR_STR ? BR_STR : BR_F64, expected);
  assert_int_equal(br_column_type(column), type);
  assert_int_equal(br_column_len(column), br_column_len(wanted));
  assert_int_equal(br_column_null_count(column), br_column_null_count(wanted));
  for (size_t i = 0; i < br_column_len(column); i++) {
    assert_int_equal(br_column_is_null(column, i), br_column_is_null(wanted, i));
    if (type == BR_STR)
      assert_string_equal(br_column_str(column, i, NULL), br_column_str(wanted, i, NULL));
    else if (!close_to(br_column_number(column, i), br_column_number(wanted, i)))
      fail_msg("row %zu of '%s' is %.17g", i, expected, br_column_number(column, i));
  }
  br_column_release(wanted);
}

/* Asserts and releases what an operation made, and its input. */
static void assert_gives(br_code code, const br_err *err, br_column **made, br_type type,
                         const char *expected)
{
  must(code, err);
  assert_column(*made, type, expected);
  br_column_release(*made);
  *made = NULL;
}

/* Groups by a column of letters. */
static br_window_groups *groups_of(const char *letters)
{
  static const char *const keys[] = {"g"};
  br_err err = {0};
  br_frame *frame = NULL;
  br_window_groups *groups = NULL;
  br_column *column = column_as(BR_STR, letters);
  must(br_frame_new(&frame, &err), &err);
  must(br_frame_set(frame, "g", column, &err), &err);
  must(br_window_groups_make(&groups, frame, keys, 1, &err), &err);
  br_column_release(column);
  br_frame_free(frame);
  return groups;
}

/* --- rolling --- */

struct rolled {
  const char *kernel;
  size_t n, min;
  bool centre;
  double q;
  const char *expected;
};

static br_rolling rolling(const struct rolled *r)
{
  br_rolling spec = {.n = r->n, .min = r->min, .centre = r->centre, .args = {.q = r->q}};
  spec.kernel = br_kernel_find(r->kernel);
  return spec;
}

static void assert_rolls(const char *cells, const struct rolled *r)
{
  br_err err = {0};
  br_rolling spec = rolling(r);
  br_column *column = f64s(cells), *made = NULL;
  br_code code = br_window_rolling(&made, column, NULL, &spec, &err);
  assert_gives(code, &err, &made, BR_F64, r->expected);
  br_column_release(column);
}

static void windows_are_as_pandas_has_them(void **state)
{
  (void)state;
  static const struct rolled cases[] = {
      {"sum", 3, 1, false, 0.5, "3.0 4.5 4.5 5.5 8.0 6.0 2.0 -2.0 7.25 7.75"},
      {"mean", 3, 1, false, 0.5, "3.0 2.25 2.25 2.75 4.0 2.0 1.0 -2.0 7.25 3.875"},
      {"min", 3, 1, false, 0.5, "3.0 1.5 1.5 1.5 4.0 -2.0 -2.0 -2.0 7.25 0.5"},
      {"max", 3, 1, false, 0.5, "3.0 3.0 3.0 4.0 4.0 4.0 4.0 -2.0 7.25 7.25"},
      {"stddev", 3, 1, false, 0.5,
       "nan 1.0606601717798212 1.0606601717798212 1.7677669529663689 0.0 3.4641016151377544 "
       "4.242640687119285 nan nan 4.772970773009196"},
      {"count", 3, 1, false, 0.5, "1.0 2.0 2.0 2.0 2.0 3.0 2.0 1.0 1.0 2.0"},
      {"median", 3, 1, false, 0.5, "3.0 2.25 2.25 2.75 4.0 4.0 1.0 -2.0 7.25 3.875"},
      {"quantile", 3, 1, false, 0.9,
       "3.0 2.85 2.85 3.75 4.0 4.0 3.4000000000000004 -2.0 7.25 6.575"},
      {"sum", 3, 3, false, 0.5, "- - - - - 6.0 - - - -"},
      {"mean", 3, 3, false, 0.5, "- - - - - 2.0 - - - -"},
      {"min", 3, 3, false, 0.5, "- - - - - -2.0 - - - -"},
      {"max", 3, 3, false, 0.5, "- - - - - 4.0 - - - -"},
      {"stddev", 3, 3, false, 0.5, "- - - - - 3.4641016151377544 - - - -"},
      {"count", 3, 3, false, 0.5, "- - - - - 3.0 - - - -"},
      {"median", 3, 3, false, 0.5, "- - - - - 4.0 - - - -"},
      {"quantile", 3, 3, false, 0.9, "- - - - - 4.0 - - - -"},
      {"sum", 4, 2, true, 0.5, "4.5 4.5 8.5 9.5 6.0 6.0 2.0 5.25 7.75 7.75"},
      {"mean", 4, 2, true, 0.5,
       "2.25 2.25 2.8333333333333335 3.1666666666666665 2.0 2.0 1.0 2.625 3.875 3.875"},
      {"min", 4, 2, true, 0.5, "1.5 1.5 1.5 1.5 -2.0 -2.0 -2.0 -2.0 0.5 0.5"},
      {"max", 4, 2, true, 0.5, "3.0 3.0 4.0 4.0 4.0 4.0 4.0 7.25 7.25 7.25"},
      {"stddev", 4, 2, true, 0.5,
       "1.0606601717798212 1.0606601717798212 1.2583057392117916 1.4433756729740645 "
       "3.4641016151377544 3.4641016151377544 4.242640687119285 6.540737725975565 "
       "4.772970773009196 4.772970773009196"},
      {"count", 4, 2, true, 0.5, "2.0 2.0 3.0 3.0 3.0 3.0 2.0 2.0 2.0 2.0"},
      {"median", 4, 2, true, 0.5, "2.25 2.25 3.0 4.0 4.0 4.0 1.0 2.625 3.875 3.875"},
      {"quantile", 4, 2, true, 0.9,
       "2.85 2.85 3.8 4.0 4.0 4.0 3.4000000000000004 6.325000000000001 6.575 6.575"},
      {"sum", 5, 1, true, 0.5, "4.5 8.5 12.5 7.5 6.0 6.0 9.25 5.75 7.75 7.75"},
      {"mean", 5, 1, true, 0.5,
       "2.25 2.8333333333333335 3.125 1.875 2.0 2.0 3.0833333333333335 1.9166666666666667 3.875 "
       "3.875"},
      {"min", 5, 1, true, 0.5, "1.5 1.5 1.5 -2.0 -2.0 -2.0 -2.0 -2.0 0.5 0.5"},
      {"max", 5, 1, true, 0.5, "3.0 4.0 4.0 4.0 4.0 4.0 7.25 7.25 7.25 7.25"},
      {"stddev", 5, 1, true, 0.5,
       "1.0606601717798212 1.2583057392117916 1.181453906563152 2.839454172900137 "
       "3.4641016151377544 3.4641016151377544 4.692636075100363 4.7849590733185305 "
       "4.772970773009196 4.772970773009196"},
      {"count", 5, 1, true, 0.5, "2.0 3.0 4.0 4.0 3.0 3.0 3.0 3.0 2.0 2.0"},
      {"median", 5, 1, true, 0.5, "2.25 3.0 3.5 2.75 4.0 4.0 4.0 0.5 3.875 3.875"},
      {"quantile", 5, 1, true, 0.9, "2.85 3.8 4.0 4.0 4.0 4.0 6.6 5.9 6.575 6.575"},
      {"sum", 10, 1, false, 0.5, "3.0 4.5 4.5 8.5 12.5 10.5 10.5 10.5 17.75 18.25"},
      {"mean", 10, 1, false, 0.5,
       "3.0 2.25 2.25 2.8333333333333335 3.125 2.1 2.1 2.1 2.9583333333333335 2.607142857142857"},
      {"min", 10, 1, false, 0.5, "3.0 1.5 1.5 1.5 1.5 -2.0 -2.0 -2.0 -2.0 -2.0"},
      {"max", 10, 1, false, 0.5, "3.0 3.0 3.0 4.0 4.0 4.0 4.0 4.0 7.25 7.25"},
      {"stddev", 10, 1, false, 0.5,
       "nan 1.0606601717798212 1.0606601717798212 1.2583057392117916 1.181453906563152 "
       "2.5099800796022267 2.5099800796022267 2.5099800796022267 3.075779034109353 "
       "2.957536780755872"},
      {"count", 10, 1, false, 0.5, "1.0 2.0 2.0 3.0 4.0 5.0 5.0 5.0 6.0 7.0"},
      {"median", 10, 1, false, 0.5, "3.0 2.25 2.25 3.0 3.5 3.0 3.0 3.0 3.5 3.0"},
      {"quantile", 10, 1, false, 0.9, "3.0 2.85 2.85 3.8 4.0 4.0 4.0 4.0 5.625 5.300000000000001"},
      {"sum", 1000, 2, false, 0.5, "- 4.5 4.5 8.5 12.5 10.5 10.5 10.5 17.75 18.25"},
      {"mean", 1000, 2, false, 0.5,
       "- 2.25 2.25 2.8333333333333335 3.125 2.1 2.1 2.1 2.9583333333333335 2.607142857142857"},
      {"min", 1000, 2, false, 0.5, "- 1.5 1.5 1.5 1.5 -2.0 -2.0 -2.0 -2.0 -2.0"},
      {"max", 1000, 2, false, 0.5, "- 3.0 3.0 4.0 4.0 4.0 4.0 4.0 7.25 7.25"},
      {"stddev", 1000, 2, false, 0.5,
       "- 1.0606601717798212 1.0606601717798212 1.2583057392117916 1.181453906563152 "
       "2.5099800796022267 2.5099800796022267 2.5099800796022267 3.075779034109353 "
       "2.957536780755872"},
      {"count", 1000, 2, false, 0.5, "- 2.0 2.0 3.0 4.0 5.0 5.0 5.0 6.0 7.0"},
      {"median", 1000, 2, false, 0.5, "- 2.25 2.25 3.0 3.5 3.0 3.0 3.0 3.5 3.0"},
      {"quantile", 1000, 2, false, 0.9, "- 2.85 2.85 3.8 4.0 4.0 4.0 4.0 5.625 5.300000000000001"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_rolls(A, &cases[i]);
}

/* By hand. */
static void other_kernels_get_their_window(void **state)
{
  (void)state;
  struct rolled geomean = {"geomean", 2, 1, false, 0, "2.0 4.0 8.0 - 0.5"};
  assert_rolls("2 8 - - 0.5", &geomean);
  struct rolled mad = {"mad", 3, 2, false, 0, "- 0.5 1.0 0.0 0.0"};
  assert_rolls("1 2 5 5 5", &mad);
  struct rolled none = {"count", 2, 0, false, 0, "1.0 1.0 0.0 1.0"};
  assert_rolls("1 - - 2", &none);
  struct rolled sum = {"sum", 1, 0, false, 0, "1.0 0.0 2.0"};
  assert_rolls("1 - 2", &sum);
}

static void what_has_left_the_window_leaves_no_trace(void **state)
{
  (void)state;
  const char *text = "1 inf 2 3 nan 4 5 -inf inf 6 7";
  struct rolled sum = {"sum", 2, 2, false, 0, "- inf inf 5 nan nan 9 -inf nan inf 13"};
  assert_rolls(text, &sum);
  struct rolled mean = {"mean", 2, 2, false, 0, "- inf inf 2.5 nan nan 4.5 -inf nan inf 6.5"};
  assert_rolls(text, &mean);
  struct rolled least = {"min", 2, 2, false, 0, "- 1 2 2 nan nan 4 -inf -inf 6 6"};
  assert_rolls(text, &least);
  struct rolled median = {"median", 2, 2, false, 0, "- inf inf 2.5 nan nan 4.5 -inf nan inf 6.5"};
  assert_rolls(text, &median);
  struct rolled spread = {"stddev",
                          2,
                          2,
                          false,
                          0,
                          "- nan nan 0.70710678118654757 nan nan 0.70710678118654757 nan nan nan "
                          "0.70710678118654757"};
  assert_rolls(text, &spread);
  struct rolled drift = {"sum", 2, 2, false, 0, "- 1e+100 1e+100 0.2 0.2"};
  assert_rolls("0.1 1e100 0.1 0.1 0.1", &drift);
  struct rolled huge = {"mean", 2, 2, false, 0, "- 1.5e308 1.5e308"};
  assert_rolls("1.5e308 1.5e308 1.5e308", &huge);
  struct rolled far = {"stddev", 2, 2, false, 0, "- 7.0710678118654755e+299 0.70710678118654757"};
  assert_rolls("1e300 1 2", &far);
  struct rolled tiny = {"stddev", 2, 2, false, 0, "- 0 0"};
  assert_rolls("5 5 5", &tiny);
}

/* A generator of our own for values that a run can repeat: Knuth's MMIX. */
static uint64_t next_random(uint64_t *random)
{
  *random = *random * 6364136223846793005u + 1442695040888963407u;
  return *random >> 33;
}

static br_column *random_column(size_t n, uint64_t seed, double offset)
{
  br_err err = {0};
  br_column *column = NULL;
  must(br_column_new(&column, BR_F64, &err), &err);
  for (size_t i = 0; i < n; i++) {
    uint64_t kind = next_random(&seed) % 100;
    double value = offset + (double)(next_random(&seed) % 1000) / 8;
    if (seed % 3 == 0 && kind == 1)
      value = kind % 2 ? (double)INFINITY : -(double)INFINITY;
    if (kind == 2)
      value = (double)NAN;
    must(kind < 90 ? br_column_push_f64(column, value, &err) : br_column_push_null(column, &err),
         &err);
  }
  return column;
}

/* What the plain kernel says of the window that ends with the row. */
static double plainly(const br_column *column, size_t row, const br_rolling *spec, size_t *n)
{
  br_err err = {0};
  double x[600], out = 0;
  *n = 0;
  for (size_t i = row + 1 > spec->n ? row + 1 - spec->n : 0; i <= row; i++)
    if (!br_column_is_null(column, i))
      x[(*n)++] = br_column_f64(column, i);
  must(spec->kernel->run(x, *n, &spec->args, &out, &err), &err);
  return out;
}

static void assert_plain(const br_column *column, const struct rolled *r)
{
  br_err err = {0};
  size_t n = 0;
  br_rolling spec = rolling(r);
  br_column *made = NULL;
  must(br_window_rolling(&made, column, NULL, &spec, &err), &err);
  for (size_t row = 0; row < br_column_len(column); row++) {
    double expected = plainly(column, row, &spec, &n);
    assert_int_equal(br_column_is_null(made, row), n < r->min);
    if (n >= r->min && !close_to(br_column_f64(made, row), expected))
      fail_msg("%s of %zu, row %zu: %.17g, not %.17g", r->kernel, r->n, row,
               br_column_f64(made, row), expected);
  }
  br_column_release(made);
}

static void fast_ways_agree_with_the_kernels(void **state)
{
  (void)state;
  static const char *const kernels[] = {"sum", "mean",   "count",  "min",
                                        "max", "stddev", "median", "quantile"};
  static const size_t widths[] = {1, 2, 3, 7, 64, 500};
  for (size_t k = 0; k < COUNT(kernels); k++) {
    for (size_t w = 0; w < COUNT(widths); w++) {
      br_column *column = random_column(600, 7 * w + 1, 0), *far = random_column(300, w, 1e9);
      struct rolled r = {kernels[k], widths[w], widths[w] / 2, false, 0.95, NULL};
      assert_plain(column, &r);
      assert_plain(far, &r);
      br_column_release(column);
      br_column_release(far);
    }
  }
}

static void windows_keep_to_their_group(void **state)
{
  (void)state;
  br_err err = {0};
  struct rolled r = {"sum", 2, 1, false, 0, NULL};
  br_rolling spec = rolling(&r);
  br_column *column = f64s(A), *made = NULL;
  br_window_groups *groups = groups_of("x y x y x y x y x y");
  br_code code = br_window_rolling(&made, column, groups, &spec, &err);
  assert_gives(code, &err, &made, BR_F64, "3.0 1.5 3.0 5.5 4.0 2.0 4.0 -2.0 7.25 0.5");
  br_ewm ewm = {BR_EWM_MEAN, BR_DECAY_ALPHA, 0.5, false, false, 0};
  code = br_window_ewm(&made, column, groups, &ewm, &err);
  assert_gives(code, &err, &made, BR_F64,
               "3.0 1.5 3.0 3.1666666666666665 3.8 0.21428571428571427 3.8 0.21428571428571427 "
               "6.428571428571429 0.41304347826086957");
  code = br_window_shift(&made, column, groups, 1, &err);
  assert_gives(code, &err, &made, BR_F64, "- - 3.0 1.5 - 4.0 4.0 -2.0 - -");
  code = br_window_change(&made, column, groups, BR_CHANGE_DIFFERENCE, 1, &err);
  assert_gives(code, &err, &made, BR_F64, "- - - 2.5 - -6.0 - - - -");
  code = br_window_running(&made, column, groups, BR_RUNNING_SUM, &err);
  assert_gives(code, &err, &made, BR_F64, "3.0 1.5 - 5.5 7.0 3.5 - - 14.25 4.0");
  br_window_groups_free(groups);
  br_column_release(column);
}

static void bools_whole_numbers_and_times_count_as_numbers(void **state)
{
  (void)state;
  br_err err = {0};
  struct rolled r = {"sum", 2, 1, false, 0, NULL};
  br_rolling spec = rolling(&r);
  br_column *made = NULL, *bools = column_as(BR_BOOL, "true true - false");
  br_code code = br_window_rolling(&made, bools, NULL, &spec, &err);
  assert_gives(code, &err, &made, BR_F64, "1 2 1 0");
  br_column *wholes = column_as(BR_I64, "1 2 - 4");
  code = br_window_rolling(&made, wholes, NULL, &spec, &err);
  assert_gives(code, &err, &made, BR_F64, "1 3 2 4");
  br_column *times = column_as(BR_TIMESTAMP, "1970-01-01T00:00:01Z 1970-01-01T00:00:02.5Z");
  code = br_window_rolling(&made, times, NULL, &spec, &err);
  assert_gives(code, &err, &made, BR_F64, "1 3.5");
  br_column_release(bools);
  br_column_release(wholes);
  br_column_release(times);
}

/* --- ewm --- */

static void weights_fall_as_in_pandas(void **state)
{
  (void)state;
  static const struct {
    br_ewm spec;
    const char *expected;
  } cases[] = {
      {{BR_EWM_MEAN, BR_DECAY_ALPHA, 0.3, false, false, 1},
       "3.0 2.1176470588235294 2.1176470588235294 3.1445717403164215 3.5192501423503133 "
       "1.394966457160232 1.394966457160232 1.394966457160232 4.4909474589335545 "
       "2.773539742633241"},
      {{BR_EWM_STDDEV, BR_DECAY_ALPHA, 0.3, false, false, 1},
       "nan 1.0606601717798214 1.0606601717798212 1.3747023884743714 1.0930161435035008 "
       "3.248095976991912 3.248095976991912 3.2480959769919115 4.29302558913287 3.922236030849193"},
      {{BR_EWM_MEAN, BR_DECAY_ALPHA, 0.3, false, true, 1},
       "3.0 2.1176470588235294 2.1176470588235294 2.9771689497716896 3.3809711804184763 "
       "1.4405538927554 1.4405538927554 1.4405538927554 3.4157699146938127 2.462536031062969"},
      {{BR_EWM_STDDEV, BR_DECAY_ALPHA, 0.3, false, true, 1},
       "nan 1.0606601717798214 1.0606601717798214 1.3559020317245278 1.16191841199216 "
       "3.1132295345530476 3.1132295345530476 3.1132295345530476 3.993844697997509 "
       "3.590266307356561"},
      {{BR_EWM_MEAN, BR_DECAY_ALPHA, 0.3, true, false, 1},
       "3.0 2.55 2.55 3.1006329113924047 3.370443037974683 1.7593101265822777 1.7593101265822777 "
       "1.7593101265822777 4.321062789141091 3.1747439523987633"},
      {{BR_EWM_STDDEV, BR_DECAY_ALPHA, 0.3, true, false, 1},
       "nan 1.0606601717798212 1.0606601717798212 1.1162427003994633 0.9942725419136806 "
       "2.904750591587336 2.904750591587336 2.904750591587336 3.9118627696720747 "
       "3.7340098676884215"},
      {{BR_EWM_MEAN, BR_DECAY_ALPHA, 0.3, true, true, 1},
       "3.0 2.55 2.55 2.9849999999999994 3.2894999999999994 1.7026499999999993 1.7026499999999993 "
       "1.7026499999999993 3.3668549999999993 2.506798499999999"},
      {{BR_EWM_STDDEV, BR_DECAY_ALPHA, 0.3, true, true, 1},
       "nan 1.0606601717798212 1.0606601717798212 1.110882713289105 1.0206348841433195 "
       "2.872944689921279 2.872944689921279 2.872944689921279 3.6983926158898233 "
       "3.4000042706354594"},
      {{BR_EWM_MEAN, BR_DECAY_SPAN, 4, false, false, 1},
       "3.0 2.0624999999999996 2.0624999999999996 3.291878172588832 3.655838815789474 "
       "1.0462867267089917 1.0462867267089917 1.0462867267089917 5.271818373624227 "
       "2.734817943534063"},
      {{BR_EWM_STDDEV, BR_DECAY_SPAN, 4, false, false, 1},
       "nan 1.0606601717798212 1.0606601717798212 1.421205048030106 1.0143844959251196 "
       "3.4977653223539553 3.4977653223539558 3.4977653223539553 4.675742403602564 "
       "4.217814580924806"},
      {{BR_EWM_MEAN, BR_DECAY_SPAN, 4, true, true, 1},
       "3.0 2.4 2.4 3.04 3.424 1.2543999999999997 1.2543999999999997 1.2543999999999997 "
       "3.6526400000000003 2.3915840000000004"},
      {{BR_EWM_STDDEV, BR_DECAY_SPAN, 4, true, true, 1},
       "nan 1.0606601717798214 1.0606601717798214 1.19895788082818 1.0472843507272491 "
       "3.195817722667223 3.195817722667223 3.195817722667223 4.19937678590275 3.7050353047717373"},
      {{BR_EWM_MEAN, BR_DECAY_HALFLIFE, 2, false, false, 1},
       "3.0 2.121320343559643 2.121320343559643 3.134876071694909 3.5092815939222284 "
       "1.417586329833198 1.417586329833198 1.417586329833198 4.437655716536962 "
       "2.7730915809968035"},
      {{BR_EWM_STDDEV, BR_DECAY_HALFLIFE, 2, false, false, 1},
       "nan 1.0606601717798214 1.0606601717798214 1.3715307704932753 1.0974280613274154 "
       "3.229870938380568 3.229870938380568 3.229870938380568 4.264635455048063 "
       "3.8998314557388474"},
      {{BR_EWM_MEAN, BR_DECAY_HALFLIFE, 2, true, true, 1},
       "3.0 2.5606601717798214 2.5606601717798214 2.982233047033631 3.2803300858899105 "
       "1.733757210636101 1.733757210636101 1.733757210636101 3.3494273169693907 "
       "2.5148493783272463"},
      {{BR_EWM_STDDEV, BR_DECAY_HALFLIFE, 2, true, true, 1},
       "nan 1.0606601717798214 1.0606601717798214 1.104941838404572 1.017807458889834 "
       "2.8493595430536014 2.8493595430536014 2.8493595430536014 3.6617389165343206 "
       "3.3753009641641274"},
      {{BR_EWM_MEAN, BR_DECAY_COM, 1.5, false, false, 1},
       "3.0 2.0624999999999996 2.0624999999999996 3.291878172588832 3.655838815789474 "
       "1.0462867267089917 1.0462867267089917 1.0462867267089917 5.271818373624227 "
       "2.734817943534063"},
      {{BR_EWM_STDDEV, BR_DECAY_COM, 1.5, false, false, 1},
       "nan 1.0606601717798212 1.0606601717798212 1.421205048030106 1.0143844959251196 "
       "3.4977653223539553 3.4977653223539558 3.4977653223539553 4.675742403602564 "
       "4.217814580924806"},
      {{BR_EWM_MEAN, BR_DECAY_COM, 1.5, true, true, 1},
       "3.0 2.4 2.4 3.04 3.424 1.2543999999999997 1.2543999999999997 1.2543999999999997 "
       "3.6526400000000003 2.3915840000000004"},
      {{BR_EWM_STDDEV, BR_DECAY_COM, 1.5, true, true, 1},
       "nan 1.0606601717798214 1.0606601717798214 1.19895788082818 1.0472843507272491 "
       "3.195817722667223 3.195817722667223 3.195817722667223 4.19937678590275 3.7050353047717373"},
      {{BR_EWM_MEAN, BR_DECAY_ALPHA, 0.3, false, false, 3},
       "- - - 3.1445717403164215 3.5192501423503133 1.394966457160232 1.394966457160232 "
       "1.394966457160232 4.4909474589335545 2.773539742633241"},
  };
  br_err err = {0};
  br_column *column = f64s(A), *made = NULL;
  for (size_t i = 0; i < COUNT(cases); i++) {
    br_code code = br_window_ewm(&made, column, NULL, &cases[i].spec, &err);
    assert_gives(code, &err, &made, BR_F64, cases[i].expected);
  }
  br_column_release(column);
}

static void a_nan_is_a_value_and_stays(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *column = f64s("1 nan 3 -"), *made = NULL;
  br_ewm spec = {BR_EWM_MEAN, BR_DECAY_SPAN, 3, false, false, 1};
  br_code code = br_window_ewm(&made, column, NULL, &spec, &err);
  assert_gives(code, &err, &made, BR_F64, "1 nan nan nan");
  br_column_release(column);
}

static void a_decay_has_its_range(void **state)
{
  (void)state;
  static const struct {
    br_decay decay;
    double value;
    const char *message;
  } cases[] = {
      {BR_DECAY_ALPHA, 0, "alpha is above 0"},
      {BR_DECAY_ALPHA, 1.5, "at most 1"},
      {BR_DECAY_ALPHA, NAN, "alpha"},
      {BR_DECAY_SPAN, 0.5, "at least 1"},
      {BR_DECAY_HALFLIFE, 0, "a half-life is"},
      {BR_DECAY_COM, -1, "centre of mass"},
      {BR_DECAY_SPAN, NAN, "a span is at least"},
  };
  br_err err = {0};
  br_column *column = f64s("1"), *made = NULL;
  for (size_t i = 0; i < COUNT(cases); i++) {
    br_ewm spec = {.decay = cases[i].decay, .value = cases[i].value};
    br_code code = br_window_ewm(&made, column, NULL, &spec, &err);
    assert_fails(code, &err, BR_EINVAL, cases[i].message);
  }
  br_column_release(column);
}

/* --- gaps --- */

static void assert_fills(br_column *column, br_fill method, const br_column *x, bool ends,
                         const char *expected)
{
  br_err err = {0};
  br_column *made = NULL;
  br_interpolation spec = {method, x, ends};
  br_type type = method == BR_FILL_LINEAR ? BR_F64 : br_column_type(column);
  assert_gives(br_window_interpolate(&made, column, NULL, &spec, &err), &err, &made, type,
               expected);
}

/* Nearest is by hand. */
static void gaps_are_filled(void **state)
{
  (void)state;
  br_column *b = f64s(B), *x = f64s("0 1 2 5 6 6.5 10 11");
  assert_fills(b, BR_FILL_LINEAR, NULL, false, "- 1.0 1.5 2.0 2.5 5.25 8.0 -");
  assert_fills(b, BR_FILL_LINEAR, NULL, true, "1.0 1.0 1.5 2.0 2.5 5.25 8.0 8.0");
  assert_fills(b, BR_FILL_LINEAR, x, false, "- 1.0 1.3 2.2 2.5 3.1875 8.0 -");
  assert_fills(b, BR_FILL_PREVIOUS, NULL, false, "- 1.0 1.0 1.0 2.5 2.5 8.0 8.0");
  assert_fills(b, BR_FILL_PREVIOUS, NULL, true, "1.0 1.0 1.0 1.0 2.5 2.5 8.0 8.0");
  assert_fills(b, BR_FILL_NEXT, NULL, false, "1.0 1.0 2.5 2.5 2.5 8.0 8.0 -");
  assert_fills(b, BR_FILL_NEAREST, NULL, false, "- 1.0 1.0 2.5 2.5 2.5 8.0 -");
  assert_fills(b, BR_FILL_NEAREST, x, true, "1.0 1.0 1.0 2.5 2.5 2.5 8.0 8.0");
  br_column_release(b);
  br_column_release(x);
}

static void other_types_are_filled_too(void **state)
{
  (void)state;
  br_column *words = column_as(BR_STR, "- a - b"), *wholes = column_as(BR_I64, "1 - 4");
  br_column *times = column_as(BR_TIMESTAMP, "1970-01-01T00:00:01Z - 1970-01-01T00:00:04Z");
  assert_fills(words, BR_FILL_PREVIOUS, NULL, false, "- a a b");
  assert_fills(wholes, BR_FILL_LINEAR, NULL, false, "1 2.5 4");
  assert_fills(wholes, BR_FILL_NEXT, NULL, false, "1 4 4");
  assert_fills(times, BR_FILL_NEXT, NULL, false, "1 4 4");
  br_column *when = column_as(BR_TIMESTAMP, "2026-01-01 2026-01-02 2026-01-05");
  assert_fills(wholes, BR_FILL_LINEAR, when, false, "1 1.75 4");
  br_column_release(words);
  br_column_release(wholes);
  br_column_release(times);
  br_column_release(when);
}

static void a_place_that_is_null_gives_nothing(void **state)
{
  (void)state;
  br_column *y = f64s("1 2 - - 5"), *x = column_as(BR_I64, "0 - 2 - 10");
  assert_fills(y, BR_FILL_LINEAR, x, false, "1 2 1.8 - 5");
  assert_fills(y, BR_FILL_PREVIOUS, x, false, "1 2 1 - 5");
  br_column *same = f64s("0 1 1 1 1");
  assert_fills(y, BR_FILL_LINEAR, same, false, "1 2 2 2 5");
  br_column_release(y);
  br_column_release(x);
  br_column_release(same);
}

static void places_must_rise(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *made = NULL, *y = f64s("1 - 3"), *falling = f64s("1 - 0"), *nan = f64s("0 nan 1");
  br_column *words = column_as(BR_STR, "a b c"), *few = f64s("1");
  br_interpolation spec = {BR_FILL_LINEAR, falling, false};
  assert_fails(br_window_interpolate(&made, y, NULL, &spec, &err), &err, BR_ERANGE,
               "falls in row 3");
  spec.x = nan;
  assert_fails(br_window_interpolate(&made, y, NULL, &spec, &err), &err, BR_ERANGE, "NaN in row 2");
  spec.x = words;
  assert_fails(br_window_interpolate(&made, y, NULL, &spec, &err), &err, BR_ETYPE, "x is string");
  spec.x = few;
  assert_fails(br_window_interpolate(&made, y, NULL, &spec, &err), &err, BR_EINVAL, "x has 1 rows");
  spec.x = NULL;
  assert_fails(br_window_interpolate(&made, words, NULL, &spec, &err), &err, BR_ETYPE, "string");
  br_column_release(y);
  br_column_release(falling);
  br_column_release(nan);
  br_column_release(words);
  br_column_release(few);
}

static void gaps_are_filled_within_a_group(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *made = NULL, *y = f64s("1 10 - - 3 30"), *x = f64s("1 0 2 9 3 10");
  br_window_groups *groups = groups_of("a b a b a b");
  br_interpolation spec = {BR_FILL_LINEAR, x, false};
  assert_gives(br_window_interpolate(&made, y, groups, &spec, &err), &err, &made, BR_F64,
               "1 10 2 28 3 30");
  br_window_groups_free(groups);
  br_column_release(y);
  br_column_release(x);
}

/* --- steps --- */

static void rows_are_moved(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *made = NULL, *b = f64s(B), *words = column_as(BR_STR, "a - c");
  assert_gives(br_window_shift(&made, b, NULL, 2, &err), &err, &made, BR_F64,
               "- - - 1.0 - - 2.5 -");
  assert_gives(br_window_shift(&made, b, NULL, -2, &err), &err, &made, BR_F64,
               "- - 2.5 - 8.0 - - -");
  assert_gives(br_window_shift(&made, words, NULL, 0, &err), &err, &made, BR_STR, "a - c");
  assert_gives(br_window_shift(&made, words, NULL, 1, &err), &err, &made, BR_STR, "- a -");
  static const int64_t far[] = {3, -3, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < COUNT(far); i++)
    assert_gives(br_window_shift(&made, words, NULL, far[i], &err), &err, &made, BR_STR, "- - -");
  br_column_release(b);
  br_column_release(words);
}

static void assert_changes(br_type type, const char *cells, br_change kind, int64_t n,
                           br_type result, const char *expected)
{
  br_err err = {0};
  br_column *made = NULL, *column = column_as(type, cells);
  assert_gives(br_window_change(&made, column, NULL, kind, n, &err), &err, &made, result, expected);
  br_column_release(column);
}

static void changes_are_as_pandas_has_them(void **state)
{
  (void)state;
  assert_changes(BR_F64, A, BR_CHANGE_DIFFERENCE, 1, BR_F64, "- -1.5 - - 0.0 -6.0 - - - -6.75");
  assert_changes(BR_F64, A, BR_CHANGE_DIFFERENCE, -2, BR_F64, "- -2.5 - 6.0 - - - - - -");
  assert_changes(BR_F64, A, BR_CHANGE_RELATIVE, 1, BR_F64,
                 "- -0.5 - - 0.0 -1.5 - - - -0.9310344827586207");
  assert_changes(BR_F64, A, BR_CHANGE_RELATIVE, -2, BR_F64, "- -0.625 - -3.0 - - - - - -");
  assert_changes(BR_F64, "0 1 0 0", BR_CHANGE_RELATIVE, 1, BR_F64, "- inf -1 nan");
  assert_changes(BR_I64, "3 - 5 9007199254740993", BR_CHANGE_DIFFERENCE, 1, BR_I64,
                 "- - - 9007199254740988");
  assert_changes(BR_I64, "4 5", BR_CHANGE_RELATIVE, 1, BR_F64, "- 0.25");
  assert_changes(BR_TIMESTAMP, "2026-01-01 2026-01-02T00:00:00.5Z", BR_CHANGE_DIFFERENCE, 1, BR_F64,
                 "- 86400.5");
}

static void a_change_that_does_not_fit_is_told(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *made = NULL, *wide = column_as(BR_I64, "-9223372036854775807 2");
  br_column *words = column_as(BR_STR, "a"), *times = column_as(BR_TIMESTAMP, "2026-01-01");
  assert_fails(br_window_change(&made, wide, NULL, BR_CHANGE_DIFFERENCE, 1, &err), &err, BR_ERANGE,
               "row 2: 2 less -9223372036854775807");
  assert_fails(br_window_change(&made, words, NULL, BR_CHANGE_DIFFERENCE, 1, &err), &err, BR_ETYPE,
               "the column is string");
  assert_fails(br_window_change(&made, times, NULL, BR_CHANGE_RELATIVE, 1, &err), &err, BR_ETYPE,
               "the column is timestamp");
  br_column_release(wide);
  br_column_release(words);
  br_column_release(times);
}

static void assert_runs(br_type type, const char *cells, br_running kind, br_type result,
                        const char *expected)
{
  br_err err = {0};
  br_column *made = NULL, *column = column_as(type, cells);
  assert_gives(br_window_running(&made, column, NULL, kind, &err), &err, &made, result, expected);
  br_column_release(column);
}

static void totals_run_as_in_pandas(void **state)
{
  (void)state;
  assert_runs(BR_F64, A, BR_RUNNING_SUM, BR_F64, "3.0 4.5 - 8.5 12.5 10.5 - - 17.75 18.25");
  assert_runs(BR_F64, A, BR_RUNNING_PRODUCT, BR_F64,
              "3.0 4.5 - 18.0 72.0 -144.0 - - -1044.0 -522.0");
  assert_runs(BR_F64, A, BR_RUNNING_MIN, BR_F64, "3.0 1.5 - 1.5 1.5 -2.0 - - -2.0 -2.0");
  assert_runs(BR_F64, A, BR_RUNNING_MAX, BR_F64, "3.0 3.0 - 4.0 4.0 4.0 - - 7.25 7.25");
  assert_runs(BR_F64, A, BR_RUNNING_COUNT, BR_I64, "1 2 2 3 4 5 5 5 6 7");
}

static void totals_of_other_types(void **state)
{
  (void)state;
  assert_runs(BR_I64, "2 - 9007199254740993", BR_RUNNING_SUM, BR_I64, "2 - 9007199254740995");
  assert_runs(BR_I64, "2 3 -4", BR_RUNNING_PRODUCT, BR_I64, "2 6 -24");
  assert_runs(BR_I64, "2 3 -4", BR_RUNNING_MIN, BR_I64, "2 2 -4");
  assert_runs(BR_BOOL, "true - true false", BR_RUNNING_SUM, BR_I64, "1 - 2 2");
  assert_runs(BR_STR, "a - b", BR_RUNNING_COUNT, BR_I64, "1 1 2");
  assert_runs(BR_TIMESTAMP, "1970-01-01T00:00:09Z 1970-01-01T00:00:03Z", BR_RUNNING_MIN,
              BR_TIMESTAMP, "9 3");
  assert_runs(BR_F64, "1 nan 0", BR_RUNNING_MIN, BR_F64, "1 nan nan");
  assert_runs(BR_F64, "nan 1 5", BR_RUNNING_MAX, BR_F64, "nan nan nan");
  assert_runs(BR_F64, "1 nan 1", BR_RUNNING_SUM, BR_F64, "1 nan nan");
  assert_runs(BR_F64, "1 1e100 1 -1e100", BR_RUNNING_SUM, BR_F64, "1 1e100 1e100 2");
}

static void a_total_that_does_not_fit_is_told(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *made = NULL, *wide = column_as(BR_I64, "9223372036854775807 1");
  br_column *words = column_as(BR_STR, "a"), *times = column_as(BR_TIMESTAMP, "2026-01-01");
  assert_fails(br_window_running(&made, wide, NULL, BR_RUNNING_SUM, &err), &err, BR_ERANGE,
               "row 2");
  br_column_release(wide);
  wide = column_as(BR_I64, "9223372036854775807 2");
  assert_fails(br_window_running(&made, wide, NULL, BR_RUNNING_PRODUCT, &err), &err, BR_ERANGE,
               "the product is no i64");
  assert_fails(br_window_running(&made, words, NULL, BR_RUNNING_MIN, &err), &err, BR_ETYPE,
               "string");
  assert_fails(br_window_running(&made, times, NULL, BR_RUNNING_SUM, &err), &err, BR_ETYPE,
               "timestamp");
  br_column_release(wide);
  br_column_release(words);
  br_column_release(times);
}

/* --- ranks --- */

static void places_are_as_pandas_has_them(void **state)
{
  (void)state;
  static const struct {
    br_ties ties;
    bool descending;
    const char *expected;
  } cases[] = {
      {BR_TIES_AVERAGE, false, "5.0 2.5 - 5.0 1.0 2.5 5.0"},
      {BR_TIES_AVERAGE, true, "2.0 4.5 - 2.0 6.0 4.5 2.0"},
      {BR_TIES_MIN, false, "4.0 2.0 - 4.0 1.0 2.0 4.0"},
      {BR_TIES_MIN, true, "1.0 4.0 - 1.0 6.0 4.0 1.0"},
      {BR_TIES_MAX, false, "6.0 3.0 - 6.0 1.0 3.0 6.0"},
      {BR_TIES_MAX, true, "3.0 5.0 - 3.0 6.0 5.0 3.0"},
      {BR_TIES_DENSE, false, "3.0 2.0 - 3.0 1.0 2.0 3.0"},
      {BR_TIES_DENSE, true, "1.0 2.0 - 1.0 3.0 2.0 1.0"},
      {BR_TIES_FIRST, false, "4.0 2.0 - 5.0 1.0 3.0 6.0"},
      {BR_TIES_FIRST, true, "1.0 4.0 - 2.0 6.0 5.0 3.0"},
  };
  br_err err = {0};
  br_column *made = NULL, *column = f64s("3 1 - 3 -2 1 3");
  for (size_t i = 0; i < COUNT(cases); i++) {
    br_type type = cases[i].ties == BR_TIES_AVERAGE ? BR_F64 : BR_I64;
    br_code code = br_window_rank(&made, column, NULL, cases[i].ties, cases[i].descending, &err);
    assert_gives(code, &err, &made, type, cases[i].expected);
  }
  br_window_groups *groups = groups_of("x x x y y y y");
  assert_gives(br_window_rank(&made, column, groups, BR_TIES_MIN, false, &err), &err, &made, BR_I64,
               "2 1 - 3 1 2 3");
  br_window_groups_free(groups);
  br_column_release(column);
}

static void words_and_nan_have_places(void **state)
{
  (void)state;
  br_err err = {0};
  br_column *made = NULL, *words = column_as(BR_STR, "b a - b c"), *nan = f64s("nan 1 - nan 2");
  assert_gives(br_window_rank(&made, words, NULL, BR_TIES_DENSE, false, &err), &err, &made, BR_I64,
               "2 1 - 2 3");
  assert_gives(br_window_rank(&made, nan, NULL, BR_TIES_AVERAGE, false, &err), &err, &made, BR_F64,
               "3.5 1 - 3.5 2");
  assert_gives(br_window_rank(&made, nan, NULL, BR_TIES_MIN, true, &err), &err, &made, BR_I64,
               "3 2 - 3 1");
  br_column_release(words);
  br_column_release(nan);
}

/* --- all of them --- */

/* Every function with a default of its own, in turn; false behind the last. */
static bool run_nth(size_t nth, br_column **out, br_column *column, const br_window_groups *groups,
                    br_code *code, br_err *err)
{
  br_rolling sum = {2, 1, br_kernel_find("sum"), {0, NULL}, false};
  br_rolling median = {2, 1, br_kernel_find("median"), {0, NULL}, true};
  br_rolling mad = {2, 1, br_kernel_find("mad"), {0, NULL}, false};
  br_ewm ewm = {.decay = BR_DECAY_SPAN, .value = 3};
  br_interpolation line = {BR_FILL_LINEAR, NULL, true}, next = {BR_FILL_NEXT, NULL, false};
  switch (nth) {
  case 0:
    *code = br_window_rolling(out, column, groups, &sum, err);
    return true;
  case 1:
    *code = br_window_rolling(out, column, groups, &median, err);
    return true;
  case 2:
    *code = br_window_rolling(out, column, groups, &mad, err);
    return true;
  case 3:
    *code = br_window_ewm(out, column, groups, &ewm, err);
    return true;
  case 4:
    *code = br_window_interpolate(out, column, groups, &line, err);
    return true;
  case 5:
    *code = br_window_interpolate(out, column, groups, &next, err);
    return true;
  case 6:
    *code = br_window_shift(out, column, groups, 1, err);
    return true;
  case 7:
    *code = br_window_change(out, column, groups, BR_CHANGE_DIFFERENCE, 1, err);
    return true;
  case 8:
    *code = br_window_running(out, column, groups, BR_RUNNING_SUM, err);
    return true;
  case 9:
    *code = br_window_running(out, column, groups, BR_RUNNING_MAX, err);
    return true;
  case 10:
    *code = br_window_rank(out, column, groups, BR_TIES_MIN, false, err);
    return true;
  default:
    return false;
  }
}

static void few_rows_are_fine(void **state)
{
  (void)state;
  static const char *const texts[] = {"", "1", "-", "- - -"};
  br_err err = {0};
  br_code code = BR_OK;
  br_column *made = NULL;
  for (size_t t = 0; t < COUNT(texts); t++) {
    br_column *column = f64s(texts[t]);
    for (size_t i = 0; run_nth(i, &made, column, NULL, &code, &err); i++) {
      must(code, &err);
      assert_int_equal(br_column_len(made), br_column_len(column));
      if (br_column_null_count(column) > 0)
        assert_int_equal(br_column_null_count(made), br_column_len(made));
      br_column_release(made);
    }
    br_column_release(column);
  }
}

static void long_work_can_be_interrupted(void **state)
{
  (void)state;
  br_err err = {0};
  struct rolled r = {"mad", 2, 1, false, 0, NULL};
  br_rolling spec = rolling(&r);
  br_column *column = f64s(A), *made = NULL;
  br_window_groups *groups = groups_of("x y x y x y x y x y");
  br_interrupt_raise();
  br_code rolled = br_window_rolling(&made, column, NULL, &spec, &err);
  br_code summed = br_window_running(&made, column, groups, BR_RUNNING_SUM, &err);
  br_interrupt_clear();
  assert_int_equal(rolled, BR_EINTR);
  assert_int_equal(summed, BR_EINTR);
  br_window_groups_free(groups);
  br_column_release(column);
}

static void misuse_is_told(void **state)
{
  (void)state;
  br_err err = {0};
  br_code code = BR_OK;
  br_column *made = NULL, *column = f64s("1 2 3"), *words = column_as(BR_STR, "a b");
  br_window_groups *groups = groups_of("a b");
  for (size_t i = 0; run_nth(i, &made, column, groups, &code, &err); i++)
    assert_fails(code, &err, BR_EINVAL, "the groups are of 2 rows, the column has 3");
  br_rolling spec = {0, 0, br_kernel_find("sum"), {0, NULL}, false};
  assert_fails(br_window_rolling(&made, column, NULL, &spec, &err), &err, BR_EINVAL,
               "at least one");
  spec.n = 2;
  spec.min = 3;
  assert_fails(br_window_rolling(&made, column, NULL, &spec, &err), &err, BR_EINVAL,
               "never holds 3");
  spec.min = 1;
  assert_fails(br_window_rolling(&made, words, NULL, &spec, &err), &err, BR_ETYPE, "string");
  spec.kernel = br_kernel_find("quantile");
  spec.args.q = 2;
  assert_fails(br_window_rolling(&made, column, NULL, &spec, &err), &err, BR_EINVAL,
               "between 0 and 1");
  br_ewm ewm = {.decay = BR_DECAY_SPAN, .value = 3};
  assert_fails(br_window_ewm(&made, words, NULL, &ewm, &err), &err, BR_ETYPE, "string");
  br_window_groups_free(groups);
  br_column_release(column);
  br_column_release(words);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  br_column *column = f64s(A);
  br_window_groups *groups = groups_of("x y x y x y x y x y");
  size_t start = br_mem_live();
  bool more = true;
  for (size_t i = 0; more; i++) {
    br_code code = BR_ENOMEM;
    for (size_t n = 1; more && code != BR_OK; n++) {
      br_err err = {0};
      br_column *made = NULL;
      br_mem_fail_at(n);
      more = run_nth(i, &made, column, groups, &code, &err);
      br_mem_fail_at(0);
      assert_true(!more || code == BR_ENOMEM || (code == BR_OK && n > 1));
      br_column_release(made);
      assert_int_equal(br_mem_live(), start);
    }
  }
  br_window_groups_free(groups);
  br_column_release(column);
}

static void groups_survive_failing_allocations(void **state)
{
  (void)state;
  static const char *const keys[] = {"k", "n"}, *const unknown[] = {"q"};
  br_frame *frame = frame_of("k:s n:i\na 1\nb -\na 1\n");
  br_window_groups *groups = NULL;
  br_err err = {0};
  size_t start = br_mem_live();
  for (size_t n = 1; !groups; n++) {
    br_mem_fail_at(n);
    br_code code = br_window_groups_make(&groups, frame, keys, 2, &err);
    br_mem_fail_at(0);
    assert_true(groups ? code == BR_OK : code == BR_ENOMEM && br_mem_live() == start);
  }
  br_window_groups_free(groups);
  groups = NULL;
  br_code code = br_window_groups_make(&groups, frame, unknown, 1, &err);
  assert_fails(code, &err, BR_ENOTFOUND, "no column 'q'");
  assert_int_equal(br_mem_live(), start);
  br_frame_free(frame);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(windows_are_as_pandas_has_them),
      cmocka_unit_test(other_kernels_get_their_window),
      cmocka_unit_test(what_has_left_the_window_leaves_no_trace),
      cmocka_unit_test(fast_ways_agree_with_the_kernels),
      cmocka_unit_test(windows_keep_to_their_group),
      cmocka_unit_test(bools_whole_numbers_and_times_count_as_numbers),
      cmocka_unit_test(weights_fall_as_in_pandas),
      cmocka_unit_test(a_nan_is_a_value_and_stays),
      cmocka_unit_test(a_decay_has_its_range),
      cmocka_unit_test(gaps_are_filled),
      cmocka_unit_test(other_types_are_filled_too),
      cmocka_unit_test(a_place_that_is_null_gives_nothing),
      cmocka_unit_test(places_must_rise),
      cmocka_unit_test(gaps_are_filled_within_a_group),
      cmocka_unit_test(rows_are_moved),
      cmocka_unit_test(changes_are_as_pandas_has_them),
      cmocka_unit_test(a_change_that_does_not_fit_is_told),
      cmocka_unit_test(totals_run_as_in_pandas),
      cmocka_unit_test(totals_of_other_types),
      cmocka_unit_test(a_total_that_does_not_fit_is_told),
      cmocka_unit_test(places_are_as_pandas_has_them),
      cmocka_unit_test(words_and_nan_have_places),
      cmocka_unit_test(few_rows_are_fine),
      cmocka_unit_test(long_work_can_be_interrupted),
      cmocka_unit_test(misuse_is_told),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(groups_survive_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
