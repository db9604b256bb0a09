/* The user's wish that a long operation end: a flag that a signal handler raises and long loops look at.
 *
 * Only an interactive program raises it; elsewhere SIGINT ends the process or the run. */
#ifndef BR_BASE_INTERRUPT_H
#define BR_BASE_INTERRUPT_H

#include "base/err.h"

#include <stdbool.h>

/* Safe in a signal handler. */
void br_interrupt_raise(void);
void br_interrupt_clear(void);
bool br_interrupt_is_raised(void);
/* BR_EINTR "interrupted" while it is raised. */
br_code br_interrupt_check(br_err *err) BR_MUST_USE;

#endif
