/* Frames: columns, rows, filter, sort, join, concat. */
#include "frame_test.h"

#include <math.h>

#define SAMPLE                                                                                     \
  "name:s x:f n:i ok:b\n"                                                                          \
  "b 2.5 3 true\n"                                                                                 \
  "a nan 1 false\n"                                                                                \
  "- -1.0 2 -\n"                                                                                   \
  "a - - true\n"                                                                                   \
  "c 0.0 -5 false\n"

static br_err err;

static int no_block_is_left(void **state)
{
  (void)state;
  return br_mem_live() == 0 ? 0 : -1;
}

static void frame_without_columns_has_no_rows(void **state)
{
  (void)state;
  br_frame *f = frame_of("\n");
  assert_int_equal(br_frame_ncol(f), 0);
  assert_int_equal(br_frame_nrow(f), 0);
  size_t at = 7;
  assert_fails(br_frame_find(f, "x", &at, &err), &err, BR_ENOTFOUND, "no column 'x'");
  assert_int_equal(at, 7);
  br_frame_free(f);
  br_frame_free(NULL);
}

static void frame_finds_columns_and_names_a_near_one(void **state)
{
  (void)state;
  br_frame *f = frame_of(SAMPLE);
  size_t at = 0;
  must(br_frame_find(f, "n", &at, &err), &err);
  assert_int_equal(at, 2);
  assert_true(br_frame_has(f, "ok"));
  assert_false(br_frame_has(f, "OK"));
  assert_fails(br_frame_find(f, "nmae", &at, &err), &err, BR_ENOTFOUND, "did you mean 'name'?");
  assert_fails(br_frame_find(f, "line\nfeed", &at, &err), &err, BR_ENOTFOUND, "'line?feed'");
  br_frame_free(f);
}

static void frame_set_replaces_and_checks_the_length(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:i b:s\n1 x\n2 y\n");
  br_frame *other = frame_of("c:i\n7\n");
  br_column *c = br_frame_column(other, 0);
  assert_fails(br_frame_set(f, "c", c, &err), &err, BR_EINVAL, "'c' has 1 rows, the frame has 2");
  assert_fails(br_frame_set(f, "a", c, &err), &err, BR_EINVAL, "'a' has 1 rows");
  must(br_frame_set(f, "a", br_frame_column(f, 1), &err), &err);
  must(br_frame_set(f, "a", br_frame_column(f, 0), &err), &err);
  assert_frame(f, "a:s b:s\nx x\ny y\n");
  must(br_frame_set(other, "c", br_frame_column(f, 0), &err), &err);
  assert_frame(other, "c:s\nx\ny\n");
  br_frame_free(f);
  br_frame_free(other);
}

static void frame_copy_is_changed_alone(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:i\n1\n");
  br_frame *copy = NULL;
  must(br_frame_copy(&copy, f, &err), &err);
  must(br_frame_set(copy, "b", br_frame_column(f, 0), &err), &err);
  assert_frame(f, "a:i\n1\n");
  assert_frame(copy, "a:i b:i\n1 1\n");
  br_frame_free(f);
  assert_frame(copy, "a:i b:i\n1 1\n");
  br_frame_free(copy);
}

static void frame_holds_thousands_of_columns(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:i\n1\n");
  char name[32];
  size_t at = 0;
  for (int i = 0; i < 5000; i++) {
    (void)snprintf(name, sizeof name, "column %d", i);
    must(br_frame_set(f, name, br_frame_column(f, 0), &err), &err);
  }
  must(br_frame_find(f, "column 4321", &at, &err), &err);
  assert_int_equal(at, 4322);
  assert_string_equal(br_frame_name(f, at), "column 4321");
  br_frame_free(f);
}

static void frame_select_orders_columns(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:i b:i c:i\n1 2 3\n");
  br_frame *made = NULL;
  const char *names[] = {"c", "a", "c"};
  assert_made(br_frame_select(&made, f, names, 2, &err), &err, &made, "c:i a:i\n3 1\n");
  assert_made(br_frame_select(&made, f, names, 0, &err), &err, &made, "\n");
  made = NULL;
  assert_fails(br_frame_select(&made, f, names, 3, &err), &err, BR_EEXIST, "'c'");
  names[1] = "d";
  assert_fails(br_frame_select(&made, f, names, 2, &err), &err, BR_ENOTFOUND, "'d'");
  assert_null(made);
  br_frame_free(f);
}

static void frame_drop_leaves_the_rest(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:i b:i c:i\n1 2 3\n");
  br_frame *made = NULL;
  const char *names[] = {"b", "a", "b", "c"};
  assert_made(br_frame_drop(&made, f, names, 3, &err), &err, &made, "c:i\n3\n");
  assert_made(br_frame_drop(&made, f, names, 4, &err), &err, &made, "\n");
  names[0] = "d";
  assert_fails(br_frame_drop(&made, f, names, 1, &err), &err, BR_ENOTFOUND, "'d'");
  br_frame_free(f);
}

static void frame_rename_swaps_names(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:i b:i c:i\n1 2 3\n");
  br_frame *made = NULL;
  const char *from[] = {"a", "b"};
  const char *to[] = {"b", "a"};
  assert_made(br_frame_rename(&made, f, from, to, 2, &err), &err, &made, "b:i a:i c:i\n1 2 3\n");
  assert_fails(br_frame_rename(&made, f, from, to, 1, &err), &err, BR_EEXIST, "'b'");
  from[0] = "d";
  assert_fails(br_frame_rename(&made, f, from, to, 1, &err), &err, BR_ENOTFOUND, "'d'");
  br_frame_free(f);
}

static void frame_take_repeats_rows_and_makes_nulls(void **state)
{
  (void)state;
  br_frame *f = frame_of(SAMPLE);
  br_frame *none = frame_of("\n");
  br_frame *made = NULL;
  const size_t rows[] = {4, 0, 0, BR_COLUMN_NULL_ROW, 5};
  assert_made(br_frame_take(&made, f, rows, 4, &err), &err, &made,
              "name:s x:f n:i ok:b\nc 0.0 -5 false\nb 2.5 3 true\nb 2.5 3 true\n- - - -\n");
  assert_made(br_frame_take(&made, f, rows, 0, &err), &err, &made, "name:s x:f n:i ok:b\n");
  assert_made(br_frame_take(&made, none, rows, 0, &err), &err, &made, "\n");
  assert_fails(br_frame_take(&made, f, rows, 5, &err), &err, BR_ERANGE, "row 6");
  assert_fails(br_frame_take(&made, none, rows, 1, &err), &err, BR_ERANGE, "row 5");
  br_frame_free(f);
  br_frame_free(none);
}

static void frame_slice_is_cut_at_the_end(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:i\n1\n2\n3\n");
  br_frame *made = NULL;
  assert_made(br_frame_slice(&made, f, 1, 1, &err), &err, &made, "a:i\n2\n");
  assert_made(br_frame_slice(&made, f, 1, SIZE_MAX, &err), &err, &made, "a:i\n2\n3\n");
  assert_made(br_frame_slice(&made, f, 3, 1, &err), &err, &made, "a:i\n");
  assert_made(br_frame_slice(&made, f, SIZE_MAX, SIZE_MAX, &err), &err, &made, "a:i\n");
  br_frame_free(f);
}

/* Asserts the values of column `n` (or the first) that a filter leaves. */
static void filters(const br_frame *f, const char *column, br_op op, br_cell value,
                    const char *expected)
{
  br_frame *kept = NULL;
  br_frame *made = NULL;
  const char *name = "n";
  must(br_frame_filter(&kept, f, column, op, &value, &err), &err);
  br_code code = br_frame_select(&made, kept, &name, 1, &err);
  br_frame_free(kept);
  assert_made(code, &err, &made, expected);
}

#define F64(x) ((br_cell){.type = BR_F64, .f64 = (x)})
#define I64(x) ((br_cell){.type = BR_I64, .i64 = (x)})
#define BOOL(x) ((br_cell){.type = BR_BOOL, .boolean = (x)})
#define STR(s) ((br_cell){.type = BR_STR, .str = (s), .str_len = strlen(s)})

static void frame_filter_compares_numbers_exactly(void **state)
{
  (void)state;
  br_frame *f =
      frame_of("n:i\n9007199254740993\n-9223372036854775808\n9223372036854775807\n0\n-\n");
  filters(f, "n", BR_EQ, F64(9007199254740992.0), "n:i\n");
  filters(f, "n", BR_GT, F64(9007199254740992.0), "n:i\n9007199254740993\n9223372036854775807\n");
  filters(f, "n", BR_LT, F64(0x1p63),
          "n:i\n9007199254740993\n-9223372036854775808\n"
          "9223372036854775807\n0\n");
  filters(f, "n", BR_LE, F64(-0x1p63), "n:i\n-9223372036854775808\n");
  filters(f, "n", BR_LT, F64(-INFINITY), "n:i\n");
  filters(f, "n", BR_EQ, F64(0.5), "n:i\n");
  filters(f, "n", BR_LT, F64(0.5), "n:i\n-9223372036854775808\n0\n");
  filters(f, "n", BR_GE, I64(INT64_MAX), "n:i\n9223372036854775807\n");
  filters(f, "n", BR_EQ, BOOL(false), "n:i\n0\n");
  br_frame_free(f);
}

static void frame_filter_leaves_out_nulls_and_nan(void **state)
{
  (void)state;
  br_frame *f = frame_of("n:i x:f\n1 nan\n2 -\n3 -0.0\n4 inf\n5 2.0\n");
  filters(f, "x", BR_EQ, F64(NAN), "n:i\n");
  filters(f, "x", BR_NE, F64(NAN), "n:i\n1\n3\n4\n5\n");
  filters(f, "x", BR_GE, F64(NAN), "n:i\n");
  filters(f, "x", BR_EQ, F64(0), "n:i\n3\n");
  filters(f, "x", BR_LT, F64(2.5), "n:i\n3\n5\n");
  filters(f, "x", BR_GE, F64(2), "n:i\n4\n5\n");
  filters(f, "x", BR_NE, I64(2), "n:i\n1\n3\n4\n");
  filters(f, "x", BR_EQ, I64(0), "n:i\n3\n");
  filters(f, "x", BR_GT, I64(INT64_MAX), "n:i\n4\n");
  filters(f, "x", BR_LE, I64(2), "n:i\n3\n5\n");
  filters(f, "x", BR_GE, BOOL(true), "n:i\n4\n5\n");
  filters(f, "x", BR_IS_NULL, F64(0), "n:i\n2\n");
  filters(f, "x", BR_NOT_NULL, F64(0), "n:i\n1\n3\n4\n5\n");
  br_frame_free(f);
}

static void frame_filter_compares_strings_by_byte(void **state)
{
  (void)state;
  br_frame *f = frame_of("n:i s:s b:b\n1 a true\n2 ab false\n3 B -\n4 - true\n5 \xc3\xa9 true\n");
  filters(f, "s", BR_EQ, STR("a"), "n:i\n1\n");
  filters(f, "s", BR_NE, STR("a"), "n:i\n2\n3\n5\n");
  filters(f, "s", BR_GT, STR("a"), "n:i\n2\n5\n");
  filters(f, "s", BR_LE, STR("ab"), "n:i\n1\n2\n3\n");
  filters(f, "s", BR_GE, STR(""), "n:i\n1\n2\n3\n5\n");
  filters(f, "s", BR_EQ, STR("absent"), "n:i\n");
  filters(f, "s", BR_IS_NULL, STR(""), "n:i\n4\n");
  filters(f, "b", BR_EQ, BOOL(true), "n:i\n1\n4\n5\n");
  filters(f, "b", BR_LT, F64(0.5), "n:i\n2\n");
  br_frame_free(f);
}

static void frame_filter_refuses_numbers_against_strings(void **state)
{
  (void)state;
  br_frame *f = frame_of(SAMPLE);
  br_frame *made = NULL;
  br_cell one = F64(1);
  br_cell text = STR("1");
  assert_fails(br_frame_filter(&made, f, "name", BR_EQ, &one, &err), &err, BR_ETYPE, "'name'");
  assert_fails(br_frame_filter(&made, f, "ok", BR_EQ, &text, &err), &err, BR_ETYPE, "bool");
  assert_fails(br_frame_filter(&made, f, "y", BR_EQ, &one, &err), &err, BR_ENOTFOUND, "'y'");
  assert_made(br_frame_filter(&made, f, "name", BR_IS_NULL, NULL, &err), &err, &made,
              "name:s x:f n:i ok:b\n- -1.0 2 -\n");
  br_frame_free(f);
}

static void frame_filter_mask_takes_what_is_true(void **state)
{
  (void)state;
  br_frame *f = frame_of("n:i ok:b\n1 true\n2 false\n3 -\n4 true\n");
  br_frame *other = frame_of("ok:b\ntrue\n");
  br_frame *made = NULL;
  assert_made(br_frame_filter_mask(&made, f, br_frame_column(f, 1), &err), &err, &made,
              "n:i ok:b\n1 true\n4 true\n");
  assert_fails(br_frame_filter_mask(&made, f, br_frame_column(f, 0), &err), &err, BR_ETYPE, "i64");
  assert_fails(br_frame_filter_mask(&made, f, br_frame_column(other, 0), &err), &err, BR_EINVAL,
               "the mask has 1 rows, the frame has 4");
  br_frame_free(f);
  br_frame_free(other);
}

static void sorts(const char *text, const char *name, bool descending, const char *expected)
{
  br_frame *f = frame_of(text);
  br_frame *made = NULL;
  br_sort_key key = {name, descending};
  assert_made(br_frame_sort(&made, f, &key, 1, &err), &err, &made, expected);
  br_frame_free(f);
}

static void frame_sort_puts_nulls_last(void **state)
{
  (void)state;
  const char *numbers = "x:f\n-\n1.0\nnan\n-inf\ninf\n-\n-2.0\n";
  sorts(numbers, "x", false, "x:f\n-inf\n-2.0\n1.0\ninf\nnan\n-\n-\n");
  sorts(numbers, "x", true, "x:f\ninf\n1.0\n-2.0\n-inf\nnan\n-\n-\n");
  const char *whole = "x:i\n-\n9223372036854775807\n-9223372036854775808\n-1\n0\n";
  sorts(whole, "x", false, "x:i\n-9223372036854775808\n-1\n0\n9223372036854775807\n-\n");
  sorts(whole, "x", true, "x:i\n9223372036854775807\n0\n-1\n-9223372036854775808\n-\n");
  const char *words = "x:s\nb\n-\na\nab\nB\n";
  sorts(words, "x", false, "x:s\nB\na\nab\nb\n-\n");
  sorts(words, "x", true, "x:s\nb\nab\na\nB\n-\n");
  sorts("x:b\ntrue\n-\nfalse\n", "x", false, "x:b\nfalse\ntrue\n-\n");
  sorts("x:s\n-\n-\n", "x", true, "x:s\n-\n-\n");
  sorts("x:f\n", "x", false, "x:f\n");
}

static void frame_sort_keeps_the_order_of_equals(void **state)
{
  (void)state;
  sorts("x:f i:i\n0.0 1\n-0.0 2\nnan 3\n0.0 4\nnan 5\n", "x", false,
        "x:f i:i\n0.0 1\n-0.0 2\n0.0 4\nnan 3\nnan 5\n");
  sorts("x:f i:i\n0.0 1\n-0.0 2\n1.0 3\n0.0 4\n", "x", true,
        "x:f i:i\n1.0 3\n0.0 1\n-0.0 2\n0.0 4\n");
}

static void frame_sort_by_several_keys(void **state)
{
  (void)state;
  br_frame *f = frame_of("a:s b:i c:i\ny 1 1\nx 1 2\ny 2 3\n- 9 4\nx - 5\nx 3 6\n");
  br_frame *made = NULL;
  br_sort_key keys[] = {{"a", false}, {"b", true}};
  assert_made(br_frame_sort(&made, f, keys, 2, &err), &err, &made,
              "a:s b:i c:i\nx 3 6\nx 1 2\nx - 5\ny 2 3\ny 1 1\n- 9 4\n");
  assert_made(br_frame_sort(&made, f, keys, 0, &err), &err, &made,
              "a:s b:i c:i\ny 1 1\nx 1 2\ny 2 3\n- 9 4\nx - 5\nx 3 6\n");
  keys[1].name = "z";
  assert_fails(br_frame_sort(&made, f, keys, 2, &err), &err, BR_ENOTFOUND, "'z'");
  br_frame_free(f);
}

/* A column of n pseudo-random numbers, few of them distinct if `few`, some null. */
static br_frame *random_frame(br_type type, size_t n, bool few)
{
  br_frame *f = NULL;
  br_column *text = NULL;
  uint32_t seed = 12345;
  must(br_frame_new(&f, &err), &err);
  must(br_column_new(&text, BR_STR, &err), &err);
  for (size_t i = 0; i < n; i++) {
    char word[32];
    seed = seed * 1664525u + 1013904223u;
    int len = snprintf(word, sizeof word, "%d", (int)(few ? seed >> 28 : seed >> 1) - 7);
    must(seed % 16 == 0 ? br_column_push_null(text, &err)
                        : br_column_push_str(text, word, (size_t)len, &err),
         &err);
  }
  add_as(f, "x", text, type);
  return f;
}

static void frame_sort_agrees_with_compare(void **state)
{
  (void)state;
  const br_type types[] = {BR_F64, BR_I64, BR_STR};
  for (int round = 0; round < 6; round++) {
    br_frame *f = random_frame(types[round / 2], 3000, round % 2);
    br_frame *sorted = NULL;
    br_sort_key key = {"x", false};
    must(br_frame_sort(&sorted, f, &key, 1, &err), &err);
    const br_column *x = br_frame_column(sorted, 0);
    assert_int_equal(br_column_len(x), 3000);
    assert_int_equal(br_column_null_count(x), br_column_null_count(br_frame_column(f, 0)));
    for (size_t i = 1; i < 3000; i++)
      assert_true(br_column_compare(x, i - 1, x, i) <= 0);
    br_frame_free(f);
    br_frame_free(sorted);
  }
}

static void joins(const char *left, const char *right, br_join spec, const char *expected)
{
  br_frame *l = frame_of(left);
  br_frame *r = frame_of(right);
  br_frame *made = NULL;
  assert_made(br_frame_join(&made, l, r, &spec, &err), &err, &made, expected);
  br_frame_free(l);
  br_frame_free(r);
}

static const char *const key_k[] = {"k", "m"};
#define INNER(n) ((br_join){.keys = key_k, .nkeys = (n), .kind = BR_JOIN_INNER, .suffix = "_r"})
#define LEFT(n) ((br_join){.keys = key_k, .nkeys = (n), .kind = BR_JOIN_LEFT, .suffix = "_r"})

static void frame_join_keeps_left_order_then_right(void **state)
{
  (void)state;
  const char *left = "k:s x:i\nb 1\na 2\nc 3\nb 4\n";
  const char *right = "x:i k:s y:f\n10 a 0.5\n11 b 1.5\n12 b 2.5\n13 d 3.5\n";
  joins(left, right, INNER(1),
        "k:s x:i x_r:i y:f\nb 1 11 1.5\nb 1 12 2.5\na 2 10 0.5\nb 4 11 1.5\nb 4 12 2.5\n");
  joins(left, right, LEFT(1),
        "k:s x:i x_r:i y:f\nb 1 11 1.5\nb 1 12 2.5\na 2 10 0.5\nc 3 - -\nb 4 11 1.5\nb 4 12 2.5\n");
}

static void frame_join_null_keys_match_nothing(void **state)
{
  (void)state;
  joins("k:s\n-\na\n", "k:s y:i\n- 1\na 2\n", INNER(1), "k:s y:i\na 2\n");
  joins("k:s\n-\na\n", "k:s y:i\n- 1\na 2\n", LEFT(1), "k:s y:i\n- -\na 2\n");
  joins("k:i m:i\n1 -\n1 2\n", "k:i m:i y:i\n1 - 1\n1 2 2\n", INNER(2), "k:i m:i y:i\n1 2 2\n");
}

static void frame_join_takes_equal_numbers_for_equal(void **state)
{
  (void)state;
  joins("k:f\n0.0\nnan\n1.0\n", "k:f y:i\n-0.0 1\nnan 2\n2.0 3\n", INNER(1),
        "k:f y:i\n0.0 1\nnan 2\n");
  joins("k:b\ntrue\nfalse\n", "k:b y:i\nfalse 1\n", INNER(1), "k:b y:i\nfalse 1\n");
  joins("k:i m:s\n1 a\n1 b\n2 a\n", "m:s k:i y:i\na 1 1\nb 2 2\nb 1 3\n", INNER(2),
        "k:i m:s y:i\n1 a 1\n1 b 3\n");
}

static void frame_join_of_empty_frames(void **state)
{
  (void)state;
  joins("k:s x:i\n", "k:s y:i\na 1\n", LEFT(1), "k:s x:i y:i\n");
  joins("k:s x:i\na 1\n", "k:s y:i\n", INNER(1), "k:s x:i y:i\n");
  joins("k:s x:i\na 1\n", "k:s y:i\n", LEFT(1), "k:s x:i y:i\na 1 -\n");
  joins("x:i\n1\n2\n", "y:i\n3\n4\n", INNER(0), "x:i y:i\n1 3\n1 4\n2 3\n2 4\n");
  joins("\n", "\n", INNER(0), "\n");
}

static void frame_join_refuses_what_does_not_fit(void **state)
{
  (void)state;
  br_frame *l = frame_of("k:s x:i x_r:i\na 1 2\n");
  br_frame *r = frame_of("k:i x:i\n1 2\n");
  br_frame *made = NULL;
  br_join spec = INNER(1);
  assert_fails(br_frame_join(&made, l, r, &spec, &err), &err, BR_ETYPE,
               "key 'k' is string on the left and i64 on the right");
  spec.nkeys = 2;
  assert_fails(br_frame_join(&made, l, r, &spec, &err), &err, BR_ENOTFOUND, "'m'");
  assert_fails(br_frame_join(&made, l, l, &LEFT(1), &err), &err, BR_EEXIST, "'x_r'");
  assert_null(made);
  br_frame_free(l);
  br_frame_free(r);
}

static void concats(const char *a, const char *b, const char *expected)
{
  const br_frame *frames[] = {frame_of(a), frame_of(b)};
  br_frame *made = NULL;
  assert_made(br_frame_concat(&made, frames, 2, &err), &err, &made, expected);
  br_frame_free((br_frame *)frames[0]);
  br_frame_free((br_frame *)frames[1]);
}

static void frame_concat_matches_columns_by_name(void **state)
{
  (void)state;
  concats("a:s b:i\nx 1\ny 2\n", "c:b a:s\ntrue y\n- z\n",
          "a:s b:i c:b\nx 1 -\ny 2 -\ny - true\nz - -\n");
  concats("a:i b:f\n1 1.5\n", "b:i a:f\n2 2.5\n", "a:f b:f\n1.0 1.5\n2.5 2.0\n");
  concats("a:i\n", "a:i\n1\n", "a:i\n1\n");
  concats("\n", "a:i\n1\n", "a:i\n1\n");
  br_frame *made = NULL;
  assert_made(br_frame_concat(&made, NULL, 0, &err), &err, &made, "\n");
}

static void frame_concat_lets_a_column_of_nulls_meet_any_type(void **state)
{
  (void)state;
  concats("a:s\n-\n-\n", "a:f\n1.5\n", "a:f\n-\n-\n1.5\n");
  concats("a:b\ntrue\n", "a:s\n-\n", "a:b\ntrue\n-\n");
  concats("a:i\n-\n", "a:s\n-\n", "a:i\n-\n-\n");
  concats("a:s\n", "a:b\ntrue\n", "a:b\ntrue\n");
}

static void frame_concat_refuses_other_types(void **state)
{
  (void)state;
  const br_frame *frames[] = {frame_of("a:s\nx\n"), frame_of("a:i\n1\n"), frame_of("a:b\ntrue\n")};
  br_frame *made = NULL;
  assert_fails(br_frame_concat(&made, frames, 2, &err), &err, BR_ETYPE, "'a' is i64 in frame 2");
  assert_fails(br_frame_concat(&made, frames + 1, 2, &err), &err, BR_ETYPE, "'a' is bool");
  for (size_t i = 0; i < 3; i++)
    br_frame_free((br_frame *)frames[i]);
}

/* Failing allocations: each job is a whole operation over SAMPLE. */

static br_code job_columns(br_frame **out, const br_frame *f, br_err *e)
{
  const char *drop = "x";
  const char *from = "ok";
  const char *to = "fine";
  br_frame *less = NULL;
  br_code code = br_frame_drop(&less, f, &drop, 1, e);
  if (code == BR_OK)
    code = br_frame_rename(out, less, &from, &to, 1, e);
  br_frame_free(less);
  return code;
}

static br_code job_copy(br_frame **out, const br_frame *f, br_err *e)
{
  br_frame *copy = NULL;
  br_code code = br_frame_copy(&copy, f, e);
  if (code == BR_OK)
    code = br_frame_set(copy, "more", br_frame_column(f, 0), e);
  if (code == BR_OK)
    *out = copy;
  else
    br_frame_free(copy);
  return code;
}

static br_code job_filter(br_frame **out, const br_frame *f, br_err *e)
{
  br_cell a = STR("a");
  return br_frame_filter(out, f, "name", BR_EQ, &a, e);
}

static br_code job_slice(br_frame **out, const br_frame *f, br_err *e)
{
  return br_frame_slice(out, f, 1, 3, e);
}

static br_code job_sort(br_frame **out, const br_frame *f, br_err *e)
{
  br_sort_key keys[] = {{"name", true}, {"x", false}};
  return br_frame_sort(out, f, keys, 2, e);
}

static br_code job_join(br_frame **out, const br_frame *f, br_err *e)
{
  const char *keys[] = {"name", "n"};
  br_join spec = {.keys = keys, .nkeys = 2, .kind = BR_JOIN_LEFT, .suffix = "_r"};
  br_frame *right = NULL;
  br_code code = br_frame_select(&right, f, (const char *[]){"n", "name", "x"}, 3, e);
  if (code == BR_OK)
    code = br_frame_join(out, f, right, &spec, e);
  br_frame_free(right);
  return code;
}

static br_code job_concat(br_frame **out, const br_frame *f, br_err *e)
{
  br_frame *other = NULL;
  const char *from[] = {"n", "x"};
  const char *to[] = {"x", "n"};
  br_code code = br_frame_rename(&other, f, from, to, 2, e);
  if (code == BR_OK)
    code = br_frame_concat(out, (const br_frame *[]){f, other}, 2, e);
  br_frame_free(other);
  return code;
}

static void frame_operations_survive_every_allocation_failing(void **state)
{
  (void)state;
  const frame_job jobs[] = {job_columns, job_copy, job_filter, job_slice,
                            job_sort,    job_join, job_concat};
  br_frame *f = frame_of(SAMPLE);
  for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
    assert_survives(jobs[i], f);
  br_frame_free(f);
}

/* Strings of two dictionaries; made before any allocation fails. */
static br_frame *other_words;

static br_code job_join_words(br_frame **out, const br_frame *f, br_err *e)
{
  const char *key = "s";
  br_join spec = {.keys = &key, .nkeys = 1, .kind = BR_JOIN_INNER, .suffix = "_r"};
  return br_frame_join(out, f, other_words, &spec, e);
}

static br_code job_concat_words(br_frame **out, const br_frame *f, br_err *e)
{
  return br_frame_concat(out, (const br_frame *[]){f, other_words}, 2, e);
}

static void frame_with_two_dictionaries_survives_every_allocation_failing(void **state)
{
  (void)state;
  br_frame *f = frame_of("s:s\na\nb\nb\n-\n");
  other_words = frame_of("s:s\nb\nc\n-\n");
  assert_survives(job_join_words, f);
  assert_survives(job_concat_words, f);
  br_frame_free(f);
  br_frame_free(other_words);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frame_without_columns_has_no_rows),
      cmocka_unit_test(frame_finds_columns_and_names_a_near_one),
      cmocka_unit_test(frame_set_replaces_and_checks_the_length),
      cmocka_unit_test(frame_copy_is_changed_alone),
      cmocka_unit_test(frame_holds_thousands_of_columns),
      cmocka_unit_test(frame_select_orders_columns),
      cmocka_unit_test(frame_drop_leaves_the_rest),
      cmocka_unit_test(frame_rename_swaps_names),
      cmocka_unit_test(frame_take_repeats_rows_and_makes_nulls),
      cmocka_unit_test(frame_slice_is_cut_at_the_end),
      cmocka_unit_test(frame_filter_compares_numbers_exactly),
      cmocka_unit_test(frame_filter_leaves_out_nulls_and_nan),
      cmocka_unit_test(frame_filter_compares_strings_by_byte),
      cmocka_unit_test(frame_filter_refuses_numbers_against_strings),
      cmocka_unit_test(frame_filter_mask_takes_what_is_true),
      cmocka_unit_test(frame_sort_puts_nulls_last),
      cmocka_unit_test(frame_sort_keeps_the_order_of_equals),
      cmocka_unit_test(frame_sort_by_several_keys),
      cmocka_unit_test(frame_sort_agrees_with_compare),
      cmocka_unit_test(frame_join_keeps_left_order_then_right),
      cmocka_unit_test(frame_join_null_keys_match_nothing),
      cmocka_unit_test(frame_join_takes_equal_numbers_for_equal),
      cmocka_unit_test(frame_join_of_empty_frames),
      cmocka_unit_test(frame_join_refuses_what_does_not_fit),
      cmocka_unit_test(frame_concat_matches_columns_by_name),
      cmocka_unit_test(frame_concat_lets_a_column_of_nulls_meet_any_type),
      cmocka_unit_test(frame_concat_refuses_other_types),
      cmocka_unit_test(frame_operations_survive_every_allocation_failing),
      cmocka_unit_test(frame_with_two_dictionaries_survives_every_allocation_failing),
  };
  return cmocka_run_group_tests(tests, NULL, no_block_is_left);
}
