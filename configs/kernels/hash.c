/* Counts how often each REAL occurs in a random stream, in a hash table with linear probing. The
 * key is the bytes of the number, hashed one by one (FNV-1a), so a double costs twice the work of a
 * float and its table twice the memory.
 *
 * In the set for integer work in one long chain (multiply, xor, next byte) followed by a jump to a
 * random cache line. Nothing is rounded: all results are checksums. They differ between the types,
 * as the bytes do.
 */
#include "bench.h"

enum { SLOTS = 1 << 21, KEYS = 1500000, DISTINCT = 1 << 20 };

typedef struct slot {
  REAL key;
  uint32_t count; /* 0: free */
} slot;

static slot table[SLOTS];

static uint64_t hash_bytes(const void *data, size_t size)
{
  const unsigned char *bytes = data;
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
  return hash;
}

/* The slot that holds `key`, or the free one where it belongs. */
static slot *find(REAL key)
{
  size_t i = bench_mix(hash_bytes(&key, sizeof key)) % SLOTS;
  while (table[i].count > 0 && table[i].key != key)
    i = (i + 1) % SLOTS;
  return &table[i];
}

static void count_keys(bench_rng *rng)
{
  for (size_t i = 0; i < KEYS; i++) {
    REAL key = (REAL)bench_below(rng, DISTINCT);
    slot *place = find(key);
    place->key = key;
    place->count++;
  }
}

/* Over the table in its order, so that a key in a wrong slot shows as well as a wrong count. */
static void report(void)
{
  uint64_t hash = 0, distinct = 0;
  for (size_t i = 0; i < SLOTS; i++) {
    if (table[i].count == 0)
      continue;
    distinct++;
    hash = bench_hash(hash, hash_bytes(&table[i].key, sizeof(REAL)) + table[i].count);
  }
  bench_checksum("distinct", distinct);
  bench_checksum("table", hash);
}

int main(void)
{
  bench_rng rng = {6};
  count_keys(&rng);
  report();
  return 0;
}
