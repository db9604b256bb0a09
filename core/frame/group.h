/* Group-by and pivot: rows that agree on key columns, reduced by a kernel.
 *
 * A kernel is a plain function over doubles, so that the frame needs no statistics of its own;
 * those of core/stats fit. Groups stand in order of first appearance; null is a key value like any
 * other. */
#ifndef BR_FRAME_GROUP_H
#define BR_FRAME_GROUP_H

#include "frame/frame.h"

/* x: the group's non-null values in row order, n ≥ 0 of them. */
typedef br_code (*br_reduce)(const double *x, size_t n, const void *context, double *out,
                             br_err *err);

typedef struct br_aggregate {
  const char *column; /* a number or bool column; any type for br_reduce NULL */
  const char *name;   /* of the result column */
  br_reduce reduce;   /* NULL: the first non-null cell, keeping the column's type */
  const void *context;
} br_aggregate;

typedef struct br_grouping {
  const char *const *keys;
  size_t nkeys;
  const br_aggregate *aggregates;
  size_t naggregates;
} br_grouping;

/* One row a group: the keys, then a column per aggregate (f64). No keys: one group of all rows (one
 * row, also for 0 rows). A string column under a reduce is BR_ETYPE, unless all of it is null.
 * BR_EEXIST when two result columns have one name. A failing reduce ends the whole. */
br_code br_frame_group_by(br_frame **out, const br_frame *frame, const br_grouping *spec,
                          br_err *err) BR_MUST_USE;

typedef struct br_pivot {
  const char *const *index; /* columns that name a row of the result */
  size_t nindex;
  const char *columns; /* its values become column names (numbers as text, null as "null") */
  const char *values;
  br_reduce reduce; /* as in br_aggregate */
  const void *context;
} br_pivot;

/* Long to wide: one row per distinct index, one column per distinct value of `columns`, both in
 * order of first appearance; a combination without rows is null. BR_EEXIST when a new name is an
 * index's; BR_EPARSE when a string with a NUL would become a name. */
br_code br_frame_pivot(br_frame **out, const br_frame *frame, const br_pivot *spec,
                       br_err *err) BR_MUST_USE;

#endif
