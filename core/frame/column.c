/* Columns: life, cells and builders; see column.h.
 *
 * Invariants: data holds `len` cells of the type's size. valid is NULL, or holds a bit for each of
 * the len rows; a bit past them means nothing. A null's cell is NaN, 0, false or code 0. nulls
 * counts the zero bits. Only a column with one reference is written. */
#include "frame/column_internal.h"

#include "base/vec.h"
#include "frame/timestamp.h"

#include <math.h>
#include <string.h>

static const char *const type_names[] = {
    [BR_F64] = "f64",
    [BR_I64] = "i64",
    [BR_BOOL] = "bool",
    [BR_STR] = "string",
    [BR_TIMESTAMP] = "timestamp",
};
#define TYPE_COUNT (sizeof type_names / sizeof *type_names)

const char *br_type_name(br_type type)
{
  return (size_t)type < TYPE_COUNT ? type_names[type] : "unknown";
}

bool br_type_from_name(const char *name, br_type *out)
{
  for (size_t i = 0; i < TYPE_COUNT; i++) {
    if (strcmp(name, type_names[i]) == 0) {
      *out = (br_type)i;
      return true;
    }
  }
  return false;
}

size_t br_column_cell_size(br_type type)
{
  switch (type) {
  case BR_F64:
    return sizeof(double);
  case BR_I64:
  case BR_TIMESTAMP:
    return sizeof(int64_t);
  case BR_BOOL:
    return sizeof(unsigned char);
  case BR_STR:
    break;
  }
  return sizeof(uint32_t);
}

/* Life. */

static br_code new_with_dict(br_column **out, br_type type, br_dict *dict, br_err *err)
{
  br_column *column = br_calloc(1, sizeof *column);
  if (!column) {
    (void)br_fail_nomem(err);
    return BR_ENOMEM; /* a constant, for the static analyzer */
  }
  column->refs = 1;
  column->type = type;
  column->dict = dict;
  *out = column;
  return BR_OK;
}

br_code br_column_new(br_column **out, br_type type, br_err *err)
{
  br_dict *dict = NULL;
  if (type == BR_STR)
    BR_TRY(br_dict_new(&dict, err));
  br_code code = new_with_dict(out, type, dict, err);
  if (code != BR_OK)
    br_dict_release(dict);
  return code;
}

br_code br_column_new_like(br_column **out, const br_column *like, br_err *err)
{
  BR_TRY(new_with_dict(out, like->type, like->dict, err));
  if (like->dict)
    br_dict_retain(like->dict);
  return BR_OK;
}

br_code br_column_adopt(br_column **out, br_type type, const br_column_parts *parts, br_err *err)
{
  BR_TRY(new_with_dict(out, type, parts->dict, err));
  br_column *column = *out;
  column->data = parts->cells;
  column->valid = parts->valid;
  column->len = parts->len;
  column->nulls = parts->nulls;
  column->cap = parts->len;
  column->valid_cap = parts->valid ? parts->len / 8 + 1 : 0;
  return BR_OK;
}

br_column *br_column_retain(br_column *column)
{
  column->refs++;
  return column;
}

void br_column_release(br_column *column)
{
  if (!column || --column->refs > 0)
    return;
  br_dict_release(column->dict);
  br_free(column->data);
  br_free(column->valid);
  br_free(column);
}

br_code br_column_unshare(br_column **column, br_err *err)
{
  if ((*column)->refs == 1)
    return BR_OK;
  br_column *copy = NULL;
  BR_TRY(br_column_new_like(&copy, *column, err));
  br_code code = br_column_append(copy, *column, err);
  if (code != BR_OK) {
    br_column_release(copy);
    return code;
  }
  br_column_release(*column);
  *column = copy;
  return BR_OK;
}

/* Cells. */

br_type br_column_type(const br_column *column)
{
  return column->type;
}

size_t br_column_len(const br_column *column)
{
  return column->len;
}

size_t br_column_null_count(const br_column *column)
{
  return column->nulls;
}

bool br_column_is_null(const br_column *column, size_t row)
{
  return column->valid && !(column->valid[row / 8] >> (row % 8) & 1);
}

double br_column_f64(const br_column *column, size_t row)
{
  return ((const double *)column->data)[row];
}

int64_t br_column_i64(const br_column *column, size_t row)
{
  return ((const int64_t *)column->data)[row];
}

bool br_column_bool(const br_column *column, size_t row)
{
  return ((const unsigned char *)column->data)[row] != 0;
}

const char *br_column_str(const br_column *column, size_t row, size_t *len)
{
  if (!br_column_is_null(column, row))
    return br_dict_str(column->dict, ((const uint32_t *)column->data)[row], len);
  if (len)
    *len = 0;
  return "";
}

double br_column_number(const br_column *column, size_t row)
{
  if (column->type == BR_STR || br_column_is_null(column, row))
    return (double)NAN;
  switch (column->type) {
  case BR_F64:
    return br_column_f64(column, row);
  case BR_I64:
    return (double)br_column_i64(column, row);
  case BR_TIMESTAMP:
    return (double)br_column_i64(column, row) / (double)BR_TIMESTAMP_PER_SECOND;
  default:
    return (double)br_column_bool(column, row);
  }
}

/* A column without rows may have no buffer; callers still get an address. */
static const double no_cells[1];

const double *br_column_f64_data(const br_column *column)
{
  if (column->type != BR_F64)
    return NULL;
  return column->data ? column->data : no_cells;
}

const void *br_column_cells(const br_column *column)
{
  return column->data ? column->data : no_cells;
}

const unsigned char *br_column_validity(const br_column *column)
{
  return column->valid;
}

const uint32_t *br_column_codes(const br_column *column)
{
  if (column->type != BR_STR)
    return NULL;
  return column->data ? column->data : (const void *)no_cells;
}

size_t br_column_dict_len(const br_column *column)
{
  return column->dict ? br_dict_len(column->dict) : 0;
}

const char *br_column_dict_str(const br_column *column, uint32_t code, size_t *len)
{
  return br_dict_str(column->dict, code, len);
}

/* Builders. */

static br_code check_writable(const br_column *column, br_type type, br_err *err)
{
  if (column->refs != 1)
    return br_fail(err, BR_EINVAL, "the column is shared; unshare it before writing");
  if (column->type != type)
    return br_fail(err, BR_ETYPE, "a %s column can't take %s", br_type_name(column->type),
                   br_type_name(type));
  return BR_OK;
}

static br_code make_room(br_column *column, size_t rows, br_err *err)
{
  size_t need = column->len + rows;
  if (need < rows)
    return br_fail_nomem(err);
  BR_TRY(br_vec_reserve_bytes(&column->data, &column->cap, need, br_column_cell_size(column->type),
                              err));
  if (!column->valid)
    return BR_OK;
  return br_vec_reserve(&column->valid, &column->valid_cap, need / 8 + 1, err);
}

br_code br_column_reserve(br_column *column, size_t rows, br_err *err)
{
  BR_TRY(check_writable(column, column->type, err));
  return rows > column->len ? make_room(column, rows - column->len, err) : BR_OK;
}

/* From now on the column has a validity bitmap, with every row so far valid and room for `more`. */
static br_code add_bitmap(br_column *column, size_t more, br_err *err)
{
  if (column->valid)
    return BR_OK;
  BR_TRY(br_vec_reserve(&column->valid, &column->valid_cap, (column->len + more) / 8 + 1, err));
  memset(column->valid, 0xff, column->len / 8 + 1);
  return BR_OK;
}

/* Ends a push: the cell at row `len` has been written. */
static void finish_row(br_column *column, bool is_valid)
{
  size_t row = column->len++;
  if (!is_valid)
    column->nulls++;
  if (!column->valid)
    return;
  unsigned char bit = (unsigned char)(1u << (row % 8));
  unsigned char rest = (unsigned char)(column->valid[row / 8] & (bit - 1u));
  column->valid[row / 8] = is_valid ? (unsigned char)(rest | bit) : rest;
}

br_code br_column_push_f64(br_column *column, double value, br_err *err)
{
  BR_TRY(check_writable(column, BR_F64, err));
  BR_TRY(make_room(column, 1, err));
  ((double *)column->data)[column->len] = value;
  finish_row(column, true);
  return BR_OK;
}

br_code br_column_push_i64(br_column *column, int64_t value, br_err *err)
{
  BR_TRY(check_writable(column, column->type == BR_TIMESTAMP ? BR_TIMESTAMP : BR_I64, err));
  BR_TRY(make_room(column, 1, err));
  ((int64_t *)column->data)[column->len] = value;
  finish_row(column, true);
  return BR_OK;
}

br_code br_column_push_bool(br_column *column, bool value, br_err *err)
{
  BR_TRY(check_writable(column, BR_BOOL, err));
  BR_TRY(make_room(column, 1, err));
  ((unsigned char *)column->data)[column->len] = value;
  finish_row(column, true);
  return BR_OK;
}

static void finish_code(br_column *column, uint32_t code)
{
  ((uint32_t *)column->data)[column->len] = code;
  finish_row(column, true);
}

br_code br_column_push_str(br_column *column, const char *s, size_t len, br_err *err)
{
  uint32_t code = 0;
  BR_TRY(check_writable(column, BR_STR, err));
  BR_TRY(make_room(column, 1, err));
  BR_TRY(br_dict_intern(&column->dict, s, len, &code, err));
  finish_code(column, code);
  return BR_OK;
}

/* The cell of a null, at row `len`. */
static void write_blank(br_column *column)
{
  if (column->type == BR_F64)
    ((double *)column->data)[column->len] = (double)NAN;
  else
    memset((char *)column->data + column->len * br_column_cell_size(column->type), 0,
           br_column_cell_size(column->type));
}

br_code br_column_push_nulls(br_column *column, size_t n, br_err *err)
{
  if (n == 0)
    return BR_OK;
  BR_TRY(check_writable(column, column->type, err));
  BR_TRY(make_room(column, n, err));
  BR_TRY(add_bitmap(column, n, err));
  for (size_t i = 0; i < n; i++) {
    write_blank(column);
    finish_row(column, false);
  }
  return BR_OK;
}

br_code br_column_push_null(br_column *column, br_err *err)
{
  return br_column_push_nulls(column, 1, err);
}

static br_code push_str_cell(br_column *column, const br_column *from, size_t row, br_err *err)
{
  if (column->dict != from->dict) {
    size_t len = 0;
    const char *s = br_column_str(from, row, &len);
    return br_column_push_str(column, s, len, err);
  }
  BR_TRY(make_room(column, 1, err));
  finish_code(column, ((const uint32_t *)from->data)[row]);
  return BR_OK;
}

br_code br_column_push_cell(br_column *column, const br_column *from, size_t row, br_err *err)
{
  BR_TRY(check_writable(column, from->type, err));
  if (br_column_is_null(from, row))
    return br_column_push_null(column, err);
  switch (from->type) {
  case BR_F64:
    return br_column_push_f64(column, br_column_f64(from, row), err);
  case BR_I64:
  case BR_TIMESTAMP:
    return br_column_push_i64(column, br_column_i64(from, row), err);
  case BR_BOOL:
    return br_column_push_bool(column, br_column_bool(from, row), err);
  default:
    return push_str_cell(column, from, row, err);
  }
}

/* Bulk: the cells of `from` are in place behind column's; adds their validity bits. */
static br_code append_validity(br_column *column, const br_column *from, br_err *err)
{
  if (from->nulls > 0)
    BR_TRY(add_bitmap(column, from->len, err));
  if (!column->valid) {
    column->len += from->len;
    return BR_OK;
  }
  size_t rows = from->len;
  for (size_t row = 0; row < rows; row++)
    finish_row(column, !br_column_is_null(from, row));
  return BR_OK;
}

static br_code append_bytes(br_column *column, const br_column *from, br_err *err)
{
  size_t size = br_column_cell_size(column->type);
  BR_TRY(make_room(column, from->len, err));
  if (from->len)
    memcpy((char *)column->data + column->len * size, from->data, from->len * size);
  return append_validity(column, from, err);
}

#define NOT_YET UINT32_MAX

/* The code in column's dictionary of code `code` of from's, looked up once through map. */
static br_code translate(br_column *column, const br_column *from, uint32_t *map, uint32_t code,
                         br_err *err)
{
  if (map[code] != NOT_YET)
    return BR_OK;
  size_t len = 0;
  const char *s = br_dict_str(from->dict, code, &len);
  return br_dict_intern(&column->dict, s, len, &map[code], err);
}

static br_code append_codes(br_column *column, const br_column *from, uint32_t *map, br_err *err)
{
  const uint32_t *codes = br_column_codes(from);
  for (size_t row = 0; row < from->len; row++) {
    if (br_column_is_null(from, row)) {
      BR_TRY(br_column_push_null(column, err));
      continue;
    }
    BR_TRY(translate(column, from, map, codes[row], err));
    BR_TRY(make_room(column, 1, err));
    finish_code(column, map[codes[row]]);
  }
  return BR_OK;
}

static br_code append_strings(br_column *column, const br_column *from, br_err *err)
{
  size_t entries = br_dict_len(from->dict);
  uint32_t *map = br_realloc(NULL, entries, sizeof *map);
  if (!map)
    return br_fail_nomem(err);
  memset(map, 0xff, entries * sizeof *map);
  br_code code = append_codes(column, from, map, err);
  br_free(map);
  return code;
}

br_code br_column_append(br_column *column, const br_column *from, br_err *err)
{
  BR_TRY(check_writable(column, from->type, err));
  if (column->dict != from->dict)
    return append_strings(column, from, err);
  return append_bytes(column, from, err);
}
