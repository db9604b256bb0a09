/* UTF-8 decoding, advance widths and cutting; see text.h.
 *
 * The decoder follows table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing
 * above U+10FFFF; each byte that starts no valid sequence becomes one U+FFFD. */
#include "plot/text.h"

#include <string.h>

#define REPLACEMENT 0xFFFDU
#define ELLIPSIS "\xE2\x80\xA6"
#define BOLD_FACTOR                                                                                \
  1.12 /* the widest ratio of common text in DejaVu Sans Bold to the plain face                    \
        */

/* Advance widths of DejaVu Sans in thousandths of the em, code points 32 to 126. */
static const uint16_t advances[] = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838,
};

typedef struct range {
  uint32_t first, last;
  uint16_t advance;
} range;

/* The rest, roughly: marks that combine take no room, ideographs and pictures a whole em. */
static const range ranges[] = {
    {0x0300, 0x036F, 0},    {0x200B, 0x200F, 0},      {0xFE00, 0xFE0F, 0},
    {0x1100, 0x115F, 1000}, {0x2E80, 0xA4CF, 1000},   {0xAC00, 0xD7A3, 1000},
    {0xF900, 0xFAFF, 1000}, {0xFF00, 0xFF60, 1000},   {0xFFFD, 0xFFFD, 1025},
    {0x2026, 0x2026, 1000}, {0x1F000, 0x3FFFF, 1300},
};

static double advance(uint32_t cp)
{
  if (cp >= 32 && cp <= 126)
    return advances[cp - 32] / 1000.0;
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (cp >= ranges[i].first && cp <= ranges[i].last)
      return ranges[i].advance / 1000.0;
  return cp < 0x2000 ? 0.66 : 0.84;
}

static bool continues(const unsigned char *s, size_t n)
{
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xC0) != 0x80)
      return false;
  return true;
}

/* The code point of n bytes at s, whose first byte announces n. */
static uint32_t join(const unsigned char *s, size_t n)
{
  uint32_t cp = s[0] & (0xFFU >> (n + 1));
  for (size_t i = 1; i < n; i++)
    cp = cp << 6 | (s[i] & 0x3FU);
  return cp;
}

/* Decodes one code point; a NUL is never read past. Returns the bytes used. */
static size_t decode(const char *text, uint32_t *cp)
{
  const unsigned char *s = (const unsigned char *)text;
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC0 ? 2 : 1;
  *cp = s[0] < 0x80 ? s[0] : REPLACEMENT;
  if (n == 1 || s[0] > 0xF4 || !continues(s, n))
    return 1;
  uint32_t joined = join(s, n);
  if (joined < least[n] || joined > 0x10FFFF || (joined >= 0xD800 && joined <= 0xDFFF))
    return 1;
  *cp = joined;
  return n;
}

static bool overrides_direction(uint32_t cp)
{
  return cp == 0x200E || cp == 0x200F || cp == 0x061C || (cp >= 0x202A && cp <= 0x202E) ||
         (cp >= 0x2066 && cp <= 0x2069);
}

/* What is drawn in place of cp; 0: nothing. */
static uint32_t presentable(uint32_t cp)
{
  if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029)
    return ' ';
  if (overrides_direction(cp) || cp == 0xFEFF)
    return 0;
  return (cp & 0xFFFE) == 0xFFFE ? REPLACEMENT : cp;
}

size_t br_text_encode(char *out, uint32_t cp)
{
  if (cp < 0x80) {
    out[0] = (char)cp;
    return 1;
  }
  size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
  static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (size_t i = n - 1; i > 0; i--, cp >>= 6)
    out[i] = (char)(0x80 | (cp & 0x3F));
  out[0] = (char)(lead[n] | cp);
  return n;
}

double br_text_fit(char out[BR_TEXT_MAX], const char *text, br_font font, double limit)
{
  double em = font.size * (font.bold ? BOLD_FACTOR : 1), dots = em;
  double width = 0, cut_width = 0;
  size_t len = 0, cut = 0, chars = 0;
  while (text && *text) {
    uint32_t cp;
    text += decode(text, &cp);
    cp = presentable(cp);
    if (!cp)
      continue;
    width += advance(cp) * em;
    if (width > limit || ++chars > BR_TEXT_CHARS_MAX - 1) {
      memcpy(out + cut, ELLIPSIS, sizeof ELLIPSIS);
      return cut_width + dots;
    }
    len += br_text_encode(out + len, cp);
    if (width + dots <= limit) {
      cut = len;
      cut_width = width;
    }
  }
  out[len] = '\0';
  return width;
}

double br_text_width(const char *text, br_font font, double limit)
{
  char scratch[BR_TEXT_MAX];
  return br_text_fit(scratch, text, font, limit);
}
