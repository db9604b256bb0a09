/* The passage over a group's chunks; see reading.h.
 *
 * Each task of the parallel run is a worker: it takes a chunk, tokenises it, waits for its turn to learn
 * where its rows go, and parses. A chunk once taken is carried through to its turn, also when it is
 * faulty, so that no other waits in vain and the lowest faulty one is known. */
#include "csv/reading.h"

#include "base/interrupt.h"
#include "base/parallel.h"
#include "base/vec.h"

#include <string.h>

size_t br_csv_cell_size(br_type type)
{
  if (type == BR_STR)
    return sizeof(uint32_t);
  return type == BR_BOOL ? 1 : sizeof(int64_t);
}

/* --- life --- */

static br_code start_workers(br_csv_reading *r, br_err *err)
{
  r->workers = br_calloc(r->threads, sizeof *r->workers);
  if (!r->workers)
    return br_fail_nomem(err);
  r->nworkers = r->threads;
  for (size_t i = 0; i < r->nworkers; i++) {
    r->workers[i].dicts = br_calloc(r->nstores, sizeof(void *));
    if (!r->workers[i].dicts)
      return br_fail_nomem(err);
  }
  return BR_OK;
}

/* One is enough where the first chunk was all. */
static size_t useful_threads(const br_csv_reading *r)
{
  if (!r->feed->is_open && r->feed->file >= r->feed->group_end)
    return 1;
  return r->options->threads ? r->options->threads : br_parallel_threads();
}

br_code br_csv_reading_start(br_csv_reading *r, const br_csv_tuning *tuning, br_err *err)
{
  (void)pthread_mutex_init(&r->feeding, NULL);
  (void)pthread_mutex_init(&r->order, NULL);
  (void)pthread_mutex_init(&r->notes, NULL);
  r->last_chunk = SIZE_MAX;
  r->is_started = true;
  (void)pthread_cond_init(&r->turned, NULL);
  (void)pthread_rwlock_init(&r->cells_lock, NULL);
  r->ways = br_csv_ways_of(tuning->level);
  r->strict_only = tuning->level == BR_CSV_STRICT;
  r->threads = useful_threads(r);
  return start_workers(r, err);
}

static void clear_worker(br_csv_worker *w, size_t nstores)
{
  br_csv_chunk_clear(&w->chunk);
  br_free(w->index.ends);
  br_free(w->slots.ends);
  br_csv_strict_clear(&w->strict);
  for (size_t i = 0; i < nstores && w->dicts; i++)
    br_dict_release(w->dicts[i]);
  br_free(w->dicts);
  br_str_clear(&w->scratch);
}

static void clear_record(br_csv_record *record, size_t nstores)
{
  for (size_t i = 0; i < nstores && record->parts; i++)
    br_free(record->parts[i].null_bits);
  br_free(record->parts);
}

void br_csv_reading_clear(br_csv_reading *r)
{
  for (size_t i = 0; i < r->nworkers; i++)
    clear_worker(&r->workers[i], r->nstores);
  for (size_t i = 0; i < r->nrecords; i++)
    clear_record(&r->records[i], r->nstores);
  for (size_t i = 0; i < r->nstores; i++)
    br_free(r->stores[i].cells);
  br_free(r->workers);
  br_free(r->records);
  br_free(r->stores);
  if (!r->is_started)
    return;
  (void)pthread_mutex_destroy(&r->feeding);
  (void)pthread_mutex_destroy(&r->order);
  (void)pthread_mutex_destroy(&r->notes);
  (void)pthread_cond_destroy(&r->turned);
  (void)pthread_rwlock_destroy(&r->cells_lock);
}

/* --- failures --- */

static void note_failure(br_csv_reading *r, const br_csv_failure *failure)
{
  (void)pthread_mutex_lock(&r->notes);
  if (!r->has_failed || failure->chunk < r->failure.chunk)
    r->failure = *failure;
  r->has_failed = true;
  (void)pthread_mutex_unlock(&r->notes);
  atomic_store(&r->stopped, true);
}

static void fail_chunk(br_csv_reading *r, size_t chunk, const br_err *err)
{
  br_csv_failure failure = {.chunk = chunk, .err = *err};
  note_failure(r, &failure);
}

static void fail_text(br_csv_reading *r, const br_csv_chunk *chunk, const br_csv_flaw *flaw,
                      const br_err *err)
{
  br_csv_failure failure = {.chunk = chunk->number, .in_text = true, .flaw = *flaw, .err = *err};
  failure.place = br_csv_chunk_place(chunk, flaw->byte);
  note_failure(r, &failure);
}

/* --- where a chunk's rows go --- */

/* Rows that will come, with a little to spare, by the bytes of those that came. */
static size_t expected_rows(const br_csv_reading *r, const br_csv_worker *w)
{
  size_t bytes = w->chunk.n - w->chunk.begin;
  if (bytes == 0)
    return 0;
  double rows = (double)w->rows * ((double)r->expected / (double)bytes) * 1.02 + 64;
  return rows < 1e15 ? (size_t)rows : 0;
}

static br_code grow_stores(br_csv_reading *r, size_t room, br_err *err)
{
  for (size_t i = 0; i < r->nstores; i++) {
    void *cells = br_realloc(r->stores[i].cells, room, br_csv_cell_size(r->stores[i].type));
    if (!cells)
      return br_fail_nomem(err);
    r->stores[i].cells = cells;
  }
  r->room = room;
  return BR_OK;
}

/* Room for more rows than are needed now; for fewer where memory does not suffice, but never for so few
 * that the cells are moved over and over before it is out. */
static br_code grow_amply(br_csv_reading *r, size_t need, size_t expected, br_err *err)
{
  size_t room = need > r->room * 2 ? need : r->room * 2;
  room = room > expected ? room : expected;
  size_t rooms[] = {room, expected, need + need / 8, need + need / 64};
  enum { ROOMS = sizeof rooms / sizeof *rooms };
  for (size_t i = 0; i < ROOMS; i++) {
    room = rooms[i] < r->limit || need > r->limit ? rooms[i] : r->limit;
    if (room >= need && grow_stores(r, room, i + 1 < ROOMS ? NULL : err) == BR_OK)
      return BR_OK;
  }
  return BR_ENOMEM;
}

static br_code make_room(br_csv_reading *r, const br_csv_worker *w, size_t need, br_err *err)
{
  if (need <= r->room && r->room > 0)
    return BR_OK;
  (void)pthread_rwlock_wrlock(&r->cells_lock);
  br_code code = grow_amply(r, need, expected_rows(r, w), err);
  (void)pthread_rwlock_unlock(&r->cells_lock);
  return code;
}

/* Called with `order` held, in the chunk's turn. */
static br_code place_rows(br_csv_reading *r, const br_csv_worker *w, br_err *err)
{
  size_t left = r->limit - r->rows;
  size_t rows = w->rows < left ? w->rows : left;
  br_csv_record record = {.first = r->rows, .rows = rows, .worker = (size_t)(w - r->workers)};
  BR_TRY(br_vec_reserve(&r->records, &r->records_cap, r->nrecords + 1, err));
  BR_TRY(make_room(r, w, r->rows + rows, err));
  record.parts = br_calloc(r->nstores, sizeof *record.parts);
  if (!record.parts)
    return br_fail_nomem(err);
  r->records[r->nrecords++] = record;
  r->rows += rows;
  if (r->rows >= r->limit) {
    r->last_chunk = r->last_chunk < w->chunk.number ? r->last_chunk : w->chunk.number;
    atomic_store(&r->stopped, true);
  }
  return BR_OK;
}

static void await_turn(br_csv_reading *r, size_t chunk)
{
  while (r->published != chunk)
    (void)pthread_cond_wait(&r->turned, &r->order);
}

/* A record of its own for the worker: the array may move. */
static br_code take_turn(br_csv_reading *r, const br_csv_worker *w, bool is_fine,
                         br_csv_record *record, br_err *err)
{
  (void)pthread_mutex_lock(&r->order);
  await_turn(r, w->chunk.number);
  br_code code = is_fine ? place_rows(r, w, err) : BR_OK;
  if (is_fine && code == BR_OK)
    *record = r->records[r->nrecords - 1];
  r->published++;
  (void)pthread_cond_broadcast(&r->turned);
  (void)pthread_mutex_unlock(&r->order);
  return code;
}

/* Rows that matter in the chunk: with a limit this is known in its turn alone. */
static size_t rows_left(br_csv_reading *r, size_t chunk)
{
  if (r->limit == SIZE_MAX)
    return SIZE_MAX;
  (void)pthread_mutex_lock(&r->order);
  await_turn(r, chunk);
  size_t left = r->limit - r->rows;
  (void)pthread_mutex_unlock(&r->order);
  return left;
}

/* --- workers --- */

static br_code tokenise(br_csv_reading *r, br_csv_worker *w, br_err *err)
{
  br_csv_flaw flaw = {0};
  w->rows = 0;
  br_code code = br_interrupt_check(err);
  if (code == BR_OK)
    code = br_csv_tokenise(r, w, rows_left(r, w->chunk.number), &flaw, err);
  if (code == BR_EPARSE)
    fail_text(r, &w->chunk, &flaw, err);
  else if (code != BR_OK)
    fail_chunk(r, w->chunk.number, err);
  return code;
}

static void parse(br_csv_reading *r, br_csv_worker *w, br_csv_record *record)
{
  br_err err;
  (void)pthread_rwlock_rdlock(&r->cells_lock);
  br_code code = br_csv_parse(r, w, record, &err);
  (void)pthread_rwlock_unlock(&r->cells_lock);
  if (code != BR_OK)
    fail_chunk(r, w->chunk.number, &err);
}

static void process(br_csv_reading *r, br_csv_worker *w)
{
  br_err err;
  br_csv_record record = {0};
  bool is_fine = tokenise(r, w, &err) == BR_OK;
  br_code code = take_turn(r, w, is_fine, &record, &err);
  if (code != BR_OK)
    fail_chunk(r, w->chunk.number, &err);
  else if (is_fine)
    parse(r, w, &record);
}

/* False behind the last chunk. */
static bool next_chunk(br_csv_reading *r, br_csv_worker *w)
{
  br_err err;
  if (atomic_load(&r->stopped))
    return false;
  (void)pthread_mutex_lock(&r->feeding);
  bool has = !atomic_load(&r->stopped);
  if (has && br_csv_feed_next(r->feed, &w->chunk, &err) != BR_OK) {
    fail_chunk(r, w->chunk.number, &err);
    has = false;
  }
  has = has && w->chunk.n > 0;
  (void)pthread_mutex_unlock(&r->feeding);
  return has;
}

static br_code work(void *context, size_t task, size_t worker, br_err *err)
{
  br_csv_reading *r = context;
  br_csv_worker *w = &r->workers[worker];
  (void)task;
  (void)err;
  while (next_chunk(r, w))
    process(r, w);
  return BR_OK;
}

/* The first rows tell how to store the columns. What fails in the text is noted. */
static br_code begin(br_csv_reading *r, bool has_first, br_err *err)
{
  br_csv_worker *w = &r->workers[0];
  bool has_rows = false;
  if (has_first)
    r->published = w->chunk.number;
  while (!has_rows && (has_first || next_chunk(r, w))) {
    br_csv_record record = {0};
    r->expected = br_csv_feed_size(r->feed);
    has_first = false;
    if (tokenise(r, w, err) != BR_OK)
      return BR_OK;
    has_rows = w->rows > 0;
    if (has_rows)
      BR_TRY(br_csv_guess(r, w, err));
    BR_TRY(take_turn(r, w, true, &record, err));
    parse(r, w, &record);
  }
  r->expected = 0;
  return BR_OK;
}

static br_code outcome(br_csv_reading *r, br_err *err)
{
  bool has_failed = r->has_failed && r->failure.chunk <= r->last_chunk;
  if (has_failed && r->failure.in_text)
    return br_csv_feed_fail(r->feed, r->failure.place, &r->failure.flaw, err);
  if (has_failed) {
    if (err)
      *err = r->failure.err;
    return r->failure.err.code;
  }
  if (r->misfit.is_set)
    return br_csv_feed_fail(r->feed, r->misfit.place, &r->misfit.flaw, err);
  return BR_OK;
}

br_code br_csv_reading_run(br_csv_reading *r, bool has_first, br_err *err)
{
  if (r->limit > 0)
    BR_TRY(begin(r, has_first, err));
  if (!atomic_load(&r->stopped) && r->limit > 0)
    BR_TRY(br_parallel_run(r->threads, r->threads, work, r, err));
  return outcome(r, err);
}
