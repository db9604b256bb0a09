/* One passage over a group of files: its columns, its chunks, its workers.
 *
 * A column's cells go straight to where they end up: as soon as a worker has tokenised a chunk it knows its
 * rows, and the rows before them are known because chunks are numbered in turn. The width of the cells is
 * guessed from the first rows; what each chunk held is noted in a part, and when all are read the parts say
 * what the column is. Where the guess does not hold for it, a second passage reads that column again,
 * with its type given.
 *
 * Strings go to a dictionary of the worker. An entry that is new to its worker is new in that chunk; so the
 * workers' entries, taken in the order of the chunks, are in order of first appearance. */
#ifndef BR_CSV_READING_H
#define BR_CSV_READING_H

#include "csv/feed.h"
#include "csv/lane.h"

#include <pthread.h>

/* What a chunk held of a column. */
typedef struct br_csv_part {
  br_csv_facts facts;
  bool saved;               /* the cells are in the store, as facts.kind says or as was asked */
  uint32_t strings;         /* entries of the worker's dictionary behind the chunk */
  size_t nulls;             /* rows */
  unsigned char *null_bits; /* a bit a row, 1 for a null; NULL while there are none; owned */
} br_csv_part;

typedef struct br_csv_record {
  size_t first, rows;
  size_t worker;
  br_csv_part *parts; /* one a store; owned */
} br_csv_record;

typedef struct br_csv_store {
  const char *name; /* borrowed */
  size_t field;     /* of a row; BR_CSV_FILE_FIELD */
  bool is_asked;    /* the type is given: a cell that does not read as it is an error */
  br_type type; /* as which cells are stored: that given, or the guess (BR_I64 for any number) */
  void *cells;  /* owned; room for reading.room rows */
} br_csv_store;
#define BR_CSV_FILE_FIELD SIZE_MAX

typedef struct br_csv_worker {
  br_csv_chunk chunk;
  br_csv_index index;
  size_t index_cap;
  br_csv_slots slots;
  br_csv_strict strict;
  bool is_plain; /* index holds the chunk, or slots where they are even; else strict */
  size_t rows;
  size_t scanned;  /* bytes of the chunk that the index covers, from begin */
  br_dict **dicts; /* one a store, NULL where there is none yet */
  br_str scratch;
} br_csv_worker;

/* The first thing that is wrong: of the lowest chunk. */
typedef struct br_csv_failure {
  size_t chunk;
  bool in_text; /* flaw and place say what and where */
  br_csv_flaw flaw;
  br_csv_segment place;
  br_err err;
} br_csv_failure;

/* The first cell that is not of the type asked for: of the lowest store, then the lowest chunk. */
typedef struct br_csv_misfit {
  bool is_set;
  size_t store, chunk;
  br_csv_flaw flaw;
  br_csv_segment place;
} br_csv_misfit;

typedef struct br_csv_reading {
  const br_csv_options *options;
  br_csv_feed *feed;
  br_csv_ways ways;
  bool strict_only;
  size_t ncols;       /* of a row */
  const bool *wanted; /* a flag a column; borrowed */
  br_csv_store *stores;
  size_t nstores;
  size_t limit;               /* rows */
  const uint32_t *file_codes; /* borrowed; a code a file for the file column */

  size_t threads;
  bool is_started;
  br_csv_worker *workers; /* owned */
  size_t nworkers;

  pthread_mutex_t feeding; /* of feed */
  pthread_mutex_t order;   /* of what follows, to `notes` */
  pthread_cond_t turned;   /* published has grown */
  size_t published;        /* chunks whose rows are known */
  size_t rows;             /* of those */
  uint64_t expected;       /* bytes that will come, as long as there are no rows */
  br_csv_record *records;  /* owned */
  size_t nrecords, records_cap;
  size_t last_chunk;     /* in which the limit is reached; SIZE_MAX: in none */
  pthread_mutex_t notes; /* of what follows, to `cells_lock` */
  br_csv_failure failure;
  bool has_failed;
  br_csv_misfit misfit;
  pthread_rwlock_t cells_lock; /* held for writing while stores move */
  size_t room;                 /* rows */
  atomic_bool stopped;
} br_csv_reading;

/* reading: options … file_codes and feed set. */
br_code br_csv_reading_start(br_csv_reading *r, const br_csv_tuning *tuning,
                             br_err *err) BR_MUST_USE;
void br_csv_reading_clear(br_csv_reading *r);
/* Reads all chunks of the group. first: whether worker 0 holds the first chunk already. */
br_code br_csv_reading_run(br_csv_reading *r, bool has_first, br_err *err) BR_MUST_USE;
size_t br_csv_cell_size(br_type type);

/* --- one chunk (parse.c) --- */

/* The rows of the worker's chunk, into its index or its strict. limit: rows that matter. On a flaw
 * BR_EPARSE. */
br_code br_csv_tokenise(const br_csv_reading *r, br_csv_worker *w, size_t limit, br_csv_flaw *flaw,
                        br_err *err) BR_MUST_USE;
/* Sets the type of the stores that have none asked for by the chunk's first rows. */
br_code br_csv_guess(const br_csv_reading *r, br_csv_worker *w, br_err *err) BR_MUST_USE;
/* Fills the stores' cells and the record's parts. */
br_code br_csv_parse(br_csv_reading *r, br_csv_worker *w, br_csv_record *record,
                     br_err *err) BR_MUST_USE;

/* --- what was read (finish.c) --- */

/* The type that the parts of a store agree on; *again: its cells are to be read anew, as that. */
br_type br_csv_settle(const br_csv_reading *r, size_t store, bool *again);
/* The store's column; the store's cells are then gone. */
br_code br_csv_finish(br_csv_reading *r, size_t store, br_type type, br_column **out,
                      br_err *err) BR_MUST_USE;

#endif
