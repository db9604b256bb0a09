/* Array growth; see vec.h. */
#include "base/vec.h"

#include <string.h>

br_code br_vec_reserve_bytes(void *data, size_t *cap, size_t need, size_t elem, br_err *err)
{
  if (need <= *cap)
    return BR_OK;
  size_t grown = *cap * 2;
  if (grown < need) /* so it is, too, when doubling wraps around */
    grown = need;
  if (grown < 8)
    grown = 8;
  void *p;
  memcpy(&p, data, sizeof p);
  p = br_realloc(p, grown, elem);
  if (!p)
    return br_fail_nomem(err);
  memcpy(data, &p, sizeof p);
  *cap = grown;
  return BR_OK;
}
