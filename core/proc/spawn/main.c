/* benchrun-spawn: runs one command and watches over it. proc.h says what for, spawn_protocol.h how
 * benchrun talks to it. Static and small, since its own size is the least peak memory that a
 * command can have. */
#define _GNU_SOURCE
#include "proc/spawn/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  USAGE = 2,
  OLD_KERNEL_FDS = 1024, /* before Linux 5.9 there is no close_range */
};

static int say(const br_spawn_message *message)
{
  ssize_t n = send(BR_SPAWN_FD, message, sizeof *message, MSG_NOSIGNAL);
  return n == (ssize_t)sizeof *message ? 0 : 1;
}

static int say_failed(br_spawn_stage stage, int sys)
{
  br_spawn_message message = {.kind = BR_SPAWN_FAILED};
  message.as.failed.stage = stage;
  message.as.failed.sys = sys;
  return say(&message);
}

static int say_started(pid_t pid)
{
  br_spawn_message message = {.kind = BR_SPAWN_STARTED};
  message.as.pid = pid;
  return say(&message);
}

/* Nothing that benchrun or its libraries left open reaches the command. */
static void close_others(void)
{
  if (syscall(SYS_close_range, BR_SPAWN_FD + 1, ~0U, 0) == 0)
    return;
  for (int fd = BR_SPAWN_FD + 1; fd < OLD_KERNEL_FDS; fd++)
    (void)close(fd);
}

/* Should benchrun die before prctl, the socket's hang-up tells. Returns the signalfd, negative on
 * failure. */
static int prepare(void)
{
  sigset_t signals;
  br_spawn_signals(&signals);
  close_others();
  if (fcntl(BR_SPAWN_FD, F_SETFD, FD_CLOEXEC) < 0 || sigprocmask(SIG_BLOCK, &signals, NULL) < 0 ||
      prctl(PR_SET_PDEATHSIG, SIGHUP) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
    return -1;
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv)
{
  if (argc <= BR_SPAWN_ARG_COMMAND || strcmp(argv[BR_SPAWN_ARG_VERSION], BR_SPAWN_VERSION) != 0)
    return say_failed(BR_SPAWN_STAGE_ORDERS, EINVAL) ? USAGE : 0;
  int signals = prepare();
  if (signals < 0)
    return say_failed(BR_SPAWN_STAGE_SETUP, errno);
  br_spawn_launched command;
  if (!br_spawn_launch(&command, argv))
    return say_failed(command.stage, command.sys);
  br_spawn_message ended;
  (void)say_started(command.pid);
  br_spawn_supervise(&ended, &command, argv, signals);
  return say(&ended);
}
