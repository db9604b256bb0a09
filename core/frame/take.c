/* Rows by number, and the order of cells; see column.h and frame.h. */
#include "frame/column_internal.h"
#include "frame/rows.h"

#include "base/vec.h"

#include <math.h>
#include <string.h>

/* Rows as the bulk work numbers them; BR_ERANGE for one past the end. *out to br_free. */
static br_code number_rows(uint32_t **out, const size_t *rows, size_t n, size_t nrow, br_err *err)
{
  BR_TRY(br_chunk_check(nrow, err));
  uint32_t *narrow = br_realloc(NULL, n, sizeof *narrow);
  if (!narrow)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++) {
    if (rows[i] != BR_COLUMN_NULL_ROW && rows[i] >= nrow) {
      br_free(narrow);
      return br_fail(err, BR_ERANGE, "row %zu of a column with %zu rows", rows[i] + 1, nrow);
    }
    narrow[i] = rows[i] == BR_COLUMN_NULL_ROW ? BR_NO_ROW : (uint32_t)rows[i];
  }
  *out = narrow;
  return BR_OK;
}

br_code br_column_take(br_column **out, const br_column *column, const size_t *rows, size_t n,
                       br_err *err)
{
  uint32_t *narrow = NULL;
  BR_TRY(number_rows(&narrow, rows, n, column->len, err));
  br_code code = br_rows_take_column(out, column, (br_rows){narrow, n}, err);
  br_free(narrow);
  return code;
}

br_code br_frame_take(br_frame **out, const br_frame *frame, const size_t *rows, size_t n,
                      br_err *err)
{
  uint32_t *narrow = NULL;
  if (br_frame_ncol(frame) == 0 && n > 0)
    return br_fail(err, BR_ERANGE, "row %zu of a frame without columns", rows[0] + 1);
  BR_TRY(number_rows(&narrow, rows, n, br_frame_nrow(frame), err));
  br_code code = br_rows_take_frame(out, frame, (br_rows){narrow, n}, err);
  br_free(narrow);
  return code;
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
