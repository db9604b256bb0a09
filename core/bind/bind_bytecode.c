/* benchrun.core.bytecode: Lua modules compiled ahead, because parsing the library takes longer than a
 * small report.
 *
 * bytecode.compile(source, shown) -> bytes | nil, message, code; shown (default: source) is the path that
 * the source has where the bytes will be used.
 *
 * The bytes are a line "benchrun bytecode 1", the source's path, a line "SIZE SECONDS NANOSECONDS" of it,
 * and what lua_dump gives. They count only while that file has that size and time of change: whoever
 * edits a source sees the edit. A file system or an archive that keeps whole seconds gives 0
 * nanoseconds, which match any. */
#define _GNU_SOURCE
#include "bind/bind.h"
#include "bind/bytecode.h"
#include "bind/modules.h"

#include "base/file.h"
#include "base/vec.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAGIC "benchrun bytecode 1\n"

/* When a file was changed, in two parts as the header has them: what always counts, and nanoseconds. */
typedef struct stamp {
  char size_seconds[64];
  char nanoseconds[32];
} stamp;

static bool stamp_of(const char *path, stamp *out)
{
  struct stat st;
  if (stat(path, &st) != 0)
    return false;
  (void)snprintf(out->size_seconds, sizeof out->size_seconds, "%lld %lld ", (long long)st.st_size,
                 (long long)st.st_mtim.tv_sec);
  (void)snprintf(out->nanoseconds, sizeof out->nanoseconds, "%ld", st.st_mtim.tv_nsec);
  return true;
}

static bool same_stamp(const stamp *now, const char *then)
{
  size_t n = strlen(now->size_seconds);
  if (strncmp(now->size_seconds, then, n) != 0)
    return false;
  const char *nanoseconds = then + n;
  return strcmp(now->nanoseconds, nanoseconds) == 0 || strcmp(now->nanoseconds, "0") == 0 ||
         strcmp(nanoseconds, "0") == 0;
}

/* Compiling. */

static int append(lua_State *L, const void *bytes, size_t n, void *out)
{
  br_err err;
  (void)L;
  return br_str_add(out, bytes, n, &err) == BR_OK ? 0 : 1;
}

/* The function on top of the stack, behind its header. */
static br_code dump(lua_State *L, br_str *out, const char *shown, const stamp *of, br_err *err)
{
  const char *const header[] = {MAGIC, shown, "\n", of->size_seconds, of->nanoseconds, "\n"};
  for (size_t i = 0; i < sizeof header / sizeof *header; i++)
    BR_TRY(br_str_addz(out, header[i], err));
  if (lua_dump(L, append, out, 0) != 0)
    return br_fail_nomem(err);
  return BR_OK;
}

static int bytecode_compile(lua_State *L)
{
  const char *path = br_bind_check_string(L, 1);
  const char *shown = lua_isnoneornil(L, 2) ? path : br_bind_check_string(L, 2);
  stamp of = {"", ""};
  br_err err;
  br_str *source = br_bind_bytes(L);
  (void)stamp_of(path, &of); /* before it is read: a change meanwhile makes the stamp an old one */
  if (br_file_read(source, path, &err) != BR_OK)
    return br_bind_fail(L, &err);
  const char *name = lua_pushfstring(L, "@%s", shown);
  if (luaL_loadbufferx(L, source->data ? source->data : "", source->len, name, "t") != LUA_OK) {
    (void)br_fail(&err, BR_EPARSE, "%s", lua_tostring(L, -1));
    return br_bind_fail(L, &err);
  }
  br_str *made = br_bind_bytes(L);
  lua_insert(L, -2);
  return br_bind_push_bytes(L, dump(L, made, shown, &of, &err), made, &err);
}

/* Using. */

/* The line at *at, without its end, which becomes a NUL; NULL where there is none. */
static char *take_line(char **at, const char *end)
{
  char *line = *at;
  char *stop = memchr(line, '\n', (size_t)(end - line));
  if (!stop)
    return NULL;
  *stop = '\0';
  *at = stop + 1;
  return line;
}

/* The dump within bytes and the path of its source, if both belong together still. */
static const char *valid_dump(br_str *bytes, const char **source)
{
  size_t magic = strlen(MAGIC);
  if (bytes->len < magic || memcmp(bytes->data, MAGIC, magic) != 0)
    return NULL;
  char *at = bytes->data + magic;
  const char *end = bytes->data + bytes->len;
  stamp now = {"", ""};
  char *path = take_line(&at, end);
  char *then = path ? take_line(&at, end) : NULL;
  *source = path;
  return then && stamp_of(path, &now) && same_stamp(&now, then) ? at : NULL;
}

/* A searcher as package.searchers has them. Upvalue: the folder. Nothing is said of a module that is not
 * there, or not valid: the next searcher parses its source. */
static int search(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1);
  const char *folder = lua_tostring(L, lua_upvalueindex(1));
  const char *file = lua_pushfstring(L, "%s/%s.luac", folder, name);
  const char *source = NULL;
  br_err err;
  if (strchr(name, '/'))
    return 0;
  br_str *bytes = br_bind_bytes(L);
  if (br_file_read(bytes, file, &err) != BR_OK)
    return 0;
  const char *code = valid_dump(bytes, &source);
  size_t n = code ? bytes->len - (size_t)(code - bytes->data) : 0;
  if (!code || luaL_loadbufferx(L, code, n, name, "b") != LUA_OK)
    return 0;
  lua_pushstring(L, source);
  br_str_clear(bytes);
  return 2;
}

void br_bind_use_bytecode(lua_State *L, const char *folder)
{
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  lua_Integer n = luaL_len(L, -1);
  for (lua_Integer i = n; i >= 2; i--) { /* behind the first, which looks among the preloaded */
    lua_geti(L, -1, i);
    lua_seti(L, -2, i + 1);
  }
  lua_pushstring(L, folder);
  lua_pushcclosure(L, search, 1);
  lua_seti(L, -2, 2);
  lua_pop(L, 2);
}

static const luaL_Reg functions[] = {{"compile", bytecode_compile}, {NULL, NULL}};

LUAMOD_API int luaopen_benchrun_core_bytecode(lua_State *L)
{
  luaL_newlib(L, functions);
  return 1;
}
