/* Shared by tests and fuzzers: whether two frames hold the same columns, types and cells. NaN
 * equals NaN, 0.0 differs from -0.0. */
#ifndef TESTS_FRAME_EQUAL_H
#define TESTS_FRAME_EQUAL_H

#include "frame/frame.h"

#include <math.h>
#include <string.h>

static inline bool f64_equal(double a, double b)
{
  if (isnan(a) || isnan(b))
    return isnan(a) && isnan(b);
  return a == b && !signbit(a) == !signbit(b);
}

static inline bool str_equal(const br_column *a, const br_column *b, size_t row)
{
  size_t na = 0;
  size_t nb = 0;
  const char *sa = br_column_str(a, row, &na);
  const char *sb = br_column_str(b, row, &nb);
  return na == nb && memcmp(sa, sb, na) == 0;
}

static inline bool cell_equal(const br_column *a, const br_column *b, size_t row)
{
  if (br_column_is_null(a, row) || br_column_is_null(b, row))
    return br_column_is_null(a, row) && br_column_is_null(b, row);
  switch (br_column_type(a)) {
  case BR_F64:
    return f64_equal(br_column_f64(a, row), br_column_f64(b, row));
  case BR_I64:
  case BR_TIMESTAMP:
    return br_column_i64(a, row) == br_column_i64(b, row);
  case BR_BOOL:
    return br_column_bool(a, row) == br_column_bool(b, row);
  case BR_STR:
    return str_equal(a, b, row);
  }
  return false;
}

static inline bool column_equal(const br_column *a, const br_column *b)
{
  if (br_column_type(a) != br_column_type(b) || br_column_len(a) != br_column_len(b))
    return false;
  for (size_t row = 0; row < br_column_len(a); row++)
    if (!cell_equal(a, b, row))
      return false;
  return true;
}

static inline bool frame_equal(const br_frame *a, const br_frame *b)
{
  if (br_frame_ncol(a) != br_frame_ncol(b) || br_frame_nrow(a) != br_frame_nrow(b))
    return false;
  for (size_t i = 0; i < br_frame_ncol(a); i++)
    if (strcmp(br_frame_name(a, i), br_frame_name(b, i)) != 0 ||
        !column_equal(br_frame_column(a, i), br_frame_column(b, i)))
      return false;
  return true;
}

#endif
