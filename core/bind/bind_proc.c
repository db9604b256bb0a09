/* benchrun.core.proc: commands as child processes, with limits, and what they cost.
 *
 * proc.start{argv={…}, env={NAME="value"}, cwd=, stdout=, stderr=, deadline=, grace=,
 * memory_limit=, file_limit=}
 *   -> child | nil, message, code. See core/proc/proc.h for each; seconds, bytes, paths.
 * proc.wait(children [, timeout]) -> index of the first that has ended | nil, "timeout"
 *   | nil, message, "interrupted". Without a timeout it waits for ever.
 * proc.run(spec) -> result | nil, message, code; start, wait and close in one.
 * proc.cpu_count() -> integer
 * child:result() -> nil while it runs, then
 *   { outcome="exited"|"signaled"|"timeout"|"killed"|"lost", exit_code= if exited, signal= and
 *     signal_name="SIGSEGV" if a signal ended it, wall=, user=, sys=, peak_bytes= }
 * child:pid() -> integer, nil once it has ended.
 * child:kill(): TERM to its tree, after grace KILL. child:close(): ends its tree at once. */
#define _GNU_SOURCE
#include "bind/bind.h"
#include "bind/modules.h"

#include "proc/proc.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double most_bytes = 9007199254740992.0; /* 2^53: doubles above it skip integers */

static void free_child(void *resource)
{
  br_proc_free(resource);
}

/* --- results --------------------------------------------------------------------------------- */

static void set_number(lua_State *L, const char *name, double value)
{
  lua_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

static void set_integer(lua_State *L, const char *name, lua_Integer value)
{
  lua_pushinteger(L, value);
  lua_setfield(L, -2, name);
}

static void set_signal(lua_State *L, int signal)
{
  const char *name = sigabbrev_np(signal);
  set_integer(L, "signal", signal);
  if (name)
    lua_pushfstring(L, "SIG%s", name);
  else
    lua_pushfstring(L, "signal %d", signal);
  lua_setfield(L, -2, "signal_name");
}

static void push_result(lua_State *L, const br_proc_result *r)
{
  static const char *const outcomes[] = {
      [BR_PROC_EXITED] = "exited", [BR_PROC_SIGNALED] = "signaled", [BR_PROC_TIMEOUT] = "timeout",
      [BR_PROC_KILLED] = "killed", [BR_PROC_LOST] = "lost",
  };
  lua_newtable(L);
  lua_pushstring(L, outcomes[r->end]);
  lua_setfield(L, -2, "outcome");
  if (r->end == BR_PROC_EXITED)
    set_integer(L, "exit_code", r->exit_code);
  if (r->signal)
    set_signal(L, r->signal);
  set_number(L, "wall", r->wall_s);
  set_number(L, "user", r->user_s);
  set_number(L, "sys", r->sys_s);
  set_integer(L, "peak_bytes", r->peak_bytes);
}

/* --- a child --------------------------------------------------------------------------------- */

static const br_bind_type child_type;

/* Looks whether it has ended first, so that asking again and again comes to an end. */
static int child_result(lua_State *L)
{
  br_proc *child = br_bind_check(L, 1, &child_type);
  br_err err;
  size_t which;
  br_code code = br_proc_wait_any(&child, 1, 0, &which, &err);
  if (code != BR_OK && code != BR_EINTR)
    return br_bind_fail(L, &err);
  const br_proc_result *r = br_proc_result_of(child);
  if (!r)
    return 0;
  push_result(L, r);
  return 1;
}

static int child_pid(lua_State *L)
{
  int pid = br_proc_pid(br_bind_check(L, 1, &child_type));
  if (pid == 0)
    return 0;
  lua_pushinteger(L, pid);
  return 1;
}

static int child_kill(lua_State *L)
{
  br_proc_kill(br_bind_check(L, 1, &child_type));
  return 0;
}

static const luaL_Reg child_methods[] = {
    {"result", child_result},
    {"pid", child_pid},
    {"kill", child_kill},
    {NULL, NULL},
};

static const br_bind_type child_type = {"benchrun.child", free_child, child_methods, NULL};

/* --- the helper ------------------------------------------------------------------------------ */

/* Pushes the folder of the object that this code is in: the program, or benchrun.so. An empty name
 * in the link map is the program, whose own idea of its name may be anything. */
static void push_folder(lua_State *L)
{
  char path[PATH_MAX];
  Dl_info info;
  void *map = NULL;
  const char *object = "/proc/self/exe";
  if (dladdr1(child_methods, &info, &map, RTLD_DL_LINKMAP) && map)
    object = *((struct link_map *)map)->l_name ? ((struct link_map *)map)->l_name : object;
  if (!realpath(object, path))
    luaL_error(L, "can't tell where %s is", object);
  *strrchr(path, '/') = '\0';
  lua_pushstring(L, path);
}

/* Pushes the helper's path; the folder is upvalue 1. NULL: pushes a list of the places looked at.
 */
static const char *push_helper(lua_State *L)
{
  static const char *const places[] = {"benchrun-spawn", "../benchrun-spawn",
                                       "../libexec/benchrun/benchrun-spawn"};
  const char *folder = lua_tostring(L, lua_upvalueindex(1));
  lua_pushliteral(L, "");
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    const char *path = lua_pushfstring(L, "%s/%s", folder, places[i]);
    if (access(path, X_OK) == 0)
      return path;
    lua_pushfstring(L, "%s %s", lua_tostring(L, -2), path);
    lua_replace(L, -3);
    lua_pop(L, 1);
  }
  return NULL;
}

/* --- specs ----------------------------------------------------------------------------------- */

/* Pushes the list and its strings. */
static const char *const *check_argv(lua_State *L)
{
  if (lua_getfield(L, 1, "argv") != LUA_TTABLE)
    luaL_error(L, "field 'argv': table expected, got %s", luaL_typename(L, -1));
  int list = lua_gettop(L);
  return br_bind_strings(L, list, NULL, false);
}

/* Name and value are on top. Appends "NAME=value" to the list, leaves the name. */
static void add_variable(lua_State *L, int list)
{
  if (lua_type(L, -2) != LUA_TSTRING || strchr(lua_tostring(L, -2), '='))
    luaL_error(L, "field 'env': names without '=' expected");
  if (lua_type(L, -1) != LUA_TSTRING)
    luaL_error(L, "field 'env': %s: string expected, got %s", lua_tostring(L, -2),
               luaL_typename(L, -1));
  lua_pushvalue(L, -2);
  lua_pushliteral(L, "=");
  lua_rotate(L, -3, -1);
  lua_concat(L, 3);
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

/* Pushes what it needs. */
static const char *const *check_env(lua_State *L)
{
  int type = lua_getfield(L, 1, "env");
  if (type == LUA_TNIL)
    return NULL;
  if (type != LUA_TTABLE)
    luaL_error(L, "field 'env': table expected, got %s", luaL_typename(L, -1));
  int map = lua_gettop(L);
  lua_newtable(L);
  lua_pushnil(L);
  while (lua_next(L, map))
    add_variable(L, map + 1);
  return br_bind_strings(L, map + 1, NULL, false);
}

static uint64_t check_bytes(lua_State *L, const char *field)
{
  double bytes = br_bind_field_number(L, 1, field, 0);
  if (!(bytes >= 0 && bytes <= most_bytes))
    luaL_error(L, "field '%s': a number of bytes expected", field);
  return (uint64_t)bytes;
}

static br_proc_spec check_spec(lua_State *L)
{
  static const char *const known[] = {"argv",     "env",   "cwd",          "stdout",     "stderr",
                                      "deadline", "grace", "memory_limit", "file_limit", NULL};
  luaL_checktype(L, 1, LUA_TTABLE);
  br_bind_known_fields(L, 1, known);
  return (br_proc_spec){
      .argv = check_argv(L),
      .env = check_env(L),
      .cwd = br_bind_field_string(L, 1, "cwd", NULL),
      .stdout_path = br_bind_field_string(L, 1, "stdout", NULL),
      .stderr_path = br_bind_field_string(L, 1, "stderr", NULL),
      .deadline_s = br_bind_field_number(L, 1, "deadline", 0),
      .grace_s = br_bind_field_number(L, 1, "grace", 0),
      .memory_limit_bytes = check_bytes(L, "memory_limit"),
      .file_limit_bytes = check_bytes(L, "file_limit"),
  };
}

/* --- functions ------------------------------------------------------------------------------- */

/* Pushes the child's box and gives it; NULL with err set on failure. */
static void **push_child(lua_State *L, br_err *err)
{
  br_proc_spec spec = check_spec(L);
  spec.helper = push_helper(L);
  if (!spec.helper) {
    (void)br_fail(err, BR_EIO, "the helper program is missing; build it with make; looked for%s",
                  lua_tostring(L, -1));
    return NULL;
  }
  void **box = br_bind_box(L, &child_type);
  br_proc *child;
  if (br_proc_start(&child, &spec, err) != BR_OK)
    return NULL;
  *box = child;
  return box;
}

static int proc_start(lua_State *L)
{
  br_err err;
  return push_child(L, &err) ? 1 : br_bind_fail(L, &err);
}

static int proc_run(lua_State *L)
{
  br_err err;
  size_t which;
  void **box = push_child(L, &err);
  if (!box)
    return br_bind_fail(L, &err);
  br_proc *child = *box;
  br_code code = br_proc_wait_any(&child, 1, -1, &which, &err);
  if (code == BR_OK)
    push_result(L, br_proc_result_of(child));
  *box = NULL;
  br_proc_free(child);
  return code == BR_OK ? 1 : br_bind_fail(L, &err);
}

/* Children in scratch memory, pushed. */
static br_proc **check_children(lua_State *L, size_t *n)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  *n = (size_t)luaL_len(L, 1);
  br_proc **children = br_bind_scratch(L, *n, sizeof(br_proc *));
  for (size_t i = 0; i < *n; i++) {
    lua_geti(L, 1, (lua_Integer)i + 1);
    children[i] = br_bind_test(L, -1, &child_type);
    if (!children[i])
      luaL_error(L, "value %d: an open child expected, got %s", (int)i + 1, luaL_typename(L, -1));
    lua_pop(L, 1);
  }
  return children;
}

static int proc_wait(lua_State *L)
{
  size_t n, which;
  br_err err;
  double timeout = luaL_optnumber(L, 2, -1);
  br_proc **children = check_children(L, &n);
  if (br_proc_wait_any(children, n, timeout, &which, &err) != BR_OK)
    return br_bind_fail(L, &err);
  if (which < n) {
    lua_pushinteger(L, (lua_Integer)which + 1);
    return 1;
  }
  lua_pushnil(L);
  lua_pushliteral(L, "timeout");
  return 2;
}

static int proc_cpu_count(lua_State *L)
{
  lua_pushinteger(L, br_proc_cpu_count());
  return 1;
}

static const luaL_Reg functions[] = {
    {"start", proc_start},         {"run", proc_run}, {"wait", proc_wait},
    {"cpu_count", proc_cpu_count}, {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_proc(lua_State *L)
{
  br_bind_register(L, &child_type);
  luaL_newlibtable(L, functions);
  push_folder(L);
  luaL_setfuncs(L, functions, 1);
  return 1;
}
