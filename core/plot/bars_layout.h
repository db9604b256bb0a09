/* Where everything of a bar chart goes: computed before anything is drawn, owns nothing. */
#ifndef BR_PLOT_BARS_LAYOUT_H
#define BR_PLOT_BARS_LAYOUT_H

#include "plot/axis.h"
#include "plot/legend.h"

typedef struct br_bars_labels {
  br_font font;
  double degrees; /* 0, 55 or 90 */
  double limit;   /* width of a text, pixels */
  double extent;  /* height that the texts take */
  double top;     /* where they begin */
  size_t stride;  /* every stride-th is drawn */
} br_bars_labels;

typedef struct br_bars {
  const br_plot_bars_spec *spec;
  br_page page;
  br_head head;
  br_axis axis;
  br_bars_labels labels;
  double left, right, top, bottom; /* the plot */
  double pitch;                    /* pixels a category */
  double bar;                      /* pixels a bar */
  bool over, under; /* bars are cut at the top, at the bottom; their values are written beyond */
} br_bars;

br_code br_bars_layout(br_bars *bars, const br_plot_bars_spec *spec, const br_plot_style *style,
                       br_err *err) BR_MUST_USE;

/* Left edge of the bar of a category and series. */
double br_bars_x(const br_bars *bars, size_t category, size_t series);
/* Height of a value on the page, inside the plot. */
double br_bars_y(const br_bars *bars, double value);

#endif
