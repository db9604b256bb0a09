/* Pictures as sequences for a terminal; see term.h. */
#include "base/vec.h"
#include "term/term.h"

#include <png.h>
#include <sixel.h>
#include <stdint.h>
#include <string.h>

enum {
  COLOURS = 256,
  KITTY_PIECE = 3072 /* 4096 characters in base64 */,
  BYTES_PER_PIXEL = 3,
  LONGEST_SIDE = 10000
};

/* --- kitty -------------------------------------------------------------------------------------- */

/* RFC 4648. */
static br_code add_base64(br_str *out, const unsigned char *bytes, size_t n, br_err *err)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < n; i += 3) {
    size_t left = n - i;
    uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                     (left > 2 ? bytes[i + 2] : 0);
    char text[4] = {digits[group >> 18], digits[group >> 12 & 63], digits[group >> 6 & 63],
                    digits[group & 63]};
    if (left < 3)
      text[3] = '=';
    if (left < 2)
      text[2] = '=';
    BR_TRY(br_str_add(out, text, sizeof text, err));
  }
  return BR_OK;
}

static br_code add_piece(br_str *out, const unsigned char *bytes, size_t n, bool more, br_err *err)
{
  BR_TRY(br_str_addf(out, err, "m=%d;", more));
  BR_TRY(add_base64(out, bytes, n, err));
  return br_str_addz(out, "\033\\", err);
}

br_code br_term_kitty(br_str *out, const void *png, size_t n, br_err *err)
{
  const size_t step = KITTY_PIECE;
  size_t at = 0, piece = n < step ? n : step;
  BR_TRY(br_str_addz(out, "\033_Ga=T,f=100,q=2,", err));
  BR_TRY(add_piece(out, png, piece, piece < n, err));
  for (at += piece; at < n; at += piece) {
    piece = n - at < step ? n - at : step;
    BR_TRY(br_str_addz(out, "\033_G", err));
    BR_TRY(add_piece(out, (const unsigned char *)png + at, piece, at + piece < n, err));
  }
  return BR_OK;
}

/* --- sixel -------------------------------------------------------------------------------------- */

/* *pixels is the caller's to br_free: rows of red, green, blue. */
static br_code decode(unsigned char **pixels, int *width, int *height, const void *png, size_t n,
                      br_err *err)
{
  png_image image = {.version = PNG_IMAGE_VERSION};
  png_color background = {.red = 255, .green = 255, .blue = 255};
  if (!png_image_begin_read_from_memory(&image, png, n))
    return br_fail(err, BR_EPARSE, "no picture: %s", image.message);
  image.format = PNG_FORMAT_RGB;
  bool fits = image.width <= LONGEST_SIDE && image.height <= LONGEST_SIDE;
  unsigned char *made = fits ? br_alloc(PNG_IMAGE_SIZE(image)) : NULL;
  if (made && png_image_finish_read(&image, &background, made, 0, NULL)) {
    *pixels = made;
    *width = (int)image.width;
    *height = (int)image.height;
    return BR_OK;
  }
  br_code code = !fits  ? br_fail(err, BR_ERANGE, "a picture of %u × %u pixels is too large",
                                  (unsigned)image.width, (unsigned)image.height)
                 : made ? br_fail(err, BR_EPARSE, "no picture: %s", image.message)
                        : br_fail_nomem(err);
  png_image_free(&image);
  br_free(made);
  return code;
}

typedef struct sink {
  br_str *out;
  br_code code;
  br_err *err;
} sink;

static int write_some(char *data, int n, void *context)
{
  sink *to = context;
  if (to->code == BR_OK)
    to->code = br_str_add(to->out, data, (size_t)n, to->err);
  return n;
}

static br_code encode(br_str *out, unsigned char *pixels, int width, int height, br_err *err)
{
  sink to = {.out = out, .code = BR_OK, .err = err};
  sixel_output_t *output = NULL;
  sixel_dither_t *dither = NULL;
  SIXELSTATUS status = sixel_output_new(&output, write_some, &to, NULL);
  if (SIXEL_SUCCEEDED(status))
    status = sixel_dither_new(&dither, COLOURS, NULL);
  if (SIXEL_SUCCEEDED(status))
    status = sixel_dither_initialize(dither, pixels, width, height, SIXEL_PIXELFORMAT_RGB888,
                                     SIXEL_LARGE_AUTO, SIXEL_REP_AUTO, SIXEL_QUALITY_LOW);
  if (SIXEL_SUCCEEDED(status)) {
    sixel_dither_set_diffusion_type(dither, SIXEL_DIFFUSE_NONE);
    status = sixel_encode(pixels, width, height, BYTES_PER_PIXEL, dither, output);
  }
  if (dither)
    sixel_dither_unref(dither);
  if (output)
    sixel_output_unref(output);
  if (status == SIXEL_BAD_ALLOCATION)
    return br_fail_nomem(err);
  if (SIXEL_FAILED(status))
    return br_fail(err, BR_ELIB, "libsixel: %s", sixel_helper_format_error(status));
  return to.code;
}

br_code br_term_sixel(br_str *out, const void *png, size_t n, br_err *err)
{
  unsigned char *pixels = NULL;
  int width = 0, height = 0;
  BR_TRY(decode(&pixels, &width, &height, png, n, err));
  br_code code = encode(out, pixels, width, height, err);
  br_free(pixels);
  return code;
}
