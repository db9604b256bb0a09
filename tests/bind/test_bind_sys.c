/* benchrun.core.sys from Lua, each test in an empty folder of its own. */
#define _GNU_SOURCE
#include "bind_test.h"

#include "bind/modules.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const luaL_Reg modules[] = {{"benchrun.core.sys", luaopen_benchrun_core_sys}, {NULL, NULL}};

#define SYS "local sys = require 'benchrun.core.sys' "

/* fails(code, part, …): what a function returned is a failure of that code, its message holds part. */
#define FAILS                                                                                      \
  "local function fails(code, part, ...)"                                                          \
  "  local value, message, got = ..."                                                              \
  "  assert(select('#', ...) == 3 and value == nil, 'no failure')"                                 \
  "  assert(got == code, got) assert(message:find(part, 1, true), message)"                        \
  "end "

static char folder[64];

static int make_folder(void **state)
{
  (void)state;
  (void)strcpy(folder, "/tmp/test_sys.XXXXXX");
  return mkdtemp(folder) && chmod(folder, 0755) == 0 && chdir(folder) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
  (void)st;
  (void)kind;
  (void)walk;
  return remove(path);
}

static int remove_folder(void **state)
{
  (void)state;
  return chdir("/") != 0 ? -1 : nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void run(const char *script)
{
  bind_test_run(modules, script);
}

static void raises(const char *script, const char *part)
{
  bind_test_raises(modules, script, part);
}

static void assert_directory(const char *path)
{
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_true(S_ISDIR(st.st_mode));
}

/* --- files ----------------------------------------------------------------------------------- */

static void files_come_back_as_they_were_written(void **state)
{
  (void)state;
  run(SYS "for _, text in ipairs { '', 'abc', 'a\\0b\\r\\n\\xFF', ('x'):rep(200000) } do"
          "  assert(sys.write_file('file', text) == true) assert(sys.read_file('file') == text)"
          "end "
          "sys.write_file('a b $(x)', 'odd') assert(sys.read_file('a b $(x)') == 'odd')"
          "sys.write_file('number', 12) assert(sys.read_file('number') == '12')");
}

static void files_that_cannot_be_are_failures(void **state)
{
  (void)state;
  run(SYS FAILS
      "fails('notfound', \"can't open missing: No such file\", sys.read_file('missing'))"
      "fails('io', 'Is a directory', sys.read_file('.'))"
      "fails('notfound', 'no/file', sys.write_file('no/file', 'x'))"
      "sys.make_directory('dir')"
      "fails('io', \"can't write dir: Is a directory\", sys.write_file('dir', 'x'))"
      "fails('notfound', '', sys.read_file('')) fails('notfound', '', sys.write_file('', ''))"
      "local long = ('n'):rep(3000) fails('io', 'name too long', sys.read_file(long))"
      "fails('io', 'name too long', sys.write_file(long, 'x'))");
}

static void files_names_with_a_nul_raise(void **state)
{
  (void)state;
  raises(SYS "sys.read_file('a\\0b')", "bad argument #1 to 'read_file' (a string without a NUL");
  raises(SYS "sys.write_file('a\\0b', 'x')", "bad argument #1 to 'write_file'");
  raises(SYS "sys.make_directory('a\\0b')", "bad argument #1");
  raises(SYS "sys.real_path('.\\0b')", "bad argument #1");
  assert_int_equal(access("a", F_OK), -1);
}

/* --- folders --------------------------------------------------------------------------------- */

static void folders_are_made_with_their_parents(void **state)
{
  (void)state;
  run(SYS "assert(sys.make_directory('one') == true) assert(sys.make_directory('a/b/c') == true)"
          "assert(sys.make_directory('a/b/c/d/e')) assert(sys.make_directory('t/u///'))"
          "assert(sys.make_directory('.//x//y')) assert(sys.make_directory('v/./w/../z'))");
  const char *const made[] = {"one", "a/b/c", "a/b/c/d/e", "t/u", "x/y", "v/w", "v/z"};
  for (size_t i = 0; i < sizeof made / sizeof *made; i++)
    assert_directory(made[i]);
}

static void folders_may_be_absolute(void **state)
{
  (void)state;
  char script[256];
  (void)snprintf(script, sizeof script, SYS "assert(sys.make_directory('%s/p/q'))", folder);
  run(script);
  assert_directory("p/q");
}

static void folders_that_are_there_are_fine(void **state)
{
  (void)state;
  assert_int_equal(mkdir("dir", 0700), 0);
  assert_int_equal(symlink("dir", "link"), 0);
  run(SYS
      "for _, path in ipairs { '/', '//', '.', '..', './', 'dir', 'dir/', 'link', '/proc/self' } do"
      "  assert(sys.make_directory(path) == true, path)"
      "end "
      "assert(sys.make_directory('link/inner'))");
  assert_directory("dir/inner");
}

static void folders_honour_the_umask(void **state)
{
  (void)state;
  struct stat st;
  mode_t before = umask(027);
  run(SYS "assert(sys.make_directory('a/b'))");
  (void)umask(before);
  assert_int_equal(stat("a", &st), 0);
  assert_int_equal(st.st_mode & 07777, 0750);
  assert_int_equal(stat("a/b", &st), 0);
  assert_int_equal(st.st_mode & 07777, 0750);
}

static void folders_that_cannot_be_are_failures(void **state)
{
  (void)state;
  assert_int_equal(symlink("nowhere", "dangling"), 0);
  run(SYS FAILS
      "sys.write_file('file', 'x')"
      "fails('io', \"can't make directory file: Not a directory\", sys.make_directory('file'))"
      "fails('io', 'directory file: Not', sys.make_directory('file/below'))"
      "fails('io', 'file: Not', sys.make_directory('file/'))"
      "fails('io', 'dangling', sys.make_directory('dangling'))"
      "fails('notfound', \"can't make directory\", sys.make_directory(''))"
      "fails('io', 'name too long', sys.make_directory('ok/' .. ('n'):rep(3000)))"
      "assert(sys.read_file('file') == 'x')");
  assert_directory("ok");
}

/* Root may write everywhere, so it steps down for this. */
static void folders_need_permission(void **state)
{
  (void)state;
  uid_t user = geteuid();
  assert_int_equal(mkdir("locked", 0555), 0);
  if (user == 0)
    assert_int_equal(seteuid(65534), 0);
  run(SYS FAILS "fails('io', \"can't make directory locked/a: Permission denied\", "
                "sys.make_directory('locked/a/b'))"
                "fails('io', \"can't write locked/file: Permission denied\", "
                "sys.write_file('locked/file', ''))"
                "assert(sys.make_directory('locked'))");
  if (user == 0)
    assert_int_equal(seteuid(user), 0);
}

static void real_path_follows_links(void **state)
{
  (void)state;
  char script[1024];
  assert_int_equal(mkdir("dir", 0777), 0);
  assert_int_equal(symlink("dir", "link"), 0);
  assert_int_equal(symlink("loop", "loop"), 0);
  (void)snprintf(script, sizeof script,
                 SYS FAILS "assert(sys.real_path('link/../dir/.') == '%s/dir')"
                           "assert(sys.real_path('/') == '/')"
                           "fails('notfound', \"can't find missing\", sys.real_path('missing'))"
                           "fails('notfound', '', sys.real_path(''))"
                           "fails('io', 'loop', sys.real_path('loop'))",
                 folder);
  run(script);
}

/* --- the machine ----------------------------------------------------------------------------- */

static void executable_is_this_test(void **state)
{
  (void)state;
  char path[PATH_MAX], script[PATH_MAX + 128];
  assert_non_null(realpath("/proc/self/exe", path));
  (void)snprintf(script, sizeof script, SYS "assert(sys.executable() == [[%s]])", path);
  run(script);
}

static void host_has_four_names(void **state)
{
  (void)state;
  run(SYS "local host, n = sys.host(), 0 "
          "for key, value in pairs(host) do n = n + 1 assert(type(value) == 'string', key) end "
          "assert(n == 4 and host.system == 'Linux' and #host.machine > 0 and #host.release > 0)"
          "assert(host.name)");
}

static void clocks_run(void **state)
{
  (void)state;
  run(SYS "local all = sys.threads() assert(all >= 1)"
          "assert(sys.threads(3) == 3 and sys.threads() == 3 and sys.threads(0) == all)"
          "assert(not pcall(sys.threads, -1))");
  run(SYS "local a, b = sys.monotonic(), sys.monotonic() assert(a <= b and b - a < 60)"
          "assert(math.type(a) == 'float' and math.abs(sys.unix() - os.time()) < 3)");
}

static void terminals_that_are_none_have_no_columns(void **state)
{
  (void)state;
  int ends[2];
  char script[512];
  assert_int_equal(pipe(ends), 0);
  (void)snprintf(script, sizeof script,
                 SYS "for _, fd in ipairs { %d, 999999, -1, 1 << 32, math.mininteger } do"
                     "  assert(sys.is_terminal(fd) == false)"
                     "  assert(select('#', sys.terminal_columns(fd)) == 1)"
                     "  assert(sys.terminal_columns(fd) == nil)"
                     "end",
                 ends[0]);
  run(script);
  (void)close(ends[0]);
  (void)close(ends[1]);
}

static void terminals_say_their_width(void **state)
{
  (void)state;
  char script[256];
  struct winsize size = {.ws_col = 132, .ws_row = 40};
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0)
    skip();
  assert_int_equal(grantpt(master), 0);
  assert_int_equal(unlockpt(master), 0);
  int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
  assert_true(terminal >= 0);
  (void)snprintf(script, sizeof script,
                 SYS "local fd = %d assert(sys.is_terminal(fd)) W = sys.terminal_columns(fd)"
                     "assert(not sys.is_terminal(fd + (1 << 32)))",
                 terminal);
  char wide[320], unset[320];
  (void)snprintf(wide, sizeof wide, "%s assert(W == 132)", script);
  (void)snprintf(unset, sizeof unset, "%s assert(W == nil)", script);
  run(unset);
  assert_int_equal(ioctl(terminal, TIOCSWINSZ, &size), 0);
  run(wide);
  (void)close(terminal);
  (void)close(master);
}

/* --- text ------------------------------------------------------------------------------------ */

static void number_text_is_the_shortest_that_reads_back(void **state)
{
  (void)state;
  run(SYS "local function same(x, text) assert(sys.number_text(x) == text, sys.number_text(x)) end "
          "same(1, '1.0') same(0.1, '0.1') same(1e16, '1e+16') same(-0.0, '-0.0') same(5e-324, "
          "'5e-324')"
          "same(1/0, 'inf') same(-1/0, '-inf') same(0/0, 'nan') same('2', '2.0')"
          "same(math.maxinteger, '9.223372036854776e+18')");
}

static void nearest_is_a_candidate_or_nil(void **state)
{
  (void)state;
  run(SYS "assert(sys.nearest('compiler', { 'suites', 'compilers' }) == 'compilers')"
          "assert(sys.nearest('zzz', { 'suites' }) == nil and sys.nearest('x', {}) == nil)"
          "assert(select('#', sys.nearest('zzz', {})) == 1)");
}

static void arguments_of_another_kind_raise(void **state)
{
  (void)state;
  raises(SYS "sys.read_file()", "bad argument #1 to 'read_file' (string expected, got no value)");
  raises(SYS "sys.read_file({})", "string expected, got table");
  raises(SYS "sys.write_file('x')", "bad argument #2 to 'write_file'");
  raises(SYS "sys.write_file('x', true)", "string expected, got boolean");
  raises(SYS "sys.write_file(nil, 'x')", "bad argument #1");
  raises(SYS "sys.make_directory()", "string expected, got no value");
  raises(SYS "sys.real_path(false)", "string expected, got boolean");
  raises(SYS "sys.is_terminal()", "number expected, got no value");
  raises(SYS "sys.is_terminal(1.5)", "no integer representation");
  raises(SYS "sys.terminal_columns('x')", "number expected, got string");
  raises(SYS "sys.number_text('x')", "number expected, got string");
  raises(SYS "sys.number_text(nil)", "number expected, got nil");
  raises(SYS "sys.nearest('x')", "table expected, got no value");
  raises(SYS "sys.nearest('x', { 1 })", "value 1: string expected, got number");
  raises(SYS "sys.nearest(nil, {})", "string expected, got nil");
  assert_int_equal(access("x", F_OK), -1);
}

/* --- signals, each time in a child: handlers are the process's ------------------------------- */

static int kill_self(lua_State *L)
{
  (void)kill(getpid(), (int)luaL_checkinteger(L, 1));
  return 0;
}

static int run_signals(const char *script)
{
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  luaL_requiref(L, "sys", luaopen_benchrun_core_sys, 1);
  lua_register(L, "kill", kill_self);
  int failed = luaL_dostring(L, script);
  if (failed)
    (void)fprintf(stderr, "%s\n", lua_tostring(L, -1));
  lua_close(L);
  return failed;
}

/* The child's wait status. It starts with the default for SIGINT and SIGTERM, and `hangup` for SIGHUP. */
static int status_of(const char *script, void (*hangup)(int))
{
  int status;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGHUP, hangup);
    _exit(run_signals(script));
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static void interrupts_set_a_flag_once_trapped(void **state)
{
  (void)state;
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    char script[256];
    (void)snprintf(script, sizeof script,
                   "assert(sys.interrupted() == nil and select('#', sys.interrupted()) == 1)"
                   "assert(select('#', sys.trap_interrupts()) == 0 and sys.interrupted() == nil)"
                   "kill(%d) assert(sys.interrupted() == %d and sys.interrupted() == %d)",
                   signals[i], signals[i], signals[i]);
    int status = status_of(script, SIG_DFL);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
  }
}

static void interrupts_of_the_same_kind_end_the_process_the_second_time(void **state)
{
  (void)state;
  int status = status_of("sys.trap_interrupts() kill(2) kill(2)", SIG_DFL);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), SIGINT);
}

static void interrupts_that_are_not_trapped_end_the_process(void **state)
{
  (void)state;
  int status = status_of("kill(15)", SIG_DFL);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), SIGTERM);
}

/* As nohup starts its program. */
static void interrupts_that_were_ignored_stay_ignored(void **state)
{
  (void)state;
  int status = status_of("sys.trap_interrupts() for _ = 1, 3 do kill(1) end "
                         "assert(sys.interrupted() == nil) kill(2) assert(sys.interrupted() == 2)",
                         SIG_IGN);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- memory ---------------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state)
{
  (void)state;
  bind_test_every_allocation(
      modules, SYS "assert(sys.make_directory('a/b')) assert(sys.write_file('a/f', 'text'))"
                   "assert(sys.read_file('a/f') == 'text') assert(not sys.read_file('missing'))"
                   "assert(sys.real_path('a')) assert(sys.executable()) assert(sys.host().name)"
                   "assert(sys.nearest('ab', { 'abc', 'x' }) == 'abc')"
                   "assert(sys.number_text(1) == '1.0')");
}

#define SYS_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
  const struct CMUnitTest tests[] = {
      SYS_TEST(files_come_back_as_they_were_written),
      SYS_TEST(files_that_cannot_be_are_failures),
      SYS_TEST(files_names_with_a_nul_raise),
      SYS_TEST(folders_are_made_with_their_parents),
      SYS_TEST(folders_may_be_absolute),
      SYS_TEST(folders_that_are_there_are_fine),
      SYS_TEST(folders_honour_the_umask),
      SYS_TEST(folders_that_cannot_be_are_failures),
      SYS_TEST(folders_need_permission),
      SYS_TEST(real_path_follows_links),
      SYS_TEST(executable_is_this_test),
      SYS_TEST(host_has_four_names),
      SYS_TEST(clocks_run),
      SYS_TEST(terminals_that_are_none_have_no_columns),
      SYS_TEST(terminals_say_their_width),
      SYS_TEST(number_text_is_the_shortest_that_reads_back),
      SYS_TEST(nearest_is_a_candidate_or_nil),
      SYS_TEST(arguments_of_another_kind_raise),
      SYS_TEST(interrupts_set_a_flag_once_trapped),
      SYS_TEST(interrupts_of_the_same_kind_end_the_process_the_second_time),
      SYS_TEST(interrupts_that_are_not_trapped_end_the_process),
      SYS_TEST(interrupts_that_were_ignored_stay_ignored),
      SYS_TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests_name("bind_sys", tests, NULL, NULL);
}
