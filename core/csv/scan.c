/* The search for structure, see scan.h: masks in three ways, one loop body for all. */
#include "csv/scan.h"

#include <string.h>

#if defined(__x86_64__)
#define X86 1
#include <immintrin.h>
#else
#define X86 0
#endif

#define ALWAYS static inline __attribute__((always_inline))

enum { BLOCK = 64 };

/* A bit a byte of the block. */
typedef struct masks {
  uint64_t delimiter, lf, cr, quote, nul;
} masks;

/* What a block leaves to the next. The last three are one bit. */
typedef struct state {
  uint64_t inside; /* all ones within quotes */
  uint64_t field_end;
  uint64_t closed;
  uint64_t cr;
  uint64_t quotes, crs, odd; /* whether there was any */
  uint32_t *out;
  size_t lines;
} state;

typedef struct structure {
  uint64_t ends, lf;
} structure;

ALWAYS uint64_t prefix_xor(uint64_t x)
{
  x ^= x << 1;
  x ^= x << 2;
  x ^= x << 4;
  x ^= x << 8;
  x ^= x << 16;
  return x ^ x << 32;
}

/* A quote that opens stands behind the end of a field or behind one that closed (together they are one
 * doubled quote); behind one that closes stands the end of the field or one that opens. A CR outside
 * quotes is followed by LF. All else is odd. */
ALWAYS structure among_quotes(state *s, const masks *m)
{
  uint64_t inside = prefix_xor(m->quote) ^ s->inside;
  uint64_t opens = m->quote & inside;
  uint64_t closes = m->quote & ~inside;
  uint64_t lf = m->lf & ~inside;
  uint64_t cr = m->cr & ~inside;
  uint64_t ends = (m->delimiter & ~inside) | lf;
  uint64_t behind = (ends | closes) << 1 | s->field_end;
  uint64_t odd = opens & ~behind;
  odd |= (closes << 1 | s->closed) & ~(ends | opens | cr);
  odd |= (cr << 1 | s->cr) & ~lf;
  s->odd |= odd | m->nul;
  s->quotes |= m->quote;
  s->crs |= cr;
  s->inside = 0 - (inside >> 63);
  s->field_end = (ends | closes) >> 63;
  s->closed = closes >> 63;
  s->cr = cr >> 63;
  return (structure){ends, lf};
}

ALWAYS void put_eight(uint32_t *out, uint64_t *bits, uint32_t base)
{
  for (int i = 0; i < 8; i++) {
    out[i] = base + (uint32_t)__builtin_ctzll(*bits | UINT64_C(1) << 63);
    *bits &= *bits - 1;
  }
}

/* Eight at a time, needed or not: that spares a branch a field. */
ALWAYS void put(state *s, uint64_t bits, uint32_t base)
{
  uint32_t *out = s->out;
  s->out += __builtin_popcountll(bits);
  while (bits) {
    put_eight(out, &bits, base);
    out += 8;
  }
}

ALWAYS void step(state *s, const masks *m, uint32_t base)
{
  structure found = {m->delimiter | m->lf, m->lf};
  if (m->quote | m->cr | m->nul | s->inside | s->closed | s->cr)
    found = among_quotes(s, m);
  else
    s->field_end = found.ends >> 63;
  put(s, found.ends, base);
  s->lines += (size_t)__builtin_popcountll(found.lf);
}

ALWAYS void keep_first(masks *m, size_t n)
{
  uint64_t valid = ~UINT64_C(0) >> (BLOCK - n);
  m->delimiter &= valid;
  m->lf &= valid;
  m->cr &= valid;
  m->quote &= valid;
  m->nul &= valid;
}

typedef masks (*masks_fn)(const char *text, char delimiter);

ALWAYS void scan_blocks(br_csv_index *index, const char *text, size_t n, char delimiter,
                        masks_fn masks_of)
{
  state s = {.field_end = 1, .out = index->ends + 1};
  index->ends[0] = UINT32_MAX;
  size_t at = 0;
  for (; at + BLOCK <= n; at += BLOCK) {
    masks m = masks_of(text + at, delimiter);
    step(&s, &m, (uint32_t)at);
  }
  if (at < n) {
    masks m = masks_of(text + at, delimiter);
    keep_first(&m, n - at);
    step(&s, &m, (uint32_t)at);
  }
  index->fields = (size_t)(s.out - index->ends) - 1;
  index->lines = s.lines;
  index->quotes = s.quotes != 0;
  index->crs = s.crs != 0;
  index->plain = !(s.odd | s.inside);
}

/* --- any processor: eight bytes at a time --- */

/* A bit for each byte of word that is c. */
ALWAYS uint64_t equal_bytes(uint64_t word, char c)
{
  const uint64_t ones = UINT64_C(0x0101010101010101);
  const uint64_t low = ones * 0x7f;
  uint64_t x = word ^ ones * (unsigned char)c;
  uint64_t high = ~(((x & low) + low) | x | low); /* 0x80 where the byte is 0, exactly */
  return ((high >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

ALWAYS uint64_t load_word(const char *at)
{
  uint64_t word;
  memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

ALWAYS masks portable_masks(const char *text, char delimiter)
{
  masks m = {0};
  for (int i = 0; i < BLOCK; i += 8) {
    uint64_t word = load_word(text + i);
    m.delimiter |= equal_bytes(word, delimiter) << i;
    m.lf |= equal_bytes(word, '\n') << i;
    m.cr |= equal_bytes(word, '\r') << i;
    m.quote |= equal_bytes(word, '"') << i;
    m.nul |= equal_bytes(word, '\0') << i;
  }
  return m;
}

static void scan_portable(br_csv_index *index, const char *text, size_t n, char delimiter)
{
  scan_blocks(index, text, n, delimiter, portable_masks);
}

static size_t count_portable(const char *text, size_t n)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += text[i] == '"';
  return count;
}

#if X86

/* --- SSE2: every x86-64 --- */

ALWAYS uint64_t sse2_mask(__m128i bytes, char c)
{
  return (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

ALWAYS masks sse2_masks(const char *text, char delimiter)
{
  masks m = {0};
  for (int i = 0; i < BLOCK; i += 16) {
    __m128i bytes = _mm_loadu_si128((const void *)(text + i));
    m.delimiter |= sse2_mask(bytes, delimiter) << i;
    m.lf |= sse2_mask(bytes, '\n') << i;
    m.cr |= sse2_mask(bytes, '\r') << i;
    m.quote |= sse2_mask(bytes, '"') << i;
    m.nul |= sse2_mask(bytes, '\0') << i;
  }
  return m;
}

static void scan_sse2(br_csv_index *index, const char *text, size_t n, char delimiter)
{
  scan_blocks(index, text, n, delimiter, sse2_masks);
}

static size_t count_sse2(const char *text, size_t n)
{
  size_t count = 0;
  size_t at = 0;
  for (; at + 16 <= n; at += 16)
    count +=
        (size_t)__builtin_popcountll(sse2_mask(_mm_loadu_si128((const void *)(text + at)), '"'));
  return count + count_portable(text + at, n - at);
}

/* --- AVX2 --- */

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 ALWAYS uint64_t avx2_mask(__m256i low, __m256i high, char c)
{
  __m256i wanted = _mm256_set1_epi8(c);
  uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
  uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
  return a | (uint64_t)b << 32;
}

AVX2 ALWAYS masks avx2_masks(const char *text, char delimiter)
{
  __m256i low = _mm256_loadu_si256((const void *)text);
  __m256i high = _mm256_loadu_si256((const void *)(text + 32));
  return (masks){
      .delimiter = avx2_mask(low, high, delimiter),
      .lf = avx2_mask(low, high, '\n'),
      .cr = avx2_mask(low, high, '\r'),
      .quote = avx2_mask(low, high, '"'),
      .nul = avx2_mask(low, high, '\0'),
  };
}

AVX2 static void scan_avx2(br_csv_index *index, const char *text, size_t n, char delimiter)
{
  scan_blocks(index, text, n, delimiter, avx2_masks);
}

AVX2 static size_t count_avx2(const char *text, size_t n)
{
  size_t count = 0;
  size_t at = 0;
  for (; at + BLOCK <= n; at += BLOCK)
    count += (size_t)__builtin_popcountll(
        avx2_mask(_mm256_loadu_si256((const void *)(text + at)),
                  _mm256_loadu_si256((const void *)(text + at + 32)), '"'));
  return count + count_portable(text + at, n - at);
}

static br_csv_level best_level(void)
{
  bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("popcnt");
  return has_avx2 ? BR_CSV_AVX2 : BR_CSV_SSE2;
}

#endif

br_csv_ways br_csv_ways_of(br_csv_level level)
{
  br_csv_ways ways = {scan_portable, count_portable, false};
  (void)level;
#if X86
  br_csv_level best = best_level();
  br_csv_level taken = level == BR_CSV_BEST || level > best ? best : level;
  if (taken == BR_CSV_SSE2)
    ways = (br_csv_ways){scan_sse2, count_sse2, false};
  if (taken == BR_CSV_AVX2)
    ways = (br_csv_ways){scan_avx2, count_avx2, true};
#endif
  return ways;
}
