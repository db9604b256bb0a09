/* Private to frame: rows in groups, and what a group becomes; for group.c and pivot.c. */
#ifndef BR_FRAME_GROUP_INTERNAL_H
#define BR_FRAME_GROUP_INTERNAL_H

#include "frame/group.h"
#include "frame/ids.h"

/* Zero-initialise; end with br_groups_clear, also after a failure. */
typedef struct br_groups {
  br_ids ids;
  br_buckets rows; /* by group */
  size_t *first;   /* row of each group; BR_COLUMN_NULL_ROW for the one group of no rows */
} br_groups;

/* Groups of the rows that agree on the columns, in order of first appearance. */
br_code br_groups_make(br_groups *out, br_column *const *columns, size_t ncolumns, size_t nrow,
                       br_err *err) BR_MUST_USE;
void br_groups_clear(br_groups *groups);

/* A column with a row a group: what `aggregate` (its name is not used) makes of the values. */
br_code br_groups_reduce(br_column **out, const br_groups *groups, const br_column *values,
                         const br_aggregate *aggregate, br_err *err) BR_MUST_USE;

#endif
