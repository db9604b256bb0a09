/* CSV to frame: the header, the columns wanted, a passage over the chunks, a second one for columns that
 * turned out otherwise than the first rows promised; and many files below each other. */
#include "csv/reading.h"

#include "base/vec.h"
#include "frame/text.h"

#include <stdlib.h>
#include <string.h>

/* What is the same for all groups of a call. */
typedef struct job {
  br_csv_feed feed;
  br_csv_options options; /* a copy: rows left, types more than were given */
  const br_csv_tuning *tuning;
  br_dict *selected; /* owned; NULL: all columns */
  br_frame *known; /* owned; has a column of each name that was seen, where there is a selection */
  uint32_t *file_codes; /* owned; a code of `files` a file, where there is a file column */
  br_dict *files;       /* owned */
  br_frame **frames;    /* owned, a group each */
  size_t nframes, frames_cap;
  br_csv_type *types; /* owned; options.types where some were added */
  size_t types_cap;
} job;

/* A group's columns. */
typedef struct table {
  job *job;
  br_csv_chunk chunk; /* the one with the first rows */
  char *header;       /* owned; its bytes */
  char **names;       /* owned, where read from the header */
  size_t ncols;
  bool *wanted;   /* owned */
  size_t nwanted; /* of them */
} table;

static const char *name_of(const table *t, size_t column)
{
  return t->job->options.names ? t->job->options.names[column] : t->names[column];
}

/* --- the header --- */

typedef struct numbered {
  const char *name;
  size_t column;
} numbered;

static int by_name(const void *a, const void *b)
{
  const numbered *x = a;
  const numbered *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : (x->column > y->column) - (x->column < y->column);
}

static br_code fail_duplicate(table *t, const numbered *first, br_csv_segment at, br_err *err)
{
  char name[BR_SHOWN_MAX];
  br_csv_flaw flaw = {.where = BR_CSV_AT_LINE};
  size_t a = first[0].column + 1;
  size_t b = first[1].column + 1;
  br_shown(name, first->name, strlen(first->name));
  if (t->job->options.names)
    return br_fail(err, BR_EINVAL, "names %zu and %zu are both \"%s\"", a, b, name);
  (void)br_csv_flaw_set(&flaw, at.byte, BR_CSV_AT_LINE, NULL,
                        "columns %zu and %zu are both named \"%s\"", a, b, name);
  return br_csv_feed_fail(&t->job->feed, at, &flaw, err);
}

/* Sorted, two columns of one name stand side by side: a hostile header of 100,000 names costs
 * little. */
static br_code check_names(table *t, br_csv_segment at, br_err *err)
{
  br_code code = BR_OK;
  numbered *sorted = br_calloc(t->ncols, sizeof *sorted);
  if (!sorted)
    return br_fail_nomem(err);
  for (size_t i = 0; i < t->ncols; i++)
    sorted[i] = (numbered){.name = name_of(t, i), .column = i};
  qsort(sorted, t->ncols, sizeof *sorted, by_name);
  for (size_t i = 0; i + 1 < t->ncols && code == BR_OK; i++)
    if (strcmp(sorted[i].name, sorted[i + 1].name) == 0)
      code = fail_duplicate(t, &sorted[i], at, err);
  br_free(sorted);
  return code;
}

static br_code copy_names(table *t, const br_csv_strict *header, br_err *err)
{
  t->names = br_calloc(header->ncols, sizeof *t->names);
  if (!t->names)
    return br_fail_nomem(err);
  for (t->ncols = 0; t->ncols < header->ncols; t->ncols++) {
    br_csv_cell cell = br_csv_cells_get(&header->columns[t->ncols], 0);
    t->names[t->ncols] = br_strndup(cell.text, cell.n);
    if (!t->names[t->ncols])
      return br_fail_nomem(err);
  }
  return BR_OK;
}

/* Other files join the group if they begin as this one, and if it is certain where that ends. */
static br_code share_header(table *t, size_t start, br_err *err)
{
  br_csv_feed *feed = &t->job->feed;
  size_t n = t->chunk.begin - start;
  feed->header_known = true;
  feed->skip = t->chunk.segments->byte + t->chunk.begin;
  if (t->chunk.number > 0 || t->chunk.text[t->chunk.begin - 1] != '\n') {
    feed->group_end = feed->first + 1;
    return BR_OK;
  }
  t->header = br_strndup(t->chunk.text + start, n);
  if (!t->header)
    return br_fail_nomem(err);
  feed->header = t->header;
  feed->nheader = n;
  return BR_OK;
}

static size_t bom_length(const br_csv_chunk *chunk)
{
  bool is_first = chunk->nsegments > 0 && chunk->segments->byte == 0;
  return is_first && chunk->n >= 3 && memcmp(chunk->text, BR_CSV_BOM, 3) == 0 ? 3 : 0;
}

/* Whether the chunk holds the header: it may hold blank lines alone. */
static br_code take_header(table *t, bool *found, br_err *err)
{
  br_csv_chunk *chunk = &t->chunk;
  br_csv_strict header = {0};
  br_csv_flaw flaw;
  size_t start = bom_length(chunk);
  size_t next = 0;
  br_csv_span span = {chunk->text + start, chunk->n - start,
                      br_csv_delimiter(t->job->options.delimiter)};
  br_code code = br_csv_strict_header(&header, &span, &next, &flaw, err);
  *found = header.ncols > 0;
  chunk->begin = start + next;
  if (code == BR_EPARSE)
    code =
        br_csv_feed_fail(&t->job->feed, br_csv_chunk_place(chunk, start + flaw.byte), &flaw, err);
  if (code == BR_OK && *found)
    code = copy_names(t, &header, err);
  if (code == BR_OK && *found)
    code = check_names(t, br_csv_chunk_place(chunk, start + header.starts[0]), err);
  if (code == BR_OK && *found)
    code = share_header(t, start, err);
  br_csv_strict_clear(&header);
  return code;
}

static br_code given_names(table *t, br_err *err)
{
  t->ncols = t->job->options.nnames;
  t->job->feed.header_known = true;
  BR_TRY(check_names(t, (br_csv_segment){0}, err));
  BR_TRY(br_csv_feed_next(&t->job->feed, &t->chunk, err));
  t->chunk.begin = bom_length(&t->chunk);
  t->job->feed.skip = t->chunk.begin;
  return BR_OK;
}

static br_code read_header(table *t, br_err *err)
{
  br_csv_feed *feed = &t->job->feed;
  bool found = false;
  if (t->job->options.names)
    return given_names(t, err);
  while (!found) {
    BR_TRY(br_csv_feed_next(feed, &t->chunk, err));
    if (t->chunk.n == 0)
      break;
    BR_TRY(take_header(t, &found, err));
  }
  if (!found)
    feed->group_end = feed->first + 1;
  return BR_OK;
}

/* --- the columns wanted --- */

static br_code fail_twice(const char *name, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  return br_fail(err, BR_EEXIST, "column '%s' is selected twice",
                 br_shown(shown, name, strlen(name)));
}

static br_code select_names(job *j, br_err *err)
{
  const br_csv_options *o = &j->options;
  if (!o->select)
    return BR_OK;
  BR_TRY(br_dict_new(&j->selected, err));
  for (size_t i = 0; i < o->nselect; i++) {
    uint32_t code = 0;
    size_t n = strlen(o->select[i]);
    BR_TRY(br_dict_intern(&j->selected, o->select[i], n, &code, err));
    if (code != i)
      return fail_twice(o->select[i], err);
  }
  return br_frame_new(&j->known, err);
}

static br_code remember_names(table *t, br_err *err)
{
  br_column *column = NULL;
  BR_TRY(br_column_new(&column, BR_BOOL, err));
  br_code code = BR_OK;
  for (size_t i = 0; i < t->ncols && code == BR_OK; i++)
    code = br_frame_set(t->job->known, name_of(t, i), column, err);
  br_column_release(column);
  return code;
}

/* The message says of which file or of how many. */
static br_code check_selection(const job *j, br_err *err)
{
  br_err found = {0};
  for (size_t i = 0; j->options.select && i < j->options.nselect; i++) {
    size_t column = 0;
    if (br_frame_find(j->known, j->options.select[i], &column, &found) == BR_OK)
      continue;
    if (j->feed.nfiles == 1)
      return br_fail(err, BR_ENOTFOUND, "%s: %s", br_csv_feed_name(&j->feed, 0), found.msg);
    return br_fail(err, BR_ENOTFOUND, "in %zu files: %s", j->feed.nfiles, found.msg);
  }
  return BR_OK;
}

static br_code check_file_column(const table *t, br_err *err)
{
  const char *name = t->job->options.file_column;
  char shown[BR_SHOWN_MAX];
  for (size_t i = 0; i < t->ncols && name; i++)
    if (strcmp(name_of(t, i), name) == 0)
      return br_fail(
          err, BR_EEXIST, "the file column can't be named '%s': %s has a column so named",
          br_shown(shown, name, strlen(name)), br_csv_feed_name(&t->job->feed, t->job->feed.first));
  return BR_OK;
}

static br_code choose_columns(table *t, br_err *err)
{
  job *j = t->job;
  BR_TRY(check_file_column(t, err));
  t->wanted = br_calloc(t->ncols, sizeof *t->wanted);
  if (!t->wanted)
    return br_fail_nomem(err);
  for (size_t i = 0; i < t->ncols; i++) {
    uint32_t code = 0;
    const char *name = name_of(t, i);
    t->wanted[i] = !j->selected || br_dict_find(j->selected, name, strlen(name), &code);
    t->nwanted += t->wanted[i];
  }
  if (!j->selected)
    return BR_OK;
  BR_TRY(remember_names(t, err));
  return j->feed.nfiles == 1 ? check_selection(j, err) : BR_OK;
}

/* --- passages --- */

static const br_csv_type *type_given(const br_csv_options *options, const char *column)
{
  for (size_t i = 0; i < options->ntypes; i++)
    if (strcmp(options->types[i].column, column) == 0)
      return &options->types[i];
  return NULL;
}

static br_csv_store new_store(const table *t, size_t field)
{
  const br_csv_options *o = &t->job->options;
  const br_csv_type *given = type_given(o, name_of(t, field));
  br_csv_store store = {.name = name_of(t, field), .field = field};
  store.is_asked = given || o->all_strings;
  if (store.is_asked)
    store.type = given ? given->type : BR_STR;
  return store;
}

static br_code make_stores(const table *t, br_csv_reading *r, br_err *err)
{
  r->stores = br_calloc(t->nwanted + 1, sizeof *r->stores);
  if (!r->stores)
    return br_fail_nomem(err);
  for (size_t i = 0; i < t->ncols; i++)
    if (t->wanted[i])
      r->stores[r->nstores++] = new_store(t, i);
  if (t->job->options.file_column)
    r->stores[r->nstores++] = (br_csv_store){.name = t->job->options.file_column,
                                             .field = BR_CSV_FILE_FIELD,
                                             .is_asked = true,
                                             .type = BR_STR};
  return BR_OK;
}

static br_csv_reading new_reading(table *t)
{
  return (br_csv_reading){
      .options = &t->job->options,
      .feed = &t->job->feed,
      .ncols = t->ncols,
      .wanted = t->wanted,
      .limit = t->job->options.limited ? t->job->options.limit : SIZE_MAX,
      .file_codes = t->job->file_codes,
  };
}

static br_code run_first(table *t, br_csv_reading *r, br_err *err)
{
  BR_TRY(make_stores(t, r, err));
  BR_TRY(br_csv_reading_start(r, t->job->tuning, err));
  bool has_chunk = t->chunk.n > 0;
  r->workers[0].chunk = t->chunk;
  t->chunk = (br_csv_chunk){0};
  if (t->ncols == 0)
    return BR_OK;
  return br_csv_reading_run(r, has_chunk, err);
}

/* The stores of `first` whose cells must be read again, in another reading; types has one for each store
 * of first. */
static br_code run_again(table *t, const br_csv_reading *first, br_csv_reading *r, br_type *types,
                         br_err *err)
{
  bool *wanted = t->wanted;
  r->stores = br_calloc(first->nstores, sizeof *r->stores);
  if (!r->stores)
    return br_fail_nomem(err);
  memset(wanted, 0, t->ncols * sizeof *wanted);
  for (size_t i = 0; i < first->nstores; i++) {
    br_csv_store *store = &first->stores[i];
    bool again = false;
    types[i] = br_csv_settle(first, i, &again);
    if (!again)
      continue;
    br_free(store->cells);
    store->cells = NULL;
    wanted[store->field] = true;
    r->stores[r->nstores++] = (br_csv_store){
        .name = store->name, .field = store->field, .is_asked = true, .type = types[i]};
  }
  if (r->nstores == 0)
    return BR_OK;
  br_csv_feed_restart(&t->job->feed);
  BR_TRY(br_csv_reading_start(r, t->job->tuning, err));
  BR_TRY(br_csv_reading_run(r, false, err));
  if (r->rows != first->rows)
    return br_fail(err, BR_EIO, "%s: it changed while being read",
                   br_csv_feed_name(&t->job->feed, t->job->feed.first));
  return BR_OK;
}

static br_code add_column(br_frame *frame, br_csv_reading *r, size_t store, br_type type,
                          const job *j, br_err *err)
{
  br_column *column = NULL;
  const char *name = r->stores[store].name;
  if (r->stores[store].field == BR_CSV_FILE_FIELD)
    r->workers[0].dicts[store] = br_dict_retain(j->files);
  BR_TRY(br_csv_finish(r, store, type, &column, err));
  br_code code = br_frame_set(frame, name, column, err);
  br_column_release(column);
  return code;
}

/* The stores read again are those of the first reading in the same order. */
static br_code make_frame(const table *t, br_csv_reading *first, br_csv_reading *second,
                          const br_type *types, br_frame *frame, br_err *err)
{
  size_t next = 0;
  for (size_t i = 0; i < first->nstores; i++) {
    bool again = next < second->nstores && second->stores[next].field == first->stores[i].field;
    br_csv_reading *from = again ? second : first;
    BR_TRY(add_column(frame, from, again ? next : i, types[i], t->job, err));
    next += again;
  }
  return BR_OK;
}

static br_code read_rows(table *t, br_frame *frame, br_err *err)
{
  br_csv_reading first = new_reading(t);
  br_csv_reading second = new_reading(t);
  br_type *types = br_calloc(t->nwanted + 1, sizeof *types);
  br_code code = types ? run_first(t, &first, err) : br_fail_nomem(err);
  if (code == BR_OK && t->ncols > 0)
    code = run_again(t, &first, &second, types, err);
  if (code == BR_OK && t->ncols > 0)
    code = make_frame(t, &first, &second, types, frame, err);
  if (t->job->options.limited)
    t->job->options.limit -= first.rows;
  br_csv_reading_clear(&first);
  br_csv_reading_clear(&second);
  br_free(types);
  return code;
}

/* --- groups --- */

static void table_clear(table *t)
{
  br_csv_chunk_clear(&t->chunk);
  for (size_t i = 0; i < t->ncols && t->names; i++)
    br_free(t->names[i]);
  br_free(t->names);
  br_free(t->header);
  br_free(t->wanted);
}

static br_code read_table(table *t, br_frame *frame, br_err *err)
{
  BR_TRY(read_header(t, err));
  BR_TRY(choose_columns(t, err));
  return read_rows(t, frame, err);
}

static br_code read_group(job *j, br_err *err)
{
  table t = {.job = j};
  br_frame *frame = NULL;
  BR_TRY(br_vec_reserve_bytes(&j->frames, &j->frames_cap, j->nframes + 1, sizeof(void *), err));
  BR_TRY(br_frame_new(&frame, err));
  j->frames[j->nframes++] = frame;
  br_code code = read_table(&t, frame, err);
  table_clear(&t);
  return code;
}

static void drop_frames(job *j)
{
  for (size_t i = 0; i < j->nframes; i++)
    br_frame_free(j->frames[i]);
  j->nframes = 0;
}

static br_code read_groups(job *j, br_err *err)
{
  size_t limit = j->options.limit;
  br_code code = BR_OK;
  bool more = j->feed.nfiles > 0;
  while (more && code == BR_OK) {
    code = read_group(j, err);
    more = br_csv_feed_next_group(&j->feed) && (!j->options.limited || j->options.limit > 0);
  }
  j->options.limit = limit;
  return code;
}

/* --- groups together --- */

static bool is_number(br_type type)
{
  return type == BR_I64 || type == BR_F64;
}

static bool has_big(const br_column *column)
{
  static const int64_t exact = INT64_C(1) << 53;
  if (br_column_type(column) != BR_I64)
    return false;
  const int64_t *cells = br_column_cells(column);
  for (size_t i = 0; i < br_column_len(column); i++)
    if (cells[i] > exact || cells[i] < -exact)
      return true;
  return false;
}

/* What is known of a column's types over the groups. */
typedef struct meeting {
  bool any, clash, big, mixed;
  br_type type;
} meeting;

static void meet(meeting *m, const br_column *column)
{
  br_type type = br_column_type(column);
  if (br_column_null_count(column) == br_column_len(column))
    return;
  if (m->any && type != m->type) {
    m->clash = m->clash || !is_number(type) || !is_number(m->type);
    m->mixed = true;
  }
  m->big = m->big || has_big(column);
  m->type = type;
  m->any = true;
}

static bool clashes(const job *j, const char *name)
{
  meeting m = {0};
  for (size_t i = 0; i < j->nframes; i++) {
    size_t at = 0;
    if (br_frame_has(j->frames[i], name) && br_frame_find(j->frames[i], name, &at, NULL) == BR_OK)
      meet(&m, br_frame_column(j->frames[i], at));
  }
  return m.clash || (m.mixed && m.big);
}

static br_code add_type(job *j, const char *name, size_t *added, br_err *err)
{
  if (type_given(&j->options, name))
    return BR_OK;
  size_t n = j->options.ntypes;
  BR_TRY(br_vec_reserve(&j->types, &j->types_cap, n + 1, err));
  if (n > 0 && *added == 0)
    memcpy(j->types, j->options.types, n * sizeof *j->types);
  if (*added > 0)
    j->options.types = j->types;
  char *copy = br_strndup(name, strlen(name));
  if (!copy)
    return br_fail_nomem(err);
  j->types[n] = (br_csv_type){copy, BR_STR};
  j->options.types = j->types;
  j->options.ntypes = n + 1;
  ++*added;
  return BR_OK;
}

/* Columns that are text in some groups become so in all: as they were written. */
static br_code settle_groups(job *j, size_t *added, br_err *err)
{
  for (size_t i = 0; i < j->nframes; i++) {
    const br_frame *frame = j->frames[i];
    for (size_t c = 0; c < br_frame_ncol(frame); c++)
      if (clashes(j, br_frame_name(frame, c)))
        BR_TRY(add_type(j, br_frame_name(frame, c), added, err));
  }
  return BR_OK;
}

static br_code read_all(job *j, size_t *added, br_err *err)
{
  BR_TRY(read_groups(j, err));
  if (j->nframes < 2)
    return BR_OK;
  BR_TRY(settle_groups(j, added, err));
  if (*added == 0)
    return BR_OK;
  drop_frames(j);
  br_csv_feed_first_group(&j->feed);
  return read_groups(j, err);
}

static br_code join_frames(job *j, br_frame **out, br_err *err)
{
  if (j->nframes != 1)
    return br_frame_concat(out, (const br_frame *const *)j->frames, j->nframes, err);
  *out = j->frames[0];
  j->nframes = 0;
  return BR_OK;
}

/* The columns selected, or all but that of the files. */
static size_t list_columns(const br_csv_options *o, const br_frame *whole, const char **names)
{
  size_t n = 0;
  for (size_t i = 0; i < o->nselect; i++)
    names[n++] = o->select[i];
  for (size_t i = 0; i < br_frame_ncol(whole) && !o->select; i++)
    if (!o->file_column || strcmp(br_frame_name(whole, i), o->file_column) != 0)
      names[n++] = br_frame_name(whole, i);
  return n;
}

/* The columns in the order of the selection, then that of the files. */
static br_code order_columns(const job *j, const br_frame *whole, br_frame **out, br_err *err)
{
  const br_csv_options *o = &j->options;
  BR_TRY(check_selection(j, err));
  const char **names = br_calloc(br_frame_ncol(whole) + o->nselect + 1, sizeof *names);
  if (!names)
    return br_fail_nomem(err);
  size_t n = list_columns(o, whole, names);
  if (o->file_column && br_frame_has(whole, o->file_column))
    names[n++] = o->file_column;
  br_code code = br_frame_select(out, whole, names, n, err);
  br_free(names);
  return code;
}

/* Files without any columns still have names to group by. */
static br_code ensure_file_column(const job *j, br_frame *whole, br_err *err)
{
  const char *name = j->options.file_column;
  br_column *column = NULL;
  if (!name || br_frame_ncol(whole) > 0)
    return BR_OK;
  BR_TRY(br_column_new(&column, BR_STR, err));
  br_code code = br_frame_set(whole, name, column, err);
  br_column_release(column);
  return code;
}

static br_code take_frame(job *j, br_frame **out, br_err *err)
{
  br_frame *whole = NULL;
  BR_TRY(join_frames(j, &whole, err));
  br_code code = ensure_file_column(j, whole, err);
  if (code != BR_OK) {
    br_frame_free(whole);
    return code;
  }
  bool is_ordered = !j->options.file_column || j->nframes < 2;
  if (!j->options.select && is_ordered) {
    *out = whole;
    return BR_OK;
  }
  code = order_columns(j, whole, out, err);
  br_frame_free(whole);
  return code;
}

/* --- the call --- */

static br_code name_files(job *j, br_err *err)
{
  size_t n = j->feed.nfiles;
  if (!j->options.file_column)
    return BR_OK;
  j->file_codes = br_calloc(n, sizeof *j->file_codes);
  if (!j->file_codes)
    return br_fail_nomem(err);
  BR_TRY(br_dict_new(&j->files, err));
  for (size_t i = 0; i < n; i++) {
    const char *path = br_csv_feed_name(&j->feed, i);
    BR_TRY(br_dict_intern(&j->files, path, strlen(path), &j->file_codes[i], err));
  }
  return BR_OK;
}

static void job_clear(job *j, size_t added)
{
  drop_frames(j);
  br_free(j->frames);
  for (size_t i = 0; i < added; i++)
    br_free((char *)j->types[j->options.ntypes - 1 - i].column);
  br_free(j->types);
  br_free(j->file_codes);
  br_dict_release(j->files);
  br_dict_release(j->selected);
  br_frame_free(j->known);
  br_csv_feed_close(&j->feed);
}

static br_code run(job *j, br_frame **out, br_err *err)
{
  size_t added = 0;
  br_err unseen = {0};
  err = err ? err : &unseen;
  br_csv_ways ways = br_csv_ways_of(j->tuning->level);
  br_code code = BR_OK;
  j->feed.count_quotes = ways.count_quotes;
  if (j->tuning->chunk)
    j->feed.target = j->tuning->chunk;
  if (!br_csv_delimiter_ok(br_csv_delimiter(j->options.delimiter)))
    code = br_fail(err, BR_EINVAL, "a delimiter is one ASCII character, no quote and no line end");
  if (code == BR_OK)
    code = select_names(j, err);
  if (code == BR_OK)
    code = name_files(j, err);
  if (code == BR_OK)
    code = read_all(j, &added, err);
  if (code == BR_OK)
    code = take_frame(j, out, err);
  job_clear(j, added);
  return code;
}

static const br_csv_options default_options;
static const br_csv_tuning default_tuning;

br_code br_csv_read_tuned(br_frame **out, const void *bytes, size_t n,
                          const br_csv_options *options, const br_csv_tuning *tuning, br_err *err)
{
  job j = {.options = options ? *options : default_options, .tuning = tuning};
  br_csv_feed_of_bytes(&j.feed, tuning->label, n ? bytes : "", n);
  return run(&j, out, err);
}

br_code br_csv_read_bytes(br_frame **out, const char *label, const void *bytes, size_t n,
                          const br_csv_options *options, br_err *err)
{
  br_csv_tuning tuning = {.label = label};
  return br_csv_read_tuned(out, bytes, n, options, &tuning, err);
}

br_code br_csv_read_files_tuned(br_frame **out, const char *const *paths, size_t n,
                                const br_csv_options *options, const br_csv_tuning *tuning,
                                br_err *err)
{
  job j = {.options = options ? *options : default_options,
           .tuning = tuning ? tuning : &default_tuning};
  BR_TRY(br_csv_feed_open(&j.feed, paths, n, err));
  return run(&j, out, err);
}

br_code br_csv_read_files(br_frame **out, const char *const *paths, size_t n,
                          const br_csv_options *options, br_err *err)
{
  return br_csv_read_files_tuned(out, paths, n, options, NULL, err);
}

br_code br_csv_read_file(br_frame **out, const char *path, const br_csv_options *options,
                         br_err *err)
{
  return br_csv_read_files(out, &path, 1, options, err);
}
