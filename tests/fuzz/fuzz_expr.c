/* Fuzzes expressions. The first byte chooses a frame, the rest is the text. Laws: what compiles is
 * evaluated to a column of the type that was said and of the frame's rows, or to an i64 or a time
 * that does not fit; every message names the expression; nothing leaks; twice gives the same. */
#include "../frame_equal.h"
#include "expr/expr.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The name is libFuzzer's. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 5 };

static void require(bool holds)
{
  if (!holds)
    abort();
}

/* Row k of every column, as text; NULL is a null. */
static const char *const cells[][ROWS] = {
    {"1.5", "-2", "nan", NULL, "inf"},
    {"7", "-9223372036854775808", "0", NULL, "9223372036854775807"},
    {"true", "false", NULL, "true", "false"},
    {"ab", "Ab c", "", NULL, "12"},
    {"2026-01-31T08:05:06.5Z", "0000-01-01", NULL, "9999-12-31", "1970-01-01"},
};
static const char *const names[] = {"f", "i", "b", "s", "t"};
static const br_type types[] = {BR_F64, BR_I64, BR_BOOL, BR_STR, BR_TIMESTAMP};

static void add(br_frame *frame, size_t which, size_t nrow, bool nulls)
{
  br_column *text = NULL;
  br_column *column = NULL;
  require(br_column_new(&text, BR_STR, NULL) == BR_OK);
  for (size_t row = 0; row < nrow; row++) {
    const char *cell = cells[which][row];
    if (cell)
      require(br_column_push_str(text, cell, strlen(cell), NULL) == BR_OK);
    else if (nulls)
      require(br_column_push_null(text, NULL) == BR_OK);
    else
      require(br_column_push_str(text, cells[which][0], strlen(cells[which][0]), NULL) == BR_OK);
  }
  require(br_column_cast(&column, text, types[which], BR_CAST_STRICT, NULL) == BR_OK);
  require(br_frame_set(frame, names[which], column, NULL) == BR_OK);
  br_column_release(column);
  br_column_release(text);
}

/* Bits: 0-2 rows, 3 with nulls. */
static br_frame *choose(uint8_t byte)
{
  br_frame *frame = NULL;
  size_t nrow = byte & 7;
  nrow = nrow < ROWS ? nrow : ROWS;
  require(br_frame_new(&frame, NULL) == BR_OK);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    add(frame, i, nrow, (byte & 8) != 0);
  return frame;
}

static br_column *eval(const br_expr *expr, const br_frame *frame)
{
  br_err err = {0};
  br_column *column = NULL;
  br_code code = br_expr_eval(&column, expr, &err);
  require(code == BR_OK || code == BR_ERANGE);
  require(code == BR_OK || strstr(err.msg, "expression '") == err.msg);
  if (column) {
    require(br_column_type(column) == br_expr_type(expr));
    require(br_column_len(column) == br_frame_nrow(frame));
  }
  return column;
}

static void check_twice(const br_expr *expr, const br_frame *frame)
{
  br_column *one = eval(expr, frame);
  br_column *two = eval(expr, frame);
  require(!one == !two);
  for (size_t row = 0; one && row < br_column_len(one); row++)
    require(br_column_compare(one, row, two, row) == 0);
  br_column_release(one);
  br_column_release(two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  size_t live = br_mem_live();
  br_err err = {0};
  br_expr *expr = NULL;
  br_frame *frame = choose(data[0]);
  br_code code = br_expr_compile(&expr, (const char *)data + 1, size - 1, frame, &err);
  require((code == BR_OK) == (expr != NULL));
  require(code == BR_OK || code == BR_EPARSE || code == BR_ETYPE || code == BR_ENOTFOUND ||
          code == BR_ERANGE);
  if (expr)
    check_twice(expr, frame);
  br_expr_free(expr);
  br_frame_free(frame);
  require(br_mem_live() == live);
  return 0;
}
