/* Makes what PLplot's svg driver wrote fit for the web. */
#ifndef BR_PLOT_SVG_H
#define BR_PLOT_SVG_H

#include "plot/canvas.h"

/* Appends to out the driver's picture raw[0 … n), rewritten: one svg element without prolog, so
 * that it stands alone and inside HTML alike; sized in pixels with a viewBox; readable text; no
 * attribute that says the default. BR_ELIB where raw is no whole picture. */
br_code br_svg_rewrite(br_str *out, const char *raw, size_t n, const br_page *page,
                       br_err *err) BR_MUST_USE;

#endif
