/* Private to frame: rows that agree on key columns, as dense numbers; what group, pivot and distinct
 * stand on.
 *
 * Two cells agree when both are null or both hold the same value: -0.0 is 0.0, any NaN is any NaN.
 */
#ifndef BR_FRAME_IDS_H
#define BR_FRAME_IDS_H

#include "frame/chunk.h"
#include "frame/column.h"
#include "frame/pack.h"

/* Zero-initialise; end with br_ids_clear, also after a failure. Lives no longer than the key columns:
 * where these number the rows already, id is theirs. */
typedef struct br_ids {
  const uint32_t *id; /* of each row, below count, numbered in order of first appearance */
  size_t n;           /* rows */
  size_t count;       /* distinct ones; 1 where there are no key columns, also for 0 rows */
  uint32_t *owned;    /* id, or NULL where it is borrowed */
} br_ids;

/* Ids over `ncolumns` key columns of a and, where b is not NULL, of b: b's rows stand behind a's,
 * and a row of one and a row of the other that agree have one id. Columns must be of the same type
 * pairwise, or i64 and f64. BR_ENOMEM; BR_ERANGE from 2^32 - 1 rows. */
br_code br_ids_make(br_ids *out, const br_keys *a, const br_keys *b, size_t ncolumns,
                    br_err *err) BR_MUST_USE;
/* The same over n numbers below 2^bits, a pair of them each: x * bound + y. */
br_code br_ids_pair(br_ids *out, const br_ids *x, const br_ids *y, br_err *err) BR_MUST_USE;
void br_ids_clear(br_ids *ids);

/* The first row of each id, count of them; BR_NO_ROW where there are no rows. */
void br_ids_first(uint32_t *first, const br_ids *ids);
/* How many rows have each id, count of them. */
void br_ids_sizes(uint32_t *sizes, const br_ids *ids);

#endif
