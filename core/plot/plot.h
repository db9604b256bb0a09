/* Charts: grouped bars and multi-panel lines, drawn by PLplot on a canvas of pixels.
 *
 * The picture comes back as bytes, so that the caller writes files as it writes all others. PLplot
 * keeps global state: one chart at a time, in one thread. Its failures (an unknown driver, an
 * abort, an exit) come back as BR_ELIB; the process never ends and the next chart works. Text is
 * UTF-8; invalid bytes are shown as U+FFFD. */
#ifndef BR_PLOT_PLOT_H
#define BR_PLOT_PLOT_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum br_plot_format { BR_PLOT_PNG, BR_PLOT_SVG } br_plot_format;
typedef enum br_plot_theme { BR_PLOT_LIGHT, BR_PLOT_DARK } br_plot_theme;

typedef struct br_plot_style { /* zero-initialised is the default */
  br_plot_format format;
  br_plot_theme theme;
  /* CSS pixels; 0: chosen from the content. A width of 200 to 4000, a height of 120 to 4000, raised
   * where the content does not fit, else BR_EINVAL. */
  int width, height;
  int scale; /* PNG: pixels of the picture a CSS pixel, 1 or 2 (also 0), else BR_EINVAL */
} br_plot_style;

typedef struct br_plot_series {
  const char *name;
  const double *y;       /* n values; NaN: no value (bars: a failed-run mark, lines: a gap) */
  const double *lo, *hi; /* lines: the band around y, n values each; NULL: none */
} br_plot_series;

typedef struct br_plot_bars_spec {
  const char *title, *subtitle; /* NULL: none */
  const char *unit;             /* behind the numbers of the axis, e.g. "×"; NULL: none */
  const char *const *labels;    /* ncategories */
  size_t ncategories;
  const br_plot_series *series;
  size_t nseries;
  double reference; /* dashed line at this value, e.g. 1; NaN: none */
} br_plot_bars_spec;

typedef struct br_plot_mark { /* a vertical dashed line with a text above, e.g. a change point */
  size_t x;
  const char *text;
} br_plot_mark;

typedef struct br_plot_panel {
  const char *title;
  const br_plot_series *series; /* the chart's nseries, each of nx values */
  const br_plot_mark *marks;
  size_t nmarks;
  double most; /* no value is greater, so the axis ends there at the latest; 0: not known */
} br_plot_panel;

typedef struct br_plot_lines_spec {
  const char *title, *subtitle;
  const char *const *labels; /* nx; as many are drawn as fit, empty ones are not */
  size_t nx;
  const double
      *x; /* where the nx points stand: finite, none before the one in front of it; NULL: evenly */
  bool joined; /* lines go on over values that are missing */
  bool points; /* no lines at all, a dot for each value */
  const br_plot_panel *panels;
  size_t npanels;
  size_t nseries; /* of every panel; names and colours are those of the first panel */
} br_plot_lines_spec;

/* Append the picture to out. No categories, panels or series: a chart with axes and "no data". */
br_code br_plot_bars(br_str *out, const br_plot_bars_spec *chart, const br_plot_style *style,
                     br_err *err) BR_MUST_USE;
br_code br_plot_lines(br_str *out, const br_plot_lines_spec *chart, const br_plot_style *style,
                      br_err *err) BR_MUST_USE;

#endif
