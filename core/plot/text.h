/* Text that is fit to be drawn: valid UTF-8 on one line, cut to a width.
 *
 * Widths are those of DejaVu Sans, so that a layout is known before anything is drawn. */
#ifndef BR_PLOT_TEXT_H
#define BR_PLOT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BR_TEXT_CHARS_MAX 120                   /* the drivers of PLplot refuse 500 */
#define BR_TEXT_MAX (4 * BR_TEXT_CHARS_MAX + 4) /* bytes, with an ellipsis and a NUL */

typedef struct br_font {
  double size; /* pixels */
  bool bold;
} br_font;

/* Copies text to out: invalid bytes and code points that XML forbids become U+FFFD, controls (line
 * ends too) become blanks, direction overrides go. What is wider than limit pixels ends with an
 * ellipsis. NULL is the empty text. Returns the width in pixels. */
double br_text_fit(char out[BR_TEXT_MAX], const char *text, br_font font, double limit);

/* The same without the copy: min(width, limit), about. */
double br_text_width(const char *text, br_font font, double limit);

/* Writes cp, a valid code point, as UTF-8; returns the bytes used, 1 to 4. */
size_t br_text_encode(char *out, uint32_t cp);

#endif
