/* Private to frame: rows listed in no order, gathered in two steps that the caches can follow.
 *
 * A read of a far row at every step costs a trip to memory each. A route first reads the rows of one block
 * of the source after the other, each block as large as the caches hold, and puts their cells side by side;
 * then it reads those in the order that was asked for: from each block's part what comes next, so that
 * neighbours share a cache line. Both steps are gathers of their own, with a list of rows each, which all
 * columns of a frame share. */
#ifndef BR_FRAME_ROUTE_H
#define BR_FRAME_ROUTE_H

#include "frame/rows.h"

typedef struct br_route {
  uint32_t *from;  /* of each place: the row whose cell step one puts there; BR_NO_ROW: none */
  uint32_t *place; /* of each row listed: where its cell is then */
} br_route;

/* Whether so many rows jump so far that a route is faster, for columns of nrow cells. */
bool br_route_pays(br_rows rows, size_t nrow);

/* Zero-initialise; end with br_route_clear. */
br_code br_route_make(br_route *route, br_rows rows, size_t nrow, br_err *err) BR_MUST_USE;
void br_route_clear(br_route *route);

#endif
