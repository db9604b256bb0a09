/* Facts from a git repository, over libgit2, which is initialised on the first call and not before.
 *
 * Ownership: br_vcs_open hands the caller a br_vcs to br_vcs_free; what is borrowed from it lives
 * until the same function is called again. Works on worktrees, bare repositories, shallow clones
 * (their history ends where it was cut off) and repositories of another owner; SHA-256 repositories
 * are BR_ELIB. Nothing is written to the repository and no program is run, so that filters such as
 * Git LFS are not applied. */
#ifndef BR_VCS_VCS_H
#define BR_VCS_VCS_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct br_vcs br_vcs;

typedef struct br_vcs_commit {
  char id[41];   /* 40 hexadecimal digits; "" where there is none (a repository without commits) */
  int64_t time;  /* committer's, Unix seconds */
  char *summary; /* first line of the message; this and author owned by whoever gave the commit */
  char *author;  /* name without address */
} br_vcs_commit;

/* The repository that path lies in (searched upwards). BR_ENOTFOUND where there is none. */
br_code br_vcs_open(br_vcs **out, const char *path, br_err *err) BR_MUST_USE;
void br_vcs_free(br_vcs *vcs); /* NULL is fine */

/* HEAD; id is "" before the first commit. Borrowed from vcs. */
br_code br_vcs_head(br_vcs *vcs, const br_vcs_commit **out, br_err *err) BR_MUST_USE;
/* Branch name, before the first commit too; NULL when HEAD is detached. Borrowed from vcs. */
br_code br_vcs_branch(br_vcs *vcs, const char **out, br_err *err) BR_MUST_USE;
/* Tracked files differ from HEAD (untracked ones don't count). A bare repository is clean. */
br_code br_vcs_dirty(br_vcs *vcs, bool *out, br_err *err) BR_MUST_USE;
/* As `git describe --tags --always`; "" before the first commit. Borrowed from vcs. */
br_code br_vcs_describe(br_vcs *vcs, const char **out, br_err *err) BR_MUST_USE;

/* Commits reachable from one revision but not from another. */
typedef struct br_vcs_range {
  const char *from; /* NULL: none is left out */
  const char *to;
  size_t max; /* at most that many, the newest */
} br_vcs_range;

/* The commits of a range, newest first and children before parents. A revision that is unknown is
 * BR_ENOTFOUND, one that is malformed or no commit BR_ELIB. Borrowed from vcs until the next
 * call. */
br_code br_vcs_log(br_vcs *vcs, const br_vcs_range *range, const br_vcs_commit **out, size_t *n,
                   br_err *err) BR_MUST_USE;

#endif
