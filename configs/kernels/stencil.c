/* Heat in a plate: each point becomes a mix of itself and its four neighbours, the rim stays as it
 * is. Jacobi's scheme, from one grid to another and back.
 *
 * In the set for plain arithmetic on neighbours, each point apart from the others: the loop that
 * vectors suit best. The grids fit a large cache, so that memory does not set the pace; the odd
 * width leaves a remainder after every vector.
 */
#include "bench.h"

enum { N = 601, ROUNDS = 210 };

static REAL grid[(size_t)N * N], next[(size_t)N * N];

static void step(REAL *restrict to, const REAL *restrict from)
{
  const REAL keep = (REAL)0.6, take = (REAL)0.1;
  for (size_t row = 1; row < N - 1; row++) {
    const REAL *above = from + (row - 1) * N, *here = above + N, *below = here + N;
    REAL *out = to + row * N;
    for (size_t i = 1; i < N - 1; i++)
      out[i] = keep * here[i] + take * (here[i - 1] + here[i + 1] + above[i] + below[i]);
  }
}

int main(void)
{
  bench_rng rng = {9};
  bench_fill(&rng, grid, (size_t)N * N);
  for (size_t i = 0; i < (size_t)N * N; i++)
    next[i] = grid[i];
  for (int i = 0; i < ROUNDS; i++) {
    step(next, grid);
    step(grid, next);
  }
  bench_norm("heat", grid, (size_t)N * N);
  return 0;
}
