/* A file that several sessions add entries to at once, such as a history: nothing is lost, nobody
 * else may read it. */
#ifndef BR_EDIT_RECORD_H
#define BR_EDIT_RECORD_H

#include "base/err.h"

#include <stddef.h>

/* Appends bytes to the file at path, made with mode 0600 if need be; its folder must be there. Should it
 * have grown past `most` bytes, its older half goes, whole lines only. What is there must be a file. */
br_code br_record_add(const char *path, const void *bytes, size_t n, size_t most,
                      br_err *err) BR_MUST_USE;

#endif
