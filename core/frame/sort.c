/* Sorting rows; see frame.h.
 *
 * Every cell of a key becomes a 64-bit number that orders as the cell does (a string by its rank in
 * the dictionary), inverted where the key descends. Rows are then sorted by the last key first,
 * each time with a stable radix sort of bytes (D. E. Knuth, The Art of Computer Programming
 * 3, 5.2.5), so that no cells are compared and any number of keys takes linear time. Nulls move
 * behind the rest in a pass of their own. */
#include "frame/frame_internal.h"

#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 8
#define RADIX 256

struct item {
  uint64_t key;
  size_t row;
};

struct sorter {
  struct item *items;
  struct item *spare;
  size_t n;
};

struct word { /* an entry of a dictionary, to be ranked */
  const char *s;
  size_t len;
  uint32_t code;
};

static int compare_words(const void *a, const void *b)
{
  const struct word *x = a;
  const struct word *y = b;
  int order = memcmp(x->s, y->s, x->len < y->len ? x->len : y->len);
  return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* *out: the rank of each code, to br_free. */
static br_code rank_words(uint32_t **out, const br_column *column, br_err *err)
{
  size_t n = br_column_dict_len(column);
  struct word *words = br_calloc(n, sizeof *words);
  uint32_t *rank = br_calloc(n, sizeof *rank);
  if (!words || !rank) {
    br_free(words);
    br_free(rank);
    (void)br_fail_nomem(err);
    return BR_ENOMEM; /* a constant, for the static analyzer */
  }
  for (size_t i = 0; i < n; i++) {
    words[i].code = (uint32_t)i;
    words[i].s = br_column_dict_str(column, (uint32_t)i, &words[i].len);
  }
  qsort(words, n, sizeof *words, compare_words);
  for (size_t i = 0; i < n; i++)
    rank[words[i].code] = (uint32_t)i;
  br_free(words);
  *out = rank;
  return BR_OK;
}

/* Negative numbers have their bits inverted, others the sign bit set: then they order as unsigned.
 */
static uint64_t key_of_f64(double x)
{
  uint64_t bits = 0;
  double unsigned_zero = x == 0 ? 0 : x;
  memcpy(&bits, &unsigned_zero, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

/* rank: of a string column's codes, NULL for other types. */
static uint64_t key_of(const br_column *column, size_t row, const uint32_t *rank)
{
  if (rank)
    return br_column_is_null(column, row) ? 0 : rank[br_column_codes(column)[row]];
  switch (br_column_type(column)) {
  case BR_F64:
    return key_of_f64(br_column_f64(column, row));
  case BR_I64:
  case BR_TIMESTAMP:
    return (uint64_t)br_column_i64(column, row) ^ UINT64_C(1) << 63;
  default:
    return br_column_bool(column, row);
  }
}

static void fill_keys(struct sorter *s, const br_column *column, bool descending,
                      const uint32_t *rank)
{
  bool is_f64 = br_column_type(column) == BR_F64;
  for (size_t i = 0; i < s->n; i++) {
    size_t row = s->items[i].row;
    uint64_t key = key_of(column, row, rank);
    if (descending)
      key = ~key;
    if (is_f64 && isnan(br_column_f64(column, row)))
      key = UINT64_MAX;
    s->items[i].key = key;
  }
}

static void swap_buffers(struct sorter *s)
{
  struct item *items = s->items;
  s->items = s->spare;
  s->spare = items;
}

/* One stable pass by the byte at `shift`; count says how often each value of it occurs. */
static void scatter(struct sorter *s, unsigned shift, size_t count[RADIX])
{
  size_t at = 0;
  for (size_t i = 0; i < RADIX; i++) {
    size_t here = count[i];
    count[i] = at;
    at += here;
  }
  for (size_t i = 0; i < s->n; i++)
    s->spare[count[s->items[i].key >> shift & (RADIX - 1)]++] = s->items[i];
  swap_buffers(s);
}

static void radix_sort(struct sorter *s)
{
  size_t count[DIGITS][RADIX] = {{0}};
  for (size_t i = 0; i < s->n; i++) {
    for (unsigned digit = 0; digit < DIGITS; digit++)
      count[digit][s->items[i].key >> (8 * digit) & (RADIX - 1)]++;
  }
  for (unsigned digit = 0; digit < DIGITS; digit++) {
    uint64_t first = s->items[0].key >> (8 * digit) & (RADIX - 1);
    if (count[digit][first] < s->n) /* all the same: nothing moves */
      scatter(s, 8 * digit, count[digit]);
  }
}

static void move_nulls_last(struct sorter *s, const br_column *column)
{
  size_t at = 0;
  for (int nulls = 0; nulls <= 1; nulls++) {
    for (size_t i = 0; i < s->n; i++) {
      if (br_column_is_null(column, s->items[i].row) == nulls)
        s->spare[at++] = s->items[i];
    }
  }
  swap_buffers(s);
}

static br_code sort_by(struct sorter *s, const br_column *column, bool descending, br_err *err)
{
  uint32_t *rank = NULL;
  if (s->n == 0)
    return BR_OK;
  if (br_column_type(column) == BR_STR)
    BR_TRY(rank_words(&rank, column, err));
  fill_keys(s, column, descending, rank);
  br_free(rank);
  radix_sort(s);
  if (br_column_null_count(column) > 0)
    move_nulls_last(s, column);
  return BR_OK;
}

static br_code sort_by_all(struct sorter *s, const br_frame *frame, const br_sort_key *keys,
                           size_t n, br_err *err)
{
  size_t at = 0;
  for (size_t i = n; i-- > 0;) {
    BR_TRY(br_frame_find(frame, keys[i].name, &at, err));
    BR_TRY(sort_by(s, frame->columns[at], keys[i].descending, err));
  }
  return BR_OK;
}

static br_code take_sorted(br_frame **out, const br_frame *frame, const struct sorter *s,
                           br_err *err)
{
  size_t *rows = br_calloc(s->n, sizeof *rows);
  if (!rows)
    return br_fail_nomem(err);
  for (size_t i = 0; i < s->n; i++)
    rows[i] = s->items[i].row;
  br_code code = br_frame_take(out, frame, rows, s->n, err);
  br_free(rows);
  return code;
}

static br_code start(struct sorter *s, size_t n, br_err *err)
{
  s->n = n;
  s->items = br_calloc(n, sizeof *s->items);
  s->spare = br_calloc(n, sizeof *s->spare);
  if (!s->items || !s->spare)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++)
    s->items[i].row = i;
  return BR_OK;
}

br_code br_frame_sort(br_frame **out, const br_frame *frame, const br_sort_key *keys, size_t n,
                      br_err *err)
{
  struct sorter s = {0};
  br_code code = start(&s, br_frame_nrow(frame), err);
  if (code == BR_OK)
    code = sort_by_all(&s, frame, keys, n, err);
  if (code == BR_OK)
    code = take_sorted(out, frame, &s, err);
  br_free(s.items);
  br_free(s.spare);
  return code;
}
