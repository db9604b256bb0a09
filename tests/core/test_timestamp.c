/* Points in time: text to microseconds and back, and columns of them. */
#include "csv/csv.h"
#include "frame/frame.h"
#include "frame/timestamp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void text_reads_as_a_time(void **state)
{
  static const struct {
    const char *text;
    int64_t seconds, micros;
  } good[] = {
      {"1970-01-01", 0, 0},
      {"1970-01-01T00:00:01Z", 1, 0},
      {" 2026-11-22 23:38 ", 1795390680, 0},
      {"2026-11-22T23:38:27.5+01:30", 1795385307, 500000},
      {"2026-11-22t23:38:27,000001000z", 1795390707, 1},
      {"2026-11-22T23:38:27-0130", 1795396107, 0},
      {"2000-02-29T12:00:00+00", 951825600, 0},
      {"0000-01-01", -62167219200, 0},
      {"1969-12-31T23:59:59.9Z", -1, 900000},
      {"9999-12-31T23:59:59.999999Z", 253402300799, 999999},
  };
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    int64_t value = 0;
    assert_true(br_parse_timestamp(good[i].text, strlen(good[i].text), &value));
    assert_int_equal(value, good[i].seconds * BR_TIMESTAMP_PER_SECOND + good[i].micros);
  }
}

static void other_text_does_not(void **state)
{
  static const char *const bad[] = {
      "",
      "2026",
      "2026-11",
      "26-11-22",
      "2026-13-01",
      "2026-00-01",
      "2026-02-29",
      "2100-02-29",
      "2026-11-22T",
      "2026-11-22T24:00",
      "2026-11-22T10",
      "2026-11-22T10:60",
      "2026-11-22T10:00:60",
      "2026-11-22T10:00:00.",
      "2026-11-22T10:00:00.0000001",
      "2026-11-22T10:00:00.0000000000",
      "2026-11-22T10:00:00 Z",
      "2026-11-22T10:00:00+1",
      "2026-11-22T10:00:00+01:6",
      "2026-11-22x",
      "-2026-11-22",
      "0000-01-01T00:00+00:01",
      "9999-12-31T23:59-00:01",
      "20261122",
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    int64_t value = 7;
    assert_false(br_parse_timestamp(bad[i], strlen(bad[i]), &value));
    assert_int_equal(value, 7);
  }
}

/* Against the C library, over all days of the range. */
static void every_day_round_trips(void **state)
{
  (void)state;
  char text[BR_TIMESTAMP_TEXT_MAX];
  char theirs[64];
  for (int64_t at = BR_TIMESTAMP_MIN; at <= BR_TIMESTAMP_MAX; at += INT64_C(86399) * 1000000) {
    int64_t back = 0;
    time_t seconds = (time_t)((at - BR_TIMESTAMP_MIN) / 1000000 + BR_TIMESTAMP_MIN / 1000000);
    struct tm tm;
    size_t len = br_timestamp_text(text, at);
    assert_true(br_parse_timestamp(text, len, &back));
    assert_int_equal(back, at);
    assert_non_null(gmtime_r(&seconds, &tm));
    (void)snprintf(theirs, sizeof theirs, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
                   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    assert_string_equal(text, theirs);
  }
}

static void a_fraction_is_as_short_as_can_be(void **state)
{
  (void)state;
  char text[BR_TIMESTAMP_TEXT_MAX];
  br_timestamp_text(text, -1);
  assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
  br_timestamp_text(text, 500000);
  assert_string_equal(text, "1970-01-01T00:00:00.5Z");
  br_timestamp_text(text, INT64_MAX);
  assert_string_equal(text, "9223372036854775807");
}

static br_column *times(void)
{
  br_err err;
  br_column *column = NULL;
  assert_int_equal(br_column_new(&column, BR_TIMESTAMP, &err), BR_OK);
  assert_int_equal(br_column_push_i64(column, 1500000, &err), BR_OK);
  assert_int_equal(br_column_push_null(column, &err), BR_OK);
  assert_int_equal(br_column_push_i64(column, -2000000, &err), BR_OK);
  return column;
}

static void a_column_casts_both_ways(void **state)
{
  static const br_type types[] = {BR_F64, BR_STR};
  (void)state;
  br_err err;
  br_column *column = times();
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    br_column *there = NULL;
    br_column *back = NULL;
    assert_int_equal(br_column_cast(&there, column, types[i], BR_CAST_STRICT, &err), BR_OK);
    assert_int_equal(br_column_cast(&back, there, BR_TIMESTAMP, BR_CAST_STRICT, &err), BR_OK);
    for (size_t row = 0; row < 3; row++)
      assert_int_equal(br_column_compare(column, row, back, row), 0);
    br_column_release(there);
    br_column_release(back);
  }
  assert_true(br_column_number(column, 0) == 1.5);
  assert_true(isnan(br_column_number(column, 1)));
  br_column *whole = NULL;
  assert_int_equal(br_column_cast(&whole, column, BR_I64, BR_CAST_STRICT, &err), BR_ERANGE);
  assert_string_equal(err.msg, "row 1: '1970-01-01T00:00:01.5Z' is no i64");
  br_column_release(column);
}

static void a_number_out_of_range_is_no_time(void **state)
{
  (void)state;
  br_err err;
  br_column *numbers = NULL;
  br_column *made = NULL;
  assert_int_equal(br_column_new(&numbers, BR_I64, &err), BR_OK);
  assert_int_equal(br_column_push_i64(numbers, INT64_MAX, &err), BR_OK);
  assert_int_equal(br_column_cast(&made, numbers, BR_TIMESTAMP, BR_CAST_STRICT, &err), BR_ERANGE);
  assert_int_equal(br_column_cast(&made, numbers, BR_TIMESTAMP, BR_CAST_NULL, &err), BR_OK);
  assert_int_equal(br_column_null_count(made), 1);
  br_column_release(made);
  br_column_release(numbers);
}

static void csv_reads_filters_and_writes_them(void **state)
{
  static const char text[] = "t,x\n2026-01-02,1\n,2\n2026-01-01T10:00:00.25Z,3\n";
  static const br_csv_type type = {"t", BR_TIMESTAMP};
  br_csv_options options = {.types = &type, .ntypes = 1};
  br_cell since = {.type = BR_STR, .str = "2026-01-02", .str_len = 10};
  (void)state;
  br_err err;
  br_frame *frame = NULL;
  br_frame *late = NULL;
  br_str out = {0};
  assert_int_equal(br_csv_read_bytes(&frame, "t.csv", text, strlen(text), &options, &err), BR_OK);
  assert_int_equal(br_frame_filter(&late, frame, "t", BR_LT, &since, &err), BR_OK);
  assert_int_equal(br_csv_write(&out, late, ',', &err), BR_OK);
  assert_string_equal(out.data, "t,x\n2026-01-01T10:00:00.25Z,3\n");
  br_str_clear(&out);
  br_frame_free(late);
  br_frame_free(frame);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_reads_as_a_time),
      cmocka_unit_test(other_text_does_not),
      cmocka_unit_test(every_day_round_trips),
      cmocka_unit_test(a_fraction_is_as_short_as_can_be),
      cmocka_unit_test(a_column_casts_both_ways),
      cmocka_unit_test(a_number_out_of_range_is_no_time),
      cmocka_unit_test(csv_reads_filters_and_writes_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
