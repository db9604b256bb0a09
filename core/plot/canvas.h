/* A canvas of CSS pixels, (0, 0) at the upper left, over PLplot. Only canvas.c includes plplot.h.
 *
 * PLplot reports by printing, asking on standard input or ending the process. A rendering traps all
 * of that: it jumps back to br_canvas_render, which cleans up and returns BR_ELIB. So a draw
 * function must own nothing: what it needs is allocated before and freed after br_canvas_render. */
#ifndef BR_PLOT_CANVAS_H
#define BR_PLOT_CANVAS_H

#include "plot/palette.h"
#include "plot/text.h"

typedef struct br_canvas br_canvas;

typedef struct br_page {
  int width, height; /* CSS pixels */
  int scale;         /* of a raster: device pixels a CSS pixel */
  br_plot_format format;
  br_plot_theme theme;
  const char *title; /* for readers of screens; NULL: none */
} br_page;

#define BR_PAGE_WIDTH_MIN 200
#define BR_PAGE_HEIGHT_MIN 120
#define BR_PAGE_SIDE_MAX 4000

/* Starts page from a style (NULL: the default); sizes are 0 where the style leaves them open.
 * BR_EINVAL for sizes that are no picture. */
br_code br_page_init(br_page *page, const br_plot_style *style, const char *title,
                     br_err *err) BR_MUST_USE;

typedef void (*br_canvas_draw)(br_canvas *canvas, const void *chart);

/* Runs draw on a fresh page and appends the picture to out. BR_EINVAL for a page of more than
 * 16 million pixels; BR_ELIB, BR_ENOMEM; then out is as it was. */
br_code br_canvas_render(br_str *out, const br_page *page, br_canvas_draw draw, const void *chart,
                         br_err *err) BR_MUST_USE;

typedef struct br_point {
  double x, y;
} br_point;

typedef struct br_pen {
  br_ink ink;
  double width;
} br_pen;

void br_canvas_line(br_canvas *c, br_pen pen, br_point from, br_point to);
/* Dashes of 6 pixels, gaps of 4; horizontal or vertical. */
void br_canvas_dashes(br_canvas *c, br_pen pen, br_point from, br_point to);
/* n points, x and y apart. */
void br_canvas_polyline(br_canvas *c, br_pen pen, const double *x, const double *y, size_t n);
void br_canvas_polygon(br_canvas *c, br_ink ink, const double *x, const double *y, size_t n);
void br_canvas_rect(br_canvas *c, br_ink ink, br_point corner, double width, double height);
void br_canvas_dot(br_canvas *c, br_ink ink, br_point centre, double radius);
/* The mark of a failed run. */
void br_canvas_cross(br_canvas *c, br_pen pen, br_point centre, double radius);

typedef enum br_align { BR_ALIGN_START, BR_ALIGN_MIDDLE, BR_ALIGN_END } br_align;

typedef struct br_text_style {
  br_font font;
  br_ink ink;
  br_align align;
  double degrees; /* counter-clockwise */
  double limit;   /* cut to this width; 0: as long as it is */
} br_text_style;

/* at: the middle of the text's height, at its start, middle or end. */
void br_canvas_text(br_canvas *c, br_text_style style, br_point at, const char *text);

#endif
