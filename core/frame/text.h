/* Text of users and their data in messages. */
#ifndef BR_FRAME_TEXT_H
#define BR_FRAME_TEXT_H

#include <stddef.h>

#define BR_SHOWN_MAX 64

/* s as a message may show it: control bytes as '?', cut to fit, between characters of UTF-8, with
 * "..." behind. Returns out. */
const char *br_shown(char out[BR_SHOWN_MAX], const char *s, size_t len);

#endif
