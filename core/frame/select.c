/* Frames with other columns of the same rows; see frame.h. No cell is copied. */
#include "frame/frame_internal.h"

#include "base/vec.h"

static br_code add_named(br_frame *to, const br_frame *from, const char *const *names, size_t n,
                         br_err *err)
{
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    BR_TRY(br_frame_find(from, names[i], &at, err));
    BR_TRY(br_frame_add(to, names[i], from->columns[at], err));
  }
  return BR_OK;
}

br_code br_frame_select(br_frame **out, const br_frame *frame, const char *const *names, size_t n,
                        br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  return br_frame_give(out, made, add_named(made, frame, names, n, err));
}

/* Marks the named columns in a flag per column. */
static br_code mark(unsigned char *marked, const br_frame *frame, const char *const *names,
                    size_t n, br_err *err)
{
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    BR_TRY(br_frame_find(frame, names[i], &at, err));
    marked[at] = 1;
  }
  return BR_OK;
}

static br_code add_unmarked(br_frame *to, const br_frame *from, const unsigned char *marked,
                            br_err *err)
{
  size_t ncol = br_frame_ncol(from);
  for (size_t i = 0; i < ncol; i++) {
    if (!marked[i])
      BR_TRY(br_frame_add(to, br_frame_name(from, i), from->columns[i], err));
  }
  return BR_OK;
}

br_code br_frame_drop(br_frame **out, const br_frame *frame, const char *const *names, size_t n,
                      br_err *err)
{
  br_frame *made = NULL;
  unsigned char *marked = br_calloc(br_frame_ncol(frame), sizeof *marked);
  if (!marked)
    return br_fail_nomem(err);
  br_code code = mark(marked, frame, names, n, err);
  if (code == BR_OK)
    code = br_frame_new(&made, err);
  if (code == BR_OK)
    code = br_frame_give(out, made, add_unmarked(made, frame, marked, err));
  br_free(marked);
  return code;
}

/* New names by column, NULL where the old one stays. */
static br_code map_names(const char **renamed, const br_frame *frame, const char *const *from,
                         const char *const *to, size_t n, br_err *err)
{
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    BR_TRY(br_frame_find(frame, from[i], &at, err));
    renamed[at] = to[i];
  }
  return BR_OK;
}

static br_code add_renamed(br_frame *to, const br_frame *from, const char *const *renamed,
                           br_err *err)
{
  size_t ncol = br_frame_ncol(from);
  for (size_t i = 0; i < ncol; i++) {
    const char *name = renamed[i] ? renamed[i] : br_frame_name(from, i);
    BR_TRY(br_frame_add(to, name, from->columns[i], err));
  }
  return BR_OK;
}

br_code br_frame_rename(br_frame **out, const br_frame *frame, const char *const *from,
                        const char *const *to, size_t n, br_err *err)
{
  br_frame *made = NULL;
  const char **renamed = br_calloc(br_frame_ncol(frame), sizeof *renamed);
  if (!renamed)
    return br_fail_nomem(err);
  br_code code = map_names(renamed, frame, from, to, n, err);
  if (code == BR_OK)
    code = br_frame_new(&made, err);
  if (code == BR_OK)
    code = br_frame_give(out, made, add_renamed(made, frame, renamed, err));
  br_free(renamed);
  return code;
}
