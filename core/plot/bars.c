/* Grouped bars: one group a category, one bar a series.
 *
 * Bars start at 0. A value that the axis does not reach (see br_axis_reach) is cut at its end, with
 * a gap in the bar, an arrow and the value. No value, or 0, is a failed run and gets a cross. */
#include "plot/bars_layout.h"

#include "base/vec.h"

#include <math.h>

#define GAP_FROM 6.0   /* bars this wide stand a pixel apart */
#define BREAK_FROM 4.0 /* and this wide can show a gap */
#define ARROW 6.0
#define VALUE_ROWS 2
#define VALUE_ROW 12.0

/* How far to the right each row of values beyond the plot is taken. */
typedef struct rows {
  double right[VALUE_ROWS];
} rows;

/* One bar. */
typedef struct bar {
  double x, value;
  br_ink ink;
} bar;

static void draw_axis(br_canvas *c, const br_bars *bars)
{
  br_text_style style = {.font = {.size = 11}, .ink = BR_INK_MUTED, .align = BR_ALIGN_END};
  for (int i = 0; i <= bars->axis.ticks; i++) {
    char text[BR_AXIS_TEXT_MAX];
    double value = br_axis_tick(&bars->axis, i), y = br_bars_y(bars, value);
    br_canvas_line(c, (br_pen){BR_INK_GRID, 1}, (br_point){bars->left, y},
                   (br_point){bars->right, y});
    br_axis_text(text, &bars->axis, i, bars->spec->unit);
    br_canvas_text(c, style, (br_point){bars->left - 8, y}, text);
  }
}

static void draw_zero(br_canvas *c, const br_bars *bars)
{
  double y = br_bars_y(bars, 0);
  br_canvas_line(c, (br_pen){BR_INK_AXIS, 1.2}, (br_point){bars->left, y},
                 (br_point){bars->right, y});
}

static void draw_reference(br_canvas *c, const br_bars *bars)
{
  if (!isfinite(bars->spec->reference))
    return;
  double y = br_bars_y(bars, bars->spec->reference);
  br_canvas_dashes(c, (br_pen){BR_INK_TEXT, 1.1}, (br_point){bars->left, y},
                   (br_point){bars->right, y});
}

static void draw_failure(br_canvas *c, const br_bars *bars, double middle)
{
  double radius = fmin(fmax(bars->bar / 2 - 0.5, 1.8), 3.2);
  double y = br_bars_y(bars, 0) + (bars->axis.hi > 0 ? -7 : 7);
  br_canvas_cross(c, (br_pen){BR_INK_ALERT, 1.4}, (br_point){middle, y}, radius);
}

/* A slanted gap in a bar that is cut. */
static void draw_gap(br_canvas *c, double x, double width, double y)
{
  double xs[] = {x - 1, x + width + 1, x + width + 1, x - 1};
  double ys[] = {y + 2, y - 2, y + 1.5, y + 5.5};
  br_canvas_polygon(c, BR_INK_PAPER, xs, ys, 4);
}

static void draw_arrow(br_canvas *c, br_ink ink, br_point tip, double up)
{
  double base = tip.y + up * ARROW;
  double xs[] = {tip.x - ARROW * 0.6, tip.x + ARROW * 0.6, tip.x};
  double ys[] = {base, base, tip.y};
  br_canvas_polygon(c, ink, xs, ys, 3);
}

/* Writes the value of a cut bar in the first row with room; where there is none, the arrow must do.
 */
static void draw_cut_value(br_canvas *c, const br_bars *bars, double middle, double value,
                           rows *taken)
{
  char text[BR_AXIS_TEXT_MAX];
  br_text_style style = {.font = {.size = 10}, .ink = BR_INK_TEXT, .align = BR_ALIGN_MIDDLE};
  br_axis_value_text(text, value, bars->spec->unit);
  double half = br_text_width(text, style.font, 100) / 2;
  middle = fmin(middle, bars->page.width - half - 2);
  int count = value > 0 ? VALUE_ROWS : 1;
  for (int row = 0; row < count; row++) {
    if (middle - half < taken->right[row])
      continue;
    taken->right[row] = middle + half + 4;
    double away = ARROW + 6 + VALUE_ROW * row;
    br_canvas_text(c, style, (br_point){middle, value > 0 ? bars->top - away : bars->bottom + away},
                   text);
    return;
  }
}

static void draw_cut(br_canvas *c, const br_bars *bars, bar b, rows *taken)
{
  double end = br_bars_y(bars, b.value), up = b.value > 0 ? 1 : -1;
  double middle = b.x + bars->bar / 2;
  if (bars->bar >= BREAK_FROM)
    draw_gap(c, b.x, bars->bar, end + up * 12 - 2);
  draw_arrow(c, b.ink, (br_point){middle, end - up * (ARROW + 1)}, up);
  draw_cut_value(c, bars, middle, b.value, taken);
}

static void draw_bar(br_canvas *c, const br_bars *bars, bar b, rows taken[2])
{
  if (isnan(b.value) || b.value == 0) {
    draw_failure(c, bars, b.x + bars->bar / 2);
    return;
  }
  double y = br_bars_y(bars, b.value), zero = br_bars_y(bars, 0);
  double gap = bars->bar >= GAP_FROM ? 1 : 0;
  br_canvas_rect(c, b.ink, (br_point){b.x, fmin(y, zero)}, bars->bar - gap, fabs(zero - y));
  if (b.value > bars->axis.hi || b.value < bars->axis.lo)
    draw_cut(c, bars, b, &taken[b.value < 0]);
}

static void draw_label(br_canvas *c, const br_bars *bars, size_t category)
{
  const br_bars_labels *labels = &bars->labels;
  double x = bars->left + ((double)category + 0.5) * bars->pitch;
  double y = labels->top;
  double limit = labels->limit;
  br_text_style style = {.font = labels->font, .ink = BR_INK_TEXT, .align = BR_ALIGN_END};
  style.degrees = labels->degrees;
  if (labels->degrees == 0) {
    style.align = BR_ALIGN_MIDDLE;
    y += labels->font.size / 2;
  } else if (labels->degrees < 90) {
    x += 4;
    limit = fmin(limit, (x - 4) / 0.574);
  }
  style.limit = limit;
  br_canvas_text(c, style, (br_point){x, y}, bars->spec->labels[category]);
}

static void draw_nothing(br_canvas *c, const br_bars *bars)
{
  br_text_style style = {.font = {.size = 14}, .ink = BR_INK_MUTED, .align = BR_ALIGN_MIDDLE};
  br_point middle = {(bars->left + bars->right) / 2, (bars->top + bars->bottom) / 2};
  br_canvas_text(c, style, middle, "no data");
}

static void draw_categories(br_canvas *c, const br_bars *bars)
{
  rows taken[2] = {0};
  for (size_t i = 0; i < bars->spec->ncategories; i++)
    for (size_t s = 0; s < bars->spec->nseries; s++)
      draw_bar(c, bars,
               (bar){br_bars_x(bars, i, s), bars->spec->series[s].y[i], br_palette_series(s)},
               taken);
  for (size_t i = 0; i < bars->spec->ncategories; i += bars->labels.stride)
    draw_label(c, bars, i);
}

static void draw_chart(br_canvas *c, const void *chart)
{
  const br_bars *bars = chart;
  br_head_draw(c, &bars->head);
  draw_axis(c, bars);
  if (bars->spec->ncategories == 0 || bars->spec->nseries == 0)
    draw_nothing(c, bars);
  draw_categories(c, bars);
  draw_zero(c, bars);
  draw_reference(c, bars);
}

br_code br_plot_bars(br_str *out, const br_plot_bars_spec *chart, const br_plot_style *style,
                     br_err *err)
{
  br_bars bars;
  BR_TRY(br_bars_layout(&bars, chart, style, err));
  return br_canvas_render(out, &bars.page, draw_chart, &bars, err);
}
