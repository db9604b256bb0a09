/* See keys.h. Signals are blocked except while ppoll waits: none can fall between the look at the
 * flags and the waiting. */
#define _GNU_SOURCE
#include "edit/keys.h"

#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum {
  REPLACEMENT = 0xFFFD,
  ESCAPE = 0x1B,
  ESCAPE_WAIT_MS = 50,  /* the rest of a terminal's sequence follows at once */
  FIRST_OF_LONG = 0xC2, /* of a character in UTF-8 */
  LONGEST = 4,
  CHUNK = 4096,
};

static const char paste_begin[] = "\033[200~";
static const char paste_end[] = "\033[201~";

static const int trapped[] = {SIGINT, SIGTSTP, SIGWINCH, SIGTERM, SIGHUP};
enum { TRAPPED = sizeof trapped / sizeof *trapped };

static volatile sig_atomic_t noted[TRAPPED];
static struct sigaction before[TRAPPED];
static sigset_t mask_before;

/* --- signals ------------------------------------------------------------------------------------ */

static void note(int signal)
{
  for (int i = 0; i < TRAPPED; i++)
    if (trapped[i] == signal)
      noted[i] = 1;
}

void br_keys_trap(void)
{
  struct sigaction action = {.sa_handler = note};
  sigset_t set;
  (void)sigemptyset(&set);
  for (int i = 0; i < TRAPPED; i++) {
    noted[i] = 0;
    (void)sigaddset(&set, trapped[i]);
  }
  (void)pthread_sigmask(SIG_BLOCK, &set, &mask_before);
  for (int i = 0; i < TRAPPED; i++)
    (void)sigaction(trapped[i], &action, &before[i]);
}

void br_keys_release(void)
{
  for (int i = 0; i < TRAPPED; i++)
    (void)sigaction(trapped[i], &before[i], NULL);
  (void)pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
}

int br_keys_take_signal(void)
{
  for (int i = 0; i < TRAPPED; i++) {
    if (noted[i]) {
      noted[i] = 0;
      return trapped[i];
    }
  }
  return 0;
}

/* signal 0: any. */
static bool is_noted(int signal)
{
  for (int i = 0; i < TRAPPED; i++)
    if (noted[i] && (signal == 0 || trapped[i] == signal))
      return true;
  return false;
}

/* --- bytes -------------------------------------------------------------------------------------- */

void br_keys_clear(br_keys *input)
{
  br_str_clear(&input->bytes);
  br_str_clear(&input->pasted);
  input->at = 0;
}

static size_t ready(const br_keys *input)
{
  return input->bytes.len - input->at;
}

static unsigned char peek(const br_keys *input, size_t i)
{
  return (unsigned char)input->bytes.data[input->at + i];
}

br_code br_keys_feed(br_keys *input, const void *bytes, size_t n, br_err *err)
{
  if (ready(input) == 0)
    input->bytes.len = input->at = 0;
  return br_str_add(&input->bytes, bytes, n, err);
}

/* Waits for bytes, timeout_ms < 0: for ever. Returns 1, 0 where the time is over, or BR_KEYS_…. */
static int fill(br_keys *input, int timeout_ms)
{
  char bytes[CHUNK];
  struct pollfd wait = {.fd = input->fd, .events = POLLIN};
  struct timespec time = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};
  int got = ppoll(&wait, 1, timeout_ms < 0 ? NULL : &time, &mask_before);
  if (got < 0)
    return errno == EINTR ? BR_KEYS_SIGNAL : BR_KEYS_EOF;
  if (got == 0)
    return 0;
  ssize_t n = read(input->fd, bytes, sizeof bytes);
  if (n <= 0)
    return n < 0 && (errno == EINTR || errno == EAGAIN) ? BR_KEYS_SIGNAL : BR_KEYS_EOF;
  return br_keys_feed(input, bytes, (size_t)n, NULL) == BR_OK ? 1 : BR_KEYS_NOMEM;
}

/* --- pastes ------------------------------------------------------------------------------------- */

/* The bytes of the mark that the input begins with: sizeof mark - 1 if all. */
static size_t common(const br_keys *input, const char *mark)
{
  size_t n = 0;
  while (n < ready(input) && mark[n] && peek(input, n) == (unsigned char)mark[n])
    n++;
  return n;
}

/* True if a paste begins here. What may become the mark is waited for, but not long: the user may have
 * pressed Escape. */
static bool begins_paste(br_keys *input)
{
  size_t n;
  while ((n = common(input, paste_begin)) == ready(input) && n < sizeof paste_begin - 1)
    if (fill(input, ESCAPE_WAIT_MS) != 1)
      return false;
  return n == sizeof paste_begin - 1;
}

/* The character at s, of which n bytes are left; *taken becomes its bytes. */
static br_code keep_character(br_str *out, const char *s, size_t n, size_t *taken)
{
  uint32_t code;
  *taken = br_text_decode(&code, s, n);
  if (*taken == 0) {
    *taken = 1;
    return br_str_addz(out, "\xEF\xBF\xBD", NULL);
  }
  if (*s == '\r') {
    *taken = n > 1 && s[1] == '\n' ? 2 : 1;
    return br_str_addc(out, '\n', NULL);
  }
  return code == 0 ? BR_OK : br_str_add(out, s, *taken, NULL);
}

static br_code keep_paste(br_keys *input, size_t n)
{
  const char *s = input->bytes.data + input->at;
  input->pasted.len = 0;
  for (size_t i = 0, taken; i < n; i += taken)
    BR_TRY(keep_character(&input->pasted, s + i, n - i, &taken));
  while (input->pasted.len > 0 && input->pasted.data[input->pasted.len - 1] == '\n')
    input->pasted.data[--input->pasted.len] = '\0';
  return br_str_addz(&input->pasted, "", NULL);
}

static int take_paste(br_keys *input)
{
  size_t end;
  input->at += sizeof paste_begin - 1;
  for (;;) {
    const char *start = input->bytes.data + input->at;
    const char *found = memmem(start, ready(input), paste_end, sizeof paste_end - 1);
    end = found ? (size_t)(found - start) : 0;
    if (found)
      break;
    int got = fill(input, -1);
    if (got != 1 && (got != BR_KEYS_SIGNAL || is_noted(SIGINT)))
      return got;
  }
  int result = keep_paste(input, end) == BR_OK ? BR_KEYS_PASTE : BR_KEYS_NOMEM;
  input->at += end + sizeof paste_end - 1;
  return result;
}

/* --- characters --------------------------------------------------------------------------------- */

/* The character that the input begins with; the rest of a long one is waited for, but not long. */
static int take_character(br_keys *input)
{
  uint32_t code = REPLACEMENT;
  size_t n;
  while ((n = br_text_decode(&code, input->bytes.data + input->at, ready(input))) == 0)
    if (peek(input, 0) < FIRST_OF_LONG || ready(input) >= LONGEST ||
        fill(input, ESCAPE_WAIT_MS) != 1)
      break;
  input->at += n > 0 ? n : 1;
  return n > 0 ? (int)code : REPLACEMENT;
}

int br_keys_next(br_keys *input)
{
  while (ready(input) == 0) {
    int got = is_noted(0) ? BR_KEYS_SIGNAL : fill(input, -1);
    if (got != 1)
      return got;
  }
  if (peek(input, 0) == ESCAPE && begins_paste(input))
    return take_paste(input);
  return take_character(input);
}
