/* Columns made of other columns' rows, and the order of cells; see column.h. */
#include "frame/column_internal.h"

#include "base/vec.h"

#include <math.h>
#include <string.h>

/* BR_ERANGE for a row past the end. *has_null: whether a row asked for is null. */
static br_code check_rows(const br_column *column, const size_t *rows, size_t n, bool *has_null,
                          br_err *err)
{
  *has_null = false;
  for (size_t i = 0; i < n; i++) {
    if (rows[i] == BR_COLUMN_NULL_ROW) {
      *has_null = true;
      continue;
    }
    if (rows[i] >= column->len)
      return br_fail(err, BR_ERANGE, "row %zu of a column with %zu rows", rows[i] + 1, column->len);
    *has_null = *has_null || br_column_is_null(column, rows[i]);
  }
  return BR_OK;
}

/* Inline, so that `size` is known where it is called and each copy is one move. */
static inline void move_cells(br_column *to, const br_column *from, const size_t *rows, size_t n,
                              size_t size)
{
  const char *cells = from->data;
  char *out = to->data;
  for (size_t i = 0; i < n; i++)
    memcpy(out + i * size, cells + rows[i] * size, size);
}

/* No row asked for is null. */
static void take_values(br_column *to, const br_column *from, const size_t *rows, size_t n)
{
  if (from->type == BR_STR)
    move_cells(to, from, rows, n, sizeof(uint32_t));
  else if (from->type == BR_BOOL)
    move_cells(to, from, rows, n, sizeof(unsigned char));
  else
    move_cells(to, from, rows, n, sizeof(uint64_t));
  to->len = n;
}

static br_code take_with_nulls(br_column *to, const br_column *from, const size_t *rows, size_t n,
                               br_err *err)
{
  for (size_t i = 0; i < n; i++) {
    if (rows[i] == BR_COLUMN_NULL_ROW)
      BR_TRY(br_column_push_null(to, err));
    else
      BR_TRY(br_column_push_cell(to, from, rows[i], err));
  }
  return BR_OK;
}

static br_code fill(br_column *to, const br_column *from, const size_t *rows, size_t n, br_err *err)
{
  bool has_null = false;
  BR_TRY(check_rows(from, rows, n, &has_null, err));
  BR_TRY(br_column_reserve(to, n, err));
  if (has_null)
    return take_with_nulls(to, from, rows, n, err);
  take_values(to, from, rows, n);
  return BR_OK;
}

br_code br_column_take(br_column **out, const br_column *column, const size_t *rows, size_t n,
                       br_err *err)
{
  br_column *taken = NULL;
  BR_TRY(br_column_new_like(&taken, column, err));
  br_code code = fill(taken, column, rows, n, err);
  if (code != BR_OK) {
    br_column_release(taken);
    return code;
  }
  *out = taken;
  return BR_OK;
}

/* Order. */

static int compare_f64(double a, double b)
{
  if (isnan(a) || isnan(b))
    return (isnan(a) != 0) - (isnan(b) != 0);
  return (a > b) - (a < b);
}

static int compare_i64(int64_t a, int64_t b)
{
  return (a > b) - (a < b);
}

static int compare_str(const br_column *a, size_t row_a, const br_column *b, size_t row_b)
{
  size_t len_a = 0;
  size_t len_b = 0;
  const char *s = br_column_str(a, row_a, &len_a);
  const char *t = br_column_str(b, row_b, &len_b);
  int order = memcmp(s, t, len_a < len_b ? len_a : len_b);
  if (order == 0)
    return (len_a > len_b) - (len_a < len_b);
  return order < 0 ? -1 : 1;
}

int br_column_compare(const br_column *a, size_t row_a, const br_column *b, size_t row_b)
{
  bool null_a = br_column_is_null(a, row_a);
  bool null_b = br_column_is_null(b, row_b);
  if (null_a || null_b)
    return null_a - null_b;
  switch (a->type) {
  case BR_F64:
    return compare_f64(br_column_f64(a, row_a), br_column_f64(b, row_b));
  case BR_I64:
  case BR_TIMESTAMP:
    return compare_i64(br_column_i64(a, row_a), br_column_i64(b, row_b));
  case BR_BOOL:
    return br_column_bool(a, row_a) - br_column_bool(b, row_b);
  default:
    return compare_str(a, row_a, b, row_b);
  }
}
