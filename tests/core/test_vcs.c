/* Facts from git repositories that the git command makes in a temporary folder, each test in its
 * own. */
#define _GNU_SOURCE
#include "vcs/vcs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* libgit2 1.5 forgets what it allocates for a regular expression (configuration with extensions).
 */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming) */
const char *__lsan_default_suppressions(void);
/* NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming) */
const char *__lsan_default_suppressions(void)
{
  return "leak:libpcre2-8\n";
}

static char folder[64];

/* Runs a script with sh in the test's folder; it must succeed. */
static void BR_PRINTF(1, 2) sh(const char *fmt, ...)
{
  char script[2048], command[2200];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(script, sizeof script, fmt, args);
  va_end(args);
  (void)snprintf(command, sizeof command, "set -e; exec >/dev/null 2>&1; cd '%s'; %s", folder,
                 script);
  if (system(command) != 0)
    fail_msg("failed: %s", script);
}

/* First line that a command prints. */
static const char *says(const char *what)
{
  static char line[256];
  char command[512];
  (void)snprintf(command, sizeof command, "cd '%s' && %s", folder, what);
  FILE *pipe = popen(command, "r");
  assert_non_null(pipe);
  char *got = fgets(line, sizeof line, pipe);
  assert_int_equal(pclose(pipe), 0);
  assert_non_null(got);
  line[strcspn(line, "\n")] = '\0';
  return line;
}

static int make_folder(void **state)
{
  (void)state;
  (void)snprintf(folder, sizeof folder, "%s/test_vcs_XXXXXX", P_tmpdir);
  if (!mkdtemp(folder))
    return -1;
  (void)setenv("HOME", folder, 1);
  return 0;
}

static int remove_folder(void **state)
{
  (void)state;
  char command[128];
  (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

static int set_environment(void **state)
{
  (void)state;
  static const char *const gone[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
                                     "GIT_CEILING_DIRECTORIES", "XDG_CONFIG_HOME"};
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
    (void)unsetenv(gone[i]);
  (void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  (void)setenv("GIT_AUTHOR_NAME", "Ada Lövelace", 1);
  (void)setenv("GIT_AUTHOR_EMAIL", "ada@example.org", 1);
  (void)setenv("GIT_COMMITTER_NAME", "Charles", 1);
  (void)setenv("GIT_COMMITTER_EMAIL", "charles@example.org", 1);
  (void)setenv("GIT_AUTHOR_DATE", "1600000000 +0200", 1);
  (void)setenv("GIT_COMMITTER_DATE", "1700000000 +0100", 1);
  return 0;
}

/* A repository `r` with commits c1 … cn to one file, a second apart. */
static void make_commits(int n)
{
  sh("git init -q -b main r; cd r; for i in $(seq %d); do echo $i >file; git add file;"
     "GIT_COMMITTER_DATE=\"$((1700000000 + i)) +0000\" git commit -qm c$i; done",
     n);
}

static br_vcs *open_at(const char *name)
{
  char path[256];
  br_vcs *vcs = NULL;
  br_err err = {0};
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  if (br_vcs_open(&vcs, path, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return vcs;
}

static br_code open_code(const char *name, br_err *err)
{
  char path[256];
  br_vcs *vcs = (br_vcs *)folder;
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  br_code code = br_vcs_open(&vcs, path, err);
  assert_true(code != BR_OK && vcs == (br_vcs *)folder);
  return code;
}

static const br_vcs_commit *head_of(br_vcs *vcs)
{
  const br_vcs_commit *head = NULL;
  br_err err = {0};
  if (br_vcs_head(vcs, &head, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return head;
}

static const char *branch_of(br_vcs *vcs)
{
  const char *branch = NULL;
  br_err err = {0};
  if (br_vcs_branch(vcs, &branch, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return branch;
}

static const char *describe_of(br_vcs *vcs)
{
  const char *text = NULL;
  br_err err = {0};
  if (br_vcs_describe(vcs, &text, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return text;
}

static bool is_dirty(br_vcs *vcs)
{
  bool dirty = false;
  br_err err = {0};
  if (br_vcs_dirty(vcs, &dirty, &err) != BR_OK)
    fail_msg("%s", err.msg);
  return dirty;
}

/* The summaries of a log, one after another: "c3 c2 ". */
static const char *log_of(br_vcs *vcs, const char *from, const char *to, size_t max)
{
  static char text[512];
  const br_vcs_commit *commits;
  size_t n, used = 0;
  br_err err = {0};
  if (br_vcs_log(vcs, &(br_vcs_range){from, to, max}, &commits, &n, &err) != BR_OK)
    fail_msg("%s", err.msg);
  text[0] = '\0';
  for (size_t i = 0; i < n; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s ", commits[i].summary);
  return text;
}

static br_code log_code(br_vcs *vcs, const char *from, const char *to, br_err *err)
{
  const br_vcs_commit *commits = NULL;
  size_t n = 77;
  br_code code = br_vcs_log(vcs, &(br_vcs_range){from, to, 10}, &commits, &n, err);
  assert_true(code == BR_OK || (n == 77 && !commits));
  return code;
}

/* --- open --- */

static void open_outside_any_repository_finds_none(void **state)
{
  (void)state;
  br_err err = {0};
  sh("mkdir plain");
  assert_int_equal(open_code("plain", &err), BR_ENOTFOUND);
  assert_non_null(strstr(err.msg, "plain"));
  assert_int_equal(open_code("missing/folder", &err), BR_ENOTFOUND);
}

static void open_searches_upwards(void **state)
{
  (void)state;
  make_commits(1);
  sh("mkdir -p r/a/b");
  br_vcs *vcs = open_at("r/a/b");
  assert_string_equal(head_of(vcs)->summary, "c1");
  br_vcs_free(vcs);
}

static void open_refuses_sha256_repositories(void **state)
{
  (void)state;
  br_err err = {0};
  sh("git init -q --object-format=sha256 r");
  assert_int_equal(open_code("r", &err), BR_ELIB);
  assert_non_null(strstr(err.msg, "objectformat"));
}

static void open_reads_repositories_of_another_owner(void **state)
{
  (void)state;
  if (geteuid() != 0)
    skip();
  make_commits(2);
  sh("chown -R 12345:12345 r");
  br_vcs *vcs = open_at("r");
  assert_string_equal(head_of(vcs)->summary, "c2");
  assert_false(is_dirty(vcs));
  br_vcs_free(vcs);
}

static void free_takes_null(void **state)
{
  (void)state;
  br_vcs_free(NULL);
}

/* --- a repository without commits --- */

static void an_empty_repository_has_a_branch_and_no_head(void **state)
{
  (void)state;
  br_err err = {0};
  sh("git init -q -b trunk r");
  br_vcs *vcs = open_at("r");
  const br_vcs_commit *head = head_of(vcs);
  assert_string_equal(head->id, "");
  assert_string_equal(head->summary, "");
  assert_string_equal(head->author, "");
  assert_string_equal(branch_of(vcs), "trunk");
  assert_string_equal(describe_of(vcs), "");
  assert_int_equal(log_code(vcs, NULL, "HEAD", &err), BR_ENOTFOUND);
  br_vcs_free(vcs);
}

static void an_empty_repository_is_dirty_once_a_file_is_added(void **state)
{
  (void)state;
  sh("git init -q r; echo a >r/file");
  br_vcs *vcs = open_at("r");
  assert_false(is_dirty(vcs));
  sh("git -C r add file");
  assert_true(is_dirty(vcs));
  br_vcs_free(vcs);
}

/* --- head and branch --- */

static void head_tells_id_time_summary_and_author(void **state)
{
  (void)state;
  sh("git init -q r; cd r; echo a >file; git add file; git commit -qm 'Add a file' -m 'And say "
     "why.'");
  br_vcs *vcs = open_at("r");
  const br_vcs_commit *head = head_of(vcs);
  assert_string_equal(head->id, says("git -C r rev-parse HEAD"));
  assert_int_equal(head->time, 1700000000);
  assert_string_equal(head->summary, "Add a file");
  assert_string_equal(head->author, "Ada Lövelace");
  br_vcs_free(vcs);
}

static void head_takes_an_empty_message(void **state)
{
  (void)state;
  sh("git init -q r; cd r; git commit -q --allow-empty --allow-empty-message -m ''");
  br_vcs *vcs = open_at("r");
  assert_string_equal(head_of(vcs)->summary, "");
  br_vcs_free(vcs);
}

static void head_and_branch_follow_the_repository(void **state)
{
  (void)state;
  make_commits(1);
  br_vcs *vcs = open_at("r");
  assert_string_equal(head_of(vcs)->summary, "c1");
  sh("cd r; git checkout -qb topic/one; git commit -q --allow-empty -m next");
  assert_string_equal(head_of(vcs)->summary, "next");
  assert_string_equal(branch_of(vcs), "topic/one");
  br_vcs_free(vcs);
}

static void branch_of_a_detached_head_is_null(void **state)
{
  (void)state;
  make_commits(2);
  sh("git -C r checkout -q --detach HEAD~1");
  br_vcs *vcs = open_at("r");
  assert_null(branch_of(vcs));
  assert_string_equal(head_of(vcs)->summary, "c1");
  br_vcs_free(vcs);
}

static void head_of_a_broken_repository_is_an_error(void **state)
{
  (void)state;
  const br_vcs_commit *head = NULL;
  bool dirty;
  const char *text = NULL;
  br_err err = {0};
  make_commits(1);
  br_vcs *vcs = open_at("r");
  sh("cd r/.git; echo nonsense >HEAD");
  assert_int_not_equal(br_vcs_head(vcs, &head, &err), BR_OK);
  assert_int_not_equal(br_vcs_branch(vcs, &text, &err), BR_OK);
  assert_int_not_equal(br_vcs_dirty(vcs, &dirty, &err), BR_OK);
  assert_int_not_equal(br_vcs_describe(vcs, &text, &err), BR_OK);
  assert_non_null(strstr(err.msg, "HEAD"));
  assert_true(!head && !text);
  br_vcs_free(vcs);
}

/* --- dirty --- */

/* Whether r, with one committed file, is dirty after a script ran in it. */
static bool dirty_after(const char *script)
{
  make_commits(1);
  sh("cd r; %s", script);
  br_vcs *vcs = open_at("r");
  bool dirty = is_dirty(vcs);
  br_vcs_free(vcs);
  sh("rm -rf r");
  return dirty;
}

static void dirty_is_a_change_of_tracked_files(void **state)
{
  (void)state;
  assert_true(dirty_after("echo more >>file"));
  assert_true(dirty_after("echo 2 >file"));
  assert_true(dirty_after("rm file"));
  assert_true(dirty_after("echo new >other; git add other"));
  assert_true(dirty_after("git rm -q --cached file"));
  assert_true(dirty_after("chmod +x file"));
  assert_true(dirty_after("rm file; ln -s elsewhere file"));
}

static void dirty_is_not_what_leaves_tracked_files_alone(void **state)
{
  (void)state;
  assert_false(dirty_after(":"));
  assert_false(dirty_after("echo new >untracked; mkdir folder; echo new >folder/untracked"));
  assert_false(dirty_after("echo '*.o' >.git/info/exclude; echo new >x.o"));
  assert_false(dirty_after("touch -d 2001-01-01 file"));
  assert_false(dirty_after("echo more >>file; git checkout -q file"));
}

static void dirty_sees_changes_while_open(void **state)
{
  (void)state;
  make_commits(1);
  br_vcs *vcs = open_at("r");
  assert_false(is_dirty(vcs));
  sh("echo more >>r/file");
  assert_true(is_dirty(vcs));
  sh("git -C r commit -qam next");
  assert_false(is_dirty(vcs));
  br_vcs_free(vcs);
}

static void dirty_counts_changed_submodules_but_not_their_untracked_files(void **state)
{
  (void)state;
  make_commits(1);
  sh("git init -q outer; cd outer; git -c protocol.file.allow=always submodule --quiet add ../r "
     "sub;"
     "git commit -qm sub; echo new >sub/untracked");
  br_vcs *vcs = open_at("outer");
  assert_false(is_dirty(vcs));
  sh("echo more >>outer/sub/file");
  assert_true(is_dirty(vcs));
  br_vcs_free(vcs);
}

static void a_bare_repository_is_clean(void **state)
{
  (void)state;
  make_commits(2);
  sh("git clone -q --bare r bare");
  br_vcs *vcs = open_at("bare");
  assert_false(is_dirty(vcs));
  assert_string_equal(head_of(vcs)->summary, "c2");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 9), "c2 c1 ");
  br_vcs_free(vcs);
}

static void nothing_is_written_to_the_repository(void **state)
{
  (void)state;
  make_commits(2);
  sh("touch -d 2001-01-01 r/file; find r -type f -exec cksum {} + | sort >before");
  br_vcs *vcs = open_at("r");
  (void)is_dirty(vcs);
  (void)describe_of(vcs);
  (void)log_of(vcs, NULL, "HEAD", 9);
  br_vcs_free(vcs);
  sh("find r -type f -exec cksum {} + | sort >after; cmp before after");
}

/* --- describe --- */

static void describe_agrees_with_git(void **state)
{
  (void)state;
  static const char *const scripts[] = {
      ":",
      "git tag light HEAD~2",
      "git tag -a -m x heavy HEAD~1",
      "git tag -a -m x exact",
      "git commit -q --allow-empty -m more; git commit -q --allow-empty -m more",
      "git tag v2.0-rc1"};
  make_commits(3);
  br_vcs *vcs = open_at("r");
  for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
    sh("cd r; %s", scripts[i]);
    assert_string_equal(describe_of(vcs), says("git -C r describe --tags --always"));
  }
  assert_string_equal(describe_of(vcs), "v2.0-rc1");
  br_vcs_free(vcs);
}

/* --- log --- */

static void log_lists_what_lies_between_two_commits(void **state)
{
  (void)state;
  make_commits(5);
  br_vcs *vcs = open_at("r");
  assert_string_equal(log_of(vcs, "HEAD~2", "HEAD", 10), "c5 c4 ");
  assert_string_equal(log_of(vcs, "HEAD~4", "HEAD~1", 10), "c4 c3 c2 ");
  assert_string_equal(log_of(vcs, "HEAD", "HEAD", 10), "");
  assert_string_equal(log_of(vcs, "HEAD", "HEAD~3", 10), "");
  assert_string_equal(log_of(vcs, NULL, "main", 10), "c5 c4 c3 c2 c1 ");
  br_vcs_free(vcs);
}

static void log_gives_the_newest_up_to_max(void **state)
{
  (void)state;
  make_commits(5);
  br_vcs *vcs = open_at("r");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 2), "c5 c4 ");
  assert_string_equal(log_of(vcs, "HEAD~4", "HEAD", 4), "c5 c4 c3 c2 ");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 0), "");
  br_vcs_free(vcs);
}

static void log_entries_hold_all_that_head_does(void **state)
{
  (void)state;
  make_commits(3);
  const br_vcs_commit *commits;
  size_t n;
  br_vcs *vcs = open_at("r");
  assert_int_equal(br_vcs_log(vcs, &(br_vcs_range){"HEAD~2", "HEAD", 10}, &commits, &n, NULL),
                   BR_OK);
  assert_int_equal(n, 2);
  assert_string_equal(commits[1].id, says("git -C r rev-parse HEAD~1"));
  assert_int_equal(commits[1].time, 1700000002);
  assert_string_equal(commits[1].author, "Ada Lövelace");
  br_vcs_free(vcs);
}

static void log_puts_children_first_where_times_are_equal(void **state)
{
  (void)state;
  sh("git init -q r; cd r; for i in $(seq 12); do git commit -q --allow-empty -m $i; done");
  br_vcs *vcs = open_at("r");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 99), "12 11 10 9 8 7 6 5 4 3 2 1 ");
  br_vcs_free(vcs);
}

static void log_follows_merges_and_leaves_out_shared_history(void **state)
{
  (void)state;
  make_commits(2);
  sh("cd r; git checkout -qb side; git commit -q --allow-empty -m s1; git checkout -q main;"
     "export GIT_COMMITTER_DATE='1700000100 +0000'; git commit -q --allow-empty -m m1;"
     "git merge -q --no-edit -m merge side");
  br_vcs *vcs = open_at("r");
  assert_string_equal(log_of(vcs, "side", "main", 10), "merge m1 ");
  assert_string_equal(log_of(vcs, "main~1", "main", 10), "merge s1 ");
  br_vcs_free(vcs);
}

static void log_takes_tags_and_abbreviated_ids(void **state)
{
  (void)state;
  char id[64];
  make_commits(4);
  sh("git -C r tag -a -m x v1 HEAD~2");
  (void)snprintf(id, sizeof id, "%s", says("git -C r rev-parse --short HEAD~1"));
  br_vcs *vcs = open_at("r");
  assert_string_equal(log_of(vcs, "v1", id, 10), "c3 ");
  br_vcs_free(vcs);
}

static void log_of_an_unknown_revision_is_not_found(void **state)
{
  (void)state;
  make_commits(2);
  br_err err = {0};
  br_vcs *vcs = open_at("r");
  assert_int_equal(log_code(vcs, "nosuch", "HEAD", &err), BR_ENOTFOUND);
  assert_non_null(strstr(err.msg, "'nosuch'"));
  assert_int_equal(log_code(vcs, NULL, "HEAD~9", &err), BR_ENOTFOUND);
  assert_int_equal(log_code(vcs, NULL, "-x", &err), BR_ENOTFOUND);
  assert_int_equal(log_code(vcs, NULL, "0000000000000000000000000000000000000000", &err),
                   BR_ENOTFOUND);
  br_vcs_free(vcs);
}

static void log_of_what_is_no_commit_is_an_error(void **state)
{
  (void)state;
  static const char *const bad[] = {"", "a..b", "@{", "^", "HEAD:file", "HEAD^{tree}", "abc"};
  make_commits(1);
  br_vcs *vcs = open_at("r");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    br_err err = {0};
    br_code code = log_code(vcs, bad[i], "HEAD", &err);
    if (code != BR_ELIB && code != BR_ENOTFOUND)
      fail_msg("'%s' gives %s", bad[i], br_code_name(code));
  }
  br_vcs_free(vcs);
}

/* --- worktrees and shallow clones --- */

static void a_worktree_has_its_own_head_and_branch(void **state)
{
  (void)state;
  make_commits(3);
  sh("git -C r worktree add -q -b side ../tree HEAD~1; echo more >>tree/file");
  br_vcs *vcs = open_at("tree");
  assert_string_equal(head_of(vcs)->summary, "c2");
  assert_string_equal(branch_of(vcs), "side");
  assert_true(is_dirty(vcs));
  assert_string_equal(log_of(vcs, "HEAD", "main", 10), "c3 ");
  br_vcs_free(vcs);
}

static void make_shallow(int commits, int depth)
{
  make_commits(commits);
  sh("git clone -q --depth %d \"file://$PWD/r\" shallow", depth);
}

static void history_of_a_shallow_clone_ends_at_the_cut(void **state)
{
  (void)state;
  make_shallow(6, 3);
  br_vcs *vcs = open_at("shallow");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 10), "c6 c5 c4 ");
  assert_string_equal(log_of(vcs, "HEAD~1", "HEAD", 10), "c6 ");
  assert_string_equal(log_of(vcs, "HEAD~2", "HEAD", 10), "c6 c5 ");
  assert_string_equal(log_of(vcs, "HEAD", "HEAD~2", 10), "");
  br_err err = {0};
  assert_int_equal(log_code(vcs, "HEAD~3", "HEAD", &err), BR_ENOTFOUND);
  assert_false(is_dirty(vcs));
  br_vcs_free(vcs);
}

static void the_cut_is_known_by_its_abbreviated_id_too(void **state)
{
  (void)state;
  char id[64];
  make_shallow(4, 2);
  (void)snprintf(id, sizeof id, "%s", says("git -C shallow rev-parse --short HEAD~1"));
  br_vcs *vcs = open_at("shallow");
  assert_string_equal(log_of(vcs, NULL, id, 10), "c3 ");
  assert_string_equal(log_of(vcs, id, "HEAD", 10), "c4 ");
  br_vcs_free(vcs);
}

static void a_shallow_clone_is_described_as_git_does(void **state)
{
  (void)state;
  static const char *const scripts[] = {":", "git tag cut HEAD~1", "git tag here"};
  make_shallow(4, 2);
  for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
    sh("cd shallow; %s", scripts[i]);
    br_vcs *vcs = open_at("shallow");
    assert_string_equal(describe_of(vcs), says("git -C shallow describe --tags --always"));
    br_vcs_free(vcs);
  }
}

static void a_clone_of_depth_one_works(void **state)
{
  (void)state;
  make_shallow(3, 1);
  br_vcs *vcs = open_at("shallow");
  assert_string_equal(head_of(vcs)->summary, "c3");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 10), "c3 ");
  assert_string_equal(describe_of(vcs), says("git -C shallow describe --tags --always"));
  br_vcs_free(vcs);
}

static void a_merge_at_the_cut_loses_all_its_parents(void **state)
{
  (void)state;
  make_commits(2);
  sh("cd r; git checkout -qb side; git commit -q --allow-empty -m s1; git checkout -q main;"
     "git merge -q --no-ff -m merge side; cd ..; git clone -q --depth 1 \"file://$PWD/r\" shallow");
  br_vcs *vcs = open_at("shallow");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 10), "merge ");
  br_vcs_free(vcs);
}

static void a_worktree_of_a_shallow_clone_works(void **state)
{
  (void)state;
  make_shallow(4, 2);
  sh("git -C shallow worktree add -q --detach ../tree HEAD");
  br_vcs *vcs = open_at("tree");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 10), "c4 c3 ");
  br_vcs_free(vcs);
}

static void reading_a_shallow_clone_leaves_it_as_it_was(void **state)
{
  (void)state;
  make_shallow(4, 2);
  br_vcs *vcs = open_at("shallow");
  (void)log_of(vcs, NULL, "HEAD", 10);
  br_vcs_free(vcs);
  sh("cd shallow; git fsck --strict; git fetch -q --unshallow; test $(git rev-list HEAD | wc -l) = "
     "4");
}

static void a_damaged_list_of_cuts_is_an_error(void **state)
{
  (void)state;
  br_err err = {0};
  size_t live = br_mem_live();
  make_shallow(3, 1);
  sh("cd shallow/.git; printf 'zz%%038d\\n' 0 >shallow");
  assert_int_equal(open_code("shallow", &err), BR_ELIB);
  sh("cd shallow/.git; rm shallow; mkdir shallow");
  assert_int_equal(open_code("shallow", &err), BR_EIO);
  assert_int_equal(br_mem_live(), live);
}

static void a_cut_at_an_unknown_commit_is_no_error(void **state)
{
  (void)state;
  make_shallow(3, 1);
  sh("cd shallow/.git; printf '%%040d\\n' 7 >>shallow");
  br_vcs *vcs = open_at("shallow");
  assert_string_equal(log_of(vcs, NULL, "HEAD", 10), "c3 ");
  br_vcs_free(vcs);
}

/* --- memory --- */

/* All that vcs.h offers, up to the first failure. */
static br_code use_everything(const char *path)
{
  br_vcs *vcs;
  const br_vcs_commit *commits;
  const char *text;
  bool dirty;
  size_t n;
  br_err err = {0};
  br_code code = br_vcs_open(&vcs, path, &err);
  if (code != BR_OK)
    return code;
  code = br_vcs_head(vcs, &commits, &err);
  for (int round = 0; code == BR_OK && round < 2; round++)
    code = br_vcs_branch(vcs, &text, &err);
  if (code == BR_OK)
    code = br_vcs_dirty(vcs, &dirty, &err);
  if (code == BR_OK)
    code = br_vcs_describe(vcs, &text, &err);
  for (int round = 0; code == BR_OK && round < 2; round++)
    code = br_vcs_log(vcs, &(br_vcs_range){NULL, "HEAD", 10}, &commits, &n, &err);
  br_vcs_free(vcs);
  return code;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  char path[128];
  make_shallow(4, 3);
  (void)snprintf(path, sizeof path, "%s/shallow", folder);
  size_t live = br_mem_live(), n = 1;
  for (;; n++) {
    br_mem_fail_at(n);
    br_code code = use_everything(path);
    br_mem_fail_at(0);
    assert_int_equal(br_mem_live(), live);
    if (code == BR_OK)
      break;
    assert_int_equal(code, BR_ENOMEM);
  }
  assert_true(n > 15);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(open_outside_any_repository_finds_none),
      TEST(open_searches_upwards),
      TEST(open_refuses_sha256_repositories),
      TEST(open_reads_repositories_of_another_owner),
      TEST(free_takes_null),
      TEST(an_empty_repository_has_a_branch_and_no_head),
      TEST(an_empty_repository_is_dirty_once_a_file_is_added),
      TEST(head_tells_id_time_summary_and_author),
      TEST(head_takes_an_empty_message),
      TEST(head_and_branch_follow_the_repository),
      TEST(branch_of_a_detached_head_is_null),
      TEST(head_of_a_broken_repository_is_an_error),
      TEST(dirty_is_a_change_of_tracked_files),
      TEST(dirty_is_not_what_leaves_tracked_files_alone),
      TEST(dirty_sees_changes_while_open),
      TEST(dirty_counts_changed_submodules_but_not_their_untracked_files),
      TEST(a_bare_repository_is_clean),
      TEST(nothing_is_written_to_the_repository),
      TEST(describe_agrees_with_git),
      TEST(log_lists_what_lies_between_two_commits),
      TEST(log_gives_the_newest_up_to_max),
      TEST(log_entries_hold_all_that_head_does),
      TEST(log_puts_children_first_where_times_are_equal),
      TEST(log_follows_merges_and_leaves_out_shared_history),
      TEST(log_takes_tags_and_abbreviated_ids),
      TEST(log_of_an_unknown_revision_is_not_found),
      TEST(log_of_what_is_no_commit_is_an_error),
      TEST(a_worktree_has_its_own_head_and_branch),
      TEST(history_of_a_shallow_clone_ends_at_the_cut),
      TEST(the_cut_is_known_by_its_abbreviated_id_too),
      TEST(a_shallow_clone_is_described_as_git_does),
      TEST(a_clone_of_depth_one_works),
      TEST(a_merge_at_the_cut_loses_all_its_parents),
      TEST(a_worktree_of_a_shallow_clone_works),
      TEST(reading_a_shallow_clone_leaves_it_as_it_was),
      TEST(a_damaged_list_of_cuts_is_an_error),
      TEST(a_cut_at_an_unknown_commit_is_no_error),
      TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("vcs", tests, set_environment, NULL);
}
