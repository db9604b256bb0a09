/* proc: real commands through the real helper. Its path: BENCHRUN_SPAWN, or ../benchrun-spawn
 * beside this program's folder. */
#define _GNU_SOURCE
#include "base/clock.h"
#include "base/file.h"
#include "proc/proc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SH(script) ((const char *const[]){"/bin/sh", "-c", (script), NULL})
#define MB ((int64_t)1 << 20)

enum { PATH_ROOM = PATH_MAX, RUNS = 1000, MANY = 12, LONG_ARGUMENT = 100000 };

static char helper[PATH_ROOM]; /* path of benchrun-spawn */
static char folder[] = "/tmp/test_proc.XXXXXX";
static size_t blocks_before;
static char path_a[sizeof folder + 8], path_b[sizeof folder + 8];

static void find_helper(void)
{
  const char *given = getenv("BENCHRUN_SPAWN");
  char self[PATH_ROOM - 32];
  if (given) {
    (void)snprintf(helper, sizeof helper, "%s", given);
    return;
  }
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  self[n < 0 ? 0 : n] = '\0';
  char *slash = strrchr(self, '/');
  if (slash)
    *slash = '\0';
  (void)snprintf(helper, sizeof helper, "%s/../benchrun-spawn", self);
}

static int group_setup(void **state)
{
  (void)state;
  find_helper();
  if (!mkdtemp(folder))
    return -1;
  (void)snprintf(path_a, sizeof path_a, "%s/a", folder);
  (void)snprintf(path_b, sizeof path_b, "%s/b", folder);
  return 0;
}

static int group_teardown(void **state)
{
  (void)state;
  return rmdir(folder);
}

static int count_blocks(void **state)
{
  (void)state;
  blocks_before = br_mem_live();
  return 0;
}

/* After every test: no child, no block and no file is left. */
static int nothing_left(void **state)
{
  (void)state;
  br_mem_fail_at(0);
  (void)unlink(path_a);
  (void)unlink(path_b);
  return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD && br_mem_live() == blocks_before ? 0
                                                                                               : -1;
}

static br_proc_spec spec_for(const char *const *argv)
{
  return (br_proc_spec){.helper = helper, .argv = argv};
}

static br_proc *start(const br_proc_spec *spec)
{
  br_err err = {0};
  br_proc *p = NULL;
  if (br_proc_start(&p, spec, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return p;
}

static br_proc_result finish(br_proc *p)
{
  br_err err;
  size_t which = 99;
  assert_int_equal(br_proc_wait_any(&p, 1, 60, &which, &err), BR_OK);
  assert_int_equal(which, 0);
  assert_int_equal(br_proc_pid(p), 0);
  br_proc_result result = *br_proc_result_of(p);
  br_proc_free(p);
  return result;
}

static br_proc_result run(const br_proc_spec *spec)
{
  return finish(start(spec));
}

static br_proc_result run_sh(const char *script)
{
  br_proc_spec spec = spec_for(SH(script));
  return run(&spec);
}

/* What the command wrote on standard output; to be cleared. */
static br_str output_of(br_proc_spec spec)
{
  br_str text = {0};
  br_err err;
  spec.stdout_path = path_a;
  assert_int_equal(run(&spec).end, BR_PROC_EXITED);
  assert_int_equal(br_file_read(&text, path_a, &err), BR_OK);
  return text;
}

static void assert_output(br_proc_spec spec, const char *expected)
{
  br_str text = output_of(spec);
  assert_string_equal(text.data, expected);
  br_str_clear(&text);
}

static void assert_start_fails(const br_proc_spec *spec, br_code code, const char *word)
{
  br_err err = {0};
  br_proc *p = NULL;
  assert_int_equal(br_proc_start(&p, spec, &err), code);
  assert_int_equal(err.code, code);
  assert_null(p);
  assert_non_null(strstr(err.msg, word));
}

static void pause_ms(long ms)
{
  struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  while (nanosleep(&t, &t) != 0 && errno == EINTR)
    ;
}

/* The process ids that scripts have written to path_b, once there are n of them. */
static void read_pids(pid_t *pids, int n)
{
  for (int tries = 0; tries < 500; tries++, pause_ms(10)) {
    br_str text = {0};
    br_err err;
    int found = 0;
    if (br_file_read(&text, path_b, &err) == BR_OK && text.data) {
      char *rest = text.data;
      for (char *end = strchr(rest, '\n'); end && found < n; end = strchr(rest, '\n')) {
        pids[found++] = (pid_t)strtol(rest, NULL, 10);
        rest = end + 1;
      }
    }
    br_str_clear(&text);
    if (found == n)
      return;
  }
  fail_msg("the script wrote no %d process ids", n);
}

static bool is_gone(pid_t pid)
{
  return kill(pid, 0) != 0 && errno == ESRCH;
}

static void assert_gone_soon(pid_t pid)
{
  for (int tries = 0; tries < 500 && !is_gone(pid); tries++)
    pause_ms(10);
  assert_true(is_gone(pid));
}

/* A script that writes ids to path_b, which it knows as $F. */
static br_proc_spec pids_spec(const char *const *argv, const char *const **env)
{
  static char entry[sizeof path_b + 2];
  static const char *entries[] = {entry, NULL};
  (void)snprintf(entry, sizeof entry, "F=%s", path_b);
  *env = entries;
  br_proc_spec spec = spec_for(argv);
  spec.env = entries;
  return spec;
}

static void proc_reports_exit_codes(void **state)
{
  (void)state;
  br_proc_result zero = run_sh("exit 0"), seven = run_sh("exit 7"), last = run_sh("exit 255");
  assert_int_equal(zero.end, BR_PROC_EXITED);
  assert_int_equal(zero.exit_code, 0);
  assert_int_equal(zero.signal, 0);
  assert_int_equal(seven.exit_code, 7);
  assert_int_equal(last.exit_code, 255);
}

static void proc_reports_signals(void **state)
{
  (void)state;
  br_proc_result segv = run_sh("kill -SEGV $$"), killed = run_sh("kill -KILL $$");
  assert_int_equal(segv.end, BR_PROC_SIGNALED);
  assert_int_equal(segv.signal, SIGSEGV);
  assert_int_equal(segv.exit_code, -1);
  assert_int_equal(killed.signal, SIGKILL);
}

static void proc_says_at_once_that_there_is_no_such_program(void **state)
{
  (void)state;
  br_proc_spec no_path = spec_for((const char *const[]){"no-such-program-anywhere", NULL});
  br_proc_spec no_file = spec_for((const char *const[]){"/no/such/file", NULL});
  assert_start_fails(&no_path, BR_ENOTFOUND, "no-such-program-anywhere");
  assert_start_fails(&no_file, BR_ENOTFOUND, "/no/such/file");
}

static void proc_says_at_once_that_a_file_is_not_executable(void **state)
{
  (void)state;
  br_err err;
  br_proc_spec folder_spec = spec_for((const char *const[]){"/", NULL});
  br_proc_spec file_spec = spec_for((const char *const[]){path_a, NULL});
  assert_int_equal(br_file_write(path_a, "exit 0", 6, &err), BR_OK);
  assert_start_fails(&folder_spec, BR_EIO, "Permission denied");
  assert_start_fails(&file_spec, BR_EIO, path_a);
}

static void proc_says_at_once_that_a_directory_is_bad(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("exit 0"));
  spec.cwd = "/no/such/dir";
  assert_start_fails(&spec, BR_EIO, "/no/such/dir");
  spec.cwd = "/dev/null";
  assert_start_fails(&spec, BR_EIO, "/dev/null");
}

static void proc_says_at_once_that_an_output_file_is_bad(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("exit 0"));
  spec.stdout_path = "/no/such/dir/out";
  assert_start_fails(&spec, BR_EIO, "/no/such/dir/out");
  spec.stdout_path = NULL;
  spec.stderr_path = "/";
  assert_start_fails(&spec, BR_EIO, "/");
}

static void proc_does_not_hang_on_a_fifo_that_nobody_reads(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("exit 0"));
  spec.stdout_path = path_a;
  assert_int_equal(mkfifo(path_a, 0600), 0);
  assert_start_fails(&spec, BR_EIO, path_a);
}

static void proc_says_that_the_helper_is_missing_or_another_program(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("exit 0"));
  spec.helper = "/no/such/helper";
  assert_start_fails(&spec, BR_EIO, "/no/such/helper");
  spec.helper = "/bin/true";
  assert_start_fails(&spec, BR_EIO, "/bin/true");
}

static void proc_helper_refuses_orders_that_it_does_not_know(void **state)
{
  (void)state;
  br_proc_spec none = spec_for((const char *const[]){helper, NULL});
  br_proc_spec other = spec_for(
      (const char *const[]){helper, "no version", "0", "0", "0", "", "", "", "/bin/true", NULL});
  assert_int_equal(run(&none).exit_code, 2);
  assert_int_equal(run(&other).exit_code, 2);
}

static void proc_refuses_nonsense(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for((const char *const[]){NULL});
  assert_start_fails(&spec, BR_EINVAL, "argv");
  spec = spec_for((const char *const[]){"", NULL});
  assert_start_fails(&spec, BR_EINVAL, "argv");
  spec = spec_for(SH("exit 0"));
  spec.deadline_s = -1;
  assert_start_fails(&spec, BR_EINVAL, "deadline");
  spec.deadline_s = (double)NAN;
  assert_start_fails(&spec, BR_EINVAL, "deadline");
  spec.deadline_s = 0;
  spec.grace_s = (double)INFINITY;
  assert_start_fails(&spec, BR_EINVAL, "grace");
  spec.grace_s = 0;
  spec.cwd = "";
  assert_start_fails(&spec, BR_EINVAL, "cwd");
  spec.cwd = NULL;
  spec.env = (const char *const[]){"NOVALUE", NULL};
  assert_start_fails(&spec, BR_EINVAL, "NOVALUE");
  spec.env = (const char *const[]){"=x", NULL};
  assert_start_fails(&spec, BR_EINVAL, "env");
}

static void proc_sets_variables_on_top_of_ours(void **state)
{
  (void)state;
  br_proc_spec spec =
      spec_for(SH("printf '%s|%s|%s|%s' \"$OURS\" \"$BOTH\" \"$THEIRS\" \"$NONE\""));
  spec.env = (const char *const[]){"BOTH=first", "THEIRS=a b=c\n", "BOTH=last", "NONE=", NULL};
  assert_int_equal(setenv("OURS", "ours", 1), 0);
  assert_int_equal(setenv("BOTH", "ours", 1), 0);
  assert_output(spec, "ours|last|a b=c\n|");
  assert_int_equal(unsetenv("OURS"), 0);
  assert_int_equal(unsetenv("BOTH"), 0);
}

static void proc_looks_in_the_path_of_the_child(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for((const char *const[]){"sh", "-c", "exit 3", NULL});
  assert_int_equal(run(&spec).exit_code, 3);
  spec.env = (const char *const[]){"PATH=/no/such/dir", NULL};
  assert_start_fails(&spec, BR_ENOTFOUND, "sh");
}

static void proc_runs_in_the_directory(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("pwd -P"));
  spec.cwd = "/usr";
  assert_output(spec, "/usr\n");
}

static void proc_writes_two_files(void **state)
{
  (void)state;
  br_err err;
  br_str text = {0};
  br_proc_spec spec = spec_for(SH("echo out; echo err >&2"));
  assert_int_equal(br_file_write(path_a, "something longer than that", 26, &err), BR_OK);
  spec.stderr_path = path_b;
  assert_output(spec, "out\n");
  assert_int_equal(br_file_read(&text, path_b, &err), BR_OK);
  assert_string_equal(text.data, "err\n");
  br_str_clear(&text);
}

static void proc_writes_both_streams_to_one_file(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("echo one; echo two >&2; echo three"));
  spec.stderr_path = path_a;
  assert_output(spec, "one\ntwo\nthree\n");
}

static void proc_gives_an_empty_standard_input(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for((const char *const[]){"cat", NULL});
  assert_output(spec, "");
}

static void proc_passes_hostile_arguments_unchanged(void **state)
{
  (void)state;
  static char long_one[LONG_ARGUMENT + 1];
  memset(long_one, 'x', LONG_ARGUMENT);
  const char *const argv[] = {"printf", "%s;",    "a b", "'\"`$(id)`", "line\nbreak",
                              "",       long_one, "*",   "\xff\x01",   NULL};
  br_str text = output_of(spec_for(argv));
  assert_int_equal(text.len, strlen("a b;'\"`$(id)`;line\nbreak;;;*;\xff\x01;") + LONG_ARGUMENT);
  assert_memory_equal(text.data, "a b;'\"`$(id)`;line\nbreak;;xxx", 29);
  assert_string_equal(text.data + text.len - 7, "x;*;\xff\x01;");
  br_str_clear(&text);
}

static void proc_hands_no_descriptor_down(void **state)
{
  (void)state;
  int fd = open("/dev/null", O_RDONLY); /* not close-on-exec */
  /* 3 is the folder that ls itself reads. */
  assert_output(spec_for((const char *const[]){"ls", "/proc/self/fd", NULL}), "0\n1\n2\n3\n");
  (void)close(fd);
}

static void proc_hands_no_signal_setting_down(void **state)
{
  (void)state;
  sigset_t usr1, old;
  (void)sigemptyset(&usr1);
  (void)sigaddset(&usr1, SIGUSR1);
  (void)sigprocmask(SIG_BLOCK, &usr1, &old);
  void (*before)(int) = signal(SIGPIPE, SIG_IGN);
  /* Signals 1 to 28: some surroundings ignore 32 and 33, which are the C library's own. */
  const char *const argv[] = {"grep", "-E", "^Sig(Blk|Ign):.*[1-9a-f][0-9a-f]{0,6}$",
                              "/proc/self/status", NULL};
  br_str text = output_of(spec_for(argv));
  assert_int_equal(text.len, 0);
  br_str_clear(&text);
  (void)signal(SIGPIPE, before);
  (void)sigprocmask(SIG_SETMASK, &old, NULL);
}

static void proc_keeps_the_command_out_of_our_session_and_group(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("sleep 10"));
  br_proc *p = start(&spec);
  pid_t pid = br_proc_pid(p);
  assert_int_equal(getpgid(pid), pid);
  assert_int_not_equal(getsid(pid), getsid(0));
  br_proc_free(p);
}

static void proc_ends_a_command_at_its_deadline(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for((const char *const[]){"sleep", "30", NULL});
  spec.deadline_s = 0.1;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_TIMEOUT);
  assert_int_equal(r.signal, SIGTERM);
  assert_int_equal(r.exit_code, -1);
  assert_true(r.wall_s >= 0.1 && r.wall_s < 2);
}

static void proc_lets_a_command_tidy_up_at_its_deadline(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("trap 'echo tidy; exit 0' TERM; sleep 30 & wait"));
  br_str text = {0};
  br_err err;
  spec.deadline_s = 0.3;
  spec.stdout_path = path_a;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_TIMEOUT);
  assert_int_equal(r.signal, 0);
  assert_int_equal(br_file_read(&text, path_a, &err), BR_OK);
  assert_string_equal(text.data, "tidy\n");
  br_str_clear(&text);
}

static void proc_kills_what_ignores_term(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("trap '' TERM; while :; do sleep 0.05; done"));
  spec.deadline_s = 0.1;
  spec.grace_s = 0.2;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_TIMEOUT);
  assert_int_equal(r.signal, SIGKILL);
  assert_true(r.wall_s >= 0.3 && r.wall_s < 3);
}

static void proc_ends_a_stopped_command(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("kill -STOP $$"));
  spec.deadline_s = 0.1;
  spec.grace_s = 20;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_TIMEOUT);
  assert_int_equal(r.signal, SIGTERM);
  assert_true(r.wall_s < 10);
}

static void proc_finds_descendants_that_changed_session(void **state)
{
  (void)state;
  pid_t pids[2];
  const char *const *env;
  br_proc_spec spec = pids_spec(SH("trap '' TERM; (setsid sh -c 'echo $$ >>$F; sleep 60 & "
                                   "echo $! >>$F; wait; sleep 60' &) & sleep 60"),
                                &env);
  spec.deadline_s = 0.5;
  spec.grace_s = 0.2;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_TIMEOUT);
  read_pids(pids, 2);
  assert_true(is_gone(pids[0]));
  assert_true(is_gone(pids[1]));
}

static void proc_ends_what_a_command_leaves_in_the_background(void **state)
{
  (void)state;
  pid_t pids[2];
  const char *const *env;
  br_proc_spec spec =
      pids_spec(SH("sleep 60 & echo $! >>$F; "
                   "setsid sh -c 'trap \"\" TERM; echo $$ >>$F; sleep 60; sleep 60' "
                   "& while [ $(wc -l <$F) -lt 2 ]; do :; done; exit 4"),
                &env);
  spec.grace_s = 0.2;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_EXITED);
  assert_int_equal(r.exit_code, 4);
  read_pids(pids, 2);
  assert_true(is_gone(pids[0]));
  assert_true(is_gone(pids[1]));
}

static void proc_stops_a_tree_that_keeps_forking(void **state)
{
  (void)state;
  br_proc_spec spec =
      spec_for(SH("trap '' TERM; f() { if [ $1 -gt 7 ]; then sleep 30; sleep 30; fi; sleep 0.02; "
                  "(f $(($1+1)) &) ; (f $(($1+1)) &) ; }; f 0 & sleep 30"));
  spec.deadline_s = 0.15;
  spec.grace_s = 0.01;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_TIMEOUT);
}

static void proc_kill_ends_the_tree(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("sleep 60 & wait"));
  br_proc *p = start(&spec);
  assert_null(br_proc_result_of(p));
  assert_true(br_proc_pid(p) > 0);
  br_proc_kill(p);
  br_proc_kill(p);
  br_proc_result r = finish(p);
  assert_int_equal(r.end, BR_PROC_KILLED);
  assert_int_equal(r.signal, SIGTERM);
}

static void proc_kill_after_the_end_does_nothing(void **state)
{
  (void)state;
  br_err err;
  size_t which;
  br_proc_spec spec = spec_for(SH("exit 5"));
  br_proc *p = start(&spec);
  assert_int_equal(br_proc_wait_any(&p, 1, -1, &which, &err), BR_OK);
  br_proc_kill(p);
  assert_int_equal(br_proc_result_of(p)->exit_code, 5);
  br_proc_free(p);
}

static void proc_free_ends_a_running_tree_without_grace(void **state)
{
  (void)state;
  pid_t pid;
  const char *const *env;
  br_proc_spec spec = pids_spec(SH("trap '' TERM; echo $$ >>$F; sleep 60; sleep 60"), &env);
  spec.grace_s = 30;
  br_proc *p = start(&spec);
  read_pids(&pid, 1);
  double before = br_clock_monotonic();
  br_proc_free(p);
  assert_true(br_clock_monotonic() - before < 5);
  assert_true(is_gone(pid));
  br_proc_free(NULL);
}

static void proc_tree_dies_when_we_are_killed(void **state)
{
  (void)state;
  pid_t pids[2];
  const char *const *env;
  br_proc_spec spec =
      pids_spec(SH("setsid sh -c 'trap \"\" TERM; echo $$ >>$F; sleep 60; sleep 60' & "
                   "echo $$ >>$F; wait"),
                &env);
  pid_t us = fork();
  if (us == 0) {
    br_proc *p = NULL;
    br_err err;
    (void)!br_proc_start(&p, &spec, &err);
    for (;;)
      (void)pause();
  }
  read_pids(pids, 2);
  assert_int_equal(kill(us, SIGKILL), 0);
  assert_int_equal(waitpid(us, NULL, 0), us);
  assert_gone_soon(pids[0]);
  assert_gone_soon(pids[1]);
}

static pid_t parent_of(pid_t pid)
{
  char path[64];
  br_str text = {0};
  br_err err;
  (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
  assert_int_equal(br_file_read(&text, path, &err), BR_OK);
  const char *field = strstr(text.data, "PPid:");
  assert_non_null(field);
  pid_t parent = (pid_t)strtol(field + 5, NULL, 10);
  br_str_clear(&text);
  return parent;
}

static void proc_is_lost_when_the_helper_is_killed(void **state)
{
  (void)state;
  pid_t pids[2];
  const char *const *env;
  br_proc_spec spec = pids_spec(SH("sleep 60 & echo $! >>$F; echo $$ >>$F; wait"), &env);
  br_proc *p = start(&spec);
  read_pids(pids, 2);
  assert_int_equal(kill(parent_of(br_proc_pid(p)), SIGKILL), 0);
  br_proc_result r = finish(p);
  assert_int_equal(r.end, BR_PROC_LOST);
  assert_int_equal(r.exit_code, -1);
}

static void proc_waits_for_the_first_of_many(void **state)
{
  (void)state;
  br_proc *procs[MANY + 1] = {NULL};
  br_err err;
  size_t which;
  br_proc_spec slow = spec_for(SH("sleep 0.3; exit 1")), fast = spec_for(SH("exit 2"));
  for (size_t i = 1; i <= MANY; i++)
    procs[i] = start(i == 7 ? &fast : &slow);
  assert_int_equal(br_proc_wait_any(procs, MANY + 1, -1, &which, &err), BR_OK);
  assert_int_equal(which, 7);
  for (size_t left = MANY; left > 0; left--) {
    assert_int_equal(br_proc_wait_any(procs, MANY + 1, 30, &which, &err), BR_OK);
    assert_in_range(which, 1, MANY);
    assert_int_equal(br_proc_result_of(procs[which])->exit_code, which == 7 ? 2 : 1);
    br_proc_free(procs[which]);
    procs[which] = NULL;
  }
}

static void proc_wait_times_out(void **state)
{
  (void)state;
  br_err err;
  size_t which = 0;
  br_proc_spec spec = spec_for(SH("sleep 30"));
  br_proc *p = start(&spec);
  double before = br_clock_monotonic();
  assert_int_equal(br_proc_wait_any(&p, 1, 0.1, &which, &err), BR_OK);
  assert_int_equal(which, 1);
  assert_true(br_clock_monotonic() - before >= 0.1);
  assert_int_equal(br_proc_wait_any(&p, 1, 0, &which, &err), BR_OK);
  assert_null(br_proc_result_of(p));
  br_proc_free(p);
}

static void proc_wait_for_nothing_is_refused_if_for_ever(void **state)
{
  (void)state;
  br_err err;
  size_t which = 9;
  br_proc *none = NULL;
  assert_int_equal(br_proc_wait_any(&none, 1, -1, &which, &err), BR_EINVAL);
  assert_int_equal(br_proc_wait_any(NULL, 0, -1, &which, &err), BR_EINVAL);
  assert_int_equal(br_proc_wait_any(&none, 1, (double)NAN, &which, &err), BR_EINVAL);
  assert_int_equal(which, 9);
  assert_int_equal(br_proc_wait_any(&none, 1, 0, &which, &err), BR_OK);
  assert_int_equal(which, 1);
}

static void on_alarm(int sig)
{
  (void)sig;
}

static void proc_wait_is_ended_by_a_handled_signal(void **state)
{
  (void)state;
  br_err err;
  size_t which;
  struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART}, old;
  br_proc_spec spec = spec_for(SH("sleep 30"));
  br_proc *p = start(&spec);
  assert_int_equal(sigaction(SIGALRM, &action, &old), 0);
  (void)alarm(1);
  assert_int_equal(br_proc_wait_any(&p, 1, 20, &which, &err), BR_EINTR);
  assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
  br_proc_free(p);
}

static void proc_measures_time(void **state)
{
  (void)state;
  br_proc_result idle = run_sh("sleep 0.3");
  br_proc_result busy = run_sh("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
  assert_true(idle.wall_s >= 0.3 && idle.wall_s < 3);
  assert_true(idle.user_s + idle.sys_s < 0.2);
  assert_true(busy.user_s > 0.01);
  assert_true(busy.user_s + busy.sys_s <= busy.wall_s + 0.02);
}

static void proc_measures_the_peak_of_a_child_not_ours(void **state)
{
  (void)state;
  size_t size = 100 << 20;
  char *ours = br_alloc(size);
  assert_non_null(ours);
  memset(ours, 1, size);
  br_proc_spec small = spec_for((const char *const[]){"/bin/true", NULL});
  const char *const dd[] = {"dd", "if=/dev/zero", "of=/dev/null", "bs=50M", "count=1", NULL};
  br_proc_spec big = spec_for(dd);
  br_proc_result r = run(&small);
  assert_true(r.peak_bytes > 0 && r.peak_bytes < 4 * MB);
  r = run(&big);
  assert_true(r.peak_bytes >= 50 * MB && r.peak_bytes < 70 * MB);
  br_free(ours);
}

static void proc_measures_the_peak_of_grandchildren(void **state)
{
  (void)state;
  br_proc_result r = run_sh("(dd if=/dev/zero of=/dev/null bs=50M count=1 &) ; sleep 0.5");
  assert_int_equal(r.exit_code, 0);
  assert_true(r.peak_bytes >= 50 * MB);
}

static void proc_limits_memory(void **state)
{
  (void)state;
  const char *const dd[] = {"dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1", NULL};
  br_proc_spec spec = spec_for(dd);
  assert_int_equal(run(&spec).exit_code, 0);
  spec.memory_limit_bytes = (uint64_t)(100 * MB);
  assert_int_not_equal(run(&spec).exit_code, 0);
}

static void proc_limits_files(void **state)
{
  (void)state;
  const char *const endless[] = {"sh", "-c", "exec yes", NULL};
  br_proc_spec spec = spec_for(endless);
  spec.stdout_path = path_a;
  spec.file_limit_bytes = 100000;
  spec.deadline_s = 20;
  br_proc_result r = run(&spec);
  assert_int_equal(r.end, BR_PROC_SIGNALED);
  assert_int_equal(r.signal, SIGXFSZ);
}

static size_t open_descriptors(void)
{
  size_t n = 0;
  DIR *dir = opendir("/proc/self/fd");
  assert_non_null(dir);
  while (readdir(dir))
    n++;
  (void)closedir(dir);
  return n;
}

static void proc_leaves_nothing_behind_after_a_thousand_runs(void **state)
{
  (void)state;
  br_proc_spec good = spec_for((const char *const[]){"/bin/true", NULL});
  br_proc_spec bad = spec_for((const char *const[]){"/no/such/file", NULL});
  size_t before = open_descriptors();
  for (int i = 0; i < RUNS; i++) {
    if (i % 10 == 9)
      assert_start_fails(&bad, BR_ENOTFOUND, "/no/such/file");
    else
      assert_int_equal(run(&good).exit_code, 0);
  }
  assert_int_equal(open_descriptors(), before);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Start and wait with the n-th allocation failing; true once all succeeded. */
static bool run_with_failure_at(const br_proc_spec *spec, size_t n)
{
  br_err err;
  br_proc *p = NULL;
  size_t which;
  br_mem_fail_at(n);
  br_code code = br_proc_start(&p, spec, &err);
  if (code == BR_OK)
    code = br_proc_wait_any(&p, 1, 30, &which, &err);
  br_mem_fail_at(0);
  br_proc_free(p);
  assert_true(code == BR_OK || code == BR_ENOMEM);
  return code == BR_OK;
}

static void proc_survives_each_failing_allocation(void **state)
{
  (void)state;
  br_proc_spec spec = spec_for(SH("exit 0"));
  spec.env = (const char *const[]){"A=1", NULL};
  size_t before = open_descriptors(), n = 1;
  while (!run_with_failure_at(&spec, n))
    n++;
  assert_in_range(n, 3, 10);
  assert_int_equal(br_mem_live(), blocks_before);
  assert_int_equal(open_descriptors(), before);
}

static void proc_counts_at_least_one_cpu(void **state)
{
  (void)state;
  assert_in_range(br_proc_cpu_count(), 1, 1 << 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, count_blocks, nothing_left)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(proc_reports_exit_codes),
      TEST(proc_reports_signals),
      TEST(proc_says_at_once_that_there_is_no_such_program),
      TEST(proc_says_at_once_that_a_file_is_not_executable),
      TEST(proc_says_at_once_that_a_directory_is_bad),
      TEST(proc_says_at_once_that_an_output_file_is_bad),
      TEST(proc_does_not_hang_on_a_fifo_that_nobody_reads),
      TEST(proc_says_that_the_helper_is_missing_or_another_program),
      TEST(proc_helper_refuses_orders_that_it_does_not_know),
      TEST(proc_refuses_nonsense),
      TEST(proc_sets_variables_on_top_of_ours),
      TEST(proc_looks_in_the_path_of_the_child),
      TEST(proc_runs_in_the_directory),
      TEST(proc_writes_two_files),
      TEST(proc_writes_both_streams_to_one_file),
      TEST(proc_gives_an_empty_standard_input),
      TEST(proc_passes_hostile_arguments_unchanged),
      TEST(proc_hands_no_descriptor_down),
      TEST(proc_hands_no_signal_setting_down),
      TEST(proc_keeps_the_command_out_of_our_session_and_group),
      TEST(proc_ends_a_command_at_its_deadline),
      TEST(proc_lets_a_command_tidy_up_at_its_deadline),
      TEST(proc_kills_what_ignores_term),
      TEST(proc_ends_a_stopped_command),
      TEST(proc_finds_descendants_that_changed_session),
      TEST(proc_ends_what_a_command_leaves_in_the_background),
      TEST(proc_stops_a_tree_that_keeps_forking),
      TEST(proc_kill_ends_the_tree),
      TEST(proc_kill_after_the_end_does_nothing),
      TEST(proc_free_ends_a_running_tree_without_grace),
      TEST(proc_tree_dies_when_we_are_killed),
      TEST(proc_is_lost_when_the_helper_is_killed),
      TEST(proc_waits_for_the_first_of_many),
      TEST(proc_wait_times_out),
      TEST(proc_wait_for_nothing_is_refused_if_for_ever),
      TEST(proc_wait_is_ended_by_a_handled_signal),
      TEST(proc_measures_time),
      TEST(proc_measures_the_peak_of_a_child_not_ours),
      TEST(proc_measures_the_peak_of_grandchildren),
      TEST(proc_limits_memory),
      TEST(proc_limits_files),
      TEST(proc_leaves_nothing_behind_after_a_thousand_runs),
      TEST(proc_survives_each_failing_allocation),
      TEST(proc_counts_at_least_one_cpu),
  };
  return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
