/* Private to frame: rows with a 64-bit key each, split into parts by a digit of the key; what sorting,
 * numbering and joining of many rows stand on. */
#ifndef BR_FRAME_RADIX_H
#define BR_FRAME_RADIX_H

#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* 12 bytes: the key is a number in the machine's order, not aligned. */
typedef struct br_item {
  uint32_t row;
  unsigned char key[8];
} br_item;

static inline uint64_t br_item_key(const br_item *item)
{
  uint64_t key = 0;
  memcpy(&key, item->key, sizeof key);
  return key;
}

static inline void br_item_set(br_item *item, uint64_t key, uint32_t row)
{
  memcpy(item->key, &key, sizeof key);
  item->row = row;
}

#define BR_ITEM_BLOCK 512  /* the most that are filled at once */
#define BR_RADIX_WAYS 1024 /* the most parts: more would not stay in the caches while they fill */

/* Writes items first … first + n - 1 of a source. */
typedef void (*br_item_fill)(br_item *out, const void *source, size_t first, size_t n);

typedef struct br_radix {
  br_item_fill fill;
  const void *source;
  size_t n;
  uint64_t least; /* part of an item: (key - least) >> shift, below ways */
  unsigned shift;
  size_t ways;
  br_item *to;   /* n of them; not where the source lies */
  size_t *start; /* ways + 1: where each part begins */
} br_radix;

/* Stable. The source is read twice. */
br_code br_radix_split(const br_radix *split, br_err *err) BR_MUST_USE;

/* A fill for a source that is an array of items. */
void br_item_copy(br_item *out, const void *source, size_t first, size_t n);

/* A bijection of 64-bit numbers whose results look random in every bit. */
static inline uint64_t br_radix_mix(uint64_t x)
{
  x ^= x >> 32;
  x *= UINT64_C(0xd6e8feb86659fd93);
  x ^= x >> 32;
  x *= UINT64_C(0xd6e8feb86659fd93);
  return x ^ x >> 32;
}

#endif
