/* core/csv: the dialect, places in messages, inference, the round trip, memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../frame_equal.h"
#include "csv/csv.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOM "\xEF\xBB\xBF"
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- helpers --- */

static br_frame *parse_bytes(const char *text, size_t n, const br_csv_options *options)
{
  br_frame *frame = NULL;
  br_err err = {0};
  if (br_csv_read_bytes(&frame, "x.csv", text, n, options, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return frame;
}

static br_frame *parse(const char *text, const br_csv_options *options)
{
  return parse_bytes(text, strlen(text), options);
}

static br_str format(const br_frame *frame, char delimiter)
{
  br_str out = {0};
  br_err err = {0};
  if (br_csv_write(&out, frame, delimiter, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return out;
}

/* Reads text and compares what the writer makes of it: it quotes no more than it must and writes
 * LF. */
static void assert_reads(const char *text, const br_csv_options *options, const char *canonical)
{
  br_frame *frame = parse(text, options);
  br_str out = format(frame, 0);
  assert_string_equal(out.data ? out.data : "", canonical);
  br_str_clear(&out);
  br_frame_free(frame);
}

static void assert_fails_bytes(const char *text, size_t n, const br_csv_options *options,
                               br_code code, const char *message)
{
  br_frame *frame = NULL;
  br_err err = {0};
  size_t live = br_mem_live();
  assert_int_equal(br_csv_read_bytes(&frame, "x.csv", text, n, options, &err), code);
  assert_null(frame);
  assert_string_equal(err.msg, message);
  assert_int_equal(err.code, code);
  assert_int_equal(br_mem_live(), live);
}

static void assert_fails(const char *text, const br_csv_options *options, const char *message)
{
  assert_fails_bytes(text, strlen(text), options, BR_EPARSE, message);
}

/* A column "c" of these lines has that type and writes back as those lines. */
static void assert_infers(const char *lines, br_type type, const char *canonical)
{
  br_str text = {0};
  br_err err = {0};
  assert_int_equal(br_str_addf(&text, &err, "c,d\n%s", lines), BR_OK);
  br_csv_options pad = {.ragged = BR_CSV_RAGGED_PAD};
  br_frame *frame = parse(text.data, &pad);
  br_column *column = br_frame_column(frame, 0);
  assert_string_equal(br_type_name(br_column_type(column)), br_type_name(type));
  br_frame *alone = NULL;
  assert_int_equal(br_frame_select(&alone, frame, (const char *[]){"c"}, 1, &err), BR_OK);
  br_str out = format(alone, 0);
  assert_string_equal(out.data + 2, canonical);
  br_str_clear(&out);
  br_str_clear(&text);
  br_frame_free(alone);
  br_frame_free(frame);
}

static void assert_same_after_writing(const br_frame *frame, const br_csv_options *options)
{
  static const br_csv_options defaults;
  options = options ? options : &defaults;
  br_str out = format(frame, options->delimiter);
  br_frame *again = parse_bytes(out.data, out.len, options);
  assert_true(frame_equal(frame, again));
  br_frame_free(again);
  br_str_clear(&out);
}

static size_t str_len(const br_frame *frame, size_t column, size_t row)
{
  size_t n = 0;
  (void)br_column_str(br_frame_column(frame, column), row, &n);
  return n;
}

/* --- the dialect --- */

static void a_file_of_no_bytes_has_no_columns(void **state)
{
  (void)state;
  static const char *const nothing[] = {"", BOM, "\n", "\r\n\r\n", " \t\n\n  "};
  for (size_t i = 0; i < COUNT(nothing); i++) {
    br_frame *frame = parse(nothing[i], NULL);
    assert_int_equal(br_frame_ncol(frame), 0);
    assert_int_equal(br_frame_nrow(frame), 0);
    br_frame_free(frame);
  }
}

static void a_header_alone_gives_empty_string_columns(void **state)
{
  (void)state;
  br_frame *frame = parse("a,b", NULL);
  assert_int_equal(br_frame_ncol(frame), 2);
  assert_int_equal(br_frame_nrow(frame), 0);
  assert_int_equal(br_column_type(br_frame_column(frame, 1)), BR_STR);
  br_frame_free(frame);
}

static void every_line_end_is_one(void **state)
{
  (void)state;
  const char *canonical = "a,b\n1,2\n3,4\n";
  assert_reads("a,b\n1,2\n3,4\n", NULL, canonical);
  assert_reads("a,b\r\n1,2\r\n3,4\r\n", NULL, canonical);
  assert_reads("a,b\r1,2\r3,4\r", NULL, canonical);
  assert_reads("a,b\r\r\n1,2\n\r3,4\n\n\n", NULL, canonical);
  assert_reads("a,b\n1,2\r3,4", NULL, canonical);
}

static void the_last_line_needs_no_end(void **state)
{
  (void)state;
  assert_reads("a,b\n1,", NULL, "a,b\n1,\n");
  assert_reads("a,b\n1,\"x\"", NULL, "a,b\n1,x\n");
  assert_reads("a,b\n1,\"x\"  ", NULL, "a,b\n1,x\n");
  assert_reads("a,b\n1,\"\"", NULL, "a,b\n1,\"\"\n");
  assert_reads("a,b\n1,x  ", NULL, "a,b\n1,x\n");
}

static void a_bom_is_dropped(void **state)
{
  (void)state;
  assert_reads(BOM "a,b\n1,2\n", NULL, "a,b\n1,2\n");
  assert_reads(BOM "\"a\",b\n1,2\n", NULL, "a,b\n1,2\n");
}

static void a_bom_elsewhere_stays(void **state)
{
  (void)state;
  assert_reads("\"" BOM "a\"\n" BOM "\n", NULL, "\"" BOM "a\"\n\"" BOM "\"\n");
}

static void quoted_fields_hold_anything(void **state)
{
  (void)state;
  const char *text = "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"one\ntwo\r\nthree\rfour\",\" blanks \"\n";
  assert_reads(text, NULL, text);
}

static void blanks_around_fields_are_dropped(void **state)
{
  (void)state;
  assert_reads(" a ,\t\"b\" \n  x y\t, \" z \"\t\n", NULL, "a,b\nx y,\" z \"\n");
}

static void unquoted_empty_is_null_and_quoted_empty_is_not(void **state)
{
  (void)state;
  br_frame *frame = parse("a,b\n,\"\"\n  ,\n", NULL);
  assert_true(br_column_is_null(br_frame_column(frame, 0), 0));
  assert_false(br_column_is_null(br_frame_column(frame, 1), 0));
  assert_int_equal(str_len(frame, 1, 0), 0);
  assert_true(br_column_is_null(br_frame_column(frame, 0), 1));
  assert_true(br_column_is_null(br_frame_column(frame, 1), 1));
  br_frame_free(frame);
}

static void a_blank_line_is_nothing_among_columns(void **state)
{
  (void)state;
  assert_reads("\n\na,b\n\n1,2\n  \t \n\r\n3,4\n\n", NULL, "a,b\n1,2\n3,4\n");
}

static void a_blank_line_is_a_null_in_one_column(void **state)
{
  (void)state;
  assert_reads("\n\na\n\n1\n \t\n\"\"\n", NULL, "a\n\n1\n\n\"\"\n");
  const char *names[] = {"a"};
  br_csv_options options = {.names = names, .nnames = 1};
  assert_reads("\n1\n\n", &options, "a\n\n1\n\n");
}

static void a_blank_line_within_quotes_is_text(void **state)
{
  (void)state;
  assert_reads("a\n\"x\n\n\ny\"\n\n", NULL, "a\n\"x\n\n\ny\"\n\n");
}

static void any_ascii_character_may_part_fields(void **state)
{
  (void)state;
  static const char delimiters[] = ";\t| :-e1\x01";
  for (size_t i = 0; i + 1 < sizeof delimiters; i++) {
    char text[] = "x,y\n\"a b\",\n,y\n";
    text[1] = text[9] = text[11] = delimiters[i];
    br_csv_options options = {.delimiter = delimiters[i]};
    br_frame *frame = parse(text, &options);
    assert_int_equal(br_frame_ncol(frame), 2);
    assert_int_equal(br_frame_nrow(frame), 2);
    assert_int_equal(str_len(frame, 0, 0), 3);
    assert_true(br_column_is_null(br_frame_column(frame, 0), 1));
    assert_same_after_writing(frame, &options);
    br_frame_free(frame);
  }
}

static void a_senseless_delimiter_is_refused(void **state)
{
  (void)state;
  static const char delimiters[] = "\"\r\n\xC3";
  br_frame *frame = parse("a\n1\n", NULL);
  for (size_t i = 0; i + 1 < sizeof delimiters; i++) {
    br_csv_options options = {.delimiter = delimiters[i]};
    br_str out = {0};
    assert_fails_bytes("a", 1, &options, BR_EINVAL,
                       "a delimiter is one ASCII character, no quote and no line end");
    assert_int_equal(br_csv_write(&out, frame, delimiters[i], NULL), BR_EINVAL);
    br_str_clear(&out);
  }
  br_frame_free(frame);
}

static void bytes_that_are_no_utf8_pass(void **state)
{
  (void)state;
  assert_reads("a\xFF,b\n\xC3,\xE9t\xE9\n", NULL, "a\xFF,b\n\xC3,\xE9t\xE9\n");
}

/* --- names --- */

static void given_names_make_the_first_line_data(void **state)
{
  (void)state;
  const char *names[] = {"x", "y,z"};
  br_csv_options options = {.names = names, .nnames = 2};
  assert_reads("1,2\n3,4\n", &options, "x,\"y,z\"\n1,2\n3,4\n");
  assert_reads("", &options, "x,\"y,z\"\n");
  assert_fails("1\n", &options, "x.csv:1: 1 field, the names given are 2 (byte 0)");
}

static void a_name_given_twice_is_the_callers_mistake(void **state)
{
  (void)state;
  const char *names[] = {"x", "y", "x"};
  br_csv_options options = {.names = names, .nnames = 3};
  assert_fails_bytes("", 0, &options, BR_EINVAL, "names 1 and 3 are both \"x\"");
}

static void a_name_twice_in_the_header_is_an_error(void **state)
{
  (void)state;
  assert_fails("\na,b,\"a\"\n1,2,3\n", NULL,
               "x.csv:2: columns 1 and 3 are both named \"a\" (byte 1)");
  assert_fails("a,,b,\n", NULL, "x.csv:1: columns 2 and 4 are both named \"\" (byte 0)");
  assert_fails("a\x1b[31m,a\x1b[31m", NULL,
               "x.csv:1: columns 1 and 2 are both named \"a?[31m\" (byte 0)");
}

static void one_name_may_be_empty(void **state)
{
  (void)state;
  assert_reads(",a\n0,x\n1,y\n", NULL, "\"\",a\n0,x\n1,y\n");
  assert_reads("\"\"\n1\n", NULL, "\"\"\n1\n");
}

static void many_names_are_checked_fast(void **state)
{
  (void)state;
  enum { N = 2000 };
  br_str text = {0};
  br_err err = {0};
  for (int i = 0; i < N; i++)
    assert_int_equal(br_str_addf(&text, &err, "%sc%d", i ? "," : "", i), BR_OK);
  br_frame *frame = parse(text.data, NULL);
  assert_int_equal(br_frame_ncol(frame), N);
  assert_string_equal(br_frame_name(frame, N - 1), "c1999");
  br_frame_free(frame);
  br_str_clear(&text);
}

/* --- rows of another width --- */

static void a_ragged_row_is_an_error_with_its_place(void **state)
{
  (void)state;
  assert_fails("a,b,c\n1,2,3\n4,5\n", NULL, "x.csv:3: 2 fields, the header has 3 (byte 12)");
  assert_fails("a,b\n1,2,3\n", NULL, "x.csv:2: 3 fields, the header has 2 (byte 4)");
  assert_fails("a,b\n1,2,\n", NULL, "x.csv:2: 3 fields, the header has 2 (byte 4)");
  assert_fails("a,b\nx\n", NULL, "x.csv:2: 1 field, the header has 2 (byte 4)");
  assert_fails("a,b\n1,2\nx", NULL, "x.csv:3: 1 field, the header has 2 (byte 8)");
}

static void the_first_error_counts(void **state)
{
  (void)state;
  assert_fails("a,b\n1\n1,2,3\n\"", NULL, "x.csv:2: 1 field, the header has 2 (byte 4)");
}

static void padding_fills_short_rows(void **state)
{
  (void)state;
  br_csv_options pad = {.ragged = BR_CSV_RAGGED_PAD};
  assert_reads("a,b,c\n1\n1,2\n1,2,3\n", &pad, "a,b,c\n1,,\n1,2,\n1,2,3\n");
}

static void padding_drops_delimiters_that_trail(void **state)
{
  (void)state;
  br_csv_options pad = {.ragged = BR_CSV_RAGGED_PAD};
  assert_reads("a,b\n1,2,\n3,4,,\"\", \n", &pad, "a,b\n1,2\n3,4\n");
  assert_fails("a,b\n1,2,,3\n", &pad, "x.csv:2: 4 fields, the header has 2 (byte 4)");
}

/* --- places --- */

static void a_quote_inside_an_unquoted_field_has_its_place(void **state)
{
  (void)state;
  assert_fails("a,b\n1,x\"y\n", NULL, "x.csv:2:4: a quote inside an unquoted field (byte 7)");
  assert_fails(BOM "a\"", NULL, "x.csv:1:2: a quote inside an unquoted field (byte 4)");
}

static void text_behind_a_closing_quote_has_its_place(void **state)
{
  (void)state;
  assert_fails("a,b\n\"x\"y,2\n", NULL, "x.csv:2:4: text behind a closing quote (byte 7)");
  assert_fails("a,b\n\"x\" \"y\",2\n", NULL, "x.csv:2:5: text behind a closing quote (byte 8)");
}

static void an_unclosed_quote_is_named_where_it_opens(void **state)
{
  (void)state;
  assert_fails("a,b\n1,\"x\ny\n", NULL, "x.csv:2:3: this quote is never closed (byte 6)");
  assert_fails("a,b\n\"p\n\"\"q\", \"x\ny,z\n", NULL,
               "x.csv:3:7: this quote is never closed (byte 13)");
  assert_fails("\"", NULL, "x.csv:1:1: this quote is never closed (byte 0)");
}

static void a_nul_has_its_place(void **state)
{
  (void)state;
  assert_fails_bytes("a,b\n1,\0\n", 8, NULL, BR_EPARSE,
                     "x.csv:2:3: a NUL byte: no CSV, or not in UTF-8 (byte 6)");
  assert_fails_bytes("a,b\n1,\"x\0\"\n", 11, NULL, BR_EPARSE,
                     "x.csv:2:5: a NUL byte: no CSV, or not in UTF-8 (byte 8)");
  assert_fails_bytes("\0", 1, NULL, BR_EPARSE,
                     "x.csv:1:1: a NUL byte: no CSV, or not in UTF-8 (byte 0)");
}

static void lines_count_as_an_editor_shows_them(void **state)
{
  (void)state;
  assert_fails("a,b\r\n1,2\r\nx\r\n", NULL, "x.csv:3: 1 field, the header has 2 (byte 10)");
  assert_fails("a,b\r1,2\rx\r", NULL, "x.csv:3: 1 field, the header has 2 (byte 8)");
  assert_fails("a,b\r\r\n1,2\r\nx\"", NULL,
               "x.csv:4:2: a quote inside an unquoted field (byte 12)");
  assert_fails("a,b\n\"1\n\r\n2\r3\",4\nx\n", NULL, "x.csv:6: 1 field, the header has 2 (byte 16)");
  assert_fails(BOM "a,b\n\nx\n", NULL, "x.csv:3: 1 field, the header has 2 (byte 8)");
}

static void columns_count_characters_and_bytes_count_bytes(void **state)
{
  (void)state;
  assert_fails("a,b\n\xC3\xA9\xE2\x82\xAC,x\"\n", NULL,
               "x.csv:2:5: a quote inside an unquoted field (byte 11)");
}

static void a_cell_of_another_type_than_asked_has_its_place(void **state)
{
  (void)state;
  br_csv_type types[] = {{"b", BR_F64}};
  br_csv_options options = {.types = types, .ntypes = 1};
  assert_fails("a,b\n\"x\n\"\"y\",1\n\n\"p,\nq\",  fast\n", &options,
               "x.csv:6:6: \"fast\" in column \"b\" does not read as f64 (byte 24)");
  assert_fails("a,b\nx,\"\"\n", &options,
               "x.csv:2:3: \"\" in column \"b\" does not read as f64 (byte 6)");
}

static void hostile_and_long_cells_are_tamed_in_messages(void **state)
{
  (void)state;
  br_csv_type types[] = {{"a", BR_I64}};
  br_csv_options options = {.types = types, .ntypes = 1};
  br_str text = {0};
  br_err err = {0};
  br_frame *frame = NULL;
  assert_int_equal(br_str_addf(&text, &err, "a\n\x1b]0;%01000d\n", 7), BR_OK);
  assert_int_equal(br_csv_read_bytes(&frame, "x.csv", text.data, text.len, &options, &err),
                   BR_EPARSE);
  assert_true(strlen(err.msg) < 160);
  assert_null(strchr(err.msg, '\x1b'));
  assert_non_null(strstr(err.msg, "(byte 2)"));
  br_str_clear(&text);
}

/* --- inference --- */

static void integers_make_i64(void **state)
{
  (void)state;
  assert_infers("1\n-2\n+5\n0\n", BR_I64, "1\n-2\n5\n0\n");
  assert_infers("9223372036854775807\n-9223372036854775808\n", BR_I64,
                "9223372036854775807\n-9223372036854775808\n");
}

static void numbers_make_f64(void **state)
{
  (void)state;
  assert_infers("1.5\n2\n", BR_F64, "1.5\n2.0\n");
  assert_infers("1e3\n", BR_F64, "1000.0\n");
  assert_infers("NaN\n-inf\nInfinity\n", BR_F64, "nan\n-inf\ninf\n");
  assert_infers(".5\n5.\n-0.0\n0.50\n", BR_F64, "0.5\n5.0\n-0.0\n0.5\n");
}

static void decimals_are_read_to_the_nearest_double(void **state)
{
  (void)state;
  assert_infers("0.1\n0.1000000000000000055511151231257827\n2.2250738585072014e-308\n", BR_F64,
                "0.1\n0.1\n2.2250738585072014e-308\n");
  assert_infers("1.7976931348623157e308\n5e-324\n", BR_F64, "1.7976931348623157e+308\n5e-324\n");
}

static void blanks_around_numbers_do_not_matter(void **state)
{
  (void)state;
  assert_infers(" 1.25\n\" 2.5 \"\n\t3\n", BR_F64, "1.25\n2.5\n3.0\n");
}

static void quoted_numbers_are_numbers(void **state)
{
  (void)state;
  assert_infers("\"1\"\n2\n", BR_I64, "1\n2\n");
  assert_infers("\"1.5\"\n\"true\"\n", BR_STR, "1.5\ntrue\n");
}

static void leading_zeros_are_kept(void **state)
{
  (void)state;
  assert_infers("007\n8\n", BR_STR, "007\n8\n");
  assert_infers("1\n2\n-01\n", BR_STR, "1\n2\n-01\n");
  assert_infers("1.5\n00.5\n", BR_STR, "1.5\n00.5\n");
  assert_infers("\" 007\"\n", BR_STR, "\" 007\"\n");
}

static void integers_beyond_their_type_are_kept(void **state)
{
  (void)state;
  assert_infers("1\n9223372036854775808\n", BR_STR, "1\n9223372036854775808\n");
  assert_infers("-9223372036854775809\n", BR_STR, "-9223372036854775809\n");
  assert_infers("0.5\n9007199254740993\n", BR_STR, "0.5\n9007199254740993\n");
  assert_infers("0.5\n-9007199254740993\n", BR_STR, "0.5\n-9007199254740993\n");
  assert_infers("0.5\n9007199254740992\n", BR_F64, "0.5\n9007199254740992.0\n");
}

static void numbers_beyond_a_double_are_kept(void **state)
{
  (void)state;
  assert_infers("1.5\n1e999\n", BR_STR, "1.5\n1e999\n");
  assert_infers("-.5e999\n", BR_STR, "-.5e999\n");
}

static void what_is_no_number_is_text(void **state)
{
  (void)state;
  static const char *const texts[] = {"0x10", "1_000", "1 2", "--1", "1e",   "e5",
                                      ".",    "-",     "+",   "1f",  "nanx", "infinit"};
  for (size_t i = 0; i < COUNT(texts); i++) {
    char line[32];
    (void)snprintf(line, sizeof line, "1\n%s\n", texts[i]);
    assert_infers(line, BR_STR, line);
  }
}

static void true_and_false_make_bool(void **state)
{
  (void)state;
  assert_infers("true\nFALSE\n,\nTrue\n", BR_BOOL, "true\nfalse\n\ntrue\n");
  assert_infers("true\n1\n", BR_STR, "true\n1\n");
  assert_infers("yes\n", BR_STR, "yes\n");
}

static void nulls_do_not_decide(void **state)
{
  (void)state;
  assert_infers(",\n1\n,\n", BR_I64, "\n1\n\n");
  assert_infers(",\n,\n1.5\n", BR_F64, "\n\n1.5\n");
  assert_infers(",\n,\n", BR_STR, "\n\n");
}

static void an_empty_string_is_text(void **state)
{
  (void)state;
  assert_infers("1\n\"\"\n", BR_STR, "1\n\"\"\n");
}

static void a_late_misfit_turns_the_whole_column(void **state)
{
  (void)state;
  br_str text = {0};
  br_err err = {0};
  assert_int_equal(br_str_addz(&text, "c,d\n", &err), BR_OK);
  for (int i = 0; i < 5000; i++)
    assert_int_equal(br_str_addf(&text, &err, "%d,1\n", i), BR_OK);
  assert_int_equal(br_str_addz(&text, "x,1\n", &err), BR_OK);
  br_frame *frame = parse(text.data, NULL);
  assert_int_equal(br_column_type(br_frame_column(frame, 0)), BR_STR);
  assert_int_equal(br_column_type(br_frame_column(frame, 1)), BR_I64);
  assert_int_equal(br_frame_nrow(frame), 5001);
  assert_string_equal(br_column_str(br_frame_column(frame, 0), 4999, &(size_t){0}), "4999");
  br_frame_free(frame);
  br_str_clear(&text);
}

static void all_strings_infers_nothing(void **state)
{
  (void)state;
  br_csv_type types[] = {{"b", BR_I64}, {"no such column", BR_BOOL}};
  br_csv_options options = {.all_strings = true, .types = types, .ntypes = 2};
  br_frame *frame = parse("a,b,c\n1,2,true\n,,\n", &options);
  assert_int_equal(br_column_type(br_frame_column(frame, 0)), BR_STR);
  assert_int_equal(br_column_type(br_frame_column(frame, 1)), BR_I64);
  assert_int_equal(br_column_type(br_frame_column(frame, 2)), BR_STR);
  assert_int_equal(br_column_null_count(br_frame_column(frame, 0)), 1);
  br_frame_free(frame);
}

static void asked_types_take_what_inference_would_not(void **state)
{
  (void)state;
  br_csv_type types[] = {{"i", BR_I64}, {"f", BR_F64}, {"s", BR_STR}, {"b", BR_BOOL}};
  br_csv_options options = {.types = types, .ntypes = 4};
  br_frame *frame = parse("i,f,s,b\n007,1,1,TRUE\n,,,\n", &options);
  assert_int_equal(br_column_i64(br_frame_column(frame, 0), 0), 7);
  assert_true(br_column_f64(br_frame_column(frame, 1), 0) == 1.0);
  assert_int_equal(br_column_type(br_frame_column(frame, 2)), BR_STR);
  assert_true(br_column_bool(br_frame_column(frame, 3), 0));
  for (size_t i = 0; i < 4; i++)
    assert_true(br_column_is_null(br_frame_column(frame, i), 1));
  br_frame_free(frame);
  assert_fails("i\n9223372036854775808\n", &options,
               "x.csv:2:1: \"9223372036854775808\" in column \"i\" does not read as i64 (byte 2)");
}

/* --- the round trip --- */

static br_column *add_column(br_frame *frame, const char *name, br_column *column)
{
  assert_int_equal(br_frame_set(frame, name, column, NULL), BR_OK);
  br_column_release(column);
  return column;
}

static br_column *f64_column(const double *values, size_t n)
{
  br_column *column = NULL;
  assert_int_equal(br_column_new(&column, BR_F64, NULL), BR_OK);
  for (size_t i = 0; i < n; i++)
    assert_int_equal(br_column_push_f64(column, values[i], NULL), BR_OK);
  assert_int_equal(br_column_push_null(column, NULL), BR_OK);
  return column;
}

static br_column *i64_column(const int64_t *values, size_t n)
{
  br_column *column = NULL;
  assert_int_equal(br_column_new(&column, BR_I64, NULL), BR_OK);
  for (size_t i = 0; i < n; i++)
    assert_int_equal(br_column_push_i64(column, values[i], NULL), BR_OK);
  assert_int_equal(br_column_push_null(column, NULL), BR_OK);
  return column;
}

static br_column *str_column(const char *const *values, size_t n)
{
  br_column *column = NULL;
  assert_int_equal(br_column_new(&column, BR_STR, NULL), BR_OK);
  for (size_t i = 0; i < n; i++)
    assert_int_equal(br_column_push_str(column, values[i], strlen(values[i]), NULL), BR_OK);
  assert_int_equal(br_column_push_null(column, NULL), BR_OK);
  return column;
}

static const double doubles[] = {0.0,
                                 -0.0,
                                 0.1,
                                 1.0 / 3,
                                 1e300,
                                 5e-324,
                                 9007199254740993.0,
                                 -1e16,
                                 (double)INFINITY,
                                 -(double)INFINITY,
                                 (double)NAN,
                                 123456.789};
static const int64_t integers[] = {0, -1, INT64_MAX, INT64_MIN, 42};
static const char *const strings[] = {
    "",       " ",        "a b",   " lead", "trail\t", "x,y", "\"", "\"\"",           "l\nf",
    "c\rr",   "both\r\n", "1",     "007",   "true",    "nan", "\n", "\xEF\xBB\xBFzz", "\xFF\xFE",
    "semi;c", "tab\tb",   "p|ipe", "'",     "-",       "e"};

static void one_column_comes_back(br_column *column, br_type type, char delimiter)
{
  br_frame *frame = NULL;
  br_csv_type types[] = {{"na me", type}};
  br_csv_options options = {.delimiter = delimiter, .types = types, .ntypes = 1};
  assert_int_equal(br_frame_new(&frame, NULL), BR_OK);
  (void)add_column(frame, "na me", column);
  assert_same_after_writing(frame, &options);
  br_frame_free(frame);
}

static void every_value_comes_back_in_one_column(void **state)
{
  (void)state;
  static const char delimiters[] = ",;\t| .-enr10\x7F";
  for (size_t i = 0; i + 1 < sizeof delimiters; i++) {
    char d = delimiters[i];
    one_column_comes_back(f64_column(doubles, COUNT(doubles)), BR_F64, d);
    one_column_comes_back(i64_column(integers, COUNT(integers)), BR_I64, d);
    one_column_comes_back(str_column(strings, COUNT(strings)), BR_STR, d);
  }
}

static void every_value_comes_back_among_columns(void **state)
{
  (void)state;
  br_frame *frame = NULL;
  br_csv_type types[] = {{"", BR_STR}, {"\"q\",\n", BR_STR}, {BOM, BR_F64}};
  br_csv_options options = {.types = types, .ntypes = 3};
  assert_int_equal(br_frame_new(&frame, NULL), BR_OK);
  (void)add_column(frame, BOM, f64_column(doubles, 5));
  (void)add_column(frame, "", str_column(strings, 5));
  (void)add_column(frame, "\"q\",\n", str_column(strings + 5, 5));
  assert_same_after_writing(frame, &options);
  br_frame_free(frame);
}

static void what_was_inferred_is_inferred_again(void **state)
{
  (void)state;
  br_frame *frame = parse("i,f,b,s,n\n1,1,true,007,\n,2.5,,x,\n-3,nan,FALSE,\"\",\n", NULL);
  assert_same_after_writing(frame, NULL);
  br_frame_free(frame);
}

static void a_frame_without_columns_is_no_text(void **state)
{
  (void)state;
  br_frame *frame = NULL;
  assert_int_equal(br_frame_new(&frame, NULL), BR_OK);
  br_str out = format(frame, 0);
  assert_int_equal(out.len, 0);
  br_frame_free(frame);
}

static void writing_appends(void **state)
{
  (void)state;
  br_str out = {0};
  br_frame *frame = parse("a\n1\n", NULL);
  assert_int_equal(br_str_addz(&out, "# log\n", NULL), BR_OK);
  assert_int_equal(br_csv_write(&out, frame, 0, NULL), BR_OK);
  assert_string_equal(out.data, "# log\na\n1\n");
  br_str_clear(&out);
  br_frame_free(frame);
}

static void a_nul_is_not_written(void **state)
{
  (void)state;
  br_err err;
  br_str out = {0};
  br_frame *frame = NULL;
  br_column *column = str_column(strings, 1);
  assert_int_equal(br_column_push_str(column, "a\0b", 3, NULL), BR_OK);
  assert_int_equal(br_frame_new(&frame, NULL), BR_OK);
  (void)add_column(frame, "c", column);
  assert_int_equal(br_str_addz(&out, "before", NULL), BR_OK);
  assert_int_equal(br_csv_write(&out, frame, 0, &err), BR_EINVAL);
  assert_string_equal(err.msg, "a NUL byte in row 3 can't be written as CSV");
  assert_string_equal(out.data, "before");
  assert_int_equal(out.len, 6);
  br_str_clear(&out);
  br_frame_free(frame);
}

/* --- files --- */

static void a_file_comes_back(void **state)
{
  (void)state;
  char path[] = "/tmp/test_csv_XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  (void)close(fd);
  br_frame *frame = parse("a,b\n1,x\n2,\n", NULL);
  br_frame *again = NULL;
  assert_int_equal(br_csv_write_file(path, frame, ';', NULL), BR_OK);
  br_csv_options options = {.delimiter = ';'};
  assert_int_equal(br_csv_read_file(&again, path, &options, NULL), BR_OK);
  assert_true(frame_equal(frame, again));
  br_frame_free(again);
  br_frame_free(frame);
  (void)unlink(path);
}

static void a_missing_file_and_a_directory_are_errors(void **state)
{
  (void)state;
  br_err err;
  br_frame *frame = NULL;
  assert_int_equal(br_csv_read_file(&frame, "/no/such file.csv", NULL, &err), BR_ENOTFOUND);
  assert_non_null(strstr(err.msg, "/no/such file.csv"));
  assert_int_equal(br_csv_read_file(&frame, "/", NULL, &err), BR_EIO);
  assert_null(frame);
  assert_int_equal(br_csv_write_file("/no/such/x.csv", NULL, '"', &err), BR_EINVAL);
}

static void *feed_pipe(void *path)
{
  int fd = open(path, O_WRONLY);
  static const char *const parts[] = {"a,b\n1", ",2\n3,", "4\n"};
  for (size_t i = 0; i < COUNT(parts) && fd >= 0; i++)
    if (write(fd, parts[i], strlen(parts[i])) < 0)
      break;
  (void)close(fd);
  return NULL;
}

static void a_pipe_is_read_to_its_end(void **state)
{
  (void)state;
  char folder[] = "/tmp/test_csv_XXXXXX";
  char path[64];
  pthread_t writer;
  br_frame *frame = NULL;
  assert_non_null(mkdtemp(folder));
  (void)snprintf(path, sizeof path, "%s/pipe", folder);
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_int_equal(pthread_create(&writer, NULL, feed_pipe, path), 0);
  assert_int_equal(br_csv_read_file(&frame, path, NULL, NULL), BR_OK);
  assert_int_equal(pthread_join(writer, NULL), 0);
  br_str out = format(frame, 0);
  assert_string_equal(out.data, "a,b\n1,2\n3,4\n");
  br_str_clear(&out);
  br_frame_free(frame);
  (void)unlink(path);
  (void)rmdir(folder);
}

/* --- size and memory --- */

static void a_very_long_cell_is_read(void **state)
{
  (void)state;
  const size_t n = (size_t)100 << 20;
  char *text = br_alloc(n + 8);
  assert_non_null(text);
  memset(text, 'x', n + 5);
  text[1] = text[4 + n] = '\n';
  text[2] = text[3 + n] = '"';
  for (size_t i = 3; i < n; i += 1 << 16)
    text[i] = '\n';
  br_frame *frame = parse_bytes(text, n + 5, NULL);
  assert_int_equal(br_frame_nrow(frame), 1);
  assert_int_equal(str_len(frame, 0, 0), n);
  assert_memory_equal(br_column_str(br_frame_column(frame, 0), 0, &(size_t){0}), text + 3, n);
  br_frame_free(frame);
  br_free(text);
}

static const char everything[] =
    BOM "i,f,b,\"s\ns\",n\r\n1,1.5,true,\"a \"\"quoted\"\"\nfield\",\r\n2,2,false,\"\",\r\n";

static br_code read_and_write(br_err *err)
{
  static const br_csv_type types[] = {{"n", BR_F64}};
  br_csv_options options = {.types = types, .ntypes = 1};
  br_frame *frame = NULL;
  br_str out = {0};
  br_code code =
      br_csv_read_bytes(&frame, "x.csv", everything, sizeof everything - 1, &options, err);
  if (code == BR_OK)
    code = br_csv_write(&out, frame, 0, err);
  br_frame_free(frame);
  br_str_clear(&out);
  return code;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  br_code code = BR_ENOMEM;
  size_t n = 0;
  while (code == BR_ENOMEM) {
    br_err err = {0};
    br_mem_fail_at(++n);
    code = read_and_write(&err);
    br_mem_fail_at(0);
    assert_int_equal(br_mem_live(), start);
    if (code != BR_OK)
      assert_string_equal(err.msg, "out of memory");
  }
  assert_int_equal(code, BR_OK);
  assert_true(n > 30);
}

static void errors_allocate_nothing_that_stays(void **state)
{
  (void)state;
  static const char *const texts[] = {"a,a\n", "a,b\n1\n", "a\nx\"\n", "a\n\"x", "a\n1\n\"2\"x\n"};
  size_t start = br_mem_live();
  for (size_t i = 0; i < COUNT(texts); i++) {
    br_frame *frame = NULL;
    assert_int_equal(br_csv_read_bytes(&frame, "x", texts[i], strlen(texts[i]), NULL, NULL),
                     BR_EPARSE);
    assert_int_equal(br_mem_live(), start);
  }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_file_of_no_bytes_has_no_columns),
    cmocka_unit_test(a_header_alone_gives_empty_string_columns),
    cmocka_unit_test(every_line_end_is_one),
    cmocka_unit_test(the_last_line_needs_no_end),
    cmocka_unit_test(a_bom_is_dropped),
    cmocka_unit_test(a_bom_elsewhere_stays),
    cmocka_unit_test(quoted_fields_hold_anything),
    cmocka_unit_test(blanks_around_fields_are_dropped),
    cmocka_unit_test(unquoted_empty_is_null_and_quoted_empty_is_not),
    cmocka_unit_test(a_blank_line_is_nothing_among_columns),
    cmocka_unit_test(a_blank_line_is_a_null_in_one_column),
    cmocka_unit_test(a_blank_line_within_quotes_is_text),
    cmocka_unit_test(any_ascii_character_may_part_fields),
    cmocka_unit_test(a_senseless_delimiter_is_refused),
    cmocka_unit_test(bytes_that_are_no_utf8_pass),
    cmocka_unit_test(given_names_make_the_first_line_data),
    cmocka_unit_test(a_name_given_twice_is_the_callers_mistake),
    cmocka_unit_test(a_name_twice_in_the_header_is_an_error),
    cmocka_unit_test(one_name_may_be_empty),
    cmocka_unit_test(many_names_are_checked_fast),
    cmocka_unit_test(a_ragged_row_is_an_error_with_its_place),
    cmocka_unit_test(the_first_error_counts),
    cmocka_unit_test(padding_fills_short_rows),
    cmocka_unit_test(padding_drops_delimiters_that_trail),
    cmocka_unit_test(a_quote_inside_an_unquoted_field_has_its_place),
    cmocka_unit_test(text_behind_a_closing_quote_has_its_place),
    cmocka_unit_test(an_unclosed_quote_is_named_where_it_opens),
    cmocka_unit_test(a_nul_has_its_place),
    cmocka_unit_test(lines_count_as_an_editor_shows_them),
    cmocka_unit_test(columns_count_characters_and_bytes_count_bytes),
    cmocka_unit_test(a_cell_of_another_type_than_asked_has_its_place),
    cmocka_unit_test(hostile_and_long_cells_are_tamed_in_messages),
    cmocka_unit_test(integers_make_i64),
    cmocka_unit_test(numbers_make_f64),
    cmocka_unit_test(decimals_are_read_to_the_nearest_double),
    cmocka_unit_test(blanks_around_numbers_do_not_matter),
    cmocka_unit_test(quoted_numbers_are_numbers),
    cmocka_unit_test(leading_zeros_are_kept),
    cmocka_unit_test(integers_beyond_their_type_are_kept),
    cmocka_unit_test(numbers_beyond_a_double_are_kept),
    cmocka_unit_test(what_is_no_number_is_text),
    cmocka_unit_test(true_and_false_make_bool),
    cmocka_unit_test(nulls_do_not_decide),
    cmocka_unit_test(an_empty_string_is_text),
    cmocka_unit_test(a_late_misfit_turns_the_whole_column),
    cmocka_unit_test(all_strings_infers_nothing),
    cmocka_unit_test(asked_types_take_what_inference_would_not),
    cmocka_unit_test(every_value_comes_back_in_one_column),
    cmocka_unit_test(every_value_comes_back_among_columns),
    cmocka_unit_test(what_was_inferred_is_inferred_again),
    cmocka_unit_test(a_frame_without_columns_is_no_text),
    cmocka_unit_test(writing_appends),
    cmocka_unit_test(a_nul_is_not_written),
    cmocka_unit_test(a_file_comes_back),
    cmocka_unit_test(a_missing_file_and_a_directory_are_errors),
    cmocka_unit_test(a_pipe_is_read_to_its_end),
    cmocka_unit_test(a_very_long_cell_is_read),
    cmocka_unit_test(every_allocation_may_fail),
    cmocka_unit_test(errors_allocate_nothing_that_stays),
};

int main(void)
{
  return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
