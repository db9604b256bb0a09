/* Watching over the command until nothing of its tree is left. */
#ifndef BR_PROC_SPAWN_SUPERVISE_H
#define BR_PROC_SPAWN_SUPERVISE_H

#include "proc/spawn/launch.h"

/* signals: a signalfd for br_spawn_signals. Fills message with ENDED and returns when the tree is
 * gone, or when 10 s of KILL did not end it (processes that we may not signal, or that hang in the
 * kernel). */
void br_spawn_supervise(br_spawn_message *message, const br_spawn_launched *command, char **orders,
                        int signals);

#endif
