/* Frames with other rows of the same columns: take, slice, filter; see frame.h.
 *
 * Every one makes a list of row numbers and ends in br_frame_take. A comparison has four outcomes,
 * one bit each; an operator is the set of outcomes that it accepts. */
#include "frame/frame_internal.h"

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
};

static br_code take_columns(br_frame *to, const br_frame *from, const size_t *rows, size_t n,
                            br_err *err)
{
  size_t ncol = br_frame_ncol(from);
  for (size_t i = 0; i < ncol; i++) {
    br_column *column = NULL;
    BR_TRY(br_column_take(&column, from->columns[i], rows, n, err));
    br_code code = br_frame_add(to, br_frame_name(from, i), column, err);
    br_column_release(column);
    BR_TRY(code);
  }
  return BR_OK;
}

br_code br_frame_take(br_frame **out, const br_frame *frame, const size_t *rows, size_t n,
                      br_err *err)
{
  if (br_frame_ncol(frame) == 0 && n > 0)
    return br_fail(err, BR_ERANGE, "row %zu of a frame without columns", rows[0] + 1);
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  return br_frame_give(out, made, take_columns(made, frame, rows, n, err));
}

/* Takes and frees rows. */
static br_code take_and_free(br_frame **out, const br_frame *frame, size_t *rows, size_t n,
                             br_err *err)
{
  br_code code = br_frame_take(out, frame, rows, n, err);
  br_free(rows);
  return code;
}

static br_code new_rows(size_t **out, size_t n, br_err *err)
{
  *out = br_realloc(NULL, n, sizeof **out);
  return *out ? BR_OK : br_fail_nomem(err);
}

br_code br_frame_slice(br_frame **out, const br_frame *frame, size_t first, size_t n, br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  size_t *rows = NULL;
  size_t left = first < nrow ? nrow - first : 0;
  size_t count = n < left ? n : left;
  BR_TRY(new_rows(&rows, count, err));
  for (size_t i = 0; i < count; i++)
    rows[i] = first + i;
  return take_and_free(out, frame, rows, count, err);
}

br_code br_frame_filter_mask(br_frame **out, const br_frame *frame, const br_column *mask,
                             br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  size_t *rows = NULL;
  size_t n = 0;
  if (br_column_type(mask) != BR_BOOL)
    return br_fail(err, BR_ETYPE, "the mask is a %s column, not bool",
                   br_type_name(br_column_type(mask)));
  if (br_column_len(mask) != nrow)
    return br_fail(err, BR_EINVAL, "the mask has %zu rows, the frame has %zu", br_column_len(mask),
                   nrow);
  BR_TRY(new_rows(&rows, nrow, err));
  for (size_t row = 0; row < nrow; row++) {
    if (br_column_bool(mask, row)) /* a null reads as false */
      rows[n++] = row;
  }
  return take_and_free(out, frame, rows, n, err);
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

static size_t rows_by_null(size_t *rows, const br_column *column, bool null)
{
  size_t n = 0;
  size_t len = br_column_len(column);
  for (size_t row = 0; row < len; row++) {
    if (br_column_is_null(column, row) == null)
      rows[n++] = row;
  }
  return n;
}

static size_t rows_by_number(size_t *rows, const br_column *column, unsigned accept,
                             const br_cell *value)
{
  size_t n = 0;
  size_t len = br_column_len(column);
  for (size_t row = 0; row < len; row++) {
    if (!br_column_is_null(column, row) && (compare_number(column, row, value) & accept))
      rows[n++] = row;
  }
  return n;
}

/* Compares each entry of the dictionary once. */
static br_code rows_by_string(size_t *rows, size_t *n, const br_column *column, unsigned accept,
                              const br_cell *value, br_err *err)
{
  size_t entries = br_column_dict_len(column);
  const uint32_t *codes = br_column_codes(column);
  bool *hit = br_calloc(entries, sizeof *hit);
  if (!hit)
    return br_fail_nomem(err);
  for (size_t i = 0; i < entries; i++) {
    size_t len = 0;
    const char *s = br_column_dict_str(column, (uint32_t)i, &len);
    hit[i] = (compare_bytes(s, len, value) & accept) != 0;
  }
  size_t len = br_column_len(column);
  for (size_t row = 0; row < len; row++) {
    if (!br_column_is_null(column, row) && hit[codes[row]])
      rows[(*n)++] = row;
  }
  br_free(hit);
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

static br_code list_rows(size_t *rows, size_t *n, const br_column *column, br_op op,
                         const br_cell *value, br_err *err)
{
  if (op == BR_IS_NULL || op == BR_NOT_NULL)
    *n = rows_by_null(rows, column, op == BR_IS_NULL);
  else if (value->type == BR_STR)
    return rows_by_string(rows, n, column, accepted[op], value, err);
  else
    *n = rows_by_number(rows, column, accepted[op], value);
  return BR_OK;
}

br_code br_frame_filter(br_frame **out, const br_frame *frame, const char *column, br_op op,
                        const br_cell *value, br_err *err)
{
  size_t at = 0;
  size_t *rows = NULL;
  size_t n = 0;
  BR_TRY(br_frame_find(frame, column, &at, err));
  br_cell fitted = {.type = BR_F64};
  if (op != BR_IS_NULL && op != BR_NOT_NULL) {
    fitted = fit(frame->columns[at], value);
    BR_TRY(check_comparable(column, frame->columns[at], &fitted, err));
  }
  BR_TRY(new_rows(&rows, br_frame_nrow(frame), err));
  br_code code = list_rows(rows, &n, frame->columns[at], op, &fitted, err);
  if (code != BR_OK) {
    br_free(rows);
    return code;
  }
  return take_and_free(out, frame, rows, n, err);
}
