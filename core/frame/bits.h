/* Private to frame: bitmaps of validity in bulk. */
#ifndef BR_FRAME_BITS_H
#define BR_FRAME_BITS_H

#include <stddef.h>

/* Copies bits first … first + n - 1 of `from` (NULL: all are set) to bits at … of `to`, which are 0 so far.
 * Returns how many of them are 0. */
size_t br_bits_copy(unsigned char *to, size_t at, const unsigned char *from, size_t first,
                    size_t n);

#endif
