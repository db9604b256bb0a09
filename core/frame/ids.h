/* Private to frame: rows that agree on key columns, as dense numbers; what join, group and pivot
 * stand on.
 *
 * Two cells agree when both are null or both hold the same value: -0.0 is 0.0, any NaN is any NaN.
 */
#ifndef BR_FRAME_IDS_H
#define BR_FRAME_IDS_H

#include "frame/column.h"

/* Zero-initialise; end with br_ids_clear, also after a failure. */
typedef struct br_ids {
  size_t *id;   /* of each row, below count, numbered in order of first appearance */
  size_t n;     /* rows */
  size_t count; /* distinct ones; 1 where there are no key columns, also for 0 rows */
} br_ids;

/* A set of key columns, all of the same length. */
typedef struct br_keys {
  br_column *const *columns;
  size_t nrow;
} br_keys;

/* Ids over `ncolumns` key columns of a and, where b is not NULL, of b: b's rows stand behind a's,
 * and a row of one and a row of the other that agree have one id. Columns must be of the same type
 * pairwise. BR_ENOMEM; BR_ERANGE from 2^32 rows. */
br_code br_ids_make(br_ids *out, const br_keys *a, const br_keys *b, size_t ncolumns,
                    br_err *err) BR_MUST_USE;
void br_ids_clear(br_ids *ids);

/* The rows of each number below count: of number k, row[start[k]] … row[start[k+1] - 1], ascending.
 * Zero-initialise; end with br_buckets_clear, also after a failure. */
typedef struct br_buckets {
  size_t *start; /* count + 1 of them */
  size_t *row;
} br_buckets;

br_code br_buckets_make(br_buckets *out, const size_t *number, size_t n, size_t count,
                        br_err *err) BR_MUST_USE;
void br_buckets_clear(br_buckets *buckets);

#endif
