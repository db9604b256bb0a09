/* From the helper to the command: files, directory, limits, exec. */
#ifndef BR_PROC_SPAWN_LAUNCH_H
#define BR_PROC_SPAWN_LAUNCH_H

#include "proc/spawn_protocol.h"

#include <stdbool.h>
#include <sys/types.h>

typedef struct br_spawn_launched {
  pid_t pid;
  double started;       /* on br_spawn_now's clock, just before exec */
  br_spawn_stage stage; /* what failed, and why; set if sys is not 0 */
  int sys;
} br_spawn_launched;

/* Seconds on the monotonic clock. */
double br_spawn_now(void);

/* Carries out orders (the helper's own argv): moves this process to the command's directory, gives
 * it the command's files as descriptors 0 to 2 and starts the command. False: nothing was started.
 */
bool br_spawn_launch(br_spawn_launched *l, char **orders);

#endif
