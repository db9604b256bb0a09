/* Group-by and pivot. */
#include "frame_test.h"

#include "frame/group.h"

#include <math.h>

static br_err err;

static int no_block_is_left(void **state)
{
  (void)state;
  return br_mem_live() == 0 ? 0 : -1;
}

/* Reductions: the sum (NaN of nothing), the count, the values as digits of one number. */

static br_code sum(const double *x, size_t n, const void *context, double *out, br_err *e)
{
  (void)context;
  (void)e;
  *out = n ? 0 : NAN;
  for (size_t i = 0; i < n; i++)
    *out += x[i];
  return BR_OK;
}

static br_code count(const double *x, size_t n, const void *context, double *out, br_err *e)
{
  (void)x;
  (void)e;
  *out = (double)n + (context ? *(const double *)context : 0);
  return BR_OK;
}

static br_code digits(const double *x, size_t n, const void *context, double *out, br_err *e)
{
  (void)context;
  (void)e;
  *out = 0;
  for (size_t i = 0; i < n; i++)
    *out = *out * 10 + x[i];
  return BR_OK;
}

static br_code refuse(const double *x, size_t n, const void *context, double *out, br_err *e)
{
  (void)x;
  (void)n;
  (void)context;
  (void)out;
  return br_fail(e, BR_ERANGE, "no such sum");
}

static void groups(const char *text, const char *const *keys, size_t nkeys, br_aggregate aggregate,
                   const char *expected)
{
  br_frame *f = frame_of(text);
  br_frame *made = NULL;
  br_grouping spec = {keys, nkeys, &aggregate, 1};
  assert_made(br_frame_group_by(&made, f, &spec, &err), &err, &made, expected);
  br_frame_free(f);
}

static const char *const keys[] = {"k", "m", "o"};
#define AGGREGATE(r) ((br_aggregate){.column = "x", .name = "y", .reduce = (r)})

static void group_by_keeps_first_appearance_and_row_order(void **state)
{
  (void)state;
  groups("k:s x:i\nb 1\na 2\nb 3\nc 4\na 5\n", keys, 1, AGGREGATE(digits),
         "k:s y:f\nb 13.0\na 25.0\nc 4.0\n");
}

static void group_by_takes_null_for_a_key(void **state)
{
  (void)state;
  groups("k:s x:i\n- 1\na 2\n- 3\n", keys, 1, AGGREGATE(digits), "k:s y:f\n- 13.0\na 2.0\n");
  groups("k:i x:i\n0 1\n- 2\n0 3\n- 4\n", keys, 1, AGGREGATE(digits), "k:i y:f\n0 13.0\n- 24.0\n");
  groups("k:b x:i\n- 1\nfalse 2\ntrue 3\n- 4\n", keys, 1, AGGREGATE(digits),
         "k:b y:f\n- 14.0\nfalse 2.0\ntrue 3.0\n");
  groups("k:s x:i\n- 1\n- 2\n", keys, 1, AGGREGATE(digits), "k:s y:f\n- 12.0\n");
}

static void group_by_takes_equal_numbers_for_equal(void **state)
{
  (void)state;
  groups("k:f x:i\n0.0 1\nnan 2\n-0.0 3\n-nan 4\n- 5\n1.0 6\n", keys, 1, AGGREGATE(digits),
         "k:f y:f\n0.0 13.0\nnan 24.0\n- 5.0\n1.0 6.0\n");
  groups("k:i x:i\n-1 1\n9223372036854775807 2\n-1 3\n-9223372036854775808 4\n", keys, 1,
         AGGREGATE(digits),
         "k:i y:f\n-1 13.0\n9223372036854775807 2.0\n-9223372036854775808 4.0\n");
}

static void group_by_several_keys(void **state)
{
  (void)state;
  groups("k:s m:i o:b x:i\na 1 true 1\na 2 true 2\nb 1 true 3\na 1 - 4\na 1 true 5\n", keys, 3,
         AGGREGATE(digits),
         "k:s m:i o:b y:f\na 1 true 15.0\na 2 true 2.0\nb 1 true 3.0\na 1 - 4.0\n");
}

static void group_by_without_keys_is_one_group(void **state)
{
  (void)state;
  groups("x:i\n1\n2\n", NULL, 0, AGGREGATE(sum), "y:f\n3.0\n");
  groups("x:i\n", NULL, 0, AGGREGATE(sum), "y:f\nnan\n");
  groups("x:i\n", NULL, 0, AGGREGATE(NULL), "y:i\n-\n");
  groups("k:s x:i\n", keys, 1, AGGREGATE(sum), "k:s y:f\n");
}

static void group_by_leaves_nulls_out_and_nan_in(void **state)
{
  (void)state;
  groups("k:s x:f\na -\na 2.0\nb nan\nb 1.0\nc -\n", keys, 1, AGGREGATE(sum),
         "k:s y:f\na 2.0\nb nan\nc nan\n");
  groups("k:s x:b\na -\na true\nb false\na true\n", keys, 1, AGGREGATE(count),
         "k:s y:f\na 2.0\nb 1.0\n");
}

static void group_by_first_keeps_the_type(void **state)
{
  (void)state;
  groups("k:s x:s\na -\na u\nb -\na v\n", keys, 1, AGGREGATE(NULL), "k:s y:s\na u\nb -\n");
  groups("k:s x:b\na true\na false\n", keys, 1, AGGREGATE(NULL), "k:s y:b\na true\n");
}

static void group_by_takes_several_aggregates_and_their_context(void **state)
{
  (void)state;
  double ten = 10;
  br_frame *f = frame_of("k:s x:i\na 1\na 2\n");
  br_frame *made = NULL;
  br_aggregate aggregates[] = {{.column = "x", .name = "sum", .reduce = sum},
                               {.column = "x", .name = "n", .reduce = count, .context = &ten},
                               {.column = "k", .name = "first"}};
  br_grouping spec = {keys, 1, aggregates, 3};
  assert_made(br_frame_group_by(&made, f, &spec, &err), &err, &made,
              "k:s sum:f n:f first:s\na 3.0 12.0 a\n");
  spec.naggregates = 0;
  assert_made(br_frame_group_by(&made, f, &spec, &err), &err, &made, "k:s\na\n");
  br_frame_free(f);
}

static void group_by_refuses_what_does_not_fit(void **state)
{
  (void)state;
  br_frame *f = frame_of("k:s x:i s:s none:s\na 1 u -\n");
  br_frame *made = NULL;
  br_aggregate aggregate = {.column = "s", .name = "y", .reduce = sum};
  br_grouping spec = {keys, 1, &aggregate, 1};
  assert_fails(br_frame_group_by(&made, f, &spec, &err), &err, BR_ETYPE, "'s' is string");
  aggregate.column = "z";
  assert_fails(br_frame_group_by(&made, f, &spec, &err), &err, BR_ENOTFOUND, "'z'");
  aggregate = (br_aggregate){.column = "x", .name = "k", .reduce = sum};
  assert_fails(br_frame_group_by(&made, f, &spec, &err), &err, BR_EEXIST, "'k'");
  aggregate = AGGREGATE(refuse);
  assert_fails(br_frame_group_by(&made, f, &spec, &err), &err, BR_ERANGE, "no such sum");
  spec.nkeys = 2;
  assert_fails(br_frame_group_by(&made, f, &spec, &err), &err, BR_ENOTFOUND, "'m'");
  assert_null(made);
  spec.nkeys = 1;
  aggregate = (br_aggregate){.column = "none", .name = "y", .reduce = count};
  assert_made(br_frame_group_by(&made, f, &spec, &err), &err, &made, "k:s y:f\na 0.0\n");
  br_frame_free(f);
}

/* Enough distinct numbers to grow the table, and pairs of them. */
static void group_by_tells_many_keys_apart(void **state)
{
  (void)state;
  br_frame *f = NULL;
  br_frame *made = NULL;
  br_column *k = NULL;
  br_column *x = NULL;
  br_aggregate aggregate = AGGREGATE(sum);
  br_grouping spec = {keys, 2, &aggregate, 1};
  must(br_frame_new(&f, &err), &err);
  must(br_column_new(&k, BR_I64, &err), &err);
  must(br_column_new(&x, BR_F64, &err), &err);
  for (int64_t i = 0; i < 60000; i++) {
    must(br_column_push_i64(k, (i % 20000) * INT64_C(1000003), &err), &err);
    must(br_column_push_f64(x, 1, &err), &err);
  }
  must(br_frame_set(f, "k", k, &err), &err);
  must(br_frame_set(f, "m", k, &err), &err);
  must(br_frame_set(f, "x", x, &err), &err);
  must(br_frame_group_by(&made, f, &spec, &err), &err);
  assert_int_equal(br_frame_nrow(made), 20000);
  for (size_t i = 0; i < 20000; i++) {
    assert_int_equal(br_column_i64(br_frame_column(made, 0), i), i * 1000003);
    assert_true(br_column_f64(br_frame_column(made, 2), i) == 3);
  }
  br_column_release(k);
  br_column_release(x);
  br_frame_free(made);
  br_frame_free(f);
}

static void pivots(const char *text, br_pivot spec, const char *expected)
{
  br_frame *f = frame_of(text);
  br_frame *made = NULL;
  assert_made(br_frame_pivot(&made, f, &spec, &err), &err, &made, expected);
  br_frame_free(f);
}

#define PIVOT(n, r)                                                                                \
  ((br_pivot){.index = keys, .nindex = (n), .columns = "c", .values = "x", .reduce = (r)})

static void pivot_spreads_values_in_order_of_appearance(void **state)
{
  (void)state;
  pivots("k:s c:s x:f\nb u 1.0\na v 2.0\nb v 3.0\nb u 4.0\nc w -\n", PIVOT(1, sum),
         "k:s u:f v:f w:f\nb 5.0 3.0 -\na - 2.0 -\nc - - nan\n");
  pivots("k:s c:s x:s\nb u p\na v q\nb u r\n", PIVOT(1, NULL), "k:s u:s v:s\nb p -\na - q\n");
}

static void pivot_names_columns_by_any_type(void **state)
{
  (void)state;
  pivots("k:s c:f x:i\na 1.5 1\na - 2\na nan 3\n", PIVOT(1, sum),
         "k:s 1.5:f null:f nan:f\na 1.0 2.0 3.0\n");
  pivots("k:s c:i x:i\na -7 1\n", PIVOT(1, sum), "k:s -7:f\na 1.0\n");
  pivots("k:s c:b x:i\na true 1\nb false 2\n", PIVOT(1, sum),
         "k:s true:f false:f\na 1.0 -\nb - 2.0\n");
}

static void pivot_takes_no_or_several_index_columns(void **state)
{
  (void)state;
  pivots("c:s x:i\nu 1\nv 2\nu 3\n", PIVOT(0, sum), "u:f v:f\n4.0 2.0\n");
  pivots("k:s m:i c:s x:i\na 1 u 1\na 2 u 2\n- 1 v 3\na 1 v 4\n", PIVOT(2, sum),
         "k:s m:i u:f v:f\na 1 1.0 4.0\na 2 2.0 -\n- 1 - 3.0\n");
}

static void pivot_of_no_rows_has_index_columns_only(void **state)
{
  (void)state;
  pivots("k:s c:s x:i\n", PIVOT(1, sum), "k:s\n");
  pivots("c:s x:i\n", PIVOT(0, sum), "\n");
}

static void pivot_refuses_names_that_are_taken(void **state)
{
  (void)state;
  br_frame *f = frame_of("k:s c:s x:i\na k 1\n");
  br_frame *twice = frame_of("k:s c:s x:i\na null 1\nb - 2\n");
  br_frame *made = NULL;
  br_pivot spec = PIVOT(1, sum);
  assert_fails(br_frame_pivot(&made, f, &spec, &err), &err, BR_EEXIST, "'k'");
  assert_fails(br_frame_pivot(&made, twice, &spec, &err), &err, BR_EEXIST, "'null'");
  spec.values = "c";
  assert_fails(br_frame_pivot(&made, twice, &spec, &err), &err, BR_ETYPE, "'c' is string");
  spec.values = "z";
  assert_fails(br_frame_pivot(&made, f, &spec, &err), &err, BR_ENOTFOUND, "'z'");
  spec.columns = "y";
  assert_fails(br_frame_pivot(&made, f, &spec, &err), &err, BR_ENOTFOUND, "'y'");
  assert_null(made);
  br_frame_free(f);
  br_frame_free(twice);
}

static void pivot_refuses_a_name_with_nul(void **state)
{
  (void)state;
  br_frame *f = frame_of("k:s x:i\na 1\n");
  br_frame *made = NULL;
  br_column *c = NULL;
  br_pivot spec = PIVOT(1, sum);
  must(br_column_new(&c, BR_STR, &err), &err);
  must(br_column_push_str(c, "u\0v", 3, &err), &err);
  must(br_frame_set(f, "c", c, &err), &err);
  br_column_release(c);
  assert_fails(br_frame_pivot(&made, f, &spec, &err), &err, BR_EPARSE, "'u?v' holds a NUL");
  br_frame_free(f);
}

static br_code job_group(br_frame **out, const br_frame *f, br_err *e)
{
  br_aggregate aggregates[] = {{.column = "x", .name = "sum", .reduce = sum},
                               {.column = "c", .name = "first"}};
  br_grouping spec = {keys, 2, aggregates, 2};
  return br_frame_group_by(out, f, &spec, e);
}

static br_code job_pivot(br_frame **out, const br_frame *f, br_err *e)
{
  br_pivot spec = PIVOT(2, sum);
  return br_frame_pivot(out, f, &spec, e);
}

static void groups_survive_every_allocation_failing(void **state)
{
  (void)state;
  br_frame *f = frame_of("k:s m:i c:s x:i\na 1 u 1\na 2 u 2\n- 1 v -\na 1 - 4\n");
  assert_survives(job_group, f);
  assert_survives(job_pivot, f);
  br_frame_free(f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(group_by_keeps_first_appearance_and_row_order),
      cmocka_unit_test(group_by_takes_null_for_a_key),
      cmocka_unit_test(group_by_takes_equal_numbers_for_equal),
      cmocka_unit_test(group_by_several_keys),
      cmocka_unit_test(group_by_without_keys_is_one_group),
      cmocka_unit_test(group_by_leaves_nulls_out_and_nan_in),
      cmocka_unit_test(group_by_first_keeps_the_type),
      cmocka_unit_test(group_by_takes_several_aggregates_and_their_context),
      cmocka_unit_test(group_by_refuses_what_does_not_fit),
      cmocka_unit_test(group_by_tells_many_keys_apart),
      cmocka_unit_test(pivot_spreads_values_in_order_of_appearance),
      cmocka_unit_test(pivot_names_columns_by_any_type),
      cmocka_unit_test(pivot_takes_no_or_several_index_columns),
      cmocka_unit_test(pivot_of_no_rows_has_index_columns_only),
      cmocka_unit_test(pivot_refuses_names_that_are_taken),
      cmocka_unit_test(pivot_refuses_a_name_with_nul),
      cmocka_unit_test(groups_survive_every_allocation_failing),
  };
  return cmocka_run_group_tests(tests, NULL, no_block_is_left);
}
