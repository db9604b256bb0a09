/* Asking a terminal what it can do; see term.h. Every terminal answers the last question, so that
 * nothing has to be waited for after that answer. */
#define _GNU_SOURCE
#include "base/vec.h"
#include "term/term.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { SIXEL_ATTRIBUTE = 4, CELL_SIZE_REPORT = 6, PARAMETERS = 32 };

/* A picture of one pixel that is not shown; the size of a cell; device attributes. */
static const char questions[] = "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[16t\033[c";

br_term_size br_term_size_of(int fd)
{
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0)
    return (br_term_size){0};
  br_term_size result = {.columns = size.ws_col, .rows = size.ws_row};
  if (size.ws_col > 0 && size.ws_row > 0) {
    result.cell_width = size.ws_xpixel / size.ws_col;
    result.cell_height = size.ws_ypixel / size.ws_row;
  }
  return result;
}

/* The numbers of "1;2;4": how many. */
static size_t numbers(const char *s, size_t n, int out[PARAMETERS])
{
  size_t count = 0;
  for (size_t i = 0; i < n && count < PARAMETERS; i++) {
    out[count++] = (int)strtol(s + i, NULL, 10);
    while (i < n && s[i] != ';')
      i++;
  }
  return count;
}

/* An answer "ESC [ … final" of n bytes without its "ESC [". True for the last one. */
static bool take_control(br_term_skills *out, const char *s, size_t n)
{
  int values[PARAMETERS];
  size_t count = numbers(s[0] == '?' ? s + 1 : s, n - 1, values);
  if (s[n - 1] == 't' && count >= 3 && values[0] == CELL_SIZE_REPORT) {
    out->cell_height = values[1];
    out->cell_width = values[2];
  }
  if (s[n - 1] != 'c' || s[0] != '?')
    return false;
  for (size_t i = 1; i < count; i++)
    out->sixel = out->sixel || values[i] == SIXEL_ATTRIBUTE;
  return true;
}

/* Bytes of the control sequence or the string at s; 0: it is not whole. */
static size_t sequence_length(const char *s, size_t n)
{
  if (n < 2)
    return 0;
  if (s[1] == '_') {
    const char *end = memmem(s, n, "\033\\", 2);
    return end ? (size_t)(end - s) + 2 : 0;
  }
  for (size_t i = 2; i < n; i++)
    if (s[i] >= '@' && s[i] <= '~')
      return i + 1;
  return 0;
}

static bool is_answer(const char *s, size_t n)
{
  return s[1] == '_' || (s[n - 1] == 'c' && s[2] == '?') || s[n - 1] == 't';
}

/* Takes whole answers from the front of got; what is none goes to typed. *used: bytes that are done
 * with; *done: the last answer was among them. */
static br_code take_answers(br_term_skills *out, br_str *typed, const br_str *got, size_t *used,
                            bool *done, br_err *err)
{
  while (*used < got->len && !*done) {
    const char *s = got->data + *used;
    size_t left = got->len - *used;
    bool is_sequence = s[0] == '\033' && (left == 1 || s[1] == '[' || s[1] == '_');
    size_t n = is_sequence ? sequence_length(s, left) : 1;
    if (n == 0)
      return BR_OK;
    if (!is_sequence || !is_answer(s, n))
      BR_TRY(br_str_add(typed, s, n, err));
    else if (s[1] == '_')
      out->kitty = out->kitty || memmem(s, n, ";OK", 3) != NULL;
    else
      *done = take_control(out, s + 2, n - 2);
    *used += n;
  }
  return BR_OK;
}

static br_code read_answers(br_term_skills *out, br_str *typed, br_str *got, int in, int timeout_ms,
                            br_err *err)
{
  char bytes[512];
  struct pollfd wait = {.fd = in, .events = POLLIN};
  size_t used = 0;
  bool done = false;
  while (!done && poll(&wait, 1, timeout_ms) > 0) {
    ssize_t n = read(in, bytes, sizeof bytes);
    if (n <= 0)
      break;
    BR_TRY(br_str_add(got, bytes, (size_t)n, err));
    BR_TRY(take_answers(out, typed, got, &used, &done, err));
  }
  return got->len > used ? br_str_add(typed, got->data + used, got->len - used, err) : BR_OK;
}

br_code br_term_ask(br_term_skills *out, br_str *typed, int in, int out_fd, int timeout_ms,
                    br_err *err)
{
  struct termios before, raw;
  br_term_skills skills = {0};
  br_str got = {0};
  if (tcgetattr(in, &before) != 0)
    return br_fail_sys(err, errno, "can't ask the terminal");
  raw = before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  br_code code = BR_OK;
  if (tcsetattr(in, TCSANOW, &raw) != 0 ||
      write(out_fd, questions, sizeof questions - 1) != (ssize_t)sizeof questions - 1)
    code = br_fail_sys(err, errno, "can't ask the terminal");
  else
    code = read_answers(&skills, typed, &got, in, timeout_ms, err);
  (void)tcsetattr(in, TCSANOW, &before);
  br_str_clear(&got);
  if (code == BR_OK)
    *out = skills;
  return code;
}
