/* Text for people: what is safe to show, how wide it stands, where it may be cut.
 *
 * Data may hold anything: bytes that are no UTF-8, terminal controls, marks that hide or turn the
 * writing direction. br_text_clean shows all of these as escapes; the other two take cleaned text,
 * and count a byte that is no UTF-8 as one column.
 *
 * Widths are columns of a terminal: 2 for what EastAsianWidth.txt calls W or F, 0 for combining
 * marks (General_Category Mn and Me) and for what formats without being seen, 1 for the rest. Source:
 * the Unicode Character Database 14.0.0, UAX #11 and UAX #44; code points that are not assigned count
 * as what is on both sides of them. */
#ifndef BR_BASE_TEXT_H
#define BR_BASE_TEXT_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Appends n bytes of raw in valid UTF-8 that shows everything in it: control characters and bytes
 * that are no UTF-8 as \n, \r, \t, \x1b, characters that hide or turn the direction as \u{202e}.
 * BR_ENOMEM leaves the beginning in out. */
br_code br_text_clean(br_str *out, const char *raw, size_t n, br_err *err) BR_MUST_USE;

/* Whether the bytes are all printable ASCII: cleaning leaves them as they are, and each takes one
 * column. */
bool br_text_is_plain(const char *raw, size_t n);

/* Columns that n bytes of cleaned text take. */
size_t br_text_columns(const char *clean, size_t n);

/* Bytes of the longest beginning of n bytes of cleaned text that takes at most `width` columns. */
size_t br_text_cut(const char *clean, size_t n, size_t width);

/* Bytes of the UTF-8 character at s, of which n > 0 bytes are left, and its code point; 0 where there
 * is none. */
size_t br_text_decode(uint32_t *code, const char *s, size_t n);

#endif
