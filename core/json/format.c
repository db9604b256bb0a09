/* A frame as JSON; see json.h. */
#include "json/json.h"

#include "base/interrupt.h"
#include "base/vec.h"
#include "frame/text.h"
#include "frame/timestamp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_A_LOOK = 4096 }; /* between two looks at the interrupt flag */

/* --- strings --- */

/* Leading bytes of UTF-8 of two bytes and more, and what may follow them at once: RFC 3629, section 4. */
static const struct lead {
  unsigned char from, to, least, most;
  unsigned char len;
} leads[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool is_led(const struct lead *lead, const unsigned char *s, size_t n)
{
  if (s[0] < lead->from || s[0] > lead->to || n < lead->len)
    return false;
  for (size_t i = 2; i < lead->len; i++)
    if ((s[i] & 0xc0) != 0x80)
      return false;
  return s[1] >= lead->least && s[1] <= lead->most;
}

/* Bytes of the character of UTF-8 at s, 0 where there is none. */
static size_t char_len(const unsigned char *s, size_t n)
{
  if (s[0] < 0x80)
    return 1;
  for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
    if (is_led(&leads[i], s, n))
      return leads[i].len;
  return 0;
}

static bool is_plain(unsigned char c)
{
  return c >= 0x20 && c != '"' && c != '\\' && c < 0x80;
}

static br_code add_escape(br_str *out, unsigned char c, br_err *err)
{
  static const char plain[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
  const char *at = c ? strchr(plain, c) : NULL;
  if (!at)
    return br_str_addf(out, err, "\\u%04x", c);
  BR_TRY(br_str_addc(out, '\\', err));
  return br_str_addc(out, letters[at - plain], err);
}

/* Adds what is no run of plain bytes: one character. Returns how many bytes it was. */
static br_code add_special(br_str *out, const unsigned char *s, size_t n, size_t *taken,
                           br_err *err)
{
  size_t len = char_len(s, n);
  *taken = len ? len : 1;
  if (len == 1)
    return add_escape(out, *s, err);
  return len ? br_str_add(out, s, len, err) : br_str_addz(out, "\xef\xbf\xbd", err);
}

static br_code add_string(br_str *out, const char *text, size_t n, br_err *err)
{
  const unsigned char *s = (const unsigned char *)text;
  BR_TRY(br_str_addc(out, '"', err));
  for (size_t i = 0, taken = 0; i < n; i += taken) {
    for (taken = 0; i + taken < n && is_plain(s[i + taken]);)
      taken++;
    if (taken > 0)
      BR_TRY(br_str_add(out, s + i, taken, err));
    else
      BR_TRY(add_special(out, s + i, n - i, &taken, err));
  }
  return br_str_addc(out, '"', err);
}

/* --- cells --- */

static br_code add_whole(br_str *out, int64_t value, br_err *err)
{
  char digits[24], *at = digits + sizeof digits;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do
    *--at = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0)
    *--at = '-';
  return br_str_add(out, at, (size_t)(digits + sizeof digits - at), err);
}

static br_code add_real(br_str *out, double value, br_err *err)
{
  char digits[BR_DOUBLE_TEXT_MAX];
  if (!isfinite(value))
    return br_str_addz(out, "null", err);
  return br_str_add(out, digits, br_str_from_double(digits, value), err);
}

static br_code add_text(br_str *out, const br_column *column, size_t row, br_err *err)
{
  size_t len = 0;
  if (br_column_type(column) == BR_TIMESTAMP) {
    char time[BR_TIMESTAMP_TEXT_MAX];
    len = br_timestamp_text(time, br_column_i64(column, row));
    return add_string(out, time, len, err);
  }
  const char *text = br_column_str(column, row, &len);
  return add_string(out, text, len, err);
}

static br_code add_cell(br_str *out, const br_column *column, size_t row, br_err *err)
{
  if (br_column_is_null(column, row))
    return br_str_addz(out, "null", err);
  switch (br_column_type(column)) {
  case BR_F64:
    return add_real(out, br_column_f64(column, row), err);
  case BR_I64:
    return add_whole(out, br_column_i64(column, row), err);
  case BR_BOOL:
    return br_str_addz(out, br_column_bool(column, row) ? "true" : "false", err);
  default:
    return add_text(out, column, row, err);
  }
}

/* --- shapes --- */

/* All names as keys, behind each other: `"name":`, from start[i] to start[i + 1]. */
struct keys {
  br_str text;
  size_t *start;
};

/* A name in which bytes were replaced could be that of another column. */
static br_code check_name(const char *name, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  const unsigned char *s = (const unsigned char *)name;
  size_t n = strlen(name);
  for (size_t i = 0, len = 0; i < n; i += len) {
    len = char_len(s + i, n - i);
    if (len == 0)
      return br_fail(err, BR_EINVAL,
                     "the name of column '%s' is not UTF-8, which JSON is; rename it before",
                     br_shown(shown, name, n));
  }
  return BR_OK;
}

static br_code list_keys(struct keys *keys, const br_frame *frame, br_err *err)
{
  size_t ncol = br_frame_ncol(frame);
  keys->start = br_calloc(ncol + 1, sizeof *keys->start);
  if (!keys->start)
    return br_fail_nomem(err);
  for (size_t i = 0; i < ncol; i++) {
    const char *name = br_frame_name(frame, i);
    BR_TRY(check_name(name, err));
    BR_TRY(add_string(&keys->text, name, strlen(name), err));
    BR_TRY(br_str_addc(&keys->text, ':', err));
    keys->start[i + 1] = keys->text.len;
  }
  return BR_OK;
}

static br_code add_key(br_str *out, const struct keys *keys, size_t i, br_err *err)
{
  if (i > 0)
    BR_TRY(br_str_addc(out, ',', err));
  return br_str_add(out, keys->text.data + keys->start[i], keys->start[i + 1] - keys->start[i],
                    err);
}

static br_code look(size_t row, br_err *err)
{
  return row % ROWS_A_LOOK == 0 ? br_interrupt_check(err) : BR_OK;
}

static br_code add_object(br_str *out, const br_frame *frame, const struct keys *keys, size_t row,
                          br_err *err)
{
  size_t ncol = br_frame_ncol(frame);
  BR_TRY(look(row, err));
  BR_TRY(br_str_addc(out, '{', err));
  for (size_t i = 0; i < ncol; i++) {
    BR_TRY(add_key(out, keys, i, err));
    BR_TRY(add_cell(out, br_frame_column(frame, i), row, err));
  }
  return br_str_addc(out, '}', err);
}

static br_code add_array(br_str *out, const br_column *column, br_err *err)
{
  size_t n = br_column_len(column);
  BR_TRY(br_str_addc(out, '[', err));
  for (size_t row = 0; row < n; row++) {
    BR_TRY(look(row, err));
    if (row > 0)
      BR_TRY(br_str_addc(out, ',', err));
    BR_TRY(add_cell(out, column, row, err));
  }
  return br_str_addc(out, ']', err);
}

static br_code add_columns(br_str *out, const br_frame *frame, const struct keys *keys, br_err *err)
{
  size_t ncol = br_frame_ncol(frame);
  BR_TRY(br_str_addc(out, '{', err));
  for (size_t i = 0; i < ncol; i++) {
    BR_TRY(add_key(out, keys, i, err));
    BR_TRY(add_array(out, br_frame_column(frame, i), err));
  }
  return br_str_addz(out, "}\n", err);
}

static br_code add_records(br_str *out, const br_frame *frame, const struct keys *keys, br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  BR_TRY(br_str_addc(out, '[', err));
  for (size_t row = 0; row < nrow; row++) {
    if (row > 0)
      BR_TRY(br_str_addz(out, ",\n", err));
    BR_TRY(add_object(out, frame, keys, row, err));
  }
  return br_str_addz(out, "]\n", err);
}

static br_code add_lines(br_str *out, const br_frame *frame, const struct keys *keys, br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  for (size_t row = 0; row < nrow; row++) {
    BR_TRY(add_object(out, frame, keys, row, err));
    BR_TRY(br_str_addc(out, '\n', err));
  }
  return BR_OK;
}

typedef br_code (*add_frame)(br_str *out, const br_frame *frame, const struct keys *keys,
                             br_err *err);

br_code br_json_format(br_str *out, const br_frame *frame, br_json_orient orient, br_err *err)
{
  static const add_frame shapes[] = {[BR_JSON_RECORDS] = add_records,
                                     [BR_JSON_COLUMNS] = add_columns,
                                     [BR_JSON_LINES] = add_lines};
  struct keys keys = {0};
  br_code code = list_keys(&keys, frame, err);
  if (code == BR_OK)
    code = shapes[orient](out, frame, &keys, err);
  br_str_clear(&keys.text);
  br_free(keys.start);
  return code;
}
