/* Private to frame: rows in groups, and what a group becomes; for group.c, pivot.c and their helpers. */
#ifndef BR_FRAME_GROUP_INTERNAL_H
#define BR_FRAME_GROUP_INTERNAL_H

#include "frame/group.h"
#include "frame/ids.h"

/* The ids of a frame's rows by the named columns. BR_ENOTFOUND. */
br_code br_ids_of_frame(br_ids *ids, const br_frame *frame, const char *const *names, size_t n,
                        br_err *err) BR_MUST_USE;

/* The values of a column, side by side by group. Zero-initialise; end with br_values_clear. */
typedef struct br_values {
  const br_column *of; /* NULL: none yet */
  double *x;
  size_t *start; /* of each group; count + 1 of them */
} br_values;

/* Those of group k that are not null, in row order: x[start[k]] … x[start[k + 1] - 1]. What it held before
 * is given up, unless it is the same column's. */
br_code br_values_make(br_values *values, const br_ids *ids, const br_column *column,
                       br_err *err) BR_MUST_USE;
void br_values_clear(br_values *values);

/* A column with a row a group: what `aggregate` (its name is not used) makes of the column's cells.
 * values: scratch that consecutive calls for the same ids share. */
br_code br_ids_reduce(br_column **out, const br_ids *ids, br_column *column,
                      const br_aggregate *aggregate, br_values *values, br_err *err) BR_MUST_USE;

#endif
