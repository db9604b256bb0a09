/* Sparse matrix times vector, repeated: x = d A x + (1 - d) s, whose fixed point ranks pages and
 * random walks. A is in compressed rows (CSR); every row has DEGREE random columns and sums to one,
 * so that x stays bounded.
 *
 * In the set because it reads through an index: no address is known before its column is, and the
 * matrix is read from memory once a round. No level of optimisation removes either.
 */
#include "bench.h"

enum { ROWS = 100000, DEGREE = 20, ENTRIES = ROWS * DEGREE, ROUNDS = 17 };

static uint32_t row_start[ROWS + 1], column[ENTRIES];
static REAL weight[ENTRIES], source[ROWS], x[ROWS], y[ROWS];

static void fill_row(bench_rng *rng, uint32_t row)
{
  uint32_t first = row * DEGREE;
  REAL sum = 0;
  for (uint32_t k = first; k < first + DEGREE; k++) {
    column[k] = bench_below(rng, ROWS);
    weight[k] = bench_uniform(rng) + (REAL)0.125;
    sum += weight[k];
  }
  for (uint32_t k = first; k < first + DEGREE; k++)
    weight[k] /= sum;
  row_start[row + 1] = first + DEGREE;
}

/* to = d A from + (1 - d) source */
static void step(REAL *restrict to, const REAL *restrict from)
{
  const REAL damping = (REAL)0.85;
  for (uint32_t row = 0; row < ROWS; row++) {
    REAL sum = 0;
    for (uint32_t k = row_start[row]; k < row_start[row + 1]; k++)
      sum += weight[k] * from[column[k]];
    to[row] = damping * sum + (1 - damping) * source[row];
  }
}

int main(void)
{
  bench_rng rng = {2};
  for (uint32_t row = 0; row < ROWS; row++)
    fill_row(&rng, row);
  bench_fill(&rng, source, ROWS);
  bench_fill(&rng, x, ROWS);
  for (int round = 0; round < ROUNDS; round++) {
    step(y, x);
    step(x, y);
  }
  bench_norm("state", x, ROWS);
  return 0;
}
