/* benchrun.core.proc from Lua: what it gives, what it raises, and that neither memory nor a child
 * leaks. The helper is found by the binding itself, beside this program's folder. */
#include "bind_test.h"

#include "bind/modules.h"

#include <errno.h>
#include <sys/wait.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.proc", luaopen_benchrun_core_proc},
    {NULL, NULL},
};

#define PROC                                                                                       \
  "local proc = require 'benchrun.core.proc' "                                                     \
  "local function sh(script) return { argv = { '/bin/sh', '-c', script } } end "

static int no_child_left(void **state)
{
  (void)state;
  return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

static void run(const char *script)
{
  bind_test_run(modules, script);
}

static void raises(const char *script, const char *part)
{
  bind_test_raises(modules, script, part);
}

static void run_gives_the_exit_code_and_the_cost(void **state)
{
  (void)state;
  run(PROC "local r = assert(proc.run(sh 'exit 3'))"
           "assert(r.outcome == 'exited' and r.exit_code == 3)"
           "assert(r.signal == nil and r.signal_name == nil)"
           "assert(r.wall > 0 and r.wall < 10 and r.user >= 0 and r.sys >= 0)"
           "assert(math.type(r.peak_bytes) == 'integer' and r.peak_bytes > 100000)");
}

static void run_names_the_signal(void **state)
{
  (void)state;
  run(PROC "local r = proc.run(sh 'kill -SEGV $$')"
           "assert(r.outcome == 'signaled' and r.exit_code == nil)"
           "assert(r.signal == 11 and r.signal_name == 'SIGSEGV')"
           "assert(proc.run(sh 'kill -40 $$').signal_name == 'signal 40')");
}

static void run_ends_at_the_deadline(void **state)
{
  (void)state;
  run(PROC "local s = sh 'trap \"\" TERM; sleep 9; sleep 9' s.deadline, s.grace = 0.1, 0.1 "
           "local r = proc.run(s)"
           "assert(r.outcome == 'timeout' and r.signal_name == 'SIGKILL' and r.wall < 8)");
}

static void run_takes_variables_directory_and_files(void **state)
{
  (void)state;
  run(PROC "local name = os.tmpname()"
           "local s = sh 'echo \"$A|$B\"; pwd -P; echo err >&2'"
           "s.env, s.cwd, s.stdout, s.stderr = { A = 'a=1', B = '' }, '/usr', name, name "
           "assert(proc.run(s).exit_code == 0)"
           "local file <close> = assert(io.open(name)) os.remove(name)"
           "assert(file:read('a') == 'a=1|\\n/usr\\nerr\\n')");
}

static void run_limits_memory(void **state)
{
  (void)state;
  run(PROC "local r = proc.run { memory_limit = 100 << 20,"
           "  argv = { 'dd', 'if=/dev/zero', 'of=/dev/null', 'bs=200M', 'count=1' } }"
           "assert(r.exit_code ~= 0)");
}

static void run_limits_files(void **state)
{
  (void)state;
  run(PROC "local path = os.tmpname()"
           "local r = proc.run { file_limit = 5000, stdout = path, argv = { 'yes' } }"
           "os.remove(path)"
           "assert(r.signal_name == 'SIGXFSZ')");
}

static void failures_of_the_world_are_returned(void **state)
{
  (void)state;
  run(PROC
      "local r, msg, code = proc.run { argv = { 'no-such-program-anywhere' } }"
      "assert(r == nil and code == 'notfound' and msg:find('no-such-program-anywhere', 1, true))"
      "local s = sh 'exit 0' s.cwd = '/no/such/dir' r, msg, code = proc.start(s)"
      "assert(r == nil and code == 'io' and msg:find('/no/such/dir', 1, true))"
      "s = sh 'exit 0' s.stdout = '/no/such/dir/x' r, msg, code = proc.start(s)"
      "assert(r == nil and code == 'io' and msg:find('/no/such/dir/x', 1, true))");
}

static void mistakes_raise(void **state)
{
  (void)state;
  raises(PROC "proc.start()", "table expected");
  raises(PROC "proc.start { argv = { 'true' }, deadlin = 1 }", "unknown field 'deadlin'");
  raises(PROC "proc.start {}", "field 'argv': table expected, got nil");
  raises(PROC "proc.start { argv = {} }", "argv");
  raises(PROC "proc.start { argv = { 'true', 1 } }", "value 2: string expected, got number");
  raises(PROC "proc.start { argv = { 'true', 'a\\0b' } }", "value 2 holds a NUL");
  raises(PROC "proc.start { argv = { 'true' }, env = 1 }", "field 'env': table expected");
  raises(PROC "proc.start { argv = { 'true' }, env = { 'A' } }", "names without '='");
  raises(PROC "proc.start { argv = { 'true' }, env = { ['A=B'] = 'c' } }", "names without '='");
  raises(PROC "proc.start { argv = { 'true' }, env = { A = 1 } }",
         "A: string expected, got number");
  raises(PROC "proc.start { argv = { 'true' }, env = { A = 'a\\0b' } }", "holds a NUL");
  raises(PROC "proc.start { argv = { 'true' }, env = { [''] = 'a' } }", "env");
  raises(PROC "proc.start { argv = { 'true' }, cwd = 1 }", "field 'cwd': string expected");
  raises(PROC "proc.start { argv = { 'true' }, stdout = '' }", "stdout");
  raises(PROC "proc.start { argv = { 'true' }, deadline = -1 }", "deadline");
  raises(PROC "proc.start { argv = { 'true' }, grace = 0/0 }", "grace");
  raises(PROC "proc.start { argv = { 'true' }, memory_limit = -1 }", "memory_limit");
  raises(PROC "proc.start { argv = { 'true' }, memory_limit = 1e300 }", "memory_limit");
}

static void wait_gives_the_first_that_ended(void **state)
{
  (void)state;
  run(PROC "local slow <close> = proc.start(sh 'sleep 30')"
           "local fast <close> = proc.start(sh 'exit 7')"
           "assert(fast:pid() > 0 and slow:pid() ~= fast:pid())"
           "assert(proc.wait { slow, fast } == 2)"
           "assert(fast:result().exit_code == 7 and fast:result().exit_code == 7)"
           "assert(fast:pid() == nil and slow:result() == nil)"
           "local i, why = proc.wait({ slow }, 0.05)"
           "assert(i == nil and why == 'timeout')");
}

static void wait_refuses_what_is_no_child(void **state)
{
  (void)state;
  raises(PROC "proc.wait()", "table expected");
  raises(PROC "proc.wait {}", "no child");
  raises(PROC "proc.wait { 1 }", "value 1: an open child expected, got number");
  raises(PROC "local c = proc.start(sh 'exit 0') c:close() proc.wait { c }",
         "value 1: an open child");
  raises(PROC "local c <close> = proc.start(sh 'exit 0') proc.wait({ c }, 'x')", "number expected");
}

static void result_comes_without_a_wait(void **state)
{
  (void)state;
  run(PROC "local c <close> = proc.start(sh 'exit 1')"
           "local r repeat r = c:result() until r assert(r.exit_code == 1)");
}

static void kill_ends_a_child(void **state)
{
  (void)state;
  run(PROC "local c <close> = proc.start(sh 'sleep 30 & wait')"
           "c:kill() c:kill() assert(proc.wait { c } == 1)"
           "local r = c:result() assert(r.outcome == 'killed' and r.signal_name == 'SIGTERM')"
           "c:kill()");
}

static void close_ends_a_child_and_may_be_repeated(void **state)
{
  (void)state;
  run(PROC "local c = proc.start(sh 'trap \"\" TERM; sleep 30; sleep 30') c:close() c:close()"
           "do local d <close> = c end");
  raises(PROC "local c = proc.start(sh 'exit 0') c:close() c:result()", "closed");
  raises(PROC "local c = proc.start(sh 'exit 0') c:close() c:kill()", "closed");
}

static void the_collector_ends_a_child(void **state)
{
  (void)state;
  run(PROC "proc.start(sh 'sleep 30') collectgarbage() collectgarbage()");
  assert_int_equal(no_child_left(NULL), 0);
  run(PROC "child = proc.start(sh 'sleep 30')");
}

static void cpu_count_is_a_positive_integer(void **state)
{
  (void)state;
  run(PROC "assert(math.type(proc.cpu_count()) == 'integer' and proc.cpu_count() >= 1)");
}

static void start_wait_result_survive_failing_allocations(void **state)
{
  (void)state;
  bind_test_every_allocation(modules,
                             "local proc = require 'benchrun.core.proc'"
                             "local c <close> = proc.start { argv = { 'true' }, env = { A = '1' } }"
                             "proc.wait({ c })"
                             "c:result()"
                             "c:close()");
}

static void run_survives_failing_allocations(void **state)
{
  (void)state;
  bind_test_every_allocation(modules, "local proc = require 'benchrun.core.proc'"
                                      "proc.run { argv = { 'false' }, deadline = 9 }");
}

#define TEST(name) cmocka_unit_test_teardown(name, no_child_left)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(run_gives_the_exit_code_and_the_cost),
      TEST(run_names_the_signal),
      TEST(run_ends_at_the_deadline),
      TEST(run_takes_variables_directory_and_files),
      TEST(run_limits_memory),
      TEST(run_limits_files),
      TEST(failures_of_the_world_are_returned),
      TEST(mistakes_raise),
      TEST(wait_gives_the_first_that_ended),
      TEST(wait_refuses_what_is_no_child),
      TEST(result_comes_without_a_wait),
      TEST(kill_ends_a_child),
      TEST(close_ends_a_child_and_may_be_repeated),
      TEST(the_collector_ends_a_child),
      TEST(cpu_count_is_a_positive_integer),
      TEST(start_wait_result_survive_failing_allocations),
      TEST(run_survives_failing_allocations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
