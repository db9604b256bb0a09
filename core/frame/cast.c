/* Columns of another type; see column.h.
 *
 * A cell passes through one `value`, read by the source's type and written by the target's. What
 * has no value in the target type is an error or a null, as the policy says: text that does not
 * read as one (BR_EPARSE), a number with a fraction or out of range as i64, any but 0 and 1 as bool
 * (BR_ERANGE). An i64 always has an f64, the nearest one. A timestamp's number is its seconds. */
#include "frame/column_internal.h"

#include "base/vec.h"
#include "frame/text.h"
#include "frame/timestamp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct job {
  const br_column *from;
  br_column *to;
  br_cast_policy policy;
};

const char *br_column_text(char buffer[BR_DOUBLE_TEXT_MAX], const br_column *column, size_t row,
                           size_t *len)
{
  switch (column->type) {
  case BR_F64:
    *len = br_str_from_double(buffer, br_column_f64(column, row));
    return buffer;
  case BR_I64:
    *len = (size_t)snprintf(buffer, BR_DOUBLE_TEXT_MAX, "%" PRId64, br_column_i64(column, row));
    return buffer;
  case BR_TIMESTAMP:
    *len = br_timestamp_text(buffer, br_column_i64(column, row));
    return buffer;
  case BR_BOOL:
    *len = br_column_bool(column, row) ? 4 : 5;
    return br_column_bool(column, row) ? "true" : "false";
  default:
    return br_column_str(column, row, len);
  }
}

static br_code no_value(const struct job *job, size_t row, br_err *err)
{
  if (job->policy == BR_CAST_NULL)
    return br_column_push_null(job->to, err);
  char buffer[BR_DOUBLE_TEXT_MAX];
  char shown[BR_SHOWN_MAX];
  size_t len = 0;
  const char *text = br_column_text(buffer, job->from, row, &len);
  return br_fail(err, job->from->type == BR_STR ? BR_EPARSE : BR_ERANGE, "row %zu: '%s' is no %s",
                 row + 1, br_shown(shown, text, len), br_type_name(job->to->type));
}

static br_code cast_to_str(const struct job *job, size_t row, br_err *err)
{
  char buffer[BR_DOUBLE_TEXT_MAX];
  size_t len = 0;
  const char *text = br_column_text(buffer, job->from, row, &len);
  return br_column_push_str(job->to, text, len, err);
}

static br_code cast_to_f64(const struct job *job, size_t row, br_err *err)
{
  if (job->from->type != BR_STR)
    return br_column_push_f64(job->to, br_column_number(job->from, row), err);
  size_t len = 0;
  double value = 0;
  const char *text = br_column_str(job->from, row, &len);
  if (!br_parse_f64(text, len, &value))
    return no_value(job, row, err);
  return br_column_push_f64(job->to, value, err);
}

/* 2^63 is a double, INT64_MAX is not. */
static bool i64_from_f64(double x, int64_t *out)
{
  if (isnan(x) || x < -9223372036854775808.0 || x >= 9223372036854775808.0 || trunc(x) != x)
    return false;
  *out = (int64_t)x;
  return true;
}

static bool read_i64(const br_column *column, size_t row, int64_t *out)
{
  if (column->type == BR_F64)
    return i64_from_f64(br_column_f64(column, row), out);
  if (column->type == BR_STR) {
    size_t len = 0;
    const char *text = br_column_str(column, row, &len);
    return br_parse_i64(text, len, out);
  }
  if (column->type == BR_TIMESTAMP) {
    *out = br_column_i64(column, row) / BR_TIMESTAMP_PER_SECOND;
    return br_column_i64(column, row) % BR_TIMESTAMP_PER_SECOND == 0;
  }
  *out = column->type == BR_I64 ? br_column_i64(column, row) : br_column_bool(column, row);
  return true;
}

/* Seconds, to the nearest microsecond. */
static bool read_timestamp(const br_column *column, size_t row, int64_t *out)
{
  if (column->type == BR_STR) {
    size_t len = 0;
    const char *text = br_column_str(column, row, &len);
    return br_parse_timestamp(text, len, out);
  }
  if (column->type == BR_BOOL)
    return false;
  double limit = (double)BR_TIMESTAMP_MAX / (double)BR_TIMESTAMP_PER_SECOND;
  double seconds = br_column_number(column, row);
  if (!(fabs(seconds) <= limit))
    return false;
  *out = column->type == BR_I64 ? br_column_i64(column, row) * BR_TIMESTAMP_PER_SECOND
                                : llround(seconds * (double)BR_TIMESTAMP_PER_SECOND);
  return *out >= BR_TIMESTAMP_MIN && *out <= BR_TIMESTAMP_MAX;
}

static br_code cast_to_timestamp(const struct job *job, size_t row, br_err *err)
{
  int64_t value = 0;
  if (!read_timestamp(job->from, row, &value))
    return no_value(job, row, err);
  return br_column_push_i64(job->to, value, err);
}

static br_code cast_to_i64(const struct job *job, size_t row, br_err *err)
{
  int64_t value = 0;
  if (!read_i64(job->from, row, &value))
    return no_value(job, row, err);
  return br_column_push_i64(job->to, value, err);
}

static br_code cast_to_bool(const struct job *job, size_t row, br_err *err)
{
  bool value = false;
  int64_t number = 0;
  bool found = false;
  if (job->from->type == BR_STR) {
    size_t len = 0;
    const char *text = br_column_str(job->from, row, &len);
    found = br_parse_bool(text, len, &value);
  } else if (job->from->type != BR_TIMESTAMP && read_i64(job->from, row, &number)) {
    found = number == 0 || number == 1;
    value = number == 1;
  }
  return found ? br_column_push_bool(job->to, value, err) : no_value(job, row, err);
}

static br_code cast_cell(const struct job *job, size_t row, br_err *err)
{
  if (br_column_is_null(job->from, row))
    return br_column_push_null(job->to, err);
  switch (job->to->type) {
  case BR_F64:
    return cast_to_f64(job, row, err);
  case BR_I64:
    return cast_to_i64(job, row, err);
  case BR_BOOL:
    return cast_to_bool(job, row, err);
  case BR_TIMESTAMP:
    return cast_to_timestamp(job, row, err);
  default:
    return cast_to_str(job, row, err);
  }
}

static br_code cast_all(const struct job *job, br_err *err)
{
  size_t rows = job->from->len;
  BR_TRY(br_column_reserve(job->to, rows, err));
  for (size_t row = 0; row < rows; row++)
    BR_TRY(cast_cell(job, row, err));
  return BR_OK;
}

br_code br_column_cast(br_column **out, br_column *column, br_type type, br_cast_policy policy,
                       br_err *err)
{
  if (column->type == type) {
    *out = br_column_retain(column);
    return BR_OK;
  }
  struct job job = {column, NULL, policy};
  BR_TRY(br_column_new(&job.to, type, err));
  br_code code = cast_all(&job, err);
  if (code != BR_OK) {
    br_column_release(job.to);
    return code;
  }
  *out = job.to;
  return BR_OK;
}
