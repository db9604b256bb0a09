/* Byte strings and the text of numbers; see str.h. */
#include "base/str.h"

#include "base/vec.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

br_code br_str_add(br_str *s, const void *bytes, size_t n, br_err *err)
{
  BR_TRY(br_vec_reserve(&s->data, &s->cap, s->len + n + 1, err));
  if (n)
    memcpy(s->data + s->len, bytes, n);
  s->len += n;
  s->data[s->len] = '\0';
  return BR_OK;
}

br_code br_str_addz(br_str *s, const char *text, br_err *err)
{
  return br_str_add(s, text, strlen(text), err);
}

br_code br_str_addc(br_str *s, char c, br_err *err)
{
  return br_str_add(s, &c, 1, err);
}

br_code br_str_addf(br_str *s, br_err *err, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  if (n < 0)
    return br_fail(err, BR_EINVAL, "text that can't be formatted");
  BR_TRY(br_vec_reserve(&s->data, &s->cap, s->len + (size_t)n + 1, err));
  va_start(args, fmt);
  (void)vsnprintf(s->data + s->len, (size_t)n + 1, fmt, args);
  va_end(args);
  s->len += (size_t)n;
  return BR_OK;
}

void br_str_clear(br_str *s)
{
  br_free(s->data);
  *s = (br_str){0};
}

/* Writes digits / 10^decimals, with a digit at least on both sides of the point. */
static size_t write_decimal(char *out, bool negative, uint64_t digits, int decimals)
{
  char text[BR_DOUBLE_TEXT_MAX];
  char *first = text + sizeof text;
  if (decimals == 0) {
    digits *= 10;
    decimals = 1;
  }
  for (int n = 0; digits > 0 || n <= decimals; n++, digits /= 10) {
    if (n == decimals)
      *--first = '.';
    *--first = (char)('0' + digits % 10);
  }
  if (negative)
    *--first = '-';
  size_t len = (size_t)(text + sizeof text - first);
  memcpy(out, first, len);
  out[len] = '\0';
  return len;
}

/* The short way for what people write: a whole number below 1e15 over a power of ten. Both are exact
 * doubles, so that their quotient is the double that the decimal reads as (Clinger 1990); of up to 15
 * digits there is one such decimal. Returns 0 for any other number. */
static size_t short_decimal(char *out, double x)
{
  double power = 1, size = fabs(x);
  if (!(size >= 1e-4 && size < 1e15))
    return 0;
  for (int decimals = 0; decimals < 19; decimals++, power *= 10) {
    double scaled = size * power;
    double digits = scaled < 1e15 ? (double)(int64_t)(scaled + 0.5) : scaled;
    if (digits >= 1e15)
      break;
    if (digits / power == size)
      return write_decimal(out, x < 0, (uint64_t)digits, decimals);
  }
  return 0;
}

/* Any decimal of up to 15 digits survives a double, so if 15 digits read back, the shortest text is
 * those without their trailing zeros. Subnormals hold fewer digits and are searched. Returns how
 * many digits count. */
static int shortest(char *digits, size_t size, double x)
{
  int precision = fabs(x) < DBL_MIN ? 1 : 15;
  for (; precision < 17; precision++) {
    (void)snprintf(digits, size, "%.*e", precision - 1, x);
    if (strtod(digits, NULL) == x)
      break;
  }
  if (precision == 17)
    (void)snprintf(digits, size, "%.16e", x);
  const char *last = strchr(digits, 'e') - 1;
  for (; precision > 1 && *last == '0'; last--)
    precision--;
  return precision;
}

size_t br_str_from_double(char out[BR_DOUBLE_TEXT_MAX], double x)
{
  if (isnan(x))
    return (size_t)snprintf(out, BR_DOUBLE_TEXT_MAX, "nan");
  if (isinf(x))
    return (size_t)snprintf(out, BR_DOUBLE_TEXT_MAX, x < 0 ? "-inf" : "inf");
  size_t written = short_decimal(out, x);
  if (written > 0)
    return written;
  char digits[BR_DOUBLE_TEXT_MAX];
  int precision = shortest(digits, sizeof digits, x);
  int exponent = (int)strtol(strchr(digits, 'e') + 1, NULL, 10);
  if (exponent < -4 || exponent >= 16)
    return (size_t)snprintf(out, BR_DOUBLE_TEXT_MAX, "%.*e", precision - 1, x);
  int decimals = precision - 1 - exponent;
  return (size_t)snprintf(out, BR_DOUBLE_TEXT_MAX, "%.*f", decimals > 1 ? decimals : 1, x);
}
