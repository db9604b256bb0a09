/* Columns made from columns, cell by cell, and rows told apart by keys: what reports need beyond
 * filter, join and group.
 *
 * A mask is a bool column; a null in it counts as false, and the masks made here hold none.
 * Masks, columns and frames that belong together have as many rows (BR_EINVAL). Every function is
 * defined for 0 rows and leaves what it is given unchanged. */
#ifndef BR_FRAME_COMPUTE_H
#define BR_FRAME_COMPUTE_H

#include "frame/frame.h"

/* Mask of the rows whose string is one of words[0..n), NUL-terminated; a null is none of them.
 * BR_ETYPE when the column is not string. */
br_code br_column_is_in(br_column **out, const br_column *column, const char *const *words,
                        size_t n, br_err *err) BR_MUST_USE;

/* Mask of the rows that hold a value: no null and no NaN. */
br_code br_column_is_value(br_column **out, const br_column *column, br_err *err) BR_MUST_USE;

/* Masks of both, of either, of all others. BR_ETYPE when one is not bool. */
br_code br_column_and(br_column **out, const br_column *a, const br_column *b,
                      br_err *err) BR_MUST_USE;
br_code br_column_or(br_column **out, const br_column *a, const br_column *b,
                     br_err *err) BR_MUST_USE;
br_code br_column_not(br_column **out, const br_column *mask, br_err *err) BR_MUST_USE;

/* The column where mask is true, elsewhere value; value NULL is null. The type is the column's, but
 * i64 and an f64 value meet as f64; any other difference of types is BR_ETYPE. An i64 value in an
 * f64 column becomes the nearest double. */
br_code br_column_where(br_column **out, br_column *column, const br_column *mask,
                        const br_cell *value, br_err *err) BR_MUST_USE;

/* The column with value in place of nulls and NaN: as br_column_where of br_column_is_value, but a
 * column without any is returned as it is, an i64 stays i64. */
br_code br_column_fill(br_column **out, br_column *column, const br_cell *value,
                       br_err *err) BR_MUST_USE;

/* An f64 column in which numbers below lo are lo and those above hi are hi; nulls and NaN stay. No
 * limit: -INFINITY, INFINITY. BR_ETYPE unless the column is f64 or i64; BR_EINVAL for a NaN limit
 * or lo > hi. */
br_code br_column_clip(br_column **out, const br_column *column, double lo, double hi,
                       br_err *err) BR_MUST_USE;

/* An i64 column: an f64's cells without their fraction (8.7 and 8.0 give 8, -8.7 gives -8); null
 * for NaN and what does not fit. BR_ETYPE unless the column is f64 or i64. */
br_code br_column_truncate(br_column **out, br_column *column, br_err *err) BR_MUST_USE;

/* A column of n nulls. */
br_code br_column_nulls(br_column **out, br_type type, size_t n, br_err *err) BR_MUST_USE;

/* Of rows that agree on all keys, which one counts. Cells agree as in group_by: null with null, NaN
 * with NaN. Without keys all rows agree. */
typedef enum br_keep { BR_KEEP_FIRST, BR_KEEP_LAST } br_keep;
/* Mask of the rows that count. */
br_code br_frame_is_distinct(br_column **out, const br_frame *frame, const char *const *keys,
                             size_t nkeys, br_keep keep, br_err *err) BR_MUST_USE;
/* The rows that count, in order. */
br_code br_frame_distinct(br_frame **out, const br_frame *frame, const char *const *keys,
                          size_t nkeys, br_keep keep, br_err *err) BR_MUST_USE;

#endif
