/* Frame to CSV. A text is quoted where the reader would otherwise see something else in it; a null
 * is nothing at all, which for a frame of one column makes a blank line, and the reader takes it
 * so. */
#include "csv/csv_internal.h"

#include "base/file.h"
#include "base/vec.h"
#include "frame/timestamp.h"

#include <csv.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The reader drops blanks around an unquoted field, and a BOM before the first. */
static bool has_frail_end(const char *text, size_t n, char delimiter)
{
  return br_csv_is_blank(text[0], delimiter) || br_csv_is_blank(text[n - 1], delimiter) ||
         (n >= 3 && memcmp(text, BR_CSV_BOM, 3) == 0);
}

static bool needs_quotes(const char *text, size_t n, char delimiter)
{
  if (n == 0 || has_frail_end(text, n, delimiter))
    return true;
  for (size_t i = 0; i < n; i++)
    if (text[i] == delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
      return true;
  return false;
}

static br_code add_quoted(br_str *out, const char *text, size_t n, br_err *err)
{
  size_t size = csv_write(NULL, 0, text, n);
  BR_TRY(br_vec_reserve(&out->data, &out->cap, out->len + size + 1, err));
  out->len += csv_write(out->data + out->len, size, text, n);
  out->data[out->len] = '\0';
  return BR_OK;
}

static br_code add_text(br_str *out, const char *text, size_t n, char delimiter, br_err *err)
{
  if (!needs_quotes(text, n, delimiter))
    return br_str_add(out, text, n, err);
  return add_quoted(out, text, n, err);
}

static br_code add_f64(br_str *out, double value, char delimiter, br_err *err)
{
  char text[BR_DOUBLE_TEXT_MAX];
  return add_text(out, text, br_str_from_double(text, value), delimiter, err);
}

static br_code add_i64(br_str *out, int64_t value, char delimiter, br_err *err)
{
  char text[32];
  int n = snprintf(text, sizeof text, "%" PRId64, value);
  return add_text(out, text, (size_t)n, delimiter, err);
}

static br_code add_bool(br_str *out, bool value, char delimiter, br_err *err)
{
  const char *text = value ? "true" : "false";
  return add_text(out, text, strlen(text), delimiter, err);
}

static br_code add_timestamp(br_str *out, int64_t value, char delimiter, br_err *err)
{
  char text[BR_TIMESTAMP_TEXT_MAX];
  return add_text(out, text, br_timestamp_text(text, value), delimiter, err);
}

static br_code add_str(br_str *out, const br_column *column, size_t row, char delimiter,
                       br_err *err)
{
  size_t n = 0;
  const char *text = br_column_str(column, row, &n);
  if (n && memchr(text, '\0', n))
    return br_fail(err, BR_EINVAL, "a NUL byte in row %zu can't be written as CSV", row + 1);
  return add_text(out, text, n, delimiter, err);
}

static br_code add_cell(br_str *out, const br_column *column, size_t row, char delimiter,
                        br_err *err)
{
  if (br_column_is_null(column, row))
    return BR_OK;
  switch (br_column_type(column)) {
  case BR_F64:
    return add_f64(out, br_column_f64(column, row), delimiter, err);
  case BR_I64:
    return add_i64(out, br_column_i64(column, row), delimiter, err);
  case BR_BOOL:
    return add_bool(out, br_column_bool(column, row), delimiter, err);
  case BR_STR:
    return add_str(out, column, row, delimiter, err);
  case BR_TIMESTAMP:
    return add_timestamp(out, br_column_i64(column, row), delimiter, err);
  }
  return BR_OK;
}

/* What stands behind field i of a line. */
static char separator(const br_frame *frame, size_t i, char delimiter)
{
  if (i + 1 < br_frame_ncol(frame))
    return delimiter;
  return '\n';
}

static br_code add_header(br_str *out, const br_frame *frame, char delimiter, br_err *err)
{
  for (size_t i = 0; i < br_frame_ncol(frame); i++) {
    const char *name = br_frame_name(frame, i);
    BR_TRY(add_text(out, name, strlen(name), delimiter, err));
    BR_TRY(br_str_addc(out, separator(frame, i, delimiter), err));
  }
  return BR_OK;
}

static br_code add_row(br_str *out, const br_frame *frame, size_t row, char delimiter, br_err *err)
{
  for (size_t i = 0; i < br_frame_ncol(frame); i++) {
    BR_TRY(add_cell(out, br_frame_column(frame, i), row, delimiter, err));
    BR_TRY(br_str_addc(out, separator(frame, i, delimiter), err));
  }
  return BR_OK;
}

static br_code add_frame(br_str *out, const br_frame *frame, char delimiter, br_err *err)
{
  BR_TRY(add_header(out, frame, delimiter, err));
  for (size_t row = 0; row < br_frame_nrow(frame); row++)
    BR_TRY(add_row(out, frame, row, delimiter, err));
  return BR_OK;
}

static void truncate_to(br_str *s, size_t len)
{
  s->len = len;
  if (s->data)
    s->data[len] = '\0';
}

br_code br_csv_write(br_str *out, const br_frame *frame, char delimiter, br_err *err)
{
  size_t before = out->len;
  delimiter = br_csv_delimiter(delimiter);
  if (!br_csv_delimiter_ok(delimiter))
    return br_fail(err, BR_EINVAL, "a delimiter is one ASCII character, no quote and no line end");
  br_code code = add_frame(out, frame, delimiter, err);
  if (code != BR_OK)
    truncate_to(out, before);
  return code;
}

br_code br_csv_write_file(const char *path, const br_frame *frame, char delimiter, br_err *err)
{
  br_str text = {0};
  br_code code = br_csv_write(&text, frame, delimiter, err);
  if (code == BR_OK)
    code = br_file_write(path, text.data, text.len, err);
  br_str_clear(&text);
  return code;
}
