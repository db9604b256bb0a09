/* What benchrun and its helper benchrun-spawn say to each other. Both are built from this one tree,
 * so plain structs travel; a helper of another version is refused.
 *
 * Orders: the helper's argument vector, BR_SPAWN_ARG_*; the command's own argv is its tail, the
 * command's environment is the helper's. Also handed over: descriptor BR_SPAWN_FD, one end of a
 * SOCK_SEQPACKET pair; BR_SPAWN_SIGNALS blocked, every disposition at its default, a session of its
 * own.
 *
 * Answers: one br_spawn_message a packet. First STARTED or FAILED, then, after STARTED, one ENDED
 * once no process of the tree is left.
 *
 * Signals to the helper: TERM and INT end the tree (TERM, after the grace KILL). HUP, which the
 * kernel sends when benchrun dies, or the socket's hang-up end it at once by KILL. */
#ifndef BR_PROC_SPAWN_PROTOCOL_H
#define BR_PROC_SPAWN_PROTOCOL_H

#include <signal.h>
#include <stdint.h>

#define BR_SPAWN_VERSION "2"
#define BR_SPAWN_FD 3

enum br_spawn_arg {
  BR_SPAWN_ARG_SELF,
  BR_SPAWN_ARG_VERSION,
  BR_SPAWN_ARG_DEADLINE, /* microseconds, 0: none */
  BR_SPAWN_ARG_GRACE,    /* microseconds */
  BR_SPAWN_ARG_MEMORY,   /* bytes of address space, 0: no limit */
  BR_SPAWN_ARG_FILE,     /* bytes of the largest file it may write, 0: no limit */
  BR_SPAWN_ARG_CWD,      /* paths: "" is the default that proc.h names */
  BR_SPAWN_ARG_STDOUT,
  BR_SPAWN_ARG_STDERR,
  BR_SPAWN_ARG_COMMAND, /* from here on: the command */
};

/* What failed. */
typedef enum br_spawn_stage {
  BR_SPAWN_STAGE_ORDERS,
  BR_SPAWN_STAGE_STDOUT,
  BR_SPAWN_STAGE_STDERR,
  BR_SPAWN_STAGE_CWD,
  BR_SPAWN_STAGE_SETUP,
  BR_SPAWN_STAGE_EXEC,
} br_spawn_stage;

/* Why the command ended. */
typedef enum br_spawn_reason {
  BR_SPAWN_BY_ITSELF,
  BR_SPAWN_BY_DEADLINE,
  BR_SPAWN_BY_ORDER,
} br_spawn_reason;

typedef struct br_spawn_message {
  enum { BR_SPAWN_STARTED, BR_SPAWN_FAILED, BR_SPAWN_ENDED } kind;
  union {
    int32_t pid; /* STARTED */
    struct {
      br_spawn_stage stage;
      int32_t sys; /* errno */
    } failed;
    struct {
      br_spawn_reason reason;
      int32_t status; /* as wait4 gives it */
      double wall_s, user_s, sys_s;
      int64_t peak_bytes;
    } ended;
  } as;
} br_spawn_message;

/* The signals that the helper takes as messages. */
static inline void br_spawn_signals(sigset_t *set)
{
  (void)sigemptyset(set);
  (void)sigaddset(set, SIGCHLD);
  (void)sigaddset(set, SIGTERM);
  (void)sigaddset(set, SIGINT);
  (void)sigaddset(set, SIGHUP);
}

#endif
