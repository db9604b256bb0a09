/* Functions of timestamps, in UTC. Days and dates as in frame/timestamp.c: years begin in March, 400
 * of them have 146,097 days. */
#include "expr/functions.h"

#include "frame/timestamp.h"

#define DAY (INT64_C(86400) * BR_TIMESTAMP_PER_SECOND)
#define CYCLE_DAYS INT64_C(146097)
#define EPOCH_DAY INT64_C(719468) /* 1970-01-01, counted from 0000-03-01 */

/* y > 0; rounded down. */
static int64_t divide(int64_t x, int64_t y)
{
  return x / y - (x % y < 0);
}

static int64_t rest(int64_t x, int64_t y)
{
  int64_t left = x % y;
  return left < 0 ? left + y : left;
}

struct date {
  int64_t year, month, day;
};

static struct date date_of(int64_t t)
{
  int64_t days = divide(t, DAY) + EPOCH_DAY;
  int64_t cycle = divide(days, CYCLE_DAYS);
  int64_t day = rest(days, CYCLE_DAYS);
  int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  int64_t of_year = day - (365 * year + year / 4 - year / 100);
  int64_t month = (5 * of_year + 2) / 153;
  struct date d = {.day = of_year - (153 * month + 2) / 5 + 1};
  d.month = month < 10 ? month + 3 : month - 9;
  d.year = year + cycle * 400 + (d.month <= 2);
  return d;
}

#define PART(name, value)                                                                          \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const int64_t *a = call->in[0].cells;                                                          \
    int64_t *out = call->out;                                                                      \
    for (size_t i = 0; i < call->n; i++) {                                                         \
      int64_t t = a[i];                                                                            \
      out[i] = (value);                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

PART(year_of, date_of(t).year)
PART(month_of, date_of(t).month)
PART(day_of, date_of(t).day)
PART(hour_of, rest(t, DAY) / (3600 * BR_TIMESTAMP_PER_SECOND))
PART(minute_of, rest(t, DAY) / (60 * BR_TIMESTAMP_PER_SECOND) % 60)
PART(second_of, rest(t, DAY) / BR_TIMESTAMP_PER_SECOND % 60)
PART(weekday_of, rest(divide(t, DAY) + 3, 7) + 1) /* 1970-01-01 was a Thursday */
PART(midnight_of, t - rest(t, DAY))

static const br_expr_op op_year = {"year", year_of, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_month = {"month", month_of, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_day = {"day", day_of, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_hour = {"hour", hour_of, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_minute = {"minute", minute_of, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_second = {"second", second_of, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_weekday = {"weekday", weekday_of, BR_X_I64, BR_NULLS_SPREAD, false};
static const br_expr_op op_date = {"date", midnight_of, BR_X_TIME, BR_NULLS_SPREAD, false};

static const br_expr_def defs[] = {
    {{"year", "(t)", "The year of a timestamp (UTC)."}, 1, 1, br_expr_build_typed, "t", &op_year},
    {{"month", "(t)", "The month, 1 to 12."}, 1, 1, br_expr_build_typed, "t", &op_month},
    {{"day", "(t)", "The day of the month."}, 1, 1, br_expr_build_typed, "t", &op_day},
    {{"hour", "(t)", "The hour, 0 to 23."}, 1, 1, br_expr_build_typed, "t", &op_hour},
    {{"minute", "(t)", "The minute, 0 to 59."}, 1, 1, br_expr_build_typed, "t", &op_minute},
    {{"second", "(t)", "The whole second, 0 to 59."}, 1, 1, br_expr_build_typed, "t", &op_second},
    {{"weekday", "(t)", "The day of the week, 1 (Monday) to 7."},
     1,
     1,
     br_expr_build_typed,
     "t",
     &op_weekday},
    {{"date", "(t)", "The timestamp of that day's beginning."},
     1,
     1,
     br_expr_build_typed,
     "t",
     &op_date},
};
const br_expr_list br_expr_of_times = {defs, sizeof defs / sizeof *defs};
