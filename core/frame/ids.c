/* Dense ids of key tuples; see ids.h.
 *
 * Columns are folded in one by one. A column gives a 64-bit value a row, below `bound` if it is a
 * bool or a string (its dictionary code) and unbounded if it is a number (its bits). Unbounded
 * values are made dense first; then value and id so far make one number, id * bound + value, that
 * is made dense again. Making dense takes a plain array where the bound is in proportion to the
 * rows, else a hash table. Nulls are a second column of one bit, so that no value has to stand for
 * them. Hash: XXH3. */
#include "frame/ids.h"

#include "base/vec.h"
#include "frame/column_internal.h"

#include <math.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define NONE UINT32_MAX /* no number yet; ids stay below, as br_ids_make limits the rows */

/* Making values dense by an array. */

static br_code dense_by_array(size_t *count, uint64_t *value, size_t n, size_t bound, br_err *err)
{
  uint32_t *seen = br_realloc(NULL, bound, sizeof *seen);
  if (!seen)
    return br_fail_nomem(err);
  memset(seen, 0xff, bound * sizeof *seen);
  uint32_t next = 0;
  for (size_t i = 0; i < n; i++) {
    if (seen[value[i]] == NONE)
      seen[value[i]] = next++;
    value[i] = seen[value[i]];
  }
  br_free(seen);
  *count = next;
  return BR_OK;
}

/* Making values dense by a hash table: open addressing, linear probing, at most half full. */

struct table {
  uint32_t *slot; /* id, or NONE where free */
  size_t nslots;  /* a power of two */
  uint64_t *key;  /* by id */
  size_t cap;
  size_t len;
};

static size_t find_slot(const struct table *t, uint64_t key)
{
  size_t mask = t->nslots - 1;
  size_t i = XXH3_64bits(&key, sizeof key) & mask;
  while (t->slot[i] != NONE && t->key[t->slot[i]] != key)
    i = (i + 1) & mask;
  return i;
}

static br_code grow_table(struct table *t, br_err *err)
{
  size_t nslots = t->nslots ? t->nslots * 2 : 64;
  uint32_t *slot = br_realloc(NULL, nslots, sizeof *slot);
  if (!slot)
    return br_fail_nomem(err);
  memset(slot, 0xff, nslots * sizeof *slot);
  br_free(t->slot);
  t->slot = slot;
  t->nslots = nslots;
  for (size_t id = 0; id < t->len; id++)
    t->slot[find_slot(t, t->key[id])] = (uint32_t)id;
  return BR_OK;
}

static br_code intern(struct table *t, uint64_t key, uint64_t *id, br_err *err)
{
  if ((t->len + 1) * 2 > t->nslots)
    BR_TRY(grow_table(t, err));
  size_t i = find_slot(t, key);
  if (t->slot[i] == NONE) {
    BR_TRY(br_vec_reserve(&t->key, &t->cap, t->len + 1, err));
    t->key[t->len] = key;
    t->slot[i] = (uint32_t)t->len++;
  }
  *id = t->slot[i];
  return BR_OK;
}

static br_code dense_by_hash(size_t *count, uint64_t *value, size_t n, br_err *err)
{
  struct table t = {0};
  br_code code = BR_OK;
  for (size_t i = 0; i < n && code == BR_OK; i++)
    code = intern(&t, value[i], &value[i], err);
  *count = t.len;
  br_free(t.slot);
  br_free(t.key);
  return code;
}

/* Replaces values by ids in order of first appearance. bound 0: unbounded. */
static br_code dense(size_t *count, uint64_t *value, size_t n, uint64_t bound, br_err *err)
{
  if (bound > 0 && bound <= 2 * (uint64_t)n + 1024)
    return dense_by_array(count, value, n, (size_t)bound, err);
  return dense_by_hash(count, value, n, err);
}

/* Reading columns. */

static uint64_t bits_of(double x)
{
  uint64_t bits = 0;
  double canonical = isnan(x) ? (double)NAN : x;
  if (canonical == 0)
    return 0;
  memcpy(&bits, &canonical, sizeof bits);
  return bits;
}

/* A null gives any value, but always the same. */
static uint64_t value_of(const br_column *column, size_t row)
{
  switch (br_column_type(column)) {
  case BR_F64:
    return bits_of(br_column_f64(column, row));
  case BR_I64:
  case BR_TIMESTAMP:
    return (uint64_t)br_column_i64(column, row);
  case BR_BOOL:
    return br_column_bool(column, row);
  default:
    return br_column_is_null(column, row) ? 0 : br_column_codes(column)[row];
  }
}

struct pair {
  const br_column *a;
  const br_column *b; /* or NULL */
};

/* Adds b's strings to a's dictionary, in a copy. map: of b's codes to the common ones. */
static br_code match_words(uint32_t *map, size_t *words, const struct pair *p, br_err *err)
{
  br_dict *common = br_dict_retain(p->a->dict);
  br_code code = BR_OK;
  size_t n = br_dict_len(p->b->dict);
  for (size_t i = 0; i < n && code == BR_OK; i++) {
    size_t len = 0;
    const char *s = br_dict_str(p->b->dict, (uint32_t)i, &len);
    code = br_dict_intern(&common, s, len, &map[i], err);
  }
  *words = br_dict_len(common);
  br_dict_release(common);
  return code;
}

static void read_rows(uint64_t *value, const br_column *column)
{
  for (size_t row = 0; row < column->len; row++)
    value[row] = value_of(column, row);
}

/* b's codes are read through a map to those that both columns share. */
static br_code read_words_of_two(uint64_t *value, uint64_t *bound, const struct pair *p,
                                 br_err *err)
{
  size_t words = 0;
  uint32_t *map = br_calloc(br_dict_len(p->b->dict), sizeof *map);
  if (!map)
    return br_fail_nomem(err);
  br_code code = match_words(map, &words, p, err);
  uint64_t *behind = value + p->a->len;
  for (size_t row = 0; row < p->b->len && code == BR_OK; row++)
    behind[row] = br_column_is_null(p->b, row) ? 0 : map[br_column_codes(p->b)[row]];
  *bound = words + 1; /* a null is 0 even where there are no words */
  br_free(map);
  return code;
}

static br_code read_values(uint64_t *value, uint64_t *bound, const struct pair *p, br_err *err)
{
  br_type type = p->a->type;
  *bound = 0;
  if (type == BR_BOOL)
    *bound = 2;
  else if (type == BR_STR)
    *bound = (uint64_t)br_dict_len(p->a->dict) + 1;
  read_rows(value, p->a);
  if (!p->b)
    return BR_OK;
  if (type == BR_STR && p->a->dict != p->b->dict)
    return read_words_of_two(value, bound, p, err);
  read_rows(value + p->a->len, p->b);
  return BR_OK;
}

static void read_nulls(uint64_t *value, const struct pair *p)
{
  for (size_t row = 0; row < p->a->len; row++)
    value[row] = br_column_is_null(p->a, row);
  for (size_t row = 0; p->b && row < p->b->len; row++)
    value[p->a->len + row] = br_column_is_null(p->b, row);
}

/* Folding. */

static br_code fold_values(br_ids *ids, uint64_t *value, uint64_t bound, br_err *err)
{
  size_t count = 0;
  if (bound == 0) {
    BR_TRY(dense(&count, value, ids->n, 0, err));
    bound = count;
  }
  for (size_t i = 0; i < ids->n; i++)
    value[i] += ids->id[i] * bound;
  BR_TRY(dense(&count, value, ids->n, ids->count * bound, err));
  for (size_t i = 0; i < ids->n; i++)
    ids->id[i] = (size_t)value[i];
  ids->count = count;
  return BR_OK;
}

static br_code fold_column(br_ids *ids, uint64_t *value, const struct pair *p, br_err *err)
{
  uint64_t bound = 0;
  BR_TRY(read_values(value, &bound, p, err));
  BR_TRY(fold_values(ids, value, bound, err));
  if (p->a->nulls == 0 && (!p->b || p->b->nulls == 0))
    return BR_OK;
  read_nulls(value, p);
  return fold_values(ids, value, 2, err);
}

static br_code start(br_ids *ids, size_t n, br_err *err)
{
  if (n >= NONE)
    return br_fail(err, BR_ERANGE, "%zu rows are too many to group or join", n);
  ids->id = br_calloc(n, sizeof *ids->id);
  if (!ids->id)
    return br_fail_nomem(err);
  ids->n = n;
  ids->count = 1;
  return BR_OK;
}

br_code br_ids_make(br_ids *out, const br_keys *a, const br_keys *b, size_t ncolumns, br_err *err)
{
  BR_TRY(start(out, a->nrow + (b ? b->nrow : 0), err));
  uint64_t *value = br_calloc(out->n, sizeof *value);
  if (!value)
    return br_fail_nomem(err);
  br_code code = BR_OK;
  for (size_t i = 0; i < ncolumns && code == BR_OK; i++) {
    struct pair p = {a->columns[i], b ? b->columns[i] : NULL};
    code = fold_column(out, value, &p, err);
  }
  br_free(value);
  return code;
}

void br_ids_clear(br_ids *ids)
{
  br_free(ids->id);
  *ids = (br_ids){0};
}

br_code br_buckets_make(br_buckets *out, const size_t *number, size_t n, size_t count, br_err *err)
{
  out->start = br_calloc(count + 1, sizeof *out->start);
  out->row = br_calloc(n, sizeof *out->row);
  if (!out->start || !out->row)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++)
    out->start[number[i] + 1]++;
  for (size_t k = 0; k < count; k++)
    out->start[k + 1] += out->start[k];
  /* Filling moves each start to its end, which is the next one's start: shift back after. */
  for (size_t i = 0; i < n; i++)
    out->row[out->start[number[i]]++] = i;
  memmove(out->start + 1, out->start, count * sizeof *out->start);
  out->start[0] = 0;
  return BR_OK;
}

void br_buckets_clear(br_buckets *buckets)
{
  br_free(buckets->start);
  br_free(buckets->row);
  *buckets = (br_buckets){0};
}
