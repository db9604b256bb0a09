/* A column to be whose type is not known before all its cells are: what readers of typed values (JSON,
 * SQLite) gather, so that no value is lost whatever comes later.
 *
 * Zero-initialise; end with br_mixed_clear. */
#ifndef BR_FRAME_MIXED_H
#define BR_FRAME_MIXED_H

#include "frame/column.h"

typedef struct br_mixed {
  unsigned char *kinds;
  uint64_t *values;
  size_t len, kinds_cap, values_cap;
  br_dict *dict;      /* of texts; NULL while there is none */
  size_t counts[8];   /* cells of each kind */
  const char *source; /* where written numbers lie; borrowed, needed until the column is made */
} br_mixed;

void br_mixed_clear(br_mixed *mixed);

/* Builders; each adds a cell. */
br_code br_mixed_null(br_mixed *mixed, br_err *err) BR_MUST_USE;
br_code br_mixed_i64(br_mixed *mixed, int64_t value, br_err *err) BR_MUST_USE;
br_code br_mixed_f64(br_mixed *mixed, double value, br_err *err) BR_MUST_USE;
br_code br_mixed_bool(br_mixed *mixed, bool value, br_err *err) BR_MUST_USE;
br_code br_mixed_text(br_mixed *mixed, const char *s, size_t len, br_err *err) BR_MUST_USE;
/* A number as it is written at source + offset, in digits, signs, points and exponents; what follows it
 * there is none of these. */
br_code br_mixed_number(br_mixed *mixed, size_t offset, size_t len, br_err *err) BR_MUST_USE;

/* The column: i64 where all cells are whole and fit, f64 where all are numbers, bool, else string, with
 * each cell as written (doubles as br_str_from_double does). Numbers stay strings too where a double
 * would lose by it: whole ones beyond 2^53 among others, and those beyond its range. A column of nulls is
 * f64. The cells stay as they are. */
br_code br_mixed_column(br_column **out, const br_mixed *mixed, br_err *err) BR_MUST_USE;

#endif
