/* The frame and column boxes, for the other bindings. */
#ifndef BR_BIND_BIND_FRAME_H
#define BR_BIND_BIND_FRAME_H

#include "bind/bind.h"
#include "frame/frame.h"

extern const br_bind_type br_bind_frame_type;  /* resource: br_frame */
extern const br_bind_type br_bind_column_type; /* resource: br_column, one reference */

#endif
