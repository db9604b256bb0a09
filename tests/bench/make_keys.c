/* Tables to join: `rows` rows of three integer keys, unique together, in an order of its own for each
 * seed, and a value, as CSV.
 *
 *     make_keys ROWS SEED PATH
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014). */
static uint64_t next(uint64_t *state)
{
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static void shuffle(uint32_t *order, uint32_t n, uint64_t seed)
{
  for (uint32_t i = 0; i < n; i++)
    order[i] = i;
  for (uint32_t i = n; i > 1; i--) {
    uint32_t j = (uint32_t)(next(&seed) % i);
    uint32_t kept = order[i - 1];
    order[i - 1] = order[j];
    order[j] = kept;
  }
}

int main(int argc, char **argv)
{
  if (argc != 4)
    return 2;
  uint32_t n = (uint32_t)strtoul(argv[1], NULL, 10);
  uint64_t seed = strtoull(argv[2], NULL, 10);
  uint32_t *order = calloc(n ? n : 1, sizeof *order);
  if (!order || !freopen(argv[3], "w", stdout))
    return 4;
  shuffle(order, n, seed);
  (void)printf("k1,k2,k3,v\n");
  for (uint32_t i = 0; i < n; i++)
    (void)printf("%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", order[i] / 10000,
                 order[i] / 10 % 1000, order[i] % 10, i);
  free(order);
  return ferror(stdout) || fflush(stdout) ? 4 : 0;
}
