/* The known name that a misspelt one most likely means. */
#ifndef BR_BASE_NEAREST_H
#define BR_BASE_NEAREST_H

#include <stddef.h>

/* Index of the candidate with the least edit distance to name (optimal string alignment:
 * insertions, deletions, substitutions, swaps of neighbours; letters' case does not count), or n
 * when none is within a third of the name's length (at least 1) or none shares a letter with it.
 * Among equals the first. Names over 64 bytes are never near. Borrows all, allocates nothing. Source: Damerau (1964), restricted form. */
size_t br_nearest(const char *name, const char *const *candidates, size_t n);

#endif
