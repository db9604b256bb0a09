/* Cells of a plain chunk; see lane.h.
 *
 * Longer decimals go digit by digit; br_decimal_f64 rounds them.
 *
 * A common number has at most 16 characters behind a minus sign: digits with at most one point among
 * them. Its digits make an integer below 2^53, the point says by which power of ten to divide it; both are
 * exact doubles, so the quotient is correctly rounded (W. D. Clinger, "How to read floating point numbers
 * accurately", PLDI 1990). With SSE 4.1 the 16 bytes that end with the cell are loaded at once, the
 * point is shuffled away and the digits are joined by three rounds of multiply-add. */
#include "csv/lane.h"

#include "base/vec.h"

#include <string.h>

#if defined(__x86_64__)
#define X86 1
#include <immintrin.h>
#define WIDE __attribute__((target("avx2,bmi")))
#else
#define X86 0
#endif

#define ALWAYS static inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

enum { MOST_DIGITS = 16 };
static const uint64_t exact = UINT64_C(1) << 53;

bool br_csv_is_regular(const br_csv_index *index, const char *text, size_t ncols)
{
  if (!index->plain || index->fields != index->lines * ncols)
    return false;
  const uint32_t *end = index->ends + ncols;
  for (size_t row = 0; row < index->lines; row++, end += ncols)
    if (text[*end] != '\n')
      return false;
  return true;
}

typedef struct bounds {
  size_t start, end;
} bounds;

ALWAYS bounds cell_bounds(const br_csv_view *view, size_t row)
{
  size_t field = row * view->stride + view->column;
  bounds b = {view->ends[field] + 1U, view->ends[field + 1]};
  if (view->crs && b.end > b.start && view->text[b.end - 1] == '\r')
    b.end--;
  return b;
}

ALWAYS bounds trimmed(const br_csv_view *view, size_t row)
{
  bounds b = cell_bounds(view, row);
  while (b.start < b.end && br_csv_is_blank(view->text[b.start], view->delimiter))
    b.start++;
  while (b.start < b.end && br_csv_is_blank(view->text[b.end - 1], view->delimiter))
    b.end--;
  return b;
}

size_t br_csv_view_start(const br_csv_view *view, size_t row)
{
  return trimmed(view, row).start;
}

bool br_csv_view_is_null(const br_csv_view *view, size_t row)
{
  bounds b = cell_bounds(view, row);
  return b.start == b.end;
}

static br_code undouble(const char *text, size_t n, br_str *scratch, br_csv_cell *cell, br_err *err)
{
  scratch->len = 0;
  BR_TRY(br_vec_reserve(&scratch->data, &scratch->cap, n + 1, err));
  for (size_t i = 0; i < n; i++) {
    scratch->data[scratch->len++] = text[i];
    i += text[i] == '"';
  }
  *cell = (br_csv_cell){scratch->data, scratch->len};
  return BR_OK;
}

br_code br_csv_view_cell(const br_csv_view *view, size_t row, br_str *scratch, br_csv_cell *cell,
                         br_err *err)
{
  bounds b = trimmed(view, row);
  const char *text = view->text + b.start;
  size_t n = b.end - b.start;
  if (n == 0) {
    *cell = (br_csv_cell){0};
    return BR_OK;
  }
  if (!view->quotes || *text != '"') {
    *cell = (br_csv_cell){text, n};
    return BR_OK;
  }
  *cell = (br_csv_cell){text + 1, n - 2};
  if (n > 2 && memchr(text + 1, '"', n - 2))
    return undouble(text + 1, n - 2, scratch, cell, err);
  return BR_OK;
}

/* --- common numbers --- */

typedef struct number {
  uint64_t digits;
  unsigned decimals; /* how many of the digits stand behind the point */
  bool negative;
  bool has_point;
} number;

static const double powers[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};

ALWAYS bool is_digit(char c)
{
  return (unsigned char)(c - '0') <= 9;
}

/* The cell without quotes around it and without its sign. False for a leading zero, and where there is
 * not at least one and at most 16 characters. */
ALWAYS bool number_bounds(const br_csv_view *view, size_t row, bounds *b, number *x)
{
  const char *text = view->text;
  *b = cell_bounds(view, row);
  if (view->quotes && b->start < b->end && text[b->start] == '"') {
    b->start++;
    b->end--;
  }
  x->negative = b->start < b->end && text[b->start] == '-';
  b->start += x->negative;
  if (UNLIKELY(b->end - b->start - 1 >= MOST_DIGITS))
    return false;
  return !(text[b->start] == '0' && b->end - b->start > 1 && is_digit(text[b->start + 1]));
}

ALWAYS bool read_digits(const char *text, bounds b, number *x)
{
  uint64_t digits = 0;
  unsigned behind = 0;
  x->has_point = false;
  for (size_t i = b.start; i < b.end; i++) {
    if (is_digit(text[i])) {
      digits = digits * 10 + (uint64_t)(text[i] - '0');
      behind += x->has_point;
    } else if (text[i] == '.' && !x->has_point) {
      x->has_point = true;
    } else {
      return false;
    }
  }
  x->digits = digits;
  x->decimals = behind;
  return b.end - b.start > x->has_point;
}

/* How many digits count: all but the zeros in front. */
static size_t significant(const char *text, bounds b)
{
  size_t at = b.start;
  bool behind = false;
  for (; at < b.end && (text[at] == '0' || text[at] == '.'); at++)
    behind = behind || text[at] == '.';
  return b.end - at - (!behind && at < b.end);
}

/* Decimals of up to 19 digits that count, as programs write a double to the last bit. */
static bool take_long(const br_csv_view *view, size_t row, double *to)
{
  enum { MOST = 19 };
  const char *text = view->text;
  number x;
  bounds b = cell_bounds(view, row);
  if (view->quotes && b.start < b.end && text[b.start] == '"') {
    b.start++;
    b.end--;
  }
  x.negative = b.start < b.end && text[b.start] == '-';
  b.start += x.negative;
  if (b.end - b.start - 1 > BR_DECIMAL_POWER || significant(text, b) > MOST)
    return false;
  if (!read_digits(text, b, &x) || !x.has_point)
    return false;
  if (text[b.start] == '0' && is_digit(text[b.start + 1]))
    return false;
  double size = br_decimal_f64(x.digits, -(int)x.decimals);
  *to = x.negative ? -size : size;
  return true;
}

typedef bool (*digits_fn)(const char *text, bounds b, number *x);

ALWAYS bool store_i64(const number *x, int64_t *to)
{
  *to = x->negative ? -(int64_t)x->digits : (int64_t)x->digits;
  return !x->has_point && x->digits <= exact && (x->digits > 0 || !x->negative);
}

ALWAYS bool store_f64(const number *x, double *to)
{
  double size = (double)(int64_t)x->digits / powers[x->decimals];
  *to = x->negative ? -size : size;
  return x->digits <= exact;
}

ALWAYS size_t take_i64(const br_csv_view *view, size_t first, size_t last, int64_t *to,
                       digits_fn digits)
{
  br_csv_view v = *view;
  for (size_t row = first; row < last; row++) {
    bounds b;
    number x;
    if (UNLIKELY(!number_bounds(&v, row, &b, &x) || !digits(v.text, b, &x) ||
                 !store_i64(&x, &to[row])))
      return row;
  }
  return last;
}

ALWAYS size_t take_f64(const br_csv_view *view, size_t first, size_t last, double *to,
                       digits_fn digits)
{
  br_csv_view v = *view;
  for (size_t row = first; row < last; row++) {
    bounds b;
    number x;
    bool is_common =
        number_bounds(&v, row, &b, &x) && digits(v.text, b, &x) && store_f64(&x, &to[row]);
    if (UNLIKELY(!is_common) && !take_long(&v, row, &to[row]))
      return row;
  }
  return last;
}

#if X86

/* Loaded 16 - n bytes from its middle: 0xff in the last n lanes. */
static const unsigned char keep[32] = {0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
                                       0,   0,   0,   0,   0,   255, 255, 255, 255, 255, 255,
                                       255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/* Row i moves the lanes in front of i up by one; lane 0 becomes zero. */
#define NONE 0x80
static const unsigned char close_gap[16][16] = {
    {NONE, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15},
    {NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
};

/* 16 lanes of one digit → 8 of two → 4 of four → 2 of eight → the integer. */
WIDE ALWAYS uint64_t join_digits(__m128i lanes)
{
  const __m128i tens = _mm_set1_epi16(10 | 1 << 8);
  const __m128i hundreds = _mm_set1_epi32(100 | 1 << 16);
  const __m128i myriads = _mm_set1_epi32(10000 | 1 << 16);
  __m128i pairs = _mm_maddubs_epi16(lanes, tens);
  __m128i fours = _mm_madd_epi16(pairs, hundreds);
  __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), myriads);
  uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
  return (both & UINT32_MAX) * 100000000 + (both >> 32);
}

WIDE ALWAYS bool wide_digits(const char *text, bounds b, number *x)
{
  size_t n = b.end - b.start;
  const char *from = text + b.end - MOST_DIGITS;
  __m128i bytes = _mm_loadu_si128((const void *)from);
  __m128i mask = _mm_loadu_si128((const void *)(keep + n));
  __m128i lanes = _mm_and_si128(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), mask);
  __m128i fine = _mm_cmpeq_epi8(_mm_min_epu8(lanes, _mm_set1_epi8(9)), lanes);
  unsigned odd = (unsigned)_mm_movemask_epi8(fine) ^ 0xffffU;
  x->has_point = odd != 0;
  x->decimals = 0;
  if (odd) {
    unsigned point = (unsigned)__builtin_ctz(odd);
    if ((odd & (odd - 1)) || from[point] != '.' || n == 1)
      return false;
    lanes = _mm_shuffle_epi8(lanes, _mm_loadu_si128((const void *)close_gap[point]));
    x->decimals = MOST_DIGITS - 1 - point;
  }
  x->digits = join_digits(lanes);
  return true;
}

WIDE static size_t take_i64_wide(const br_csv_view *view, size_t first, size_t last, int64_t *to)
{
  return take_i64(view, first, last, to, wide_digits);
}

WIDE static size_t take_f64_wide(const br_csv_view *view, size_t first, size_t last, double *to)
{
  return take_f64(view, first, last, to, wide_digits);
}

#else

static size_t take_i64_wide(const br_csv_view *view, size_t first, size_t last, int64_t *to)
{
  return take_i64(view, first, last, to, read_digits);
}

static size_t take_f64_wide(const br_csv_view *view, size_t first, size_t last, double *to)
{
  return take_f64(view, first, last, to, read_digits);
}

#endif

size_t br_csv_take_i64(const br_csv_view *view, size_t first, size_t last, int64_t *to, bool wide)
{
  return wide ? take_i64_wide(view, first, last, to) : take_i64(view, first, last, to, read_digits);
}

size_t br_csv_take_f64(const br_csv_view *view, size_t first, size_t last, double *to, bool wide)
{
  return wide ? take_f64_wide(view, first, last, to) : take_f64(view, first, last, to, read_digits);
}
