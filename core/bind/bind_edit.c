/* benchrun.core.edit: lines typed at a terminal, and the Ctrl-C of an interactive program.
 *
 * edit.open{ input=0, output=1, paste=false, keys=, history= } -> editor | nil, message, code;
 *   descriptors of terminals, whether to ask the terminal to mark pastes, a file of key bindings, how
 *   many lines are remembered.
 * editor:read(prompt [, complete]) -> line | nil, "eof" | nil, "interrupted" | nil, message, code.
 *   Escape sequences in the prompt stand between two bytes \x01. complete(line, cursor) is called for
 *   the Tab key, cursor a byte offset; it returns how many bytes before the cursor go, what comes there
 *   (nil: nothing), lines to show below (nil: none). An error in it is no completion.
 * editor:remember(line): for the arrow keys. editor:feed(bytes): as if typed.
 * edit.record(path, bytes, most) -> true | nil, message, code; adds to a file that sessions share.
 * edit.trap_interrupts(): from now SIGINT stops only what edit.call runs: Lua as well as long operations
 *   of the core. One that comes before a call, but after a line was read, stops that call. The third
 *   during one call ends the process.
 * edit.call(fn, handler, ...) -> interrupted, as xpcall(fn, handler, ...). Calls don't nest.
 * edit.watch(thread): a coroutine that an interrupt stops as well; it is looked for from time to time.
 * edit.release_interrupts(): SIGINT does what it did before. */
#define _GNU_SOURCE
#include "bind/bind.h"
#include "bind/modules.h"

#include "base/interrupt.h"
#include "edit/edit.h"
#include "edit/record.h"

#include <signal.h>
#include <unistd.h>

enum { STRIKES = 3, PATIENCE = 1000, SOONER = 10, LOOK_EVERY = 1000 };

/* A Ctrl-C that came after a line was read and before it was run. */
static volatile sig_atomic_t is_early;

static void free_editor(void *resource)
{
  br_edit_free(resource);
}

static const br_bind_type editor_type;

/* --- an editor ---------------------------------------------------------------------------------- */

static int check_descriptor(lua_State *L, const char *name, int fallback)
{
  double fd = br_bind_field_number(L, 1, name, fallback);
  if (!(fd >= 0 && fd < 1e6))
    luaL_error(L, "field '%s': a descriptor expected", name);
  return (int)fd;
}

static int edit_open(lua_State *L)
{
  static const char *const known[] = {"input", "output", "paste", "keys", "history", NULL};
  luaL_checktype(L, 1, LUA_TTABLE);
  br_bind_known_fields(L, 1, known);
  double history = br_bind_field_number(L, 1, "history", 0);
  if (!(history >= 0 && history <= 1e6))
    luaL_error(L, "field 'history': a number of lines expected");
  br_edit_options options = {.in = check_descriptor(L, "input", 0),
                             .out = check_descriptor(L, "output", 1),
                             .paste = br_bind_field_bool(L, 1, "paste", false),
                             .keys = br_bind_field_string(L, 1, "keys", NULL),
                             .history_size = (size_t)history};
  void **box = br_bind_box(L, &editor_type);
  br_edit *edit;
  br_err err;
  if (br_edit_open(&edit, &options, &err) != BR_OK)
    return br_bind_fail(L, &err);
  *box = edit;
  return 1;
}

typedef struct request { /* of a completion, on its way through lua_pcall */
  const char *line;
  size_t cursor;
  br_edit_completion *out;
} request;

static void take_text(lua_State *L, int index, br_str *out)
{
  size_t n;
  const char *text = lua_tolstring(L, index, &n);
  br_err err;
  if (text && br_str_add(out, text, n, &err) != BR_OK)
    (void)luaL_error(L, "%s", err.msg);
}

/* Arguments: the function, the request. */
static int call_completer(lua_State *L)
{
  request *r = lua_touserdata(L, 2);
  lua_settop(L, 1);
  lua_pushstring(L, r->line);
  lua_pushinteger(L, (lua_Integer)r->cursor);
  lua_call(L, 2, 3);
  take_text(L, 2, &r->out->insert);
  take_text(L, 3, &r->out->show);
  lua_Integer n = lua_tointeger(L, 1);
  r->out->remove = n > 0 ? (size_t)n : 0;
  return 0;
}

static void complete_line(void *context, const char *line, size_t cursor, br_edit_completion *out)
{
  lua_State *L = context;
  request r = {.line = line, .cursor = cursor, .out = out};
  if (!lua_checkstack(L, 4))
    return;
  lua_pushcfunction(L, call_completer);
  lua_pushvalue(L, 3);
  lua_pushlightuserdata(L, &r);
  if (lua_pcall(L, 2, 0, 0) != LUA_OK)
    lua_pop(L, 1);
}

/* While it reads the editor is out of its box: a completion can neither close it nor read itself. */
static int editor_read(lua_State *L)
{
  void **box = luaL_checkudata(L, 1, editor_type.name);
  br_edit *edit = br_bind_check(L, 1, &editor_type);
  const char *prompt = br_bind_check_string(L, 2);
  bool completes = !lua_isnoneornil(L, 3);
  if (completes)
    luaL_checktype(L, 3, LUA_TFUNCTION);
  lua_settop(L, 3);
  br_str *line = br_bind_bytes(L);
  br_edit_end end;
  br_err err;
  br_edit_question question = {prompt, completes ? complete_line : NULL, L};
  *box = NULL;
  is_early = 0; /* what comes while it reads is the editor's, what comes as that ends is not */
  br_code code = br_edit_read(line, &end, edit, &question, &err);
  *box = edit;
  if (code != BR_OK || end == BR_EDIT_LINE)
    return br_bind_push_bytes(L, code, line, &err);
  lua_pushnil(L);
  lua_pushstring(L, end == BR_EDIT_EOF ? "eof" : "interrupted");
  return 2;
}

static int editor_remember(lua_State *L)
{
  br_edit *edit = br_bind_check(L, 1, &editor_type);
  br_err err;
  if (br_edit_remember(edit, br_bind_check_string(L, 2), &err) != BR_OK)
    return br_bind_fail(L, &err);
  return 0;
}

static int editor_feed(lua_State *L)
{
  size_t n;
  br_edit *edit = br_bind_check(L, 1, &editor_type);
  const char *bytes = luaL_checklstring(L, 2, &n);
  br_err err;
  if (br_edit_feed(edit, bytes, n, &err) != BR_OK)
    return br_bind_fail(L, &err);
  return 0;
}

static const luaL_Reg methods[] = {
    {"read", editor_read},
    {"remember", editor_remember},
    {"feed", editor_feed},
    {NULL, NULL},
};

static const br_bind_type editor_type = {"benchrun.editor", free_editor, methods, NULL};

static int edit_record(lua_State *L)
{
  size_t n;
  const char *path = br_bind_check_string(L, 1);
  const char *bytes = luaL_checklstring(L, 2, &n);
  lua_Integer most = luaL_checkinteger(L, 3);
  luaL_argcheck(L, most >= 0, 3, "a size can't be negative");
  br_err err;
  if (br_record_add(path, bytes, n, (size_t)most, &err) != BR_OK)
    return br_bind_fail(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

/* --- Ctrl-C ------------------------------------------------------------------------------------- */

/* The handler's only ways to speak; a signal is the process's, so are these. */
static lua_State *interrupted_state;
static volatile sig_atomic_t strikes, is_calling;
static int patience; /* instructions to the next look of the hook */
static struct sigaction action_before;

/* It stays to the end of the call, and comes sooner each time: an error that a pcall catches must not be
 * the end of it, what cleans up after the first error may still do that. */
static void stop_here(lua_State *L, lua_Debug *where)
{
  (void)where;
  patience = patience > SOONER ? patience / SOONER : 1;
  lua_sethook(L, stop_here, LUA_MASKCOUNT, patience);
  luaL_error(L, "interrupted");
}

/* Something does not stop at once: a function of C within Lua's library, say. */
static void warn(void)
{
  static const char text[] = "\nit has not stopped yet; once more ends benchrun\n";
  ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
  (void)written;
}

/* lua_sethook and write are safe in a handler. */
static void on_interrupt(int signal)
{
  if (!is_calling) {
    is_early = 1;
    return;
  }
  br_interrupt_raise();
  strikes = strikes + 1;
  if (strikes >= STRIKES) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    (void)sigaction(signal, &action, NULL);
    (void)raise(signal);
    return;
  }
  if (strikes == STRIKES - 1)
    warn();
  patience = PATIENCE;
  lua_sethook(interrupted_state, stop_here, LUA_MASKCOUNT, PATIENCE);
}

/* True if one came. From here on none can stop the caller. */
static bool end_call(void)
{
  bool came = br_interrupt_is_raised();
  is_calling = is_early = 0;
  if (interrupted_state)
    lua_sethook(interrupted_state, NULL, 0, 0);
  br_interrupt_clear();
  strikes = 0;
  return came;
}

static int edit_call(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TFUNCTION);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  if (is_calling)
    return luaL_error(L, "calls don't nest");
  luaL_checkstack(L, 4, NULL);
  lua_pushvalue(L, 2);
  lua_pushnil(L);
  lua_pushnil(L);
  lua_rotate(L, 1, 3); /* the handler, interrupted, ok, the function, the handler, arguments */
  lua_remove(L, 5);
  is_calling = interrupted_state != NULL;
  if (is_calling && is_early)
    on_interrupt(SIGINT);
  is_early = 0;
  int status = lua_pcall(L, lua_gettop(L) - 4, LUA_MULTRET, 1);
  lua_pushboolean(L, end_call());
  lua_replace(L, 2);
  lua_pushboolean(L, status == LUA_OK);
  lua_replace(L, 3);
  return lua_gettop(L) - 1;
}

/* A hook belongs to one coroutine, and a handler can't know which one runs: these look for themselves. */
static void look(lua_State *L, lua_Debug *where)
{
  (void)where;
  if (br_interrupt_is_raised())
    luaL_error(L, "interrupted");
}

static int edit_watch(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTHREAD);
  lua_sethook(lua_tothread(L, 1), look, LUA_MASKCOUNT, LOOK_EVERY);
  return 0;
}

static int edit_trap_interrupts(lua_State *L)
{
  struct sigaction action = {.sa_handler = on_interrupt};
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  lua_State *main_thread = lua_tothread(L, -1);
  if (interrupted_state && interrupted_state != main_thread)
    return luaL_error(L, "interrupts are those of another Lua state");
  if (!interrupted_state) {
    interrupted_state = main_thread;
    strikes = 0;
    (void)sigaction(SIGINT, &action, &action_before);
  }
  return 0;
}

static int edit_release_interrupts(lua_State *L)
{
  (void)L;
  if (!interrupted_state)
    return 0;
  (void)sigaction(SIGINT, &action_before, NULL);
  (void)end_call();
  interrupted_state = NULL;
  return 0;
}

static const luaL_Reg functions[] = {
    {"open", edit_open},
    {"record", edit_record},
    {"trap_interrupts", edit_trap_interrupts},
    {"call", edit_call},
    {"release_interrupts", edit_release_interrupts},
    {"watch", edit_watch},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_edit(lua_State *L)
{
  br_bind_register(L, &editor_type);
  luaL_newlib(L, functions);
  return 1;
}
