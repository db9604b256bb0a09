/* Geometric mean, by products instead of logarithms.
 *
 * A number is m · 2^e with m in [1, 2). The mantissas of a block are multiplied, which can't overflow, and
 * the exponents added, exactly; one logarithm is taken of each block's product. Each multiplication is
 * wrong by half a unit in the last place at most, so n of them, under the n-th root, by half a unit too:
 * the result is good to a few units, also for numbers near the ends of the range, whose logarithms' mean
 * would lose digits in exp.
 *
 * The rules for the ends are those of log(0) = -inf, log(inf) = inf and log of a negative number =
 * NaN: any negative value gives NaN, else 0 with inf gives NaN, else any 0 gives 0, any inf gives
 * inf. */
#include "stats/kernel.h"

#include "stats/sum.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
  LANES = 4, /* products side by side, so that one need not wait for the other */
  BLOCK = 512,
  BIAS = 1023,
  MANTISSA = 52,
};

static const uint64_t mantissa_bits = (UINT64_C(1) << MANTISSA) - 1;
static const uint64_t one_bits = (uint64_t)BIAS << MANTISSA;

struct product {
  br_sum logs;      /* of the blocks' products */
  int64_t exponent; /* sum of the exponents */
  bool has_zero, has_inf, has_nan;
};

static inline bool is_normal(uint64_t bits) /* and positive */
{
  uint64_t least = UINT64_C(1) << MANTISSA;
  return bits - least < (UINT64_C(0x7ff) << MANTISSA) - least;
}

static inline double mantissa_of(uint64_t bits)
{
  double m = 0;
  bits = (bits & mantissa_bits) | one_bits;
  memcpy(&m, &bits, sizeof m);
  return m;
}

/* A number that is not normal: 1 stands for what the flags tell. */
static double take_odd(struct product *p, double x)
{
  int exponent = 0;
  p->has_nan = p->has_nan || isnan(x) || x < 0;
  p->has_zero = p->has_zero || x == 0;
  p->has_inf = p->has_inf || x > 1;
  if (!(x > 0) || x > 1)
    return 1;
  double m = 2 * frexp(x, &exponent);
  p->exponent += exponent - 1;
  return m;
}

static inline double take(struct product *p, double x)
{
  uint64_t bits = 0;
  memcpy(&bits, &x, sizeof bits);
  if (!is_normal(bits))
    return take_odd(p, x);
  p->exponent += (int64_t)(bits >> MANTISSA) - BIAS;
  return mantissa_of(bits);
}

static void take_block(struct product *p, const double *x, size_t n)
{
  double lane[LANES] = {1, 1, 1, 1};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    lane[0] *= take(p, x[i]);
    lane[1] *= take(p, x[i + 1]);
    lane[2] *= take(p, x[i + 2]);
    lane[3] *= take(p, x[i + 3]);
  }
  for (; i < n; i++)
    lane[0] *= take(p, x[i]);
  br_sum_add(&p->logs, log((lane[0] * lane[1]) * (lane[2] * lane[3])));
}

/* 2^(exponent / n) · exp(logs / n), the whole part of the exponent apart. */
static double root_of(const struct product *p, size_t n)
{
  int64_t count = (int64_t)n, whole = p->exponent / count, rest = p->exponent % count;
  if (rest < 0) {
    whole--;
    rest += count;
  }
  static const double ln2 = 0.693147180559945309417;
  double power = ln2 * ((double)rest / (double)n) + br_sum_value(&p->logs) / (double)n;
  return ldexp(exp(power), (int)whole);
}

static br_code geomean_run(const double *x, size_t n, const void *context, double *out, br_err *err)
{
  (void)context;
  (void)err;
  struct product p = {{0, 0}, 0, false, false, false};
  for (size_t at = 0; at < n; at += BLOCK)
    take_block(&p, x + at, n - at < BLOCK ? n - at : BLOCK);
  if (n == 0 || p.has_nan || (p.has_zero && p.has_inf))
    *out = NAN;
  else if (p.has_zero)
    *out = 0;
  else
    *out = p.has_inf ? INFINITY : root_of(&p, n);
  return BR_OK;
}

const br_kernel br_kernel_geomean = {
    .name = "geomean",
    .help = "Geometric mean: 0 if a value is 0, inf if one is inf, NaN if one is negative, if 0 "
            "meets inf, and for no values.",
    .source = "ISO 3534-1; products of mantissas, exponents apart",
    .run = geomean_run,
};
