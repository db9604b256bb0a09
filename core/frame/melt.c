/* Wide to long; see reshape.h.
 *
 * A column of the result is a number of columns of the frame below each other: an id column that often,
 * or all value columns in turn. It is made in one piece: cells and validity bits are copied as they lie,
 * strings by a map from each dictionary to the common one. */
#include "frame/reshape.h"

#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/frame_internal.h"
#include "frame/text.h"

#include <math.h>
#include <string.h>

struct pile {
  br_column *const *columns; /* all of nrow rows */
  size_t n;
  size_t nrow;
  br_type type;
};

/* Appends n bits to the at bits that are there; src NULL: ones. */
static void append_bits(unsigned char *bits, size_t at, const unsigned char *src, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    unsigned bit = src ? ((unsigned)src[i / 8] >> (i % 8)) & 1u : 1u;
    unsigned char *to = &bits[(at + i) / 8];
    *to = (unsigned char)(*to | bit << ((at + i) % 8));
  }
}

/* What a column adds where its type is not the pile's: nulls, as blank columns do, or an i64's doubles.
 */
static void convert_cells(void *to, br_type type, const br_column *from, size_t n)
{
  double *numbers = to;
  if (type == BR_F64)
    for (size_t i = 0; i < n; i++)
      numbers[i] = br_column_number(from, i);
  else
    memset(to, 0, n * br_column_cell_size(type));
}

static br_code map_words(uint32_t *map, br_dict **common, const br_dict *words, br_err *err)
{
  size_t n = br_dict_len(words);
  for (size_t i = 0; i < n; i++) {
    size_t len = 0;
    const char *s = br_dict_str(words, (uint32_t)i, &len);
    BR_TRY(br_dict_intern(common, s, len, &map[i], err));
  }
  return BR_OK;
}

static br_code copy_codes(uint32_t *to, br_dict **common, const br_column *from, br_err *err)
{
  const uint32_t *codes = br_column_codes(from);
  uint32_t *map = br_calloc(br_dict_len(from->dict) + 1, sizeof *map);
  if (!map)
    return br_fail_nomem(err);
  br_code code = map_words(map, common, from->dict, err);
  for (size_t i = 0; i < from->len && code == BR_OK; i++)
    to[i] = br_column_is_null(from, i) ? 0 : map[codes[i]];
  br_free(map);
  return code;
}

static br_code copy_cells(br_column_parts *parts, const struct pile *p, size_t i, br_err *err)
{
  const br_column *from = p->columns[i];
  size_t size = br_column_cell_size(p->type);
  char *to = (char *)parts->cells + i * p->nrow * size;
  if (from->type != p->type)
    convert_cells(to, p->type, from, p->nrow);
  else if (p->type == BR_STR && parts->dict != from->dict)
    return copy_codes((uint32_t *)(void *)to, &parts->dict, from, err);
  else if (p->nrow)
    memcpy(to, from->data, p->nrow * size);
  return BR_OK;
}

static br_code copy_validity(br_column_parts *parts, const struct pile *p, br_err *err)
{
  for (size_t i = 0; i < p->n; i++)
    parts->nulls += p->columns[i]->nulls;
  if (parts->nulls == 0)
    return BR_OK;
  parts->valid = br_calloc(parts->len / 8 + 1, 1);
  if (!parts->valid)
    return br_fail_nomem(err);
  for (size_t i = 0; i < p->n; i++)
    append_bits(parts->valid, i * p->nrow, p->columns[i]->valid, p->nrow);
  return BR_OK;
}

/* The dictionary that needs no map: the first string column's. */
static br_code start_dict(br_dict **dict, const struct pile *p, br_err *err)
{
  for (size_t i = 0; i < p->n; i++) {
    if (p->columns[i]->type == BR_STR) {
      *dict = br_dict_retain(p->columns[i]->dict);
      return BR_OK;
    }
  }
  return br_dict_new(dict, err);
}

static br_code fill(br_column_parts *parts, const struct pile *p, br_err *err)
{
  parts->len = p->n * p->nrow;
  parts->cells = br_calloc(parts->len, br_column_cell_size(p->type));
  if (!parts->cells)
    return br_fail_nomem(err);
  if (p->type == BR_STR)
    BR_TRY(start_dict(&parts->dict, p, err));
  for (size_t i = 0; i < p->n; i++)
    BR_TRY(copy_cells(parts, p, i, err));
  return copy_validity(parts, p, err);
}

static void clear_parts(br_column_parts *parts)
{
  br_free(parts->cells);
  br_free(parts->valid);
  br_dict_release(parts->dict);
}

/* Adds the column and gives up the caller's reference, or what it was to be made of. */
static br_code adopt_into(br_frame *to, const char *name, br_type type, br_column_parts *parts,
                          br_err *err)
{
  br_column *column = NULL;
  br_code code = br_column_adopt(&column, type, parts, err);
  if (code != BR_OK) {
    clear_parts(parts);
    return code;
  }
  code = br_frame_add(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code add_pile(br_frame *to, const char *name, const struct pile *p, br_err *err)
{
  br_column_parts parts = {0};
  br_code code = fill(&parts, p, err);
  if (code == BR_OK)
    return adopt_into(to, name, p->type, &parts, err);
  clear_parts(&parts);
  return code;
}

/* An id column, once for each value column. */
static br_code add_repeated(br_frame *to, const char *name, br_column *column, size_t times,
                            br_err *err)
{
  br_column **again = br_calloc(times, sizeof(br_column *));
  if (!again)
    return br_fail_nomem(err);
  for (size_t i = 0; i < times; i++)
    again[i] = column;
  struct pile p = {again, times, column->len, column->type};
  br_code code = add_pile(to, name, &p, err);
  br_free(again);
  return code;
}

static br_code add_ids(br_frame *to, const br_frame *frame, const br_melt *spec, br_err *err)
{
  br_column **ids = NULL;
  BR_TRY(br_frame_pick(&ids, frame, spec->ids, spec->nids, err));
  br_code code = BR_OK;
  for (size_t i = 0; i < spec->nids && code == BR_OK; i++)
    code = add_repeated(to, spec->ids[i], ids[i], spec->ncolumns, err);
  br_free(ids);
  return code;
}

static br_code fill_names(br_column_parts *parts, const br_melt *spec, size_t nrow, br_err *err)
{
  parts->len = spec->ncolumns * nrow;
  BR_TRY(br_dict_new(&parts->dict, err));
  uint32_t *codes = br_calloc(parts->len, sizeof *codes);
  if (!codes)
    return br_fail_nomem(err);
  parts->cells = codes;
  for (size_t i = 0; i < spec->ncolumns; i++) {
    uint32_t code = 0;
    const char *name = spec->columns[i];
    BR_TRY(br_dict_intern(&parts->dict, name, strlen(name), &code, err));
    for (size_t row = 0; row < nrow; row++)
      codes[i * nrow + row] = code;
  }
  return BR_OK;
}

static br_code add_names(br_frame *to, const br_melt *spec, size_t nrow, br_err *err)
{
  br_column_parts parts = {0};
  br_code code = fill_names(&parts, spec, nrow, err);
  if (code == BR_OK)
    return adopt_into(to, spec->name, BR_STR, &parts, err);
  clear_parts(&parts);
  return code;
}

static bool is_blank(const br_column *column)
{
  return column->nulls == column->len;
}

static bool is_number(br_type type)
{
  return type == BR_F64 || type == BR_I64;
}

static br_code differ(const struct pile *p, const br_melt *spec, size_t a, size_t b, br_err *err)
{
  char first[BR_SHOWN_MAX], second[BR_SHOWN_MAX];
  return br_fail(err, BR_ETYPE,
                 "column '%s' is %s, '%s' is %s: values in one column need one type; cast one",
                 br_shown(first, spec->columns[a], strlen(spec->columns[a])),
                 br_type_name(p->columns[a]->type),
                 br_shown(second, spec->columns[b], strlen(spec->columns[b])),
                 br_type_name(p->columns[b]->type));
}

/* The first column with a value sets the type; without one, the first column at all. */
static br_code find_type(struct pile *p, const br_melt *spec, br_err *err)
{
  size_t first = p->n;
  p->type = p->n ? p->columns[0]->type : BR_F64;
  for (size_t i = 0; i < p->n; i++) {
    br_type type = p->columns[i]->type;
    if (is_blank(p->columns[i]))
      continue;
    if (first == p->n)
      p->type = type;
    else if (type != p->type && is_number(type) && is_number(p->type))
      p->type = BR_F64;
    else if (type != p->type)
      return differ(p, spec, first, i, err);
    if (first == p->n)
      first = i;
  }
  return BR_OK;
}

static br_code add_values(br_frame *to, const br_frame *frame, const br_melt *spec, br_err *err)
{
  br_column **columns = NULL;
  BR_TRY(br_frame_pick(&columns, frame, spec->columns, spec->ncolumns, err));
  struct pile p = {columns, spec->ncolumns, br_frame_nrow(frame), BR_F64};
  br_code code = find_type(&p, spec, err);
  if (code == BR_OK)
    code = add_pile(to, spec->value, &p, err);
  br_free(columns);
  return code;
}

br_code br_frame_melt(br_frame **out, const br_frame *frame, const br_melt *spec, br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  br_code code = add_ids(made, frame, spec, err);
  if (code == BR_OK)
    code = add_names(made, spec, br_frame_nrow(frame), err);
  if (code == BR_OK)
    code = add_values(made, frame, spec, err);
  return br_frame_give(out, made, code);
}
