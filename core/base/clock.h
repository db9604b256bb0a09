/* Time. Monotonic seconds for durations, Unix seconds for dates. */
#ifndef BR_BASE_CLOCK_H
#define BR_BASE_CLOCK_H

/* Seconds since an arbitrary start, never going back (CLOCK_MONOTONIC). */
double br_clock_monotonic(void);

/* Seconds since 1970-01-01 UTC, with fraction (CLOCK_REALTIME). */
double br_clock_unix(void);

#endif
