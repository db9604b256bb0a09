/* Shared within core/vcs, which alone sees git2.h. */
#ifndef BR_VCS_VCS_INTERNAL_H
#define BR_VCS_VCS_INTERNAL_H

#include "base/mem.h"

#include <git2.h>

/* Fills err with "what 'name': libgit2's reason" and returns the code that fits status. */
br_code br_vcs_fail(br_err *err, int status, const char *what, const char *name);

/* Makes a shallow clone's history end where it was cut off. Does nothing for a whole repository. */
br_code br_vcs_graft(git_repository *repo, br_err *err) BR_MUST_USE;

#endif
