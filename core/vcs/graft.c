/* Shallow clones for a libgit2 that does not know them: 1.5 fails on any walk that reaches the cut.
 *
 * The file `shallow` lists the commits whose parents were not fetched. For each, a copy without
 * parents is put into an object store in memory that is asked before the others, under the commit's
 * own id; so every walk ends there, as git's do. Needs libgit2's check of ids against contents to
 * be off. The repository on disk stays as it is. */
#include "vcs/vcs_internal.h"

#include "base/file.h"
#include "base/vec.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include <string.h>

typedef struct grafter {
  git_odb *disk;  /* the commits as they are; a store of its own, as stores cache what they read */
  git_odb *store; /* the repository's */
  git_odb_backend *stubs; /* owned by store */
} grafter;

enum { BEFORE_ALL_OTHERS = 1000 }; /* libgit2's own stores have priorities of 1 and 2 */

/* Copies a commit but for its parent lines, which follow its first line. Returns the length. */
static size_t copy_without_parents(char *out, const char *commit, size_t n)
{
  static const char parent[] = "parent ";
  const char *end = commit + n, *rest = memchr(commit, '\n', n);
  rest = rest ? rest + 1 : end;
  size_t head = (size_t)(rest - commit);
  while ((size_t)(end - rest) >= sizeof parent && memcmp(rest, parent, sizeof parent - 1) == 0) {
    const char *line_end = memchr(rest, '\n', (size_t)(end - rest));
    rest = line_end ? line_end + 1 : end;
  }
  memcpy(out, commit, head);
  memcpy(out + head, rest, (size_t)(end - rest));
  return head + (size_t)(end - rest);
}

static int put_stub(const grafter *g, const git_oid *id, git_odb_object *commit)
{
  size_t n = git_odb_object_size(commit);
  char *copy = br_alloc(n);
  if (!copy) {
    git_error_set_oom();
    return GIT_ERROR;
  }
  n = copy_without_parents(copy, git_odb_object_data(commit), n);
  int status = g->stubs->write(g->stubs, id, copy, n, GIT_OBJECT_COMMIT);
  br_free(copy);
  return status;
}

/* Reads the stub once: cached, it is found for an abbreviated id too, which the stubs aren't asked
 * for. */
static int graft_commit(const grafter *g, const git_oid *id)
{
  git_odb_object *commit, *stub;
  int status = git_odb_read(&commit, g->disk, id);
  if (status < 0)
    return status == GIT_ENOTFOUND ? 0 : status;
  status = put_stub(g, id, commit);
  git_odb_object_free(commit);
  if (status < 0 || (status = git_odb_read(&stub, g->store, id)) < 0)
    return status;
  git_odb_object_free(stub);
  return 0;
}

static int add_stubs(grafter *g)
{
  int status = git_mempack_new(&g->stubs);
  if (status < 0)
    return status;
  status = git_odb_add_backend(g->store, g->stubs, BEFORE_ALL_OTHERS);
  if (status < 0)
    g->stubs->free(g->stubs);
  return status;
}

/* list: lines of 40 hexadecimal digits. */
static int graft_all(grafter *g, const br_str *list)
{
  git_oid id;
  int status = add_stubs(g);
  for (size_t i = 0; status == 0 && i + GIT_OID_HEXSZ <= list->len; i += GIT_OID_HEXSZ + 1) {
    status = git_oid_fromstrn(&id, list->data + i, GIT_OID_HEXSZ);
    if (status == 0)
      status = graft_commit(g, &id);
  }
  return status;
}

static int graft_list(git_repository *repo, const char *objects, const br_str *list)
{
  grafter g = {0};
  int status = git_odb_open(&g.disk, objects);
  if (status == 0)
    status = git_repository_odb(&g.store, repo);
  if (status == 0)
    status = graft_all(&g, list);
  git_odb_free(g.store);
  git_odb_free(g.disk);
  return status;
}

/* The shared folder of all worktrees holds both the list and the objects. */
static br_code graft_from(git_repository *repo, br_str *path, br_str *list, br_err *err)
{
  const char *folder = git_repository_commondir(repo);
  BR_TRY(br_str_addf(path, err, "%sshallow", folder));
  br_code code = br_file_read(list, path->data, err);
  if (code != BR_OK)
    return code == BR_ENOTFOUND ? BR_OK : code;
  br_str_clear(path);
  BR_TRY(br_str_addf(path, err, "%sobjects", folder));
  int status = graft_list(repo, path->data, list);
  return status < 0 ? br_vcs_fail(err, status, "can't read the shallow clone", folder) : BR_OK;
}

br_code br_vcs_graft(git_repository *repo, br_err *err)
{
  br_str path = {0}, list = {0};
  br_code code = graft_from(repo, &path, &list, err);
  br_str_clear(&list);
  br_str_clear(&path);
  return code;
}
