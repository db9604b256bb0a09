/* Sorts random REALs by quicksort (Hoare's partition, median of three), short runs by insertion.
 *
 * In the set for its branches: whether a number goes left or right is a coin toss that the
 * processor cannot predict, so the time is that of mispredictions unless the compiler finds a way
 * without a jump. The result is exact: sorting rounds nothing, so the checksum is the same for
 * every compiler and for both types.
 */
#include "bench.h"

enum { N = 1150000, SHORT_RUN = 16 };

static REAL data[N];

static void swap(REAL *p, REAL *q)
{
  REAL t = *p;
  *p = *q;
  *q = t;
}

static void insertion_sort(REAL *x, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    REAL value = x[i];
    size_t j = i;
    for (; j > 0 && x[j - 1] > value; j--)
      x[j] = x[j - 1];
    x[j] = value;
  }
}

/* Leaves the median of first, middle and last in the middle; the ends then stop the scans of
 * partition(). */
static REAL median_of_three(REAL *x, size_t n)
{
  REAL *first = x, *middle = x + n / 2, *last = x + n - 1;
  if (*middle < *first)
    swap(middle, first);
  if (*last < *middle)
    swap(last, middle);
  if (*middle < *first)
    swap(middle, first);
  return *middle;
}

/* Returns the length of the left part: none in it is above any in the right one, and neither is
 * empty. */
static size_t partition(REAL *x, size_t n)
{
  REAL pivot = median_of_three(x, n);
  REAL *left = x, *right = x + n - 1;
  for (;;) {
    while (*left < pivot)
      left++;
    while (pivot < *right)
      right--;
    if (left >= right)
      return (size_t)(right - x) + 1;
    swap(left++, right--);
  }
}

static void quicksort(REAL *x, size_t n)
{
  while (n > SHORT_RUN) {
    size_t left = partition(x, n);
    quicksort(x + left, n - left);
    n = left;
  }
  insertion_sort(x, n);
}

static uint64_t checksum(void)
{
  uint64_t hash = 0;
  for (size_t i = 0; i < N; i++)
    hash = bench_hash(hash, (uint64_t)(data[i] * (REAL)0x1p24));
  return hash;
}

int main(void)
{
  bench_rng rng = {5};
  bench_fill(&rng, data, N);
  quicksort(data, N);
  bench_checksum("order", checksum());
  return 0;
}
