/* Tables as text with frames, for Markdown within a fence:
 *
 *     +----------+-------------+
 *     | Compiler | huggingface |
 *     +----------+-------------+
 *     | gcc_O3   |    1.41x    |
 *     +----------+-------------+
 */
#ifndef BR_BASE_GRID_H
#define BR_BASE_GRID_H

#include "base/str.h"

typedef enum br_align {
  BR_ALIGN_LEFT,
  BR_ALIGN_CENTER, /* an odd blank goes to the right */
  BR_ALIGN_RIGHT,
} br_align;

typedef struct br_grid_text { /* raw bytes, borrowed */
  const char *data;
  size_t len;
} br_grid_text;

typedef struct br_grid_column {
  br_grid_text header;       /* always centred */
  const br_grid_text *cells; /* those below the last one are empty */
  size_t ncells;
  br_align align;
} br_grid_column;

/* Appends the table, each line with its end. All texts are cleaned (see text.h) and lose the blanks
 * at both ends. Every column is as wide as its widest text. BR_ENOMEM leaves the beginning in out. */
br_code br_grid_draw(br_str *out, const br_grid_column *columns, size_t ncol,
                     br_err *err) BR_MUST_USE;

#endif
