/* Columns from columns and distinct rows; see compute.h.
 *
 * Each public function makes an empty column, hands it to a loop that pushes a cell a row, and
 * gives it away through `give`, which releases it where the loop failed. */
#include "frame/compute.h"

#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/frame_internal.h"
#include "frame/group_internal.h"
#include "frame/rows.h"

#include <math.h>
#include <string.h>

static br_code give(br_column **out, br_column *made, br_code code)
{
  if (code == BR_OK)
    *out = made;
  else
    br_column_release(made);
  return code;
}

static br_code new_column(br_column **out, br_type type, size_t rows, br_err *err)
{
  br_column *made = NULL;
  BR_TRY(br_column_new(&made, type, err));
  return give(out, made, br_column_reserve(made, rows, err));
}

static br_code check_len(const br_column *a, const br_column *b, br_err *err)
{
  if (a->len == b->len)
    return BR_OK;
  return br_fail(err, BR_EINVAL, "one column has %zu rows, the other %zu", a->len, b->len);
}

static br_code check_mask(const br_column *mask, br_err *err)
{
  if (mask->type == BR_BOOL)
    return BR_OK;
  return br_fail(err, BR_ETYPE, "the mask is a %s column, not bool", br_type_name(mask->type));
}

static br_code check_number(const br_column *column, br_err *err)
{
  if (column->type == BR_F64 || column->type == BR_I64)
    return BR_OK;
  return br_fail(err, BR_ETYPE, "the column is %s, not a number", br_type_name(column->type));
}

/* Masks. */

static br_code push_hits(br_column *mask, const br_column *column, const bool *hit, br_err *err)
{
  const uint32_t *codes = br_column_codes(column);
  for (size_t row = 0; row < column->len; row++)
    BR_TRY(br_column_push_bool(mask, !br_column_is_null(column, row) && hit[codes[row]], err));
  return BR_OK;
}

/* Looks each word up in the dictionary once. */
static br_code mark_words(br_column *mask, const br_column *column, const char *const *words,
                          size_t n, br_err *err)
{
  bool *hit = br_calloc(br_dict_len(column->dict), sizeof *hit);
  if (!hit)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++) {
    uint32_t code = 0;
    if (br_dict_find(column->dict, words[i], strlen(words[i]), &code))
      hit[code] = true;
  }
  br_code code = push_hits(mask, column, hit, err);
  br_free(hit);
  return code;
}

br_code br_column_is_in(br_column **out, const br_column *column, const char *const *words,
                        size_t n, br_err *err)
{
  br_column *mask = NULL;
  if (column->type != BR_STR)
    return br_fail(err, BR_ETYPE, "the column is %s, not string", br_type_name(column->type));
  BR_TRY(new_column(&mask, BR_BOOL, column->len, err));
  return give(out, mask, mark_words(mask, column, words, n, err));
}

static bool is_value(const br_column *column, size_t row)
{
  if (br_column_is_null(column, row))
    return false;
  return column->type != BR_F64 || !isnan(br_column_f64(column, row));
}

static br_code push_values(br_column *mask, const br_column *column, br_err *err)
{
  for (size_t row = 0; row < column->len; row++)
    BR_TRY(br_column_push_bool(mask, is_value(column, row), err));
  return BR_OK;
}

br_code br_column_is_value(br_column **out, const br_column *column, br_err *err)
{
  br_column *mask = NULL;
  BR_TRY(new_column(&mask, BR_BOOL, column->len, err));
  return give(out, mask, push_values(mask, column, err));
}

/* Rows where any is wanted: true in one; where all: true in both. A null's cell is false. */
static br_code push_both(br_column *mask, const br_column *a, const br_column *b, bool any,
                         br_err *err)
{
  for (size_t row = 0; row < a->len; row++) {
    bool x = br_column_bool(a, row);
    bool y = br_column_bool(b, row);
    BR_TRY(br_column_push_bool(mask, any ? x || y : x && y, err));
  }
  return BR_OK;
}

static br_code combine(br_column **out, const br_column *a, const br_column *b, bool any,
                       br_err *err)
{
  br_column *mask = NULL;
  BR_TRY(check_mask(a, err));
  BR_TRY(check_mask(b, err));
  BR_TRY(check_len(a, b, err));
  BR_TRY(new_column(&mask, BR_BOOL, a->len, err));
  return give(out, mask, push_both(mask, a, b, any, err));
}

br_code br_column_and(br_column **out, const br_column *a, const br_column *b, br_err *err)
{
  return combine(out, a, b, false, err);
}

br_code br_column_or(br_column **out, const br_column *a, const br_column *b, br_err *err)
{
  return combine(out, a, b, true, err);
}

static br_code push_others(br_column *to, const br_column *mask, br_err *err)
{
  for (size_t row = 0; row < mask->len; row++)
    BR_TRY(br_column_push_bool(to, !br_column_bool(mask, row), err));
  return BR_OK;
}

br_code br_column_not(br_column **out, const br_column *mask, br_err *err)
{
  br_column *made = NULL;
  BR_TRY(check_mask(mask, err));
  BR_TRY(new_column(&made, BR_BOOL, mask->len, err));
  return give(out, made, push_others(made, mask, err));
}

/* Where and fill. */

/* The type of a column in which some cells become value. */
static br_code meet(br_type *out, br_type column, const br_cell *value, br_err *err)
{
  *out = column;
  if (!value || value->type == column || (column == BR_F64 && value->type == BR_I64))
    return BR_OK;
  if (column != BR_I64 || value->type != BR_F64)
    return br_fail(err, BR_ETYPE, "a value of type %s can't stand in a %s column",
                   br_type_name(value->type), br_type_name(column));
  *out = BR_F64;
  return BR_OK;
}

static br_code push_value(br_column *to, const br_cell *value, br_err *err)
{
  if (!value)
    return br_column_push_null(to, err);
  switch (to->type) {
  case BR_F64:
    return br_column_push_f64(to, value->type == BR_F64 ? value->f64 : (double)value->i64, err);
  case BR_I64:
  case BR_TIMESTAMP:
    return br_column_push_i64(to, value->i64, err);
  case BR_BOOL:
    return br_column_push_bool(to, value->boolean, err);
  default:
    return br_column_push_str(to, value->str, value->str_len, err);
  }
}

static br_code push_where(br_column *to, const br_column *from, const br_column *mask,
                          const br_cell *value, br_err *err)
{
  BR_TRY(br_column_reserve(to, from->len, err));
  for (size_t row = 0; row < from->len; row++) {
    if (br_column_bool(mask, row))
      BR_TRY(br_column_push_cell(to, from, row, err));
    else
      BR_TRY(push_value(to, value, err));
  }
  return BR_OK;
}

br_code br_column_where(br_column **out, br_column *column, const br_column *mask,
                        const br_cell *value, br_err *err)
{
  br_type type = column->type;
  br_column *from = NULL;
  br_column *made = NULL;
  BR_TRY(check_mask(mask, err));
  BR_TRY(check_len(column, mask, err));
  BR_TRY(meet(&type, column->type, value, err));
  BR_TRY(br_column_cast(&from, column, type, BR_CAST_STRICT, err));
  br_code code = br_column_new_like(&made, from, err);
  if (code == BR_OK)
    code = give(out, made, push_where(made, from, mask, value, err));
  br_column_release(from);
  return code;
}

static bool all_values(const br_column *column)
{
  if (column->nulls > 0)
    return false;
  for (size_t row = 0; row < column->len; row++) {
    if (!is_value(column, row))
      return false;
  }
  return true;
}

static void set_cell(br_column *column, size_t row, const br_cell *value)
{
  if (column->type == BR_BOOL)
    ((unsigned char *)column->data)[row] = value->boolean;
  else if (column->type != BR_F64)
    ((int64_t *)column->data)[row] = value->i64;
  else
    ((double *)column->data)[row] = value->type == BR_F64 ? value->f64 : (double)value->i64;
}

/* The same cells but those without a value; for the types whose cells lie in the column. */
static br_code fill_cells(br_column **out, const br_column *column, const br_cell *value,
                          br_err *err)
{
  br_column *made = NULL;
  BR_TRY(new_column(&made, column->type, column->len, err));
  BR_TRY(give(&made, made, br_column_append(made, column, err)));
  for (size_t row = 0; row < column->len; row++) {
    if (!is_value(column, row))
      set_cell(made, row, value);
  }
  br_free(made->valid);
  made->valid = NULL;
  made->valid_cap = made->nulls = 0;
  *out = made;
  return BR_OK;
}

br_code br_column_fill(br_column **out, br_column *column, const br_cell *value, br_err *err)
{
  br_column *mask = NULL;
  br_type type = column->type;
  BR_TRY(meet(&type, column->type, value, err));
  if (all_values(column)) {
    *out = br_column_retain(column);
    return BR_OK;
  }
  if (value && type == column->type && type != BR_STR)
    return fill_cells(out, column, value, err);
  BR_TRY(br_column_is_value(&mask, column, err));
  br_code code = br_column_where(out, column, mask, value, err);
  br_column_release(mask);
  return code;
}

/* Numbers. */

static double limited(double x, double lo, double hi)
{
  if (x < lo)
    return lo;
  return x > hi ? hi : x;
}

static br_code push_clipped(br_column *to, const br_column *from, double lo, double hi, br_err *err)
{
  for (size_t row = 0; row < from->len; row++) {
    if (br_column_is_null(from, row))
      BR_TRY(br_column_push_null(to, err));
    else
      BR_TRY(br_column_push_f64(to, limited(br_column_number(from, row), lo, hi), err));
  }
  return BR_OK;
}

br_code br_column_clip(br_column **out, const br_column *column, double lo, double hi, br_err *err)
{
  br_column *made = NULL;
  BR_TRY(check_number(column, err));
  if (!(lo <= hi))
    return br_fail(err, BR_EINVAL, "can't clip to between %g and %g", lo, hi);
  BR_TRY(new_column(&made, BR_F64, column->len, err));
  return give(out, made, push_clipped(made, column, lo, hi, err));
}

/* -INT64_MIN is a double, INT64_MAX is not; a NaN is in no range. */
static br_code push_whole(br_column *to, double x, br_err *err)
{
  double whole = trunc(x);
  if (!(whole >= (double)INT64_MIN && whole < -(double)INT64_MIN))
    return br_column_push_null(to, err);
  return br_column_push_i64(to, (int64_t)whole, err);
}

static br_code push_truncated(br_column *to, const br_column *from, br_err *err)
{
  for (size_t row = 0; row < from->len; row++) /* a null's cell is NaN */
    BR_TRY(push_whole(to, br_column_f64(from, row), err));
  return BR_OK;
}

br_code br_column_truncate(br_column **out, br_column *column, br_err *err)
{
  br_column *made = NULL;
  BR_TRY(check_number(column, err));
  if (column->type == BR_I64) {
    *out = br_column_retain(column);
    return BR_OK;
  }
  BR_TRY(new_column(&made, BR_I64, column->len, err));
  return give(out, made, push_truncated(made, column, err));
}

br_code br_column_nulls(br_column **out, br_type type, size_t n, br_err *err)
{
  br_column *made = NULL;
  BR_TRY(br_column_new(&made, type, err));
  return give(out, made, br_column_push_nulls(made, n, err));
}

/* Distinct rows. */

/* The row that counts of each id, in a flag a row. */
static void flag_distinct(unsigned char *flags, uint32_t *counts, const br_ids *ids, br_keep keep)
{
  memset(flags, 0, ids->n);
  if (keep == BR_KEEP_FIRST) {
    br_ids_first(counts, ids);
  } else {
    for (size_t row = 0; row < ids->n; row++)
      counts[ids->id[row]] = (uint32_t)row;
  }
  for (size_t i = 0; i < ids->count && ids->n > 0; i++)
    flags[counts[i]] = 1;
}

/* *flags: a byte of 0 or 1 a row, to br_free. */
static br_code find_distinct(unsigned char **flags, const br_frame *frame, const br_ids *ids,
                             br_keep keep, br_err *err)
{
  uint32_t *counts = br_chunk_alloc(ids->count * sizeof *counts);
  *flags = br_chunk_alloc(br_frame_nrow(frame));
  if (counts && *flags)
    flag_distinct(*flags, counts, ids, keep);
  br_code code = counts && *flags ? BR_OK : br_fail_nomem(err);
  br_free(counts);
  return code;
}

static br_code make_distinct(unsigned char **flags, const br_frame *frame, const char *const *keys,
                             size_t nkeys, br_keep keep, br_err *err)
{
  br_ids ids = {0};
  *flags = NULL;
  br_code code = br_ids_of_frame(&ids, frame, keys, nkeys, err);
  if (code == BR_OK)
    code = find_distinct(flags, frame, &ids, keep, err);
  br_ids_clear(&ids);
  return code;
}

br_code br_frame_is_distinct(br_column **out, const br_frame *frame, const char *const *keys,
                             size_t nkeys, br_keep keep, br_err *err)
{
  unsigned char *flags = NULL;
  br_code code = make_distinct(&flags, frame, keys, nkeys, keep, err);
  br_column_parts parts = {.cells = flags, .len = br_frame_nrow(frame)};
  if (code == BR_OK)
    code = br_column_adopt(out, BR_BOOL, &parts, err);
  if (code != BR_OK)
    br_free(flags);
  return code;
}

br_code br_frame_distinct(br_frame **out, const br_frame *frame, const char *const *keys,
                          size_t nkeys, br_keep keep, br_err *err)
{
  size_t n = 0;
  uint32_t *rows = NULL;
  unsigned char *flags = NULL;
  br_code code = make_distinct(&flags, frame, keys, nkeys, keep, err);
  if (code == BR_OK)
    code = br_rows_flagged(&rows, &n, flags, br_frame_nrow(frame), err);
  br_free(flags);
  if (code == BR_OK)
    code = br_rows_take_frame(out, frame, (br_rows){rows, n}, err);
  br_free(rows);
  return code;
}
