/* A growing byte string. Always NUL-terminated once it holds anything; may hold NULs itself.
 * Zero-initialise it (`br_str s = {0};`), end it with br_str_clear. */
#ifndef BR_BASE_STR_H
#define BR_BASE_STR_H

#include "base/mem.h"

typedef struct br_str {
  char *data; /* owned; NULL while empty */
  size_t len; /* bytes, without the terminating NUL */
  size_t cap;
} br_str;

/* Append. What is added must not lie in s itself. BR_ENOMEM leaves s as it was. */
br_code br_str_add(br_str *s, const void *bytes, size_t n, br_err *err) BR_MUST_USE;
br_code br_str_addz(br_str *s, const char *text, br_err *err) BR_MUST_USE;
br_code br_str_addc(br_str *s, char c, br_err *err) BR_MUST_USE;
br_code br_str_addf(br_str *s, br_err *err, const char *fmt, ...) BR_PRINTF(3, 4) BR_MUST_USE;

/* Frees the bytes; the string is empty and usable again. */
void br_str_clear(br_str *s);

/* Shortest decimal text that reads back to the same double, as Python's repr writes it: "1.25",
 * "1.0", "1e-05", "inf", "-inf", "nan". out must hold 32 bytes. Returns the length. Exponent form
 * below 1e-4 and from 1e16. Of all doubles 46 powers of two get one digit more than repr gives them.
 * The locale's decimal point must be the dot, as in every program that does not ask for another. */
#define BR_DOUBLE_TEXT_MAX 32
size_t br_str_from_double(char out[BR_DOUBLE_TEXT_MAX], double x);

#endif
