/* Dense ids of key tuples; see ids.h.
 *
 * Keys become words of 64 bits (frame/pack.h). The numbers of one word are made dense by a table of
 * all numbers where these are in proportion to the rows; else the rows are split by a hash of the word,
 * so that a part and its hash table stay in the cache, and each row gets the first row of its part with
 * the same word, from which numbers in order of appearance follow in one pass. More words than one are
 * made dense one by one, pairs of ids being numbers again. */
#include "frame/ids.h"

#include "base/interrupt.h"
#include "base/vec.h"
#include "frame/radix.h"

#include <string.h>

#define NONE UINT32_MAX

/* Where numbers come from: packed columns of one or two frames, or pairs of ids. */
struct source {
  const br_pack *packs; /* of a, then of b */
  size_t word;
  size_t split; /* rows of a */
  size_t n;
  const uint32_t *high; /* without packs: high << 32 - shift | low */
  const uint32_t *low;
  unsigned shift;
  unsigned bits; /* numbers are below 2^bits */
};

static void read_packs(uint64_t *out, const struct source *s, size_t first, size_t n)
{
  size_t of_a = 0;
  if (first < s->split) {
    of_a = s->split - first < n ? s->split - first : n;
    br_pack_words(out, &s->packs[0], s->word, NULL, first, of_a);
  }
  if (of_a < n)
    br_pack_words(out + of_a, &s->packs[1], s->word, NULL, first + of_a - s->split, n - of_a);
}

/* n ≤ BR_PACK_BLOCK */
static void read_numbers(uint64_t *out, const struct source *s, size_t first, size_t n)
{
  if (s->packs) {
    read_packs(out, s, first, n);
    return;
  }
  for (size_t i = 0; i < n; i++)
    out[i] = (uint64_t)s->high[first + i] << s->shift | s->low[first + i];
}

static size_t read_block(uint64_t *out, const struct source *s, size_t at, size_t end)
{
  size_t n = end - at < BR_PACK_BLOCK ? end - at : BR_PACK_BLOCK;
  read_numbers(out, s, at, n);
  return n;
}

/* By a table. Each task lists its distinct numbers in order of appearance; the lists one after the other
 * give all in that order. */

struct table_job {
  const struct source *source;
  uint32_t *id;     /* result */
  uint32_t *number; /* of each value */
  size_t bound;
  size_t rows;        /* of a task */
  uint32_t **seen;    /* of each task: its values */
  size_t *seen_count; /* of each task */
  bool in_place;      /* every value is its own number */
};

static br_code list_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  struct table_job *job = context;
  br_span span = br_chunk_span(task, job->source->n, job->rows);
  uint64_t value[BR_PACK_BLOCK];
  size_t count = 0;
  size_t most = job->bound < job->rows ? job->bound : job->rows;
  unsigned char *is_seen = br_calloc(job->bound, 1);
  uint32_t *seen = br_chunk_alloc(most * sizeof *seen);
  job->seen[task] = seen;
  if (!is_seen || !seen) {
    br_free(is_seen);
    return br_fail_nomem(err);
  }
  for (size_t at = span.first; at < span.end;) {
    size_t n = read_block(value, job->source, at, span.end);
    for (size_t i = 0; i < n; i++) {
      if (!is_seen[value[i]]) {
        is_seen[value[i]] = 1;
        seen[count++] = (uint32_t)value[i];
      }
    }
    at += n;
  }
  job->seen_count[task] = count;
  br_free(is_seen);
  return BR_OK;
}

static size_t number_values(struct table_job *job, size_t tasks)
{
  uint32_t next = 0;
  memset(job->number, 0xff, job->bound * sizeof *job->number);
  job->in_place = true;
  for (size_t task = 0; task < tasks; task++) {
    for (size_t i = 0; i < job->seen_count[task]; i++) {
      uint32_t value = job->seen[task][i];
      if (job->number[value] != NONE)
        continue;
      job->in_place = job->in_place && value == next;
      job->number[value] = next++;
    }
  }
  return next;
}

static br_code look_up_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct table_job *job = context;
  br_span span = br_chunk_span(task, job->source->n, job->rows);
  uint64_t value[BR_PACK_BLOCK];
  for (size_t at = span.first; at < span.end;) {
    size_t n = read_block(value, job->source, at, span.end);
    for (size_t i = 0; i < n; i++)
      job->id[at + i] = job->number[value[i]];
    at += n;
  }
  return BR_OK;
}

static br_code own_ids(br_ids *out, br_err *err)
{
  out->owned = br_chunk_alloc(out->n * sizeof *out->owned);
  if (!out->owned)
    return br_fail_nomem(err);
  out->id = out->owned;
  return BR_OK;
}

static br_code run_table(br_ids *out, struct table_job *job, const uint32_t *codes, br_err *err)
{
  BR_TRY(br_chunk_run(out->n, job->rows, list_task, job, err));
  out->count = number_values(job, br_chunk_count(out->n, job->rows));
  if (codes && job->in_place) {
    out->id = codes;
    return BR_OK;
  }
  BR_TRY(own_ids(out, err));
  job->id = out->owned;
  return br_chunk_run(out->n, job->rows, look_up_task, job, err);
}

/* codes: the values where they lie side by side, else NULL. */
static br_code dense_by_table(br_ids *out, const struct source *source, const uint32_t *codes,
                              br_err *err)
{
  size_t bound = (size_t)1 << source->bits;
  size_t rows = bound > 4 * br_chunk_rows() ? bound : 4 * br_chunk_rows();
  size_t tasks = br_chunk_count(out->n, rows);
  struct table_job job = {.source = source, .bound = bound, .rows = rows};
  job.number = br_chunk_alloc(bound * sizeof *job.number);
  job.seen = br_calloc(tasks, sizeof(uint32_t *));
  job.seen_count = br_calloc(tasks, sizeof *job.seen_count);
  br_code code = BR_OK;
  if (!job.number || !job.seen || !job.seen_count)
    code = br_fail_nomem(err);
  else
    code = run_table(out, &job, codes, err);
  for (size_t i = 0; i < tasks && job.seen; i++)
    br_free(job.seen[i]);
  br_free(job.seen);
  br_free(job.seen_count);
  br_free(job.number);
  return code;
}

/* By hash. */

static void fill_items(br_item *out, const void *source, size_t first, size_t n)
{
  uint64_t value[BR_PACK_BLOCK];
  read_numbers(value, source, first, n);
  for (size_t i = 0; i < n; i++)
    br_item_set(&out[i], br_radix_mix(value[i]), (uint32_t)(first + i));
}

struct hash_job {
  br_item *items;
  size_t *start; /* of each part */
  uint32_t *id;  /* result: the first row that agrees */
};

/* Open addressing, linear probing; a slot holds the place of an item in the part, plus one. */
static void find_first(const struct hash_job *job, uint32_t *slot, size_t part)
{
  const br_item *items = job->items + job->start[part];
  size_t n = job->start[part + 1] - job->start[part];
  size_t mask = 1;
  while (mask < 2 * n)
    mask *= 2;
  memset(slot, 0, mask * sizeof *slot);
  mask--;
  for (size_t i = 0; i < n; i++) {
    uint64_t key = br_item_key(&items[i]);
    size_t at = (size_t)key & mask;
    while (slot[at] && br_item_key(&items[slot[at] - 1]) != key)
      at = (at + 1) & mask;
    if (!slot[at])
      slot[at] = (uint32_t)i + 1;
    job->id[items[i].row] = items[slot[at] - 1].row;
  }
}

static br_code find_first_task(void *context, size_t part, size_t worker, br_err *err)
{
  (void)worker;
  const struct hash_job *job = context;
  size_t n = job->start[part + 1] - job->start[part];
  uint32_t *slot = br_chunk_alloc((4 * n + 1) * sizeof *slot);
  if (!slot)
    return br_fail_nomem(err);
  find_first(job, slot, part);
  br_free(slot);
  return BR_OK;
}

/* First rows become numbers: those before a row have theirs already. */
static br_code number_first(br_ids *ids, br_err *err)
{
  uint32_t next = 0;
  uint32_t *id = ids->owned;
  for (size_t row = 0; row < ids->n; row++) {
    if (row % br_chunk_rows() == 0)
      BR_TRY(br_interrupt_check(err));
    id[row] = id[row] == row ? next++ : id[id[row]];
  }
  ids->count = next;
  return BR_OK;
}

static br_code run_hash(br_ids *out, const struct source *source, struct hash_job *job,
                        unsigned digits, br_err *err)
{
  size_t parts = (size_t)1 << digits;
  br_radix split = {.fill = fill_items,
                    .source = source,
                    .n = out->n,
                    .shift = 64 - digits,
                    .ways = parts,
                    .to = job->items,
                    .start = job->start};
  BR_TRY(br_radix_split(&split, err));
  BR_TRY(own_ids(out, err));
  job->id = out->owned;
  BR_TRY(br_parallel_run(parts, 0, find_first_task, job, err));
  return number_first(out, err);
}

static br_code dense_by_hash(br_ids *out, const struct source *source, br_err *err)
{
  unsigned digits = 1; /* a shift by 64 is none */
  while ((out->n >> digits) > br_chunk_rows() / 4 && (1u << digits) < BR_RADIX_WAYS)
    digits++;
  struct hash_job job = {.items = br_chunk_alloc(out->n * sizeof *job.items),
                         .start = br_calloc(((size_t)1 << digits) + 1, sizeof *job.start)};
  br_code code = BR_OK;
  if (!job.items || !job.start)
    code = br_fail_nomem(err);
  else
    code = run_hash(out, source, &job, digits, err);
  br_free(job.items);
  br_free(job.start);
  return code;
}

static br_code dense(br_ids *out, const struct source *source, const uint32_t *codes, br_err *err)
{
  out->n = source->n;
  if (source->bits < 32 && (size_t)1 << source->bits <= 2 * source->n + 1024)
    return dense_by_table(out, source, codes, err);
  return dense_by_hash(out, source, err);
}

/* Words. */

static unsigned width(size_t count)
{
  unsigned bits = 0;
  while (bits < 32 && count > (size_t)1 << bits)
    bits++;
  return bits;
}

br_code br_ids_pair(br_ids *out, const br_ids *x, const br_ids *y, br_err *err)
{
  unsigned low = width(y->count);
  struct source source = {
      .n = x->n, .high = x->id, .low = y->id, .shift = low, .bits = low + width(x->count)};
  return dense(out, &source, NULL, err);
}

/* Replaces ids by those of the pairs with more. Both are used up. */
static br_code combine(br_ids *ids, br_ids *more, br_err *err)
{
  br_ids both = {0};
  br_code code = br_ids_pair(&both, ids, more, err);
  br_ids_clear(ids);
  br_ids_clear(more);
  *ids = both;
  return code;
}

static br_code dense_words(br_ids *out, const br_pack *packs, const br_keys *a, size_t n,
                           br_err *err)
{
  const uint32_t *codes = NULL;
  if (a->nrow == n && br_pack_is_code(packs))
    codes = br_column_codes(a->columns[0]);
  for (size_t word = 0; word < packs->nwords; word++) {
    br_ids next = {0};
    struct source source = {.packs = packs, .word = word, .split = a->nrow, .n = n};
    source.bits = packs->bits[word];
    br_code code = dense(word ? &next : out, &source, codes, err);
    if (code == BR_OK && word)
      code = combine(out, &next, err);
    if (code != BR_OK) {
      br_ids_clear(&next);
      return code;
    }
  }
  return BR_OK;
}

static br_code one_id(br_ids *out, size_t n, br_err *err)
{
  out->n = n;
  out->count = 1;
  BR_TRY(own_ids(out, err));
  memset(out->owned, 0, n * sizeof *out->owned);
  return BR_OK;
}

br_code br_ids_make(br_ids *out, const br_keys *a, const br_keys *b, size_t ncolumns, br_err *err)
{
  br_keys sides[2] = {*a, b ? *b : (br_keys){NULL, 0}};
  size_t n = sides[0].nrow + sides[1].nrow;
  br_pack packs[2] = {{0}, {0}};
  br_pack_spec spec = {.sides = sides, .nsides = b ? 2 : 1, .ncolumns = ncolumns};
  BR_TRY(br_chunk_check(n, err));
  if (ncolumns == 0)
    return one_id(out, n, err);
  br_code code = br_pack_make(packs, &spec, err);
  if (code == BR_OK)
    code = dense_words(out, packs, a, n, err);
  br_pack_clear(&packs[0]);
  br_pack_clear(&packs[1]);
  return code;
}

void br_ids_clear(br_ids *ids)
{
  br_free(ids->owned);
  *ids = (br_ids){0};
}

void br_ids_first(uint32_t *first, const br_ids *ids)
{
  size_t next = 0;
  for (size_t row = 0; row < ids->n && next < ids->count; row++) {
    if (ids->id[row] == next)
      first[next++] = (uint32_t)row;
  }
  if (next < ids->count) /* the one group of no rows */
    first[next] = BR_NO_ROW;
}

void br_ids_sizes(uint32_t *sizes, const br_ids *ids)
{
  memset(sizes, 0, ids->count * sizeof *sizes);
  for (size_t row = 0; row < ids->n; row++)
    sizes[ids->id[row]]++;
}
