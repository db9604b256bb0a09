/* Frames with other rows of the same columns: slice, filter; see frame.h.
 *
 * A filter flags rows, a byte each, block by block on all cores; the rows flagged are then taken. A
 * comparison has four outcomes, one bit each; an operator is the set of outcomes that it accepts. */
#include "frame/frame_internal.h"
#include "frame/rows.h"

#include "base/vec.h"
#include "frame/text.h"
#include "frame/timestamp.h"

#include <math.h>
#include <string.h>

enum { LESS = 1, EQUAL = 2, GREATER = 4, UNORDERED = 8 };

static const unsigned accepted[] = {
    [BR_EQ] = EQUAL,   [BR_NE] = LESS | GREATER | UNORDERED,
    [BR_LT] = LESS,    [BR_LE] = LESS | EQUAL,
    [BR_GT] = GREATER, [BR_GE] = GREATER | EQUAL,
    [BR_IS_NULL] = 0,  [BR_NOT_NULL] = 0,
};

static br_code slice_into(br_frame *to, const br_frame *from, size_t first, size_t n, br_err *err)
{
  size_t ncol = br_frame_ncol(from);
  for (size_t i = 0; i < ncol; i++) {
    br_column *column = NULL;
    BR_TRY(br_rows_slice(&column, from->columns[i], first, n, err));
    br_code code = br_frame_add(to, br_frame_name(from, i), column, err);
    br_column_release(column);
    BR_TRY(code);
  }
  return BR_OK;
}

br_code br_frame_slice(br_frame **out, const br_frame *frame, size_t first, size_t n, br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  size_t from = first < nrow ? first : nrow;
  br_frame *made = NULL;
  if (from == 0 && n >= nrow)
    return br_frame_copy(out, frame, err);
  BR_TRY(br_frame_new(&made, err));
  size_t left = nrow - from;
  return br_frame_give(out, made, slice_into(made, frame, from, n < left ? n : left, err));
}

/* The rows whose flag is set; all of them cost nothing. */
static br_code take_flagged(br_frame **out, const br_frame *frame, const unsigned char *flags,
                            br_err *err)
{
  uint32_t *rows = NULL;
  size_t n = 0;
  size_t nrow = br_frame_nrow(frame);
  BR_TRY(br_rows_flagged(&rows, &n, flags, nrow, err));
  br_code code = n == nrow ? br_frame_copy(out, frame, err)
                           : br_rows_take_frame(out, frame, (br_rows){rows, n}, err);
  br_free(rows);
  return code;
}

br_code br_frame_filter_mask(br_frame **out, const br_frame *frame, const br_column *mask,
                             br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  if (br_column_type(mask) != BR_BOOL)
    return br_fail(err, BR_ETYPE, "the mask is a %s column, not bool",
                   br_type_name(br_column_type(mask)));
  if (br_column_len(mask) != nrow)
    return br_fail(err, BR_EINVAL, "the mask has %zu rows, the frame has %zu", br_column_len(mask),
                   nrow);
  return take_flagged(out, frame, br_column_cells(mask), err); /* a null's cell is false */
}

/* Comparing. */

static unsigned of_f64(double a, double b)
{
  if (isnan(a) || isnan(b))
    return UNORDERED;
  if (a == b)
    return EQUAL;
  return a < b ? LESS : GREATER;
}

static unsigned of_i64(int64_t a, int64_t b)
{
  if (a == b)
    return EQUAL;
  return a < b ? LESS : GREATER;
}

/* Exact: b is not rounded to compare it. */
static unsigned of_mixed(int64_t a, double b)
{
  if (isnan(b))
    return UNORDERED;
  if (b >= 0x1p63)
    return LESS;
  if (b < -0x1p63)
    return GREATER;
  double whole = floor(b);
  unsigned order = of_i64(a, (int64_t)whole);
  return order == EQUAL && whole < b ? LESS : order;
}

static unsigned swapped(unsigned order)
{
  if (order == LESS)
    return GREATER;
  return order == GREATER ? LESS : order;
}

static int64_t whole_cell(const br_column *column, size_t row)
{
  return br_column_type(column) == BR_BOOL ? br_column_bool(column, row)
                                           : br_column_i64(column, row);
}

static unsigned compare_number(const br_column *column, size_t row, const br_cell *value)
{
  int64_t whole = value->type == BR_BOOL ? value->boolean : value->i64;
  if (br_column_type(column) == BR_F64) {
    double cell = br_column_f64(column, row);
    return value->type == BR_F64 ? of_f64(cell, value->f64) : swapped(of_mixed(whole, cell));
  }
  int64_t cell = whole_cell(column, row);
  return value->type == BR_F64 ? of_mixed(cell, value->f64) : of_i64(cell, whole);
}

static unsigned compare_bytes(const char *s, size_t len, const br_cell *value)
{
  size_t shared = len < value->str_len ? len : value->str_len;
  int order = shared ? memcmp(s, value->str, shared) : 0;
  return order ? of_i64(order, 0) : of_i64((int64_t)len, (int64_t)value->str_len);
}

struct test {
  const br_column *column;
  br_op op;
  const br_cell *value; /* NULL for IS_NULL and NOT_NULL */
  bool *hit;            /* of each entry of the dictionary; strings only */
  unsigned char *flags; /* result */
};

/* The cases that matter most have loops of their own. */
static void test_f64(const struct test *t, br_span span)
{
  const double *x = br_column_cells(t->column);
  unsigned accept = accepted[t->op];
  for (size_t row = span.first; row < span.end; row++)
    t->flags[row] = (of_f64(x[row], t->value->f64) & accept) != 0;
}

static void test_i64(const struct test *t, br_span span)
{
  const int64_t *x = br_column_cells(t->column);
  unsigned accept = accepted[t->op];
  for (size_t row = span.first; row < span.end; row++)
    t->flags[row] = (of_i64(x[row], t->value->i64) & accept) != 0;
}

static void test_number(const struct test *t, br_span span)
{
  unsigned accept = accepted[t->op];
  for (size_t row = span.first; row < span.end; row++)
    t->flags[row] = (compare_number(t->column, row, t->value) & accept) != 0;
}

static void test_string(const struct test *t, br_span span)
{
  const uint32_t *codes = br_column_codes(t->column);
  bool is_empty = br_column_dict_len(t->column) == 0;
  for (size_t row = span.first; row < span.end; row++)
    t->flags[row] = !is_empty && t->hit[codes[row]];
}

static void test_value(const struct test *t, br_span span)
{
  br_type type = br_column_type(t->column);
  if (type == BR_STR)
    test_string(t, span);
  else if (type == BR_F64 && t->value->type == BR_F64)
    test_f64(t, span);
  else if (type == t->value->type && type != BR_BOOL)
    test_i64(t, span);
  else
    test_number(t, span);
}

static void test_null(const struct test *t, br_span span)
{
  bool wants_null = t->op == BR_IS_NULL;
  for (size_t row = span.first; row < span.end; row++)
    t->flags[row] = br_column_is_null(t->column, row) == wants_null;
}

static br_code test_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct test *t = context;
  br_span span = br_chunk_span(task, br_column_len(t->column), br_chunk_rows());
  if (!t->value) {
    test_null(t, span);
    return BR_OK;
  }
  test_value(t, span);
  for (size_t row = span.first; row < span.end && br_column_null_count(t->column) > 0; row++)
    t->flags[row] &= !br_column_is_null(t->column, row);
  return BR_OK;
}

/* Compares each entry of the dictionary once. */
static br_code test_entries(struct test *t, br_err *err)
{
  size_t entries = br_column_dict_len(t->column);
  t->hit = br_calloc(entries, sizeof *t->hit);
  if (!t->hit)
    return br_fail_nomem(err);
  for (size_t i = 0; i < entries; i++) {
    size_t len = 0;
    const char *s = br_column_dict_str(t->column, (uint32_t)i, &len);
    t->hit[i] = (compare_bytes(s, len, t->value) & accepted[t->op]) != 0;
  }
  return BR_OK;
}

static br_code check_comparable(const char *name, const br_column *column, const br_cell *value,
                                br_err *err)
{
  br_type type = br_column_type(column);
  if (type == BR_TIMESTAMP ? value->type == BR_TIMESTAMP
                           : (type == BR_STR) == (value->type == BR_STR))
    return BR_OK;
  char shown[BR_SHOWN_MAX];
  return br_fail(err, BR_ETYPE, "column '%s' is %s and can't be compared with a %s",
                 br_shown(shown, name, strlen(name)), br_type_name(type),
                 value->type == BR_STR ? "string" : "number or bool");
}

/* A timestamp is compared with one that is written as text. */
static br_cell fit(const br_column *column, const br_cell *value)
{
  br_cell cell = *value;
  if (br_column_type(column) == BR_TIMESTAMP && value->type == BR_STR &&
      br_parse_timestamp(value->str, value->str_len, &cell.i64))
    cell.type = BR_TIMESTAMP;
  return cell;
}

static br_code filter(br_frame **out, const br_frame *frame, struct test *t, br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  t->flags = br_chunk_alloc(nrow);
  if (!t->flags)
    return br_fail_nomem(err);
  if (t->value && br_column_type(t->column) == BR_STR)
    BR_TRY(test_entries(t, err));
  BR_TRY(br_chunk_run(nrow, br_chunk_rows(), test_task, t, err));
  return take_flagged(out, frame, t->flags, err);
}

br_code br_frame_filter(br_frame **out, const br_frame *frame, const char *column, br_op op,
                        const br_cell *value, br_err *err)
{
  size_t at = 0;
  br_cell fitted;
  BR_TRY(br_frame_find(frame, column, &at, err));
  struct test t = {.column = frame->columns[at], .op = op};
  if (op != BR_IS_NULL && op != BR_NOT_NULL) {
    fitted = fit(t.column, value);
    t.value = &fitted;
    BR_TRY(check_comparable(column, t.column, &fitted, err));
  }
  br_code code = filter(out, frame, &t, err);
  br_free(t.flags);
  br_free(t.hit);
  return code;
}
