/* Private to frame: columns below each other. */
#ifndef BR_FRAME_CONCAT_INTERNAL_H
#define BR_FRAME_CONCAT_INTERNAL_H

#include "frame/column.h"

/* Rows of one column, or `len` nulls where column is NULL. */
typedef struct br_piece {
  const br_column *column;
  size_t len;
} br_piece;

/* A column of the type, of all pieces below each other. A piece is of that type, or i64 where that is f64,
 * or without any value. */
br_code br_pieces_join(br_column **out, br_type type, const br_piece *pieces, size_t n,
                       br_err *err) BR_MUST_USE;

#endif
