/* The program: a Lua state with the native modules preloaded, in which lua/benchrun/cli.lua runs.
 *
 * The Lua library is found beside the program: ../lua in a source tree (the program stands in
 * build/, or ../../lua in a folder of it), ../share/benchrun/lua when installed (the program stands
 * in PREFIX/bin). cli.main(arguments) returns the exit status; an error that reaches this file is a
 * defect of benchrun's and shows its traceback. */
#define _GNU_SOURCE
#include "bind/bytecode.h"
#include "bind/modules.h"

#include <lauxlib.h>
#include <lfs.h>
#include <lua.h>
#include <lualib.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  EXIT_CANNOT = 4,
  COLLECTOR_PAUSE = 400, /* % of growth before a cycle: a report lives shorter than a cycle takes */
};

/* The folder the program stands in, without a trailing slash. */
static int program_folder(char *out, size_t size)
{
  ssize_t n = readlink("/proc/self/exe", out, size - 1);
  if (n <= 0)
    return -1;
  out[n] = '\0';
  *strrchr(out, '/') = '\0';
  return 0;
}

/* Leaves the library's folder in out, or returns -1. */
static int find_library(char *out, size_t size)
{
  static const char *const places[] = {"../lua", "../../lua", "../share/benchrun/lua"};
  char folder[PATH_MAX];
  char candidate[PATH_MAX + 64];
  if (program_folder(folder, sizeof folder) != 0)
    return -1;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    (void)snprintf(candidate, sizeof candidate, "%s/%s/benchrun/cli.lua", folder, places[i]);
    if (access(candidate, R_OK) != 0)
      continue;
    (void)snprintf(candidate, sizeof candidate, "%s/%s", folder, places[i]);
    char *resolved = realpath(candidate, NULL);
    int fits = resolved && strlen(resolved) < size;
    if (fits)
      memcpy(out, resolved, strlen(resolved) + 1);
    free(resolved);
    return fits ? 0 : -1;
  }
  return -1;
}

/* The library comes first, so that no file of the working directory takes its place. */
static void set_search_path(lua_State *L, const char *library)
{
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "path");
  const char *old = lua_tostring(L, -1);
  lua_pushfstring(L, "%s/?.lua;%s/?/init.lua;%s", library, library, old ? old : "");
  lua_setfield(L, -3, "path");
  lua_pop(L, 2);
}

/* Arguments: the name of the module, as require gives it. Its plugin stands in plugins/ beside the program,
 * or in PREFIX/lib/benchrun when installed. Never closed: it lives as long as the state. */
static int open_plugin(lua_State *L)
{
  static const char *const places[] = {"plugins", "../lib/benchrun"};
  const char *name = luaL_checkstring(L, 1);
  const char *plugin = strrchr(name, '.') + 1;
  char folder[PATH_MAX];
  char file[PATH_MAX + 64] = "";
  void *handle = NULL;
  if (program_folder(folder, sizeof folder) != 0)
    return luaL_error(L, "/proc is not there to find the plugins by");
  for (size_t i = 0; i < sizeof places / sizeof *places && !handle; i++) {
    (void)snprintf(file, sizeof file, "%s/%s/%s.so", folder, places[i], plugin);
    if (access(file, R_OK) == 0)
      handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  }
  const char *symbol = luaL_gsub(L, lua_pushfstring(L, "luaopen_%s", name), ".", "_");
  void *opener = handle ? dlsym(handle, symbol) : NULL;
  if (!opener)
    return luaL_error(L, "the plugin %s can't be opened (%s); reinstall benchrun", file, dlerror());
  lua_CFunction function = NULL;
  memcpy(&function, &opener, sizeof function); /* as POSIX has it for dlsym */
  lua_pushcfunction(L, function);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static void preload_modules(lua_State *L)
{
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  for (const luaL_Reg *module = br_bind_modules; module->name; module++) {
    lua_pushcfunction(L, module->func ? module->func : open_plugin);
    lua_setfield(L, -2, module->name);
  }
  lua_pushcfunction(L, luaopen_lfs);
  lua_setfield(L, -2, "lfs");
  lua_pop(L, 1);
}

static int traceback(lua_State *L)
{
  const char *message = luaL_tolstring(L, 1, NULL);
  luaL_traceback(L, L, message, 1);
  return 1;
}

/* The compiled modules stand in bytecode/ beside the program, or beside the library when installed. */
static void use_bytecode(lua_State *L)
{
  static const char *const places[] = {"bytecode", "../share/benchrun/bytecode"};
  char folder[PATH_MAX];
  char candidate[PATH_MAX + 64];
  if (program_folder(folder, sizeof folder) != 0)
    return;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    (void)snprintf(candidate, sizeof candidate, "%s/%s", folder, places[i]);
    if (access(candidate, X_OK) == 0) {
      br_bind_use_bytecode(L, candidate);
      return;
    }
  }
}

/* Arguments: argc, argv as a light userdata. Protected, so that memory running out is an error too.
 */
static int run(lua_State *L)
{
  int argc = (int)lua_tointeger(L, 1);
  char **argv = lua_touserdata(L, 2);
  char library[PATH_MAX];
  luaL_openlibs(L);
  (void)lua_gc(L, LUA_GCINC, COLLECTOR_PAUSE, 0, 0);
  if (find_library(library, sizeof library) != 0)
    return luaL_error(L, "the Lua library is not beside the program; reinstall benchrun");
  set_search_path(L, library);
  preload_modules(L);
  use_bytecode(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "benchrun.cli");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "main");
  lua_createtable(L, argc, 1);
  for (int i = 0; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_seti(L, -2, i);
  }
  lua_call(L, 1, 1);
  return 1;
}

/* What print and io.write of a script could not write they passed over; it is not lost in silence. */
static int check_output(int code)
{
  if (code != 0 || (fflush(stdout) == 0 && !ferror(stdout)))
    return code;
  (void)fprintf(stderr,
                "benchrun: can't write to standard output; what was printed is not whole\n");
  return EXIT_CANNOT;
}

int main(int argc, char **argv)
{
  lua_State *L = luaL_newstate();
  if (!L) {
    (void)fprintf(stderr, "benchrun: out of memory\n");
    return EXIT_CANNOT;
  }
  lua_pushcfunction(L, traceback);
  lua_pushcfunction(L, run);
  lua_pushinteger(L, argc);
  lua_pushlightuserdata(L, argv);
  int status = lua_pcall(L, 2, 1, 1);
  int code = status == LUA_OK ? (int)lua_tointeger(L, -1) : EXIT_CANNOT;
  if (status != LUA_OK)
    (void)fprintf(stderr, "benchrun: internal error: %s\n", lua_tostring(L, -1));
  /* The state is left to the end of the process: freeing it object by object takes longer than a small
   * report. Children that still run go with us, see proc/proc.h. */
  return check_output(code);
}
