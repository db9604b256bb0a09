/* Text to values, the same in every locale; see column.h.
 *
 * A number's grammar is checked here. Its digits are gathered without the decimal point: a mantissa
 * of at most 15 digits and a power of ten up to 22 are both exact doubles, so one multiplication or
 * division rounds correctly (W. D. Clinger, "How to read floating point numbers accurately", PLDI
 * 1990). All else goes to strtod as "<digits>e<exponent>", which holds no decimal point for a
 * locale to change. More than 768 digits can't change the result beyond being non-zero, so the text
 * is cut there. */
#include "frame/column.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_DIGITS 800

struct span {
  const char *at;
  const char *end;
};

struct decimal {
  char digits[MAX_DIGITS + 32]; /* significant ones, then room for the exponent */
  size_t ndigits;
  long exponent; /* of ten, of the last digit */
  bool any;      /* a digit was seen, be it a zero */
};

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static struct span trim(const char *text, size_t len)
{
  struct span s = {text, text + len};
  while (s.at < s.end && is_blank(*s.at))
    s.at++;
  while (s.at < s.end && is_blank(s.end[-1]))
    s.end--;
  return s;
}

static bool take_char(struct span *s, char c)
{
  if (s->at == s->end || *s->at != c)
    return false;
  s->at++;
  return true;
}

static bool take_sign(struct span *s)
{
  if (take_char(s, '-'))
    return true;
  (void)take_char(s, '+');
  return false;
}

static bool is_word(struct span s, const char *word)
{
  size_t len = strlen(word);
  return (size_t)(s.end - s.at) == len && strncasecmp(s.at, word, len) == 0;
}

/* One more digit; `fraction` is 1 behind the decimal point. */
static void add_digit(struct decimal *d, char c, long fraction)
{
  d->any = true;
  if (d->ndigits == MAX_DIGITS) {
    if (c != '0')
      d->digits[MAX_DIGITS - 1] = '1'; /* keeps the sum above a tie */
    d->exponent += 1 - fraction;
    return;
  }
  if (d->ndigits > 0 || c != '0')
    d->digits[d->ndigits++] = c;
  d->exponent -= fraction;
}

static void take_digits(struct span *s, struct decimal *d, long fraction)
{
  while (s->at < s->end && is_digit(*s->at))
    add_digit(d, *s->at++, fraction);
}

static bool take_exponent(struct span *s, struct decimal *d)
{
  if (!take_char(s, 'e') && !take_char(s, 'E'))
    return true;
  bool negative = take_sign(s);
  if (s->at == s->end || !is_digit(*s->at))
    return false;
  long value = 0;
  for (; s->at < s->end && is_digit(*s->at); s->at++) {
    if (value < LONG_MAX / 16)
      value = value * 10 + (*s->at - '0');
  }
  d->exponent += negative ? -value : value;
  return true;
}

static bool is_short(const struct decimal *d)
{
  return d->ndigits <= 15 && d->exponent >= -22 && d->exponent <= 22;
}

static double short_value(const struct decimal *d)
{
  static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  int64_t mantissa = 0;
  for (size_t i = 0; i < d->ndigits; i++)
    mantissa = mantissa * 10 + (d->digits[i] - '0');
  return d->exponent < 0 ? (double)mantissa / powers[-d->exponent]
                         : (double)mantissa * powers[d->exponent];
}

static double long_value(struct decimal *d)
{
  (void)snprintf(d->digits + d->ndigits, sizeof d->digits - d->ndigits, "e%ld", d->exponent);
  return strtod(d->digits, NULL);
}

static double decimal_value(struct decimal *d)
{
  if (d->ndigits == 0)
    return 0.0;
  return is_short(d) ? short_value(d) : long_value(d);
}

static bool parse_decimal(struct span s, double *out)
{
  struct decimal d;
  d.ndigits = 0;
  d.exponent = 0;
  d.any = false;
  take_digits(&s, &d, 0);
  if (take_char(&s, '.'))
    take_digits(&s, &d, 1);
  if (!d.any || !take_exponent(&s, &d) || s.at != s.end)
    return false;
  *out = decimal_value(&d);
  return true;
}

bool br_parse_f64(const char *text, size_t len, double *out)
{
  struct span s = trim(text, len);
  double value = 0;
  bool negative = take_sign(&s);
  if (is_word(s, "inf") || is_word(s, "infinity"))
    value = (double)INFINITY;
  else if (is_word(s, "nan"))
    value = (double)NAN;
  else if (!parse_decimal(s, &value))
    return false;
  *out = negative ? -value : value;
  return true;
}

/* Gathers below zero, where there is room for INT64_MIN. */
bool br_parse_i64(const char *text, size_t len, int64_t *out)
{
  struct span s = trim(text, len);
  bool negative = take_sign(&s);
  int64_t value = 0;
  if (s.at == s.end)
    return false;
  for (; s.at < s.end; s.at++) {
    int digit = is_digit(*s.at) ? *s.at - '0' : -1;
    if (digit < 0 || value < INT64_MIN / 10 || value * 10 < INT64_MIN + digit)
      return false;
    value = value * 10 - digit;
  }
  if (!negative && value == INT64_MIN)
    return false;
  *out = negative ? value : -value;
  return true;
}

bool br_parse_bool(const char *text, size_t len, bool *out)
{
  struct span s = {text, text + len};
  bool yes = is_word(s, "true");
  if (!yes && !is_word(s, "false"))
    return false;
  *out = yes;
  return true;
}
