/* Where everything of a line chart goes: panels below each other that share their x positions. */
#ifndef BR_PLOT_LINES_LAYOUT_H
#define BR_PLOT_LINES_LAYOUT_H

#include "plot/axis.h"
#include "plot/legend.h"

#define BR_LINES_TITLE_ROW 18.0
#define BR_LINES_MARK_ROW 14.0

typedef struct br_lines {
  const br_plot_lines_spec *spec;
  br_page page;
  br_head head;
  double left, right; /* the plots */
  double top;         /* of the first panel's titles */
  double rows;        /* height of the titles and marks above each plot */
  double height;      /* of a plot */
  double pitch;       /* from panel to panel */
  bool column;        /* the legend stands at the right */
  br_axis *axes;      /* one a panel; owned */
  double *x, *y;      /* scratch for a band: 2·nx + 2 values each; owned */
} br_lines;

/* What was filled ends with br_lines_clear, on failure too. */
br_code br_lines_layout(br_lines *lines, const br_plot_lines_spec *spec, const br_plot_style *style,
                        br_err *err) BR_MUST_USE;
void br_lines_clear(br_lines *lines);

/* Upper and lower edge of a panel's plot. */
double br_lines_top(const br_lines *lines, size_t panel);
double br_lines_bottom(const br_lines *lines, size_t panel);
double br_lines_x(const br_lines *lines, size_t i);
/* Height of a value on the page, inside the panel's plot. */
double br_lines_y(const br_lines *lines, size_t panel, double value);

#endif
