/* Key columns as packed numbers; see pack.h. */
#include "frame/pack.h"

#include "base/interrupt.h"
#include "base/vec.h"
#include "frame/chunk.h"
#include "frame/column_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct br_pack_part {
  const br_column *column;
  uint32_t *map;  /* strings: number of each code, owned; NULL where the code itself will do */
  uint64_t least; /* the smallest number of a value … */
  uint64_t top;   /* … and how far above it the largest is */
  bool descending;
  bool as_f64;    /* i64 that meets f64 */
  bool only_null; /* a flag of one bit: whether the cell is null */
  bool nulls;     /* nulls have a code of their own */
  unsigned bits;
  unsigned shift;
  size_t word;
};

/* Numbers of cells. */

/* Negative numbers have their bits inverted, others the sign bit set: then they order as unsigned. */
static inline uint64_t number_of_f64(double x)
{
  uint64_t bits = 0;
  double unsigned_zero = x == 0 ? 0 : x;
  memcpy(&bits, &unsigned_zero, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static inline uint64_t number_of_i64(int64_t x)
{
  return (uint64_t)x ^ UINT64_C(1) << 63;
}

static bool is_double(int64_t x)
{
  double near = (double)x;
  return near < 0x1p63 && (int64_t)near == x;
}

/* Ranges. */

struct range {
  uint64_t least, most; /* least > most: no value */
};

static void widen(struct range *range, uint64_t number)
{
  range->least = number < range->least ? number : range->least;
  range->most = number > range->most ? number : range->most;
}

static const struct range no_range = {UINT64_MAX, 0};

/* The cell of a null is NaN, which is left out, or 0, which at worst widens the range. */
static struct range range_of(const br_column *column, bool as_f64, br_span span)
{
  struct range range = no_range;
  const double *reals = br_column_cells(column);
  const int64_t *wholes = br_column_cells(column);
  if (column->type == BR_F64) {
    for (size_t row = span.first; row < span.end; row++) {
      if (!isnan(reals[row]))
        widen(&range, number_of_f64(reals[row]));
    }
    return range;
  }
  for (size_t row = span.first; row < span.end; row++)
    widen(&range, number_of_i64(wholes[row]));
  if (as_f64 && range.least <= range.most) {
    range.least = number_of_f64((double)(int64_t)(range.least ^ UINT64_C(1) << 63));
    range.most = number_of_f64((double)(int64_t)(range.most ^ UINT64_C(1) << 63));
  }
  return range;
}

struct scan {
  const br_pack_part *part;
  struct range *ranges; /* of each task */
};

static br_code scan_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  struct scan *scan = context;
  const br_column *column = scan->part->column;
  br_span span = br_chunk_span(task, column->len, br_chunk_rows());
  scan->ranges[task] = range_of(column, scan->part->as_f64, span);
  return BR_OK;
}

static br_code scan_range(struct range *range, const br_pack_part *part, br_err *err)
{
  size_t tasks = br_chunk_count(part->column->len, br_chunk_rows());
  struct scan scan = {part, br_calloc(tasks, sizeof *scan.ranges)};
  if (!scan.ranges)
    return br_fail_nomem(err);
  br_code code = br_chunk_run(part->column->len, br_chunk_rows(), scan_task, &scan, err);
  for (size_t i = 0; i < tasks && code == BR_OK; i++) {
    if (scan.ranges[i].least > scan.ranges[i].most)
      continue;
    widen(range, scan.ranges[i].least);
    widen(range, scan.ranges[i].most);
  }
  br_free(scan.ranges);
  return code;
}

/* Strings. */

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

/* Adds b's strings to a's dictionary, in a copy. *map: of b's codes to the common ones. */
static br_code match_words(uint32_t **map, size_t *words, const br_column *a, const br_column *b,
                           br_err *err)
{
  size_t n = br_dict_len(b->dict);
  *map = br_calloc(n, sizeof **map);
  if (!*map)
    return br_fail_nomem(err);
  br_dict *common = br_dict_retain(a->dict);
  br_code code = BR_OK;
  for (size_t i = 0; i < n && code == BR_OK; i++) {
    size_t len = 0;
    const char *s = br_dict_str(b->dict, (uint32_t)i, &len);
    if (i % br_chunk_rows() == 0)
      code = br_interrupt_check(err);
    if (code == BR_OK)
      code = br_dict_intern(&common, s, len, &(*map)[i], err);
  }
  *words = br_dict_len(common);
  br_dict_release(common);
  return code;
}

/* Parts. */

static br_code range_of_strings(struct range *range, br_pack_part *const *parts, size_t nsides,
                                bool ranked, br_err *err)
{
  br_pack_part *a = parts[0];
  br_pack_part *b = nsides == 2 ? parts[1] : NULL;
  size_t words = br_column_dict_len(a->column);
  if (ranked)
    BR_TRY(rank_words(&a->map, a->column, err));
  if (b && a->column->dict != b->column->dict)
    BR_TRY(match_words(&b->map, &words, a->column, b->column, err));
  *range = (struct range){0, words ? words - 1 : 0};
  return BR_OK;
}

static br_code find_range(struct range *range, br_pack_part *const *parts, size_t nsides,
                          bool ranked, br_err *err)
{
  br_type type = parts[0]->column->type;
  *range = no_range;
  if (type == BR_STR)
    return range_of_strings(range, parts, nsides, ranked, err);
  if (type == BR_BOOL)
    *range = (struct range){0, 1};
  for (size_t i = 0; i < nsides && type != BR_BOOL; i++)
    BR_TRY(scan_range(range, parts[i], err));
  if (range->least > range->most)
    *range = (struct range){0, 0};
  return BR_OK;
}

static unsigned width(uint64_t most)
{
  return most ? 64 - (unsigned)__builtin_clzll(most) : 0;
}

static void set_range(br_pack_part *part, struct range range, bool is_f64, bool nulls)
{
  part->least = range.least;
  part->top = range.most - range.least;
  part->nulls = nulls;
  part->bits = width(part->top + is_f64 + nulls);
}

/* Adds column `at` to the packs; a null that finds no room beside the values gets a part of its own,
 * before them. */
static br_code add_column(br_pack *packs, const br_pack_spec *spec, size_t at, br_err *err)
{
  br_pack_part *parts[2] = {&packs[0].parts[packs[0].nparts], NULL};
  struct range range = no_range;
  bool nulls = false;
  bool is_f64 = false;
  for (size_t i = 0; i < spec->nsides; i++) {
    const br_column *column = spec->sides[i].columns[at];
    parts[i] = &packs[i].parts[packs[i].nparts];
    *parts[i] = (br_pack_part){.column = column};
    packs[i].nparts++;
    parts[i]->descending = spec->descending && spec->descending[at];
    nulls = nulls || column->nulls > 0;
    is_f64 = is_f64 || column->type == BR_F64;
  }
  for (size_t i = 0; i < spec->nsides; i++)
    parts[i]->as_f64 = is_f64 && parts[i]->column->type == BR_I64;
  BR_TRY(find_range(&range, parts, spec->nsides, spec->descending != NULL, err));
  bool apart = nulls && range.most - range.least == UINT64_MAX;
  for (size_t i = 0; i < spec->nsides; i++) {
    br_pack_part *part = parts[i];
    if (apart) {
      part[1] = part[0];
      part[0] = (br_pack_part){.column = part[1].column, .only_null = true, .bits = 1};
      packs[i].nparts++;
      part++;
    }
    set_range(part, range, is_f64, nulls && !apart);
  }
  return BR_OK;
}

/* Puts the parts into words, the first highest. */
static void arrange(br_pack *pack)
{
  unsigned used = 64;
  for (size_t i = 0; i < pack->nparts; i++) {
    br_pack_part *part = &pack->parts[i];
    if (i == 0 || used + part->bits > 64) {
      pack->nwords++;
      used = 0;
    }
    used += part->bits;
    part->word = pack->nwords - 1;
    pack->bits[part->word] = (unsigned char)used;
  }
  used = 0;
  for (size_t i = pack->nparts; i-- > 0;) {
    br_pack_part *part = &pack->parts[i];
    if (i + 1 < pack->nparts && part->word != part[1].word)
      used = 0;
    part->shift = used < 64 ? used : 0; /* at 64 it has no bits */
    used += part->bits;
  }
}

br_code br_pack_make(br_pack *packs, const br_pack_spec *spec, br_err *err)
{
  for (size_t i = 0; i < spec->nsides; i++) {
    packs[i].parts = br_calloc(2 * spec->ncolumns, sizeof *packs[i].parts);
    packs[i].bits = br_calloc(2 * spec->ncolumns, sizeof *packs[i].bits);
    if (!packs[i].parts || !packs[i].bits)
      return br_fail_nomem(err);
  }
  for (size_t i = 0; i < spec->ncolumns; i++)
    BR_TRY(add_column(packs, spec, i, err));
  for (size_t i = 0; i < spec->nsides; i++)
    arrange(&packs[i]);
  return BR_OK;
}

void br_pack_clear(br_pack *pack)
{
  for (size_t i = 0; i < pack->nparts; i++)
    br_free(pack->parts[i].map);
  br_free(pack->parts);
  br_free(pack->bits);
  *pack = (br_pack){0};
}

bool br_pack_is_code(const br_pack *pack)
{
  return pack->nparts == 1 && pack->parts->column->type == BR_STR && !pack->parts->map &&
         !pack->parts->nulls;
}

/* Reading. */

union cells {                 /* of a block */
  double wide[BR_PACK_BLOCK]; /* or int64_t: bytes are moved */
  uint32_t code[BR_PACK_BLOCK];
  unsigned char flag[BR_PACK_BLOCK];
};

/* The cells of the rows side by side, in place or in the buffer. */
static const void *block_cells(union cells *buffer, const br_column *column, const uint32_t *rows,
                               size_t first, size_t n)
{
  const char *cells = br_column_cells(column);
  if (!rows)
    return cells + first * br_column_cell_size(column->type);
  rows += first;
  switch (column->type) {
  case BR_STR:
    for (size_t i = 0; i < n; i++)
      buffer->code[i] = ((const uint32_t *)(const void *)cells)[rows[i]];
    break;
  case BR_BOOL:
    for (size_t i = 0; i < n; i++)
      buffer->flag[i] = ((const unsigned char *)cells)[rows[i]];
    break;
  default:
    for (size_t i = 0; i < n; i++)
      memcpy(&buffer->wide[i], cells + rows[i] * sizeof *buffer->wide, sizeof *buffer->wide);
  }
  return buffer;
}

static void code_f64(uint64_t *out, const br_pack_part *part, const double *x, size_t n)
{
  uint64_t flip = part->descending ? part->top : 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t code = number_of_f64(x[i]) - part->least;
    code = flip ? flip - code : code;
    out[i] = isnan(x[i]) ? part->top + 1 : code;
  }
}

static void code_i64(uint64_t *out, const br_pack_part *part, const int64_t *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = (part->as_f64 ? number_of_f64((double)x[i]) : number_of_i64(x[i])) - part->least;
}

static void code_strings(uint64_t *out, const br_pack_part *part, const uint32_t *code, size_t n)
{
  if (part->map) {
    bool is_empty = br_column_dict_len(part->column) == 0;
    for (size_t i = 0; i < n; i++)
      out[i] = is_empty ? 0 : part->map[code[i]];
    return;
  }
  for (size_t i = 0; i < n; i++)
    out[i] = code[i];
}

static void code_values(uint64_t *out, const br_pack_part *part, const void *cells, size_t n)
{
  const unsigned char *flags = cells;
  if (part->column->type == BR_F64) {
    code_f64(out, part, cells, n);
    return;
  }
  if (part->column->type == BR_STR)
    code_strings(out, part, cells, n);
  else if (part->column->type != BR_BOOL)
    code_i64(out, part, cells, n);
  for (size_t i = 0; i < n && part->column->type == BR_BOOL; i++)
    out[i] = flags[i];
  for (size_t i = 0; i < n && part->descending; i++)
    out[i] = part->top - out[i];
}

static void code_nulls(uint64_t *out, const br_pack_part *part, const uint32_t *rows, size_t first,
                       size_t n)
{
  uint64_t null = part->top + 1 + (part->column->type == BR_F64 || part->as_f64);
  if (part->only_null)
    null = 1;
  else if (!part->nulls)
    null = 0;
  for (size_t i = 0; i < n; i++) {
    if (br_column_is_null(part->column, rows ? rows[first + i] : first + i))
      out[i] = null;
  }
}

static void code_part(uint64_t *out, const br_pack_part *part, const uint32_t *rows, size_t first,
                      size_t n)
{
  union cells buffer;
  if (part->only_null)
    memset(out, 0, n * sizeof *out);
  else
    code_values(out, part, block_cells(&buffer, part->column, rows, first, n), n);
  if (part->column->nulls > 0)
    code_nulls(out, part, rows, first, n);
}

void br_pack_words(uint64_t *out, const br_pack *pack, size_t word, const uint32_t *rows,
                   size_t first, size_t n)
{
  uint64_t code[BR_PACK_BLOCK] = {0};
  bool is_first = true;
  for (size_t p = 0; p < pack->nparts; p++) {
    const br_pack_part *part = &pack->parts[p];
    if (part->word != word)
      continue;
    code_part(is_first ? out : code, part, rows, first, n);
    for (size_t i = 0; i < n && is_first && part->shift; i++)
      out[i] <<= part->shift;
    for (size_t i = 0; i < n && !is_first; i++)
      out[i] |= code[i] << part->shift;
    is_first = false;
  }
}

static void lose_inexact(unsigned char *lost, const br_pack_part *part, size_t first, size_t n)
{
  const int64_t *x = br_column_cells(part->column);
  for (size_t i = 0; i < n; i++)
    lost[i] |= !is_double(x[first + i]);
}

void br_pack_lost(unsigned char *lost, const br_pack *pack, size_t first, size_t n)
{
  memset(lost, 0, n);
  for (size_t p = 0; p < pack->nparts; p++) {
    const br_pack_part *part = &pack->parts[p];
    if (part->as_f64 && !part->only_null)
      lose_inexact(lost, part, first, n);
    for (size_t i = 0; i < n && part->column->nulls > 0; i++)
      lost[i] |= br_column_is_null(part->column, first + i);
  }
}

bool br_pack_can_lose(const br_pack *pack)
{
  for (size_t p = 0; p < pack->nparts; p++) {
    if (pack->parts[p].as_f64 || pack->parts[p].column->nulls > 0)
      return true;
  }
  return false;
}
