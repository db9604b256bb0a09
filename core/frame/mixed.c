/* Cells of any kind, and the column that holds them all; see mixed.h. */
#include "frame/mixed.h"

#include "base/str.h"
#include "base/vec.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum kind {
  KIND_NULL,
  KIND_WHOLE,      /* value: an int64_t that a double holds too */
  KIND_WIDE,       /* value: any other int64_t */
  KIND_REAL,       /* value: a double's bits */
  KIND_WRITTEN,    /* value: the offset of a number that a double holds */
  KIND_UNHOLDABLE, /* value: the offset of any other */
  KIND_BOOL,
  KIND_TEXT, /* value: a code */
};

void br_mixed_clear(br_mixed *mixed)
{
  br_free(mixed->kinds);
  br_free(mixed->values);
  br_dict_release(mixed->dict);
  *mixed = (br_mixed){0};
}

static br_code add(br_mixed *mixed, enum kind kind, uint64_t value, br_err *err)
{
  BR_TRY(br_vec_reserve(&mixed->kinds, &mixed->kinds_cap, mixed->len + 1, err));
  BR_TRY(br_vec_reserve(&mixed->values, &mixed->values_cap, mixed->len + 1, err));
  mixed->kinds[mixed->len] = (unsigned char)kind;
  mixed->values[mixed->len++] = value;
  mixed->counts[kind]++;
  return BR_OK;
}

br_code br_mixed_null(br_mixed *mixed, br_err *err)
{
  return add(mixed, KIND_NULL, 0, err);
}

br_code br_mixed_i64(br_mixed *mixed, int64_t value, br_err *err)
{
  static const int64_t limit = INT64_C(1) << 53;
  bool wide = value > limit || value < -limit;
  return add(mixed, wide ? KIND_WIDE : KIND_WHOLE, (uint64_t)value, err);
}

br_code br_mixed_f64(br_mixed *mixed, double value, br_err *err)
{
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof bits);
  return add(mixed, KIND_REAL, bits, err);
}

br_code br_mixed_bool(br_mixed *mixed, bool value, br_err *err)
{
  return add(mixed, KIND_BOOL, value, err);
}

br_code br_mixed_text(br_mixed *mixed, const char *s, size_t len, br_err *err)
{
  uint32_t code = 0;
  if (!mixed->dict)
    BR_TRY(br_dict_new(&mixed->dict, err));
  BR_TRY(br_dict_intern(&mixed->dict, s, len, &code, err));
  return add(mixed, KIND_TEXT, code, err);
}

static bool is_whole(const char *text, size_t len)
{
  for (size_t i = text[0] == '-'; i < len; i++)
    if (text[i] < '0' || text[i] > '9')
      return false;
  return true;
}

/* Whether a number that is not whole is within a double's range; most need not be read for that. */
static bool fits_real(const char *text, size_t len)
{
  double real = 0;
  bool short_one = len < 300 && !memchr(text, 'e', len) && !memchr(text, 'E', len);
  return short_one || (br_parse_f64(text, len, &real) && isfinite(real));
}

/* -0 is whole, but no i64. */
br_code br_mixed_number(br_mixed *mixed, size_t offset, size_t len, br_err *err)
{
  const char *text = mixed->source + offset;
  int64_t whole = 0;
  bool digits = is_whole(text, len);
  bool parsed = digits && br_parse_i64(text, len, &whole);
  if (parsed && (whole != 0 || text[0] != '-'))
    return br_mixed_i64(mixed, whole, err);
  bool fits = digits ? parsed : fits_real(text, len);
  return add(mixed, fits ? KIND_WRITTEN : KIND_UNHOLDABLE, offset, err);
}

/* --- the column --- */

static br_type type_of(const br_mixed *m)
{
  const size_t *n = m->counts;
  size_t whole = n[KIND_WHOLE] + n[KIND_WIDE], real = n[KIND_REAL] + n[KIND_WRITTEN];
  if (n[KIND_TEXT] > 0 || n[KIND_UNHOLDABLE] > 0 || (n[KIND_WIDE] > 0 && real > 0))
    return BR_STR;
  if (n[KIND_BOOL] > 0)
    return whole + real > 0 ? BR_STR : BR_BOOL;
  return whole > 0 && real == 0 ? BR_I64 : BR_F64;
}

static size_t number_len(const char *text)
{
  return strspn(text, "+-.0123456789eE");
}

static double real_of(const br_mixed *m, size_t i)
{
  double value = (double)NAN;
  const char *text = m->source;
  switch (m->kinds[i]) {
  case KIND_WHOLE:
    return (double)(int64_t)m->values[i];
  case KIND_REAL:
    memcpy(&value, &m->values[i], sizeof value);
    return value;
  case KIND_WRITTEN:
    (void)br_parse_f64(text + m->values[i], number_len(text + m->values[i]), &value);
    return value;
  default:
    return value;
  }
}

/* The text of a cell that is none itself; buffer may hold it. */
static const char *text_of(char buffer[BR_DOUBLE_TEXT_MAX], const br_mixed *m, size_t i,
                           size_t *len)
{
  const char *text = buffer;
  switch (m->kinds[i]) {
  case KIND_WHOLE:
  case KIND_WIDE:
    *len = (size_t)snprintf(buffer, BR_DOUBLE_TEXT_MAX, "%" PRId64, (int64_t)m->values[i]);
    return text;
  case KIND_REAL:
    *len = br_str_from_double(buffer, real_of(m, i));
    return text;
  case KIND_BOOL:
    text = m->values[i] ? "true" : "false";
    *len = strlen(text);
    return text;
  default:
    text = m->source + m->values[i];
    *len = number_len(text);
    return text;
  }
}

static br_code fill_codes(br_column_parts *parts, const br_mixed *m, br_err *err)
{
  char buffer[BR_DOUBLE_TEXT_MAX];
  uint32_t *codes = parts->cells;
  parts->dict = m->dict ? br_dict_retain(m->dict) : NULL;
  if (!parts->dict)
    BR_TRY(br_dict_new(&parts->dict, err));
  for (size_t i = 0; i < m->len; i++) {
    size_t len = 0;
    if (m->kinds[i] == KIND_TEXT) {
      codes[i] = (uint32_t)m->values[i];
    } else if (m->kinds[i] != KIND_NULL) {
      const char *text = text_of(buffer, m, i, &len);
      BR_TRY(br_dict_intern(&parts->dict, text, len, &codes[i], err));
    }
  }
  return BR_OK;
}

static br_code fill_cells(br_column_parts *parts, br_type type, const br_mixed *m, br_err *err)
{
  if (type == BR_STR)
    return fill_codes(parts, m, err);
  for (size_t i = 0; i < m->len; i++) {
    if (type == BR_F64)
      ((double *)parts->cells)[i] = real_of(m, i);
    else if (type == BR_I64)
      ((int64_t *)parts->cells)[i] = (int64_t)m->values[i];
    else
      ((unsigned char *)parts->cells)[i] = m->values[i] != 0;
  }
  return BR_OK;
}

static void fill_validity(br_column_parts *parts, const br_mixed *m)
{
  for (size_t i = 0; i < m->len; i++) {
    unsigned bit = m->kinds[i] != KIND_NULL;
    parts->valid[i / 8] = (unsigned char)(parts->valid[i / 8] | bit << (i % 8));
  }
}

static br_code fill(br_column_parts *parts, br_type type, const br_mixed *m, br_err *err)
{
  static const size_t sizes[] = {[BR_F64] = sizeof(double),
                                 [BR_I64] = sizeof(int64_t),
                                 [BR_BOOL] = 1,
                                 [BR_STR] = sizeof(uint32_t)};
  parts->cells = br_calloc(m->len, sizes[type]);
  if (!parts->cells)
    return br_fail_nomem(err);
  parts->len = m->len;
  parts->nulls = m->counts[KIND_NULL];
  if (parts->nulls > 0) {
    parts->valid = br_calloc(m->len / 8 + 1, 1);
    if (!parts->valid)
      return br_fail_nomem(err);
    fill_validity(parts, m);
  }
  return fill_cells(parts, type, m, err);
}

br_code br_mixed_column(br_column **out, const br_mixed *mixed, br_err *err)
{
  br_column_parts parts = {0};
  br_type type = type_of(mixed);
  br_code code = fill(&parts, type, mixed, err);
  if (code == BR_OK)
    code = br_column_adopt(out, type, &parts, err);
  if (code == BR_OK)
    return BR_OK;
  br_free(parts.cells);
  br_free(parts.valid);
  br_dict_release(parts.dict);
  return code;
}
