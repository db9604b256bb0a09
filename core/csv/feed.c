/* Chunks of an input; see feed.h. */
#include "csv/feed.h"

#include "base/vec.h"

#include <string.h>

enum { CHUNK = 256 << 10, SMALLEST_READ = 64 };

/* --- life --- */

void br_csv_feed_of_bytes(br_csv_feed *feed, const char *label, const void *bytes, size_t n)
{
  *feed = (br_csv_feed){.label = label, .nfiles = 1, .group_end = 1, .target = CHUNK};
  br_input_of_bytes(&feed->memory, bytes, n);
  feed->target = n + SMALLEST_READ < CHUNK ? n + SMALLEST_READ : CHUNK;
}

br_code br_csv_feed_open(br_csv_feed *feed, const char *const *paths, size_t n, br_err *err)
{
  *feed = (br_csv_feed){.paths = paths, .nfiles = n, .group_end = n, .target = CHUNK};
  feed->stamps = br_calloc(n, sizeof *feed->stamps);
  return feed->stamps ? BR_OK : br_fail_nomem(err);
}

/* What can't be opened again is kept for a second reading. */
static br_code put_away(br_csv_feed *feed, br_err *err)
{
  br_input *in = &feed->input;
  feed->is_open = false;
  if (in->fd < 0 || in->regular) {
    br_input_close(in);
    return BR_OK;
  }
  if (!feed->kept)
    feed->kept = br_calloc(feed->nfiles, sizeof *feed->kept);
  if (!feed->kept) {
    br_input_close(in);
    return br_fail_nomem(err);
  }
  feed->kept[feed->file] = *in;
  return br_input_rewind(&feed->kept[feed->file], err);
}

void br_csv_feed_close(br_csv_feed *feed)
{
  if (feed->is_open)
    br_input_close(&feed->input);
  for (size_t i = 0; i < feed->nfiles && feed->kept; i++)
    if (feed->kept[i].path)
      br_input_close(&feed->kept[i]);
  br_free(feed->kept);
  br_free(feed->stamps);
  br_free(feed->carry);
  *feed = (br_csv_feed){0};
}

void br_csv_chunk_clear(br_csv_chunk *chunk)
{
  br_free(chunk->segments);
  br_free(chunk->block);
  *chunk = (br_csv_chunk){0};
}

const char *br_csv_feed_name(const br_csv_feed *feed, size_t file)
{
  if (!feed->paths)
    return feed->label;
  return strcmp(feed->paths[file], "-") == 0 ? "standard input" : feed->paths[file];
}

/* --- one file --- */

static bool is_zero(const br_input_stamp *stamp)
{
  static const br_input_stamp zero;
  return memcmp(stamp, &zero, sizeof zero) == 0;
}

static br_code open_path(br_csv_feed *feed, br_input *in, size_t file, br_err *err)
{
  BR_TRY(br_input_open(in, feed->paths[file], err));
  if (!in->regular)
    return BR_OK;
  br_input_stamp *stamp = &feed->stamps[file];
  if (!is_zero(stamp) && memcmp(stamp, &in->stamp, sizeof *stamp) != 0) {
    br_input_close(in);
    return br_fail(err, BR_EIO, "%s: it changed while being read", feed->paths[file]);
  }
  *stamp = in->stamp;
  return BR_OK;
}

/* Takes the file over from where it was put away, if it was. */
static br_code open_file(br_csv_feed *feed, br_input *in, size_t file, br_err *err)
{
  if (!feed->paths) {
    *in = feed->memory;
    return BR_OK;
  }
  if (!feed->kept || !feed->kept[file].path)
    return open_path(feed, in, file, err);
  *in = feed->kept[file];
  feed->kept[file] = (br_input){.fd = -1};
  return BR_OK;
}

static br_code make_room(br_csv_chunk *chunk, size_t n, br_err *err)
{
  size_t had = chunk->block_cap;
  BR_TRY(br_vec_reserve(&chunk->block, &chunk->block_cap, n + (size_t)2 * BR_CSV_MARGIN + 1, err));
  if (had == 0)
    memset(chunk->block, 0, BR_CSV_MARGIN);
  chunk->text = chunk->block + BR_CSV_MARGIN;
  return BR_OK;
}

static br_code add_segment(const br_csv_feed *feed, br_csv_chunk *chunk, uint64_t byte, br_err *err)
{
  BR_TRY(br_vec_reserve(&chunk->segments, &chunk->segments_cap, chunk->nsegments + 1, err));
  chunk->segments[chunk->nsegments++] =
      (br_csv_segment){.start = chunk->n, .file = feed->file, .byte = byte};
  return BR_OK;
}

/* Takes the header off a file's first bytes, which lie behind the chunk's. False where another one
 * stands there: then the group ends before this file. */
static bool take_header(br_csv_feed *feed, br_csv_chunk *chunk, size_t *got)
{
  char *text = chunk->text + chunk->n;
  if (feed->file == feed->first)
    return true;
  size_t bom = *got >= 3 && memcmp(text, BR_CSV_BOM, 3) == 0 ? 3 : 0;
  size_t head = bom + feed->nheader;
  if (*got < head || (feed->nheader && memcmp(text + bom, feed->header, feed->nheader) != 0))
    return false;
  memmove(text, text + head, *got - head);
  *got -= head;
  feed->byte = head;
  return true;
}

/* *at_end: there is no more of it. */
static br_code begin_file(br_csv_feed *feed, br_csv_chunk *chunk, size_t want, size_t *got,
                          bool *at_end, br_err *err)
{
  BR_TRY(open_file(feed, &feed->input, feed->file, err));
  feed->is_open = true;
  feed->byte = 0;
  BR_TRY(br_input_read(&feed->input, chunk->text + chunk->n, want, got, err));
  *at_end = *got < want;
  if (take_header(feed, chunk, got))
    return add_segment(feed, chunk, feed->byte, err);
  feed->group_end = feed->file;
  *got = 0;
  return put_away(feed, err);
}

/* --- chunks --- */

/* Behind the last LF outside quotes in text[from … n); from where there is none. */
static size_t find_cut(const char *text, size_t from, size_t n, bool inside)
{
  for (size_t at = n; at > from; at--) {
    if (text[at - 1] == '"')
      inside = !inside;
    else if (text[at - 1] == '\n' && !inside)
      return at;
  }
  return from;
}

static br_code take_carry(br_csv_feed *feed, br_csv_chunk *chunk, br_err *err)
{
  size_t n = feed->ncarry;
  if (feed->is_open)
    BR_TRY(add_segment(feed, chunk, feed->byte - n, err));
  if (n == 0)
    return BR_OK;
  memcpy(chunk->text, feed->carry, n);
  chunk->n = n;
  feed->ncarry = 0;
  return BR_OK;
}

static br_code carry_over(br_csv_feed *feed, br_csv_chunk *chunk, size_t cut, br_err *err)
{
  size_t n = chunk->n - cut;
  if (n == 0)
    return BR_OK;
  BR_TRY(br_vec_reserve(&feed->carry, &feed->carry_cap, n, err));
  memcpy(feed->carry, chunk->text + cut, n);
  feed->ncarry = n;
  chunk->n = cut;
  return BR_OK;
}

typedef struct filling {
  size_t target;
  bool inside; /* within quotes, at the chunk's end */
  bool done;
} filling;

/* Its last row may lack a line end. */
static br_code end_file(br_csv_feed *feed, br_csv_chunk *chunk, filling *f, br_err *err)
{
  BR_TRY(put_away(feed, err));
  feed->file++;
  feed->byte = 0;
  f->done = f->inside || !feed->header_known || feed->file >= feed->group_end ||
            (chunk->n > 0 && chunk->n >= feed->target / 2);
  if (!f->inside && chunk->n > 0 && chunk->text[chunk->n - 1] != '\n' && !f->done)
    chunk->text[chunk->n++] = '\n';
  return BR_OK;
}

/* More bytes behind the chunk's; no file is open afterwards where the group has ended. */
static br_code read_more(br_csv_feed *feed, br_csv_chunk *chunk, const filling *f, size_t *got,
                         bool *at_end, br_err *err)
{
  size_t least = feed->is_open ? SMALLEST_READ : SMALLEST_READ + feed->nheader;
  size_t want = f->target > chunk->n + least ? f->target - chunk->n : least;
  BR_TRY(make_room(chunk, chunk->n + want, err));
  if (!feed->is_open)
    return begin_file(feed, chunk, want, got, at_end, err);
  BR_TRY(br_input_read(&feed->input, chunk->text + chunk->n, want, got, err));
  *at_end = *got < want;
  return BR_OK;
}

static br_code fill(br_csv_feed *feed, br_csv_chunk *chunk, filling *f, br_err *err)
{
  size_t got = 0;
  size_t before = chunk->n;
  bool at_end = false;
  BR_TRY(read_more(feed, chunk, f, &got, &at_end, err));
  if (!feed->is_open) {
    f->done = true;
    return BR_OK;
  }
  chunk->n += got;
  feed->byte += got;
  f->inside ^= feed->count_quotes(chunk->text + before, got) & 1;
  if (at_end)
    return end_file(feed, chunk, f, err);
  size_t cut = find_cut(chunk->text, before, chunk->n, f->inside);
  if (cut == before) {
    f->target = chunk->n * 2;
    return BR_OK;
  }
  f->done = true;
  return carry_over(feed, chunk, cut, err);
}

static void set_begin(const br_csv_feed *feed, br_csv_chunk *chunk)
{
  const br_csv_segment *first = chunk->segments;
  chunk->begin = 0;
  if (!first || chunk->nsegments == 0 || first->file != feed->first || first->byte >= feed->skip)
    return;
  uint64_t behind = feed->skip - first->byte;
  chunk->begin = behind < chunk->n ? (size_t)behind : chunk->n;
}

br_code br_csv_feed_next(br_csv_feed *feed, br_csv_chunk *chunk, br_err *err)
{
  filling f = {.target = feed->target};
  chunk->n = 0;
  chunk->nsegments = 0;
  chunk->number = feed->next_number++;
  BR_TRY(make_room(chunk, feed->target > feed->ncarry ? feed->target : feed->ncarry, err));
  BR_TRY(take_carry(feed, chunk, err));
  f.inside = feed->count_quotes(chunk->text, chunk->n) & 1;
  while (!f.done && (feed->is_open || feed->file < feed->group_end))
    BR_TRY(fill(feed, chunk, &f, err));
  set_begin(feed, chunk);
  return BR_OK;
}

static void rewind_to(br_csv_feed *feed, size_t file)
{
  if (feed->is_open && put_away(feed, NULL) != BR_OK)
    feed->is_open = false;
  feed->file = file;
  feed->byte = 0;
  feed->ncarry = 0;
  feed->next_number = 0;
}

void br_csv_feed_restart(br_csv_feed *feed)
{
  rewind_to(feed, feed->first);
}

static void begin_group(br_csv_feed *feed, size_t file)
{
  rewind_to(feed, file);
  feed->first = feed->file;
  feed->group_end = feed->nfiles;
  feed->skip = 0;
  feed->header = NULL;
  feed->nheader = 0;
  feed->header_known = false;
}

bool br_csv_feed_next_group(br_csv_feed *feed)
{
  begin_group(feed, feed->group_end);
  return feed->first < feed->nfiles;
}

void br_csv_feed_first_group(br_csv_feed *feed)
{
  begin_group(feed, 0);
}

uint64_t br_csv_feed_size(const br_csv_feed *feed)
{
  if (!feed->paths)
    return feed->memory.nbytes;
  return feed->is_open ? br_input_size(&feed->input) : 0;
}

/* --- places --- */

br_csv_segment br_csv_chunk_place(const br_csv_chunk *chunk, size_t byte)
{
  size_t i = chunk->nsegments;
  while (i > 1 && chunk->segments[i - 1].start > byte)
    i--;
  br_csv_segment place = chunk->segments[i - 1];
  place.byte += byte - place.start;
  place.start = byte;
  return place;
}

enum { PIECE = 64 << 10 };

/* Counts lines from the file's first byte (behind a BOM) to that one. */
static br_code count_lines(br_input *in, uint64_t byte, char *buffer, br_csv_place *place,
                           br_err *err)
{
  uint64_t at = 0;
  br_csv_place now = BR_CSV_PLACE_START;
  for (;;) {
    size_t got = 0;
    BR_TRY(br_input_read(in, buffer, PIECE, &got, err));
    size_t bom = at == 0 && got >= 3 && memcmp(buffer, BR_CSV_BOM, 3) == 0 ? 3 : 0;
    size_t n = byte - at < got ? (size_t)(byte - at) : got;
    if (n > bom)
      br_csv_place_pass(&now, buffer + bom, n - bom);
    at += n;
    if (at < byte && got == PIECE)
      continue;
    buffer[got] = '\0';
    br_csv_place_settle(&now, buffer[n]);
    *place = now;
    return BR_OK;
  }
}

/* To the end, where a checksum tells whether what came before is what was packed. */
static br_code drain(br_input *in, char *buffer, br_err *err)
{
  size_t got = PIECE;
  while (in->codec && got == PIECE)
    BR_TRY(br_input_read(in, buffer, PIECE, &got, err));
  return BR_OK;
}

/* BR_EPARSE where the file is damaged: then that is what is wrong with it. */
static br_code find_place(br_csv_feed *feed, br_csv_segment at, br_csv_place *place, br_err *err)
{
  br_input in;
  char *buffer = br_alloc(PIECE + 1);
  if (!buffer)
    return BR_ENOMEM;
  br_code code = open_file(feed, &in, at.file, NULL);
  if (code == BR_OK) {
    code = count_lines(&in, at.byte, buffer, place, err);
    if (code == BR_OK)
      code = drain(&in, buffer, err);
    br_input_close(&in);
  }
  br_free(buffer);
  return code;
}

/* A file that can't be read again has no lines to count: then the byte alone says where. */
br_code br_csv_feed_fail(br_csv_feed *feed, br_csv_segment at, const br_csv_flaw *flaw, br_err *err)
{
  const char *name = br_csv_feed_name(feed, at.file);
  unsigned long long byte = at.byte;
  br_csv_place place = BR_CSV_PLACE_START;
  rewind_to(feed, feed->first);
  br_code code = find_place(feed, at, &place, err);
  if (code == BR_ENOMEM)
    return br_fail_nomem(err);
  if (code == BR_EPARSE)
    return code;
  if (code != BR_OK)
    return br_fail(err, BR_EPARSE, "%s: %s (byte %llu)", name, flaw->message, byte);
  if (flaw->where == BR_CSV_AT_LINE)
    return br_fail(err, BR_EPARSE, "%s:%zu: %s (byte %llu)", name, place.line, flaw->message, byte);
  return br_fail(err, BR_EPARSE, "%s:%zu:%zu: %s (byte %llu)", name, place.line, place.column,
                 flaw->message, byte);
}
