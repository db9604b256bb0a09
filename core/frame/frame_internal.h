/* Private to frame: what a frame is made of. */
#ifndef BR_FRAME_FRAME_INTERNAL_H
#define BR_FRAME_FRAME_INTERNAL_H

#include "frame/dict.h"
#include "frame/frame.h"

struct br_frame {
  br_dict *names;      /* one reference; the code of a name is its column's number */
  br_column **columns; /* one reference each; br_dict_len(names) of them */
  size_t cap;
};

/* As br_frame_set, but BR_EEXIST where the frame has a column of that name. */
br_code br_frame_add(br_frame *frame, const char *name, br_column *column, br_err *err) BR_MUST_USE;

/* The columns of the named ones, borrowed, in an array to br_free (also for n = 0). */
br_code br_frame_pick(br_column ***out, const br_frame *frame, const char *const *names, size_t n,
                      br_err *err) BR_MUST_USE;

/* *out becomes made where code is BR_OK; else made is freed. Returns code. */
br_code br_frame_give(br_frame **out, br_frame *made, br_code code) BR_MUST_USE;

#endif
