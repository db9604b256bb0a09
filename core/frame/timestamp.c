/* ISO 8601 to microseconds and back; see timestamp.h.
 *
 * Days and dates: the year is taken to begin in March, so that the leap day is its last and a month's
 * first day is a linear function of the month; 400 years have 146,097 days. */
#include "frame/timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_SECONDS INT64_C(86400)
#define CYCLE_DAYS INT64_C(146097) /* of 400 years */
#define EPOCH_DAY INT64_C(719468)  /* 1970-01-01, counted from 0000-03-01 */

struct text {
  const char *at;
  const char *end;
};

struct date {
  int64_t year;
  int month, day;
};

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

/* Exactly n digits, at most max. */
static bool take_number(struct text *t, int n, int max, int *out)
{
  int value = 0;
  if (t->end - t->at < n)
    return false;
  for (int i = 0; i < n; i++, t->at++) {
    if (!is_digit(*t->at))
      return false;
    value = value * 10 + (*t->at - '0');
  }
  *out = value;
  return value <= max;
}

static bool take_one_of(struct text *t, const char *set)
{
  if (t->at == t->end || *t->at == '\0' || !strchr(set, *t->at))
    return false;
  t->at++;
  return true;
}

static int days_of_month(const struct date *d)
{
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = d->year % 4 == 0 && (d->year % 100 != 0 || d->year % 400 == 0);
  return days[d->month - 1] + (d->month == 2 && leap);
}

static int64_t days_of_date(const struct date *d)
{
  int64_t year = d->month > 2 ? d->year : d->year - 1;
  int64_t cycle = (year >= 0 ? year : year - 399) / 400;
  int64_t of_cycle = year - cycle * 400;
  int64_t of_year = (153 * ((d->month + 9) % 12) + 2) / 5 + d->day - 1;
  return cycle * CYCLE_DAYS + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - EPOCH_DAY;
}

static struct date date_of_days(int64_t days)
{
  days += EPOCH_DAY;
  int64_t cycle = (days >= 0 ? days : days - (CYCLE_DAYS - 1)) / CYCLE_DAYS;
  int64_t day = days - cycle * CYCLE_DAYS;
  int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  int64_t of_year = day - (365 * year + year / 4 - year / 100);
  int month = (int)((5 * of_year + 2) / 153);
  struct date d = {.year = year + cycle * 400, .day = (int)(of_year - (153 * month + 2) / 5 + 1)};
  d.month = month < 10 ? month + 3 : month - 9;
  d.year += d.month <= 2;
  return d;
}

static bool take_date(struct text *t, int64_t *days)
{
  int year = 0;
  struct date d = {0};
  if (!take_number(t, 4, 9999, &year) || !take_one_of(t, "-") || !take_number(t, 2, 12, &d.month) ||
      !take_one_of(t, "-") || !take_number(t, 2, 31, &d.day))
    return false;
  d.year = year;
  if (d.month < 1 || d.day < 1 || d.day > days_of_month(&d))
    return false;
  *days = days_of_date(&d);
  return true;
}

static bool take_fraction(struct text *t, int64_t *microseconds)
{
  int64_t scale = BR_TIMESTAMP_PER_SECOND / 10;
  int digits = 0;
  for (; t->at < t->end && is_digit(*t->at); t->at++, digits++, scale /= 10) {
    if (digits >= 6 && *t->at != '0')
      return false;
    *microseconds += scale * (*t->at - '0');
  }
  return digits >= 1 && digits <= 9;
}

static bool take_clock(struct text *t, int64_t *microseconds)
{
  int hour = 0;
  int minute = 0;
  int second = 0;
  int64_t fraction = 0;
  if (!take_number(t, 2, 23, &hour) || !take_one_of(t, ":") || !take_number(t, 2, 59, &minute))
    return false;
  if (take_one_of(t, ":")) {
    if (!take_number(t, 2, 59, &second))
      return false;
    if (take_one_of(t, ".,") && !take_fraction(t, &fraction))
      return false;
  }
  *microseconds = (hour * 3600 + minute * 60 + second) * BR_TIMESTAMP_PER_SECOND + fraction;
  return true;
}

/* Seconds that the zone is ahead of UTC. */
static bool take_zone(struct text *t, int64_t *ahead)
{
  int hour = 0;
  int minute = 0;
  *ahead = 0;
  if (t->at == t->end || take_one_of(t, "Zz"))
    return true;
  bool behind = *t->at == '-';
  if (!take_one_of(t, "+-") || !take_number(t, 2, 23, &hour))
    return false;
  if (t->at < t->end) {
    (void)take_one_of(t, ":");
    if (!take_number(t, 2, 59, &minute))
      return false;
  }
  int seconds = hour * 3600 + minute * 60;
  *ahead = behind ? -seconds : seconds;
  return true;
}

bool br_parse_timestamp(const char *text, size_t len, int64_t *out)
{
  struct text t = {text, text + len};
  int64_t days = 0;
  int64_t clock = 0;
  int64_t ahead = 0;
  while (t.at < t.end && is_blank(*t.at))
    t.at++;
  while (t.at < t.end && is_blank(t.end[-1]))
    t.end--;
  if (!take_date(&t, &days))
    return false;
  if (t.at < t.end && !(take_one_of(&t, "Tt ") && take_clock(&t, &clock) && take_zone(&t, &ahead)))
    return false;
  int64_t value = (days * DAY_SECONDS - ahead) * BR_TIMESTAMP_PER_SECOND + clock;
  if (t.at != t.end || value < BR_TIMESTAMP_MIN || value > BR_TIMESTAMP_MAX)
    return false;
  *out = value;
  return true;
}

/* Whole units of `per` in x, rounded down, and what is left. */
static int64_t divide(int64_t x, int64_t per, int64_t *rest)
{
  int64_t whole = x / per - (x % per < 0);
  *rest = x - whole * per;
  return whole;
}

size_t br_timestamp_text(char out[BR_TIMESTAMP_TEXT_MAX], int64_t microseconds)
{
  int64_t fraction = 0;
  int64_t second = 0;
  if (microseconds < BR_TIMESTAMP_MIN || microseconds > BR_TIMESTAMP_MAX)
    return (size_t)snprintf(out, BR_TIMESTAMP_TEXT_MAX, "%" PRId64, microseconds);
  int64_t seconds = divide(microseconds, BR_TIMESTAMP_PER_SECOND, &fraction);
  struct date d = date_of_days(divide(seconds, DAY_SECONDS, &second));
  int n =
      snprintf(out, BR_TIMESTAMP_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", (int)d.year, d.month,
               d.day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
  if (fraction > 0) {
    n += snprintf(out + n, BR_TIMESTAMP_TEXT_MAX - (size_t)n, ".%06d", (int)fraction);
    while (out[n - 1] == '0')
      n--;
  }
  out[n++] = 'Z';
  out[n] = '\0';
  return (size_t)n;
}
