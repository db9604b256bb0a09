/* Private to frame: what a column is made of, and bulk work that other files of the folder need. */
#ifndef BR_FRAME_COLUMN_INTERNAL_H
#define BR_FRAME_COLUMN_INTERNAL_H

#include "base/str.h"
#include "frame/column.h"
#include "frame/dict.h"

struct br_column {
  size_t refs;
  br_type type;
  size_t len;
  void *data;           /* double, int64_t, unsigned char (0 or 1) or uint32_t codes, by type */
  size_t cap;           /* rows */
  unsigned char *valid; /* one bit a row, 1 for a value; NULL while there is no null */
  size_t valid_cap;     /* bytes */
  size_t nulls;
  br_dict *dict; /* one reference; strings only, else NULL */
};

/* Bytes of a cell. */
size_t br_column_cell_size(br_type type);

/* A new string column that shares the dictionary of another, so that its rows copy no strings. For
 * other types as br_column_new. */
br_code br_column_new_like(br_column **out, const br_column *like, br_err *err) BR_MUST_USE;

/* Appends all rows of a column of the same type. On failure some of them may have been appended. */
br_code br_column_append(br_column *column, const br_column *from, br_err *err) BR_MUST_USE;

/* Appends n nulls. */
br_code br_column_push_nulls(br_column *column, size_t n, br_err *err) BR_MUST_USE;

/* The text of a cell that is no null; buffer holds it where it is a number's. */
const char *br_column_text(char buffer[BR_DOUBLE_TEXT_MAX], const br_column *column, size_t row,
                           size_t *len);

#endif
