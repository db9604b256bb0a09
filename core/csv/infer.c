/* Cells to typed columns. Inference tries i64, f64, bool on all rows and gives up a type at its
 * first misfit; string fits everything. It takes a type only where no cell loses by it: see
 * keeps_text. */
#include "csv/csv_internal.h"

#include "base/vec.h"
#include "frame/timestamp.h"

#include <math.h>

typedef enum reading { EXPLICIT, INFERRED } reading;

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
  strip_number(&text, &n);
  return n > 1 && text[0] == '0' && is_digit(text[1]);
}

/* Digits only, and more of them than every double holds. */
static bool is_inexact_integer(const char *text, size_t n)
{
  static const int64_t limit = INT64_C(1) << 53;
  strip_number(&text, &n);
  for (size_t i = 0; i < n; i++)
    if (!is_digit(text[i]))
      return false;
  int64_t value = 0;
  return n > 15 && (!br_parse_i64(text, n, &value) || value > limit);
}

/* What a number would lose: leading zeros, digits of an integer, a value beyond the range. */
static bool keeps_text(const char *text, size_t n, double value)
{
  if (has_leading_zero(text, n) || is_inexact_integer(text, n))
    return false;
  strip_number(&text, &n);
  return !isinf(value) || (n > 0 && !is_digit(*text) && *text != '.');
}

static br_code push_i64(br_column *to, const char *text, size_t n, reading how, bool *fits,
                        br_err *err)
{
  int64_t value = 0;
  *fits = br_parse_i64(text, n, &value) && (how == EXPLICIT || !has_leading_zero(text, n));
  return *fits ? br_column_push_i64(to, value, err) : BR_OK;
}

static br_code push_f64(br_column *to, const char *text, size_t n, reading how, bool *fits,
                        br_err *err)
{
  double value = 0;
  *fits = br_parse_f64(text, n, &value) && (how == EXPLICIT || keeps_text(text, n, value));
  return *fits ? br_column_push_f64(to, value, err) : BR_OK;
}

static br_code push_bool(br_column *to, const char *text, size_t n, reading how, bool *fits,
                         br_err *err)
{
  (void)how;
  bool value = false;
  *fits = br_parse_bool(text, n, &value);
  return *fits ? br_column_push_bool(to, value, err) : BR_OK;
}

static br_code push_timestamp(br_column *to, const char *text, size_t n, reading how, bool *fits,
                              br_err *err)
{
  (void)how;
  int64_t value = 0;
  *fits = br_parse_timestamp(text, n, &value);
  return *fits ? br_column_push_i64(to, value, err) : BR_OK;
}

static br_code push_str(br_column *to, const char *text, size_t n, reading how, bool *fits,
                        br_err *err)
{
  (void)how;
  *fits = true;
  return br_column_push_str(to, text, n, err);
}

typedef br_code (*push_text)(br_column *to, const char *text, size_t n, reading how, bool *fits,
                             br_err *err);
static const push_text pushers[] = {
    [BR_F64] = push_f64,
    [BR_I64] = push_i64,
    [BR_BOOL] = push_bool,
    [BR_STR] = push_str,
    [BR_TIMESTAMP] = push_timestamp,
};

static br_code fill(br_column *to, const br_csv_cells *cells, reading how, br_csv_misfit *misfit,
                    br_err *err)
{
  push_text push = pushers[br_column_type(to)];
  const char *text = cells->bytes ? cells->bytes : "";
  bool fits = true;
  for (size_t row = 0; row < cells->n; row++) {
    uint32_t n = cells->lens[row];
    if (n == BR_CSV_NULL_CELL) {
      BR_TRY(br_column_push_null(to, err));
      continue;
    }
    BR_TRY(push(to, text, n, how, &fits, err));
    if (!fits) {
      *misfit = (br_csv_misfit){.row = row, .text = text, .n = n};
      return BR_OK;
    }
    text += n;
  }
  return BR_OK;
}

static br_code read_as(br_column **out, const br_csv_cells *cells, br_type type, reading how,
                       br_csv_misfit *misfit, br_err *err)
{
  br_column *column = NULL;
  *misfit = (br_csv_misfit){0};
  BR_TRY(br_column_new(&column, type, err));
  br_code code = br_column_reserve(column, cells->n, err);
  if (code == BR_OK)
    code = fill(column, cells, how, misfit, err);
  if (code == BR_OK && !misfit->text)
    *out = column;
  else
    br_column_release(column);
  return code;
}

br_code br_csv_read_as(br_column **out, const br_csv_cells *cells, br_type type,
                       br_csv_misfit *misfit, br_err *err)
{
  return read_as(out, cells, type, EXPLICIT, misfit, err);
}

static bool all_null(const br_csv_cells *cells)
{
  for (size_t row = 0; row < cells->n; row++)
    if (cells->lens[row] != BR_CSV_NULL_CELL)
      return false;
  return true;
}

br_code br_csv_infer(br_column **out, const br_csv_cells *cells, br_err *err)
{
  static const br_type narrower[] = {BR_I64, BR_F64, BR_BOOL};
  br_csv_misfit misfit;
  for (size_t i = 0; i < sizeof narrower / sizeof *narrower && !all_null(cells); i++) {
    BR_TRY(read_as(out, cells, narrower[i], INFERRED, &misfit, err));
    if (!misfit.text)
      return BR_OK;
  }
  return read_as(out, cells, BR_STR, INFERRED, &misfit, err);
}
