/* Compensated summation (W. Kahan, 1965) of a ledger: large deposits, many small amounts, the same
 * large withdrawals. Beside the balance every amount is under half a unit in the last place: a
 * plain sum loses them all and ends near zero.
 *
 * In the set as the test of accuracy. The compensation is zero by the rules of algebra, so a
 * compiler that is allowed to use them (-Ofast, -ffast-math) removes it: faster by far, and wrong.
 * Without that licence every result is the same to the last bit, for there is nothing but additions
 * and one order to do them in. Each deposit is repeated LANES times: split into as many as LANES
 * partial sums, each still holds a large one.
 */
#include "bench.h"

enum { LANES = 64, AMOUNTS = 500000, ENTRIES = AMOUNTS + 2 * LANES, ROUNDS = 60 };

static REAL ledger[ENTRIES];

/* Under a quarter, while the large amounts are 1 / REAL_EPSILON, where REALs stand one apart. */
static REAL small_amount(bench_rng *rng)
{
  return bench_uniform(rng) / 4;
}

static void fill_ledger(bench_rng *rng)
{
  const REAL large = 1 / REAL_EPSILON;
  for (size_t i = 0; i < LANES; i++) {
    ledger[i] = large;
    ledger[ENTRIES - 1 - i] = -large;
  }
  for (size_t i = LANES; i < ENTRIES - LANES; i++)
    ledger[i] = small_amount(rng);
}

static REAL compensated_sum(const REAL *x, size_t n)
{
  REAL sum = 0, lost = 0;
  for (size_t i = 0; i < n; i++) {
    REAL term = x[i] - lost;
    REAL next = sum + term;
    lost = (next - sum) - term;
    sum = next;
  }
  return sum;
}

int main(void)
{
  bench_rng rng = {8};
  double total = 0;
  fill_ledger(&rng);
  for (size_t round = 0; round < ROUNDS; round++) {
    ledger[LANES + round] = small_amount(&rng);
    total += (double)compensated_sum(ledger, ENTRIES);
  }
  bench_value("balance", total / ROUNDS);
  return 0;
}
