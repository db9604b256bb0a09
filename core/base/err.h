/* Errors of the core: a code that callers branch on and one line for people.
 *
 * A function that can fail returns br_code, takes its results as out-parameters first and a br_err
 * last. The br_err is a fixed buffer on the caller's stack: reporting an error allocates nothing.
 * On failure the out-parameters are left untouched unless a function says otherwise.
 * A message says what is wrong, where, and what to do; it has no trailing newline. */
#ifndef BR_BASE_ERR_H
#define BR_BASE_ERR_H

#include <stdarg.h>

#define BR_MUST_USE __attribute__((warn_unused_result))
#define BR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define BR_ERR_MSG_MAX 512

typedef enum br_code {
  BR_OK = 0,
  BR_ENOMEM,    /* out of memory */
  BR_EINVAL,    /* a caller's mistake: an argument that makes no sense */
  BR_ETYPE,     /* a column or value of another type than wanted */
  BR_ENOTFOUND, /* no such column, kernel, file, repository … */
  BR_EEXIST,    /* a name that is taken */
  BR_EPARSE,    /* malformed input */
  BR_ERANGE,    /* a value that does not fit its type */
  BR_EIO,       /* the operating system said no */
  BR_ELIB,      /* a library said no */
  BR_EINTR,     /* interrupted by the user */
} br_code;

typedef struct br_err {
  br_code code;
  int sys; /* errno where br_fail_sys made it, else 0 */
  char msg[BR_ERR_MSG_MAX];
} br_err;

/* Fills err and returns code, so that a caller can write `return br_fail(err, …)`. err may be NULL. A
 * message that is too long is cut between two characters and ends in "...". */
br_code br_fail(br_err *err, br_code code, const char *fmt, ...) BR_PRINTF(3, 4);

/* As br_fail with BR_EIO (BR_ENOMEM for ENOMEM, BR_ENOTFOUND for ENOENT, BR_EINTR for EINTR); appends
 * ": " and the system's words for sys, which are never cut. */
br_code br_fail_sys(br_err *err, int sys, const char *fmt, ...) BR_PRINTF(3, 4);

/* The standard out-of-memory error. */
br_code br_fail_nomem(br_err *err);

/* Lower-case name of a code, e.g. "parse": what Lua sees as the third value of a failure. */
const char *br_code_name(br_code code);

#endif
