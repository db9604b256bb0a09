/* Sorting rows; see frame.h.
 *
 * Keys become words of 64 bits that order as the rows do (frame/pack.h). Rows are sorted by the last word
 * first, each time stably, so that any number of keys takes linear time. A word's sort goes from its
 * highest digit down (P. M. McIlroy, K. Bostic & M. D. McIlroy, "Engineering radix sort", Computing Systems
 * 6, 1993): rows are split by as many bits as the spread of the keys at hand makes useful, on all cores,
 * until a segment fits the cache; segments are then sorted on their own, in the same way down to a few
 * rows, which are put in order by insertion. No cells are compared. */
#include "frame/frame_internal.h"
#include "frame/radix.h"
#include "frame/rows.h"

#include "base/vec.h"
#include "frame/pack.h"

#include <string.h>

enum { FEW = 24, DIGIT = 10 };

struct sorter {
  br_pack pack;
  size_t word;    /* that is sorted by */
  uint32_t *rows; /* in order so far; NULL before the first word */
  size_t n;
  br_item *items;
  br_item *spare;
  size_t *segment; /* where each ends, nsegments of them, ascending */
  size_t nsegments;
  size_t cap;
};

static unsigned width(uint64_t spread)
{
  return spread ? 64 - (unsigned)__builtin_clzll(spread) : 0;
}

/* Segments in the cache. */

static void insertion_sort(br_item *items, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    br_item item = items[i];
    uint64_t key = br_item_key(&item);
    size_t at = i;
    for (; at > 0 && br_item_key(&items[at - 1]) > key; at--)
      items[at] = items[at - 1];
    items[at] = item;
  }
}

struct spread {
  uint64_t least, most;
};

static struct spread spread_of(const br_item *items, size_t n)
{
  struct spread s = {UINT64_MAX, 0};
  for (size_t i = 0; i < n; i++) {
    uint64_t key = br_item_key(&items[i]);
    s.least = key < s.least ? key : s.least;
    s.most = key > s.most ? key : s.most;
  }
  return s;
}

/* Bits of a digit that leaves a few of n items to each of its values. */
static unsigned digit_for(size_t n, unsigned bits)
{
  unsigned digit = width(n / 4); /* n > FEW: some bits at least */
  digit = digit < DIGIT ? digit : DIGIT;
  return digit < bits ? digit : bits;
}

/* Splits by the highest digit in which keys differ. end[i]: where digit i ends. */
static size_t split_segment(br_item *items, br_item *spare, size_t n, struct spread s,
                            uint32_t end[(1 << DIGIT) + 1])
{
  unsigned bits = width(s.most - s.least);
  unsigned shift = bits - digit_for(n, bits);
  size_t ways = (size_t)((s.most - s.least) >> shift) + 1;
  memset(end, 0, (ways + 1) * sizeof *end);
  for (size_t i = 0; i < n; i++)
    end[((br_item_key(&items[i]) - s.least) >> shift) + 1]++;
  for (size_t i = 0; i < ways; i++)
    end[i + 1] += end[i];
  for (size_t i = 0; i < n; i++)
    spare[end[(br_item_key(&items[i]) - s.least) >> shift]++] = items[i];
  memcpy(items, spare, n * sizeof *items);
  return ways;
}

/* Each call narrows the range of keys by a digit at least, so that it is at most 64 deep. */
static void sort_segment(br_item *items, br_item *spare, size_t n)
{
  uint32_t end[(1 << DIGIT) + 1];
  if (n <= FEW) {
    insertion_sort(items, n);
    return;
  }
  struct spread s = spread_of(items, n);
  if (s.least == s.most)
    return;
  size_t ways = split_segment(items, spare, n, s, end);
  for (size_t i = 0, first = 0; i < ways; first = end[i++]) {
    if (end[i] - first > 1)
      sort_segment(items + first, spare, end[i] - first);
  }
}

/* Tasks take segments by where they begin: those in a span of the rows. */
static size_t first_segment_from(const struct sorter *s, size_t row)
{
  size_t low = 0;
  size_t high = s->nsegments;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    size_t begin = middle ? s->segment[middle - 1] : 0;
    if (begin < row)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static br_code sort_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct sorter *s = context;
  br_span span = br_chunk_span(task, s->n, br_chunk_rows());
  for (size_t i = first_segment_from(s, span.first); i < s->nsegments; i++) {
    size_t begin = i ? s->segment[i - 1] : 0;
    if (begin >= span.end)
      break;
    size_t n = s->segment[i] - begin;
    if (n <= br_chunk_rows()) /* a larger one holds but one key */
      sort_segment(s->items + begin, s->spare + begin, n);
  }
  return BR_OK;
}

/* Segments of all rows. */

static br_code add_segment(struct sorter *s, size_t end, br_err *err)
{
  BR_TRY(br_vec_reserve(&s->segment, &s->cap, s->nsegments + 1, err));
  s->segment[s->nsegments++] = end;
  return BR_OK;
}

static br_code cut(struct sorter *s, size_t first, size_t n, br_err *err);

/* Splits items first … first + n - 1, which lie in place, on all cores. */
static br_code cut_large(struct sorter *s, size_t first, size_t n, br_err *err)
{
  size_t start[BR_RADIX_WAYS + 1];
  struct spread spread = spread_of(s->items + first, n);
  if (spread.least == spread.most)
    return add_segment(s, first + n, err);
  unsigned bits = width(spread.most - spread.least);
  unsigned shift = bits > DIGIT ? bits - DIGIT : 0;
  br_radix split = {.fill = br_item_copy,
                    .source = s->items + first,
                    .n = n,
                    .shift = shift,
                    .least = spread.least,
                    .ways = (size_t)((spread.most - spread.least) >> shift) + 1,
                    .to = s->spare + first,
                    .start = start};
  BR_TRY(br_radix_split(&split, err));
  memcpy(s->items + first, s->spare + first, n * sizeof *s->items);
  for (size_t i = 0; i < split.ways; i++)
    BR_TRY(cut(s, first + start[i], start[i + 1] - start[i], err));
  return BR_OK;
}

/* Lists segments that fit the cache, or hold one key, in order. At most 64 / DIGIT + 1 calls deep. */
static br_code cut(struct sorter *s, size_t first, size_t n, br_err *err)
{
  if (n == 0)
    return BR_OK;
  if (n <= br_chunk_rows())
    return add_segment(s, first + n, err);
  return cut_large(s, first, n, err);
}

static void fill_items(br_item *out, const void *source, size_t first, size_t n)
{
  const struct sorter *s = source;
  uint64_t key[BR_PACK_BLOCK];
  br_pack_words(key, &s->pack, s->word, s->rows, first, n);
  for (size_t i = 0; i < n; i++)
    br_item_set(&out[i], key[i], s->rows ? s->rows[first + i] : (uint32_t)(first + i));
}

static br_code cut_all(struct sorter *s, br_err *err)
{
  size_t start[BR_RADIX_WAYS + 1];
  unsigned bits = s->pack.bits[s->word];
  unsigned shift = bits > DIGIT ? bits - DIGIT : 0;
  br_radix split = {.fill = fill_items,
                    .source = s,
                    .n = s->n,
                    .shift = shift,
                    .ways = BR_RADIX_WAYS,
                    .to = s->items,
                    .start = start};
  BR_TRY(br_radix_split(&split, err));
  s->nsegments = 0;
  for (size_t i = 0; i < BR_RADIX_WAYS; i++)
    BR_TRY(cut(s, start[i], start[i + 1] - start[i], err));
  return BR_OK;
}

static br_code read_rows_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct sorter *s = context;
  br_span span = br_chunk_span(task, s->n, br_chunk_rows());
  for (size_t i = span.first; i < span.end; i++)
    s->rows[i] = s->items[i].row;
  return BR_OK;
}

static br_code sort_by_word(struct sorter *s, br_err *err)
{
  BR_TRY(cut_all(s, err));
  BR_TRY(br_chunk_run(s->n, br_chunk_rows(), sort_task, s, err));
  if (!s->rows)
    s->rows = br_chunk_alloc(s->n * sizeof *s->rows);
  if (!s->rows)
    return br_fail_nomem(err);
  return br_chunk_run(s->n, br_chunk_rows(), read_rows_task, s, err);
}

static br_code sort_rows(struct sorter *s, br_err *err)
{
  s->items = br_chunk_alloc(s->n * sizeof *s->items);
  s->spare = br_chunk_alloc(s->n * sizeof *s->spare);
  if (!s->items || !s->spare)
    return br_fail_nomem(err);
  for (s->word = s->pack.nwords; s->word-- > 0;)
    BR_TRY(sort_by_word(s, err));
  return BR_OK;
}

static br_code find_keys(br_column **columns, bool *descending, const br_frame *frame,
                         const br_sort_key *keys, size_t n, br_err *err)
{
  for (size_t i = 0; i < n; i++) {
    size_t at = 0;
    BR_TRY(br_frame_find(frame, keys[i].name, &at, err));
    columns[i] = frame->columns[at];
    descending[i] = keys[i].descending;
  }
  return BR_OK;
}

static br_code pack_keys(struct sorter *s, const br_frame *frame, const br_sort_key *keys, size_t n,
                         br_err *err)
{
  br_column **columns = br_calloc(n, sizeof(br_column *));
  bool *descending = br_calloc(n, sizeof *descending);
  br_code code = BR_OK;
  if (!columns || !descending)
    code = br_fail_nomem(err);
  else
    code = find_keys(columns, descending, frame, keys, n, err);
  br_keys side = {columns, s->n};
  br_pack_spec spec = {.sides = &side, .nsides = 1, .ncolumns = n, .descending = descending};
  if (code == BR_OK)
    code = br_pack_make(&s->pack, &spec, err);
  br_free(columns);
  br_free(descending);
  return code;
}

static br_code sort(br_frame **out, const br_frame *frame, struct sorter *s,
                    const br_sort_key *keys, size_t n, br_err *err)
{
  BR_TRY(br_chunk_check(s->n, err));
  BR_TRY(pack_keys(s, frame, keys, n, err));
  if (n == 0 || s->n < 2)
    return br_frame_copy(out, frame, err);
  BR_TRY(sort_rows(s, err));
  br_free(s->items); /* room for the columns */
  br_free(s->spare);
  s->items = NULL;
  s->spare = NULL;
  return br_rows_take_frame(out, frame, (br_rows){s->rows, s->n}, err);
}

br_code br_frame_sort(br_frame **out, const br_frame *frame, const br_sort_key *keys, size_t n,
                      br_err *err)
{
  struct sorter s = {.n = br_frame_nrow(frame)};
  br_code code = sort(out, frame, &s, keys, n, err);
  br_pack_clear(&s.pack);
  br_free(s.rows);
  br_free(s.items);
  br_free(s.spare);
  br_free(s.segment);
  return code;
}
