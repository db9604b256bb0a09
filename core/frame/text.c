/* Text in messages; see text.h. */
#include "frame/text.h"

#include <string.h>

/* The longest prefix of at most max bytes that does not end inside a character of UTF-8. */
static size_t prefix_len(const char *s, size_t len, size_t max)
{
  if (len <= max)
    return len;
  while (max > 0 && ((unsigned char)s[max] & 0xC0) == 0x80)
    max--;
  return max;
}

const char *br_shown(char out[BR_SHOWN_MAX], const char *s, size_t len)
{
  size_t shown = prefix_len(s, len, BR_SHOWN_MAX - sizeof "...");
  for (size_t i = 0; i < shown; i++) {
    unsigned char c = (unsigned char)s[i];
    out[i] = s[i];
    if (c < 0x20 || c == 0x7f)
      out[i] = '?';
  }
  memcpy(out + shown, "...", sizeof "...");
  if (shown == len)
    out[shown] = '\0';
  return out;
}
