/* Layout of line charts; see lines_layout.h. */
#include "plot/lines_layout.h"

#include "base/vec.h"

#include <math.h>

#define WIDTH 1100
#define EDGE 16.0
#define TICK_GAP 8.0
#define RIGHT_MARGIN 20.0
#define LEGEND_GAP 16.0
#define LEGEND_SHARE 0.3
#define PANEL_HEIGHT 175.0
#define ONLY_PANEL_HEIGHT 300.0
#define PANEL_HEIGHT_MIN 45.0
#define PANEL_GAP 14.0
#define LABELS_HEIGHT 34.0
#define TICK_WIDTH_MAX 110.0
#define PIXELS_A_TICK 38.0

/* --- values ---------------------------------------------------------------------------------- */

typedef struct extent {
  double lo, hi;
} extent;

static void widen(extent *e, const double *values, size_t n)
{
  for (size_t i = 0; values && i < n; i++)
    if (isfinite(values[i])) {
      e->lo = fmin(e->lo, values[i]);
      e->hi = fmax(e->hi, values[i]);
    }
}

/* Without the ticks beyond `most`; one is left. */
static br_axis end_axis_at(br_axis axis, double most)
{
  while (most > 0 && axis.ticks > 1 && axis.hi > most * (1 + 1e-9)) {
    axis.ticks--;
    axis.hi = axis.lo + axis.ticks * axis.step;
  }
  return axis;
}

static br_axis panel_axis(const br_lines *lines, const br_plot_panel *panel)
{
  const br_plot_lines_spec *spec = lines->spec;
  extent e = {HUGE_VAL, -HUGE_VAL};
  for (size_t s = 0; s < spec->nseries; s++) {
    widen(&e, panel->series[s].y, spec->nx);
    widen(&e, panel->series[s].lo, spec->nx);
    widen(&e, panel->series[s].hi, spec->nx);
  }
  if (e.lo > e.hi)
    e = (extent){0, 1};
  br_axis axis = br_axis_nice(e.lo, e.hi, (int)fmax(2, lines->height / PIXELS_A_TICK));
  return e.hi > panel->most ? axis : end_axis_at(axis, panel->most);
}

static double tick_width(const br_axis *axis)
{
  double widest = 0;
  char text[BR_AXIS_TEXT_MAX];
  for (int i = 0; i <= axis->ticks; i++) {
    br_axis_text(text, axis, i, NULL);
    widest = fmax(widest, br_text_width(text, (br_font){.size = 11}, TICK_WIDTH_MAX));
  }
  return widest;
}

/* --- places ---------------------------------------------------------------------------------- */

/* Names and colours are those of the first panel. */
static const br_plot_series *named_series(const br_lines *lines)
{
  return lines->spec->npanels ? lines->spec->panels[0].series : NULL;
}

static void layout_head(br_lines *lines)
{
  const br_plot_lines_spec *spec = lines->spec;
  size_t nseries = spec->npanels ? spec->nseries : 0;
  double legend = br_legend_column_width(named_series(lines), nseries);
  lines->column = legend > 0 && legend <= LEGEND_SHARE * lines->page.width;
  lines->right = lines->page.width - RIGHT_MARGIN;
  lines->head = (br_head){.title = spec->title,
                          .subtitle = spec->subtitle,
                          .series = named_series(lines),
                          .nseries = lines->column ? 0 : nseries,
                          .left = EDGE,
                          .right = lines->right};
  br_head_layout(&lines->head);
  if (lines->column)
    lines->right -= legend + LEGEND_GAP;
}

static double rows_height(const br_plot_lines_spec *spec)
{
  bool titles = false, marks = false;
  for (size_t p = 0; p < spec->npanels; p++) {
    titles = titles || (spec->panels[p].title && *spec->panels[p].title);
    marks = marks || spec->panels[p].nmarks > 0;
  }
  return 6 + (titles ? BR_LINES_TITLE_ROW : 0) + (marks ? BR_LINES_MARK_ROW : 0);
}

static void layout_panels(br_lines *lines)
{
  double panels = fmax(1, (double)lines->spec->npanels);
  lines->top = lines->head.height - 10;
  lines->rows = rows_height(lines->spec);
  lines->height = panels > 1 ? PANEL_HEIGHT : ONLY_PANEL_HEIGHT;
  if (lines->page.height) {
    double room = lines->page.height - lines->top - LABELS_HEIGHT;
    lines->height = fmax(room / panels - lines->rows - PANEL_GAP, PANEL_HEIGHT_MIN);
  }
  lines->pitch = lines->rows + lines->height + PANEL_GAP;
  double needed = lines->top + panels * lines->pitch + LABELS_HEIGHT - PANEL_GAP;
  lines->page.height = (int)ceil(fmax(lines->page.height, needed));
}

static br_code layout_axes(br_lines *lines, br_err *err)
{
  const br_plot_lines_spec *spec = lines->spec;
  lines->axes = br_calloc(spec->npanels + 1, sizeof *lines->axes);
  if (!lines->axes)
    return br_fail_nomem(err);
  lines->axes[0] = br_axis_nice(0, 1, 5);
  double widest = tick_width(&lines->axes[0]);
  for (size_t p = 0; p < spec->npanels; p++) {
    lines->axes[p] = panel_axis(lines, &spec->panels[p]);
    widest = fmax(widest, tick_width(&lines->axes[p]));
  }
  lines->left = EDGE + widest + TICK_GAP;
  return BR_OK;
}

static br_code check_marks(const br_plot_lines_spec *spec, br_err *err)
{
  for (size_t p = 0; p < spec->npanels; p++)
    for (size_t m = 0; m < spec->panels[p].nmarks; m++)
      if (spec->panels[p].marks[m].x >= spec->nx)
        return br_fail(err, BR_EINVAL, "panel %zu has a mark at point %zu of %zu", p + 1,
                       spec->panels[p].marks[m].x + 1, spec->nx);
  return BR_OK;
}

static br_code check_x(const br_plot_lines_spec *spec, br_err *err)
{
  for (size_t i = 0; spec->x && i < spec->nx; i++)
    if (!isfinite(spec->x[i]) || (i > 0 && spec->x[i] < spec->x[i - 1]))
      return br_fail(err, BR_EINVAL,
                     "point %zu: x must be finite and not before that of the point "
                     "in front of it",
                     i + 1);
  return BR_OK;
}

static br_code allocate(br_lines *lines, br_err *err)
{
  size_t n = 2 * lines->spec->nx + 2;
  lines->x = br_calloc(n, sizeof *lines->x);
  lines->y = br_calloc(n, sizeof *lines->y);
  return lines->x && lines->y ? BR_OK : br_fail_nomem(err);
}

br_code br_lines_layout(br_lines *lines, const br_plot_lines_spec *spec, const br_plot_style *style,
                        br_err *err)
{
  *lines = (br_lines){.spec = spec};
  BR_TRY(check_marks(spec, err));
  BR_TRY(check_x(spec, err));
  BR_TRY(br_page_init(&lines->page, style, spec->title, err));
  if (!lines->page.width)
    lines->page.width = WIDTH;
  layout_head(lines);
  layout_panels(lines);
  BR_TRY(layout_axes(lines, err));
  return allocate(lines, err);
}

void br_lines_clear(br_lines *lines)
{
  br_free(lines->axes);
  br_free(lines->x);
  br_free(lines->y);
  *lines = (br_lines){0};
}

double br_lines_top(const br_lines *lines, size_t panel)
{
  return lines->top + (double)panel * lines->pitch + lines->rows;
}

double br_lines_bottom(const br_lines *lines, size_t panel)
{
  return br_lines_top(lines, panel) + lines->height;
}

/* Halved, so that the distance of two doubles is one too. */
static double part_of_x(const double *x, size_t n, size_t i)
{
  double whole = x[n - 1] / 2 - x[0] / 2;
  return whole > 0 ? (x[i] / 2 - x[0] / 2) / whole : 0.5;
}

double br_lines_x(const br_lines *lines, size_t i)
{
  size_t n = lines->spec->nx;
  if (n < 2)
    return (lines->left + lines->right) / 2;
  double part = lines->spec->x ? part_of_x(lines->spec->x, n, i) : (double)i / (double)(n - 1);
  return lines->left + part * (lines->right - lines->left);
}

double br_lines_y(const br_lines *lines, size_t panel, double value)
{
  const br_axis *axis = &lines->axes[panel];
  double part = (fmin(fmax(value, axis->lo), axis->hi) - axis->lo) / (axis->hi - axis->lo);
  return br_lines_bottom(lines, panel) - part * lines->height;
}
