/* JSON (RFC 8259): frames as text, and text as frames. */
#ifndef BR_JSON_JSON_H
#define BR_JSON_JSON_H

#include "base/str.h"
#include "frame/frame.h"

typedef enum br_json_orient {
  BR_JSON_RECORDS, /* an array of objects, a line each */
  BR_JSON_COLUMNS, /* an object of arrays */
  BR_JSON_LINES,   /* an object a line */
} br_json_orient;

/* Appends the frame in UTF-8. An i64 has all its digits, an f64 as many as read back the same; a null is
 * null, and so are NaN and the infinities, which JSON does not know; a timestamp is a string in ISO 8601.
 * Of a string or name, bytes that are no UTF-8 become U+FFFD each. BR_ENOMEM and BR_EINTR leave the
 * beginning in out. */
br_code br_json_format(br_str *out, const br_frame *frame, br_json_orient orient,
                       br_err *err) BR_MUST_USE;

/* Reads an array of objects, a row each, or an object of arrays, a column each; any other object is one
 * row. With lines: objects only, a row each, with blanks between them.
 * Columns stand in order of first appearance; a key that an object lacks is null there. A nested object's
 * keys are columns "outer.inner"; a nested array, in columns an object too, is a string with its text.
 * A column has the type that holds all its values, else it is string with each value as written, see
 * br_mixed_column. A surrogate that stands alone in \u escapes reads as U+FFFD.
 * BR_EPARSE names line and column (in bytes, from 1): text that is no JSON or not UTF-8, a key twice in an
 * object, a key with a NUL, columns of different length. */
br_code br_json_parse(br_frame **out, const char *text, size_t len, bool lines,
                      br_err *err) BR_MUST_USE;

/* The same with files; errors name the file. Writing replaces it at once or leaves it as it was, see
 * br_file_write. */
br_code br_json_read(br_frame **out, const char *path, bool lines, br_err *err) BR_MUST_USE;
br_code br_json_write(const char *path, const br_frame *frame, br_json_orient orient,
                      br_err *err) BR_MUST_USE;

#endif
