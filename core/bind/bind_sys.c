/* benchrun.core.sys: what Lua's own libraries lack of the operating system.
 *
 * sys.monotonic() -> seconds; for durations.
 * sys.unix() -> seconds since 1970 with fraction.
 * sys.read_file(path) -> bytes | nil, message, code
 * sys.write_file(path, bytes) -> true | nil, message, code; replaced atomically, fsynced.
 * sys.make_directory(path) -> true | nil, message, code; parents too, an existing one is fine.
 * sys.real_path(path) -> absolute path without links | nil, message, code
 * sys.executable() -> path of the running program | nil, message, code
 * sys.is_terminal(fd) -> boolean; sys.terminal_columns(fd) -> columns | nil
 * sys.number_text(x) -> shortest text that reads back to the double x, "1.0" for 1
 * sys.nearest(name, candidates) -> the candidate that name most likely means | nil
 * sys.host() -> { name=, system=, release=, machine= } as uname says
 * sys.threads(n) -> how many threads the core's work on frames takes from now on; n nil: as it is, 0: as
 * many as there are processors
 * sys.trap_interrupts() makes SIGINT, SIGTERM and SIGHUP set a flag, each once; the second of a kind ends
 * the process. One that the process ignores stays ignored. sys.interrupted() -> signal number | nil */
#define _GNU_SOURCE
#include "bind/bind.h"
#include "bind/modules.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/parallel.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The handler's only way to speak; a signal is the process's, so is this. */
static volatile sig_atomic_t interrupt_signal;

static int sys_monotonic(lua_State *L)
{
  lua_pushnumber(L, br_clock_monotonic());
  return 1;
}

static int sys_unix(lua_State *L)
{
  lua_pushnumber(L, br_clock_unix());
  return 1;
}

static int sys_threads(lua_State *L)
{
  lua_Integer n = luaL_optinteger(L, 1, -1);
  luaL_argcheck(L, n >= 0 || lua_isnoneornil(L, 1), 1, "it is negative");
  if (n >= 0)
    br_parallel_set_threads((size_t)n);
  lua_pushinteger(L, (lua_Integer)br_parallel_threads());
  return 1;
}

static int sys_read_file(lua_State *L)
{
  const char *path = br_bind_check_string(L, 1);
  br_str *bytes = br_bind_bytes(L);
  br_err err;
  return br_bind_push_bytes(L, br_file_read(bytes, path, &err), bytes, &err);
}

static int sys_write_file(lua_State *L)
{
  size_t n;
  const char *path = br_bind_check_string(L, 1);
  const char *bytes = luaL_checklstring(L, 2, &n);
  br_err err;
  if (br_file_write(path, bytes, n, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static int fail_errno(lua_State *L, const char *what, const char *path)
{
  br_err err;
  (void)br_fail_sys(&err, errno, "%s %s", what, path);
  return br_bind_fail(L, &err);
}

/* mkdir, where a directory that is there already is as good. */
static bool ensure_directory(const char *path)
{
  struct stat st;
  if (mkdir(path, 0777) == 0)
    return true;
  int sys = errno;
  if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
    return true;
  errno = sys == EEXIST ? ENOTDIR : sys;
  return false;
}

static int sys_make_directory(lua_State *L)
{
  const char *path = br_bind_check_string(L, 1);
  size_t n = strlen(path);
  char *part = br_bind_scratch(L, n + 1, 1);
  for (size_t i = 0; i <= n; i++) {
    part[i] = '\0';
    bool at_end_of_part = (path[i] == '/' && i > 0 && path[i - 1] != '/') || i == n;
    if (at_end_of_part && !ensure_directory(part))
      return fail_errno(L, "can't make directory", part);
    part[i] = path[i];
  }
  lua_pushboolean(L, 1);
  return 1;
}

static int sys_real_path(lua_State *L)
{
  char resolved[PATH_MAX];
  const char *path = br_bind_check_string(L, 1);
  if (!realpath(path, resolved))
    return fail_errno(L, "can't find", path);
  lua_pushstring(L, resolved);
  return 1;
}

static int sys_executable(lua_State *L)
{
  char path[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  if (n < 0)
    return fail_errno(L, "can't read", "/proc/self/exe");
  lua_pushlstring(L, path, (size_t)n);
  return 1;
}

/* A number that no descriptor can have is one that is not open. */
static int check_descriptor(lua_State *L, int arg)
{
  lua_Integer fd = luaL_checkinteger(L, arg);
  return fd >= 0 && fd <= INT_MAX ? (int)fd : -1;
}

static int sys_is_terminal(lua_State *L)
{
  lua_pushboolean(L, isatty(check_descriptor(L, 1)));
  return 1;
}

static int sys_terminal_columns(lua_State *L)
{
  struct winsize size;
  if (ioctl(check_descriptor(L, 1), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    lua_pushinteger(L, size.ws_col);
  else
    lua_pushnil(L);
  return 1;
}

static int sys_number_text(lua_State *L)
{
  char text[BR_DOUBLE_TEXT_MAX];
  size_t n = br_str_from_double(text, luaL_checknumber(L, 1));
  lua_pushlstring(L, text, n);
  return 1;
}

static int sys_nearest(lua_State *L)
{
  size_t n;
  const char *name = br_bind_check_string(L, 1);
  const char *const *candidates = br_bind_strings(L, 2, &n, false);
  size_t found = br_nearest(name, candidates, n);
  lua_pushstring(L, found == n ? NULL : candidates[found]);
  return 1;
}

static int sys_host(lua_State *L)
{
  struct utsname host;
  if (uname(&host) != 0)
    return fail_errno(L, "can't ask", "uname");
  const char *const fields[][2] = {{"name", host.nodename},
                                   {"system", host.sysname},
                                   {"release", host.release},
                                   {"machine", host.machine}};
  lua_newtable(L);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    lua_pushstring(L, fields[i][1]);
    lua_setfield(L, -2, fields[i][0]);
  }
  return 1;
}

static void on_interrupt(int signal)
{
  interrupt_signal = signal;
}

/* A signal that is ignored stays so: nohup and a shell's background jobs ask for that. */
static int sys_trap_interrupts(lua_State *L)
{
  struct sigaction now;
  struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
  const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  (void)L;
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
      (void)sigaction(signals[i], &action, NULL);
  return 0;
}

static int sys_interrupted(lua_State *L)
{
  if (interrupt_signal)
    lua_pushinteger(L, interrupt_signal);
  else
    lua_pushnil(L);
  return 1;
}

static const luaL_Reg functions[] = {
    {"monotonic", sys_monotonic},
    {"unix", sys_unix},
    {"read_file", sys_read_file},
    {"write_file", sys_write_file},
    {"make_directory", sys_make_directory},
    {"real_path", sys_real_path},
    {"executable", sys_executable},
    {"is_terminal", sys_is_terminal},
    {"terminal_columns", sys_terminal_columns},
    {"number_text", sys_number_text},
    {"nearest", sys_nearest},
    {"host", sys_host},
    {"threads", sys_threads},
    {"trap_interrupts", sys_trap_interrupts},
    {"interrupted", sys_interrupted},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_sys(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
