/* Gravity among N bodies, every pair, with softening; a few leapfrog steps (kick, then drift).
 *
 * In the set for its square roots and divisions, which set the pace of scalar code and which
 * vectors do many at a time. The steps are few and the softening wide because the problem is
 * chaotic: over a long run a rounding error would grow until no tolerance could tell a broken
 * compiler from a sound one.
 */
#include "bench.h"

enum { N = 1024, STEPS = 31 };

static const REAL dt = (REAL)0.01, softening2 = (REAL)0.01;
static REAL mass[N], px[N], py[N], pz[N], vx[N], vy[N], vz[N];

static void kick(size_t i)
{
  REAL ax = 0, ay = 0, az = 0;
  for (size_t j = 0; j < N; j++) {
    REAL dx = px[j] - px[i], dy = py[j] - py[i], dz = pz[j] - pz[i];
    REAL r2 = dx * dx + dy * dy + dz * dz + softening2;
    REAL pull = mass[j] / (r2 * sqrt(r2));
    ax += dx * pull;
    ay += dy * pull;
    az += dz * pull;
  }
  vx[i] += dt * ax;
  vy[i] += dt * ay;
  vz[i] += dt * az;
}

static void drift(size_t i)
{
  px[i] += dt * vx[i];
  py[i] += dt * vy[i];
  pz[i] += dt * vz[i];
}

static void step(void)
{
  for (size_t i = 0; i < N; i++)
    kick(i);
  for (size_t i = 0; i < N; i++)
    drift(i);
}

static double kinetic_energy(void)
{
  double sum = 0;
  for (size_t i = 0; i < N; i++) {
    double x = (double)vx[i], y = (double)vy[i], z = (double)vz[i];
    sum += 0.5 * (double)mass[i] * (x * x + y * y + z * z);
  }
  return sum;
}

static void place_bodies(bench_rng *rng)
{
  bench_fill(rng, px, N);
  bench_fill(rng, py, N);
  bench_fill(rng, pz, N);
  for (size_t i = 0; i < N; i++)
    mass[i] = (bench_uniform(rng) + (REAL)0.5) / N;
}

int main(void)
{
  bench_rng rng = {3};
  place_bodies(&rng);
  for (int i = 0; i < STEPS; i++)
    step();
  bench_norm("x", px, N);
  bench_norm("y", py, N);
  bench_norm("z", pz, N);
  bench_value("kinetic", kinetic_energy());
  return 0;
}
