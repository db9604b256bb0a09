/* Points in time: microseconds since 1970-01-01T00:00:00 UTC, without leap seconds, in the proleptic
 * Gregorian calendar, years 0000 to 9999. Text is ISO 8601 (RFC 3339 and a little more). */
#ifndef BR_FRAME_TIMESTAMP_H
#define BR_FRAME_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BR_TIMESTAMP_TEXT_MAX 32
#define BR_TIMESTAMP_PER_SECOND INT64_C(1000000)
/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z */
#define BR_TIMESTAMP_MIN INT64_C(-62167219200000000)
#define BR_TIMESTAMP_MAX INT64_C(253402300799999999)

/* YYYY-MM-DD, then, if there is more, T or t or a space, HH:MM, :SS, a fraction of up to nine digits
 * (what is below a microsecond must be zeros) and Z, z, +HH:MM, +HHMM or +HH; without a zone it is UTC.
 * Blanks around are fine. 24:00 and a 60th second are none. False when text is not wholly such a time. */
bool br_parse_timestamp(const char *text, size_t len, int64_t *out);

/* "2026-01-31T08:05:00Z", with as many digits of a fraction as it takes. Returns the length; a number
 * outside the range above gives its digits. */
size_t br_timestamp_text(char out[BR_TIMESTAMP_TEXT_MAX], int64_t microseconds);

#endif
