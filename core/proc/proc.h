/* Child processes: a command with limits, and what it cost.
 *
 * Every command runs under a small helper program, benchrun-spawn, that is exec'd first: Linux
 * hands the spawner's peak resident memory down to its children, so only a small spawner lets a
 * child's peak be its own. The helper is the child's supervisor: a process group of its own,
 * subreaper of all descendants (so that ones which change session are found too), deadline, TERM,
 * then KILL; it dies with us (PR_SET_PDEATHSIG), taking its tree along. It reports over a socket.
 *
 * Ownership: br_proc_start hands the caller a br_proc to br_proc_free; freeing one that runs kills
 * its tree and waits for it. Not thread-safe per br_proc; start from a thread that lives as long as
 * the program, since PR_SET_PDEATHSIG looks at the thread. */
#ifndef BR_PROC_PROC_H
#define BR_PROC_PROC_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

/* Zero-initialised but for helper and argv; all borrowed during br_proc_start. argv[0] is looked up
 * in the child's PATH if it has no slash, as execvp does it. Output files are truncated; their
 * names are relative to our directory, not to cwd; the same text for both means one file for both.
 */
typedef struct br_proc_spec {
  const char *helper;          /* path of benchrun-spawn */
  const char *const *argv;     /* NULL-terminated */
  const char *const *env;      /* NULL-terminated "NAME=value" set on top of ours; NULL: none */
  const char *cwd;             /* NULL: ours */
  const char *stdout_path;     /* NULL: /dev/null */
  const char *stderr_path;     /* NULL: /dev/null */
  double deadline_s;           /* wall seconds until TERM; 0: none; at most 1e9 */
  double grace_s;              /* seconds from TERM to KILL; 0: 2 s; at most 1e9 */
  uint64_t memory_limit_bytes; /* RLIMIT_AS of the child; 0: none */
  uint64_t
      file_limit_bytes; /* RLIMIT_FSIZE: a file that grows beyond ends it by SIGXFSZ; 0: none */
} br_proc_spec;

typedef enum br_proc_end {
  BR_PROC_EXITED,   /* exit_code says how */
  BR_PROC_SIGNALED, /* signal says which */
  BR_PROC_TIMEOUT,  /* the deadline came; signal as above if one ended it */
  BR_PROC_KILLED,   /* br_proc_kill ended it */
  BR_PROC_LOST,     /* the helper itself died without a report */
} br_proc_end;

typedef struct br_proc_result {
  br_proc_end end;
  int exit_code;        /* -1 unless EXITED */
  int signal;           /* 0 unless a signal ended it */
  double wall_s;        /* from just before exec until the command itself ended */
  double user_s, sys_s; /* of the whole tree */
  int64_t peak_bytes;   /* largest resident set of a single process of the tree (ru_maxrss) */
} br_proc_result;

typedef struct br_proc br_proc;

/* Starts. stdin is /dev/null, no descriptor but 0 to 2 is handed down, signals are at their
 * defaults. What the command leaves running in the background when it ends is ended too: TERM,
 * after grace_s KILL. The world's failures come at once, as errors with nothing left behind: no
 * such program (BR_ENOTFOUND), not executable, a bad cwd, an output file that can't be made, no
 * helper (BR_EIO). BR_EINVAL: an empty argv or path, an env entry that is not NAME=value, seconds
 * out of range. */
br_code br_proc_start(br_proc **out, const br_proc_spec *spec, br_err *err) BR_MUST_USE;

/* Waits until one of procs[0..n) has ended with its whole tree, at most timeout_s (negative: for
 * ever). *which is its index (the first, if several have), n on a timeout. NULL entries are passed
 * over; to wait for ever for nothing is BR_EINVAL. A signal that is handled ends the wait with
 * BR_EINTR. */
br_code br_proc_wait_any(br_proc *const *procs, size_t n, double timeout_s, size_t *which,
                         br_err *err) BR_MUST_USE;

/* NULL while it runs; only br_proc_wait_any notices the end. Borrowed from proc. */
const br_proc_result *br_proc_result_of(const br_proc *proc);
/* The command's process id; 0 once br_proc_wait_any has noticed its end. */
int br_proc_pid(const br_proc *proc);
/* Asks the helper to end the tree: TERM, after grace_s KILL. Returns at once; wait for the end. */
void br_proc_kill(br_proc *proc);
/* Kills at once, without grace, if it runs. NULL is fine. */
void br_proc_free(br_proc *proc);

/* Number of CPUs this process may run on, at least 1. */
int br_proc_cpu_count(void);

#endif
