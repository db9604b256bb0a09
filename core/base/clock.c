/* Clocks; see clock.h. */
#include "base/clock.h"

#include <time.h>

static double seconds(clockid_t clock)
{
  struct timespec t = {0};
  (void)clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double br_clock_monotonic(void)
{
  return seconds(CLOCK_MONOTONIC);
}

double br_clock_unix(void)
{
  return seconds(CLOCK_REALTIME);
}
