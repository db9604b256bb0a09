/* Tasks over threads, and the flag that ends them. */
#include "base/interrupt.h"
#include "base/parallel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { TASKS = 1000 };

struct seen {
  atomic_int runs[TASKS];
  atomic_size_t most_workers;
  size_t fail_from; /* this task and those behind it fail */
};

static br_code run(void *context, size_t task, size_t worker, br_err *err)
{
  struct seen *seen = context;
  atomic_fetch_add(&seen->runs[task], 1);
  size_t most = atomic_load(&seen->most_workers);
  while (worker + 1 > most && !atomic_compare_exchange_weak(&seen->most_workers, &most, worker + 1))
    ;
  return task < seen->fail_from ? BR_OK : br_fail(err, BR_EPARSE, "task %zu", task);
}

static void every_task_runs_once(void **state)
{
  (void)state;
  for (size_t threads = 1; threads <= 8; threads *= 2) {
    struct seen seen = {.fail_from = TASKS};
    br_err err;
    assert_int_equal(br_parallel_run(TASKS, threads, run, &seen, &err), BR_OK);
    for (size_t i = 0; i < TASKS; i++)
      assert_int_equal(seen.runs[i], 1);
    assert_true(seen.most_workers <= threads);
  }
}

static void no_tasks_are_fine(void **state)
{
  (void)state;
  assert_int_equal(br_parallel_run(0, 0, run, NULL, NULL), BR_OK);
}

static void the_first_failure_is_told(void **state)
{
  (void)state;
  for (int round = 0; round < 50; round++) {
    struct seen seen = {.fail_from = 37};
    br_err err;
    assert_int_equal(br_parallel_run(TASKS, 4, run, &seen, &err), BR_EPARSE);
    assert_string_equal(err.msg, "task 37");
  }
}

static void an_interrupt_ends_it(void **state)
{
  (void)state;
  struct seen seen = {.fail_from = TASKS};
  br_err err;
  br_interrupt_raise();
  assert_int_equal(br_parallel_run(TASKS, 2, run, &seen, &err), BR_EINTR);
  assert_string_equal(err.msg, "interrupted");
  br_interrupt_clear();
  assert_int_equal(br_interrupt_check(&err), BR_OK);
}

static void the_number_of_threads_can_be_set(void **state)
{
  (void)state;
  assert_true(br_parallel_threads() >= 1);
  br_parallel_set_threads(3);
  assert_int_equal(br_parallel_threads(), 3);
  br_parallel_set_threads(0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_task_runs_once),
      cmocka_unit_test(no_tasks_are_fine),
      cmocka_unit_test(the_first_failure_is_told),
      cmocka_unit_test(an_interrupt_ends_it),
      cmocka_unit_test(the_number_of_threads_can_be_set),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
