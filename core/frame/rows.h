/* Private to frame: many columns of listed rows at once. */
#ifndef BR_FRAME_ROWS_H
#define BR_FRAME_ROWS_H

#include "frame/chunk.h"
#include "frame/frame.h"

/* Rows of a frame, in order, repeats allowed; BR_NO_ROW gives nulls. All others must be there. */
typedef struct br_rows {
  const uint32_t *row;
  size_t n;
} br_rows;

/* out[i]: a new column of the rows of columns[i]. On failure there are none. */
br_code br_rows_take(br_column **out, br_column *const *columns, size_t ncolumns, br_rows rows,
                     br_err *err) BR_MUST_USE;

/* One column of the rows. */
br_code br_rows_take_column(br_column **out, const br_column *column, br_rows rows,
                            br_err *err) BR_MUST_USE;

/* A frame of the rows. */
br_code br_rows_take_frame(br_frame **out, const br_frame *frame, br_rows rows,
                           br_err *err) BR_MUST_USE;

/* Lists the rows below nrow whose flag is set, in order; *rows to br_free. */
br_code br_rows_flagged(uint32_t **rows, size_t *n, const unsigned char *flags, size_t nrow,
                        br_err *err) BR_MUST_USE;

/* A new column of n rows from row `first` on, all of which are there. */
br_code br_rows_slice(br_column **out, const br_column *column, size_t first, size_t n,
                      br_err *err) BR_MUST_USE;

#endif
