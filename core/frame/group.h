/* Group-by and pivot: rows that agree on key columns, reduced to a cell.
 *
 * A kernel is a plain function over doubles, so that the frame needs no statistics of its own;
 * those of core/stats fit. Groups stand in order of first appearance; null is a key value like any
 * other. Groups are reduced on all cores; results don't depend on how many there are. */
#ifndef BR_FRAME_GROUP_H
#define BR_FRAME_GROUP_H

#include "frame/frame.h"

/* x: the group's non-null values in row order, n ≥ 0 of them; a timestamp in seconds since 1970. Called
 * from several threads at once. */
typedef br_code (*br_reduce)(const double *x, size_t n, const void *context, double *out,
                             br_err *err);

/* What a group becomes. Those that pick a cell keep the column's type and give null where there is
 * none; those that count give i64. Nulls are left out but by SIZE. */
typedef enum br_aggregate_kind {
  BR_AGG_KERNEL, /* what reduce makes of the values, f64; reduce NULL: as FIRST */
  BR_AGG_FIRST,
  BR_AGG_LAST,
  /* The least cell, the greatest, the most frequent (of these the least). Given a reduce, numbers and
   * bools are left to it. */
  BR_AGG_MIN,
  BR_AGG_MAX,
  BR_AGG_MODE,
  BR_AGG_COUNT,
  BR_AGG_NUNIQUE, /* different cells; any NaN is one */
  BR_AGG_SIZE,    /* rows, nulls among them */
} br_aggregate_kind;

typedef struct br_aggregate {
  const char *column; /* under KERNEL a number, bool or timestamp column, else of any type */
  const char *name;   /* of the result column */
  br_reduce reduce;
  const void *context;
  br_aggregate_kind kind;
} br_aggregate;

typedef struct br_grouping {
  const char *const *keys;
  size_t nkeys;
  const br_aggregate *aggregates;
  size_t naggregates;
} br_grouping;

/* One row a group: the keys, then a column per aggregate. No keys: one group of all rows (one row, also
 * for 0 rows). A string column under a reduce is BR_ETYPE, unless all of it is null. BR_EEXIST when two
 * result columns have one name. A failing reduce ends the whole. */
br_code br_frame_group_by(br_frame **out, const br_frame *frame, const br_grouping *spec,
                          br_err *err) BR_MUST_USE;

/* The number of each row's group, from 1, in order of first appearance: an i64 column. */
br_code br_frame_group_ids(br_column **out, const br_frame *frame, const char *const *keys,
                           size_t nkeys, br_err *err) BR_MUST_USE;
/* The first n rows of each group, or the last n, in the order of the frame. */
br_code br_frame_group_head(br_frame **out, const br_frame *frame, const char *const *keys,
                            size_t nkeys, size_t n, br_err *err) BR_MUST_USE;
br_code br_frame_group_tail(br_frame **out, const br_frame *frame, const char *const *keys,
                            size_t nkeys, size_t n, br_err *err) BR_MUST_USE;

typedef struct br_pivot {
  const char *const *index; /* columns that name a row of the result */
  size_t nindex;
  const char *columns; /* its values become column names (numbers as text, null as "null") */
  const char *values;
  br_reduce reduce; /* these as in br_aggregate */
  const void *context;
  br_aggregate_kind kind;
} br_pivot;

/* Long to wide: one row per distinct index, one column per distinct value of `columns`, both in
 * order of first appearance; a combination without rows is null. BR_EEXIST when a new name is an
 * index's; BR_EPARSE when a string with a NUL would become a name; BR_ERANGE when the result would not
 * fit the machine's memory. */
br_code br_frame_pivot(br_frame **out, const br_frame *frame, const br_pivot *spec,
                       br_err *err) BR_MUST_USE;

#endif
