/* Shared by the tests of frames: frames from text and back.
 *
 *     br_frame *f = frame_of("name:s x:f n:i ok:b\n"
 *                            "a 1.5 3 true\n"
 *                            "- nan - false\n");
 *     assert_frame(f, "…the same notation…");
 *
 * The first line names columns and types (string, f64, i64, bool by their first letter); - is a
 * null. */
#ifndef TESTS_CORE_FRAME_TEST_H
#define TESTS_CORE_FRAME_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "frame/frame.h"

#define FRAME_TEST_COLUMNS 16

static inline void must(br_code code, const br_err *err)
{
  if (code != BR_OK)
    fail_msg("%s: %s", br_code_name(code), err->msg);
}

static inline br_type type_of_letter(char letter)
{
  switch (letter) {
  case 'f':
    return BR_F64;
  case 'i':
    return BR_I64;
  case 'b':
    return BR_BOOL;
  default:
    return BR_STR;
  }
}

/* The next word of the line at *at, or 0 bytes at its end. */
static inline const char *next_word(const char **at, size_t *len)
{
  *at += strspn(*at, " ");
  const char *word = *at;
  *len = strcspn(word, " \n");
  *at += *len;
  return word;
}

static inline void push_word(br_column *column, const char *word, size_t len)
{
  br_err err = {0};
  if (len == 1 && *word == '-')
    must(br_column_push_null(column, &err), &err);
  else
    must(br_column_push_str(column, word, len, &err), &err);
}

/* Adds a column of strings, given up here, as one of the type. */
static inline void add_as(br_frame *frame, const char *name, br_column *text, br_type type)
{
  br_err err = {0};
  br_column *column = NULL;
  must(br_column_cast(&column, text, type, BR_CAST_STRICT, &err), &err);
  must(br_frame_set(frame, name, column, &err), &err);
  br_column_release(column);
  br_column_release(text);
}

static inline br_frame *frame_of(const char *text)
{
  br_err err = {0};
  br_frame *frame = NULL;
  br_column *columns[FRAME_TEST_COLUMNS] = {0};
  char names[FRAME_TEST_COLUMNS][32] = {{0}};
  char letters[FRAME_TEST_COLUMNS] = {0};
  size_t ncol = 0;
  size_t len = 0;
  must(br_frame_new(&frame, &err), &err);
  for (const char *word = next_word(&text, &len); len > 0; word = next_word(&text, &len), ncol++) {
    memcpy(names[ncol], word, len - 2);
    letters[ncol] = word[len - 1];
    must(br_column_new(&columns[ncol], BR_STR, &err), &err);
  }
  while (*text == '\n' && *++text) {
    for (size_t i = 0; i < ncol; i++) {
      const char *word = next_word(&text, &len);
      push_word(columns[i], word, len);
    }
  }
  for (size_t i = 0; i < ncol; i++)
    add_as(frame, names[i], columns[i], type_of_letter(letters[i]));
  return frame;
}

static inline void print_cell(FILE *out, br_column *column, size_t row)
{
  br_err err = {0};
  br_column *text = NULL;
  if (br_column_is_null(column, row)) {
    (void)fputs("-", out);
    return;
  }
  must(br_column_cast(&text, column, BR_STR, BR_CAST_STRICT, &err), &err);
  (void)fputs(br_column_str(text, row, NULL), out);
  br_column_release(text);
}

static inline void print_frame(FILE *out, const br_frame *frame)
{
  size_t ncol = br_frame_ncol(frame);
  for (size_t i = 0; i < ncol; i++)
    (void)fprintf(out, "%s%s:%c", i ? " " : "", br_frame_name(frame, i),
                  br_type_name(br_column_type(br_frame_column(frame, i)))[0]);
  (void)fputc('\n', out);
  for (size_t row = 0; row < br_frame_nrow(frame); row++) {
    for (size_t i = 0; i < ncol; i++) {
      (void)fputs(i ? " " : "", out);
      print_cell(out, br_frame_column(frame, i), row);
    }
    (void)fputc('\n', out);
  }
}

static inline void assert_frame(const br_frame *frame, const char *expected)
{
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  assert_non_null(out);
  print_frame(out, frame);
  assert_int_equal(fclose(out), 0);
  assert_string_equal(text, expected);
  free(text);
}

/* Asserts and frees what an operation made; *made is read after the operation, which is an
 * argument. */
static inline void assert_made(br_code code, const br_err *err, br_frame **made,
                               const char *expected)
{
  must(code, err);
  assert_frame(*made, expected);
  br_frame_free(*made);
  *made = NULL;
}

static inline void assert_fails(br_code code, const br_err *err, br_code expected, const char *part)
{
  assert_string_equal(br_code_name(code), br_code_name(expected));
  assert_int_equal(err->code, expected);
  if (!strstr(err->msg, part))
    fail_msg("'%s' is not in '%s'", part, err->msg);
}

typedef br_code (*frame_job)(br_frame **out, const br_frame *frame, br_err *err);

/* Runs the job with each of its allocations failing in turn: BR_ENOMEM, nothing leaks, out
 * untouched. */
static inline void assert_survives(frame_job job, const br_frame *frame)
{
  size_t start = br_mem_live();
  for (size_t n = 1;; n++) {
    br_err err = {0};
    br_frame *made = NULL;
    br_mem_fail_at(n);
    br_code code = job(&made, frame, &err);
    br_mem_fail_at(0);
    if (code == BR_OK) {
      assert_true(n > 1);
      br_frame_free(made);
      assert_int_equal(br_mem_live(), start);
      return;
    }
    assert_int_equal(code, BR_ENOMEM);
    assert_null(made);
    assert_int_equal(br_mem_live(), start);
  }
}

#endif
