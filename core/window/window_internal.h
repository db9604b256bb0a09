/* Private to window: groups of rows, and columns that are written row by row in any order. */
#ifndef BR_WINDOW_WINDOW_INTERNAL_H
#define BR_WINDOW_WINDOW_INTERNAL_H

#include "window/window.h"

struct br_window_groups {
  size_t nrow;
  size_t count;
  size_t *id;    /* of each row, below count */
  size_t *start; /* count + 1 of them */
  size_t *row;   /* of group k ascending: row[start[k]] … row[start[k + 1] - 1] */
};

/* The rows of one group. */
typedef struct br_window_span {
  const size_t *row; /* n of them, ascending; NULL: 0 … n - 1 */
  size_t n;
} br_window_span;

static inline size_t br_window_span_row(const br_window_span *span, size_t i)
{
  return span->row ? span->row[i] : i;
}

typedef br_code (*br_window_span_visit)(void *context, const br_window_span *span, br_err *err);

/* Visits each group of nrow rows. */
br_code br_window_each(const br_window_groups *groups, size_t nrow, br_window_span_visit visit,
                       void *context, br_err *err) BR_MUST_USE;

/* A column to be: every row is null until it is set. Of f64 and i64 only. */
typedef struct br_target {
  br_column_parts parts;
  br_type type;
} br_target;

br_code br_target_start(br_target *target, br_type type, size_t nrow, br_err *err) BR_MUST_USE;
void br_target_f64(br_target *target, size_t row, double value);
void br_target_i64(br_target *target, size_t row, int64_t value);
/* Ends the target: the column, where code is BR_OK. Returns code, or BR_ENOMEM. */
br_code br_target_give(br_column **out, br_target *target, br_code code, br_err *err) BR_MUST_USE;

/* BR_ETYPE where a column holds strings; one of nulls only is fine. */
br_code br_window_check_number(const br_column *column, br_err *err) BR_MUST_USE;

#endif
