/* Bytes from anywhere, in order: a file, a pipe, standard input, memory; gzip and Zstandard are
 * unpacked as they come, known by their first bytes, whatever the name.
 *
 * Ownership: br_input_open and br_input_of_bytes fill a caller's br_input, br_input_close ends it; a
 * zeroed one may be closed too. One thread at a time. */
#ifndef BR_BASE_INPUT_H
#define BR_BASE_INPUT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What tells whether a file is the one that was read before. */
typedef struct br_input_stamp {
  uint64_t size;
  int64_t seconds, nanoseconds;
} br_input_stamp;

typedef struct br_input {
  const char *path; /* borrowed; stands in messages */
  int fd;           /* -1: none */
  bool regular;     /* a file of a known size; else all that was read is kept in `kept` */
  bool begun;       /* the first bytes have been looked at */
  br_input_stamp stamp;
  uint64_t taken;               /* bytes read from fd */
  struct br_input_codec *codec; /* owned; NULL: the bytes are plain */
  const char *bytes;            /* memory, or what was kept */
  size_t nbytes, at;
  char *kept; /* owned */
  size_t kept_cap;
} br_input;

/* "-" is standard input. BR_ENOTFOUND, BR_EIO (a directory, no permission), BR_ENOMEM. */
br_code br_input_open(br_input *in, const char *path, br_err *err) BR_MUST_USE;
/* Borrowed. Never taken for compressed. */
void br_input_of_bytes(br_input *in, const void *bytes, size_t n);

/* As many bytes as there is room for, fewer at the end alone. A regular file ends at the size it had
 * when it was opened. BR_EIO (a file that has become shorter too), BR_EPARSE for damaged compressed
 * data. */
br_code br_input_read(br_input *in, void *to, size_t room, size_t *got, br_err *err) BR_MUST_USE;

/* Back to the first byte. BR_EIO where the file has changed since it was opened. */
br_code br_input_rewind(br_input *in, br_err *err) BR_MUST_USE;

/* The bytes that will come in all; 0 where that can't be known. */
uint64_t br_input_size(const br_input *in);

void br_input_close(br_input *in);

#endif
