/* Inks: what a chart is drawn with. A theme gives each its colour.
 *
 * The series colours stay apart for people who see red and green alike: the first four differ by 13
 * or more in CIELAB under simulated protanopia and deuteranopia (Machado, Oliveira & Fernandes,
 * IEEE TVCG 15, 2009), all twelve by 10 or more. */
#ifndef BR_PLOT_PALETTE_H
#define BR_PLOT_PALETTE_H

#include "plot/plot.h"

#define BR_INK_SERIES_COUNT 12
#define BR_BAND_OPACITY 0.16

typedef enum br_ink {
  BR_INK_PAPER,
  BR_INK_TEXT,
  BR_INK_MUTED, /* subtitles, numbers of axes */
  BR_INK_GRID,
  BR_INK_AXIS,
  BR_INK_ALERT,                                      /* failed runs, change points */
  BR_INK_SERIES,                                     /* the first of twelve */
  BR_INK_BAND = BR_INK_SERIES + BR_INK_SERIES_COUNT, /* the same twelve, translucent */
  BR_INK_COUNT = BR_INK_BAND + BR_INK_SERIES_COUNT,
} br_ink;

typedef struct br_colour {
  int r, g, b;    /* 0 … 255 */
  double opacity; /* 0 … 1 */
} br_colour;

br_colour br_palette_colour(br_plot_theme theme, br_ink ink);

/* Inks of series i; they repeat after twelve. */
br_ink br_palette_series(size_t i);
br_ink br_palette_band(size_t i);

#endif
