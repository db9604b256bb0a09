/* Finds every occurrence of two words in a long text over four letters, by Horspool's method:
 * compare at the end of the window, then skip by the window's last letter (R. N. Horspool, 1980).
 *
 * In the set for bytes, table look-ups and short loops that end early. REAL plays no part: this is
 * the control, whose two types must agree in result and, within noise, in time.
 */
#include "bench.h"

#include <string.h>

enum { TEXT = 24 << 20, WORDS = 2, SHORTEST = 8 };

static char text[TEXT];

/* Each draw of 64 bits gives 32 letters. */
static void fill_text(bench_rng *rng)
{
  for (size_t i = 0; i < TEXT; i += 32) {
    uint64_t bits = bench_next(rng);
    for (size_t k = 0; k < 32; k++, bits >>= 2)
      text[i + k] = "acgt"[bits & 3];
  }
}

static void fill_skips(size_t *skip, const char *word, size_t length)
{
  for (size_t i = 0; i <= UINT8_MAX; i++)
    skip[i] = length;
  for (size_t i = 0; i + 1 < length; i++)
    skip[(unsigned char)word[i]] = length - 1 - i;
}

/* Adds the position of every occurrence of `word` to a checksum. */
static uint64_t search(const char *word, size_t length)
{
  size_t skip[UINT8_MAX + 1];
  fill_skips(skip, word, length);
  uint64_t hash = 0;
  for (size_t at = 0; at + length <= TEXT;) {
    size_t k = length;
    while (k > 0 && text[at + k - 1] == word[k - 1])
      k--;
    if (k == 0)
      hash = bench_hash(hash, at);
    at += skip[(unsigned char)text[at + length - 1]];
  }
  return hash;
}

int main(void)
{
  static const char *const names[WORDS] = {"word1", "word2"};
  bench_rng rng = {7};
  fill_text(&rng);
  for (size_t i = 0; i < WORDS; i++) {
    size_t length = (size_t)SHORTEST << i;
    bench_checksum(names[i], search(text + bench_below(&rng, TEXT - 64), length));
  }
  return 0;
}
