/* Titles and legends; see legend.h. */
#include "plot/legend.h"

#include <math.h>
#include <stdio.h>

#define TOP 12.0
#define TITLE_ROW 30.0
#define SUBTITLE_ROW 20.0
#define ROW 20.0
#define BOTTOM 18.0
#define SWATCH 12.0
#define SWATCH_GAP 6.0
#define ENTRY_GAP 18.0
#define BELOW_GAP 4.0
#define BESIDE_GAP 40.0
#define BESIDE_ROWS 2
#define NAME_LIMIT 280.0
#define COLUMN_ROW 22.0
#define COLUMN_SWATCH 22.0
#define COLUMN_DOT 4.0
#define COLUMN_LIMIT 280.0

static const br_font title_font = {.size = 19, .bold = true};
static const br_font subtitle_font = {.size = 12};
static const br_font name_font = {.size = 12};

static bool given(const char *text)
{
  return text && *text;
}

static double entry_width(const br_plot_series *series)
{
  return SWATCH + SWATCH_GAP + br_text_width(series->name, name_font, NAME_LIMIT);
}

/* The entries from first on that one row of `room` pixels holds, at least one; *width is theirs. */
static size_t row_end(const br_head *head, size_t first, double room, double *width)
{
  size_t i = first;
  *width = 0;
  for (; i < head->nseries; i++) {
    double with = *width + (i > first ? ENTRY_GAP : 0) + entry_width(&head->series[i]);
    if (i > first && with > room)
      break;
    *width = with;
  }
  return i;
}

/* Rows of the legend in `room` pixels; *widest is the width of the widest. */
static size_t count_rows(const br_head *head, double room, double *widest)
{
  size_t rows = 0;
  *widest = 0;
  for (size_t i = 0; i < head->nseries; rows++) {
    double width;
    i = row_end(head, i, room, &width);
    *widest = fmax(*widest, width);
  }
  return rows;
}

/* One series without a name needs no legend. */
static bool has_legend(const br_head *head)
{
  return head->nseries > 1 || (head->nseries == 1 && given(head->series[0].name));
}

void br_head_layout(br_head *head)
{
  double room = head->right - head->left, widest;
  double titles = fmax(br_text_width(head->title, title_font, room),
                       br_text_width(head->subtitle, subtitle_font, room));
  double beside = room - titles - (titles > 0 ? BESIDE_GAP : 0);
  head->height = TOP + (given(head->title) ? TITLE_ROW : 0);
  head->height += given(head->subtitle) ? SUBTITLE_ROW : 0;
  head->legend_left = head->left;
  head->legend_top = head->height;
  if (!has_legend(head))
    head->nseries = 0;
  size_t rows = count_rows(head, beside, &widest);
  head->beside = beside > 0 && rows <= BESIDE_ROWS && widest <= beside;
  if (head->beside) {
    head->legend_left = head->right - widest;
    head->legend_top = TOP + 5;
    head->height = fmax(head->height, head->legend_top + (double)rows * ROW);
  } else if (head->nseries) {
    head->legend_top += BELOW_GAP;
    head->height = head->legend_top + (double)count_rows(head, room, &widest) * ROW;
  }
  head->height += BOTTOM;
}

static void draw_row(br_canvas *c, const br_head *head, size_t first, size_t end, br_point at)
{
  br_text_style style = {.font = name_font, .ink = BR_INK_TEXT, .limit = NAME_LIMIT};
  for (size_t i = first; i < end; i++) {
    br_canvas_rect(c, br_palette_series(i), (br_point){at.x, at.y - SWATCH / 2}, SWATCH, SWATCH);
    br_point name = {at.x + SWATCH + SWATCH_GAP, at.y};
    br_canvas_text(c, style, name, head->series[i].name);
    at.x += entry_width(&head->series[i]) + ENTRY_GAP;
  }
}

static void draw_legend(br_canvas *c, const br_head *head)
{
  double room = head->right - head->legend_left + 0.01, y = head->legend_top + ROW / 2;
  for (size_t i = 0; i < head->nseries; y += ROW) {
    double width;
    size_t end = row_end(head, i, room, &width);
    double x = head->beside ? head->right - width : head->legend_left;
    draw_row(c, head, i, end, (br_point){x, y});
    i = end;
  }
}

void br_head_draw(br_canvas *c, const br_head *head)
{
  double room = head->right - head->left, y = TOP;
  if (given(head->title)) {
    br_text_style style = {.font = title_font, .ink = BR_INK_TEXT, .limit = room};
    br_canvas_text(c, style, (br_point){head->left, y + TITLE_ROW / 2}, head->title);
    y += TITLE_ROW;
  }
  br_text_style style = {.font = subtitle_font, .ink = BR_INK_MUTED, .limit = room};
  br_canvas_text(c, style, (br_point){head->left, y + SUBTITLE_ROW / 2}, head->subtitle);
  draw_legend(c, head);
}

double br_legend_column_width(const br_plot_series *series, size_t n)
{
  double widest = 0;
  for (size_t i = 0; i < n; i++)
    widest = fmax(widest, br_text_width(series[i].name, name_font, COLUMN_LIMIT));
  return widest > 0 ? widest + COLUMN_SWATCH + SWATCH_GAP : 0;
}

static void draw_line(br_canvas *c, size_t series, br_point at)
{
  br_pen pen = {br_palette_series(series), 2.2};
  br_canvas_line(c, pen, at, (br_point){at.x + COLUMN_SWATCH, at.y});
}

static void draw_dot(br_canvas *c, size_t series, br_point at)
{
  br_canvas_dot(c, br_palette_series(series), (br_point){at.x + COLUMN_SWATCH / 2, at.y},
                COLUMN_DOT);
}

void br_legend_column(br_canvas *c, const br_plot_lines_spec *spec, br_point at, double bottom)
{
  const br_plot_series *series = spec->panels[0].series;
  size_t n = spec->nseries;
  br_text_style style = {.font = name_font, .ink = BR_INK_TEXT, .limit = COLUMN_LIMIT};
  for (size_t i = 0; i < n; i++, at.y += COLUMN_ROW) {
    br_point name = {at.x + COLUMN_SWATCH + SWATCH_GAP, at.y};
    if (i + 1 < n && at.y + COLUMN_ROW > bottom) {
      char more[32];
      (void)snprintf(more, sizeof more, "+ %zu more", n - i);
      style.ink = BR_INK_MUTED;
      br_canvas_text(c, style, name, more);
      return;
    }
    (spec->points ? draw_dot : draw_line)(c, i, at);
    br_canvas_text(c, style, name, series[i].name);
  }
}
