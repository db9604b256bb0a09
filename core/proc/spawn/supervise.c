/* The supervisor's three phases: WATCHING until the command ends, its deadline comes or we are told
 * to end it; ASKING the tree to end (TERM) for the grace; KILLING it, again and again, until it is
 * gone.
 *
 * That nothing is left is wait4's word (ECHILD), never a guess from /proc: all orphans of the tree
 * become our children. So a command that leaves nothing behind costs no look at /proc. */
#define _GNU_SOURCE
#include "proc/spawn/supervise.h"

#include "proc/spawn/tree.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIGNALS_AT_ONCE = 8, POLL_MAX_MS = 3600 * 1000 };

static const double kill_again_s = 0.02, give_up_s = 10, never = 1e300;

typedef struct supervisor {
  enum { WATCHING, ASKING, KILLING } phase;
  double until;   /* when the phase, or this round of KILLING, is over */
  double give_up; /* when KILLING ends for good */
  double grace, started;
  pid_t command;
  int signals;
  bool running;  /* the command is not reaped, so its process group's id is its own */
  bool ordered;  /* a signal told us to end the tree */
  bool orphaned; /* benchrun is gone */
  br_spawn_message *message;
} supervisor;

static double seconds(struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static double order_seconds(const char *microseconds)
{
  return (double)strtoull(microseconds, NULL, 10) * 1e-6;
}

static void account(supervisor *s, const struct rusage *used)
{
  int64_t peak = (int64_t)used->ru_maxrss * 1024;
  s->message->as.ended.user_s += seconds(used->ru_utime);
  s->message->as.ended.sys_s += seconds(used->ru_stime);
  if (peak > s->message->as.ended.peak_bytes)
    s->message->as.ended.peak_bytes = peak;
}

static void command_ended(supervisor *s, int status)
{
  s->running = false;
  s->message->as.ended.status = status;
  s->message->as.ended.wall_s = br_spawn_now() - s->started;
}

/* Takes in all that have ended. False when no child is left. */
static bool reap(supervisor *s)
{
  for (;;) {
    struct rusage used;
    int status;
    pid_t pid = wait4(-1, &status, WNOHANG, &used);
    if (pid <= 0)
      return pid == 0;
    account(s, &used);
    if (pid == s->command)
      command_ended(s, status);
  }
}

/* A stopped process sees a TERM only when it goes on. */
static void ask(supervisor *s, br_spawn_reason why)
{
  pid_t group = s->running ? s->command : 0;
  s->phase = ASKING;
  s->until = br_spawn_now() + s->grace;
  s->message->as.ended.reason = s->running ? why : BR_SPAWN_BY_ITSELF;
  br_spawn_tree_signal(group, SIGTERM);
  br_spawn_tree_signal(group, SIGCONT);
}

static void kill_all(supervisor *s)
{
  double now = br_spawn_now();
  if (s->phase != KILLING)
    s->give_up = now + give_up_s;
  s->phase = KILLING;
  s->until = now + kill_again_s;
  br_spawn_tree_signal(s->running ? s->command : 0, SIGKILL);
}

/* False when there is no more to be done. */
static bool advance(supervisor *s)
{
  double now = br_spawn_now();
  bool due = now >= s->until;
  if (s->phase == KILLING && now >= s->give_up)
    return false;
  if (s->phase == WATCHING && (due || s->ordered || !s->running))
    ask(s, due ? BR_SPAWN_BY_DEADLINE : BR_SPAWN_BY_ORDER);
  else if (s->phase != WATCHING && due)
    kill_all(s);
  if (s->orphaned && s->phase != KILLING)
    kill_all(s);
  return true;
}

static int poll_timeout(double until)
{
  double ms = (until - br_spawn_now()) * 1e3;
  return ms < 0 ? 0 : ms < POLL_MAX_MS ? (int)ms + 1 : POLL_MAX_MS;
}

static void read_signals(supervisor *s)
{
  struct signalfd_siginfo got[SIGNALS_AT_ONCE];
  ssize_t n = read(s->signals, got, sizeof got);
  for (ssize_t i = 0; i < n / (ssize_t)sizeof *got; i++) {
    uint32_t sig = got[i].ssi_signo;
    s->ordered = s->ordered || sig == SIGTERM || sig == SIGINT;
    s->orphaned = s->orphaned || sig == SIGHUP;
  }
}

static void wait_for_news(supervisor *s)
{
  struct pollfd fds[] = {{.fd = s->signals, .events = POLLIN},
                         {.fd = s->orphaned ? -1 : BR_SPAWN_FD}};
  if (poll(fds, 2, poll_timeout(s->until)) <= 0)
    return;
  if (fds[0].revents)
    read_signals(s);
  if (fds[1].revents)
    s->orphaned = true;
}

void br_spawn_supervise(br_spawn_message *message, const br_spawn_launched *command, char **orders,
                        int signals)
{
  double deadline = order_seconds(orders[BR_SPAWN_ARG_DEADLINE]);
  supervisor s = {
      .until = deadline > 0 ? command->started + deadline : never,
      .grace = order_seconds(orders[BR_SPAWN_ARG_GRACE]),
      .started = command->started,
      .command = command->pid,
      .signals = signals,
      .running = true,
      .message = message,
  };
  *message = (br_spawn_message){.kind = BR_SPAWN_ENDED};
  while (reap(&s) && advance(&s))
    wait_for_news(&s);
  if (s.running) /* we gave up on it */
    command_ended(&s, SIGKILL);
}
