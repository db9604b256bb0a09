/* Bitmaps of validity; see bits.h. Whole bytes of the target are put together from the two of the source that
 * they lie across; the bits before and behind them go one by one. */
#include "frame/bits.h"

static unsigned byte_at(const unsigned char *from, size_t bit)
{
  size_t at = bit / 8;
  unsigned skip = bit % 8;
  if (skip == 0)
    return from[at];
  return ((unsigned)from[at] >> skip | (unsigned)from[at + 1] << (8 - skip)) & 0xff;
}

static size_t copy_bit(unsigned char *to, size_t at, const unsigned char *from, size_t bit)
{
  unsigned set = from ? ((unsigned)from[bit / 8] >> (bit % 8)) & 1u : 1u;
  to[at / 8] = (unsigned char)(to[at / 8] | set << (at % 8));
  return set;
}

size_t br_bits_copy(unsigned char *to, size_t at, const unsigned char *from, size_t first, size_t n)
{
  size_t set = 0;
  size_t i = 0;
  for (; i < n && (at + i) % 8; i++)
    set += copy_bit(to, at + i, from, first + i);
  for (; n - i >= 8; i += 8) {
    unsigned byte = from ? byte_at(from, first + i) : 0xff;
    to[(at + i) / 8] = (unsigned char)byte;
    set += (size_t)__builtin_popcount(byte);
  }
  for (; i < n; i++)
    set += copy_bit(to, at + i, from, first + i);
  return n - set;
}
