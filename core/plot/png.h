/* PNG from pixels. */
#ifndef BR_PLOT_PNG_H
#define BR_PLOT_PNG_H

#include "base/str.h"

/* Appends to out the picture of width × height pixels, three bytes (red, green, blue) each, rows
 * from the top. pixels_per_metre tells the intended size. BR_ENOMEM, BR_ELIB. */
br_code br_png_encode(br_str *out, const unsigned char *rgb, int width, int height,
                      int pixels_per_metre, br_err *err) BR_MUST_USE;

#endif
