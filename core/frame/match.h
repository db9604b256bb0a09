/* Private to frame: which rows of one frame agree on keys with which of another; what join stands on. */
#ifndef BR_FRAME_MATCH_H
#define BR_FRAME_MATCH_H

#include "frame/chunk.h"
#include "frame/pack.h"

/* Left row i agrees with count[i] right rows, sorted[first[i]] and so on, ascending; first means nothing
 * where there are none. Zero-initialise; end with br_match_clear, also after a failure. */
typedef struct br_match {
  uint32_t *first;
  uint32_t *count;
  uint32_t *sorted;
} br_match;

/* Key columns must be of one type pairwise, or i64 and f64, which agree where their numbers do, exactly. A
 * null agrees with nothing. Without columns every row agrees with every row. BR_ENOMEM; BR_ERANGE from
 * 2^32 - 1 rows on a side. */
br_code br_match_make(br_match *out, const br_keys *left, const br_keys *right, size_t ncolumns,
                      br_err *err) BR_MUST_USE;
void br_match_clear(br_match *match);

#endif
