/* The session with PLplot: traps, one page, primitives; see canvas.h.
 *
 * A session opens a stream, maps its page to CSS pixels, draws and closes it. Raster pages are
 * drawn by the memcairo driver into our own pixels at twice the size; vector pages by the svg
 * driver into a stream that is backed by a br_str. PLplot closes that stream where it gets so far,
 * else we do.
 *
 * Text: PLplot sizes characters in millimetres, of 72 dots an inch; its cairo and svg drivers draw
 * them 1.3385 times larger than asked. "#" escapes and is doubled. */
#define _GNU_SOURCE
#include "plot/canvas.h"

#include "base/vec.h"
#include "plot/png.h"
#include "plot/svg.h"

#include <math.h>
#include <plplot.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#define SCALE_MAX 2               /* and the default */
#define CSS_PIXELS_PER_METRE 3780 /* 96 an inch */
#define AREA_MAX ((size_t)BR_PAGE_SIDE_MAX * BR_PAGE_SIDE_MAX)
#define DEVICES_MAX 64
#define CHARACTER_SCALE (25.4 / 72 / 1.3385)
#define DASH 6.0
#define GAP 4.0
#define DOT_CORNERS 16
#define PI 3.14159265358979323846

struct br_canvas {
  const br_page *page;
  br_canvas_draw draw;
  const void *chart;
  double scale;          /* device pixels a CSS pixel */
  unsigned char *pixels; /* raster pages: red, green, blue; owned */
  br_str text;           /* vector pages: what the driver wrote; owned */
  br_err text_err;
  FILE *stream; /* on text; NULL once closed */
};

/* PLplot's handlers take no argument, so the trap is the one thing that is static. PLplot itself is
 * no different: one chart at a time. */
static struct {
  jmp_buf back;
  char why[200];
} trap;

static _Noreturn void spring(const char *why)
{
  (void)snprintf(trap.why, sizeof trap.why, "%s", why ? why : "");
  longjmp(trap.back, 1);
}

static void on_abort(const char *why)
{
  spring(why);
}

static int on_exit_request(const char *why)
{
  spring(why);
}

/* Runs one step of a session; false where PLplot gave up in it. */
static bool attempt(void (*step)(br_canvas *), br_canvas *c)
{
  if (setjmp(trap.back) != 0)
    return false;
  step(c);
  return true;
}

static bool is_side(int side, int least)
{
  return side == 0 || (side >= least && side <= BR_PAGE_SIDE_MAX);
}

br_code br_page_init(br_page *page, const br_plot_style *style, const char *title, br_err *err)
{
  *page = (br_page){.title = title, .scale = SCALE_MAX};
  if (!style)
    return BR_OK;
  if (!is_side(style->width, BR_PAGE_WIDTH_MIN) || !is_side(style->height, BR_PAGE_HEIGHT_MIN))
    return br_fail(err, BR_EINVAL,
                   "a chart of %d x %d pixels; from %d x %d to %d x %d can be drawn", style->width,
                   style->height, BR_PAGE_WIDTH_MIN, BR_PAGE_HEIGHT_MIN, BR_PAGE_SIDE_MAX,
                   BR_PAGE_SIDE_MAX);
  if (style->scale < 0 || style->scale > SCALE_MAX)
    return br_fail(err, BR_EINVAL, "a scale of %d; 1 or %d is possible", style->scale, SCALE_MAX);
  page->format = style->format;
  page->theme = style->theme;
  page->width = style->width;
  page->height = style->height;
  if (style->scale)
    page->scale = style->scale;
  return BR_OK;
}

/* --- the stream ------------------------------------------------------------------------------- */

static ssize_t stream_write(void *cookie, const char *bytes, size_t n)
{
  br_canvas *c = cookie;
  if (c->text_err.code != BR_OK)
    return 0;
  return br_str_add(&c->text, bytes, n, &c->text_err) == BR_OK ? (ssize_t)n : 0;
}

static int stream_close(void *cookie)
{
  ((br_canvas *)cookie)->stream = NULL;
  return 0;
}

static br_code open_target(br_canvas *c, br_err *err)
{
  if (c->page->format == BR_PLOT_SVG) {
    c->stream =
        fopencookie(c, "w", (cookie_io_functions_t){.write = stream_write, .close = stream_close});
    return c->stream ? BR_OK : br_fail_nomem(err);
  }
  size_t n = (size_t)c->page->width * (size_t)c->page->height;
  n *= (size_t)(c->page->scale * c->page->scale);
  c->pixels = br_calloc(n, 3);
  if (!c->pixels)
    return br_fail_nomem(err);
  br_colour paper = br_palette_colour(c->page->theme, BR_INK_PAPER);
  for (size_t i = 0; i < n; i++) {
    c->pixels[3 * i] = (unsigned char)paper.r;
    c->pixels[3 * i + 1] = (unsigned char)paper.g;
    c->pixels[3 * i + 2] = (unsigned char)paper.b;
  }
  return BR_OK;
}

static void close_target(br_canvas *c)
{
  if (c->stream)
    (void)fclose(c->stream);
  br_str_clear(&c->text);
  br_free(c->pixels);
}

/* --- steps of a session ----------------------------------------------------------------------- */

/* An unknown device would make PLplot ask on standard input. */
static void demand_device(const char *name)
{
  const char *titles[DEVICES_MAX], *names[DEVICES_MAX];
  const char **title = titles, **device = names;
  int n = DEVICES_MAX;
  plgDevs(&title, &device, &n);
  for (int i = 0; i < n; i++)
    if (strcmp(names[i], name) == 0)
      return;
  spring("its driver is not installed");
}

static void set_colours(const br_canvas *c)
{
  PLINT r[BR_INK_COUNT], g[BR_INK_COUNT], b[BR_INK_COUNT];
  PLFLT opacity[BR_INK_COUNT];
  for (int i = 0; i < BR_INK_COUNT; i++) {
    br_colour colour = br_palette_colour(c->page->theme, (br_ink)i);
    r[i] = colour.r;
    g[i] = colour.g;
    b[i] = colour.b;
    opacity[i] = colour.opacity;
  }
  plscmap0a(r, g, b, opacity, BR_INK_COUNT);
}

static void choose_device(const br_canvas *c)
{
  const char *device = c->stream ? "svg" : "memcairo";
  int width = (int)(c->page->width * c->scale), height = (int)(c->page->height * c->scale);
  demand_device(device);
  plsdev(device);
  if (c->stream)
    plsfile(c->stream);
  else
    plsmem(width, height, c->pixels);
  plspage(0, 0, width, height, 0, 0);
}

static void start(br_canvas *c)
{
  plsabort(on_abort);
  plsexit(on_exit_request);
  choose_device(c);
  plsetopt("drvopt", "text_clipping=0");
  set_colours(c);
  plinit();
  pladv(0);
  plvpor(0, 1, 0, 1);
  plwind(0, c->page->width, c->page->height, 0);
}

static void draw(br_canvas *c)
{
  c->draw(c, c->chart);
}

/* Ends the page but not the library, whose lists of drivers don't survive that. Until its driver
 * has started, PLplot would free our pixels as the driver's memory. */
static void finish(br_canvas *c)
{
  PLINT level;
  plglevel(&level);
  if (level == 0 && c->pixels)
    plsmem(0, 0, NULL);
  plend1();
}

static br_code run(br_canvas *c, br_err *err)
{
  br_code code = BR_OK;
  if (!attempt(start, c) || !attempt(draw, c))
    code = br_fail(err, BR_ELIB, "PLplot can't draw the chart: %s", trap.why);
  if (!attempt(finish, c) && code == BR_OK)
    code = br_fail(err, BR_ELIB, "PLplot can't end the chart: %s", trap.why);
  return code;
}

static br_code deliver(br_str *out, const br_canvas *c, br_err *err)
{
  const br_page *page = c->page;
  if (page->format == BR_PLOT_PNG)
    return br_png_encode(out, c->pixels, page->width * page->scale, page->height * page->scale,
                         CSS_PIXELS_PER_METRE * page->scale, err);
  if (c->text_err.code != BR_OK)
    return br_fail(err, c->text_err.code, "%s", c->text_err.msg);
  return br_svg_rewrite(out, c->text.data, c->text.len, page, err);
}

br_code br_canvas_render(br_str *out, const br_page *page, br_canvas_draw draw_chart,
                         const void *chart, br_err *err)
{
  if ((size_t)page->width * (size_t)page->height > AREA_MAX)
    return br_fail(err, BR_EINVAL, "a chart of %d x %d pixels is too large; give it fewer parts",
                   page->width, page->height);
  br_canvas c = {.page = page,
                 .draw = draw_chart,
                 .chart = chart,
                 .scale = page->format == BR_PLOT_PNG ? page->scale : 1};
  br_code code = open_target(&c, err);
  if (code == BR_OK)
    code = run(&c, err);
  size_t before = out->len;
  if (code == BR_OK)
    code = deliver(out, &c, err);
  if (code != BR_OK && out->data)
    out->data[out->len = before] = '\0';
  close_target(&c);
  return code;
}

/* --- primitives ------------------------------------------------------------------------------- */

static void set_pen(const br_canvas *c, br_pen pen)
{
  plcol0((PLINT)pen.ink);
  plwidth(pen.width * c->scale);
}

/* Fills must have no outline, or they grow by it. */
static void set_fill(br_ink ink)
{
  plcol0((PLINT)ink);
  plwidth(0);
}

void br_canvas_line(br_canvas *c, br_pen pen, br_point from, br_point to)
{
  set_pen(c, pen);
  pljoin(from.x, from.y, to.x, to.y);
}

void br_canvas_dashes(br_canvas *c, br_pen pen, br_point from, br_point to)
{
  set_pen(c, pen);
  double dx = to.x - from.x, dy = to.y - from.y, length = hypot(dx, dy);
  int dashes = (int)ceil(length / (DASH + GAP));
  for (int i = 0; i < dashes; i++) {
    double at = i * (DASH + GAP), a = at / length, b = fmin(at + DASH, length) / length;
    pljoin(from.x + a * dx, from.y + a * dy, from.x + b * dx, from.y + b * dy);
  }
}

void br_canvas_polyline(br_canvas *c, br_pen pen, const double *x, const double *y, size_t n)
{
  set_pen(c, pen);
  plline((PLINT)n, x, y);
}

void br_canvas_polygon(br_canvas *c, br_ink ink, const double *x, const double *y, size_t n)
{
  (void)c;
  set_fill(ink);
  plfill((PLINT)n, x, y);
}

void br_canvas_rect(br_canvas *c, br_ink ink, br_point corner, double width, double height)
{
  double right = corner.x + width, bottom = corner.y + height;
  double x[] = {corner.x, right, right, corner.x};
  double y[] = {corner.y, corner.y, bottom, bottom};
  br_canvas_polygon(c, ink, x, y, 4);
}

void br_canvas_dot(br_canvas *c, br_ink ink, br_point centre, double radius)
{
  double x[DOT_CORNERS], y[DOT_CORNERS];
  for (int i = 0; i < DOT_CORNERS; i++) {
    x[i] = centre.x + radius * cos(2 * PI * i / DOT_CORNERS);
    y[i] = centre.y + radius * sin(2 * PI * i / DOT_CORNERS);
  }
  br_canvas_polygon(c, ink, x, y, DOT_CORNERS);
}

void br_canvas_cross(br_canvas *c, br_pen pen, br_point centre, double radius)
{
  double left = centre.x - radius, right = centre.x + radius;
  double top = centre.y - radius, bottom = centre.y + radius;
  br_canvas_line(c, pen, (br_point){left, top}, (br_point){right, bottom});
  br_canvas_line(c, pen, (br_point){left, bottom}, (br_point){right, top});
}

/* Doubles each "#", PLplot's escape. */
static void escape(char out[2 * BR_TEXT_MAX], const char *text)
{
  for (; *text; *out++ = *text++)
    if (*text == '#')
      *out++ = '#';
  *out = '\0';
}

void br_canvas_text(br_canvas *c, br_text_style style, br_point at, const char *text)
{
  char fit[BR_TEXT_MAX], escaped[2 * BR_TEXT_MAX];
  (void)br_text_fit(fit, text, style.font, style.limit > 0 ? style.limit : HUGE_VAL);
  if (!*fit)
    return;
  escape(escaped, fit);
  double angle = style.degrees * PI / 180;
  plcol0((PLINT)style.ink);
  plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, style.font.bold ? PL_FCI_BOLD : PL_FCI_MEDIUM);
  plschr((style.font.size * c->scale + 0.02) * CHARACTER_SCALE, 1);
  plptex(at.x, at.y, cos(angle), -sin(angle), (int)style.align / 2.0, escaped);
}
