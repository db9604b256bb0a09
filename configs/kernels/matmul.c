/* Dense product C = A B by rows and columns, the textbook's three loops.
 *
 * In the set because the loop order is poor on purpose: B is walked down its columns and each sum
 * is one chain of additions. A compiler that interchanges the loops may use vectors and win
 * threefold; one that does not adds one product at a time. N is odd, so that vectors never come out
 * even.
 */
#include "bench.h"

enum { N = 489 };

static REAL a[N][N], b[N][N], c[N][N];

static void multiply(void)
{
  for (size_t i = 0; i < N; i++) {
    for (size_t j = 0; j < N; j++) {
      REAL sum = 0;
      for (size_t k = 0; k < N; k++)
        sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  }
}

int main(void)
{
  bench_rng rng = {1};
  bench_fill(&rng, &a[0][0], (size_t)N * N);
  bench_fill(&rng, &b[0][0], (size_t)N * N);
  multiply();
  bench_norm("product", &c[0][0], (size_t)N * N);
  return 0;
}
