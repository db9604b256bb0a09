/* Signals for a whole tree; see tree.h.
 *
 * No list is kept: a process is ours if its chain of parents leads here. A process id may be reused
 * between looking and signalling, except that of our own children, which only we reap; for others a
 * pidfd is taken first and the process looked at again: if it is the one that was found, the pidfd
 * holds it fast. */
#define _GNU_SOURCE
#include "proc/spawn/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  STAT_MAX = 1024,  /* /proc/PID/stat is about 300 bytes */
  DEPTH_MAX = 1000, /* ends the walk should ids be reused into a ring while we look */
  PATH_ROOM = 40,
  FIELD_PARENT = 4, /* fields as proc(5) counts them */
  FIELD_GROUP = 5,
  FIELD_START = 22,
};

typedef struct process {
  pid_t pid, parent, group;
  long long start; /* ticks since boot: with pid, the identity of a process */
} process;

static ssize_t read_file(const char *path, char *text, size_t room)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return -1;
  ssize_t n = read(fd, text, room);
  (void)close(fd);
  return n;
}

/* "/proc/PID/stat"; without stdio, which would double the helper. */
static void stat_path(char path[PATH_ROOM], pid_t pid)
{
  char digits[PATH_ROOM];
  char *p = digits + sizeof digits - 1;
  *p = '\0';
  for (; pid > 0; pid /= 10)
    *--p = (char)('0' + pid % 10);
  char *end = stpcpy(path, "/proc/");
  end = stpcpy(end, p);
  (void)stpcpy(end, "/stat");
}

/* text: what follows the command's name, which may itself hold blanks and brackets. */
static void parse_fields(process *p, char *text)
{
  char *at = text + 2; /* past the state, field 3 */
  for (int field = FIELD_PARENT; field <= FIELD_START; field++) {
    long long value = strtoll(at, &at, 10);
    if (field == FIELD_PARENT)
      p->parent = (pid_t)value;
    else if (field == FIELD_GROUP)
      p->group = (pid_t)value;
    else if (field == FIELD_START)
      p->start = value;
  }
}

static bool look_at(process *p, pid_t pid)
{
  char path[PATH_ROOM];
  char text[STAT_MAX];
  stat_path(path, pid);
  ssize_t n = read_file(path, text, sizeof text - 1);
  if (n <= 0)
    return false;
  text[n] = '\0';
  char *name_end = strrchr(text, ')');
  if (!name_end || strlen(name_end) < 4)
    return false;
  *p = (process){.pid = pid};
  parse_fields(p, name_end + 2);
  return true;
}

static bool is_descendant(const process *p, pid_t self)
{
  process up = *p;
  for (int depth = 0; depth < DEPTH_MAX && up.parent != self; depth++) {
    if (up.parent <= 1 || !look_at(&up, up.parent))
      return false;
  }
  return up.parent == self;
}

static void signal_child(const process *p, int sig)
{
  if (sig == SIGKILL && p->group != getpgrp())
    (void)kill(-p->group, sig); /* atomic, so that a fork bomb can't outrun it */
  (void)kill(p->pid, sig);
}

/* By syscall, since not every libc that the helper may be built with has pidfd_open. */
static void signal_grandchild(const process *p, int sig)
{
  int fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
  process again;
  if (fd < 0) {
    if (errno == ENOSYS)
      (void)kill(p->pid, sig);
    return;
  }
  if (look_at(&again, p->pid) && again.start == p->start)
    (void)syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0);
  (void)close(fd);
}

static void signal_if_ours(pid_t pid, pid_t self, pid_t done_group, int sig)
{
  process p;
  if (!look_at(&p, pid) || !is_descendant(&p, self) || p.group == done_group)
    return;
  if (p.parent == self)
    signal_child(&p, sig);
  else
    signal_grandchild(&p, sig);
}

void br_spawn_tree_signal(pid_t group, int sig)
{
  pid_t self = getpid();
  if (group)
    (void)kill(-group, sig);
  DIR *dir = opendir("/proc");
  if (!dir)
    return;
  struct dirent *entry;
  /* cppcheck-suppress readdirCalled */
  while ((entry = readdir(dir)) != NULL) {
    long pid = strtol(entry->d_name, NULL, 10);
    if (pid > 0 && pid != self)
      signal_if_ours((pid_t)pid, self, group, sig);
  }
  (void)closedir(dir);
}
