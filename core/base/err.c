/* Error values; see err.h. Uses only the fixed buffer, so that it works when memory is out. */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Leaves at most room bytes of a message that is longer, and marks the cut. A path may hold UTF-8: no
 * character is split. */
static void shorten(char *msg, size_t room)
{
  static const char mark[] = "...";
  size_t end = room - strlen(mark);
  while (end > 0 && ((unsigned char)msg[end] & 0xC0) == 0x80)
    end--;
  memcpy(msg + end, mark, sizeof mark);
}

BR_PRINTF(4, 0) static void fill(br_err *err, br_code code, int sys, const char *fmt, va_list args)
{
  if (!err)
    return;
  err->code = code;
  err->sys = sys;
  if (vsnprintf(err->msg, sizeof err->msg, fmt, args) >= (int)sizeof err->msg)
    shorten(err->msg, sizeof err->msg - 1);
}

br_code br_fail(br_err *err, br_code code, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  fill(err, code, 0, fmt, args);
  va_end(args);
  return code;
}

static br_code code_of_errno(int sys)
{
  switch (sys) {
  case ENOMEM:
    return BR_ENOMEM;
  case ENOENT:
    return BR_ENOTFOUND;
  case EINTR:
    return BR_EINTR;
  default:
    return BR_EIO;
  }
}

/* The system's reason is kept whole: it says more than the end of a long path. */
static void add_reason(char msg[BR_ERR_MSG_MAX], int sys)
{
  char reason[128] = "unknown error";
  (void)strerror_r(sys, reason, sizeof reason);
  size_t room = BR_ERR_MSG_MAX - 1 - strlen(": ") - strlen(reason);
  if (strlen(msg) > room)
    shorten(msg, room);
  size_t used = strlen(msg);
  (void)snprintf(msg + used, BR_ERR_MSG_MAX - used, ": %s", reason);
}

br_code br_fail_sys(br_err *err, int sys, const char *fmt, ...)
{
  br_code code = code_of_errno(sys);
  va_list args;
  va_start(args, fmt);
  fill(err, code, sys, fmt, args);
  va_end(args);
  if (err)
    add_reason(err->msg, sys);
  return code;
}

br_code br_fail_nomem(br_err *err)
{
  return br_fail(err, BR_ENOMEM, "out of memory");
}

const char *br_code_name(br_code code)
{
  static const char *const names[] = {
      [BR_OK] = "ok",        [BR_ENOMEM] = "nomem",       [BR_EINVAL] = "invalid",
      [BR_ETYPE] = "type",   [BR_ENOTFOUND] = "notfound", [BR_EEXIST] = "exists",
      [BR_EPARSE] = "parse", [BR_ERANGE] = "range",       [BR_EIO] = "io",
      [BR_ELIB] = "library", [BR_EINTR] = "interrupted",
  };
  return (unsigned)code < sizeof names / sizeof *names ? names[code] : "unknown";
}
