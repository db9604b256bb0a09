/* Tasks over threads; see parallel.h. Threads are made for the call: that takes some 30 µs, so callers
 * keep small work to one thread by making it one task. */
#define _GNU_SOURCE
#include "base/parallel.h"

#include "base/interrupt.h"
#include "base/mem.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

enum { MAX_THREADS = 256 };

struct job {
  br_task run;
  void *context;
  size_t tasks;
  atomic_size_t next;
  atomic_bool stopped;
  pthread_mutex_t lock; /* of what follows */
  size_t failed;        /* the lowest task that failed; tasks while none did */
  br_err err;
};

struct worker {
  struct job *job;
  size_t number;
  pthread_t thread;
};

static atomic_size_t wanted_threads;

static size_t processors(void)
{
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    return 1;
  int n = CPU_COUNT(&set);
  return n > 1 ? (size_t)n : 1;
}

size_t br_parallel_threads(void)
{
  size_t wanted = atomic_load(&wanted_threads);
  return wanted ? wanted : processors();
}

void br_parallel_set_threads(size_t threads)
{
  atomic_store(&wanted_threads, threads);
}

static void note_failure(struct job *job, size_t task, const br_err *err)
{
  atomic_store(&job->stopped, true);
  (void)pthread_mutex_lock(&job->lock);
  if (task < job->failed) {
    job->failed = task;
    job->err = *err;
  }
  (void)pthread_mutex_unlock(&job->lock);
}

/* Tasks are taken in order and a task once taken is finished, so every task below the lowest failure has
 * run: which failure is the lowest does not depend on the threads. */
static void *work(void *argument)
{
  struct worker *worker = argument;
  struct job *job = worker->job;
  br_err err = {0};
  while (!atomic_load(&job->stopped)) {
    size_t task = atomic_fetch_add(&job->next, 1);
    if (task >= job->tasks)
      break;
    br_code code = br_interrupt_check(&err);
    if (code == BR_OK)
      code = job->run(job->context, task, worker->number, &err);
    if (code != BR_OK)
      note_failure(job, task, &err);
  }
  return NULL;
}

/* Starts up to n - 1 helpers with all signals blocked; returns how many there are. */
static size_t start_helpers(struct worker *workers, size_t n)
{
  sigset_t all;
  sigset_t before;
  size_t started = 1;
  (void)sigfillset(&all);
  if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
    return started;
  while (started < n &&
         pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
    started++;
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return started;
}

static void run_workers(struct job *job, size_t threads)
{
  struct worker workers[MAX_THREADS];
  workers[0] = (struct worker){.job = job};
  for (size_t i = 1; i < threads; i++)
    workers[i] = (struct worker){.job = job, .number = i};
  size_t started = threads > 1 ? start_helpers(workers, threads) : 1;
  (void)work(&workers[0]);
  for (size_t i = 1; i < started; i++)
    (void)pthread_join(workers[i].thread, NULL);
}

br_code br_parallel_run(size_t tasks, size_t threads, br_task run, void *context, br_err *err)
{
  struct job job = {.run = run, .context = context, .tasks = tasks, .failed = tasks};
  threads = threads ? threads : br_parallel_threads();
  threads = threads < tasks ? threads : tasks;
  threads = threads < MAX_THREADS ? threads : MAX_THREADS;
  if (tasks == 0)
    return BR_OK;
  (void)pthread_mutex_init(&job.lock, NULL);
  run_workers(&job, threads);
  (void)pthread_mutex_destroy(&job.lock);
  if (job.failed == tasks)
    return BR_OK;
  if (err)
    *err = job.err;
  return job.err.code;
}
