/* A dictionary of distinct byte strings, numbered in order of arrival; what string columns stand on.
 *
 * Ownership: counted. br_dict_new and br_dict_retain hand out one reference, br_dict_release ends
 * one. Columns share a dictionary until one of them adds a string: br_dict_intern then copies it
 * first. */
#ifndef BR_FRAME_DICT_H
#define BR_FRAME_DICT_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct br_dict br_dict;

br_code br_dict_new(br_dict **out, br_err *err) BR_MUST_USE;
br_dict *br_dict_retain(br_dict *dict);
void br_dict_release(br_dict *dict); /* NULL is fine */

size_t br_dict_len(const br_dict *dict);
/* The bytes of an entry, NUL-terminated, borrowed until the dictionary grows. code < len. */
const char *br_dict_str(const br_dict *dict, uint32_t code, size_t *len);
bool br_dict_find(const br_dict *dict, const char *s, size_t len, uint32_t *code);

/* The code of s, added where it is new; *dict is replaced by a private copy if others hold it and s
 * is new. s must not point into the dictionary. BR_ENOMEM; BR_ERANGE past 2^32 - 2 strings. */
br_code br_dict_intern(br_dict **dict, const char *s, size_t len, uint32_t *code,
                       br_err *err) BR_MUST_USE;

#endif
