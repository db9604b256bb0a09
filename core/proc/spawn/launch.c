/* Starting the command; see launch.h.
 *
 * The helper itself takes on what the command is to inherit, so that failures are found before
 * there is a child. vfork rather than fork: the child shares our memory until exec, so it can leave
 * its start time and exec's error in *l, and we go on only once exec has succeeded or failed. */
#define _GNU_SOURCE
#include "proc/spawn/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXEC_FAILED = 127 };

double br_spawn_now(void)
{
  struct timespec t = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool failed(br_spawn_launched *l, br_spawn_stage stage, int sys)
{
  l->stage = stage;
  l->sys = sys;
  return false;
}

static int move_descriptor(int fd, int target)
{
  if (fd == target)
    return 0;
  int moved = dup2(fd, target);
  int sys = errno;
  (void)close(fd);
  errno = sys;
  return moved < 0 ? -1 : 0;
}

/* Without O_NONBLOCK a FIFO that nobody reads would hold up the start for ever; the command gets a
 * descriptor that blocks. */
static int open_output(const char *path, int target)
{
  const char *name = *path ? path : "/dev/null";
  int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_NONBLOCK, 0666);
  if (fd < 0 || fcntl(fd, F_SETFL, 0) < 0)
    return -1;
  return move_descriptor(fd, target);
}

static bool open_files(br_spawn_launched *l, char **orders)
{
  const char *out = orders[BR_SPAWN_ARG_STDOUT];
  const char *err = orders[BR_SPAWN_ARG_STDERR];
  int null = open("/dev/null", O_RDONLY);
  if (null < 0 || move_descriptor(null, STDIN_FILENO) < 0)
    return failed(l, BR_SPAWN_STAGE_SETUP, errno);
  if (open_output(out, STDOUT_FILENO) < 0)
    return failed(l, BR_SPAWN_STAGE_STDOUT, errno);
  bool same = strcmp(out, err) == 0;
  int got = same ? dup2(STDOUT_FILENO, STDERR_FILENO) : open_output(err, STDERR_FILENO);
  return got >= 0 || failed(l, BR_SPAWN_STAGE_STDERR, errno);
}

static struct rlimit limits_of(const char *bytes)
{
  rlim_t limit = strtoull(bytes, NULL, 10);
  return (struct rlimit){limit, limit};
}

static int limit_memory(const char *bytes)
{
  struct rlimit both = limits_of(bytes);
  return both.rlim_cur ? setrlimit(RLIMIT_AS, &both) : 0;
}

static int limit_files(const char *bytes)
{
  struct rlimit both = limits_of(bytes);
  return both.rlim_cur ? setrlimit(RLIMIT_FSIZE, &both) : 0;
}

/* In the vforked child. Should the helper be killed, the command goes with it. */
static _Noreturn void become_command(br_spawn_launched *l, char **orders)
{
  char **argv = orders + BR_SPAWN_ARG_COMMAND;
  sigset_t none;
  (void)sigemptyset(&none);
  l->stage = BR_SPAWN_STAGE_SETUP;
  if (setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
      limit_memory(orders[BR_SPAWN_ARG_MEMORY]) == 0 &&
      limit_files(orders[BR_SPAWN_ARG_FILE]) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0) {
    l->stage = BR_SPAWN_STAGE_EXEC;
    l->started = br_spawn_now();
    (void)execvp(argv[0], argv);
  }
  l->sys = errno;
  _exit(EXEC_FAILED);
}

static bool start(br_spawn_launched *l, char **orders)
{
  /* cppcheck-suppress vforkCalled */
  pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): see the top */
  if (pid == 0)
    become_command(l, orders); /* NOLINT(clang-analyzer-unix.Vfork): in a frame of its own */
  if (pid < 0)
    return failed(l, BR_SPAWN_STAGE_SETUP, errno);
  if (l->sys)
    (void)waitpid(pid, NULL, 0);
  l->pid = pid;
  return l->sys == 0;
}

bool br_spawn_launch(br_spawn_launched *l, char **orders)
{
  const char *cwd = orders[BR_SPAWN_ARG_CWD];
  *l = (br_spawn_launched){0};
  if (!open_files(l, orders))
    return false;
  if (*cwd && chdir(cwd) != 0)
    return failed(l, BR_SPAWN_STAGE_CWD, errno);
  return start(l, orders);
}
