/* A string dictionary; see dict.h.
 *
 * All bytes stand in one buffer, each entry followed by a NUL. An open-addressing table with linear
 * probing maps a hash to code + 1; 0 marks a free slot. The number of slots is a power of two and
 * at least twice the entries, so that probing ends. Entries are never removed. Hash: XXH3. */
#include "frame/dict.h"

#include "base/vec.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAX_ENTRIES (UINT32_MAX - 1)

struct entry {
  uint64_t hash;
  size_t offset;
  size_t len;
};

struct br_dict {
  size_t refs;
  char *bytes;
  size_t bytes_len;
  size_t bytes_cap;
  struct entry *entries;
  size_t len;
  size_t cap;
  uint32_t *slots; /* NULL while nslots is 0 */
  size_t nslots;
};

br_code br_dict_new(br_dict **out, br_err *err)
{
  br_dict *dict = br_calloc(1, sizeof *dict);
  if (!dict)
    return br_fail_nomem(err);
  dict->refs = 1;
  *out = dict;
  return BR_OK;
}

br_dict *br_dict_retain(br_dict *dict)
{
  dict->refs++;
  return dict;
}

void br_dict_release(br_dict *dict)
{
  if (!dict || --dict->refs > 0)
    return;
  br_free(dict->bytes);
  br_free(dict->entries);
  br_free(dict->slots);
  br_free(dict);
}

size_t br_dict_len(const br_dict *dict)
{
  return dict->len;
}

const char *br_dict_str(const br_dict *dict, uint32_t code, size_t *len)
{
  const struct entry *entry = &dict->entries[code];
  if (len)
    *len = entry->len;
  return dict->bytes + entry->offset;
}

static bool is_entry(const br_dict *dict, uint32_t code, uint64_t hash, const char *s, size_t len)
{
  const struct entry *entry = &dict->entries[code];
  return entry->hash == hash && entry->len == len &&
         (len == 0 || memcmp(dict->bytes + entry->offset, s, len) == 0);
}

static bool find_hashed(const br_dict *dict, uint64_t hash, const char *s, size_t len,
                        uint32_t *code)
{
  if (dict->nslots == 0)
    return false;
  size_t mask = dict->nslots - 1;
  for (size_t i = hash & mask; dict->slots[i] != 0; i = (i + 1) & mask) {
    if (is_entry(dict, dict->slots[i] - 1, hash, s, len)) {
      *code = dict->slots[i] - 1;
      return true;
    }
  }
  return false;
}

bool br_dict_find(const br_dict *dict, const char *s, size_t len, uint32_t *code)
{
  return find_hashed(dict, XXH3_64bits(s, len), s, len, code);
}

static void place(br_dict *dict, uint32_t code)
{
  size_t mask = dict->nslots - 1;
  size_t i = dict->entries[code].hash & mask;
  while (dict->slots[i] != 0)
    i = (i + 1) & mask;
  dict->slots[i] = code + 1;
}

static br_code grow_slots(br_dict *dict, br_err *err)
{
  if ((dict->len + 1) * 2 <= dict->nslots)
    return BR_OK;
  size_t nslots = dict->nslots ? dict->nslots * 2 : 16;
  uint32_t *slots = br_calloc(nslots, sizeof *slots);
  if (!slots)
    return br_fail_nomem(err);
  br_free(dict->slots);
  dict->slots = slots;
  dict->nslots = nslots;
  for (size_t code = 0; code < dict->len; code++)
    place(dict, (uint32_t)code);
  return BR_OK;
}

static br_code make_room(br_dict *dict, size_t len, br_err *err)
{
  if (dict->len >= MAX_ENTRIES)
    return br_fail(err, BR_ERANGE, "more than %lu distinct strings", (unsigned long)MAX_ENTRIES);
  BR_TRY(br_vec_reserve(&dict->bytes, &dict->bytes_cap, dict->bytes_len + len + 1, err));
  BR_TRY(br_vec_reserve(&dict->entries, &dict->cap, dict->len + 1, err));
  return grow_slots(dict, err);
}

static br_code add(br_dict *dict, uint64_t hash, const char *s, size_t len, uint32_t *code,
                   br_err *err)
{
  BR_TRY(make_room(dict, len, err));
  struct entry *entry = &dict->entries[dict->len];
  *entry = (struct entry){hash, dict->bytes_len, len};
  if (len)
    memcpy(dict->bytes + dict->bytes_len, s, len);
  dict->bytes[dict->bytes_len + len] = '\0';
  dict->bytes_len += len + 1;
  *code = (uint32_t)dict->len++;
  place(dict, *code);
  return BR_OK;
}

static void *copy_array(const void *from, size_t count, size_t size)
{
  void *copy = br_calloc(count, size);
  if (copy && count)
    memcpy(copy, from, count * size);
  return copy;
}

static br_code copy_dict(br_dict **out, const br_dict *from, br_err *err)
{
  br_dict *dict = NULL;
  BR_TRY(br_dict_new(&dict, err));
  dict->bytes = copy_array(from->bytes, from->bytes_len, 1);
  dict->entries = copy_array(from->entries, from->len, sizeof *from->entries);
  dict->slots = copy_array(from->slots, from->nslots, sizeof *from->slots);
  if (!dict->bytes || !dict->entries || !dict->slots) {
    br_dict_release(dict);
    return br_fail_nomem(err);
  }
  dict->bytes_len = dict->bytes_cap = from->bytes_len;
  dict->len = dict->cap = from->len;
  dict->nslots = from->nslots;
  *out = dict;
  return BR_OK;
}

static br_code unshare(br_dict **dict, br_err *err)
{
  if ((*dict)->refs == 1)
    return BR_OK;
  br_dict *copy = NULL;
  BR_TRY(copy_dict(&copy, *dict, err));
  br_dict_release(*dict);
  *dict = copy;
  return BR_OK;
}

br_code br_dict_intern(br_dict **dict, const char *s, size_t len, uint32_t *code, br_err *err)
{
  uint64_t hash = XXH3_64bits(s, len);
  if (find_hashed(*dict, hash, s, len, code))
    return BR_OK;
  BR_TRY(unshare(dict, err));
  return add(*dict, hash, s, len, code, err);
}
