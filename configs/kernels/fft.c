/* Smooths a random signal by fast Fourier transform: forward, damp the high frequencies, back;
 * several rounds. Method: radix 2, in place, decimation in time (Cooley and Tukey 1965).
 *
 * In the set for its strides: the distance between the two halves of a butterfly doubles at every
 * level, from next door to half the array, and the bit reversal jumps everywhere.
 */
#include "bench.h"

enum { LEVELS = 17, N = 1 << LEVELS, ROUNDS = 12 };

static REAL re[N], im[N], cosine[N / 2], sine[N / 2];

static void fill_twiddles(void)
{
  const double turn = 2 * acos(-1.0) / N;
  for (size_t k = 0; k < N / 2; k++) {
    cosine[k] = (REAL)cos(turn * (double)k);
    sine[k] = (REAL)-sin(turn * (double)k);
  }
}

static void swap(REAL *p, REAL *q)
{
  REAL t = *p;
  *p = *q;
  *q = t;
}

static void reverse_bits(REAL *x, REAL *y)
{
  for (size_t i = 1, j = 0; i < N; i++) {
    size_t bit = N / 2;
    for (; j & bit; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(&x[i], &x[j]);
      swap(&y[i], &y[j]);
    }
  }
}

/* One group of butterflies: x[0, half) with x[half, 2 half). */
static void combine(REAL *x, REAL *y, size_t half)
{
  const size_t stride = N / 2 / half;
  for (size_t k = 0; k < half; k++) {
    REAL c = cosine[k * stride], s = sine[k * stride];
    REAL tx = c * x[k + half] - s * y[k + half];
    REAL ty = c * y[k + half] + s * x[k + half];
    x[k + half] = x[k] - tx;
    y[k + half] = y[k] - ty;
    x[k] += tx;
    y[k] += ty;
  }
}

/* Transforms x + iy. With x and y exchanged it is the inverse, but for a factor of N. */
static void transform(REAL *x, REAL *y)
{
  reverse_bits(x, y);
  for (size_t half = 1; half < N; half *= 2) {
    for (size_t i = 0; i < N; i += 2 * half)
      combine(x + i, y + i, half);
  }
}

/* Halves the highest frequency, keeps the lowest; divides by N, which the inverse leaves out. */
static void damp(void)
{
  for (size_t k = 0; k < N; k++) {
    size_t frequency = k < N / 2 ? k : N - k;
    REAL gain = (1 - (REAL)frequency / N) / N;
    re[k] *= gain;
    im[k] *= gain;
  }
}

int main(void)
{
  bench_rng rng = {4};
  bench_fill(&rng, re, N);
  fill_twiddles();
  for (int i = 0; i < ROUNDS; i++) {
    transform(re, im);
    damp();
    transform(im, re);
  }
  bench_norm("signal", re, N);
  return 0;
}
