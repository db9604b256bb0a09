/* Frames below each other; see frame.h. */
#include "frame/frame_internal.h"

#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/text.h"

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

static br_code append_cast(br_column *to, br_column *from, br_err *err)
{
  br_column *cast = NULL;
  BR_TRY(br_column_cast(&cast, from, to->type, BR_CAST_STRICT, err));
  br_code code = br_column_append(to, cast, err);
  br_column_release(cast);
  return code;
}

static br_code append_all(br_column *to, const struct stack *s, const char *name, br_err *err)
{
  for (size_t i = 0; i < s->n; i++) {
    br_column *column = column_of(s->frames[i], name);
    if (is_blank(column))
      BR_TRY(br_column_push_nulls(to, br_frame_nrow(s->frames[i]), err));
    else
      BR_TRY(append_cast(to, column, err));
  }
  return BR_OK;
}

/* An empty column of the type; with the dictionary of the first frame that has one, to copy less.
 */
static br_code new_column(br_column **out, const struct stack *s, const char *name, br_type type,
                          br_err *err)
{
  for (size_t i = 0; i < s->n; i++) {
    const br_column *column = column_of(s->frames[i], name);
    if (column && column->type == type)
      return br_column_new_like(out, column, err);
  }
  return br_column_new(out, type, err);
}

static br_code add_stacked(br_frame *to, const struct stack *s, const char *name, br_err *err)
{
  br_type type = BR_STR;
  br_column *column = NULL;
  BR_TRY(common_type(&type, s, name, err));
  BR_TRY(new_column(&column, s, name, type, err));
  br_code code = append_all(column, s, name, err);
  if (code == BR_OK)
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
