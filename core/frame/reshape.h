/* Frames of another shape: wide to long, and a sample of rows. Long to wide is the pivot of group.h. */
#ifndef BR_FRAME_RESHAPE_H
#define BR_FRAME_RESHAPE_H

#include "frame/frame.h"

typedef struct br_melt {
  const char *const *ids; /* columns that stay beside each value */
  size_t nids;
  const char *const *columns; /* columns whose cells become values */
  size_t ncolumns;
  const char *name;  /* of the column that names where a value came from */
  const char *value; /* of the column of values */
} br_melt;

/* Wide to long: one row for each row and each of `columns`, all rows of the first column first. The id
 * columns come first, then `name` (strings), then `value`. The values have the type that all of
 * `columns` have; i64 and f64 meet as f64; a column of nulls only (or of no rows) meets any type; any
 * other difference is BR_ETYPE and names both columns. Without `columns` the result has no rows.
 * BR_ENOTFOUND; BR_EEXIST when two columns of the result would have one name. */
br_code br_frame_melt(br_frame **out, const br_frame *frame, const br_melt *spec,
                      br_err *err) BR_MUST_USE;

typedef struct br_sample {
  size_t n; /* rows wanted */
  uint64_t seed;
  bool replace; /* a row may be drawn more than once */
} br_sample;

/* n rows drawn at random, each set of n rows as likely as any other, in the frame's order. The same
 * seed gives the same rows on every machine. BR_EINVAL for more rows than there are without replace,
 * or for any from a frame of none.
 * Source: xoshiro256** seeded by splitmix64 (Blackman & Vigna, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 47, 2021); selection sampling, algorithm S (Knuth, TAOCP 2, 3.4.2). */
br_code br_frame_sample(br_frame **out, const br_frame *frame, const br_sample *spec,
                        br_err *err) BR_MUST_USE;

#endif
