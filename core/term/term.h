/* What a terminal can do besides text, and pictures in its own formats. The only user of libsixel.
 *
 * Sources: DEC's manuals for device attributes (DA1, where 4 means sixel graphics); kitty's document
 * of its graphics protocol, for the question and the transfer in pieces of 4096 bytes; xterm's
 * list of control sequences for the size of a cell (CSI 16 t). */
#ifndef BR_TERM_TERM_H
#define BR_TERM_TERM_H

#include "base/str.h"

#include <stdbool.h>

typedef struct br_term_size { /* 0: not known */
  int columns, rows;
  int cell_width, cell_height; /* pixels */
} br_term_size;

typedef struct br_term_skills {
  bool sixel, kitty;
  int cell_width, cell_height; /* pixels; 0: not told */
} br_term_skills;

/* What the system knows of the terminal at a descriptor; all 0 where it is none. */
br_term_size br_term_size_of(int fd);

/* Asks the terminal itself, and waits at most timeout_ms for each piece of its answer. What else
 * comes in (somebody types) is appended to `typed`. Both must be terminals. No answer: it can
 * nothing. */
br_code br_term_ask(br_term_skills *out, br_str *typed, int in, int out_fd, int timeout_ms,
                    br_err *err) BR_MUST_USE;

/* Append a PNG picture as the sequence that shows it at the cursor. BR_EPARSE: it is no PNG. */
br_code br_term_sixel(br_str *out, const void *png, size_t n, br_err *err) BR_MUST_USE;
br_code br_term_kitty(br_str *out, const void *png, size_t n, br_err *err) BR_MUST_USE;

#endif
