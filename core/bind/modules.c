/* The list of native modules: one row each. main.c preloads them; build/lua/benchrun.so exports the
 * same functions, so that a plain lua5.4 finds them through package.cpath. */
#include "bind/modules.h"

const luaL_Reg br_bind_modules[] = {
    {"benchrun.core.bytecode", luaopen_benchrun_core_bytecode},
    {"benchrun.core.compute", luaopen_benchrun_core_compute},
    {"benchrun.core.csv", luaopen_benchrun_core_csv},
    {"benchrun.core.edit", luaopen_benchrun_core_edit},
    {"benchrun.core.expr", luaopen_benchrun_core_expr},
    {"benchrun.core.frame", luaopen_benchrun_core_frame},
    {"benchrun.core.json", luaopen_benchrun_core_json},
    {"benchrun.core.plot", luaopen_benchrun_core_plot},
    {"benchrun.core.proc", luaopen_benchrun_core_proc},
    {"benchrun.core.sqlite", luaopen_benchrun_core_sqlite},
    {"benchrun.core.stats", luaopen_benchrun_core_stats},
    {"benchrun.core.sys", luaopen_benchrun_core_sys},
    {"benchrun.core.term", luaopen_benchrun_core_term},
    {"benchrun.core.text", luaopen_benchrun_core_text},
    {"benchrun.core.vcs", luaopen_benchrun_core_vcs},
    {"benchrun.core.window", luaopen_benchrun_core_window},
    {NULL, NULL},
};
