/* Frames below each other; see frame.h. */
#include "frame/frame_internal.h"

#include "base/interrupt.h"
#include "base/vec.h"
#include "frame/bits.h"
#include "frame/chunk.h"
#include "frame/column_internal.h"
#include "frame/concat_internal.h"
#include "frame/text.h"

#include <math.h>
#include <string.h>

struct stack {
  const br_frame *const *frames;
  size_t n;
};

/* frame's column of that name, or NULL. */
static br_column *column_of(const br_frame *frame, const char *name)
{
  uint32_t at = 0;
  if (!br_dict_find(frame->names, name, strlen(name), &at))
    return NULL;
  return frame->columns[at];
}

static bool is_blank(const br_column *column)
{
  return !column || column->nulls == column->len;
}

static bool is_number(br_type type)
{
  return type == BR_F64 || type == BR_I64;
}

/* Widens *type so that `other` fits; false where there is no such type. */
static bool unite(br_type *type, br_type other)
{
  if (*type == other)
    return true;
  if (!is_number(*type) || !is_number(other))
    return false;
  *type = BR_F64;
  return true;
}

/* The first column with a value sets the type; without one, the first column at all. */
static br_code common_type(br_type *type, const struct stack *s, const char *name, br_err *err)
{
  bool found = false;
  char shown[BR_SHOWN_MAX];
  for (size_t i = s->n; i-- > 0;) {
    const br_column *column = column_of(s->frames[i], name);
    if (column && is_blank(column))
      *type = column->type;
  }
  for (size_t i = 0; i < s->n; i++) {
    const br_column *column = column_of(s->frames[i], name);
    if (is_blank(column))
      continue;
    if (found && !unite(type, column->type))
      return br_fail(err, BR_ETYPE, "column '%s' is %s in frame %zu, but %s before it; cast one",
                     br_shown(shown, name, strlen(name)), br_type_name(column->type), i + 1,
                     br_type_name(*type));
    if (!found)
      *type = column->type;
    found = true;
  }
  return BR_OK;
}

/* Pieces. Cells are written where they go; the strings of a piece with another dictionary than the first
 * are looked up once each, and their codes then read through a map. */

struct stacked {
  br_type type;
  br_column_parts parts;
  const br_piece *pieces;
  size_t n;
};

static bool has_values(const br_piece *piece)
{
  return piece->column && piece->column->nulls < piece->column->len;
}

static br_code check_pieces(struct stacked *s, br_err *err)
{
  for (size_t i = 0; i < s->n; i++) {
    const br_piece *piece = &s->pieces[i];
    s->parts.len += piece->len;
    s->parts.nulls += has_values(piece) ? piece->column->nulls : piece->len;
    if (s->parts.len < piece->len)
      return br_fail(err, BR_ERANGE, "too many rows");
  }
  return BR_OK;
}

static br_code make_room(struct stacked *s, br_err *err)
{
  BR_TRY(check_pieces(s, err));
  s->parts.cells = br_alloc(s->parts.len * br_column_cell_size(s->type));
  if (!s->parts.cells)
    return br_fail_nomem(err);
  if (s->parts.nulls == 0)
    return BR_OK;
  s->parts.valid = br_calloc(s->parts.len / 8 + 1, 1);
  return s->parts.valid ? BR_OK : br_fail_nomem(err);
}

static void fill_blank(const struct stacked *s, size_t at, size_t n)
{
  size_t size = br_column_cell_size(s->type);
  double *reals = s->parts.cells;
  if (s->type != BR_F64)
    memset((char *)s->parts.cells + at * size, 0, n * size);
  for (size_t i = 0; i < n && s->type == BR_F64; i++)
    reals[at + i] = (double)NAN;
}

static void fill_widened(const struct stacked *s, const br_column *column, size_t at)
{
  const int64_t *from = br_column_cells(column);
  double *to = (double *)s->parts.cells + at;
  for (size_t i = 0; i < column->len; i++)
    to[i] = br_column_is_null(column, i) ? (double)NAN : (double)from[i];
}

/* Codes of *dict, which grows, for those of column's own dictionary. */
static br_code map_words(uint32_t *map, br_dict **dict, const br_column *column, br_err *err)
{
  size_t n = br_dict_len(column->dict);
  for (size_t i = 0; i < n; i++) {
    size_t len = 0;
    const char *s = br_dict_str(column->dict, (uint32_t)i, &len);
    if (i % br_chunk_rows() == 0)
      BR_TRY(br_interrupt_check(err));
    BR_TRY(br_dict_intern(dict, s, len, &map[i], err));
  }
  return BR_OK;
}

static br_code fill_strings(struct stacked *s, const br_column *column, size_t at, br_err *err)
{
  const uint32_t *codes = br_column_codes(column);
  uint32_t *to = (uint32_t *)s->parts.cells + at;
  if (s->parts.dict == column->dict) {
    memcpy(to, codes, column->len * sizeof *to);
    return BR_OK;
  }
  uint32_t *map = br_calloc(br_dict_len(column->dict), sizeof *map);
  if (!map)
    return br_fail_nomem(err);
  br_code code = map_words(map, &s->parts.dict, column, err);
  for (size_t i = 0; i < column->len && code == BR_OK; i++)
    to[i] = br_column_is_null(column, i) ? 0 : map[codes[i]];
  br_free(map);
  return code;
}

static br_code fill_piece(struct stacked *s, const br_piece *piece, size_t at, br_err *err)
{
  const br_column *column = piece->column;
  size_t size = br_column_cell_size(s->type);
  if (s->parts.valid && has_values(piece))
    (void)br_bits_copy(s->parts.valid, at, column->valid, 0, piece->len);
  if (!has_values(piece))
    fill_blank(s, at, piece->len);
  else if (s->type == BR_STR)
    return fill_strings(s, column, at, err);
  else if (column->type != s->type)
    fill_widened(s, column, at);
  else
    memcpy((char *)s->parts.cells + at * size, br_column_cells(column), piece->len * size);
  return BR_OK;
}

/* The first dictionary that has words, to copy less. */
static br_code choose_dict(struct stacked *s, br_err *err)
{
  for (size_t i = 0; i < s->n; i++) {
    if (has_values(&s->pieces[i])) {
      s->parts.dict = br_dict_retain(s->pieces[i].column->dict);
      return BR_OK;
    }
  }
  return br_dict_new(&s->parts.dict, err);
}

static br_code stack_pieces(br_column **out, struct stacked *s, br_err *err)
{
  size_t at = 0;
  BR_TRY(make_room(s, err));
  if (s->type == BR_STR)
    BR_TRY(choose_dict(s, err));
  for (size_t i = 0; i < s->n; i++) {
    BR_TRY(br_interrupt_check(err));
    BR_TRY(fill_piece(s, &s->pieces[i], at, err));
    at += s->pieces[i].len;
  }
  return br_column_adopt(out, s->type, &s->parts, err);
}

br_code br_pieces_join(br_column **out, br_type type, const br_piece *pieces, size_t n, br_err *err)
{
  struct stacked s = {.type = type, .pieces = pieces, .n = n};
  br_code code = stack_pieces(out, &s, err);
  if (code != BR_OK) {
    br_free(s.parts.cells);
    br_free(s.parts.valid);
    br_dict_release(s.parts.dict);
  }
  return code;
}

/* Frames. */

static br_code add_stacked(br_frame *to, const struct stack *s, const char *name, br_err *err)
{
  br_type type = BR_STR;
  br_column *column = NULL;
  BR_TRY(common_type(&type, s, name, err));
  br_piece *pieces = br_calloc(s->n, sizeof *pieces);
  if (!pieces)
    return br_fail_nomem(err);
  for (size_t i = 0; i < s->n; i++)
    pieces[i] = (br_piece){column_of(s->frames[i], name), br_frame_nrow(s->frames[i])};
  br_code code = br_pieces_join(&column, type, pieces, s->n, err);
  br_free(pieces);
  BR_TRY(code);
  code = br_frame_add(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code add_new_columns(br_frame *to, const struct stack *s, const br_frame *frame,
                               br_err *err)
{
  size_t ncol = br_frame_ncol(frame);
  for (size_t i = 0; i < ncol; i++) {
    const char *name = br_frame_name(frame, i);
    if (!br_frame_has(to, name))
      BR_TRY(add_stacked(to, s, name, err));
  }
  return BR_OK;
}

br_code br_frame_concat(br_frame **out, const br_frame *const *frames, size_t n, br_err *err)
{
  struct stack s = {frames, n};
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  br_code code = BR_OK;
  for (size_t i = 0; i < n && code == BR_OK; i++)
    code = add_new_columns(made, &s, frames[i], err);
  return br_frame_give(out, made, code);
}
