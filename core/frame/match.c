/* Matching rows; see match.h.
 *
 * A hash join by parts (Manegold, Boncz & Kersten, "Optimizing main-memory join on modern hardware", IEEE
 * TKDE 14, 2002): the rows of both sides are split by a hash of their keys, packed into one number, so that
 * the hash table of a part stays in the cache; parts are then matched on all cores. Where the right side
 * is small, its one table is met by all left rows where they lie. The hash is a bijection, so that equal
 * hashes are equal keys. */
#include "frame/match.h"

#include "base/vec.h"
#include "frame/ids.h"
#include "frame/radix.h"

#include <string.h>

struct side {
  br_keys keys;
  br_pack pack;
  const uint32_t *ids; /* of each row, where one word can't hold the keys; else NULL */
  unsigned char *lost; /* of each row: agrees with nothing; NULL where there are none */
  br_item *items;      /* by parts */
  size_t *start;       /* of each part */
};

struct job {
  struct side left;
  struct side right;
  size_t ncolumns;
  br_ids ids; /* of left rows, then right ones */
  unsigned digits;
  br_match *match;
  struct table *table; /* where there is but one */
};

/* Rows of the right side. Equal keys are known by the first item that has them. */
struct table {
  const br_item *items;
  size_t n;
  uint32_t *slot; /* place of an item, plus one; a power of two */
  size_t mask;
  uint32_t *first; /* of each item: the first with its key; BR_NO_ROW for a lost one */
  uint32_t *count; /* of each first item */
  uint32_t *place; /* of each first item: where its rows begin in sorted */
};

static void clear_side(struct side *side)
{
  br_pack_clear(&side->pack);
  br_free(side->lost);
  br_free(side->items);
  br_free(side->start);
}

static void read_keys(uint64_t *key, const struct side *side, size_t first, size_t n)
{
  if (side->ids) {
    for (size_t i = 0; i < n; i++)
      key[i] = side->ids[first + i];
  } else if (side->pack.nwords == 0) {
    memset(key, 0, n * sizeof *key);
  } else {
    br_pack_words(key, &side->pack, 0, NULL, first, n);
  }
  for (size_t i = 0; i < n; i++)
    key[i] = br_radix_mix(key[i]);
}

static void fill_items(br_item *out, const void *source, size_t first, size_t n)
{
  uint64_t key[BR_PACK_BLOCK];
  read_keys(key, source, first, n);
  for (size_t i = 0; i < n; i++)
    br_item_set(&out[i], key[i], (uint32_t)(first + i));
}

static br_code lost_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct side *side = context;
  br_span span = br_chunk_span(task, side->keys.nrow, br_chunk_rows());
  br_pack_lost(side->lost + span.first, &side->pack, span.first, span.end - span.first);
  return BR_OK;
}

static br_code find_lost(struct side *side, br_err *err)
{
  if (!br_pack_can_lose(&side->pack))
    return BR_OK;
  side->lost = br_chunk_alloc(side->keys.nrow);
  if (!side->lost)
    return br_fail_nomem(err);
  return br_chunk_run(side->keys.nrow, br_chunk_rows(), lost_task, side, err);
}

static br_code pack_sides(struct job *job, br_err *err)
{
  br_keys sides[2] = {job->left.keys, job->right.keys};
  br_pack packs[2] = {{0}, {0}};
  br_pack_spec spec = {.sides = sides, .nsides = 2, .ncolumns = job->ncolumns};
  br_code code = br_pack_make(packs, &spec, err);
  job->left.pack = packs[0];
  job->right.pack = packs[1];
  BR_TRY(code);
  BR_TRY(find_lost(&job->left, err));
  BR_TRY(find_lost(&job->right, err));
  if (packs[0].nwords < 2)
    return BR_OK;
  BR_TRY(br_ids_make(&job->ids, &sides[0], &sides[1], job->ncolumns, err));
  job->left.ids = job->ids.id;
  job->right.ids = job->ids.id + sides[0].nrow;
  return BR_OK;
}

/* Tables. */

static size_t find_slot(const struct table *t, uint64_t key)
{
  size_t at = (size_t)key & t->mask;
  while (t->slot[at] && br_item_key(&t->items[t->slot[at] - 1]) != key)
    at = (at + 1) & t->mask;
  return at;
}

static void clear_table(struct table *t)
{
  br_free(t->slot);
  br_free(t->first);
  br_free(t->count);
  br_free(t->place);
}

static br_code new_table(struct table *t, br_err *err)
{
  t->mask = 1;
  while (t->mask < 2 * t->n)
    t->mask *= 2;
  t->slot = br_calloc(t->mask--, sizeof *t->slot);
  t->first = br_chunk_alloc(t->n * sizeof *t->first);
  t->count = br_calloc(t->n, sizeof *t->count);
  t->place = br_chunk_alloc(t->n * sizeof *t->place);
  return t->slot && t->first && t->count && t->place ? BR_OK : br_fail_nomem(err);
}

static void insert_items(struct table *t, const unsigned char *lost)
{
  for (size_t i = 0; i < t->n; i++) {
    t->first[i] = BR_NO_ROW;
    if (lost && lost[t->items[i].row])
      continue;
    size_t at = find_slot(t, br_item_key(&t->items[i]));
    if (!t->slot[at])
      t->slot[at] = (uint32_t)i + 1;
    t->first[i] = t->slot[at] - 1;
    t->count[t->first[i]]++;
  }
}

/* Lists rows by key from `place` on. */
static void sort_items(struct table *t, uint32_t *sorted, uint32_t place)
{
  for (size_t i = 0; i < t->n; i++) {
    uint32_t first = t->first[i];
    if (first == BR_NO_ROW)
      continue;
    if (first == i) {
      t->place[i] = place;
      place += t->count[i];
    }
    sorted[t->place[first]++] = t->items[i].row;
  }
  for (size_t i = 0; i < t->n; i++) {
    if (t->first[i] == i)
      t->place[i] -= t->count[i];
  }
}

/* Part `part` of the right side. */
static br_code make_table(struct table *t, const struct job *job, size_t part, br_err *err)
{
  const size_t *start = job->right.start;
  *t = (struct table){.items = job->right.items + start[part], .n = start[part + 1] - start[part]};
  BR_TRY(new_table(t, err));
  insert_items(t, job->right.lost);
  sort_items(t, job->match->sorted, (uint32_t)start[part]);
  return BR_OK;
}

static inline void probe(const struct job *job, const struct table *t, uint64_t key, uint32_t row)
{
  uint32_t slot = t->slot[find_slot(t, key)];
  bool is_met = slot && !(job->left.lost && job->left.lost[row]);
  job->match->count[row] = is_met ? t->count[slot - 1] : 0;
  job->match->first[row] = is_met ? t->place[slot - 1] : 0;
}

static br_code part_task(void *context, size_t part, size_t worker, br_err *err)
{
  (void)worker;
  const struct job *job = context;
  const struct side *left = &job->left;
  struct table table = {0};
  br_code code = make_table(&table, job, part, err);
  for (size_t i = left->start[part]; i < left->start[part + 1] && code == BR_OK; i++)
    probe(job, &table, br_item_key(&left->items[i]), left->items[i].row);
  clear_table(&table);
  return code;
}

static br_code rows_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct job *job = context;
  br_span span = br_chunk_span(task, job->left.keys.nrow, br_chunk_rows());
  uint64_t key[BR_PACK_BLOCK];
  for (size_t at = span.first; at < span.end; at += BR_PACK_BLOCK) {
    size_t end = span.end - at > BR_PACK_BLOCK ? at + BR_PACK_BLOCK : span.end;
    read_keys(key, &job->left, at, end - at);
    for (size_t row = at; row < end; row++)
      probe(job, job->table, key[row - at], (uint32_t)row);
  }
  return BR_OK;
}

/* Matching. */

static br_code split_side(struct side *side, unsigned digits, br_err *err)
{
  size_t parts = (size_t)1 << digits;
  side->items = br_chunk_alloc(side->keys.nrow * sizeof *side->items);
  side->start = br_calloc(parts + 1, sizeof *side->start);
  if (!side->items || !side->start)
    return br_fail_nomem(err);
  br_radix split = {.fill = fill_items,
                    .source = side,
                    .n = side->keys.nrow,
                    .ways = parts,
                    .shift = 64 - digits,
                    .to = side->items,
                    .start = side->start};
  return br_radix_split(&split, err);
}

static br_code match_parts(struct job *job, br_err *err)
{
  job->digits = 1;
  size_t n = job->right.keys.nrow;
  while ((n >> job->digits) > br_chunk_rows() / 4 && (1u << job->digits) < BR_RADIX_WAYS)
    job->digits++;
  BR_TRY(split_side(&job->right, job->digits, err));
  BR_TRY(split_side(&job->left, job->digits, err));
  return br_parallel_run((size_t)1 << job->digits, 0, part_task, job, err);
}

/* The right side as one part. */
static br_code match_whole(struct job *job, br_err *err)
{
  struct table table = {0};
  struct side *right = &job->right;
  size_t n = right->keys.nrow;
  right->items = br_chunk_alloc(n * sizeof *right->items);
  right->start = br_calloc(2, sizeof *right->start);
  if (!right->items || !right->start)
    return br_fail_nomem(err);
  right->start[1] = n;
  for (size_t at = 0; at < n; at += BR_ITEM_BLOCK)
    fill_items(right->items + at, right, at, n - at < BR_ITEM_BLOCK ? n - at : BR_ITEM_BLOCK);
  br_code code = make_table(&table, job, 0, err);
  job->table = &table;
  if (code == BR_OK)
    code = br_chunk_run(job->left.keys.nrow, br_chunk_rows(), rows_task, job, err);
  job->table = NULL;
  clear_table(&table);
  return code;
}

static br_code match_rows(struct job *job, br_err *err)
{
  size_t nleft = job->left.keys.nrow;
  size_t nright = job->right.keys.nrow;
  BR_TRY(br_chunk_check(nleft, err));
  BR_TRY(br_chunk_check(nright, err));
  BR_TRY(pack_sides(job, err));
  job->match->first = br_chunk_alloc(nleft * sizeof *job->match->first);
  job->match->count = br_chunk_alloc(nleft * sizeof *job->match->count);
  job->match->sorted = br_chunk_alloc(nright * sizeof *job->match->sorted);
  if (!job->match->first || !job->match->count || !job->match->sorted)
    return br_fail_nomem(err);
  return nright > br_chunk_rows() ? match_parts(job, err) : match_whole(job, err);
}

br_code br_match_make(br_match *out, const br_keys *left, const br_keys *right, size_t ncolumns,
                      br_err *err)
{
  struct job job = {.left = {.keys = *left}, .right = {.keys = *right}};
  job.ncolumns = ncolumns;
  job.match = out;
  br_code code = match_rows(&job, err);
  clear_side(&job.left);
  clear_side(&job.right);
  br_ids_clear(&job.ids);
  return code;
}

void br_match_clear(br_match *match)
{
  br_free(match->first);
  br_free(match->count);
  br_free(match->sorted);
  *match = (br_match){0};
}
