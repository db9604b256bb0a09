/* What comes from the terminal: characters, marked pastes, signals that end or disturb the waiting. */
#ifndef BR_EDIT_INPUT_H
#define BR_EDIT_INPUT_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum {
  BR_INPUT_EOF = -1,
  BR_INPUT_SIGNAL = -2, /* look at br_input_take_signal */
  BR_INPUT_PASTE = -3,  /* a whole paste is in `pasted` */
  BR_INPUT_NOMEM = -4,
};

typedef struct br_input { /* zero-initialise, set fd; ended by br_input_clear */
  int fd;
  br_str bytes; /* read and not yet used, from `at` on */
  size_t at;
  br_str pasted; /* the last paste, its line ends "\n", none at its end */
} br_input;

void br_input_clear(br_input *input);

/* From now to the matching br_input_release the signals INT, TSTP, WINCH, TERM and HUP are noted
 * instead of done. Not nested. */
void br_input_trap(void);
void br_input_release(void);
/* One of the noted signals, which is no longer noted; 0: none. */
int br_input_take_signal(void);

/* The next character's code point, or one of the above; a signal is never missed. */
int br_input_next(br_input *input);
/* Appends bytes behind those that are not yet used. */
br_code br_input_feed(br_input *input, const void *bytes, size_t n, br_err *err) BR_MUST_USE;

#endif
