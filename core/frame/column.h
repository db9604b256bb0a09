/* A column: values of one type, some of them null.
 *
 * Types: f64, i64, bool, string, timestamp. Strings are dictionary-encoded: a row holds a 32-bit
 * code into a dictionary of distinct byte strings. A timestamp is an int64_t, see frame/timestamp.h.
 * Nulls are a validity bitmap, absent while there are none.
 *
 * Ownership: columns are counted. br_column_new and every function with a `br_column **out` hands
 * the caller one reference; br_column_release gives one back. Frames that share a column each hold
 * one. A column is written only by its builder: the functions below that take a non-const column
 * need the caller to hold the only reference (BR_EINVAL otherwise). br_column_unshare gives a
 * private copy. */
#ifndef BR_FRAME_COLUMN_H
#define BR_FRAME_COLUMN_H

#include "base/mem.h"
#include "frame/dict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum br_type { BR_F64, BR_I64, BR_BOOL, BR_STR, BR_TIMESTAMP } br_type;

typedef struct br_column br_column;

/* "f64", "i64", "bool", "string", "timestamp". */
const char *br_type_name(br_type type);
/* False when name is none of them. */
bool br_type_from_name(const char *name, br_type *out);

br_code br_column_new(br_column **out, br_type type, br_err *err) BR_MUST_USE;
br_column *br_column_retain(br_column *column);
void br_column_release(br_column *column); /* NULL is fine */
/* Replaces *column by a private copy if others hold it too. */
br_code br_column_unshare(br_column **column, br_err *err) BR_MUST_USE;

br_type br_column_type(const br_column *column);
size_t br_column_len(const br_column *column);
size_t br_column_null_count(const br_column *column);
bool br_column_is_null(const br_column *column, size_t row);

/* Cells. row < len; the type must be the column's; a null cell reads as NaN, 0, false, "". */
double br_column_f64(const br_column *column, size_t row);
int64_t br_column_i64(const br_column *column, size_t row); /* a timestamp's too */
bool br_column_bool(const br_column *column, size_t row);
/* Borrowed from the column, NUL-terminated; may hold NULs: *len counts. */
const char *br_column_str(const br_column *column, size_t row, size_t *len);
/* f64, i64 and bool as a double, a timestamp in seconds since 1970; NaN for a null. A string column
 * gives NaN. */
double br_column_number(const br_column *column, size_t row);

/* The dense values of an f64 column, len of them; borrowed. NULL for other types. */
const double *br_column_f64_data(const br_column *column);
/* The cells as they lie, by type: double, int64_t (i64, timestamp), unsigned char of 0 or 1,
 * uint32_t codes. Never NULL. The cell of a null is NaN, 0, 0, 0. */
const void *br_column_cells(const br_column *column);
/* A bit a row, least significant first, 1 for a value; NULL while there is no null. */
const unsigned char *br_column_validity(const br_column *column);
/* Dictionary of a string column: codes per row, number of entries, an entry's bytes. Borrowed.
 * Entries may be unused by any row. The code of a null row means nothing. */
const uint32_t *br_column_codes(const br_column *column);
size_t br_column_dict_len(const br_column *column);
const char *br_column_dict_str(const br_column *column, uint32_t code, size_t *len);

/* The parts of a column made in bulk, by the rules of br_column_cells and br_column_validity; all
 * memory from br_alloc and its kin. */
typedef struct br_column_parts {
  void *cells;          /* len of them; may be NULL where len is 0 */
  unsigned char *valid; /* at least len / 8 + 1 bytes; NULL where no row is null */
  size_t len;
  size_t nulls;
  br_dict *dict; /* strings: one reference; else NULL */
} br_column_parts;
/* A column of these parts. They belong to it from then on; on failure (BR_ENOMEM) they are the
 * caller's still. */
br_code br_column_adopt(br_column **out, br_type type, const br_column_parts *parts,
                        br_err *err) BR_MUST_USE;

/* Builders. A string pushed must not point into the column it goes to. reserve: room for `rows`
 * rows in all. */
br_code br_column_reserve(br_column *column, size_t rows, br_err *err) BR_MUST_USE;
br_code br_column_push_f64(br_column *column, double value, br_err *err) BR_MUST_USE;
/* Into an i64 or a timestamp column. */
br_code br_column_push_i64(br_column *column, int64_t value, br_err *err) BR_MUST_USE;
br_code br_column_push_bool(br_column *column, bool value, br_err *err) BR_MUST_USE;
br_code br_column_push_str(br_column *column, const char *s, size_t len, br_err *err) BR_MUST_USE;
br_code br_column_push_null(br_column *column, br_err *err) BR_MUST_USE;
/* Appends row `row` of a column of the same type (BR_ETYPE). */
br_code br_column_push_cell(br_column *column, const br_column *from, size_t row,
                            br_err *err) BR_MUST_USE;

/* A new column of rows[0..n); BR_COLUMN_NULL_ROW gives a null. BR_ERANGE for a row past the end. */
#define BR_COLUMN_NULL_ROW SIZE_MAX
br_code br_column_take(br_column **out, const br_column *column, const size_t *rows, size_t n,
                       br_err *err) BR_MUST_USE;

/* What a cell becomes that has no value in the wanted type. */
typedef enum br_cast_policy { BR_CAST_STRICT, BR_CAST_NULL } br_cast_policy;
/* A column of another type; the same type gives another reference. STRICT: BR_EPARSE or BR_ERANGE
 * names the row (from 1) and the text. An i64 gives the nearest f64; an f64 gives an i64 if it is
 * whole and fits; a number gives a bool if it is 0 or 1. Text to number takes what the CSV reader's
 * inference takes (blanks around, sign, nan, inf, infinity in any case, exponent; i64 digits only;
 * never hexadecimal); to bool "true" and "false" in any case; to timestamp as br_parse_timestamp.
 * Numbers to string are written as br_str_from_double and %lld do, timestamps as
 * br_timestamp_text does. A timestamp meets numbers as seconds since 1970; as i64 it must be whole. */
br_code br_column_cast(br_column **out, br_column *column, br_type type, br_cast_policy policy,
                       br_err *err) BR_MUST_USE;

/* The text-to-value rules of br_column_cast, for the CSV reader: false when text is not wholly such
 * a value. i64: false too when it does not fit (the caller keeps it as f64 or string). text need
 * not be NUL-terminated. */
bool br_parse_f64(const char *text, size_t len, double *out);
bool br_parse_i64(const char *text, size_t len, int64_t *out);
bool br_parse_bool(const char *text, size_t len, bool *out);

/* The double nearest to digits × 10^exponent, ties to even; the exponent between -27 and 27. */
#define BR_DECIMAL_POWER 27
double br_decimal_f64(uint64_t digits, int exponent);

/* Total order of two cells for sorting, of columns of one type: -1, 0, 1. f64 NaN after all
 * numbers, nulls after everything. Strings by byte. */
int br_column_compare(const br_column *a, size_t row_a, const br_column *b, size_t row_b);

#endif
