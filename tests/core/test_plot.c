/* Charts: the bytes are sound pictures, show what they must, and nothing hostile gets out of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plot/axis.h"
#include "plot/legend.h"
#include "plot/plot.h"

#include <float.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CATEGORIES_MAX 1000
#define SERIES_MAX 12

static const br_plot_style svg = {.format = BR_PLOT_SVG};

/* A chart of bars that a test may change before it draws it. */
typedef struct bars_fixture {
  br_plot_bars_spec spec;
  const char *labels[CATEGORIES_MAX];
  double y[SERIES_MAX][CATEGORIES_MAX];
  br_plot_series series[SERIES_MAX];
} bars_fixture;

static bars_fixture bars;

static br_plot_bars_spec *make_bars(size_t categories, size_t series)
{
  for (size_t i = 0; i < categories; i++)
    bars.labels[i] = i % 3 ? "resnet18" : "pytorch_CycleGAN_and_pix2pix";
  for (size_t s = 0; s < series; s++) {
    bars.series[s] = (br_plot_series){.name = "inductor_no_cudagraphs", .y = bars.y[s]};
    for (size_t i = 0; i < categories; i++)
      bars.y[s][i] = 1 + (double)((7 * i + 3 * s) % 10) / 10;
  }
  bars.spec = (br_plot_bars_spec){.title = "Speedup",
                                  .subtitle = "higher is better",
                                  .unit = "\xC3\x97",
                                  .labels = bars.labels,
                                  .ncategories = categories,
                                  .series = bars.series,
                                  .nseries = series,
                                  .reference = 1};
  return &bars.spec;
}

static br_str draw_bars(const br_plot_bars_spec *spec, const br_plot_style *style)
{
  br_str out = {0};
  br_err err = {0};
  if (br_plot_bars(&out, spec, style, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return out;
}

#define POINTS 60

typedef struct lines_fixture {
  br_plot_lines_spec spec;
  const char *labels[POINTS];
  double y[2][POINTS], lo[POINTS], hi[POINTS];
  br_plot_series series[2];
  br_plot_mark mark;
  br_plot_panel panels[2];
} lines_fixture;

static lines_fixture lines;

static br_plot_lines_spec *make_lines(size_t points)
{
  for (size_t i = 0; i < points; i++) {
    lines.labels[i] = "15 Jun";
    lines.y[0][i] = 1 + (double)(i % 7) / 10;
    lines.y[1][i] = 2 - (double)(i % 5) / 10;
    lines.lo[i] = lines.y[0][i] - 0.1;
    lines.hi[i] = lines.y[0][i] + 0.1;
  }
  lines.series[0] = (br_plot_series){"first", lines.y[0], lines.lo, lines.hi};
  lines.series[1] = (br_plot_series){"second", lines.y[1], NULL, NULL};
  lines.mark = (br_plot_mark){points / 2, "a1b2c3d"};
  lines.panels[0] =
      (br_plot_panel){"geomean speedup", lines.series, &lines.mark, points ? 1 : 0, 0};
  lines.panels[1] = (br_plot_panel){"peak memory", lines.series, NULL, 0, 0};
  lines.spec = (br_plot_lines_spec){.title = "Trend",
                                    .subtitle = "nightly",
                                    .labels = lines.labels,
                                    .nx = points,
                                    .panels = lines.panels,
                                    .npanels = 2,
                                    .nseries = 2};
  return &lines.spec;
}

static br_str draw_lines(const br_plot_lines_spec *spec, const br_plot_style *style)
{
  br_str out = {0};
  br_err err = {0};
  if (br_plot_lines(&out, spec, style, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return out;
}

static size_t count(const char *text, const char *part)
{
  size_t n = 0;
  for (; (text = strstr(text, part)); text += strlen(part))
    n++;
  return n;
}

/* --- PNG ------------------------------------------------------------------------------------- */

typedef struct picture {
  size_t width, height;
  unsigned char *rgb;
} picture;

static picture decode(const br_str *png)
{
  png_image image = {.version = PNG_IMAGE_VERSION};
  assert_true(png_image_begin_read_from_memory(&image, png->data, png->len));
  image.format = PNG_FORMAT_RGB;
  picture p = {image.width, image.height, malloc(PNG_IMAGE_SIZE(image))};
  assert_non_null(p.rgb);
  assert_true(png_image_finish_read(&image, NULL, p.rgb, 0, NULL));
  return p;
}

static size_t count_pixels(const picture *p, uint32_t rgb)
{
  size_t n = 0;
  for (size_t i = 0; i < p->width * p->height; i++)
    n += p->rgb[3 * i] == rgb >> 16 && p->rgb[3 * i + 1] == (rgb >> 8 & 0xFF) &&
         p->rgb[3 * i + 2] == (rgb & 0xFF);
  return n;
}

static void plot_png_is_scaled_as_asked_for(void **state)
{
  (void)state;
  for (int scale = 0; scale <= 2; scale++) {
    int pixels = scale == 1 ? 1 : 2;
    br_plot_style style = {.width = 700, .height = 450, .scale = scale};
    br_str png = draw_bars(make_bars(8, 2), &style);
    picture p = decode(&png);
    assert_int_equal(p.width, 700 * pixels);
    assert_int_equal(p.height, 450 * pixels);
    free(p.rgb);
    br_str_clear(&png);
  }
}

static void plot_png_shows_paper_bars_and_failures(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(8, 2);
  bars.y[0][3] = NAN;
  br_str png = draw_bars(spec, NULL);
  picture p = decode(&png);
  assert_int_equal(p.rgb[0], 0xFF);
  assert_true(count_pixels(&p, 0xFFFFFF) > p.width * p.height / 2);
  assert_true(count_pixels(&p, 0x4C78A8) > 10000);
  assert_true(count_pixels(&p, 0xF58518) > 10000);
  assert_true(count_pixels(&p, 0xC62828) > 20);
  free(p.rgb);
  br_str_clear(&png);
}

static void plot_dark_theme_differs(void **state)
{
  (void)state;
  br_str light = draw_bars(make_bars(4, 2), NULL);
  br_str dark = draw_bars(make_bars(4, 2), &(br_plot_style){.theme = BR_PLOT_DARK});
  picture p = decode(&dark);
  assert_true(count_pixels(&p, 0x12181F) > p.width * p.height / 2);
  assert_true(count_pixels(&p, 0x7BA7DB) > 10000);
  assert_int_equal(count_pixels(&p, 0x4C78A8), 0);
  assert_false(light.len == dark.len && memcmp(light.data, dark.data, dark.len) == 0);
  free(p.rgb);
  br_str_clear(&light);
  br_str_clear(&dark);
}

/* --- SVG ------------------------------------------------------------------------------------- */

/* Every tag that opens is closed by its like, nothing stands outside the root. */
static void assert_well_formed(const br_str *text)
{
  char open[16][24];
  size_t depth = 0;
  assert_int_equal(strlen(text->data), text->len);
  for (const char *p = strchr(text->data, '<'); p; p = strchr(p, '<')) {
    const char *end = strchr(p, '>');
    char name[24];
    assert_non_null(end);
    assert_int_equal(sscanf(p + 1, "%23[/a-z]", name), 1);
    if (name[0] == '/')
      assert_string_equal(open[--depth], name + 1);
    else if (end[-1] != '/')
      strcpy(open[depth++], name);
    assert_true(depth < 16 && (depth > 0 || strcmp(end, ">\n") == 0));
    p = end;
  }
  assert_int_equal(depth, 0);
}

static void plot_svg_is_one_element_with_a_view_box(void **state)
{
  (void)state;
  br_plot_style style = {.format = BR_PLOT_SVG, .width = 640, .height = 480};
  br_str text = draw_bars(make_bars(8, 2), &style);
  assert_memory_equal(text.data, "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 40);
  assert_string_equal(text.data + text.len - 7, "</svg>\n");
  assert_non_null(strstr(text.data, "viewBox=\"0 0 640 480\" width=\"640\" height=\"480\""));
  assert_non_null(strstr(text.data, "aria-label=\"Speedup\""));
  assert_null(strstr(text.data, "DOCTYPE"));
  assert_null(strstr(text.data, "&#x"));
  assert_null(strstr(text.data, "clip"));
  assert_well_formed(&text);
  br_str_clear(&text);
}

static void plot_svg_holds_its_texts_escaped(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(3, 1);
  spec->title = "a < b & \"c\" > d";
  bars.labels[0] = "#a##<script>";
  bars.labels[1] = "gr\xC3\xB6\xC3\x9F"
                   "e";
  br_str text = draw_bars(spec, &svg);
  assert_int_equal(count(text.data, "a &lt; b &amp; &quot;c&quot; &gt; d"), 2);
  assert_non_null(strstr(text.data, ">#a##&lt;script&gt;<"));
  assert_non_null(strstr(text.data, ">gr\xC3\xB6\xC3\x9F"
                                    "e<"));
  assert_non_null(strstr(text.data, ">0.5\xC3\x97<"));
  assert_non_null(strstr(text.data, ">inductor_no_cudagraphs<"));
  assert_well_formed(&text);
  br_str_clear(&text);
}

static void plot_svg_draws_one_shape_a_bar(void **state)
{
  (void)state;
  br_str text = draw_bars(make_bars(10, 3), &svg);
  assert_int_equal(count(text.data, "<polyline fill=\"#3B9A6D\""), 10 + 1);
  br_str_clear(&text);
}

/* --- bars ------------------------------------------------------------------------------------ */

static void plot_bars_cross_out_what_has_no_value(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(6, 2);
  bars.y[0][1] = NAN;
  bars.y[1][4] = 0;
  br_str text = draw_bars(spec, &svg);
  assert_int_equal(count(text.data, "stroke=\"#C62828\""), 4);
  br_str_clear(&text);
}

static void plot_bars_cut_a_single_outlier(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(20, 2);
  bars.y[1][7] = 52.3;
  br_str text = draw_bars(spec, &svg);
  assert_non_null(strstr(text.data, ">52.3\xC3\x97<"));
  assert_non_null(strstr(text.data, ">2.0\xC3\x97<"));
  assert_null(strstr(text.data, ">40\xC3\x97<"));
  br_str_clear(&text);
}

static void plot_bars_write_infinity(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(5, 1);
  bars.y[0][2] = INFINITY;
  bars.y[0][3] = -INFINITY;
  br_str text = draw_bars(spec, &svg);
  assert_non_null(strstr(text.data, ">\xE2\x88\x9E<"));
  assert_non_null(strstr(text.data, ">-\xE2\x88\x9E<"));
  assert_well_formed(&text);
  br_str_clear(&text);
}

static void plot_bars_go_below_zero(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(5, 1);
  spec->reference = NAN;
  bars.y[0][2] = -1.5;
  br_str text = draw_bars(spec, &svg);
  assert_non_null(strstr(text.data, ">-1\xC3\x97<"));
  assert_non_null(strstr(text.data, ">0<"));
  br_str_clear(&text);
}

static void plot_bars_without_any_value_have_an_axis(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(7, 1);
  for (size_t i = 0; i < 7; i++)
    bars.y[0][i] = NAN;
  br_str text = draw_bars(spec, &svg);
  assert_non_null(strstr(text.data, ">1.0\xC3\x97<"));
  assert_int_equal(count(text.data, "stroke=\"#C62828\""), 14);
  br_str_clear(&text);
}

static void plot_bars_of_nothing_say_so(void **state)
{
  (void)state;
  br_plot_bars_spec none = {.reference = NAN};
  br_str text = draw_bars(&none, &svg);
  assert_non_null(strstr(text.data, ">no data<"));
  br_str_clear(&text);
  text = draw_bars(make_bars(3, 0), &svg);
  assert_non_null(strstr(text.data, ">no data<"));
  assert_well_formed(&text);
  br_str_clear(&text);
}

static void plot_bars_of_any_number_have_a_sane_size(void **state)
{
  (void)state;
  const size_t categories[] = {1, 8, 80, 300, 1000}, series[] = {1, 4, 11};
  for (size_t c = 0; c < 5; c++)
    for (size_t s = 0; s < 3; s++) {
      int width = 0, height = 0;
      br_str text = draw_bars(make_bars(categories[c], series[s]), &svg);
      assert_int_equal(
          sscanf(strstr(text.data, "viewBox"), "viewBox=\"0 0 %d %d\"", &width, &height), 2);
      assert_in_range(width, 900, 2400);
      assert_in_range(height, 300, 800);
      assert_well_formed(&text);
      br_str_clear(&text);
    }
}

static void plot_bars_draw_labels_flat_leaning_or_standing(void **state)
{
  (void)state;
  br_plot_bars_spec *spec = make_bars(3, 1);
  br_str text = draw_bars(spec, &svg);
  assert_null(strstr(text.data, "matrix(0."));
  br_str_clear(&text);
  text = draw_bars(make_bars(20, 1), &svg);
  assert_int_equal(count(text.data, "matrix(0.57"), 20);
  br_str_clear(&text);
  text = draw_bars(make_bars(41, 1), &svg);
  assert_int_equal(count(text.data, "matrix(0 1 1 "), 41);
  br_str_clear(&text);
}

/* --- lines ----------------------------------------------------------------------------------- */

static void plot_lines_break_where_there_is_no_value(void **state)
{
  (void)state;
  const char line[] = "stroke=\"#F58518\"";
  br_str whole = draw_lines(make_lines(POINTS), &svg);
  br_plot_lines_spec *spec = make_lines(POINTS);
  lines.y[1][20] = NAN;
  br_str broken = draw_lines(spec, &svg);
  assert_int_equal(count(whole.data, line), 3); /* two panels and the legend */
  assert_int_equal(count(broken.data, line), 5);
  assert_well_formed(&broken);
  br_str_clear(&whole);
  br_str_clear(&broken);
}

static void plot_lines_draw_bands_marks_and_names(void **state)
{
  (void)state;
  br_str text = draw_lines(make_lines(POINTS), &svg);
  assert_int_equal(count(text.data, "fill-opacity=\"0.16\""), 2);
  assert_int_equal(count(text.data, ">a1b2c3d<"), 1);
  assert_int_equal(count(text.data, ">geomean speedup<"), 1);
  assert_int_equal(count(text.data, ">second<"), 1);
  assert_in_range(count(text.data, ">15 Jun<"), 5, 20);
  br_str_clear(&text);
}

static void plot_lines_of_one_point_are_dots(void **state)
{
  (void)state;
  br_str text = draw_lines(make_lines(1), &svg);
  assert_int_equal(count(text.data, "<polyline fill=\"#F58518\""), 2);
  assert_int_equal(count(text.data, "stroke=\"#F58518\""), 1);
  br_str_clear(&text);
}

static void plot_lines_show_infinity_at_the_edge(void **state)
{
  (void)state;
  br_plot_lines_spec *spec = make_lines(POINTS);
  lines.y[0][5] = INFINITY;
  lines.hi[6] = INFINITY;
  lines.y[1][9] = -INFINITY;
  br_str text = draw_lines(spec, &svg);
  assert_int_equal(count(text.data, "<polyline fill=\"#4C78A8\""), 4); /* bands, arrows */
  assert_null(strstr(text.data, "inf"));
  assert_null(strstr(text.data, "nan"));
  br_str_clear(&text);
}

static void plot_lines_end_where_no_value_can_be_greater(void **state)
{
  (void)state;
  br_plot_lines_spec *spec = make_lines(3);
  spec->npanels = 1;
  static const double all[] = {100, 100, 100};
  for (size_t s = 0; s < spec->nseries; s++)
    lines.series[s] = (br_plot_series){"flat", all, NULL, NULL};
  br_plot_style style = {.format = BR_PLOT_SVG};
  br_str open = draw_lines(spec, &style);
  assert_int_equal(count(open.data, ">102"), 1);
  lines.panels[0].most = 100;
  br_str ended = draw_lines(spec, &style);
  assert_int_equal(count(ended.data, ">102"), 0);
  assert_int_equal(count(ended.data, ">100"), 1);
  br_str_clear(&open);
  br_str_clear(&ended);
}

static void plot_lines_of_nothing_say_so(void **state)
{
  (void)state;
  br_plot_lines_spec none = {0};
  br_str text = draw_lines(&none, &svg);
  assert_non_null(strstr(text.data, ">no data<"));
  br_str_clear(&text);
  text = draw_lines(make_lines(0), &svg);
  assert_int_equal(count(text.data, ">no data<"), 2);
  assert_well_formed(&text);
  br_str_clear(&text);
}

static void plot_lines_refuse_a_mark_beyond_the_end(void **state)
{
  (void)state;
  br_str out = {0};
  br_err err;
  br_plot_lines_spec *spec = make_lines(10);
  lines.mark.x = 10;
  assert_int_equal(br_plot_lines(&out, spec, &svg, &err), BR_EINVAL);
  assert_string_equal(err.msg, "panel 1 has a mark at point 11 of 10");
  assert_null(out.data);
}

static void plot_lines_stand_where_x_says(void **state)
{
  (void)state;
  static const double x[] = {0, 1, 10};
  br_plot_lines_spec *spec = make_lines(3);
  lines.labels[0] = "left", lines.labels[1] = "", lines.labels[2] = "right";
  br_str even = draw_lines(spec, &svg);
  spec->x = x;
  br_str placed = draw_lines(spec, &svg);
  assert_int_equal(count(placed.data, ">left<"), 1);
  assert_int_equal(count(placed.data, ">right<"), 1);
  assert_int_not_equal(strcmp(even.data, placed.data), 0);
  br_str_clear(&even);
  br_str_clear(&placed);
}

static void plot_lines_refuse_an_x_that_goes_back(void **state)
{
  (void)state;
  const double wrong[][3] = {{0, 2, 1}, {0, NAN, 1}, {0, 1, INFINITY}};
  for (size_t i = 0; i < 3; i++) {
    br_str out = {0};
    br_err err;
    br_plot_lines_spec *spec = make_lines(3);
    spec->x = wrong[i];
    assert_int_equal(br_plot_lines(&out, spec, &svg, &err), BR_EINVAL);
    assert_non_null(strstr(err.msg, "x must be finite"));
    assert_null(out.data);
  }
}

/* The same place for all, the whole range of doubles, and more points than memory on the stack. */
static void plot_lines_take_any_x(void **state)
{
  (void)state;
  const double ranges[][3] = {{5, 5, 5}, {-DBL_MAX, 0, DBL_MAX}, {0, 0, 5e-324}};
  for (size_t i = 0; i < 3; i++) {
    br_plot_lines_spec *spec = make_lines(3);
    spec->x = ranges[i];
    br_str text = draw_lines(spec, &svg);
    assert_int_equal(count(text.data, "nan"), 0);
    assert_well_formed(&text);
    br_str_clear(&text);
  }
}

static void plot_lines_join_and_leave_out(void **state)
{
  (void)state;
  br_plot_lines_spec *spec = make_lines(POINTS);
  for (size_t i = 0; i < POINTS; i++)
    lines.y[i % 2][i] = NAN;
  spec->npanels = 1;
  lines.series[0].lo = lines.series[0].hi = NULL;
  lines.panels[0].nmarks = 0;
  br_str apart = draw_lines(spec, &svg);
  spec->joined = true;
  br_str joined = draw_lines(spec, &svg);
  spec->points = true;
  br_str points = draw_lines(spec, &svg);
  assert_int_equal(count(apart.data, "stroke-width=\"1.9\""), 0);
  assert_int_equal(count(joined.data, "stroke-width=\"1.9\""), 2);
  assert_int_equal(count(points.data, "stroke-width=\"1.9\""), 0);
  assert_true(points.len > joined.len);
  assert_int_equal(count(apart.data, "stroke-width=\"2.2\""), 2); /* in the legend */
  assert_int_equal(count(points.data, "stroke-width=\"2.2\""), 0);
  br_str_clear(&apart);
  br_str_clear(&joined);
  br_str_clear(&points);
}

/* --- hostile input --------------------------------------------------------------------------- */

static void plot_refuses_sizes_that_are_no_picture(void **state)
{
  (void)state;
  const int sizes[][2] = {{10, 0}, {0, 10}, {-1, 0}, {5000, 0}, {0, 5000}};
  for (size_t i = 0; i < 5; i++) {
    br_str out = {0};
    br_err err;
    br_plot_style style = {.width = sizes[i][0], .height = sizes[i][1]};
    assert_int_equal(br_plot_bars(&out, make_bars(2, 1), &style, &err), BR_EINVAL);
    assert_null(out.data);
  }
}

static const char *const hostile[] = {
    "",
    "two\nlines\tand\ra tab",
    "#",
    "##u#d#g#[0x1F600]",
    "]]><script>alert(1)</script>&amp;&#0;",
    "\xF0\x9F\x98\x80\xF0\x9F\x9A\x80",
    "\xFF\xFE\xC3",
    "\xED\xA0\x80 \xC0\x80 \xF5\x80\x80\x80",
    "\x01\x02\x1B[31m",
    "\xE2\x80\xAEltr\xE2\x80\xAC",
    "\xEF\xBF\xBE\xEF\xBF\xBF",
    "%s%n%d",
    "e\xCC\x81\xCC\x81\xCC\x81",
};

#define HOSTILE (sizeof hostile / sizeof *hostile)

static void draw_hostile(void)
{
  static char endless[5001];
  memset(endless, 'W', sizeof endless - 1);
  for (int format = BR_PLOT_PNG; format <= BR_PLOT_SVG; format++)
    for (size_t i = 0; i <= HOSTILE; i++) {
      const char *text = i < HOSTILE ? hostile[i] : endless;
      br_plot_style style = {.format = (br_plot_format)format, .width = 400, .height = 300};
      br_plot_bars_spec *spec = make_bars(4, 2);
      br_plot_lines_spec *trend = make_lines(5);
      spec->title = spec->subtitle = spec->unit = bars.labels[1] = bars.series[0].name = text;
      bars.labels[2] = NULL;
      trend->title = trend->subtitle = lines.labels[2] = lines.series[1].name = text;
      lines.panels[0].title = lines.mark.text = text;
      br_str a = draw_bars(spec, &style), b = draw_lines(trend, &style);
      if (format == BR_PLOT_SVG) {
        assert_well_formed(&a);
        assert_well_formed(&b);
        assert_null(strstr(a.data, "<script"));
      }
      br_str_clear(&a);
      br_str_clear(&b);
    }
}

static void plot_draws_hostile_texts_in_silence(void **state)
{
  (void)state;
  FILE *said = tmpfile();
  int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
  assert_true(said && out >= 0 && err >= 0);
  (void)fflush(NULL);
  assert_true(dup2(fileno(said), STDOUT_FILENO) >= 0 && dup2(fileno(said), STDERR_FILENO) >= 0);
  draw_hostile();
  (void)fflush(NULL);
  assert_true(dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0);
  assert_int_equal(lseek(fileno(said), 0, SEEK_END), 0);
  (void)close(out);
  (void)close(err);
  (void)fclose(said);
}

static void plot_draws_extreme_numbers(void **state)
{
  (void)state;
  const double extreme[] = {1.7e308,  -1.7e308,  5e-324, -5e-324, 1e-300,
                            INFINITY, -INFINITY, NAN,    0};
  for (size_t i = 0; i < 9; i++)
    for (size_t k = 0; k < 9; k++) {
      br_plot_bars_spec *spec = make_bars(2, 1);
      br_plot_lines_spec *trend = make_lines(3);
      spec->reference = extreme[8 - i];
      bars.y[0][0] = lines.y[0][0] = lines.y[1][2] = extreme[i];
      bars.y[0][1] = lines.y[0][1] = lines.hi[1] = extreme[k];
      br_str a = draw_bars(spec, &svg), b = draw_lines(trend, &svg);
      assert_null(strstr(a.data, "nan"));
      assert_null(strstr(b.data, "nan"));
      br_str_clear(&a);
      br_str_clear(&b);
    }
}

/* --- failures -------------------------------------------------------------------------------- */

/* PLplot aborts over a colour that it does not know. */
static void draw_wrongly(br_canvas *c, const void *chart)
{
  (void)chart;
  br_canvas_line(c, (br_pen){(br_ink)999, 1}, (br_point){0, 0}, (br_point){1, 1});
}

static void plot_failure_of_the_library_is_an_error_and_the_next_chart_works(void **state)
{
  (void)state;
  for (int format = BR_PLOT_PNG; format <= BR_PLOT_SVG; format++) {
    size_t live = br_mem_live();
    br_plot_style style = {.format = (br_plot_format)format};
    br_str before = draw_bars(make_bars(3, 1), &style);
    br_str out = {0};
    br_err err;
    assert_int_equal(br_str_addz(&out, "kept", &err), BR_OK);
    br_page page = {300, 200, 1, (br_plot_format)format, BR_PLOT_LIGHT, NULL};
    assert_int_equal(br_canvas_render(&out, &page, draw_wrongly, NULL, &err), BR_ELIB);
    assert_non_null(strstr(err.msg, "plcol0"));
    assert_string_equal(out.data, "kept");
    br_str after = draw_bars(make_bars(3, 1), &style);
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.data, after.data, after.len);
    br_str_clear(&out);
    br_str_clear(&before);
    br_str_clear(&after);
    assert_int_equal(br_mem_live(), live);
  }
}

#define WITHOUT_DRIVERS "--without-drivers"

/* What the test's own process does: PLplot lists its drivers once. */
static int draw_without_drivers(void)
{
  br_str out = {0};
  br_err err;
  for (int i = 0; i < 4; i++)
    if (br_plot_bars(&out, make_bars(3, 1), i % 2 ? &svg : NULL, &err) != BR_ELIB)
      return 1;
  return br_mem_live() == 0 ? 0 : 2;
}

static void plot_without_drivers_is_an_error(void **state)
{
  (void)state;
  char program[] = "/proc/self/exe", option[] = WITHOUT_DRIVERS;
  char *arguments[] = {program, option, NULL};
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    if (setenv("PLPLOT_DRV_DIR", "/nonexistent", 1) == 0)
      (void)execv(program, arguments);
    _exit(127);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

static br_code draw_both(br_str *out, const br_plot_style *style, br_err *err)
{
  br_code code = br_plot_bars(out, make_bars(3, 2), style, err);
  return code == BR_OK ? br_plot_lines(out, make_lines(4), style, err) : code;
}

static void plot_survives_each_failing_allocation(void **state)
{
  (void)state;
  for (int format = BR_PLOT_PNG; format <= BR_PLOT_SVG; format++) {
    br_plot_style style = {.format = (br_plot_format)format, .width = 200, .height = 120};
    br_code code = BR_ENOMEM;
    size_t live = br_mem_live(), n = 0;
    while (code != BR_OK) {
      br_str out = {0};
      br_err err = {0};
      br_mem_fail_at(++n);
      code = draw_both(&out, &style, &err);
      br_mem_fail_at(0);
      if (code != BR_OK)
        assert_int_equal(code, BR_ENOMEM);
      br_str_clear(&out);
      assert_int_equal(br_mem_live(), live);
    }
    assert_true(n > 10);
  }
}

/* --- parts ----------------------------------------------------------------------------------- */

static void axis_has_round_ticks_around_the_range(void **state)
{
  (void)state;
  const double ranges[][2] = {{0, 2.23}, {1.47, 2.1},    {-0.6, 0.53},
                              {0, 1e-9}, {0, 123456789}, {3, 3}};
  for (size_t i = 0; i < 6; i++) {
    br_axis axis = br_axis_nice(ranges[i][0], ranges[i][1], 5);
    assert_true(axis.lo <= ranges[i][0] && axis.hi >= ranges[i][1]);
    assert_in_range(axis.ticks, 1, 8);
    assert_true(fabs(br_axis_tick(&axis, axis.ticks) - axis.hi) <= axis.step / 1000);
  }
}

static void axis_text_is_short_and_has_the_unit(void **state)
{
  (void)state;
  char text[BR_AXIS_TEXT_MAX];
  br_axis axis = br_axis_nice(0, 2.5, 5);
  br_axis_text(text, &axis, 0, "\xC3\x97");
  assert_string_equal(text, "0");
  br_axis_text(text, &axis, 3, "\xC3\x97");
  assert_string_equal(text, "1.5\xC3\x97");
  axis = br_axis_nice(0, 4e6, 4);
  br_axis_text(text, &axis, 3, "ms");
  assert_string_equal(text, "3M ms");
  br_axis_value_text(text, 52.31, NULL);
  assert_string_equal(text, "52.3");
  br_axis_value_text(text, 1234, "%");
  assert_string_equal(text, "1234%");
  br_axis_value_text(text, 12345, NULL);
  assert_string_equal(text, "12.3k");
}

static void axis_reach_leaves_out_a_few_far_values(void **state)
{
  (void)state;
  double ordinary[] = {1, 1.2, 1.4, 1.1, 2.9, 1.3, 1.2, 1};
  assert_true(br_axis_reach(ordinary, 8) == 2.9);
  double one_far[] = {1, 1.2, 1.4, 1.1, 50, 1.3, 1.2, 1};
  assert_true(br_axis_reach(one_far, 8) == 1.4);
  double two_of_eight[] = {1, 1.2, 50, 1.1, 50, 1.3, 1.2, 1};
  assert_true(br_axis_reach(two_of_eight, 8) == 50);
  double three[] = {1, 1, 50};
  assert_true(br_axis_reach(three, 3) == 50);
  assert_true(br_axis_reach(NULL, 0) == 0);
}

static void text_is_cut_with_an_ellipsis(void **state)
{
  (void)state;
  char out[BR_TEXT_MAX];
  br_font font = {.size = 10};
  assert_true(br_text_fit(out, "iiii", font, 100) < 12);
  assert_string_equal(out, "iiii");
  assert_true(br_text_fit(out, "wwwwwwwwwwwwwwwwwwww", font, 50) <= 50);
  assert_string_equal(out, "wwww\xE2\x80\xA6");
  assert_true(br_text_fit(out, NULL, font, 50) == 0);
  assert_string_equal(out, "");
}

static void text_becomes_valid_on_one_line(void **state)
{
  (void)state;
  char out[BR_TEXT_MAX];
  br_font font = {.size = 10};
  br_text_fit(out,
              "a\n\xFF"
              "b\xED\xA0\x80\xE2\x80\xAE\xEF\xBF\xBF\x7F",
              font, 1e9);
  assert_string_equal(out, "a \xEF\xBF\xBD"
                           "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD ");
}

static void legend_never_stands_over_the_titles(void **state)
{
  (void)state;
  const char *titles[] = {"T", "A title of some length",
                          "A title that is so long that it takes the "
                          "whole width of the chart and more, and is then cut with an ellipsis at "
                          "the right edge of the chart"};
  make_bars(1, SERIES_MAX);
  for (size_t t = 0; t < 3; t++)
    for (size_t n = 1; n <= SERIES_MAX; n++)
      for (double width = 200; width < 2400; width += 100) {
        br_head head = {titles[t], "subtitle", bars.series, n, 50, width, 0, 0, 0, false};
        br_head_layout(&head);
        double title = head.left + br_text_width(titles[t], (br_font){19, true}, width - 50);
        assert_true(head.beside ? head.legend_left > title : head.legend_top >= 60);
        assert_true(head.height > head.legend_top);
      }
}

int main(int count_of, char **arguments)
{
  if (count_of == 2 && strcmp(arguments[1], WITHOUT_DRIVERS) == 0)
    return draw_without_drivers();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plot_png_is_scaled_as_asked_for),
      cmocka_unit_test(plot_png_shows_paper_bars_and_failures),
      cmocka_unit_test(plot_dark_theme_differs),
      cmocka_unit_test(plot_svg_is_one_element_with_a_view_box),
      cmocka_unit_test(plot_svg_holds_its_texts_escaped),
      cmocka_unit_test(plot_svg_draws_one_shape_a_bar),
      cmocka_unit_test(plot_bars_cross_out_what_has_no_value),
      cmocka_unit_test(plot_bars_cut_a_single_outlier),
      cmocka_unit_test(plot_bars_write_infinity),
      cmocka_unit_test(plot_bars_go_below_zero),
      cmocka_unit_test(plot_bars_without_any_value_have_an_axis),
      cmocka_unit_test(plot_bars_of_nothing_say_so),
      cmocka_unit_test(plot_bars_of_any_number_have_a_sane_size),
      cmocka_unit_test(plot_bars_draw_labels_flat_leaning_or_standing),
      cmocka_unit_test(plot_lines_break_where_there_is_no_value),
      cmocka_unit_test(plot_lines_draw_bands_marks_and_names),
      cmocka_unit_test(plot_lines_of_one_point_are_dots),
      cmocka_unit_test(plot_lines_show_infinity_at_the_edge),
      cmocka_unit_test(plot_lines_end_where_no_value_can_be_greater),
      cmocka_unit_test(plot_lines_of_nothing_say_so),
      cmocka_unit_test(plot_lines_refuse_a_mark_beyond_the_end),
      cmocka_unit_test(plot_lines_stand_where_x_says),
      cmocka_unit_test(plot_lines_refuse_an_x_that_goes_back),
      cmocka_unit_test(plot_lines_take_any_x),
      cmocka_unit_test(plot_lines_join_and_leave_out),
      cmocka_unit_test(plot_refuses_sizes_that_are_no_picture),
      cmocka_unit_test(plot_draws_hostile_texts_in_silence),
      cmocka_unit_test(plot_draws_extreme_numbers),
      cmocka_unit_test(plot_failure_of_the_library_is_an_error_and_the_next_chart_works),
      cmocka_unit_test(plot_without_drivers_is_an_error),
      cmocka_unit_test(plot_survives_each_failing_allocation),
      cmocka_unit_test(axis_has_round_ticks_around_the_range),
      cmocka_unit_test(axis_text_is_short_and_has_the_unit),
      cmocka_unit_test(axis_reach_leaves_out_a_few_far_values),
      cmocka_unit_test(text_is_cut_with_an_ellipsis),
      cmocka_unit_test(text_becomes_valid_on_one_line),
      cmocka_unit_test(legend_never_stands_over_the_titles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
