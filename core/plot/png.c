/* PNG through libpng: truecolour, each row as its difference to the row above (filter "up").
 *
 * Charts are mostly vertical and flat: with this filter zlib's fastest level packs them in a fraction of
 * the time that libpng's defaults take, to about twice the size. libpng leaves a failure by a jump: what
 * must be freed is held by the caller of the function that sets the target. */
#include "plot/png.h"

#include <png.h>
#include <setjmp.h>

#define LEVEL 1

/* What libpng's callbacks need to know. */
typedef struct sink {
  br_str *out;
  br_code code; /* why a callback failed; BR_OK when libpng itself is the one that gives up */
  br_err *err;
} sink;

static void on_write(png_structp png, png_bytep bytes, size_t n)
{
  sink *to = png_get_io_ptr(png);
  to->code = br_str_add(to->out, bytes, n, to->err);
  if (to->code != BR_OK)
    png_error(png, "out of memory");
}

static void on_flush(png_structp png)
{
  (void)png;
}

static void on_error(png_structp png, png_const_charp message)
{
  sink *to = png_get_error_ptr(png);
  if (to->code == BR_OK)
    to->code = br_fail(to->err, BR_ELIB, "libpng can't write the chart: %s", message);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
  (void)png;
  (void)message;
}

static png_voidp on_alloc(png_structp png, png_alloc_size_t n)
{
  sink *to = png_get_mem_ptr(png);
  void *p = br_alloc(n);
  if (!p)
    to->code = br_fail_nomem(to->err);
  return p;
}

static void on_free(png_structp png, png_voidp p)
{
  (void)png;
  br_free(p);
}

typedef struct picture {
  const unsigned char *rgb;
  png_uint_32 width, height, pixels_per_metre;
} picture;

static br_code write_picture(png_structp png, png_infop info, const picture *p, sink *to)
{
  if (setjmp(png_jmpbuf(png)))
    return to->code;
  png_set_write_fn(png, to, on_write, on_flush);
  png_set_compression_level(png, LEVEL);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
  png_set_IHDR(png, info, p->width, p->height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_pHYs(png, info, p->pixels_per_metre, p->pixels_per_metre, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  for (png_uint_32 y = 0; y < p->height; y++)
    png_write_row(png, p->rgb + (size_t)y * p->width * 3);
  png_write_end(png, info);
  return BR_OK;
}

br_code br_png_encode(br_str *out, const unsigned char *rgb, int width, int height,
                      int pixels_per_metre, br_err *err)
{
  picture p = {rgb, (png_uint_32)width, (png_uint_32)height, (png_uint_32)pixels_per_metre};
  sink to = {.out = out, .err = err};
  png_structp png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, &to, on_error, on_warning, &to,
                                              on_alloc, on_free);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  br_code code = info ? write_picture(png, info, &p, &to) : br_fail_nomem(err);
  png_destroy_write_struct(&png, &info);
  return code;
}
