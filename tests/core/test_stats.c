/* Statistics kernels: known values, ends of the range, and what every kernel must keep to.
 *
 * Kernels are reached by name, as users reach them. Where an expected value is not plain, the note
 * beside it tells how it was computed. */
#include "stats/kernel.h"
#include "stats/order.h"
#include "stats/sum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double inf = INFINITY;

static double run_args(const char *name, const double *x, size_t n, const br_kernel_args *args)
{
  br_err err = {0};
  double out = -12345;
  const br_kernel *kernel = br_kernel_find(name);
  assert_non_null(kernel);
  if (kernel->run(x, n, args, &out, &err) != BR_OK)
    fail_msg("%s: %s", name, err.msg);
  return out;
}

#define RUN(name, ...)                                                                             \
  run_args(name, (const double[]){__VA_ARGS__}, COUNT(((double[]){__VA_ARGS__})), NULL)

static void assert_near(double got, double want, double relative)
{
  if (!(fabs(got - want) <= relative * fabs(want)))
    fail_msg("got %.17g, want %.17g", got, want);
}

static void assert_same(double got, double want)
{
  if (isnan(want) ? !isnan(got) : got != want)
    fail_msg("got %.17g, want %.17g", got, want);
}

static double quantile(const double *x, size_t n, double q, const char *method)
{
  br_kernel_args args = {.q = q, .method = method};
  return run_args("quantile", x, n, &args);
}

/* --- the list --- */

static void find_gives_null_for_an_unknown_name(void **state)
{
  (void)state;
  assert_null(br_kernel_find("harmonic"));
  assert_null(br_kernel_find(""));
  assert_null(br_kernel_find("Mean"));
}

static void list_holds_the_basic_kernels_sorted_by_name(void **state)
{
  (void)state;
  static const char *const wanted[] = {"count",    "geomean", "iqr", "mad",  "max",
                                       "mean",     "median",  "min", "mode", "nunique",
                                       "quantile", "stddev",  "sum", "var"};
  for (size_t i = 0; i < COUNT(wanted); i++)
    assert_non_null(br_kernel_find(wanted[i]));
  size_t n;
  const br_kernel *const *list = br_kernel_list(&n);
  assert_true(n >= COUNT(wanted));
  for (size_t i = 1; i < n; i++)
    assert_true(strcmp(list[i - 1]->name, list[i]->name) < 0);
}

/* --- what every kernel keeps to --- */

static void for_each_kernel(void (*check)(const br_kernel *kernel))
{
  size_t n;
  const br_kernel *const *list = br_kernel_list(&n);
  for (size_t i = 0; i < n; i++)
    check(list[i]);
}

static void check_described(const br_kernel *kernel)
{
  static const char *const obvious[] = {"count", "min", "max"};
  bool is_obvious = false;
  for (size_t i = 0; i < COUNT(obvious); i++)
    is_obvious = is_obvious || strcmp(kernel->name, obvious[i]) == 0;
  assert_ptr_equal(br_kernel_find(kernel->name), kernel);
  assert_true(strlen(kernel->help) > 10);
  assert_int_equal(kernel->help[strlen(kernel->help) - 1], '.');
  assert_non_null(kernel->source);
  if (!is_obvious && kernel->source[0] == '\0')
    fail_msg("%s names no source", kernel->name);
}

static void every_kernel_has_help_and_a_source(void **state)
{
  (void)state;
  for_each_kernel(check_described);
}

static bool counts(const br_kernel *kernel)
{
  return strcmp(kernel->name, "count") == 0 || strcmp(kernel->name, "nunique") == 0;
}

static void check_no_values(const br_kernel *kernel)
{
  double want = counts(kernel) || strcmp(kernel->name, "sum") == 0 ? 0 : NAN;
  assert_same(run_args(kernel->name, NULL, 0, NULL), want);
}

static void every_kernel_is_defined_for_no_values(void **state)
{
  (void)state;
  for_each_kernel(check_no_values);
}

static void check_one_value(const br_kernel *kernel)
{
  static const struct {
    const char *name;
    double want;
  } special[] = {{"count", 1},   {"iqr", 0},      {"mad", 0},
                 {"nunique", 1}, {"stddev", NAN}, {"var", NAN}};
  double want = 2.5;
  for (size_t i = 0; i < COUNT(special); i++)
    if (strcmp(kernel->name, special[i].name) == 0)
      want = special[i].want;
  double got = RUN(kernel->name, 2.5);
  if (isnan(want))
    assert_true(isnan(got));
  else
    assert_near(got, want, 1e-15);
}

static void every_kernel_is_defined_for_one_value(void **state)
{
  (void)state;
  for_each_kernel(check_one_value);
}

static void check_nan(const br_kernel *kernel)
{
  if (counts(kernel))
    return;
  assert_same(RUN(kernel->name, NAN), NAN);
  assert_same(RUN(kernel->name, NAN, 1, 2), NAN);
  assert_same(RUN(kernel->name, 1, NAN, 2), NAN);
  assert_same(RUN(kernel->name, 1, 2, NAN), NAN);
  assert_same(RUN(kernel->name, inf, NAN, 0, -inf), NAN);
}

static void every_kernel_that_does_not_count_answers_nan_with_nan(void **state)
{
  (void)state;
  for_each_kernel(check_nan);
  assert_same(RUN("count", 1, NAN, NAN), 3);
}

static void check_input_kept(const br_kernel *kernel)
{
  const double before[] = {5, -1, 3, inf, 0, 2, 2, -0.0, 9};
  double x[COUNT(before)];
  memcpy(x, before, sizeof x);
  (void)run_args(kernel->name, x, COUNT(x), NULL);
  assert_memory_equal(x, before, sizeof x);
}

static void no_kernel_changes_its_input(void **state)
{
  (void)state;
  for_each_kernel(check_input_kept);
}

static void check_order(const br_kernel *kernel)
{
  double a = RUN(kernel->name, 7, 1, 4, 4, 2, 9.5);
  double b = RUN(kernel->name, 9.5, 7, 4, 4, 2, 1);
  assert_near(a, b, 1e-15);
}

static void no_kernel_depends_on_the_order_of_values(void **state)
{
  (void)state;
  for_each_kernel(check_order);
}

static void check_allocations(const br_kernel *kernel)
{
  const double x[] = {3, 1, 2, 5};
  size_t live = br_mem_live();
  br_err err = {0};
  double out = 77;
  br_mem_fail_at(1);
  br_code code = kernel->run(x, COUNT(x), NULL, &out, &err);
  br_mem_fail_at(0);
  assert_true(code == BR_OK || code == BR_ENOMEM);
  if (code == BR_ENOMEM)
    assert_true(out == 77 && err.code == BR_ENOMEM);
  (void)run_args(kernel->name, x, COUNT(x), NULL);
  assert_int_equal(br_mem_live(), live);
}

static void every_kernel_survives_failing_memory_and_leaks_nothing(void **state)
{
  (void)state;
  for_each_kernel(check_allocations);
}

static void kernels_that_need_scratch_memory_say_when_there_is_none(void **state)
{
  (void)state;
  static const char *const needy[] = {"iqr", "mad", "median", "mode", "nunique", "quantile"};
  const double x[] = {3, 1, 2};
  for (size_t i = 0; i < COUNT(needy); i++) {
    br_err err = {0};
    double out;
    br_mem_fail_at(1);
    br_code code = br_kernel_find(needy[i])->run(x, COUNT(x), NULL, &out, &err);
    br_mem_fail_at(0);
    assert_int_equal(code, BR_ENOMEM);
  }
}

/* --- sum and mean --- */

static void sum_and_mean_of_plain_numbers(void **state)
{
  (void)state;
  assert_same(RUN("sum", 1, 2, 3.5), 6.5);
  assert_same(RUN("mean", 1, 2, 3, 4), 2.5);
  assert_same(RUN("count", 1, 2, 3.5), 3);
}

static void sum_keeps_what_plain_addition_loses(void **state)
{
  (void)state;
  assert_same(RUN("sum", 1, 1e100, 1, -1e100), 2); /* Neumaier's own example */
  assert_same(RUN("sum", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), 1);
  assert_same(RUN("mean", 1e16, 1, -1e16, 1), 0.5);
}

static void sum_of_a_million_tenths_is_exact(void **state)
{
  (void)state;
  size_t n = 1000000;
  double *x = test_malloc(n * sizeof *x);
  for (size_t i = 0; i < n; i++)
    x[i] = 0.1;
  assert_same(run_args("sum", x, n, NULL), 100000);
  assert_same(run_args("mean", x, n, NULL), 0.1);
  test_free(x);
}

static void sum_survives_an_overflow_on_the_way(void **state)
{
  (void)state;
  assert_same(RUN("sum", 1e308, 1e308, -1e308), 1e308);
  assert_same(RUN("sum", 1e308, 1e308), inf);
  assert_same(RUN("mean", 1e308, 1e308, 1e308), 1e308);
  assert_same(RUN("mean", -1.7e308, -1.7e308), -1.7e308);
}

static void sum_and_mean_of_infinities(void **state)
{
  (void)state;
  assert_same(RUN("sum", 1, inf, 2), inf);
  assert_same(RUN("sum", 1, -inf, -inf), -inf);
  assert_same(RUN("sum", inf, 1, -inf), NAN);
  assert_same(RUN("mean", inf, 1), inf);
  assert_same(RUN("mean", -inf, inf), NAN);
}

/* --- geomean --- */

static void geomean_of_known_values(void **state)
{
  (void)state;
  assert_near(RUN("geomean", 2, 8), 4, 1e-15);
  assert_same(RUN("geomean", 1, 1, 1), 1);
  assert_near(RUN("geomean", 0.5, 2), 1, 1e-15);
  /* numpy 1.24: exp(mean(log(x))) */
  assert_near(RUN("geomean", 1.2, 1.5, 0.9, 2, 1.1), 1.289399623530494, 1e-15);
}

static void geomean_can_neither_overflow_nor_vanish(void **state)
{
  (void)state;
  assert_near(RUN("geomean", 1e300, 1e300, 1e300), 1e300, 1e-12);
  assert_near(RUN("geomean", 1e-300, 1e-300, 1e-300), 1e-300, 1e-12);
  assert_near(RUN("geomean", 1e300, 1e-300), 1, 1e-12);
  assert_near(RUN("geomean", 5e-324, 5e-324), 5e-324, 0);
}

static void geomean_keeps_its_rules_for_zero_negative_and_infinite_values(void **state)
{
  (void)state;
  assert_same(RUN("geomean", 0, 3, 5), 0);
  assert_same(RUN("geomean", 3, -0.0), 0);
  assert_same(RUN("geomean", 3, inf), inf);
  assert_same(RUN("geomean", 0, inf), NAN);
  assert_same(RUN("geomean", -1, 2), NAN);
  assert_same(RUN("geomean", -1, -2), NAN);
  assert_same(RUN("geomean", -1, 0), NAN);
  assert_same(RUN("geomean", -inf, inf), NAN);
}

/* Against a product in more digits than doubles have, taken in another order. */
static void assert_geomean_is_exact(const double *x, size_t n)
{
  long double logs = 0;
  for (size_t i = n; i-- > 0;)
    logs += logl(x[i]);
  assert_near(run_args("geomean", x, n, NULL), (double)expl(logs / (long double)n), 1e-15);
}

static void geomean_of_many_values_is_good_to_a_few_units(void **state)
{
  (void)state;
  static double x[5000];
  static const double scales[] = {1, 1e-3, 1e5, 0x1p-1040, 0x1p1000, 1e-300};
  uint64_t seed = 1;
  for (size_t s = 0; s < COUNT(scales); s++) {
    for (size_t i = 0; i < COUNT(x); i++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      x[i] = scales[s] * (0.25 + (double)(seed >> 40) * 0x1p-22);
    }
    for (size_t n = 1; n <= COUNT(x); n = n * 3 + 1)
      assert_geomean_is_exact(x, n);
  }
}

static void geomean_keeps_its_rules_in_every_place_of_a_block(void **state)
{
  (void)state;
  double x[1030];
  for (size_t at = 0; at < COUNT(x); at += 103) {
    for (size_t i = 0; i < COUNT(x); i++)
      x[i] = 2;
    assert_same(run_args("geomean", x, COUNT(x), NULL), 2);
    x[at] = 0;
    assert_same(run_args("geomean", x, COUNT(x), NULL), 0);
    x[at] = inf;
    assert_same(run_args("geomean", x, COUNT(x), NULL), inf);
    x[(at + 1) % COUNT(x)] = -0.0;
    assert_same(run_args("geomean", x, COUNT(x), NULL), NAN);
    x[at] = -5e-324;
    assert_same(run_args("geomean", x, COUNT(x), NULL), NAN);
  }
}

/* --- stddev --- */

static void stddev_of_known_values(void **state)
{
  (void)state;
  assert_near(RUN("stddev", 2, 4, 4, 4, 5, 5, 7, 9), sqrt(32.0 / 7), 1e-15);
  /* numpy 1.24: std(x, ddof=1) */
  assert_near(RUN("stddev", 1.2, 1.5, 0.9, 2, 1.1), 0.42778499272414877, 1e-15);
  assert_same(RUN("stddev", 3, 3, 3), 0);
  assert_same(RUN("stddev", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), 0);
}

/* NIST's StRD set NumAcc3: 1000000.2, then 1000000.1 and 1000000.3 in turn, 1001 values; certified
 * standard deviation 0.1, and NumAcc4 the same with 10000000. The tolerances are the rounding of
 * the inputs. */
static void stddev_agrees_with_nist_on_stiff_data(void **state)
{
  (void)state;
  static const struct {
    double base, tolerance;
  } sets[] = {{1000000, 1e-9}, {10000000, 1e-8}};
  for (size_t s = 0; s < COUNT(sets); s++) {
    double x[1001];
    x[0] = sets[s].base + 0.2;
    for (size_t i = 1; i < COUNT(x); i++)
      x[i] = sets[s].base + (i % 2 ? 0.1 : 0.3);
    assert_near(run_args("stddev", x, COUNT(x), NULL), 0.1, sets[s].tolerance);
    assert_near(run_args("mean", x, COUNT(x), NULL), sets[s].base + 0.2, 1e-15);
  }
}

static void stddev_is_untouched_by_a_large_offset(void **state)
{
  (void)state;
  assert_same(RUN("stddev", 1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16), sqrt(30));
}

static void stddev_of_huge_and_tiny_values(void **state)
{
  (void)state;
  assert_near(RUN("stddev", 1e200, -1e200), sqrt(2) * 1e200, 1e-15);
  assert_near(RUN("stddev", 1e-200, -1e-200), sqrt(2) * 1e-200, 1e-15);
  assert_near(RUN("stddev", 1e-320, 3e-320), sqrt(2) * 1e-320, 1e-3);
  assert_same(RUN("stddev", 1.7e308, -1.7e308), inf);
  assert_same(RUN("stddev", 0, 0), 0);
  assert_same(RUN("stddev", 1, inf), NAN);
}

static void var_is_the_square_of_stddev(void **state)
{
  (void)state;
  assert_near(RUN("var", 2, 4, 4, 4, 5, 5, 7, 9), 32.0 / 7, 1e-15);
  assert_near(RUN("var", 1e150, -1e150), 2e300, 1e-15);
  assert_same(RUN("var", 1e200, -1e200), inf);
  assert_same(RUN("var", 3, 3, 3), 0);
  assert_same(RUN("var", 1, inf), NAN);
}

/* --- order --- */

static void iqr_of_known_values(void **state)
{
  (void)state;
  assert_same(RUN("iqr", 1, 2, 3, 4, 5), 2);
  assert_same(RUN("iqr", 4, 1, 3, 2), 1.5); /* numpy: 3.25 - 1.75 */
  assert_same(RUN("iqr", 7, 7), 0);
  assert_same(RUN("iqr", 1, 2, inf, inf), inf);
  assert_same(RUN("iqr", inf, inf, inf), NAN);
}

static void mode_is_the_least_of_the_most_frequent(void **state)
{
  (void)state;
  assert_same(RUN("mode", 3, 1, 3, 2, 1), 1);
  assert_same(RUN("mode", 5, 4, 4, 5, 5), 5);
  assert_same(RUN("mode", 3, 2, 1), 1);
  assert_same(RUN("mode", inf, -inf, inf), inf);
  assert_same(RUN("mode", 0.0, -0.0, 1), 0);
}

static void nunique_counts_values_that_differ(void **state)
{
  (void)state;
  assert_same(RUN("nunique", 3, 1, 3, 2, 1), 3);
  assert_same(RUN("nunique", 0.0, -0.0), 1);
  assert_same(RUN("nunique", NAN, 1, NAN, inf, -inf), 4);
  assert_same(RUN("nunique", NAN), 1);
}

static void min_and_max_of_plain_and_infinite_values(void **state)
{
  (void)state;
  assert_same(RUN("min", 3, -2, 8), -2);
  assert_same(RUN("max", 3, -2, 8), 8);
  assert_same(RUN("min", 3, -inf, inf), -inf);
  assert_same(RUN("max", 3, -inf, inf), inf);
}

static void median_of_odd_and_even_counts(void **state)
{
  (void)state;
  assert_same(RUN("median", 5, 1, 3), 3);
  assert_same(RUN("median", 5, 1, 3, 4), 3.5);
  assert_same(RUN("median", 1, 2), 1.5);
  assert_same(RUN("median", 7, 7, 7, 7), 7);
  assert_same(RUN("median", 0.1, 0.2), (0.1 + 0.2) / 2);
}

static void median_of_huge_and_infinite_values(void **state)
{
  (void)state;
  assert_same(RUN("median", 1.7e308, 1.5e308), 1.6e308);
  assert_same(RUN("median", 1, inf, 2), 2);
  assert_same(RUN("median", inf, inf), inf);
  assert_same(RUN("median", 1, inf), inf);
  assert_same(RUN("median", -inf, inf), NAN);
}

static void mad_of_known_values(void **state)
{
  (void)state;
  assert_same(RUN("mad", 1, 1, 2, 2, 4, 6, 9), 1); /* deviations 1 1 0 0 2 4 7 from 2 */
  assert_same(RUN("mad", 1, 2, 3, 4), 1);
  assert_same(RUN("mad", 5, 5, 5), 0);
  assert_same(RUN("mad", 1, 2, inf), 1);
  assert_same(RUN("mad", 1, inf, inf), NAN);
}

static int compare_doubles(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The patterns that make a careless quickselect quadratic, and some that don't. */
static double pattern_value(int pattern, size_t i, size_t n, uint32_t *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  switch (pattern) {
  case 0:
    return (double)i;
  case 1:
    return (double)(n - i);
  case 2:
    return 42;
  case 3:
    return i < n / 2 ? (double)i : (double)(n - i);
  case 4:
    return (double)(i % 2);
  case 5:
    return (double)(*seed >> 28);
  default:
    return (double)*seed;
  }
}

enum { PATTERNS = 7 };

static void select_agrees_with_sorting_at_every_place(void **state)
{
  (void)state;
  uint32_t seed = 1;
  for (int pattern = 0; pattern < PATTERNS; pattern++)
    for (size_t n = 1; n <= 33; n++)
      for (size_t k = 0; k < n; k++) {
        double x[33], sorted[33];
        for (size_t i = 0; i < n; i++)
          x[i] = sorted[i] = pattern_value(pattern, i, n, &seed);
        qsort(sorted, n, sizeof *sorted, compare_doubles);
        assert_same(br_stats_select(x, n, k), sorted[k]);
        assert_same(x[k], sorted[k]);
        if (k > 0)
          assert_true(br_stats_max(x, k) <= x[k]);
        assert_true(br_stats_min(x + k, n - k) >= x[k]);
      }
}

/* Would run for hours if the time were quadratic. */
static void select_is_fast_on_a_million_values_of_any_pattern(void **state)
{
  (void)state;
  size_t n = 1000001;
  uint32_t seed = 7;
  double *x = test_malloc(n * sizeof *x), *sorted = test_malloc(n * sizeof *x);
  for (int pattern = 0; pattern < PATTERNS; pattern++) {
    for (size_t i = 0; i < n; i++)
      x[i] = sorted[i] = pattern_value(pattern, i, n, &seed);
    qsort(sorted, n, sizeof *sorted, compare_doubles);
    assert_same(br_stats_median(x, n), sorted[n / 2]);
  }
  test_free(sorted);
  test_free(x);
}

/* --- quantile --- */

/* Expected: the definitions of Hyndman & Fan 1996, and numpy's for the last four, in exact
 * fractions. */
static void quantile_methods_agree_with_their_definitions(void **state)
{
  (void)state;
  static const double x[] = {3.5, 1.25, 9.0, 4.75, 7.0, 2.0, 8.5, 6.25, 0.5, 5.0};
  static const double q[] = {0, 0.1, 0.25, 0.33, 0.5, 0.9, 1};
  static const struct {
    const char *method;
    double want[COUNT(q)];
  } table[] = {
      {"inverted_cdf", {0.5, 0.5, 2, 3.5, 4.75, 8.5, 9}},
      {"averaged_inverted_cdf", {0.5, 0.875, 2, 3.5, 4.875, 8.75, 9}},
      {"closest_observation", {0.5, 0.5, 1.25, 2, 4.75, 8.5, 9}},
      {"interpolated_inverted_cdf", {0.5, 0.5, 1.625, 2.45, 4.75, 8.5, 9}},
      {"hazen", {0.5, 0.875, 2, 3.2, 4.875, 8.75, 9}},
      {"weibull", {0.5, 0.575, 1.8125, 2.945, 4.875, 8.95, 9}},
      {"linear", {0.5, 1.175, 2.375, 3.455, 4.875, 8.55, 9}},
      {"median_unbiased", {0.5, 0.775, 1.9375, 3.115, 4.875, 8.81666666666667, 9}},
      {"normal_unbiased", {0.5, 0.8, 1.953125, 3.13625, 4.875, 8.8, 9}},
      {"lower", {0.5, 0.5, 2, 2, 4.75, 8.5, 9}},
      {"higher", {0.5, 1.25, 3.5, 3.5, 5, 9, 9}},
      {"midpoint", {0.5, 0.875, 2.75, 2.75, 4.875, 8.75, 9}},
      {"nearest", {0.5, 1.25, 2, 3.5, 4.75, 8.5, 9}},
  };
  for (size_t m = 0; m < COUNT(table); m++)
    for (size_t i = 0; i < COUNT(q); i++)
      assert_near(quantile(x, COUNT(x), q[i], table[m].method), table[m].want[i], 1e-14);
}

static void quantile_is_linear_and_the_median_by_default(void **state)
{
  (void)state;
  const double x[] = {4, 1, 3, 2};
  assert_same(run_args("quantile", x, COUNT(x), NULL), 2.5);
  assert_same(quantile(x, COUNT(x), 0.25, NULL), 1.75);
}

/* 0.07 · 100 is 7.000000000000001 in binary: a naive step takes the eighth value. */
static void quantile_steps_are_not_moved_by_rounding(void **state)
{
  (void)state;
  double x[100];
  for (size_t i = 0; i < COUNT(x); i++)
    x[i] = (double)(i + 1);
  assert_same(quantile(x, COUNT(x), 0.07, "inverted_cdf"), 7);
  assert_same(quantile(x, COUNT(x), 0.07, "averaged_inverted_cdf"), 7.5);
  assert_same(quantile(x, COUNT(x), 0.29, "inverted_cdf"), 29);
}

/* Halves go to the even place: counted from 1 for closest_observation (type 3), from 0 for nearest.
 */
static void quantile_ties_go_to_the_even_place(void **state)
{
  (void)state;
  const double x[] = {1, 2, 3, 4, 5};
  assert_same(quantile(x, 5, 0.3, "closest_observation"), 2);
  assert_same(quantile(x, 5, 0.5, "closest_observation"), 2);
  assert_same(quantile(x, 5, 0.7, "closest_observation"), 4);
  assert_same(quantile(x, 4, 0.5, "nearest"), 3);
  assert_same(quantile(x, 2, 0.5, "nearest"), 1);
}

static void quantile_of_infinite_and_huge_values(void **state)
{
  (void)state;
  const double far[] = {-inf, 1, 2, inf}, huge[] = {-1.7e308, 1.7e308};
  assert_same(quantile(far, 4, 0.5, NULL), 1.5);
  assert_same(quantile(far, 4, 0.1, NULL), -inf);
  assert_same(quantile(far, 4, 0.3, NULL), -inf);
  assert_same(quantile(far, 4, 0.9, NULL), inf);
  assert_same(quantile(far, 4, 1, NULL), inf);
  assert_same(quantile(huge, 2, 0.5, NULL), 0);
  assert_same(quantile(far, 1, 0.5, NULL), -inf);
}

static br_code try_quantile(double q, const char *method, br_err *err)
{
  const double x[] = {1, 2};
  br_kernel_args args = {.q = q, .method = method};
  double out = 77;
  br_code code = br_kernel_find("quantile")->run(x, COUNT(x), &args, &out, err);
  assert_true(code == BR_OK || out == 77);
  return code;
}

static void quantile_refuses_a_share_outside_0_to_1(void **state)
{
  (void)state;
  static const double bad[] = {-0.001, 1.001, -INFINITY, INFINITY, NAN, 50};
  for (size_t i = 0; i < COUNT(bad); i++) {
    br_err err = {0};
    assert_int_equal(try_quantile(bad[i], NULL, &err), BR_EINVAL);
    assert_non_null(strstr(err.msg, "between 0 and 1"));
  }
}

static void quantile_refuses_an_unknown_method_and_lists_the_known(void **state)
{
  (void)state;
  br_err err = {0};
  assert_int_equal(try_quantile(0.5, "cubic", &err), BR_EINVAL);
  assert_non_null(strstr(err.msg, "'cubic'"));
  assert_non_null(strstr(err.msg, "inverted_cdf, averaged_inverted_cdf"));
  assert_non_null(strstr(err.msg, "midpoint, nearest"));
  assert_int_equal(try_quantile(0.5, "", &err), BR_EINVAL);
}

static void quantile_cuts_an_endless_method_name_not_the_list(void **state)
{
  (void)state;
  char endless[2000];
  memset(endless, 'x', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  br_err err = {0};
  assert_int_equal(try_quantile(0.5, endless, &err), BR_EINVAL);
  assert_non_null(strstr(err.msg, "midpoint, nearest"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(find_gives_null_for_an_unknown_name),
      cmocka_unit_test(list_holds_the_basic_kernels_sorted_by_name),
      cmocka_unit_test(every_kernel_has_help_and_a_source),
      cmocka_unit_test(every_kernel_is_defined_for_no_values),
      cmocka_unit_test(every_kernel_is_defined_for_one_value),
      cmocka_unit_test(every_kernel_that_does_not_count_answers_nan_with_nan),
      cmocka_unit_test(no_kernel_changes_its_input),
      cmocka_unit_test(no_kernel_depends_on_the_order_of_values),
      cmocka_unit_test(every_kernel_survives_failing_memory_and_leaks_nothing),
      cmocka_unit_test(kernels_that_need_scratch_memory_say_when_there_is_none),
      cmocka_unit_test(sum_and_mean_of_plain_numbers),
      cmocka_unit_test(sum_keeps_what_plain_addition_loses),
      cmocka_unit_test(sum_of_a_million_tenths_is_exact),
      cmocka_unit_test(sum_survives_an_overflow_on_the_way),
      cmocka_unit_test(sum_and_mean_of_infinities),
      cmocka_unit_test(geomean_of_known_values),
      cmocka_unit_test(geomean_can_neither_overflow_nor_vanish),
      cmocka_unit_test(geomean_keeps_its_rules_for_zero_negative_and_infinite_values),
      cmocka_unit_test(geomean_of_many_values_is_good_to_a_few_units),
      cmocka_unit_test(geomean_keeps_its_rules_in_every_place_of_a_block),
      cmocka_unit_test(stddev_of_known_values),
      cmocka_unit_test(var_is_the_square_of_stddev),
      cmocka_unit_test(iqr_of_known_values),
      cmocka_unit_test(mode_is_the_least_of_the_most_frequent),
      cmocka_unit_test(nunique_counts_values_that_differ),
      cmocka_unit_test(stddev_agrees_with_nist_on_stiff_data),
      cmocka_unit_test(stddev_is_untouched_by_a_large_offset),
      cmocka_unit_test(stddev_of_huge_and_tiny_values),
      cmocka_unit_test(min_and_max_of_plain_and_infinite_values),
      cmocka_unit_test(median_of_odd_and_even_counts),
      cmocka_unit_test(median_of_huge_and_infinite_values),
      cmocka_unit_test(mad_of_known_values),
      cmocka_unit_test(select_agrees_with_sorting_at_every_place),
      cmocka_unit_test(select_is_fast_on_a_million_values_of_any_pattern),
      cmocka_unit_test(quantile_methods_agree_with_their_definitions),
      cmocka_unit_test(quantile_is_linear_and_the_median_by_default),
      cmocka_unit_test(quantile_steps_are_not_moved_by_rounding),
      cmocka_unit_test(quantile_ties_go_to_the_even_place),
      cmocka_unit_test(quantile_of_infinite_and_huge_values),
      cmocka_unit_test(quantile_refuses_a_share_outside_0_to_1),
      cmocka_unit_test(quantile_refuses_an_unknown_method_and_lists_the_known),
      cmocka_unit_test(quantile_cuts_an_endless_method_name_not_the_list),
  };
  return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
