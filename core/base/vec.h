/* Growing arrays without a macro language: the caller keeps pointer, length and capacity in its own
 * struct, br_vec_reserve makes room.
 *
 *     BR_TRY(br_vec_reserve(&v->data, &v->cap, v->len + 1, err));
 *     v->data[v->len++] = x;
 */
#ifndef BR_BASE_VEC_H
#define BR_BASE_VEC_H

#include "base/mem.h"

/* Returns from the calling function when expr is not BR_OK. For functions with nothing to release.
 */
#define BR_TRY(expr)                                                                               \
  do {                                                                                             \
    br_code br_try_code_ = (expr);                                                                 \
    if (br_try_code_ != BR_OK)                                                                     \
      return br_try_code_;                                                                         \
  } while (0)

/* Makes room for need elements, at least doubling. data: T **; cap: size_t *. BR_ENOMEM leaves all
 * as is. */
#define br_vec_reserve(data, cap, need, err)                                                       \
  br_vec_reserve_bytes((data), (cap), (need), sizeof **(data), (err))

/* The same for elements of elem bytes. data points to the array's pointer, of any type. */
br_code br_vec_reserve_bytes(void *data, size_t *cap, size_t need, size_t elem,
                             br_err *err) BR_MUST_USE;

#endif
