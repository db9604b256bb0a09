/* benchrun.core.vcs from Lua, on one repository that the git command makes: main with three commits
 * of one file, the second tagged v1, and beside it an empty repository and a plain folder. */
#define _GNU_SOURCE
#include "bind_test.h"

#include "bind/modules.h"

#include <stdio.h>
#include <unistd.h>

static const luaL_Reg modules[] = {
    {"benchrun.core.vcs", luaopen_benchrun_core_vcs},
    {NULL, NULL},
};

#define VCS "local vcs, here = require 'benchrun.core.vcs', os.getenv 'HOME' "
#define REPO VCS "local repo <close> = assert(vcs.open(here .. '/r')) "

static char folder[64];

static int make_repositories(void **state)
{
  (void)state;
  (void)snprintf(folder, sizeof folder, "%s/test_bind_vcs_XXXXXX", P_tmpdir);
  if (!mkdtemp(folder))
    return -1;
  (void)setenv("HOME", folder, 1);
  (void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  (void)unsetenv("GIT_DIR");
  (void)unsetenv("GIT_WORK_TREE");
  (void)unsetenv("XDG_CONFIG_HOME");
  return system("set -e; cd \"$HOME\"; mkdir plain; git init -q -b trunk empty;"
                "git init -q -b main r; cd r;"
                "git config user.name Ada; git config user.email ada@example.org;"
                "for i in 1 2 3; do echo $i >file; git add file;"
                "GIT_COMMITTER_DATE=\"170000000$i +0000\" git commit -qm c$i; done;"
                "git tag v1 HEAD~1");
}

static int remove_repositories(void **state)
{
  (void)state;
  char command[128];
  (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

static void head_branch_and_describe_tell_where_the_repository_stands(void **state)
{
  (void)state;
  bind_test_run(modules,
                REPO "local head = repo:head()"
                     "assert(#head.id == 40 and not head.id:find('[^0-9a-f]'))"
                     "assert(head.time == 1700000003 and math.type(head.time) == 'integer')"
                     "assert(head.summary == 'c3' and head.author == 'Ada')"
                     "assert(repo:branch() == 'main')"
                     "assert(repo:describe() == 'v1-1-g' .. head.id:sub(1, 7))");
}

static void an_empty_repository_has_no_head(void **state)
{
  (void)state;
  bind_test_run(modules, VCS "local repo = assert(vcs.open(here .. '/empty'))"
                             "assert(repo:head().id == '' and repo:branch() == 'trunk')"
                             "assert(repo:describe() == '' and repo:dirty() == false)"
                             "local log, message, code = repo:log()"
                             "assert(log == nil and message:find 'HEAD' and code == 'notfound')");
}

static void a_detached_head_has_no_branch_and_no_error(void **state)
{
  (void)state;
  bind_test_run(modules, VCS "assert(os.execute 'cd \"$HOME/r\" && git checkout -q --detach')"
                             "local repo <close> = assert(vcs.open(here .. '/r'))"
                             "local branch, message = repo:branch()"
                             "assert(os.execute 'cd \"$HOME/r\" && git checkout -q main')"
                             "assert(branch == nil and message == nil)");
}

static void dirty_is_a_boolean(void **state)
{
  (void)state;
  bind_test_run(modules, REPO "assert(repo:dirty() == false)"
                              "assert(os.execute 'echo more >>\"$HOME/r/file\"')"
                              "local dirty = repo:dirty()"
                              "assert(os.execute 'cd \"$HOME/r\" && git checkout -q file')"
                              "assert(dirty == true and repo:dirty() == false)");
}

static void log_lists_commits_newest_first(void **state)
{
  (void)state;
  bind_test_run(modules, REPO "local function names(...) local t = {}"
                              "  for i, c in ipairs(assert(repo:log(...))) do t[i] = c.summary end "
                              "  return table.concat(t, ' ') end "
                              "assert(names() == 'c3 c2 c1')"
                              "assert(names('v1') == 'c3')"
                              "assert(names(nil, 'v1') == 'c2 c1')"
                              "assert(names(nil, nil, 1) == 'c3' and names(nil, nil, 0) == '')"
                              "assert(names('v1', 'v1') == '')"
                              "assert(repo:log('v1')[1].id == repo:head().id)");
}

static void what_is_not_there_gives_nil_message_and_code(void **state)
{
  (void)state;
  bind_test_run(modules,
                REPO "local none, message, code = vcs.open(here .. '/plain')"
                     "assert(none == nil and message:find '/plain' and code == 'notfound')"
                     "none, message, code = repo:log('nosuch')"
                     "assert(none == nil and message:find \"'nosuch'\" and code == 'notfound')"
                     "none, message, code = repo:log('HEAD:file')"
                     "assert(none == nil and code == 'library')");
}

static void misuse_raises(void **state)
{
  (void)state;
  bind_test_raises(modules, VCS "vcs.open()", "string expected, got no value");
  bind_test_raises(modules, VCS "vcs.open({})", "string expected, got table");
  bind_test_raises(modules, REPO "repo:log('v1', {})", "string expected, got table");
  bind_test_raises(modules, REPO "repo:log('v1', 'HEAD', 1.5)", "no integer representation");
  bind_test_raises(modules, REPO "repo:log('v1', 'HEAD', -1)", "can't be negative");
  bind_test_raises(modules, REPO "repo.head(io.stdout)", "benchrun.repo expected");
  bind_test_raises(modules, REPO "repo.head()", "benchrun.repo expected");
}

static void a_closed_repository_may_be_closed_again_but_not_used(void **state)
{
  (void)state;
  bind_test_run(modules, REPO "repo:close() repo:close()");
  for (const char *const *method =
           (const char *const[]){"head", "branch", "dirty", "describe", "log", NULL};
       *method; method++) {
    char script[256];
    (void)snprintf(script, sizeof script, REPO "repo:close() repo:%s()", *method);
    bind_test_raises(modules, script, "closed");
  }
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(modules,
                             REPO "assert(repo:head().summary == 'c3' and repo:branch() == 'main')"
                                  "assert(repo:describe():find '^v1' and repo:dirty() == false)"
                                  "assert(#assert(repo:log('v1')) == 1)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(head_branch_and_describe_tell_where_the_repository_stands),
      cmocka_unit_test(an_empty_repository_has_no_head),
      cmocka_unit_test(a_detached_head_has_no_branch_and_no_error),
      cmocka_unit_test(dirty_is_a_boolean),
      cmocka_unit_test(log_lists_commits_newest_first),
      cmocka_unit_test(what_is_not_there_gives_nil_message_and_code),
      cmocka_unit_test(misuse_raises),
      cmocka_unit_test(a_closed_repository_may_be_closed_again_but_not_used),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("bind_vcs", tests, make_repositories, remove_repositories);
}
