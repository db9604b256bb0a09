/* benchrun.core.vcs: facts from a git repository.
 *
 * vcs.open(path) -> repo; the repository that path lies in
 * repo:head() -> { id=, time=, summary=, author= }; id is "" before the first commit
 * repo:branch() -> name, or nil when HEAD is detached
 * repo:dirty() -> boolean
 * repo:describe() -> string, as `git describe --tags --always`
 * repo:log(from, to, max) -> array of what head gives, newest first: reachable from `to` (HEAD) but
 * not from `from` (nil: all), at most max (100) repo:close()
 *
 * All but close return nil, message, code where the repository can't be read. */
#include "bind/bind.h"
#include "bind/modules.h"

#include "vcs/vcs.h"

static const br_bind_type repo_type; /* below its methods */

static void push_commit(lua_State *L, const br_vcs_commit *commit)
{
  lua_createtable(L, 0, 4);
  lua_pushstring(L, commit->id);
  lua_setfield(L, -2, "id");
  lua_pushinteger(L, commit->time);
  lua_setfield(L, -2, "time");
  lua_pushstring(L, commit->summary);
  lua_setfield(L, -2, "summary");
  lua_pushstring(L, commit->author);
  lua_setfield(L, -2, "author");
}

static int vcs_open(lua_State *L)
{
  const char *path = br_bind_check_string(L, 1);
  void **box = br_bind_box(L, &repo_type);
  br_vcs *vcs;
  br_err err;
  if (br_vcs_open(&vcs, path, &err) != BR_OK)
    return br_bind_fail(L, &err);
  *box = vcs;
  return 1;
}

static int repo_head(lua_State *L)
{
  br_vcs *vcs = br_bind_check(L, 1, &repo_type);
  const br_vcs_commit *head;
  br_err err;
  if (br_vcs_head(vcs, &head, &err) != BR_OK)
    return br_bind_fail(L, &err);
  push_commit(L, head);
  return 1;
}

static int repo_branch(lua_State *L)
{
  br_vcs *vcs = br_bind_check(L, 1, &repo_type);
  const char *branch;
  br_err err;
  if (br_vcs_branch(vcs, &branch, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushstring(L, branch);
  return 1;
}

static int repo_dirty(lua_State *L)
{
  br_vcs *vcs = br_bind_check(L, 1, &repo_type);
  bool dirty;
  br_err err;
  if (br_vcs_dirty(vcs, &dirty, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushboolean(L, dirty);
  return 1;
}

static int repo_describe(lua_State *L)
{
  br_vcs *vcs = br_bind_check(L, 1, &repo_type);
  const char *text;
  br_err err;
  if (br_vcs_describe(vcs, &text, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushstring(L, text);
  return 1;
}

static int repo_log(lua_State *L)
{
  br_vcs *vcs = br_bind_check(L, 1, &repo_type);
  lua_Integer max = luaL_optinteger(L, 4, 100);
  luaL_argcheck(L, max >= 0, 4, "a count can't be negative");
  br_vcs_range range = {.from = lua_isnoneornil(L, 2) ? NULL : br_bind_check_string(L, 2),
                        .to = lua_isnoneornil(L, 3) ? "HEAD" : br_bind_check_string(L, 3),
                        .max = (size_t)max};
  const br_vcs_commit *commits;
  size_t n;
  br_err err;
  if (br_vcs_log(vcs, &range, &commits, &n, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_newtable(L);
  for (size_t i = 0; i < n; i++) {
    push_commit(L, &commits[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static const luaL_Reg methods[] = {
    {"head", repo_head},         {"branch", repo_branch}, {"dirty", repo_dirty},
    {"describe", repo_describe}, {"log", repo_log},       {NULL, NULL},
};

static void free_repo(void *resource)
{
  br_vcs_free(resource);
}

static const br_bind_type repo_type = {"benchrun.repo", free_repo, methods, NULL};

static const luaL_Reg functions[] = {
    {"open", vcs_open},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_vcs(lua_State *L)
{
  br_bind_register(L, &repo_type);
  luaL_newlib(L, functions);
  return 1;
}
