/* Work in parts on all cores.
 *
 * A job is a number of tasks, 0 … tasks - 1, handed out in that order to the calling thread and some
 * helpers, which live as long as the call. A caller cuts its work by size alone, never by the number of
 * threads, so that the result does not depend on it. Worker threads block every signal. */
#ifndef BR_BASE_PARALLEL_H
#define BR_BASE_PARALLEL_H

#include "base/err.h"

#include <stddef.h>

/* One part of the work. worker: below the number of threads, for scratch memory of its own. */
typedef br_code (*br_task)(void *context, size_t task, size_t worker, br_err *err);

/* Runs all tasks on at most `threads` threads; 0: as br_parallel_threads says. Where tasks fail, no more
 * are handed out and the error is that of the lowest-numbered one that failed, whatever the number of
 * threads. BR_EINTR where the user interrupts, see base/interrupt.h. Threads that the system refuses are
 * done without. */
br_code br_parallel_run(size_t tasks, size_t threads, br_task run, void *context,
                        br_err *err) BR_MUST_USE;

/* How many threads a call takes that names none: what was set, else the processors that this process may
 * run on. At least 1. */
size_t br_parallel_threads(void);
/* 0: the processors again. For the program's start; not while work is under way. */
void br_parallel_set_threads(size_t threads);

#endif
