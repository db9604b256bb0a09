/* What comes from the terminal: characters, marked pastes, signals that end or disturb the waiting. */
#ifndef BR_EDIT_KEYS_H
#define BR_EDIT_KEYS_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum {
  BR_KEYS_EOF = -1,
  BR_KEYS_SIGNAL = -2, /* look at br_keys_take_signal */
  BR_KEYS_PASTE = -3,  /* a whole paste is in `pasted` */
  BR_KEYS_NOMEM = -4,
};

typedef struct br_keys { /* zero-initialise, set fd; ended by br_keys_clear */
  int fd;
  br_str bytes; /* read and not yet used, from `at` on */
  size_t at;
  br_str pasted; /* the last paste, its line ends "\n", none at its end */
} br_keys;

void br_keys_clear(br_keys *input);

/* From now to the matching br_keys_release the signals INT, TSTP, WINCH, TERM and HUP are noted
 * instead of done. Not nested. */
void br_keys_trap(void);
void br_keys_release(void);
/* One of the noted signals, which is no longer noted; 0: none. */
int br_keys_take_signal(void);

/* The next character's code point, or one of the above; a signal is never missed. */
int br_keys_next(br_keys *input);
/* Appends bytes behind those that are not yet used. */
br_code br_keys_feed(br_keys *input, const void *bytes, size_t n, br_err *err) BR_MUST_USE;

#endif
