/* Frames: life, columns and their names; see frame.h.
 *
 * Invariant: names is a dictionary whose codes are the columns' numbers, so that a name is found by
 * its hash. Entries are only ever added: what drops or renames makes a new frame. Copies share it.
 */
#include "frame/frame_internal.h"

#include "base/nearest.h"
#include "base/vec.h"
#include "frame/text.h"

#include <string.h>

br_code br_frame_new(br_frame **out, br_err *err)
{
  br_frame *frame = br_calloc(1, sizeof *frame);
  if (!frame) {
    (void)br_fail_nomem(err);
    return BR_ENOMEM; /* a constant, for the static analyzer */
  }
  br_code code = br_dict_new(&frame->names, err);
  if (code != BR_OK) {
    br_free(frame);
    return code;
  }
  *out = frame;
  return BR_OK;
}

void br_frame_free(br_frame *frame)
{
  if (!frame)
    return;
  size_t ncol = br_frame_ncol(frame);
  for (size_t i = 0; i < ncol; i++)
    br_column_release(frame->columns[i]);
  br_dict_release(frame->names);
  br_free(frame->columns);
  br_free(frame);
}

br_code br_frame_give(br_frame **out, br_frame *made, br_code code)
{
  if (code == BR_OK)
    *out = made;
  else
    br_frame_free(made);
  return code;
}

static br_code reserve(br_frame *frame, size_t ncol, br_err *err)
{
  return br_vec_reserve_bytes((void **)&frame->columns, &frame->cap, ncol, sizeof(br_column *),
                              err);
}

static br_code copy_columns(br_frame *to, const br_frame *from, br_err *err)
{
  size_t ncol = br_frame_ncol(from);
  BR_TRY(reserve(to, ncol, err));
  for (size_t i = 0; i < ncol; i++)
    to->columns[i] = br_column_retain(from->columns[i]);
  br_dict_release(to->names);
  to->names = br_dict_retain(from->names);
  return BR_OK;
}

br_code br_frame_copy(br_frame **out, const br_frame *frame, br_err *err)
{
  br_frame *copy = NULL;
  BR_TRY(br_frame_new(&copy, err));
  return br_frame_give(out, copy, copy_columns(copy, frame, err));
}

size_t br_frame_nrow(const br_frame *frame)
{
  return br_frame_ncol(frame) ? br_column_len(frame->columns[0]) : 0;
}

size_t br_frame_ncol(const br_frame *frame)
{
  return br_dict_len(frame->names);
}

const char *br_frame_name(const br_frame *frame, size_t column)
{
  return br_dict_str(frame->names, (uint32_t)column, NULL);
}

br_column *br_frame_column(const br_frame *frame, size_t column)
{
  return frame->columns[column];
}

static bool find(const br_frame *frame, const char *name, size_t *column)
{
  uint32_t code = 0;
  bool found = br_dict_find(frame->names, name, strlen(name), &code);
  *column = code;
  return found;
}

bool br_frame_has(const br_frame *frame, const char *name)
{
  size_t column = 0;
  return find(frame, name, &column);
}

static br_code unknown_column(const br_frame *frame, const char *name, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  char other[BR_SHOWN_MAX];
  size_t ncol = br_frame_ncol(frame);
  const char **names = br_calloc(ncol, sizeof *names);
  if (!names)
    return br_fail_nomem(err);
  for (size_t i = 0; i < ncol; i++)
    names[i] = br_frame_name(frame, i);
  size_t near = br_nearest(name, names, ncol);
  br_free(names);
  br_shown(shown, name, strlen(name));
  if (near == ncol)
    return br_fail(err, BR_ENOTFOUND, "no column '%s'", shown);
  const char *text = br_frame_name(frame, near);
  return br_fail(err, BR_ENOTFOUND, "no column '%s'; did you mean '%s'?", shown,
                 br_shown(other, text, strlen(text)));
}

br_code br_frame_find(const br_frame *frame, const char *name, size_t *column, br_err *err)
{
  size_t found = 0;
  if (!find(frame, name, &found))
    return unknown_column(frame, name, err);
  *column = found;
  return BR_OK;
}

br_code br_frame_pick(br_column ***out, const br_frame *frame, const char *const *names, size_t n,
                      br_err *err)
{
  size_t at = 0;
  br_column **columns = br_calloc(n, sizeof(br_column *));
  if (!columns)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++) {
    br_code code = br_frame_find(frame, names[i], &at, err);
    if (code != BR_OK) {
      br_free(columns);
      return code;
    }
    columns[i] = frame->columns[at];
  }
  *out = columns;
  return BR_OK;
}

static br_code check_length(const br_frame *frame, const char *name, const br_column *column,
                            br_err *err)
{
  char shown[BR_SHOWN_MAX];
  if (br_column_len(column) == br_frame_nrow(frame))
    return BR_OK;
  return br_fail(err, BR_EINVAL, "column '%s' has %zu rows, the frame has %zu",
                 br_shown(shown, name, strlen(name)), br_column_len(column), br_frame_nrow(frame));
}

static br_code append_column(br_frame *frame, const char *name, br_column *column, br_err *err)
{
  uint32_t code = 0;
  size_t ncol = br_frame_ncol(frame);
  if (ncol > 0)
    BR_TRY(check_length(frame, name, column, err));
  BR_TRY(reserve(frame, ncol + 1, err));
  BR_TRY(br_dict_intern(&frame->names, name, strlen(name), &code, err));
  frame->columns[code] = br_column_retain(column);
  return BR_OK;
}

br_code br_frame_set(br_frame *frame, const char *name, br_column *column, br_err *err)
{
  size_t at = 0;
  if (!find(frame, name, &at))
    return append_column(frame, name, column, err);
  if (br_frame_ncol(frame) > 1)
    BR_TRY(check_length(frame, name, column, err));
  br_column_retain(column);
  br_column_release(frame->columns[at]);
  frame->columns[at] = column;
  return BR_OK;
}

br_code br_frame_add(br_frame *frame, const char *name, br_column *column, br_err *err)
{
  if (br_frame_has(frame, name)) {
    char shown[BR_SHOWN_MAX];
    return br_fail(err, BR_EEXIST, "two columns would be named '%s'; rename one before",
                   br_shown(shown, name, strlen(name)));
  }
  return append_column(frame, name, column, err);
}
