/* Whole files: read at once, written so that a kill at any moment leaves either the old file or the
 * new. */
#ifndef BR_BASE_FILE_H
#define BR_BASE_FILE_H

#include "base/str.h"

#include <stddef.h>

/* Appends the file's bytes to out; a pipe's until its last writer is gone. BR_ENOTFOUND, BR_EIO (a
 * directory too), BR_ENOMEM leave what out held. */
br_code br_file_read(br_str *out, const char *path, br_err *err) BR_MUST_USE;

/* Writes to a temporary name in path's folder, fsyncs, renames. The folder is not synced: after a power
 * cut path holds the old bytes or the new, never a part. On failure (a full disk too) path is as it was and the temporary file is gone. The file is a new one: its mode is
 * 0666 less the umask, and a link at path is replaced, what it led to is not touched. A device or a
 * pipe, linked or not, is never replaced: the bytes go into it. BR_ENOTFOUND where there is no such
 * folder, BR_EIO, BR_ENOMEM. */
br_code br_file_write(const char *path, const void *bytes, size_t n, br_err *err) BR_MUST_USE;

#endif
