/* A frame: named columns of equal length, in order.
 *
 * Ownership: br_frame_new and every `br_frame **out` hands the caller a frame to br_frame_free. A
 * frame holds references on its columns; operations share columns where they can (select, rename,
 * drop, copy cost no cells) and never change the frame they are given, unless they take a non-const
 * br_frame. Column names are byte strings without NUL, unique within a frame. Every operation is
 * defined for 0 rows and 0 columns. Row numbers start at 0. An unknown column is BR_ENOTFOUND and
 * the message names a near one, if there is one. */
#ifndef BR_FRAME_FRAME_H
#define BR_FRAME_FRAME_H

#include "frame/column.h"

typedef struct br_frame br_frame;

br_code br_frame_new(br_frame **out, br_err *err) BR_MUST_USE;
void br_frame_free(br_frame *frame); /* NULL is fine */
br_code br_frame_copy(br_frame **out, const br_frame *frame, br_err *err) BR_MUST_USE;

size_t br_frame_nrow(const br_frame *frame);
size_t br_frame_ncol(const br_frame *frame);
const char *br_frame_name(const br_frame *frame,
                          size_t column); /* borrowed until the frame changes */
br_column *br_frame_column(const br_frame *frame, size_t column); /* borrowed; retain to keep */
br_code br_frame_find(const br_frame *frame, const char *name, size_t *column,
                      br_err *err) BR_MUST_USE;
bool br_frame_has(const br_frame *frame, const char *name);

/* Adds or replaces a column; the frame takes its own reference. BR_EINVAL when the length differs
 * from the other columns'. name must not point into the frame unless it is one of its columns'. */
br_code br_frame_set(br_frame *frame, const char *name, br_column *column, br_err *err) BR_MUST_USE;

/* The named columns, in that order. BR_EEXIST for a name given twice. */
br_code br_frame_select(br_frame **out, const br_frame *frame, const char *const *names, size_t n,
                        br_err *err) BR_MUST_USE;
/* All but the named columns. */
br_code br_frame_drop(br_frame **out, const br_frame *frame, const char *const *names, size_t n,
                      br_err *err) BR_MUST_USE;
/* Renames from[i] to to[i], all at once (a swap works). BR_EEXIST when two columns end with one
 * name. */
br_code br_frame_rename(br_frame **out, const br_frame *frame, const char *const *from,
                        const char *const *to, size_t n, br_err *err) BR_MUST_USE;

/* The rows listed, in that order, repeats allowed; BR_COLUMN_NULL_ROW gives a row of nulls.
 * BR_ERANGE for a row past the end. */
br_code br_frame_take(br_frame **out, const br_frame *frame, const size_t *rows, size_t n,
                      br_err *err) BR_MUST_USE;
/* Rows first … first+n-1, cut at the end of the frame. */
br_code br_frame_slice(br_frame **out, const br_frame *frame, size_t first, size_t n,
                       br_err *err) BR_MUST_USE;

typedef enum br_op { BR_EQ, BR_NE, BR_LT, BR_LE, BR_GT, BR_GE, BR_IS_NULL, BR_NOT_NULL } br_op;
typedef struct br_cell { /* a constant to compare with */
  br_type type;
  double f64;
  int64_t i64;
  bool boolean;
  const char *str;
  size_t str_len;
} br_cell;
/* Rows where `column op value` holds, in order. A null cell or a NaN satisfies nothing but IS_NULL
 * (null) and NE (NaN). Numbers compare across f64, i64 and bool; number against string is BR_ETYPE.
 * A timestamp compares with a timestamp (in i64) or a string that reads as one.
 * value is ignored by IS_NULL and NOT_NULL. */
br_code br_frame_filter(br_frame **out, const br_frame *frame, const char *column, br_op op,
                        const br_cell *value, br_err *err) BR_MUST_USE;
/* Rows where the bool column is true (null is not). BR_EINVAL when its length is not nrow. */
br_code br_frame_filter_mask(br_frame **out, const br_frame *frame, const br_column *mask,
                             br_err *err) BR_MUST_USE;

typedef struct br_sort_key {
  const char *name;
  bool descending;
} br_sort_key;
/* Stable; nulls last in either direction, NaN just before them. */
br_code br_frame_sort(br_frame **out, const br_frame *frame, const br_sort_key *keys, size_t n,
                      br_err *err) BR_MUST_USE;

typedef enum br_join_kind {
  BR_JOIN_INNER, /* rows that agree */
  BR_JOIN_LEFT,  /* and left rows without a match, with nulls */
  BR_JOIN_RIGHT, /* as LEFT from the right side's view: its rows, in its order, then left's */
  BR_JOIN_OUTER, /* as LEFT, then the right rows without a match, in their order */
  BR_JOIN_SEMI,  /* left rows that have a match, once each, with the left's columns */
  BR_JOIN_ANTI,  /* left rows that have none */
} br_join_kind;
typedef struct br_join {
  const char *const *keys; /* columns of left; none: every row meets every row */
  size_t nkeys;
  br_join_kind kind;
  const char *suffix;
  const char *const *right_keys; /* what they are called in right; NULL: the same */
} br_join;
/* Rows of left with the rows of right that agree on all keys, in left's order, then right's.
 * Columns: the left's, then the right's without the keys; a right name that the left has too gets
 * `suffix` behind it (BR_EEXIST if that is taken as well). Key cells are the left's, and the right's
 * where there is no left row. A null key matches nothing. i64 and f64 keys meet where their numbers are
 * equal, exactly, and as f64 in a key column with cells of both (RIGHT, OUTER); a key of nulls
 * only (or of no rows) meets any type; other keys of different type are BR_ETYPE. BR_ERANGE where the
 * result would have 2^32 - 1 rows or more, or would not fit the machine's memory. */
br_code br_frame_join(br_frame **out, const br_frame *left, const br_frame *right,
                      const br_join *spec, br_err *err) BR_MUST_USE;

/* Rows of all frames below each other. Columns are matched by name, in order of first appearance; a
 * frame without one gives nulls; i64 and f64 meet as f64, a column of nulls only (or of no rows)
 * meets any type, any other difference of types is BR_ETYPE. */
br_code br_frame_concat(br_frame **out, const br_frame *const *frames, size_t n,
                        br_err *err) BR_MUST_USE;

#endif
