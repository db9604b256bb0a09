/* Layout of bar charts; see bars_layout.h.
 *
 * The width grows with the number of bars, the height with the labels. Labels lie flat while they
 * fit, lean while there are few, stand otherwise. */
#include "plot/bars_layout.h"

#include "base/vec.h"

#include <math.h>

#define WIDTH_MIN 900.0
#define WIDTH_MAX 2400.0
#define PLOT_HEIGHT 340.0
#define PLOT_HEIGHT_MIN 80.0
#define RIGHT_MARGIN 20.0
#define BOTTOM_MARGIN 12.0
#define TICK_GAP 8.0
#define EDGE 6.0
#define LEFT_MAX 130.0
#define PIXELS_A_TICK 62.0
#define CUT_HEADROOM 1.15 /* bars that are cut stand out from those that are not */
#define OVER_ROOM 24.0
#define UNDER_ROOM 22.0
#define BAR_MAX 44.0
#define LABEL_GAP 9.0
#define LABEL_LIMIT 215.0
#define LEAN 55.0
#define LEAN_CATEGORIES 40
#define LEAN_PITCH 20.0
#define SIN_LEAN 0.81915204428899180
#define COS_LEAN 0.57357643635104605

static const br_font tick_font = {.size = 11};

/* --- values ---------------------------------------------------------------------------------- */

/* How far the axis goes on one side, sign 1 or -1. *cut: bars go further. scratch: a double for
 * each value. */
static double reach(const br_plot_bars_spec *spec, double sign, double *scratch, bool *cut)
{
  size_t n = 0;
  double most = 0;
  for (size_t s = 0; s < spec->nseries; s++)
    for (size_t i = 0; i < spec->ncategories; i++) {
      double y = sign * spec->series[s].y[i];
      if (y > 0)
        most = fmax(most, y);
      if (y > 0 && isfinite(y))
        scratch[n++] = y;
    }
  double limit = br_axis_reach(scratch, n);
  if (isfinite(spec->reference))
    limit = fmax(limit, sign * spec->reference);
  *cut = most > limit;
  return *cut ? limit * CUT_HEADROOM : limit;
}

static br_code layout_axis(br_bars *bars, br_err *err)
{
  const br_plot_bars_spec *spec = bars->spec;
  double *scratch = br_alloc((spec->nseries * spec->ncategories + 1) * sizeof *scratch);
  if (!scratch)
    return br_fail_nomem(err);
  double high = reach(spec, 1, scratch, &bars->over);
  double low = -reach(spec, -1, scratch, &bars->under);
  br_free(scratch);
  double height = bars->page.height ? bars->page.height - 200 : PLOT_HEIGHT;
  bars->axis = br_axis_nice(low, high, (int)fmax(2, height / PIXELS_A_TICK));
  return BR_OK;
}

/* --- width ----------------------------------------------------------------------------------- */

static double tick_width(const br_bars *bars)
{
  double widest = 0;
  char text[BR_AXIS_TEXT_MAX];
  for (int i = 0; i <= bars->axis.ticks; i++) {
    br_axis_text(text, &bars->axis, i, bars->spec->unit);
    widest = fmax(widest, br_text_width(text, tick_font, LEFT_MAX));
  }
  return widest;
}

/* Room for n categories of s bars: generous for few, 4.5 pixels a bar for many. */
static double data_width(size_t categories, size_t series)
{
  double n = (double)categories, bars = n * (double)series;
  return fmax(fmin(12.5 * bars, 1125), fmax(4.5 * bars, 17.5 * n));
}

static void layout_width(br_bars *bars)
{
  const br_plot_bars_spec *spec = bars->spec;
  bars->left = EDGE + tick_width(bars) + TICK_GAP;
  bars->left = fmax(bars->left, 44);
  if (!bars->page.width) {
    double width = bars->left + data_width(spec->ncategories, spec->nseries) + RIGHT_MARGIN;
    bars->page.width = (int)fmin(fmax(width, WIDTH_MIN), WIDTH_MAX);
  }
  bars->right = bars->page.width - RIGHT_MARGIN;
}

static void layout_bars(br_bars *bars)
{
  double categories = fmax(1, (double)bars->spec->ncategories);
  double series = fmax(1, (double)bars->spec->nseries);
  bars->pitch = (bars->right - bars->left) / categories;
  bars->bar = fmin(bars->pitch * (bars->pitch > 25 ? 0.78 : 0.86) / series, BAR_MAX);
}

/* --- labels ---------------------------------------------------------------------------------- */

static double widest_label(const br_bars *bars, br_font font)
{
  double widest = 0;
  for (size_t i = 0; i < bars->spec->ncategories; i++)
    widest = fmax(widest, br_text_width(bars->spec->labels[i], font, LABEL_LIMIT));
  return widest;
}

static br_bars_labels flat_labels(void)
{
  br_font font = {.size = 11};
  return (br_bars_labels){.font = font, .limit = LABEL_LIMIT, .extent = font.size + 4, .stride = 1};
}

static br_bars_labels leaning_labels(const br_bars *bars, double room)
{
  br_font font = {.size = 11};
  double limit = fmin(fmin(widest_label(bars, font), LABEL_LIMIT), room / SIN_LEAN);
  return (br_bars_labels){.font = font,
                          .degrees = LEAN,
                          .limit = limit,
                          .extent = limit * SIN_LEAN + font.size * COS_LEAN,
                          .stride = 1};
}

static br_bars_labels standing_labels(const br_bars *bars, double room)
{
  br_font font = {.size = fmin(fmax(floor(bars->pitch * 0.8), 7), 10)};
  double limit = fmin(fmin(widest_label(bars, font), LABEL_LIMIT), room);
  double stride = ceil((font.size + 0.5) / bars->pitch);
  return (br_bars_labels){.font = font,
                          .degrees = 90,
                          .limit = limit,
                          .extent = limit,
                          .stride = stride > 1 ? (size_t)stride : 1};
}

/* Moves the plot to the right until no leaning label starts left of the page. */
static void make_room_at_left(br_bars *bars)
{
  double left = bars->left;
  for (size_t i = 0; i < bars->spec->ncategories; i++) {
    double width = br_text_width(bars->spec->labels[i], bars->labels.font, bars->labels.limit);
    double start = ((double)i + 0.5) * bars->pitch - width * COS_LEAN;
    left = fmax(left, EDGE - start);
  }
  bars->left = fmin(left, fmax(bars->left, LEFT_MAX));
  layout_bars(bars);
}

/* room: the most height that the labels may take. */
static void layout_labels(br_bars *bars, double room)
{
  bars->labels = flat_labels();
  if (widest_label(bars, bars->labels.font) <= bars->pitch - 10)
    return;
  if (bars->spec->ncategories <= LEAN_CATEGORIES && bars->pitch >= LEAN_PITCH) {
    bars->labels = leaning_labels(bars, room);
    make_room_at_left(bars);
  } else {
    bars->labels = standing_labels(bars, room);
  }
}

/* --- height ---------------------------------------------------------------------------------- */

static void layout_height(br_bars *bars)
{
  double above = bars->head.height + (bars->over ? OVER_ROOM : 0);
  double below = bars->labels.extent + LABEL_GAP + BOTTOM_MARGIN;
  below += bars->under ? UNDER_ROOM : 0;
  double plot = bars->page.height ? PLOT_HEIGHT_MIN : PLOT_HEIGHT;
  bars->page.height = (int)ceil(fmax(bars->page.height, above + plot + below));
  bars->top = above;
  bars->bottom = bars->page.height - below;
  bars->labels.top = bars->bottom + LABEL_GAP + (bars->under ? UNDER_ROOM : 0);
}

static void layout_head(br_bars *bars)
{
  const br_plot_bars_spec *spec = bars->spec;
  bars->head = (br_head){.title = spec->title,
                         .subtitle = spec->subtitle,
                         .series = spec->series,
                         .nseries = spec->nseries,
                         .left = bars->left,
                         .right = bars->right};
  br_head_layout(&bars->head);
}

static double label_room(const br_bars *bars)
{
  return bars->page.height ? fmax(0.35 * bars->page.height - 20, 20) : LABEL_LIMIT;
}

br_code br_bars_layout(br_bars *bars, const br_plot_bars_spec *spec, const br_plot_style *style,
                       br_err *err)
{
  *bars = (br_bars){.spec = spec};
  BR_TRY(br_page_init(&bars->page, style, spec->title, err));
  BR_TRY(layout_axis(bars, err));
  layout_width(bars);
  layout_bars(bars);
  layout_labels(bars, label_room(bars));
  layout_head(bars);
  layout_height(bars);
  return BR_OK;
}

double br_bars_x(const br_bars *bars, size_t category, size_t series)
{
  double group = bars->bar * (double)bars->spec->nseries;
  double middle = bars->left + ((double)category + 0.5) * bars->pitch;
  return middle - group / 2 + (double)series * bars->bar;
}

double br_bars_y(const br_bars *bars, double value)
{
  const br_axis *axis = &bars->axis;
  double part = (fmin(fmax(value, axis->lo), axis->hi) - axis->lo) / (axis->hi - axis->lo);
  return bars->bottom - part * (bars->bottom - bars->top);
}
