/* What the parts of a store make together: its type, then its column; see reading.h. */
#include "csv/reading.h"

#include "base/parallel.h"
#include "base/vec.h"

#include <math.h>
#include <string.h>

/* --- the type --- */

/* What all parts can be together. */
static br_csv_facts agree(const br_csv_reading *r, size_t store)
{
  br_csv_facts all = {0};
  for (size_t i = 0; i < r->nrecords; i++) {
    const br_csv_facts *one = &r->records[i].parts[store].facts;
    if (one->kind == BR_CSV_NULLS)
      continue;
    bool numbers = (all.kind == BR_CSV_I64 && one->kind == BR_CSV_F64) ||
                   (all.kind == BR_CSV_F64 && one->kind == BR_CSV_I64);
    if (numbers)
      all.kind = BR_CSV_F64;
    else if (all.kind == BR_CSV_NULLS)
      all.kind = one->kind;
    else if (all.kind != one->kind)
      all.kind = BR_CSV_TEXT;
    all.big = all.big || one->big;
    all.negative_zero = all.negative_zero || one->negative_zero;
  }
  return all;
}

static bool is_saved(const br_csv_reading *r, size_t store)
{
  for (size_t i = 0; i < r->nrecords; i++)
    if (!r->records[i].parts[store].saved)
      return false;
  return true;
}

/* F64 facts say of a part only that no cell of its own would lose. */
static br_type type_of(const br_csv_facts *all)
{
  switch (all->kind) {
  case BR_CSV_I64:
    return BR_I64;
  case BR_CSV_F64:
    return BR_F64;
  case BR_CSV_BOOL:
    return BR_BOOL;
  case BR_CSV_TIME:
    return BR_TIMESTAMP;
  case BR_CSV_NULLS:
  case BR_CSV_TEXT:
    break;
  }
  return BR_STR;
}

static bool has_integers(const br_csv_reading *r, size_t store, bool (*what)(const br_csv_facts *))
{
  for (size_t i = 0; i < r->nrecords; i++) {
    const br_csv_facts *facts = &r->records[i].parts[store].facts;
    if (facts->kind == BR_CSV_I64 && what(facts))
      return true;
  }
  return false;
}

static bool is_big(const br_csv_facts *facts)
{
  return facts->big;
}

static bool is_negative_zero(const br_csv_facts *facts)
{
  return facts->negative_zero;
}

br_type br_csv_settle(const br_csv_reading *r, size_t store, bool *again)
{
  const br_csv_store *s = &r->stores[store];
  *again = false;
  if (s->is_asked || s->type == BR_STR)
    return s->type;
  br_csv_facts all = agree(r, store);
  br_type type = type_of(&all);
  if (type == BR_F64 && has_integers(r, store, is_big))
    type = BR_STR;
  *again =
      all.kind != BR_CSV_NULLS && (type == BR_STR || !is_saved(r, store) ||
                                   (type == BR_F64 && has_integers(r, store, is_negative_zero)));
  return type;
}

/* --- the column --- */

/* Sets bits first … first + n - 1. */
static void set_bits(unsigned char *bits, size_t first, size_t n)
{
  for (; n > 0 && first % 8 != 0; n--, first++)
    bits[first / 8] |= (unsigned char)(1u << first % 8);
  memset(bits + first / 8, 0xff, n / 8);
  for (first += n / 8 * 8, n %= 8; n > 0; n--, first++)
    bits[first / 8] |= (unsigned char)(1u << first % 8);
}

static void clear_nulls(unsigned char *valid, const br_csv_record *record, const br_csv_part *part)
{
  for (size_t byte = 0; byte * 8 < record->rows; byte++) {
    for (unsigned left = part->null_bits[byte]; left != 0; left &= left - 1) {
      size_t row = record->first + byte * 8 + (size_t)__builtin_ctz(left);
      valid[row / 8] &= (unsigned char)~(1u << row % 8);
    }
  }
}

static br_code make_validity(const br_csv_reading *r, size_t store, br_column_parts *parts,
                             br_err *err)
{
  for (size_t i = 0; i < r->nrecords; i++)
    parts->nulls += r->records[i].parts[store].nulls;
  if (parts->nulls == 0)
    return BR_OK;
  parts->valid = br_calloc(r->rows / 8 + 1, 1);
  if (!parts->valid)
    return br_fail_nomem(err);
  set_bits(parts->valid, 0, r->rows);
  for (size_t i = 0; i < r->nrecords; i++)
    if (r->records[i].parts[store].null_bits)
      clear_nulls(parts->valid, &r->records[i], &r->records[i].parts[store]);
  return BR_OK;
}

/* Integers to doubles where they lie; a null becomes NaN. */
static void widen_part(const br_csv_record *record, const br_csv_part *part, void *cells)
{
  unsigned char *at = (unsigned char *)cells + record->first * sizeof(double);
  for (size_t row = 0; row < record->rows; row++, at += sizeof(double)) {
    int64_t integer;
    memcpy(&integer, at, sizeof integer);
    bool is_null = part->null_bits && part->null_bits[row / 8] >> row % 8 & 1;
    double value = is_null ? (double)NAN : (double)integer;
    memcpy(at, &value, sizeof value);
  }
}

static void widen(const br_csv_reading *r, size_t store)
{
  for (size_t i = 0; i < r->nrecords; i++) {
    const br_csv_part *part = &r->records[i].parts[store];
    if (part->facts.kind == BR_CSV_I64 || part->facts.kind == BR_CSV_NULLS)
      widen_part(&r->records[i], part, r->stores[store].cells);
  }
}

/* --- dictionaries --- */

/* For each worker the code of each of its strings in the common dictionary. */
typedef struct merger {
  const br_csv_reading *r;
  size_t store;
  br_dict *dict;   /* owned */
  uint32_t **maps; /* owned, one a worker */
  uint32_t *seen;  /* owned, strings of each worker that are in maps */
} merger;

static void merger_clear(merger *m)
{
  for (size_t i = 0; i < m->r->nworkers && m->maps; i++)
    br_free(m->maps[i]);
  br_free(m->maps);
  br_free(m->seen);
  br_dict_release(m->dict);
}

static br_code merger_start(merger *m, br_err *err)
{
  m->maps = br_calloc(m->r->nworkers, sizeof *m->maps);
  m->seen = br_calloc(m->r->nworkers, sizeof *m->seen);
  if (!m->maps || !m->seen)
    return br_fail_nomem(err);
  for (size_t i = 0; i < m->r->nworkers; i++) {
    const br_dict *dict = m->r->workers[i].dicts[m->store];
    m->maps[i] = br_calloc(dict ? br_dict_len(dict) : 0, sizeof **m->maps);
    if (!m->maps[i])
      return br_fail_nomem(err);
  }
  return br_dict_new(&m->dict, err);
}

static br_code merge_part(merger *m, const br_csv_record *record, br_err *err)
{
  const br_csv_part *part = &record->parts[m->store];
  const br_dict *dict = m->r->workers[record->worker].dicts[m->store];
  uint32_t *seen = &m->seen[record->worker];
  for (; *seen < part->strings; ++*seen) {
    size_t n = 0;
    const char *text = br_dict_str(dict, *seen, &n);
    BR_TRY(br_dict_intern(&m->dict, text, n, &m->maps[record->worker][*seen], err));
  }
  return BR_OK;
}

static br_code recode(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const merger *m = context;
  const br_csv_record *record = &m->r->records[task];
  const br_csv_part *part = &record->parts[m->store];
  const uint32_t *map = m->maps[record->worker];
  uint32_t *codes = (uint32_t *)m->r->stores[m->store].cells + record->first;
  if (part->strings == 0)
    return BR_OK;
  for (size_t row = 0; row < record->rows; row++)
    codes[row] = map[codes[row]];
  for (size_t row = 0; row < record->rows && part->nulls > 0; row++)
    if (part->null_bits[row / 8] >> row % 8 & 1)
      codes[row] = 0;
  return BR_OK;
}

static br_code merge(merger *m, br_err *err)
{
  BR_TRY(merger_start(m, err));
  for (size_t i = 0; i < m->r->nrecords; i++)
    BR_TRY(merge_part(m, &m->r->records[i], err));
  return br_parallel_run(m->r->nrecords, m->r->threads, recode, m, err);
}

/* The only worker with strings of the store, or nworkers. */
static size_t lone_worker(const br_csv_reading *r, size_t store)
{
  size_t lone = r->nworkers;
  for (size_t i = 0; i < r->nworkers; i++) {
    if (!r->workers[i].dicts[store] || br_dict_len(r->workers[i].dicts[store]) == 0)
      continue;
    if (lone < r->nworkers)
      return r->nworkers;
    lone = i;
  }
  return lone;
}

static br_code make_dict(br_csv_reading *r, size_t store, br_dict **out, br_err *err)
{
  size_t lone = lone_worker(r, store);
  if (lone < r->nworkers) {
    *out = r->workers[lone].dicts[store];
    r->workers[lone].dicts[store] = NULL;
    return BR_OK;
  }
  merger m = {.r = r, .store = store};
  br_code code = merge(&m, err);
  if (code == BR_OK) {
    *out = m.dict;
    m.dict = NULL;
  }
  merger_clear(&m);
  return code;
}

/* --- all of it --- */

/* A store of numbers where no cell was one: all are null. */
static br_code make_codes(br_csv_reading *r, br_csv_store *store, br_err *err)
{
  if (store->type == BR_STR && store->cells)
    return BR_OK;
  br_free(store->cells);
  store->type = BR_STR;
  store->cells = br_calloc(r->rows, sizeof(uint32_t));
  return store->cells ? BR_OK : br_fail_nomem(err);
}

/* What was reserved for rows that did not come goes back; it may stay where that fails. */
static void fit(const br_csv_reading *r, br_csv_store *store)
{
  if (!store->cells || r->room == r->rows)
    return;
  void *cells = br_realloc(store->cells, r->rows, br_csv_cell_size(store->type));
  store->cells = cells ? cells : store->cells;
}

static br_code assemble(br_csv_reading *r, size_t number, br_type type, br_column_parts *parts,
                        br_err *err)
{
  br_csv_store *store = &r->stores[number];
  BR_TRY(make_validity(r, number, parts, err));
  if (type == BR_STR) {
    BR_TRY(make_codes(r, store, err));
    return make_dict(r, number, &parts->dict, err);
  }
  if (type == BR_F64 && !store->is_asked)
    widen(r, number);
  return BR_OK;
}

br_code br_csv_finish(br_csv_reading *r, size_t number, br_type type, br_column **out, br_err *err)
{
  br_csv_store *store = &r->stores[number];
  br_column_parts parts = {.len = r->rows};
  br_code code = assemble(r, number, type, &parts, err);
  fit(r, store);
  parts.cells = store->cells;
  if (code == BR_OK)
    code = br_column_adopt(out, type, &parts, err);
  if (code == BR_OK) {
    store->cells = NULL;
    return BR_OK;
  }
  br_free(parts.valid);
  br_dict_release(parts.dict);
  return code;
}
