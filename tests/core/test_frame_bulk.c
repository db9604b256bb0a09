/* Frame operations cut into many small tasks: random frames of every type against plain loops, the same
 * result for any number of threads, failing memory, interrupts, and the ends of the range. */
#include "frame_test.h"

#include "../frame_equal.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "frame/chunk.h"
#include "frame/compute.h"
#include "frame/group.h"
#include "frame/route.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST_ROWS = 200, MOST_THREADS = 3 };

static br_err err;
static uint64_t seed = 1;

static uint32_t draw(uint32_t below)
{
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(seed >> 33) % below;
}

static int cut_small(void **state)
{
  (void)state;
  br_chunk_set_rows(8);
  return 0;
}

static int no_block_is_left(void **state)
{
  (void)state;
  br_chunk_set_rows(0);
  br_parallel_set_threads(0);
  return br_mem_live() == 0 ? 0 : -1;
}

/* Random frames. */

static void push_random(br_column *column, size_t row)
{
  static const double reals[] = {0, -0.0, 1, -1, 2.5, 1e300, -1e300, INFINITY, -INFINITY, NAN, 3};
  static const int64_t wholes[] = {INT64_MIN, INT64_MAX, 0, 1, -1, 7, 1000003, INT64_C(1) << 53};
  static const char *const words[] = {"a", "b", "aa", "", "zebra", "b c"};
  switch (br_column_type(column)) {
  case BR_F64:
    must(br_column_push_f64(column, reals[draw(COUNT(reals))], &err), &err);
    break;
  case BR_I64:
    must(br_column_push_i64(column, row % 2 ? wholes[draw(COUNT(wholes))] : draw(4), &err), &err);
    break;
  case BR_TIMESTAMP:
    must(br_column_push_i64(column, (int64_t)draw(5) * 86400000000, &err), &err);
    break;
  case BR_BOOL:
    must(br_column_push_bool(column, draw(2), &err), &err);
    break;
  case BR_STR: {
    const char *word = words[draw(COUNT(words))];
    must(br_column_push_str(column, word, strlen(word), &err), &err);
    break;
  }
  }
}

static void add_random(br_frame *frame, const char *name, br_type type, size_t rows,
                       uint32_t nulls_in_ten)
{
  br_column *column = NULL;
  must(br_column_new(&column, type, &err), &err);
  for (size_t row = 0; row < rows; row++) {
    if (draw(10) < nulls_in_ten)
      must(br_column_push_null(column, &err), &err);
    else
      push_random(column, row);
  }
  must(br_frame_set(frame, name, column, &err), &err);
  br_column_release(column);
}

static const char *const names[] = {"f", "i", "b", "s", "t", "small"};

/* A column of each type, one of few whole numbers, and the row's number, from 0, under `number`. */
static br_frame *random_frame(size_t rows, uint32_t nulls_in_ten, const char *number)
{
  br_frame *frame = NULL;
  br_column *small = NULL;
  br_column *numbers = NULL;
  must(br_frame_new(&frame, &err), &err);
  for (size_t i = 0; i < 5; i++)
    add_random(frame, names[i], (br_type)i, rows, nulls_in_ten);
  must(br_column_new(&small, BR_I64, &err), &err);
  must(br_column_new(&numbers, BR_I64, &err), &err);
  for (size_t row = 0; row < rows; row++) {
    must(br_column_push_i64(small, draw(6), &err), &err);
    must(br_column_push_i64(numbers, (int64_t)row, &err), &err);
  }
  must(br_frame_set(frame, "small", small, &err), &err);
  must(br_frame_set(frame, number, numbers, &err), &err);
  br_column_release(small);
  br_column_release(numbers);
  return frame;
}

static br_column *column_of(const br_frame *frame, const char *name)
{
  size_t at = 0;
  must(br_frame_find(frame, name, &at, &err), &err);
  return br_frame_column(frame, at);
}

/* Every shape that matters: sizes around that of a task, without nulls, with some, with nothing else. */
static void for_each_frame(void (*check)(const br_frame *frame))
{
  static const size_t sizes[] = {0, 1, 2, 7, 8, 9, 16, 17, 65, MOST_ROWS};
  static const uint32_t nulls[] = {0, 3, 10};
  for (size_t s = 0; s < COUNT(sizes); s++)
    for (size_t n = 0; n < COUNT(nulls); n++) {
      br_frame *frame = random_frame(sizes[s], nulls[n], "row");
      check(frame);
      br_frame_free(frame);
    }
}

/* Runs a job on one thread and on more; all results must be the same. */
static br_frame *run_on_threads(frame_job job, const br_frame *frame)
{
  br_frame *first = NULL;
  for (size_t threads = 1; threads <= MOST_THREADS; threads++) {
    br_frame *made = NULL;
    br_parallel_set_threads(threads);
    must(job(&made, frame, &err), &err);
    if (!first) {
      first = made;
      continue;
    }
    assert_true(frame_equal(first, made));
    br_frame_free(made);
  }
  return first;
}

/* Whether two cells agree as keys. */
static bool agree(const br_column *a, size_t x, const br_column *b, size_t y)
{
  return br_column_compare(a, x, b, y) == 0;
}

/* Rows in no order. */

static uint32_t listed[2 * MOST_ROWS];
static size_t nlisted;

static br_code job_take(br_frame **out, const br_frame *frame, br_err *e)
{
  return br_rows_take_frame(out, frame, (br_rows){listed, nlisted}, e);
}

/* Repeats included; every 7th row is none, where gaps are asked for. */
static void list_rows(size_t n, size_t nrow, bool gaps)
{
  nlisted = n;
  for (size_t i = 0; i < n; i++)
    listed[i] = gaps && i % 7 == 0 ? BR_NO_ROW : draw((uint32_t)nrow);
}

static void check_taken(const br_frame *frame)
{
  br_frame *made = run_on_threads(job_take, frame);
  assert_int_equal(br_frame_nrow(made), nlisted);
  for (size_t i = 0; i < br_frame_ncol(frame); i++) {
    const br_column *from = br_frame_column(frame, i);
    br_column *expected = NULL;
    must(br_column_new(&expected, br_column_type(from), &err), &err);
    for (size_t at = 0; at < nlisted; at++) {
      if (listed[at] == BR_NO_ROW)
        must(br_column_push_null(expected, &err), &err);
      else
        must(br_column_push_cell(expected, from, listed[at], &err), &err);
    }
    for (size_t at = 0; at < nlisted; at++)
      assert_true(cell_equal(expected, br_frame_column(made, i), at));
    assert_int_equal(br_column_null_count(expected),
                     br_column_null_count(br_frame_column(made, i)));
    br_column_release(expected);
  }
  br_frame_free(made);
}

/* Lists of 136 to 400 rows of 200, which go by a route in blocks of 8, and shorter ones, which don't. */
static void rows_in_no_order_are_taken(void **state)
{
  (void)state;
  static const size_t sizes[] = {0, 1, 100, 136, 200, 399, 400};
  for (uint32_t nulls = 0; nulls <= 10; nulls += 5) {
    br_frame *frame = random_frame(MOST_ROWS, nulls, "row");
    for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
      list_rows(sizes[i / 2], MOST_ROWS, i % 2);
      assert_int_equal(br_route_pays((br_rows){listed, nlisted}, MOST_ROWS), nlisted >= 136);
      check_taken(frame);
    }
    br_frame_free(frame);
  }
}

static void rows_in_order_take_no_route(void **state)
{
  (void)state;
  for (nlisted = 0; nlisted < MOST_ROWS; nlisted++)
    listed[nlisted] = (uint32_t)nlisted;
  assert_false(br_route_pays((br_rows){listed, nlisted}, MOST_ROWS));
}

static void a_route_survives_every_allocation_failing(void **state)
{
  (void)state;
  br_frame *frame = random_frame(MOST_ROWS, 2, "row");
  list_rows(MOST_ROWS, MOST_ROWS, true);
  assert_true(br_route_pays((br_rows){listed, nlisted}, MOST_ROWS));
  assert_survives(job_take, frame);
  br_frame_free(frame);
}

/* Sort. */

static br_sort_key sort_keys[3];
static size_t nsort_keys;

static br_code job_sort(br_frame **out, const br_frame *frame, br_err *e)
{
  return br_frame_sort(out, frame, sort_keys, nsort_keys, e);
}

static bool is_odd(const br_column *column, size_t row) /* last in either direction */
{
  return br_column_is_null(column, row) ||
         (br_column_type(column) == BR_F64 && isnan(br_column_f64(column, row)));
}

static int compare_rows(const br_frame *frame, size_t x, size_t y)
{
  for (size_t k = 0; k < nsort_keys; k++) {
    const br_column *column = column_of(frame, sort_keys[k].name);
    int order = br_column_compare(column, x, column, y);
    bool flips = sort_keys[k].descending && !is_odd(column, x) && !is_odd(column, y);
    if (order)
      return flips ? -order : order;
  }
  return 0;
}

static br_frame *sorted_plainly(const br_frame *frame)
{
  size_t rows[MOST_ROWS];
  br_frame *made = NULL;
  size_t n = br_frame_nrow(frame);
  for (size_t i = 0; i < n; i++) {
    size_t at = i;
    for (; at > 0 && compare_rows(frame, rows[at - 1], i) > 0; at--)
      rows[at] = rows[at - 1];
    rows[at] = i;
  }
  must(br_frame_take(&made, frame, rows, n, &err), &err);
  return made;
}

static void check_sort(const br_frame *frame)
{
  for (nsort_keys = 0; nsort_keys <= 3; nsort_keys++)
    for (size_t round = 0; round < 6; round++) {
      for (size_t k = 0; k < nsort_keys; k++)
        sort_keys[k] = (br_sort_key){names[(round + 2 * k) % COUNT(names)], draw(2) == 0};
      br_frame *got = run_on_threads(job_sort, frame);
      br_frame *wanted = sorted_plainly(frame);
      assert_true(frame_equal(got, wanted));
      br_frame_free(got);
      br_frame_free(wanted);
    }
}

static void sort_agrees_with_insertion(void **state)
{
  (void)state;
  for_each_frame(check_sort);
}

/* Keys that differ in digits far apart, so that segments are cut again and again. */
static void sort_takes_keys_of_any_spread(void **state)
{
  (void)state;
  br_frame *frame = random_frame(MOST_ROWS, 0, "row");
  br_column *column = NULL;
  must(br_column_new(&column, BR_I64, &err), &err);
  for (size_t row = 0; row < MOST_ROWS; row++)
    must(br_column_push_i64(column, (int64_t)1 << draw(63), &err), &err);
  must(br_frame_set(frame, "i", column, &err), &err);
  br_column_release(column);
  nsort_keys = 1;
  for (int descending = 0; descending <= 1; descending++) {
    sort_keys[0] = (br_sort_key){"i", descending};
    br_frame *got = run_on_threads(job_sort, frame);
    br_frame *wanted = sorted_plainly(frame);
    assert_true(frame_equal(got, wanted));
    br_frame_free(got);
    br_frame_free(wanted);
  }
  br_frame_free(frame);
}

/* Groups. */

static const char *group_keys[3];
static size_t ngroup_keys;

/* The first row that agrees with the row on all keys. */
static size_t first_like(const br_frame *frame, size_t row)
{
  for (size_t first = 0;; first++) {
    bool same = true;
    for (size_t k = 0; k < ngroup_keys && same; k++)
      same = agree(column_of(frame, group_keys[k]), first, column_of(frame, group_keys[k]), row);
    if (same)
      return first;
  }
}

static br_code job_ids(br_frame **out, const br_frame *frame, br_err *e)
{
  br_column *ids = NULL;
  br_code code = br_frame_group_ids(&ids, frame, group_keys, ngroup_keys, e);
  if (code == BR_OK)
    code = br_frame_new(out, e);
  if (code == BR_OK)
    must(br_frame_set(*out, "id", ids, e), e);
  br_column_release(ids);
  return code;
}

static void check_ids(const br_frame *frame)
{
  int64_t wanted[MOST_ROWS];
  int64_t next = 1;
  br_frame *got = run_on_threads(job_ids, frame);
  const br_column *ids = column_of(got, "id");
  for (size_t row = 0; row < br_frame_nrow(frame); row++) {
    size_t first = first_like(frame, row);
    wanted[row] = first == row ? next++ : wanted[first];
    assert_int_equal(br_column_i64(ids, row), wanted[row]);
  }
  br_frame_free(got);
}

static void check_groups(const br_frame *frame)
{
  for (ngroup_keys = 0; ngroup_keys <= 3; ngroup_keys++)
    for (size_t round = 0; round < COUNT(names); round++) {
      for (size_t k = 0; k < ngroup_keys; k++)
        group_keys[k] = names[(round + k) % COUNT(names)];
      check_ids(frame);
    }
}

static void groups_are_numbered_by_first_appearance(void **state)
{
  (void)state;
  for_each_frame(check_groups);
}

/* What depends on the values, their number and their order. */
static br_code mix(const double *x, size_t n, const void *context, double *out, br_err *e)
{
  (void)context;
  (void)e;
  *out = (double)n;
  for (size_t i = 0; i < n; i++)
    *out = fmod(*out * 31 + (isfinite(x[i]) ? fmod(x[i], 97) : 5), 1000003);
  return BR_OK;
}

static const br_aggregate aggregates[] = {
    {"row", "mix", mix, NULL, BR_AGG_KERNEL},     {"f", "mix_f", mix, NULL, BR_AGG_KERNEL},
    {"t", "mix_t", mix, NULL, BR_AGG_KERNEL},     {"b", "mix_b", mix, NULL, BR_AGG_KERNEL},
    {"s", "first", NULL, NULL, BR_AGG_FIRST},     {"f", "last", NULL, NULL, BR_AGG_LAST},
    {"s", "min", mix, NULL, BR_AGG_MIN},          {"t", "max", mix, NULL, BR_AGG_MAX},
    {"i", "max_i", NULL, NULL, BR_AGG_MAX},       {"f", "min_f", NULL, NULL, BR_AGG_MIN},
    {"s", "mode", mix, NULL, BR_AGG_MODE},        {"f", "count", NULL, NULL, BR_AGG_COUNT},
    {"s", "nunique", NULL, NULL, BR_AGG_NUNIQUE}, {"f", "size", NULL, NULL, BR_AGG_SIZE},
};

static br_code job_group(br_frame **out, const br_frame *frame, br_err *e)
{
  br_grouping spec = {group_keys, ngroup_keys, aggregates, COUNT(aggregates)};
  return br_frame_group_by(out, frame, &spec, e);
}

/* Rows of the group of `first`, ascending, whose cell is no null. */
static size_t rows_like(size_t *rows, const br_frame *frame, size_t first, const br_column *cells)
{
  size_t n = 0;
  for (size_t row = first; row < br_frame_nrow(frame); row++)
    if (first_like(frame, row) == first && !br_column_is_null(cells, row))
      rows[n++] = row;
  return n;
}

static size_t extreme(const br_column *cells, const size_t *rows, size_t n, int sign)
{
  size_t found = rows[0];
  for (size_t i = 1; i < n; i++)
    if (sign * br_column_compare(cells, rows[i], cells, found) < 0)
      found = rows[i];
  return found;
}

static size_t times(const br_column *cells, const size_t *rows, size_t n, size_t row)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += agree(cells, rows[i], cells, row);
  return count;
}

static size_t mode_of(const br_column *cells, const size_t *rows, size_t n)
{
  size_t found = rows[0];
  for (size_t i = 1; i < n; i++) {
    size_t here = times(cells, rows, n, rows[i]), most = times(cells, rows, n, found);
    if (here > most || (here == most && br_column_compare(cells, rows[i], cells, found) < 0))
      found = rows[i];
  }
  return found;
}

static size_t unique_of(const br_column *cells, const size_t *rows, size_t n)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += times(cells, rows, i, rows[i]) == 0;
  return count;
}

static void check_cell(const br_column *got, size_t at, const br_column *cells, size_t row)
{
  assert_int_equal(br_column_type(got), br_column_type(cells));
  assert_false(br_column_is_null(got, at));
  assert_true(agree(got, at, cells, row));
}

static void check_picked(const br_column *got, size_t at, const br_aggregate *a,
                         const br_column *cells, const size_t *rows, size_t n)
{
  if (n == 0) {
    assert_true(br_column_is_null(got, at));
    return;
  }
  size_t row = rows[0];
  if (a->kind == BR_AGG_LAST)
    row = rows[n - 1];
  else if (a->kind == BR_AGG_MIN || a->kind == BR_AGG_MAX)
    row = extreme(cells, rows, n, a->kind == BR_AGG_MIN ? 1 : -1);
  else if (a->kind == BR_AGG_MODE)
    row = mode_of(cells, rows, n);
  check_cell(got, at, cells, row);
}

static void check_kernel(const br_column *got, size_t at, const br_column *cells,
                         const size_t *rows, size_t n)
{
  double x[MOST_ROWS];
  double wanted = 0;
  for (size_t i = 0; i < n; i++)
    x[i] = br_column_number(cells, rows[i]);
  must(mix(x, n, NULL, &wanted, &err), &err);
  assert_true(br_column_f64(got, at) == wanted);
}

static void check_aggregate(const br_frame *frame, const br_frame *got, size_t at, size_t first,
                            const br_aggregate *a)
{
  size_t rows[MOST_ROWS];
  const br_column *cells = column_of(frame, a->column);
  const br_column *made = column_of(got, a->name);
  size_t n = rows_like(rows, frame, first, cells);
  switch (a->kind) {
  case BR_AGG_KERNEL:
    check_kernel(made, at, cells, rows, n);
    break;
  case BR_AGG_COUNT:
    assert_int_equal(br_column_i64(made, at), n);
    break;
  case BR_AGG_NUNIQUE:
    assert_int_equal(br_column_i64(made, at), unique_of(cells, rows, n));
    break;
  case BR_AGG_SIZE:
    assert_int_equal(br_column_i64(made, at),
                     rows_like(rows, frame, first, column_of(frame, "row")));
    break;
  default:
    check_picked(made, at, a, cells, rows, n);
  }
}

static void check_reduced(const br_frame *frame)
{
  br_frame *got = run_on_threads(job_group, frame);
  size_t at = 0;
  for (size_t row = 0; row < br_frame_nrow(frame); row++) {
    if (first_like(frame, row) != row)
      continue;
    for (size_t i = 0; i < COUNT(aggregates); i++)
      check_aggregate(frame, got, at, row, &aggregates[i]);
    at++;
  }
  assert_int_equal(br_frame_nrow(got), br_frame_nrow(frame) == 0 && ngroup_keys == 0 ? 1 : at);
  br_frame_free(got);
}

static void check_group_by(const br_frame *frame)
{
  static const char *const keys[][2] = {{"s", "b"}, {"small", "s"}, {"f", "i"}};
  for (ngroup_keys = 0; ngroup_keys <= 2; ngroup_keys++)
    for (size_t i = 0; i < COUNT(keys); i++) {
      group_keys[0] = keys[i][0];
      group_keys[1] = keys[i][1];
      check_reduced(frame);
    }
}

static void group_by_agrees_with_plain_loops(void **state)
{
  (void)state;
  for_each_frame(check_group_by);
}

static void check_head(const br_frame *frame)
{
  ngroup_keys = 1;
  group_keys[0] = "small";
  for (size_t n = 0; n <= 3; n++)
    for (int tail = 0; tail <= 1; tail++) {
      br_frame *got = NULL;
      must(tail ? br_frame_group_tail(&got, frame, group_keys, 1, n, &err)
                : br_frame_group_head(&got, frame, group_keys, 1, n, &err),
           &err);
      size_t at = 0;
      const br_column *rows = column_of(got, "row");
      for (size_t row = 0; row < br_frame_nrow(frame); row++) {
        size_t like[MOST_ROWS];
        size_t count = rows_like(like, frame, first_like(frame, row), column_of(frame, "row"));
        size_t place = 0;
        while (like[place] != row)
          place++;
        if (tail ? place + n >= count : place < n)
          assert_int_equal(br_column_i64(rows, at++), row);
      }
      assert_int_equal(br_frame_nrow(got), at);
      br_frame_free(got);
    }
}

static void group_head_takes_some_rows_of_each(void **state)
{
  (void)state;
  for_each_frame(check_head);
}

/* Pivot: the same cells as a group-by over index and columns. */

static br_aggregate_kind pivot_kind;

static br_code job_pivot(br_frame **out, const br_frame *frame, br_err *e)
{
  br_pivot spec = {group_keys, 1, "s", "row", mix, NULL, pivot_kind};
  return br_frame_pivot(out, frame, &spec, e);
}

static const char *column_name(const br_column *words, size_t row)
{
  return br_column_is_null(words, row) ? "null" : br_column_str(words, row, NULL);
}

/* The number of the group of `row` by the first key alone. */
static size_t index_row(const br_frame *frame, size_t row)
{
  size_t at = 0;
  ngroup_keys = 1;
  for (size_t first = first_like(frame, row), i = 0; i < first; i++)
    at += first_like(frame, i) == i;
  return at;
}

static size_t count_cells(const br_frame *made)
{
  size_t n = 0;
  for (size_t i = 1; i < br_frame_ncol(made); i++)
    n += br_frame_nrow(made) - br_column_null_count(br_frame_column(made, i));
  return n;
}

static void check_pivot(const br_frame *frame)
{
  static const char *const indexes[] = {"small", "i", "f"};
  const br_column *words = column_of(frame, "s");
  const br_column *numbers = column_of(frame, "row");
  for (size_t i = 0; i < COUNT(indexes); i++) {
    size_t cells = 0;
    group_keys[0] = indexes[i];
    group_keys[1] = "s";
    br_frame *got = run_on_threads(job_pivot, frame);
    for (size_t row = 0; row < br_frame_nrow(frame); row++) {
      size_t rows[MOST_ROWS];
      ngroup_keys = 2;
      if (first_like(frame, row) != row)
        continue;
      cells++;
      size_t n = rows_like(rows, frame, row, numbers);
      const br_column *column = column_of(got, column_name(words, row));
      if (pivot_kind == BR_AGG_KERNEL)
        check_kernel(column, index_row(frame, row), numbers, rows, n);
      else
        check_cell(column, index_row(frame, row), numbers, rows[n - 1]);
    }
    assert_int_equal(count_cells(got), cells);
    br_frame_free(got);
  }
}

static void pivot_agrees_with_plain_loops(void **state)
{
  (void)state;
  pivot_kind = BR_AGG_KERNEL;
  for_each_frame(check_pivot);
  pivot_kind = BR_AGG_LAST;
  for_each_frame(check_pivot);
}

/* Joins. */

static br_frame *right_side;
static br_join join_spec;

static br_code job_join(br_frame **out, const br_frame *frame, br_err *e)
{
  return br_frame_join(out, frame, right_side, &join_spec, e);
}

static bool meets(const br_frame *left, size_t x, size_t y)
{
  for (size_t k = 0; k < join_spec.nkeys; k++) {
    const br_column *a = column_of(left, join_spec.keys[k]);
    const br_column *b = column_of(right_side, join_spec.right_keys[k]);
    if (br_column_is_null(a, x) || !agree(a, x, b, y))
      return false;
  }
  return true;
}

/* Row numbers of both sides, -1 for none. */
struct pairs {
  int64_t left[MOST_ROWS * MOST_ROWS];
  int64_t right[MOST_ROWS * MOST_ROWS];
  size_t n;
};

static void add_pair(struct pairs *p, int64_t left, int64_t right)
{
  p->left[p->n] = left;
  p->right[p->n++] = right;
}

static void pair_rows(struct pairs *p, const br_frame *left)
{
  bool swap = join_spec.kind == BR_JOIN_RIGHT;
  size_t nleft = br_frame_nrow(left), nright = br_frame_nrow(right_side);
  bool is_met[MOST_ROWS] = {false};
  p->n = 0;
  for (size_t i = 0; i < (swap ? nright : nleft); i++) {
    bool found = false;
    for (size_t j = 0; j < (swap ? nleft : nright); j++) {
      size_t x = swap ? j : i, y = swap ? i : j;
      if (!meets(left, x, y))
        continue;
      if (join_spec.kind < BR_JOIN_SEMI || (join_spec.kind == BR_JOIN_SEMI && !found))
        add_pair(p, (int64_t)x, (int64_t)y);
      found = true;
      is_met[y] = true;
    }
    if (!found && (join_spec.kind == BR_JOIN_LEFT || join_spec.kind == BR_JOIN_OUTER ||
                   join_spec.kind == BR_JOIN_ANTI))
      add_pair(p, (int64_t)i, -1);
    if (!found && swap)
      add_pair(p, -1, (int64_t)i);
  }
  for (size_t y = 0; y < nright && join_spec.kind == BR_JOIN_OUTER; y++)
    if (!is_met[y])
      add_pair(p, -1, (int64_t)y);
}

static void check_number(const br_column *numbers, size_t at, int64_t wanted)
{
  assert_int_equal(br_column_is_null(numbers, at), wanted < 0);
  if (wanted >= 0)
    assert_int_equal(br_column_i64(numbers, at), wanted);
}

static void check_joined(const br_frame *got, const br_frame *left, const struct pairs *p)
{
  bool has_right = join_spec.kind < BR_JOIN_SEMI;
  assert_int_equal(br_frame_nrow(got), p->n);
  assert_int_equal(br_frame_has(got, "other"), has_right);
  for (size_t at = 0; at < p->n; at++) {
    check_number(column_of(got, "row"), at, p->left[at]);
    if (has_right)
      check_number(column_of(got, "other"), at, p->right[at]);
    for (size_t k = 0; k < join_spec.nkeys; k++) {
      const br_column *key = column_of(got, join_spec.keys[k]);
      if (p->left[at] >= 0)
        assert_true(agree(key, at, column_of(left, join_spec.keys[k]), (size_t)p->left[at]));
      else
        assert_true(
            agree(key, at, column_of(right_side, join_spec.right_keys[k]), (size_t)p->right[at]));
    }
  }
}

static void check_join(const br_frame *frame)
{
  static struct pairs pairs;
  static const char *const keys[][2] = {{"s", "small"}, {"small", "b"}, {"f", "i"},
                                        {"i", "t"},     {"t", "s"},     {"i", "f"}};
  for (size_t i = 0; i < COUNT(keys); i++)
    for (size_t n = 0; n <= 2; n++)
      for (int kind = BR_JOIN_INNER; kind <= BR_JOIN_ANTI; kind++) {
        join_spec = (br_join){keys[i], n, (br_join_kind)kind, "_r", keys[i]};
        br_frame *got = run_on_threads(job_join, frame);
        pair_rows(&pairs, frame);
        check_joined(got, frame, &pairs);
        br_frame_free(got);
      }
}

static void join_agrees_with_nested_loops(void **state)
{
  (void)state;
  static const size_t sizes[] = {0, 1, 9, 70};
  for (size_t i = 0; i < COUNT(sizes); i++)
    for (uint32_t nulls = 0; nulls <= 4; nulls += 4) {
      right_side = random_frame(sizes[i], nulls, "other");
      br_frame *left = random_frame(40, nulls, "row");
      br_frame *empty = random_frame(0, nulls, "row");
      check_join(left);
      check_join(empty);
      br_frame_free(empty);
      br_frame_free(left);
      br_frame_free(right_side);
    }
}

/* Rows. */

static br_code job_filter(br_frame **out, const br_frame *frame, br_err *e)
{
  return br_frame_filter_mask(out, frame, column_of(frame, "b"), e);
}

static void check_filter(const br_frame *frame)
{
  size_t rows[MOST_ROWS];
  size_t n = 0;
  br_frame *wanted = NULL;
  const br_column *mask = column_of(frame, "b");
  for (size_t row = 0; row < br_frame_nrow(frame); row++)
    if (br_column_bool(mask, row))
      rows[n++] = row;
  must(br_frame_take(&wanted, frame, rows, n, &err), &err);
  br_frame *got = run_on_threads(job_filter, frame);
  assert_true(frame_equal(got, wanted));
  br_frame_free(got);
  br_frame_free(wanted);
}

static void filter_takes_rows_in_order(void **state)
{
  (void)state;
  for_each_frame(check_filter);
}

static void check_take(const br_frame *frame)
{
  size_t rows[MOST_ROWS];
  br_frame *got = NULL;
  size_t nrow = br_frame_nrow(frame);
  for (size_t i = 0; i < MOST_ROWS; i++)
    rows[i] = nrow == 0 || draw(9) == 0 ? BR_COLUMN_NULL_ROW : draw((uint32_t)nrow);
  must(br_frame_take(&got, frame, rows, MOST_ROWS, &err), &err);
  for (size_t i = 0; i < br_frame_ncol(frame); i++) {
    const br_column *from = br_frame_column(frame, i);
    const br_column *to = br_frame_column(got, i);
    size_t nulls = 0;
    for (size_t at = 0; at < MOST_ROWS; at++) {
      bool is_null = rows[at] == BR_COLUMN_NULL_ROW || br_column_is_null(from, rows[at]);
      assert_int_equal(br_column_is_null(to, at), is_null);
      assert_true(is_null || agree(to, at, from, rows[at]));
      nulls += is_null;
    }
    assert_int_equal(br_column_null_count(to), nulls);
  }
  br_frame_free(got);
}

static void take_repeats_rows_and_makes_nulls(void **state)
{
  (void)state;
  for_each_frame(check_take);
}

static void check_slice(const br_frame *frame)
{
  size_t nrow = br_frame_nrow(frame);
  for (size_t first = 0; first <= nrow + 1; first += 3) {
    size_t rows[MOST_ROWS];
    br_frame *got = NULL, *wanted = NULL;
    size_t n = 0;
    for (size_t row = first; row < nrow && n < 11; row++)
      rows[n++] = row;
    must(br_frame_take(&wanted, frame, rows, n, &err), &err);
    must(br_frame_slice(&got, frame, first, 11, &err), &err);
    assert_true(frame_equal(got, wanted));
    br_frame_free(got);
    br_frame_free(wanted);
  }
}

static void slice_agrees_with_take(void **state)
{
  (void)state;
  for_each_frame(check_slice);
}

/* A frame cut in three and put together is the frame. */
static void check_concat(const br_frame *frame)
{
  br_frame *parts[3] = {NULL, NULL, NULL};
  br_frame *got = NULL;
  size_t third = br_frame_nrow(frame) / 3;
  for (size_t i = 0; i < 3; i++)
    must(br_frame_slice(&parts[i], frame, i * third, i < 2 ? third : SIZE_MAX, &err), &err);
  must(br_frame_concat(&got, (const br_frame *const *)parts, 3, &err), &err);
  assert_true(frame_equal(got, frame));
  br_frame_free(got);
  for (size_t i = 0; i < 3; i++)
    br_frame_free(parts[i]);
}

static void concat_puts_together_what_slice_cut(void **state)
{
  (void)state;
  for_each_frame(check_concat);
}

static void check_distinct(const br_frame *frame)
{
  for (int keep = BR_KEEP_FIRST; keep <= BR_KEEP_LAST; keep++) {
    br_frame *got = NULL;
    size_t at = 0;
    ngroup_keys = 2;
    group_keys[0] = "s";
    group_keys[1] = "f";
    must(br_frame_distinct(&got, frame, group_keys, 2, (br_keep)keep, &err), &err);
    for (size_t row = 0; row < br_frame_nrow(frame); row++) {
      size_t rows[MOST_ROWS];
      size_t n = rows_like(rows, frame, first_like(frame, row), column_of(frame, "row"));
      if (rows[keep == BR_KEEP_FIRST ? 0 : n - 1] == row)
        assert_int_equal(br_column_i64(column_of(got, "row"), at++), row);
    }
    assert_int_equal(br_frame_nrow(got), at);
    br_frame_free(got);
  }
}

static void distinct_agrees_with_plain_loops(void **state)
{
  (void)state;
  for_each_frame(check_distinct);
}

/* Numbers of two types. */

static void join_meets_whole_and_real_numbers_exactly(void **state)
{
  (void)state;
  br_frame *l = frame_of("k:i x:i\n1 1\n9007199254740993 2\n-3 3\n9223372036854775807 4\n- 5\n");
  br_frame *r = frame_of("k:f y:i\n1.0 1\n9007199254740992.0 2\n-3.5 3\n"
                         "9223372036854775808.0 4\nnan 5\n- 6\n-3.0 7\n");
  const char *key = "k";
  br_frame *made = NULL;
  br_join spec = {&key, 1, BR_JOIN_INNER, "_r", NULL};
  assert_made(br_frame_join(&made, l, r, &spec, &err), &err, &made, "k:i x:i y:i\n1 1 1\n-3 3 7\n");
  assert_made(br_frame_join(&made, r, l, &spec, &err), &err, &made,
              "k:f y:i x:i\n1.0 1 1\n-3.0 7 3\n");
  spec.kind = BR_JOIN_OUTER;
  assert_made(br_frame_join(&made, l, r, &spec, &err), &err, &made,
              "k:f x:i y:i\n1.0 1 1\n9007199254740992.0 2 -\n-3.0 3 7\n"
              "9.223372036854776e+18 4 -\n- 5 -\n9007199254740992.0 - 2\n-3.5 - 3\n"
              "9.223372036854776e+18 - 4\nnan - 5\n- - 6\n");
  br_frame_free(l);
  br_frame_free(r);
}

static void join_takes_keys_of_other_names(void **state)
{
  (void)state;
  br_frame *l = frame_of("k:s m:i\na 1\nb 2\n");
  br_frame *r = frame_of("m:s k:i\nb 5\nc 6\n");
  br_frame *made = NULL;
  br_join spec = {(const char *[]){"k"}, 1, BR_JOIN_OUTER, "_r", (const char *[]){"m"}};
  assert_made(br_frame_join(&made, l, r, &spec, &err), &err, &made,
              "k:s m:i k_r:i\na 1 -\nb 2 5\nc - 6\n");
  spec.kind = BR_JOIN_RIGHT;
  assert_made(br_frame_join(&made, l, r, &spec, &err), &err, &made,
              "k:s m:i k_r:i\nb 2 5\nc - 6\n");
  br_frame_free(l);
  br_frame_free(r);
}

/* A key without values has no type of its own. */
static void join_takes_a_key_without_values_for_any_type(void **state)
{
  (void)state;
  br_frame *l = frame_of("k:s m:i\n- 1\n- 2\n");
  br_frame *r = frame_of("k:i n:i\n5 3\n");
  br_frame *none = frame_of("k:b o:i\n");
  br_frame *made = NULL;
  br_join spec = {(const char *[]){"k"}, 1, BR_JOIN_INNER, "_r", NULL};
  assert_made(br_frame_join(&made, l, r, &spec, &err), &err, &made, "k:s m:i n:i\n");
  spec.kind = BR_JOIN_OUTER;
  assert_made(br_frame_join(&made, l, r, &spec, &err), &err, &made,
              "k:i m:i n:i\n- 1 -\n- 2 -\n5 - 3\n");
  assert_made(br_frame_join(&made, r, l, &spec, &err), &err, &made,
              "k:i n:i m:i\n5 3 -\n- - 1\n- - 2\n");
  spec.kind = BR_JOIN_LEFT;
  assert_made(br_frame_join(&made, r, none, &spec, &err), &err, &made, "k:i n:i o:i\n5 3 -\n");
  spec.kind = BR_JOIN_RIGHT;
  assert_made(br_frame_join(&made, none, r, &spec, &err), &err, &made, "k:i o:i n:i\n5 - 3\n");
  br_frame_free(l);
  br_frame_free(r);
  br_frame_free(none);
}

static br_frame *blank_left;

static br_code job_join_blank(br_frame **out, const br_frame *frame, br_err *e)
{
  br_join spec = {(const char *[]){"k"}, 1, BR_JOIN_OUTER, "_r", NULL};
  return br_frame_join(out, blank_left, frame, &spec, e);
}

static void join_without_values_survives_every_allocation_failing(void **state)
{
  (void)state;
  br_frame *r = frame_of("k:i n:i\n5 3\n");
  blank_left = frame_of("k:s m:i\n- 1\n");
  assert_survives(job_join_blank, r);
  br_frame_free(r);
  br_frame_free(blank_left);
}

/* All pairs of 70,000 rows are more than 32 bits can number; all pairs of 60,000 more than fits. */
static void join_refuses_a_result_that_is_too_large(void **state)
{
  (void)state;
  static const size_t sizes[] = {70000, 60000};
  static const char *const words[] = {"4900000000 rows, more than a frame can hold",
                                      "GB of memory"};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    br_frame *made = NULL, *frame = NULL, *wide = NULL;
    br_column *column = NULL;
    br_join spec = {.suffix = "_r"};
    must(br_column_nulls(&column, BR_I64, sizes[i], &err), &err);
    must(br_frame_new(&frame, &err), &err);
    for (int k = 0; k < 40; k++) {
      char name[16];
      (void)snprintf(name, sizeof name, "c%d", k);
      must(br_frame_set(frame, name, column, &err), &err);
    }
    must(br_frame_copy(&wide, frame, &err), &err);
    br_chunk_set_rows(0);
    assert_fails(br_frame_join(&made, frame, wide, &spec, &err), &err, BR_ERANGE, words[i]);
    br_chunk_set_rows(8);
    assert_null(made);
    br_column_release(column);
    br_frame_free(frame);
    br_frame_free(wide);
  }
}

/* No columns, no rows. */

static void every_operation_takes_a_frame_without_columns(void **state)
{
  (void)state;
  br_frame *f = frame_of("\n");
  br_frame *made = NULL;
  br_grouping spec = {0};
  for (int kind = BR_JOIN_INNER; kind <= BR_JOIN_ANTI; kind++) {
    br_join join = {.kind = (br_join_kind)kind, .suffix = "_r"};
    assert_made(br_frame_join(&made, f, f, &join, &err), &err, &made, "\n");
  }
  assert_made(br_frame_sort(&made, f, NULL, 0, &err), &err, &made, "\n");
  assert_made(br_frame_group_by(&made, f, &spec, &err), &err, &made, "\n");
  assert_made(br_frame_group_head(&made, f, NULL, 0, 2, &err), &err, &made, "\n");
  assert_made(br_frame_distinct(&made, f, NULL, 0, BR_KEEP_LAST, &err), &err, &made, "\n");
  assert_made(br_frame_slice(&made, f, 3, 2, &err), &err, &made, "\n");
  assert_made(br_frame_concat(&made, (const br_frame *[]){f, f}, 2, &err), &err, &made, "\n");
  br_frame_free(f);
}

/* Failures. */

static br_code job_distinct(br_frame **out, const br_frame *frame, br_err *e)
{
  return br_frame_distinct(out, frame, group_keys, 2, BR_KEEP_LAST, e);
}

static br_code job_head(br_frame **out, const br_frame *frame, br_err *e)
{
  return br_frame_group_head(out, frame, group_keys, 2, 1, e);
}

static const frame_job jobs[] = {job_sort, job_group,  job_pivot,   job_join,
                                 job_head, job_filter, job_distinct};

static br_frame *prepare_jobs(void)
{
  static const char *const keys[] = {"f", "s"};
  sort_keys[0] = (br_sort_key){"i", true};
  sort_keys[1] = (br_sort_key){"f", false};
  nsort_keys = 2;
  ngroup_keys = 2;
  group_keys[0] = "f";
  group_keys[1] = "s";
  pivot_kind = BR_AGG_KERNEL;
  right_side = random_frame(20, 2, "other");
  join_spec = (br_join){keys, 2, BR_JOIN_OUTER, "_r", keys};
  return random_frame(30, 2, "row");
}

static void every_job_survives_every_allocation_failing(void **state)
{
  (void)state;
  br_frame *frame = prepare_jobs();
  for (size_t threads = 1; threads <= 2; threads++) {
    br_parallel_set_threads(threads);
    for (size_t i = 0; i < COUNT(jobs); i++)
      assert_survives(jobs[i], frame);
    join_spec.kind = BR_JOIN_RIGHT;
    assert_survives(job_join, frame);
  }
  br_frame_free(frame);
  br_frame_free(right_side);
}

static void every_job_can_be_interrupted(void **state)
{
  (void)state;
  br_frame *frame = prepare_jobs();
  for (size_t i = 0; i < COUNT(jobs); i++) {
    br_frame *made = NULL;
    br_interrupt_raise();
    assert_fails(jobs[i](&made, frame, &err), &err, BR_EINTR, "interrupted");
    br_interrupt_clear();
    assert_null(made);
  }
  br_frame_free(frame);
  br_frame_free(right_side);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sort_agrees_with_insertion),
      cmocka_unit_test(sort_takes_keys_of_any_spread),
      cmocka_unit_test(groups_are_numbered_by_first_appearance),
      cmocka_unit_test(group_by_agrees_with_plain_loops),
      cmocka_unit_test(group_head_takes_some_rows_of_each),
      cmocka_unit_test(pivot_agrees_with_plain_loops),
      cmocka_unit_test(join_agrees_with_nested_loops),
      cmocka_unit_test(filter_takes_rows_in_order),
      cmocka_unit_test(take_repeats_rows_and_makes_nulls),
      cmocka_unit_test(slice_agrees_with_take),
      cmocka_unit_test(concat_puts_together_what_slice_cut),
      cmocka_unit_test(distinct_agrees_with_plain_loops),
      cmocka_unit_test(join_meets_whole_and_real_numbers_exactly),
      cmocka_unit_test(join_takes_keys_of_other_names),
      cmocka_unit_test(join_takes_a_key_without_values_for_any_type),
      cmocka_unit_test(join_without_values_survives_every_allocation_failing),
      cmocka_unit_test(join_refuses_a_result_that_is_too_large),
      cmocka_unit_test(every_operation_takes_a_frame_without_columns),
      cmocka_unit_test(rows_in_no_order_are_taken),
      cmocka_unit_test(rows_in_order_take_no_route),
      cmocka_unit_test(a_route_survives_every_allocation_failing),
      cmocka_unit_test(every_job_survives_every_allocation_failing),
      cmocka_unit_test(every_job_can_be_interrupted),
  };
  return cmocka_run_group_tests(tests, cut_small, no_block_is_left);
}
