/* What stands above a chart: title, subtitle and the legend, never over one another.
 *
 * The legend stands at the right of the titles while it fits there in two rows, else below them in
 * as many rows as it needs. */
#ifndef BR_PLOT_LEGEND_H
#define BR_PLOT_LEGEND_H

#include "plot/canvas.h"

typedef struct br_head {
  const char *title, *subtitle;
  const br_plot_series *series; /* the legend's; may be NULL where nseries is 0 */
  size_t nseries;
  double left, right; /* pixels */
  double legend_left, legend_top;
  double height; /* of all of it */
  bool beside;   /* the legend stands at the right */
} br_head;

/* Fills what follows `right` from what stands before it. */
void br_head_layout(br_head *head);
void br_head_draw(br_canvas *c, const br_head *head);

/* A legend of lines or dots, one below the other; as many rows as fit above bottom. */
double br_legend_column_width(const br_plot_series *series, size_t n);
void br_legend_column(br_canvas *c, const br_plot_lines_spec *spec, br_point at, double bottom);

#endif
