/* The input of a reading, cut into chunks of whole rows: one file or many below each other.
 *
 * A row ends at an LF outside quotes; whether a byte is within quotes is known by counting the quotes
 * before it, since chunks are cut one after the other. Files are read as one text as long as each begins
 * with the header of the first, byte for byte; that makes a group. The chunks of an input are always
 * the same.
 *
 * Ownership: br_csv_feed_open… fills a caller's feed, br_csv_feed_close ends it; chunks are the caller's
 * and end in br_csv_chunk_clear. One thread at a time. */
#ifndef BR_CSV_FEED_H
#define BR_CSV_FEED_H

#include "base/input.h"
#include "csv/scan.h"

/* From here on the chunk's bytes come from that place. */
typedef struct br_csv_segment {
  size_t start; /* in the chunk */
  size_t file;
  uint64_t byte;
} br_csv_segment;

typedef struct br_csv_chunk {
  size_t number;
  char *text;   /* into block, with BR_CSV_MARGIN readable bytes around it */
  size_t n;     /* bytes, the header's too */
  size_t begin; /* where the rows begin */
  br_csv_segment *segments;
  size_t nsegments, segments_cap;
  char *block;
  size_t block_cap;
} br_csv_chunk;

typedef struct br_csv_feed {
  const char *label;        /* of memory */
  const char *const *paths; /* NULL: memory */
  size_t nfiles;
  br_input memory;
  br_input input;
  bool is_open;
  br_input *kept; /* inputs that can't be opened twice; NULL while there are none */
  br_input_stamp *stamps;
  size_t first, file; /* of the group; that is open or comes next */
  size_t group_end;   /* the file behind the group, as far as is known */
  uint64_t byte;      /* of the file, that comes next */
  uint64_t skip;      /* bytes in front of the first row, in the group's first file */
  bool header_known;  /* as long as it is not, chunks end where files do */
  const char *header; /* borrowed; what each other file must begin with */
  size_t nheader;
  size_t target; /* bytes of a chunk */
  size_t next_number;
  char *carry; /* the bytes behind the last cut */
  size_t ncarry, carry_cap;
  br_csv_count_fn count_quotes;
} br_csv_feed;

br_code br_csv_feed_open(br_csv_feed *feed, const char *const *paths, size_t n,
                         br_err *err) BR_MUST_USE;
void br_csv_feed_of_bytes(br_csv_feed *feed, const char *label, const void *bytes, size_t n);
void br_csv_feed_close(br_csv_feed *feed);

/* The next chunk of the group; n is 0 behind the last one. A chunk within quotes at its end is the last
 * of its file, and faulty. */
br_code br_csv_feed_next(br_csv_feed *feed, br_csv_chunk *chunk, br_err *err) BR_MUST_USE;
/* To the beginning of the group. */
void br_csv_feed_restart(br_csv_feed *feed);
/* To the next group; false behind the last. */
bool br_csv_feed_next_group(br_csv_feed *feed);
void br_csv_feed_first_group(br_csv_feed *feed);
/* Bytes of the file that is open; 0 where that is not known. */
uint64_t br_csv_feed_size(const br_csv_feed *feed);

const char *br_csv_feed_name(const br_csv_feed *feed, size_t file);
/* The file and byte of a byte of the chunk. */
br_csv_segment br_csv_chunk_place(const br_csv_chunk *chunk, size_t byte);
/* Fails as "name:line: message (byte N)", reading the file up to there. */
br_code br_csv_feed_fail(br_csv_feed *feed, br_csv_segment at, const br_csv_flaw *flaw,
                         br_err *err);

void br_csv_chunk_clear(br_csv_chunk *chunk);

#endif
