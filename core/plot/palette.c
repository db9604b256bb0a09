/* The colours of both themes; see palette.h. */
#include "plot/palette.h"

#include <stdint.h>

static const uint32_t light[BR_INK_BAND] = {
    0xFFFFFF, 0x1F2933, 0x616E7C, 0xE4E7EB, 0x9AA5B1, 0xC62828, /* paper, text … alert */
    0x4C78A8, 0xF58518, 0x3B9A6D, 0xC93A4E, 0xCF8BE6, 0x662F4F, /* series */
    0xB7B465, 0x423193, 0x8BB9BA, 0x4E6112, 0xA46B18, 0x8B6F82,
};

static const uint32_t dark[BR_INK_BAND] = {
    0x12181F, 0xE4E9EF, 0x9AA5B1, 0x2A3540, 0x616E7C, 0xFF6B5E, 0x7BA7DB, 0xFFA94D, 0x66C99A,
    0xFF7B85, 0xEBC4F7, 0xAB6F90, 0xD4EC9C, 0x8A70DA, 0xA9D4D6, 0x868438, 0xC79A55, 0xC955AE,
};

br_colour br_palette_colour(br_plot_theme theme, br_ink ink)
{
  bool band = ink >= BR_INK_BAND;
  unsigned slot = (unsigned)ink - (band ? BR_INK_SERIES_COUNT : 0U);
  uint32_t rgb = theme == BR_PLOT_DARK ? dark[slot] : light[slot];
  return (br_colour){.r = (int)(rgb >> 16),
                     .g = (int)(rgb >> 8 & 0xFF),
                     .b = (int)(rgb & 0xFF),
                     .opacity = band ? BR_BAND_OPACITY : 1};
}

br_ink br_palette_series(size_t i)
{
  return (br_ink)(BR_INK_SERIES + i % BR_INK_SERIES_COUNT);
}

br_ink br_palette_band(size_t i)
{
  return (br_ink)(BR_INK_BAND + i % BR_INK_SERIES_COUNT);
}
