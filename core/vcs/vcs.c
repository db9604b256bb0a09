/* Facts from a git repository; see vcs.h.
 *
 * libgit2 is initialised on the first br_vcs_open and stays so until the process ends: it costs
 * some ten milliseconds, as it loads certificates. Two of its checks are off. That the repository
 * belongs to the user: it guards against configuration that runs programs, which libgit2 never
 * does. That an object's contents give its id: graft.c needs that. Nothing here writes to the
 * repository. */
#include "vcs/vcs.h"

#include "base/vec.h"
#include "vcs/vcs_internal.h"

#include <pthread.h>
#include <string.h>

struct br_vcs {
  git_repository *repo;
  br_vcs_commit head; /* what br_vcs_head lent; all below likewise */
  char *branch, *description;
  br_vcs_commit *log;
  size_t log_len, log_cap;
};

/* --- libgit2's errors --- */

static br_code code_of(int status, const git_error *reason)
{
  if (reason && reason->klass == GIT_ERROR_NOMEMORY)
    return BR_ENOMEM;
  return status == GIT_ENOTFOUND ? BR_ENOTFOUND : BR_ELIB;
}

br_code br_vcs_fail(br_err *err, int status, const char *what, const char *name)
{
  const git_error *reason = git_error_last();
  return br_fail(err, code_of(status, reason), "%s '%s': %s", what, name,
                 reason ? reason->message : "git gives no reason");
}

static const char *place(const br_vcs *vcs)
{
  const char *folder = git_repository_workdir(vcs->repo);
  return folder ? folder : git_repository_path(vcs->repo);
}

/* --- open and close --- */

static int init_status; /* written once, under init_once */

static void init_library(void)
{
  init_status = git_libgit2_init();
  if (init_status > 0)
    init_status = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  if (init_status == 0)
    init_status = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
}

static int init_once(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, init_library);
  return init_status;
}

static br_code open_repository(git_repository **out, const char *path, br_err *err)
{
  git_repository *repo;
  int status = init_once();
  if (status < 0)
    return br_fail(err, BR_ELIB, "libgit2 can't be initialised (%d)", status);
  status = git_repository_open_ext(&repo, path, 0, NULL);
  if (status < 0)
    return br_vcs_fail(err, status, "can't open a git repository at", path);
  br_code code = br_vcs_graft(repo, err);
  if (code == BR_OK)
    *out = repo;
  else
    git_repository_free(repo);
  return code;
}

br_code br_vcs_open(br_vcs **out, const char *path, br_err *err)
{
  br_vcs *vcs = br_calloc(1, sizeof *vcs);
  if (!vcs)
    return br_fail_nomem(err);
  br_code code = open_repository(&vcs->repo, path, err);
  if (code == BR_OK)
    *out = vcs;
  else
    br_free(vcs);
  return code;
}

static void clear_commit(br_vcs_commit *commit)
{
  br_free(commit->summary);
  br_free(commit->author);
  *commit = (br_vcs_commit){0};
}

static void clear_log(br_vcs *vcs)
{
  while (vcs->log_len > 0)
    clear_commit(&vcs->log[--vcs->log_len]);
}

void br_vcs_free(br_vcs *vcs)
{
  if (!vcs)
    return;
  clear_log(vcs);
  br_free(vcs->log);
  clear_commit(&vcs->head);
  br_free(vcs->branch);
  br_free(vcs->description);
  git_repository_free(vcs->repo);
  br_free(vcs);
}

/* --- texts and commits that vcs keeps --- */

static br_code keep_text(char **slot, const char *text, br_err *err)
{
  char *copy = br_strndup(text, strlen(text));
  if (!copy)
    return br_fail_nomem(err);
  br_free(*slot);
  *slot = copy;
  return BR_OK;
}

/* commit NULL: what stands for none. *slot must hold a commit or zeros; it is replaced as a whole
 * or not. */
static br_code keep_commit(br_vcs_commit *slot, git_commit *commit, br_err *err)
{
  br_vcs_commit kept = {0};
  const git_signature *author = commit ? git_commit_author(commit) : NULL;
  const char *summary = commit ? git_commit_summary(commit) : NULL;
  br_code code = keep_text(&kept.summary, summary ? summary : "", err);
  if (code == BR_OK)
    code = keep_text(&kept.author, author ? author->name : "", err);
  if (code != BR_OK) {
    clear_commit(&kept);
    return code;
  }
  if (commit) {
    (void)git_oid_tostr(kept.id, sizeof kept.id, git_commit_id(commit));
    kept.time = git_commit_time(commit);
  }
  clear_commit(slot);
  *slot = kept;
  return BR_OK;
}

/* --- HEAD --- */

/* *out is NULL and the status 0 before the first commit. */
static int find_head(git_object **out, const br_vcs *vcs, git_object_t type)
{
  git_reference *ref;
  *out = NULL;
  int status = git_repository_head(&ref, vcs->repo);
  if (status == GIT_EUNBORNBRANCH)
    return 0;
  if (status < 0)
    return status;
  status = git_reference_peel(out, ref, type);
  git_reference_free(ref);
  return status;
}

br_code br_vcs_head(br_vcs *vcs, const br_vcs_commit **out, br_err *err)
{
  git_object *head;
  int status = find_head(&head, vcs, GIT_OBJECT_COMMIT);
  if (status < 0)
    return br_vcs_fail(err, status, "can't read HEAD of", place(vcs));
  br_code code = keep_commit(&vcs->head, (git_commit *)head, err);
  git_object_free(head);
  if (code == BR_OK)
    *out = &vcs->head;
  return code;
}

/* Where HEAD points, without following it: that of a repository without commits points somewhere
 * too. */
br_code br_vcs_branch(br_vcs *vcs, const char **out, br_err *err)
{
  static const char prefix[] = "refs/heads/";
  git_reference *head;
  int status = git_reference_lookup(&head, vcs->repo, "HEAD");
  if (status < 0)
    return br_vcs_fail(err, status, "can't read HEAD of", place(vcs));
  const char *target = git_reference_symbolic_target(head);
  if (target && strncmp(target, prefix, sizeof prefix - 1) == 0)
    target += sizeof prefix - 1;
  br_code code = target ? keep_text(&vcs->branch, target, err) : BR_OK;
  if (code == BR_OK)
    *out = target ? vcs->branch : NULL;
  git_reference_free(head);
  return code;
}

/* --- the working tree --- */

static int count_changes(size_t *out, br_vcs *vcs, git_tree *tree)
{
  git_diff_options options;
  (void)git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.ignore_submodules = GIT_SUBMODULE_IGNORE_UNTRACKED;
  git_diff *diff;
  int status = git_diff_tree_to_workdir_with_index(&diff, vcs->repo, tree, &options);
  if (status < 0)
    return status;
  *out = git_diff_num_deltas(diff);
  git_diff_free(diff);
  return 0;
}

br_code br_vcs_dirty(br_vcs *vcs, bool *out, br_err *err)
{
  size_t changes = 0;
  git_object *tree;
  int status = find_head(&tree, vcs, GIT_OBJECT_TREE);
  if (status == 0 && !git_repository_is_bare(vcs->repo))
    status = count_changes(&changes, vcs, (git_tree *)tree);
  git_object_free(tree);
  if (status < 0)
    return br_vcs_fail(err, status, "can't compare files of", place(vcs));
  *out = changes > 0;
  return BR_OK;
}

/* --- describe --- */

static int describe(git_buf *out, git_object *commit)
{
  git_describe_options options;
  (void)git_describe_options_init(&options, GIT_DESCRIBE_OPTIONS_VERSION);
  options.describe_strategy = GIT_DESCRIBE_TAGS;
  options.show_commit_oid_as_fallback = 1;
  git_describe_result *result;
  int status = git_describe_commit(&result, commit, &options);
  if (status < 0)
    return status;
  status = git_describe_format(out, result, NULL);
  git_describe_result_free(result);
  return status;
}

br_code br_vcs_describe(br_vcs *vcs, const char **out, br_err *err)
{
  git_object *head;
  git_buf text = GIT_BUF_INIT;
  int status = find_head(&head, vcs, GIT_OBJECT_COMMIT);
  if (status == 0 && head)
    status = describe(&text, head);
  git_object_free(head);
  if (status < 0)
    return br_vcs_fail(err, status, "can't describe HEAD of", place(vcs));
  br_code code = keep_text(&vcs->description, text.ptr ? text.ptr : "", err);
  git_buf_dispose(&text);
  if (code == BR_OK)
    *out = vcs->description;
  return code;
}

/* --- log --- */

static br_code resolve(git_oid *out, br_vcs *vcs, const char *name, br_err *err)
{
  git_object *object, *commit;
  int status = git_revparse_single(&object, vcs->repo, name);
  if (status < 0)
    return br_vcs_fail(err, status, "no revision", name);
  status = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
  git_object_free(object);
  if (status < 0)
    return br_vcs_fail(err, status, "not a commit:", name);
  *out = *git_object_id(commit);
  git_object_free(commit);
  return BR_OK;
}

static br_code keep_logged(br_vcs *vcs, const git_oid *id, br_err *err)
{
  git_commit *commit;
  BR_TRY(br_vec_reserve(&vcs->log, &vcs->log_cap, vcs->log_len + 1, err));
  int status = git_commit_lookup(&commit, vcs->repo, id);
  if (status < 0)
    return br_vcs_fail(err, status, "can't read a commit of", place(vcs));
  vcs->log[vcs->log_len] = (br_vcs_commit){0};
  br_code code = keep_commit(&vcs->log[vcs->log_len], commit, err);
  git_commit_free(commit);
  if (code == BR_OK)
    vcs->log_len++;
  return code;
}

static br_code collect(br_vcs *vcs, git_revwalk *walk, size_t max, br_err *err)
{
  git_oid id;
  int status = 0;
  while (vcs->log_len < max && (status = git_revwalk_next(&id, walk)) == 0)
    BR_TRY(keep_logged(vcs, &id, err));
  if (status < 0 && status != GIT_ITEROVER)
    return br_vcs_fail(err, status, "can't walk the commits of", place(vcs));
  return BR_OK;
}

static br_code walk_range(br_vcs *vcs, const git_oid *from, const git_oid *to, size_t max,
                          br_err *err)
{
  git_revwalk *walk;
  int status = git_revwalk_new(&walk, vcs->repo);
  if (status < 0)
    return br_vcs_fail(err, status, "can't walk the commits of", place(vcs));
  (void)git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME);
  status = git_revwalk_push(walk, to);
  if (status == 0 && from)
    status = git_revwalk_hide(walk, from);
  br_code code = status == 0 ? collect(vcs, walk, max, err)
                             : br_vcs_fail(err, status, "can't walk the commits of", place(vcs));
  git_revwalk_free(walk);
  return code;
}

br_code br_vcs_log(br_vcs *vcs, const br_vcs_range *range, const br_vcs_commit **out, size_t *n,
                   br_err *err)
{
  git_oid from, to;
  BR_TRY(resolve(&to, vcs, range->to, err));
  if (range->from)
    BR_TRY(resolve(&from, vcs, range->from, err));
  clear_log(vcs);
  BR_TRY(walk_range(vcs, range->from ? &from : NULL, &to, range->max, err));
  *out = vcs->log;
  *n = vcs->log_len;
  return BR_OK;
}
