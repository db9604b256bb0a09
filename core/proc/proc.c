/* Our side of a child process; see proc.h for what it promises and spawn_protocol.h for how it
 * talks to the helper.
 *
 * The helper is not reaped before its socket has ended, so its process id is good for as long as
 * br_proc says that it runs. Descriptors of ours are close-on-exec: one helper never holds
 * another's socket. */
#define _GNU_SOURCE
#include "proc/proc.h"

#include "base/clock.h"
#include "base/vec.h"
#include "proc/spawn_protocol.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NUMBER_MAX = 24, POLL_MAX_MS = 3600 * 1000 };

static const double default_grace_s = 2, longest_s = 1e9;

struct br_proc {
  int fd;        /* our end of the socket; -1 once ended */
  pid_t helper;  /* to be waited for while fd is open */
  pid_t command; /* 0 until started and once ended */
  br_proc_result result;
};

/* What posix_spawn is given; the strings are the spec's. */
typedef struct orders {
  const char **argv; /* owned */
  const char **env;  /* owned */
  char deadline[NUMBER_MAX], grace[NUMBER_MAX], memory[NUMBER_MAX], file[NUMBER_MAX];
} orders;

static void orders_clear(orders *o)
{
  br_free(o->argv);
  br_free(o->env);
}

static bool good_seconds(double s)
{
  return s >= 0 && s <= longest_s;
}

static bool good_path(const char *path)
{
  return !path || *path;
}

static br_code check_spec(const br_proc_spec *spec, br_err *err)
{
  if (!spec->helper || !spec->argv || !spec->argv[0] || !*spec->argv[0])
    return br_fail(err, BR_EINVAL, "argv: a command is needed");
  if (!good_seconds(spec->deadline_s) || !good_seconds(spec->grace_s))
    return br_fail(err, BR_EINVAL, "deadline and grace: seconds from 0 to 1e9 expected");
  if (!good_path(spec->cwd) || !good_path(spec->stdout_path) || !good_path(spec->stderr_path))
    return br_fail(err, BR_EINVAL, "cwd, stdout and stderr: a path can't be empty");
  for (const char *const *e = spec->env; e && *e; e++) {
    const char *equals = strchr(*e, '=');
    if (!equals || equals == *e)
      return br_fail(err, BR_EINVAL, "env: \"%.100s\" is not NAME=value", *e);
  }
  return BR_OK;
}

static size_t count(const char *const *list)
{
  size_t n = 0;
  while (list && list[n])
    n++;
  return n;
}

static void write_number(char text[NUMBER_MAX], uint64_t value)
{
  (void)snprintf(text, NUMBER_MAX, "%llu", (unsigned long long)value);
}

/* At least a microsecond: 0 would mean none. */
static void write_seconds(char text[NUMBER_MAX], double s)
{
  write_number(text, s > 0 ? (uint64_t)ceil(s * 1e6) : 0);
}

static const char *path_or(const char *path, const char *fallback)
{
  return path ? path : fallback;
}

static br_code make_argv(orders *o, const br_proc_spec *spec, br_err *err)
{
  size_t n = count(spec->argv);
  o->argv = br_calloc(BR_SPAWN_ARG_COMMAND + n + 1, sizeof *o->argv);
  if (!o->argv)
    return br_fail_nomem(err);
  write_seconds(o->deadline, spec->deadline_s);
  write_seconds(o->grace, spec->grace_s > 0 ? spec->grace_s : default_grace_s);
  write_number(o->memory, spec->memory_limit_bytes);
  write_number(o->file, spec->file_limit_bytes);
  o->argv[BR_SPAWN_ARG_SELF] = spec->helper;
  o->argv[BR_SPAWN_ARG_VERSION] = BR_SPAWN_VERSION;
  o->argv[BR_SPAWN_ARG_DEADLINE] = o->deadline;
  o->argv[BR_SPAWN_ARG_GRACE] = o->grace;
  o->argv[BR_SPAWN_ARG_MEMORY] = o->memory;
  o->argv[BR_SPAWN_ARG_FILE] = o->file;
  o->argv[BR_SPAWN_ARG_CWD] = path_or(spec->cwd, "");
  o->argv[BR_SPAWN_ARG_STDOUT] = path_or(spec->stdout_path, "");
  o->argv[BR_SPAWN_ARG_STDERR] = path_or(spec->stderr_path, "");
  memcpy(o->argv + BR_SPAWN_ARG_COMMAND, spec->argv, n * sizeof *o->argv);
  return BR_OK;
}

static bool same_name(const char *a, const char *b)
{
  size_t n = strcspn(a, "=");
  return strncmp(a, b, n) == 0 && b[n] == '=';
}

static bool is_set_in(const char *entry, const char *const *list)
{
  for (; list && *list; list++)
    if (same_name(entry, *list))
      return true;
  return false;
}

/* Our environment with the spec's on top; of a name given twice the last holds. */
static br_code make_env(orders *o, const br_proc_spec *spec, br_err *err)
{
  const char *const *ours = (const char *const *)environ;
  size_t n = 0;
  o->env = br_calloc(count(ours) + count(spec->env) + 1, sizeof *o->env);
  if (!o->env)
    return br_fail_nomem(err);
  for (; ours && *ours; ours++)
    if (!is_set_in(*ours, spec->env))
      o->env[n++] = *ours;
  for (const char *const *e = spec->env; e && *e; e++)
    if (!is_set_in(*e, e + 1))
      o->env[n++] = *e;
  return BR_OK;
}

/* Signals that come before the helper looks wait for it, and a Ctrl-C of the terminal is not for
 * it. */
static int set_attributes(posix_spawnattr_t *attributes)
{
  sigset_t blocked, all;
  br_spawn_signals(&blocked);
  (void)sigfillset(&all);
  int sys = posix_spawnattr_setsigmask(attributes, &blocked);
  if (!sys)
    sys = posix_spawnattr_setsigdefault(attributes, &all);
  if (!sys)
    sys = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                   POSIX_SPAWN_SETSID);
  return sys;
}

/* posix_spawn's argv is not const for historical reasons only. */
static int spawn_with(pid_t *pid, const orders *o, posix_spawn_file_actions_t *actions)
{
  posix_spawnattr_t attributes;
  int sys = posix_spawnattr_init(&attributes);
  if (sys)
    return sys;
  sys = set_attributes(&attributes);
  if (!sys)
    sys = posix_spawn(pid, o->argv[BR_SPAWN_ARG_SELF], actions, &attributes, (char **)o->argv,
                      (char **)o->env);
  (void)posix_spawnattr_destroy(&attributes);
  return sys;
}

static int spawn_helper(pid_t *pid, const orders *o, int socket)
{
  posix_spawn_file_actions_t actions;
  int sys = posix_spawn_file_actions_init(&actions);
  if (sys)
    return sys;
  sys = posix_spawn_file_actions_adddup2(&actions, socket, BR_SPAWN_FD);
  if (!sys)
    sys = spawn_with(pid, o, &actions);
  (void)posix_spawn_file_actions_destroy(&actions);
  return sys;
}

/* 0 when the helper's end is closed, negative when nothing is there yet (flags: MSG_DONTWAIT). */
static ssize_t receive(const br_proc *p, br_spawn_message *message, int flags)
{
  ssize_t n;
  do
    n = recv(p->fd, message, sizeof *message, flags);
  while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return -1;
  return n == (ssize_t)sizeof *message ? n : 0;
}

/* The helper is gone or about to go. */
static void forget_helper(br_proc *p)
{
  (void)close(p->fd);
  p->fd = -1;
  p->command = 0;
  while (waitpid(p->helper, NULL, 0) < 0 && errno == EINTR)
    ;
}

/* BR_EIO whatever errno is: a directory that is missing is no missing program, memory that is out
 * in the child is not out here. */
static br_code fail_io(br_err *err, int sys, const char *what, const char *which)
{
  (void)br_fail_sys(err, sys, "%s%.300s", what, which);
  if (err)
    err->code = BR_EIO;
  return BR_EIO;
}

static br_code fail_exec(br_err *err, int sys, const char *program)
{
  if (sys == ENOENT)
    return br_fail_sys(err, sys, "can't run %.300s", program);
  return fail_io(err, sys, "can't run ", program);
}

static br_code start_failed(const br_spawn_message *message, const br_proc_spec *spec, br_err *err)
{
  int sys = message->as.failed.sys;
  switch (message->as.failed.stage) {
  case BR_SPAWN_STAGE_EXEC:
    return fail_exec(err, sys, spec->argv[0]);
  case BR_SPAWN_STAGE_CWD:
    return fail_io(err, sys, "can't run in the directory ", spec->cwd);
  case BR_SPAWN_STAGE_STDOUT:
    return fail_io(err, sys, "can't write ", path_or(spec->stdout_path, "/dev/null"));
  case BR_SPAWN_STAGE_STDERR:
    return fail_io(err, sys, "can't write ", path_or(spec->stderr_path, "/dev/null"));
  case BR_SPAWN_STAGE_ORDERS:
    return br_fail(err, BR_EIO, "%.300s belongs to another version of benchrun; build both again",
                   spec->helper);
  default:
    return fail_io(err, sys, "can't set up ", spec->argv[0]);
  }
}

static br_code hear_of_start(br_proc *p, const br_proc_spec *spec, br_err *err)
{
  br_spawn_message message;
  if (receive(p, &message, 0) <= 0) {
    forget_helper(p);
    return br_fail(err, BR_EIO, "%.300s ended without a word; is it benchrun's helper?",
                   spec->helper);
  }
  if (message.kind == BR_SPAWN_FAILED) {
    forget_helper(p);
    return start_failed(&message, spec, err);
  }
  p->command = message.as.pid;
  return BR_OK;
}

static br_code start_helper(br_proc *p, const orders *o, const br_proc_spec *spec, br_err *err)
{
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
    return br_fail_sys(err, errno, "can't make a socket for a child process");
  int sys = spawn_helper(&p->helper, o, pair[1]);
  (void)close(pair[1]);
  if (sys) {
    (void)close(pair[0]);
    return sys == ENOMEM ? br_fail_nomem(err)
                         : fail_io(err, sys, "can't start the helper ", spec->helper);
  }
  p->fd = pair[0];
  return hear_of_start(p, spec, err);
}

static br_code start_ordered(br_proc *p, orders *o, const br_proc_spec *spec, br_err *err)
{
  BR_TRY(make_argv(o, spec, err));
  BR_TRY(make_env(o, spec, err));
  return start_helper(p, o, spec, err);
}

br_code br_proc_start(br_proc **out, const br_proc_spec *spec, br_err *err)
{
  BR_TRY(check_spec(spec, err));
  br_proc *p = br_calloc(1, sizeof *p);
  if (!p)
    return br_fail_nomem(err);
  p->fd = -1;
  orders o = {0};
  br_code code = start_ordered(p, &o, spec, err);
  orders_clear(&o);
  if (code == BR_OK)
    *out = p;
  else
    br_free(p);
  return code;
}

static br_proc_end end_of(const br_spawn_message *message)
{
  if (message->as.ended.reason == BR_SPAWN_BY_DEADLINE)
    return BR_PROC_TIMEOUT;
  if (message->as.ended.reason == BR_SPAWN_BY_ORDER)
    return BR_PROC_KILLED;
  return WIFSIGNALED(message->as.ended.status) ? BR_PROC_SIGNALED : BR_PROC_EXITED;
}

static void keep_result(br_proc *p, const br_spawn_message *message)
{
  int status = message->as.ended.status;
  br_proc_end end = end_of(message);
  p->result = (br_proc_result){
      .end = end,
      .exit_code = end == BR_PROC_EXITED ? WEXITSTATUS(status) : -1,
      .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
      .wall_s = message->as.ended.wall_s,
      .user_s = message->as.ended.user_s,
      .sys_s = message->as.ended.sys_s,
      .peak_bytes = message->as.ended.peak_bytes,
  };
}

/* Somebody killed the helper. The command died with it (PR_SET_PDEATHSIG); the rest of its group is
 * ended here, what left the group is out of reach. */
static void lose(br_proc *p)
{
  if (p->command)
    (void)kill(-p->command, SIGKILL);
  p->result = (br_proc_result){.end = BR_PROC_LOST, .exit_code = -1};
}

static void take_end(br_proc *p)
{
  br_spawn_message message;
  ssize_t n = receive(p, &message, MSG_DONTWAIT);
  if (n < 0)
    return;
  if (n > 0 && message.kind == BR_SPAWN_ENDED)
    keep_result(p, &message);
  else
    lose(p);
  forget_helper(p);
}

/* Index of the first that has ended, n if none. */
static size_t first_ended(br_proc *const *procs, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (procs[i] && procs[i]->fd < 0)
      return i;
  return n;
}

static bool none(br_proc *const *procs, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (procs[i])
      return false;
  return true;
}

static int milliseconds_until(double end)
{
  double ms = ceil((end - br_clock_monotonic()) * 1e3);
  return ms < 0 ? 0 : ms < POLL_MAX_MS ? (int)ms : POLL_MAX_MS;
}

/* fds: room for n; poll passes over negative descriptors. */
static br_code poll_until_ended(struct pollfd *fds, br_proc *const *procs, size_t n, double end,
                                br_err *err)
{
  for (size_t i = 0; i < n; i++)
    fds[i] = (struct pollfd){.fd = procs[i] ? procs[i]->fd : -1, .events = POLLIN};
  while (first_ended(procs, n) == n) {
    int ms = milliseconds_until(end);
    int ready = poll(fds, n, ms);
    if (ready < 0)
      return br_fail_sys(err, errno, "waiting for child processes");
    if (ready == 0 && ms < POLL_MAX_MS)
      return BR_OK;
    for (size_t i = 0; i < n; i++)
      if (procs[i] && fds[i].revents)
        take_end(procs[i]);
  }
  return BR_OK;
}

br_code br_proc_wait_any(br_proc *const *procs, size_t n, double timeout_s, size_t *which,
                         br_err *err)
{
  if (isnan(timeout_s))
    return br_fail(err, BR_EINVAL, "timeout: a number of seconds expected, got nan");
  if (timeout_s < 0 && none(procs, n))
    return br_fail(err, BR_EINVAL, "waiting for ever, but for no child process");
  struct pollfd *fds = br_calloc(n, sizeof *fds);
  if (!fds)
    return br_fail_nomem(err);
  double end = timeout_s < 0 ? (double)INFINITY : br_clock_monotonic() + timeout_s;
  br_code code = poll_until_ended(fds, procs, n, end, err);
  br_free(fds);
  if (code == BR_OK)
    *which = first_ended(procs, n);
  return code;
}

const br_proc_result *br_proc_result_of(const br_proc *proc)
{
  return proc->fd < 0 ? &proc->result : NULL;
}

int br_proc_pid(const br_proc *proc)
{
  return proc->command;
}

void br_proc_kill(br_proc *proc)
{
  if (proc->fd >= 0)
    (void)kill(proc->helper, SIGTERM);
}

/* The hang-up makes the helper kill at once. */
void br_proc_free(br_proc *proc)
{
  if (!proc)
    return;
  if (proc->fd >= 0) {
    (void)shutdown(proc->fd, SHUT_RDWR);
    forget_helper(proc);
  }
  br_free(proc);
}

int br_proc_cpu_count(void)
{
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
    return CPU_COUNT(&set);
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
