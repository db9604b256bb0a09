/* A pseudo-terminal with a user at it: a thread that waits for texts on the screen and answers with keys
 * or signals. */
#ifndef TESTS_CORE_PTY_H
#define TESTS_CORE_PTY_H

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

typedef struct pty_step {
  const char *wait; /* a text that must be on the screen, behind that of the step before */
  const char *keys; /* what is typed then; NULL: nothing */
  int signal;       /* what the thread that reads is sent then; 0: nothing */
} pty_step;

typedef struct pty {
  int master, slave;
  char screen[65536]; /* all that was written to it */
  size_t shown, seen;
  pthread_t user, reader;
  const pty_step *steps; /* ended by one without wait */
  int failed;
} pty;

static inline void pty_open(pty *p)
{
  memset(p, 0, sizeof *p);
  p->master = posix_openpt(O_RDWR | O_NOCTTY);
  assert_true(p->master >= 0);
  assert_int_equal(grantpt(p->master), 0);
  assert_int_equal(unlockpt(p->master), 0);
  char name[128];
  assert_int_equal(ptsname_r(p->master, name, sizeof name), 0);
  p->slave = open(name, O_RDWR | O_NOCTTY);
  assert_true(p->slave >= 0);
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  assert_int_equal(ioctl(p->slave, TIOCSWINSZ, &size), 0);
}

/* Takes what is on the screen until the text is there; false after five seconds without anything. */
static inline int pty_wait(pty *p, const char *text)
{
  for (;;) {
    char *found = strstr(p->screen + p->seen, text);
    if (found) {
      p->seen = (size_t)(found - p->screen) + strlen(text);
      return 1;
    }
    struct pollfd wait = {.fd = p->master, .events = POLLIN};
    if (p->shown + 1 >= sizeof p->screen || poll(&wait, 1, 5000) <= 0)
      return 0;
    ssize_t n = read(p->master, p->screen + p->shown, sizeof p->screen - p->shown - 1);
    if (n <= 0)
      return 0;
    for (ssize_t i = 0; i < n; i++)
      if (p->screen[p->shown + (size_t)i] == '\0')
        p->screen[p->shown + (size_t)i] = '?';
    p->shown += (size_t)n;
    p->screen[p->shown] = '\0';
  }
}

static inline void *pty_play(void *context)
{
  pty *p = context;
  for (const pty_step *step = p->steps; step->wait; step++) {
    if (!pty_wait(p, step->wait)) {
      p->failed = 1 + (int)(step - p->steps);
      (void)pthread_kill(p->reader, SIGINT);
      return NULL;
    }
    size_t n = step->keys ? strlen(step->keys) : 0;
    if (n > 0 && write(p->master, step->keys, n) != (ssize_t)n)
      p->failed = 1;
    if (step->signal)
      (void)pthread_kill(p->reader, step->signal);
  }
  return NULL;
}

/* The steps begin; the calling thread is the one that reads. */
static inline void pty_start(pty *p, const pty_step *steps)
{
  p->steps = steps;
  p->reader = pthread_self();
  assert_int_equal(pthread_create(&p->user, NULL, pty_play, p), 0);
}

/* All steps must have been done. */
static inline void pty_finish(pty *p)
{
  assert_int_equal(pthread_join(p->user, NULL), 0);
  if (p->failed)
    fail_msg("step %d: the screen has '%s'", p->failed, p->screen);
}

static inline void pty_close(pty *p)
{
  (void)close(p->slave);
  (void)close(p->master);
}

#endif
