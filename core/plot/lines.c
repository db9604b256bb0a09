/* Lines over shared x positions, in panels: bands below, lines above, gaps where there is no value.
 *
 * A value between two gaps is a dot. Infinite values stand at the edge of the plot with an arrow.
 * Labels are drawn as far as they keep apart; empty ones are skipped. */
#include "plot/lines_layout.h"

#include "base/vec.h"

#include <math.h>

#define LABEL_LIMIT 120.0
#define LABEL_GAP 16.0
#define MARK_LIMIT 150.0
#define DOTS_UP_TO 40 /* with so few points each gets a dot */
#define DOT_RADIUS 2.6
#define LONE_BAND 4.0 /* half the width of a band of one point */
#define ARROW 5.0

/* One series of one panel. */
typedef struct curve {
  const br_lines *lines;
  size_t panel, index;
  const br_plot_series *series;
} curve;

/* --- axes ------------------------------------------------------------------------------------ */

static void draw_grid(br_canvas *c, const br_lines *lines, size_t panel)
{
  const br_axis *axis = &lines->axes[panel];
  br_text_style style = {.font = {.size = 11}, .ink = BR_INK_MUTED, .align = BR_ALIGN_END};
  for (int i = 0; i <= axis->ticks; i++) {
    char text[BR_AXIS_TEXT_MAX];
    double y = br_lines_y(lines, panel, br_axis_tick(axis, i));
    br_pen pen = {i ? BR_INK_GRID : BR_INK_AXIS, i ? 1 : 1.2};
    br_canvas_line(c, pen, (br_point){lines->left, y}, (br_point){lines->right, y});
    br_axis_text(text, axis, i, NULL);
    br_canvas_text(c, style, (br_point){lines->left - 8, y}, text);
  }
}

static void draw_ticks(br_canvas *c, const br_lines *lines, size_t i)
{
  double x = br_lines_x(lines, i);
  for (size_t p = 0; p < lines->spec->npanels; p++) {
    double y = br_lines_bottom(lines, p);
    br_canvas_line(c, (br_pen){BR_INK_AXIS, 1.2}, (br_point){x, y}, (br_point){x, y + 4});
  }
}

static void draw_label(br_canvas *c, const br_lines *lines, size_t i)
{
  br_text_style style = {.font = {.size = 11}, .ink = BR_INK_MUTED, .align = BR_ALIGN_MIDDLE};
  style.limit = LABEL_LIMIT;
  const char *text = lines->spec->labels[i];
  double half = br_text_width(text, style.font, LABEL_LIMIT) / 2;
  double x = fmin(fmax(br_lines_x(lines, i), half + 4), lines->page.width - half - 4);
  double y = br_lines_bottom(lines, lines->spec->npanels - 1) + 15;
  draw_ticks(c, lines, i);
  br_canvas_text(c, style, (br_point){x, y}, text);
}

static double widest_label(const br_plot_lines_spec *spec)
{
  double widest = 0;
  for (size_t i = 0; i < spec->nx; i++)
    widest = fmax(widest, br_text_width(spec->labels[i], (br_font){.size = 11}, LABEL_LIMIT));
  return widest;
}

static void draw_labels(br_canvas *c, const br_lines *lines)
{
  const br_plot_lines_spec *spec = lines->spec;
  double apart = widest_label(spec) + LABEL_GAP, last = -HUGE_VAL;
  for (size_t i = 0; i < spec->nx; i++) {
    double x = br_lines_x(lines, i);
    if (!spec->labels[i] || !*spec->labels[i] || x < last + apart)
      continue;
    draw_label(c, lines, i);
    last = x;
  }
}

/* --- curves ---------------------------------------------------------------------------------- */

static bool has_band(const curve *v, size_t i)
{
  const br_plot_series *s = v->series;
  return s->lo && s->hi && !isnan(s->y[i]) && !isnan(s->lo[i]) && !isnan(s->hi[i]);
}

static bool has_value(const curve *v, size_t i)
{
  return !isnan(v->series->y[i]);
}

/* The end of the run of points from i on that have what `has` asks for; joined lines are one run. */
static size_t run_end(const curve *v, size_t i, bool (*has)(const curve *, size_t))
{
  if (v->lines->spec->joined && has == has_value && has(v, i))
    return v->lines->spec->nx;
  while (i < v->lines->spec->nx && has(v, i))
    i++;
  return i;
}

static void draw_lone_band(br_canvas *c, const curve *v, size_t i)
{
  double top = br_lines_y(v->lines, v->panel, v->series->hi[i]);
  double bottom = br_lines_y(v->lines, v->panel, v->series->lo[i]);
  br_point corner = {br_lines_x(v->lines, i) - LONE_BAND, fmin(top, bottom)};
  br_canvas_rect(c, br_palette_band(v->index), corner, 2 * LONE_BAND, fabs(bottom - top));
}

/* The band from first to end - 1: along its upper edge and back along the lower. */
static void draw_band(br_canvas *c, const curve *v, size_t first, size_t end)
{
  const br_lines *lines = v->lines;
  size_t n = end - first;
  if (n == 1) {
    draw_lone_band(c, v, first);
    return;
  }
  for (size_t k = 0; k < n; k++) {
    size_t there = k, back = 2 * n - 1 - k;
    lines->x[there] = lines->x[back] = br_lines_x(lines, first + k);
    lines->y[there] = br_lines_y(lines, v->panel, v->series->hi[first + k]);
    lines->y[back] = br_lines_y(lines, v->panel, v->series->lo[first + k]);
  }
  br_canvas_polygon(c, br_palette_band(v->index), lines->x, lines->y, 2 * n);
}

static void draw_arrow(br_canvas *c, br_ink ink, br_point tip, double up)
{
  double xs[] = {tip.x - ARROW, tip.x + ARROW, tip.x};
  double ys[] = {tip.y + up * ARROW * 1.6, tip.y + up * ARROW * 1.6, tip.y};
  br_canvas_polygon(c, ink, xs, ys, 3);
}

static void draw_point(br_canvas *c, const curve *v, size_t i)
{
  double value = v->series->y[i];
  br_point at = {br_lines_x(v->lines, i), br_lines_y(v->lines, v->panel, value)};
  if (isinf(value))
    draw_arrow(c, br_palette_series(v->index), at, value > 0 ? 1 : -1);
  else
    br_canvas_dot(c, br_palette_series(v->index), at, DOT_RADIUS);
}

/* The values from first to end - 1, of which joined lines may lack some, as points on the page: how
 * many. */
static size_t place_run(const curve *v, size_t first, size_t end)
{
  const br_lines *lines = v->lines;
  size_t n = 0;
  for (size_t i = first; i < end; i++)
    if (has_value(v, i)) {
      lines->x[n] = br_lines_x(lines, i);
      lines->y[n++] = br_lines_y(lines, v->panel, v->series->y[i]);
    }
  return n;
}

static void draw_run(br_canvas *c, const curve *v, size_t first, size_t end)
{
  const br_lines *lines = v->lines;
  bool points = lines->spec->points || lines->spec->nx <= DOTS_UP_TO;
  size_t n = place_run(v, first, end);
  if (n > 1 && !lines->spec->points)
    br_canvas_polyline(c, (br_pen){br_palette_series(v->index), 1.9}, lines->x, lines->y, n);
  for (size_t i = first; i < end; i++)
    if (has_value(v, i) && (points || n == 1 || isinf(v->series->y[i])))
      draw_point(c, v, i);
}

/* Calls draw for each run of points; false where there is none. */
static bool each_run(br_canvas *c, const curve *v, bool (*has)(const curve *, size_t),
                     void (*draw)(br_canvas *, const curve *, size_t, size_t))
{
  bool any = false;
  for (size_t i = 0; i < v->lines->spec->nx; i++) {
    size_t end = run_end(v, i, has);
    if (end == i)
      continue;
    draw(c, v, i, end);
    any = true;
    i = end;
  }
  return any;
}

static void draw_curves(br_canvas *c, const br_lines *lines, size_t panel)
{
  bool any = false;
  curve v = {.lines = lines, .panel = panel};
  for (v.index = 0; v.index < lines->spec->nseries; v.index++) {
    v.series = &lines->spec->panels[panel].series[v.index];
    (void)each_run(c, &v, has_band, draw_band);
  }
  for (v.index = 0; v.index < lines->spec->nseries; v.index++) {
    v.series = &lines->spec->panels[panel].series[v.index];
    any = each_run(c, &v, has_value, draw_run) || any;
  }
  br_text_style style = {.font = {.size = 13}, .ink = BR_INK_MUTED, .align = BR_ALIGN_MIDDLE};
  br_point middle = {(lines->left + lines->right) / 2,
                     br_lines_top(lines, panel) + lines->height / 2};
  if (!any)
    br_canvas_text(c, style, middle, "no data");
}

/* --- marks ----------------------------------------------------------------------------------- */

/* Text of a mark above its line; *taken is how far to the right the row is. */
static void draw_mark_text(br_canvas *c, const br_lines *lines, br_point at, const char *text,
                           double *taken)
{
  br_text_style style = {.font = {.size = 10}, .ink = BR_INK_ALERT, .limit = MARK_LIMIT};
  double width = br_text_width(text, style.font, MARK_LIMIT) + 11;
  double left = fmin(fmax(at.x - width / 2, 4), lines->page.width - width - 4);
  if (left < *taken)
    return;
  *taken = left + width + 8;
  double xs[] = {left, left + 8, left + 4};
  double ys[] = {at.y + 3.5, at.y + 3.5, at.y - 3.5};
  br_canvas_polygon(c, BR_INK_ALERT, xs, ys, 3);
  br_canvas_text(c, style, (br_point){left + 11, at.y}, text);
}

static void draw_marks(br_canvas *c, const br_lines *lines, size_t panel)
{
  const br_plot_panel *p = &lines->spec->panels[panel];
  double top = br_lines_top(lines, panel), taken = 0;
  for (size_t m = 0; m < p->nmarks; m++) {
    double x = br_lines_x(lines, p->marks[m].x);
    br_canvas_dashes(c, (br_pen){BR_INK_ALERT, 1.2}, (br_point){x, top},
                     (br_point){x, br_lines_bottom(lines, panel)});
    br_point at = {x, top - BR_LINES_MARK_ROW / 2 - 1};
    draw_mark_text(c, lines, at, p->marks[m].text, &taken);
  }
}

/* --- the chart ------------------------------------------------------------------------------- */

static void draw_panel(br_canvas *c, const br_lines *lines, size_t panel)
{
  br_text_style style = {.font = {.size = 12, .bold = true}, .ink = BR_INK_TEXT};
  style.limit = lines->right - lines->head.left;
  double title = lines->top + (double)panel * lines->pitch + BR_LINES_TITLE_ROW / 2;
  br_canvas_text(c, style, (br_point){lines->head.left, title}, lines->spec->panels[panel].title);
  draw_grid(c, lines, panel);
  draw_marks(c, lines, panel);
  draw_curves(c, lines, panel);
}

static void draw_nothing(br_canvas *c, const br_lines *lines)
{
  br_text_style style = {.font = {.size = 14}, .ink = BR_INK_MUTED, .align = BR_ALIGN_MIDDLE};
  br_point middle = {(lines->left + lines->right) / 2, br_lines_top(lines, 0) + lines->height / 2};
  draw_grid(c, lines, 0);
  br_canvas_text(c, style, middle, "no data");
}

static void draw_chart(br_canvas *c, const void *chart)
{
  const br_lines *lines = chart;
  const br_plot_lines_spec *spec = lines->spec;
  br_head_draw(c, &lines->head);
  if (spec->npanels == 0) {
    draw_nothing(c, lines);
    return;
  }
  for (size_t p = 0; p < spec->npanels; p++)
    draw_panel(c, lines, p);
  draw_labels(c, lines);
  if (lines->column)
    br_legend_column(c, spec, (br_point){lines->right + 16, br_lines_top(lines, 0) + 12},
                     lines->page.height - 10);
}

br_code br_plot_lines(br_str *out, const br_plot_lines_spec *chart, const br_plot_style *style,
                      br_err *err)
{
  br_lines lines;
  br_code code = br_lines_layout(&lines, chart, style, err);
  if (code == BR_OK)
    code = br_canvas_render(out, &lines.page, draw_chart, &lines, err);
  br_lines_clear(&lines);
  return code;
}
