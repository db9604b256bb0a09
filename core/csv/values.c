/* Cells to values: what a cell can be beside those before it. Inference takes a type only where no cell
 * loses by it: see keeps_text. The fast loops of the lanes take the common numbers before this is
 * asked. */
#include "csv/csv_internal.h"

#include "frame/timestamp.h"

#include <math.h>

#define EXACT (INT64_C(1) << 53)

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

/* Without blanks around and without a sign. */
static void strip_number(const char **text, size_t *n)
{
  while (*n > 0 && is_blank(**text))
    ++*text, --*n;
  while (*n > 0 && is_blank((*text)[*n - 1]))
    --*n;
  if (*n > 0 && (**text == '+' || **text == '-'))
    ++*text, --*n;
}

/* "007" and "00.5" are rather names or codes. */
static bool has_leading_zero(const char *text, size_t n)
{
  return n > 1 && text[0] == '0' && is_digit(text[1]);
}

/* Digits only, and more of them than every double holds. */
static bool is_inexact_integer(const char *text, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!is_digit(text[i]))
      return false;
  int64_t value = 0;
  return n > 15 && (!br_parse_i64(text, n, &value) || value > EXACT);
}

/* What a number would lose: leading zeros, digits of an integer, a value beyond the range. */
static bool keeps_text(const char *text, size_t n, double value)
{
  strip_number(&text, &n);
  if (has_leading_zero(text, n) || is_inexact_integer(text, n))
    return false;
  return !isinf(value) || (n > 0 && !is_digit(*text) && *text != '.');
}

static bool infers_i64(const char *text, size_t n, int64_t *value)
{
  if (!br_parse_i64(text, n, value))
    return false;
  strip_number(&text, &n);
  return !has_leading_zero(text, n);
}

static bool infers_f64(const char *text, size_t n, double *value)
{
  return br_parse_f64(text, n, value) && keeps_text(text, n, *value);
}

static bool has_minus(const char *text, size_t n)
{
  while (n > 1 && is_blank(*text))
    text++, n--;
  return n > 0 && *text == '-';
}

static br_csv_kind meet_integers(br_csv_facts *facts, const char *text, size_t n,
                                 br_csv_value *value)
{
  if (infers_i64(text, n, &value->i64)) {
    facts->big = facts->big || value->i64 > EXACT || value->i64 < -EXACT;
    facts->negative_zero = facts->negative_zero || (value->i64 == 0 && has_minus(text, n));
    return BR_CSV_I64;
  }
  return !facts->big && infers_f64(text, n, &value->f64) ? BR_CSV_F64 : BR_CSV_TEXT;
}

static br_csv_kind meet_word(const char *text, size_t n, bool timestamps, br_csv_value *value)
{
  bool yes = false;
  if (br_parse_bool(text, n, &yes)) {
    value->i64 = yes;
    return BR_CSV_BOOL;
  }
  return timestamps && br_parse_timestamp(text, n, &value->i64) ? BR_CSV_TIME : BR_CSV_TEXT;
}

void br_csv_meet(br_csv_facts *facts, const char *text, size_t n, bool timestamps,
                 br_csv_value *value)
{
  br_csv_kind met = BR_CSV_TEXT;
  switch (facts->kind) {
  case BR_CSV_TEXT:
    return;
  case BR_CSV_NULLS:
    met = meet_integers(facts, text, n, value);
    if (met == BR_CSV_TEXT)
      met = meet_word(text, n, timestamps, value);
    break;
  case BR_CSV_I64:
    met = meet_integers(facts, text, n, value);
    break;
  case BR_CSV_F64:
    met = infers_f64(text, n, &value->f64) ? BR_CSV_F64 : BR_CSV_TEXT;
    break;
  case BR_CSV_BOOL:
  case BR_CSV_TIME:
    met = meet_word(text, n, timestamps, value);
    met = met == facts->kind ? met : BR_CSV_TEXT;
    break;
  }
  facts->kind = met;
}

bool br_csv_value_as(br_type type, const char *text, size_t n, br_csv_value *value)
{
  bool yes = false;
  switch (type) {
  case BR_F64:
    return br_parse_f64(text, n, &value->f64);
  case BR_I64:
    return br_parse_i64(text, n, &value->i64);
  case BR_TIMESTAMP:
    return br_parse_timestamp(text, n, &value->i64);
  case BR_BOOL:
    if (!br_parse_bool(text, n, &yes))
      return false;
    value->i64 = yes;
    return true;
  case BR_STR:
    break;
  }
  return true;
}
