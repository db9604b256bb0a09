/* The descendants of this process, found in /proc.
 *
 * The helper is a subreaper and leads a session of its own: whatever a command starts stays below
 * it, even after setsid and a double fork. */
#ifndef BR_PROC_SPAWN_TREE_H
#define BR_PROC_SPAWN_TREE_H

#include <sys/types.h>

/* Sends sig once to each descendant that is there now. Ones that are forked meanwhile may be
 * missed: repeat until wait4 says that there is no child. group: a process group to signal as a
 * whole, 0 for none; the caller holds its leader unreaped. */
void br_spawn_tree_signal(pid_t group, int sig);

#endif
