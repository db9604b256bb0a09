/* Frame to CSV. A text is quoted where the reader would otherwise see something else in it; a null
 * is nothing at all, which for a frame of one column makes a blank line, and the reader takes it
 * so.
 *
 * Rows are formatted in parts on all cores, a few parts at a time so that their texts stay small, and
 * joined in order. What a string of a dictionary looks like is worked out once. */
#include "csv/csv_internal.h"

#include "base/file.h"
#include "base/parallel.h"
#include "base/vec.h"
#include "frame/timestamp.h"

#include <csv.h>
#include <string.h>

/* A part has about that many cells; so many parts are under way. */
enum { PART_CELLS = 1 << 16, PARTS = 32, INTEGER_MAX = 24 };

/* The strings of a column as they are written, one behind the other. */
typedef struct words {
  br_str bytes;
  size_t *ends; /* of each code; NULL where strings are formatted one by one */
  bool has_nul; /* one of them can't be written */
} words;

typedef struct writer {
  const br_frame *frame;
  char delimiter;
  bool frail;          /* the delimiter may be part of a number */
  words *words;        /* owned, one a column */
  br_str parts[PARTS]; /* owned */
  size_t first, rows;  /* of the parts under way; of a part */
} writer;

/* --- texts --- */

/* The reader drops blanks around an unquoted field, and a BOM before the first. */
static bool has_frail_end(const char *text, size_t n, char delimiter)
{
  return br_csv_is_blank(text[0], delimiter) || br_csv_is_blank(text[n - 1], delimiter) ||
         (n >= 3 && memcmp(text, BR_CSV_BOM, 3) == 0);
}

static bool needs_quotes(const char *text, size_t n, char delimiter)
{
  if (n == 0 || has_frail_end(text, n, delimiter))
    return true;
  for (size_t i = 0; i < n; i++)
    if (text[i] == delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
      return true;
  return false;
}

static br_code add_quoted(br_str *out, const char *text, size_t n, br_err *err)
{
  size_t size = csv_write(NULL, 0, text, n);
  BR_TRY(br_vec_reserve(&out->data, &out->cap, out->len + size + 1, err));
  out->len += csv_write(out->data + out->len, size, text, n);
  out->data[out->len] = '\0';
  return BR_OK;
}

static br_code add_text(br_str *out, const char *text, size_t n, char delimiter, br_err *err)
{
  if (!needs_quotes(text, n, delimiter))
    return br_str_add(out, text, n, err);
  return add_quoted(out, text, n, err);
}

/* --- the strings of a column --- */

static br_code fill_words(words *w, const br_column *column, char delimiter, br_err *err)
{
  size_t n = br_column_dict_len(column);
  w->ends = br_calloc(n, sizeof *w->ends);
  if (!w->ends)
    return br_fail_nomem(err);
  for (size_t code = 0; code < n; code++) {
    size_t len = 0;
    const char *text = br_column_dict_str(column, (uint32_t)code, &len);
    w->has_nul = w->has_nul || (len && memchr(text, '\0', len));
    BR_TRY(add_text(&w->bytes, text, len, delimiter, err));
    w->ends[code] = w->bytes.len;
  }
  return BR_OK;
}

/* Only where most of the strings are likely to be used. */
static br_code make_words(writer *w, br_err *err)
{
  size_t ncol = br_frame_ncol(w->frame);
  w->words = br_calloc(ncol, sizeof *w->words);
  if (!w->words)
    return br_fail_nomem(err);
  for (size_t i = 0; i < ncol; i++) {
    const br_column *column = br_frame_column(w->frame, i);
    if (br_column_type(column) == BR_STR && br_column_dict_len(column) <= br_column_len(column))
      BR_TRY(fill_words(&w->words[i], column, w->delimiter, err));
  }
  return BR_OK;
}

static void writer_clear(writer *w)
{
  for (size_t i = 0; i < br_frame_ncol(w->frame) && w->words; i++) {
    br_str_clear(&w->words[i].bytes);
    br_free(w->words[i].ends);
  }
  br_free(w->words);
  for (size_t i = 0; i < PARTS; i++)
    br_str_clear(&w->parts[i]);
}

/* --- cells --- */

static br_code fail_nul(size_t row, br_err *err)
{
  return br_fail(err, BR_EINVAL, "a NUL byte in row %zu can't be written as CSV", row + 1);
}

static br_code add_str(const writer *w, br_str *out, size_t column, size_t row, br_err *err)
{
  const br_column *c = br_frame_column(w->frame, column);
  const words *known = &w->words[column];
  uint32_t code = br_column_codes(c)[row];
  size_t n = 0;
  if (known->ends && !known->has_nul) {
    size_t start = code ? known->ends[code - 1] : 0;
    return br_str_add(out, known->bytes.data + start, known->ends[code] - start, err);
  }
  const char *text = br_column_dict_str(c, code, &n);
  if (n && memchr(text, '\0', n))
    return fail_nul(row, err);
  return add_text(out, text, n, w->delimiter, err);
}

static size_t integer_text(char out[INTEGER_MAX], int64_t value)
{
  char text[INTEGER_MAX];
  char *first = text + sizeof text;
  uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    *--first = (char)('0' + left % 10);
    left /= 10;
  } while (left > 0);
  if (value < 0)
    *--first = '-';
  size_t n = (size_t)(text + sizeof text - first);
  memcpy(out, first, n);
  return n;
}

static size_t bool_text(char *out, bool value)
{
  static const char texts[2][5] = {{'f', 'a', 'l', 's', 'e'}, {'t', 'r', 'u', 'e'}};
  memcpy(out, texts[value], sizeof texts[value]);
  return value ? 4 : 5;
}

static size_t number_text(char out[BR_DOUBLE_TEXT_MAX], const br_column *column, size_t row)
{
  switch (br_column_type(column)) {
  case BR_F64:
    return br_str_from_double(out, br_column_f64(column, row));
  case BR_I64:
    return integer_text(out, br_column_i64(column, row));
  case BR_TIMESTAMP:
    return br_timestamp_text(out, br_column_i64(column, row));
  case BR_BOOL:
    return bool_text(out, br_column_bool(column, row));
  case BR_STR:
    break;
  }
  return 0;
}

/* Room for a number and a separator, so that what most cells need is looked at once. */
static br_code make_room(br_str *out, br_err *err)
{
  enum { ROOM = BR_DOUBLE_TEXT_MAX + 2 };
  if (out->cap - out->len >= ROOM)
    return BR_OK;
  return br_vec_reserve(&out->data, &out->cap, out->len + ROOM, err);
}

static br_code add_number(const writer *w, br_str *out, const br_column *column, size_t row,
                          br_err *err)
{
  if (w->frail) {
    char text[BR_DOUBLE_TEXT_MAX];
    return add_text(out, text, number_text(text, column, row), w->delimiter, err);
  }
  out->len += number_text(out->data + out->len, column, row);
  return BR_OK;
}

static br_code add_cell(const writer *w, br_str *out, size_t column, size_t row, br_err *err)
{
  const br_column *c = br_frame_column(w->frame, column);
  BR_TRY(make_room(out, err));
  if (br_column_is_null(c, row))
    return BR_OK;
  if (br_column_type(c) == BR_STR)
    return add_str(w, out, column, row, err);
  return add_number(w, out, c, row, err);
}

/* --- rows --- */

/* What stands behind field i of a line. */
static char separator(const writer *w, size_t i)
{
  if (i + 1 < br_frame_ncol(w->frame))
    return w->delimiter;
  return '\n';
}

static br_code add_header(const writer *w, br_str *out, br_err *err)
{
  for (size_t i = 0; i < br_frame_ncol(w->frame); i++) {
    const char *name = br_frame_name(w->frame, i);
    BR_TRY(add_text(out, name, strlen(name), w->delimiter, err));
    BR_TRY(br_str_addc(out, separator(w, i), err));
  }
  return BR_OK;
}

static br_code write_part(void *context, size_t task, size_t worker, br_err *err)
{
  writer *w = context;
  br_str *out = &w->parts[task];
  size_t ncol = br_frame_ncol(w->frame);
  size_t row = w->first + task * w->rows;
  size_t end = row + w->rows;
  (void)worker;
  end = end < br_frame_nrow(w->frame) ? end : br_frame_nrow(w->frame);
  for (out->len = 0; row < end; row++) {
    for (size_t i = 0; i < ncol; i++) {
      BR_TRY(add_cell(w, out, i, row, err));
      BR_TRY(make_room(out, err));
      out->data[out->len++] = separator(w, i);
    }
  }
  return BR_OK;
}

static br_code add_parts(writer *w, br_str *out, size_t n, br_err *err)
{
  BR_TRY(br_parallel_run(n, 0, write_part, w, err));
  for (size_t i = 0; i < n; i++)
    BR_TRY(br_str_add(out, w->parts[i].data, w->parts[i].len, err));
  return BR_OK;
}

static br_code add_rows(writer *w, br_str *out, br_err *err)
{
  size_t nrow = br_frame_nrow(w->frame);
  w->rows = PART_CELLS / (br_frame_ncol(w->frame) + 1) + 1;
  while (w->first < nrow) {
    size_t n = (nrow - w->first + w->rows - 1) / w->rows;
    n = n < PARTS ? n : PARTS;
    BR_TRY(add_parts(w, out, n, err));
    w->first += n * w->rows;
  }
  return BR_OK;
}

static br_code add_frame(writer *w, br_str *out, br_err *err)
{
  BR_TRY(make_words(w, err));
  BR_TRY(add_header(w, out, err));
  return add_rows(w, out, err);
}

static void truncate_to(br_str *s, size_t len)
{
  s->len = len;
  if (s->data)
    s->data[len] = '\0';
}

/* Whether a number or a timestamp may hold the character. */
static bool may_be_in_number(char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || strchr("+-.:TZ", c) != NULL;
}

br_code br_csv_write(br_str *out, const br_frame *frame, char delimiter, br_err *err)
{
  size_t before = out->len;
  writer w = {.frame = frame, .delimiter = br_csv_delimiter(delimiter)};
  if (!br_csv_delimiter_ok(w.delimiter))
    return br_fail(err, BR_EINVAL, "a delimiter is one ASCII character, no quote and no line end");
  w.frail = may_be_in_number(w.delimiter);
  br_code code = add_frame(&w, out, err);
  if (code != BR_OK)
    truncate_to(out, before);
  writer_clear(&w);
  return code;
}

br_code br_csv_write_file(const char *path, const br_frame *frame, char delimiter, br_err *err)
{
  br_str text = {0};
  br_code code = br_csv_write(&text, frame, delimiter, err);
  if (code == BR_OK)
    code = br_file_write(path, text.data, text.len, err);
  br_str_clear(&text);
  return code;
}
