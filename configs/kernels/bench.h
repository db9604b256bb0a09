/* What every kernel shares: the number type, repeatable input, and the output protocol.
 *
 * REAL is given by the compile line, -DREAL=float or -DREAL=double. <tgmath.h> makes sqrt() and its
 * kin follow it. Input comes from a generator with a fixed seed and is exact in either type, so
 * every compiler gets the same numbers. Output is lines of `checksum NAME HEX` or `value NAME
 * NUMBER` on stdout; README.md says which to print when.
 */
#ifndef BENCH_H
#define BENCH_H

#include <float.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <tgmath.h>

#ifndef REAL
#error "compile with -DREAL=float or -DREAL=double"
#endif

/** Distance from 1 to the next REAL. */
#define REAL_EPSILON ((REAL)(sizeof(REAL) == sizeof(float) ? (double)FLT_EPSILON : DBL_EPSILON))

/** A stream of repeatable numbers; any seed will do. */
typedef struct bench_rng {
  uint64_t state;
} bench_rng;

/** Scrambles `x` one to one, so that near inputs give far outputs.
 * Source: the finisher of SplitMix64, Steele, Lea and Flood, OOPSLA 2014. */
static inline uint64_t bench_mix(uint64_t x)
{
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/** The next 64 random bits. */
static inline uint64_t bench_next(bench_rng *rng)
{
  rng->state += UINT64_C(0x9e3779b97f4a7c15);
  return bench_mix(rng->state);
}

/** The next whole number in [0, limit). */
static inline uint32_t bench_below(bench_rng *rng, uint32_t limit)
{
  return (uint32_t)(((bench_next(rng) >> 32) * limit) >> 32);
}

/** The next number in [0, 1), a multiple of 2^-24: no bit is lost in a float. */
static inline REAL bench_uniform(bench_rng *rng)
{
  return (REAL)(int32_t)(bench_next(rng) >> 40) * (REAL)0x1p-24;
}

/** Fills `x` with numbers in [0, 1). */
static inline void bench_fill(bench_rng *rng, REAL *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    x[i] = bench_uniform(rng);
}

/** `hash` with `word` added to it; order matters. */
static inline uint64_t bench_hash(uint64_t hash, uint64_t word)
{
  return bench_mix(hash ^ word) + UINT64_C(0x9e3779b97f4a7c15);
}

/** Prints a result that must be the same to the last bit. */
static inline void bench_checksum(const char *name, uint64_t value)
{
  printf("checksum %s %016" PRIx64 "\n", name, value);
}

/** Prints a result that may differ by rounding. */
static inline void bench_value(const char *name, double value)
{
  printf("value %s %.17g\n", name, value);
}

/** Prints the root mean square of `x`, later elements weighing up to twice as much so that their
 * order shows. Summed in double: the report must not add rounding of its own. */
static inline void bench_norm(const char *name, const REAL *x, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += (double)x[i] * (double)x[i] * (1 + (double)i / (double)n);
  bench_value(name, sqrt(sum / (1.5 * (double)n)));
}

#endif
