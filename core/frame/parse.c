/* Text to values, the same in every locale; see column.h.
 *
 * A number's grammar is checked here. Its digits are gathered without the decimal point: a mantissa
 * of at most 15 digits and a power of ten up to 22 are both exact doubles, so one multiplication or
 * division rounds correctly (W. D. Clinger, "How to read floating point numbers accurately", PLDI
 * 1990). Up to 19 digits and a power up to 27 fit 64 bits each: their product or quotient is made in 128
 * bits and rounded once. All else goes to strtod as "<digits>e<exponent>", which holds no decimal point
 * for a locale to change. More than 768 digits can't change the result beyond being non-zero, so the
 * text is cut there. */
#include "frame/column.h"

#include <float.h>
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

__extension__ typedef unsigned __int128 uint128;

enum { MIDDLE_DIGITS = 19, MIDDLE_POWER = BR_DECIMAL_POWER };

static bool is_middle(const struct decimal *d)
{
  return d->ndigits <= MIDDLE_DIGITS && d->exponent >= -MIDDLE_POWER && d->exponent <= MIDDLE_POWER;
}

static const uint64_t fives[MIDDLE_POWER + 1] = {
    UINT64_C(1),
    UINT64_C(5),
    UINT64_C(25),
    UINT64_C(125),
    UINT64_C(625),
    UINT64_C(3125),
    UINT64_C(15625),
    UINT64_C(78125),
    UINT64_C(390625),
    UINT64_C(1953125),
    UINT64_C(9765625),
    UINT64_C(48828125),
    UINT64_C(244140625),
    UINT64_C(1220703125),
    UINT64_C(6103515625),
    UINT64_C(30517578125),
    UINT64_C(152587890625),
    UINT64_C(762939453125),
    UINT64_C(3814697265625),
    UINT64_C(19073486328125),
    UINT64_C(95367431640625),
    UINT64_C(476837158203125),
    UINT64_C(2384185791015625),
    UINT64_C(11920928955078125),
    UINT64_C(59604644775390625),
    UINT64_C(298023223876953125),
    UINT64_C(1490116119384765625),
    UINT64_C(7450580596923828125),
};

/* Of an exponent of normal numbers. */
static double power_of_two(int n)
{
  uint64_t bits = (uint64_t)(n + DBL_MAX_EXP - 1) << (DBL_MANT_DIG - 1);
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

/* value × 2^exponent, and a little more where there is a rest; to the nearest, ties to even. value is not
 * 0, the result is in the range of normal numbers. */
static double round_once(uint128 value, bool rest, int exponent)
{
  enum { SURPLUS = 64 - DBL_MANT_DIG, HALF = 1 << (SURPLUS - 1) };
  uint64_t high = (uint64_t)(value >> 64);
  int zeros = high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)value);
  value <<= zeros;
  high = (uint64_t)(value >> 64);
  rest = rest || (uint64_t)value != 0;
  uint64_t tail = high & (2 * HALF - 1);
  uint64_t kept = high >> SURPLUS;
  kept += tail > HALF || (tail == HALF && (rest || (kept & 1)));
  return (double)kept * power_of_two(exponent - zeros + 64 + SURPLUS);
}

/* The leading 64 bits of 1 / 5^n, cut off; that of 5^0 is not used. */
static const uint64_t fifths[MIDDLE_POWER + 1] = {
    UINT64_C(0xffffffffffffffff), UINT64_C(0xcccccccccccccccc), UINT64_C(0xa3d70a3d70a3d70a),
    UINT64_C(0x83126e978d4fdf3b), UINT64_C(0xd1b71758e219652b), UINT64_C(0xa7c5ac471b478423),
    UINT64_C(0x8637bd05af6c69b5), UINT64_C(0xd6bf94d5e57a42bc), UINT64_C(0xabcc77118461cefc),
    UINT64_C(0x89705f4136b4a597), UINT64_C(0xdbe6fecebdedd5be), UINT64_C(0xafebff0bcb24aafe),
    UINT64_C(0x8cbccc096f5088cb), UINT64_C(0xe12e13424bb40e13), UINT64_C(0xb424dc35095cd80f),
    UINT64_C(0x901d7cf73ab0acd9), UINT64_C(0xe69594bec44de15b), UINT64_C(0xb877aa3236a4b449),
    UINT64_C(0x9392ee8e921d5d07), UINT64_C(0xec1e4a7db69561a5), UINT64_C(0xbce5086492111aea),
    UINT64_C(0x971da05074da7bee), UINT64_C(0xf1c90080baf72cb1), UINT64_C(0xc16d9a0095928a27),
    UINT64_C(0x9abe14cd44753b52), UINT64_C(0xf79687aed3eec551), UINT64_C(0xc612062576589dda),
    UINT64_C(0x9e74d1b791e07e48),
};

/* digits / 10^n by one multiplication, n > 0. The product with the cut-off reciprocal is below the true
 * quotient, by less than three units of its 64 leading bits; false where those might decide how it is rounded:
 * where what is behind the 53 bits kept is a half or just below it. */
static bool quick_quotient(uint64_t digits, int n, double *out)
{
  enum { SURPLUS = 64 - DBL_MANT_DIG, HALF = 1 << (SURPLUS - 1), DOUBT = 4 };
  int zeros = __builtin_clzll(digits);
  uint128 product = (uint128)(digits << zeros) * fifths[n];
  int places = 64 - __builtin_clzll(fives[n]);
  int gap = (int)(~(uint64_t)(product >> 64) >> 63);
  uint64_t high = (uint64_t)((product << gap) >> 64);
  uint64_t tail = high & (2 * HALF - 1);
  uint64_t kept = (high >> SURPLUS) + (tail > HALF);
  *out = (double)kept * power_of_two(1 - places - zeros - n - gap + SURPLUS);
  return tail > HALF || tail < HALF - DOUBT;
}

/* 10^n is 5^n × 2^n. The quotient gets more than 64 places. */
double br_decimal_f64(uint64_t digits, int exponent)
{
  double quick = 0;
  if (digits == 0)
    return 0.0;
  if (exponent >= 0)
    return round_once((uint128)digits * fives[exponent], false, exponent);
  if (quick_quotient(digits, -exponent, &quick))
    return quick;
  int zeros = __builtin_clzll(digits);
  uint128 dividend = (uint128)(digits << zeros) << 64;
  uint64_t divisor = fives[-exponent];
  return round_once(dividend / divisor, dividend % divisor != 0, exponent - zeros - 64);
}

static double middle_value(const struct decimal *d)
{
  uint64_t digits = 0;
  for (size_t i = 0; i < d->ndigits; i++)
    digits = digits * 10 + (uint64_t)(d->digits[i] - '0');
  return br_decimal_f64(digits, (int)d->exponent);
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
  if (is_short(d))
    return short_value(d);
  return is_middle(d) ? middle_value(d) : long_value(d);
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
