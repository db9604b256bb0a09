/* benchrun.core.window: functions that look along a column; each gives a column of the same length.
 *
 * A null is a gap and NaN a value, see core/window/window.h for what becomes of them. Each takes an
 * options table, whose field by holds groups: the rows of a group then stand for themselves. Data of
 * another type than wanted, or a result that does not fit, returns nil, message, code ("type", "range");
 * mistakes in the call raise.
 *
 * window.groups(frame, keys) -> groups of the rows that agree on the columns named | nil, message, code
 * window.rolling(column, n, kernel, { min = n, q = 0.5, method =, centre = false, by = }) -> f64 column:
 *   the kernel of benchrun.core.stats over the n rows that end with each (centre: around it); null where
 *   they hold fewer than min values. "notfound" for an unknown kernel.
 * window.ewm(column, { alpha = | span = | halflife = | com =, kind = "mean" | "stddev", adjust = true,
 *   ignore_nulls = false, min = 1, by = }) -> f64 column, exponentially weighted
 * window.interpolate(column, { method = "linear" | "previous" | "next" | "nearest", x = column,
 *   ends = false, by = }) -> column with values for nulls
 * window.shift(column, n, { by = }) -> column of each row's value n rows before
 * window.diff(column, n, { by = }) -> column of differences to n rows before, by default 1
 * window.pct_change(column, n, { by = }) -> f64 column: value / value n rows before - 1
 * window.running(column, "sum" | "product" | "min" | "max" | "count", { by = }) -> column of totals so far
 * window.rank(column, { ties = "average" | "min" | "max" | "dense" | "first", descending = false, by = })
 *   -> column of places in sorting order, from 1 */
#include "bind/bind_frame_parts.h"
#include "bind/modules.h"

#include "window/window.h"

#include <math.h>
#include <string.h>

static int groups_tostring(lua_State *L)
{
  lua_pushliteral(L, "groups");
  return 1;
}

static void free_groups(void *resource)
{
  br_window_groups_free(resource);
}

static const luaL_Reg no_methods[] = {{NULL, NULL}};
static const luaL_Reg groups_meta[] = {{"__tostring", groups_tostring}, {NULL, NULL}};
static const br_bind_type groups_type = {"benchrun.groups", free_groups, no_methods, groups_meta};

static br_column *check_column(lua_State *L, int arg)
{
  return br_bind_check(L, arg, &br_bind_column_type);
}

/* The resource of a field, or NULL; it stays on the stack. */
static void *resource_field(lua_State *L, int t, const char *name, const br_bind_type *type)
{
  if (lua_isnoneornil(L, t) || br_bind_raw_field(L, t, name) == LUA_TNIL)
    return NULL;
  void *resource = br_bind_test(L, -1, type);
  if (!resource)
    luaL_error(L, "field '%s': open %s expected, got %s", name, type->name, luaL_typename(L, -1));
  return resource;
}

static const br_window_groups *by_field(lua_State *L, int t)
{
  return resource_field(L, t, "by", &groups_type);
}

/* A number of rows; fallback where there is none. */
static size_t rows_field(lua_State *L, int t, const char *name, size_t fallback)
{
  double value = br_bind_field_number(L, t, name, (double)fallback);
  if (!(value >= 0 && value <= 0x1p53 && value == floor(value)))
    luaL_error(L, "field '%s': a number of rows expected", name);
  return (size_t)value;
}

/* Which of the names (ended by NULL) a field holds; the first by default. */
static int option_field(lua_State *L, int t, const char *name, const char *const *names)
{
  const char *value = br_bind_field_string(L, t, name, names[0]);
  for (int i = 0; names[i]; i++)
    if (strcmp(names[i], value) == 0)
      return i;
  return luaL_error(L, "field '%s': unknown option '%s'", name, value);
}

static int window_groups(lua_State *L)
{
  br_err err;
  size_t n = 0;
  br_window_groups *made = NULL;
  const br_frame *frame = br_bind_check(L, 1, &br_bind_frame_type);
  const char *const *keys = br_bind_strings(L, 2, &n, false);
  void **box = br_bind_box(L, &groups_type);
  br_code code = br_window_groups_make(&made, frame, keys, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int window_rolling(lua_State *L)
{
  static const char *const known[] = {"min", "q", "method", "centre", "by", NULL};
  br_err err;
  br_column *made = NULL;
  br_rolling spec = {0};
  const br_column *column = check_column(L, 1);
  lua_Integer n = luaL_checkinteger(L, 2);
  const char *name = br_bind_check_string(L, 3);
  luaL_argcheck(L, n > 0, 2, "a window has at least one row");
  br_bind_known_fields(L, 4, known);
  spec.n = (size_t)n;
  spec.min = rows_field(L, 4, "min", spec.n);
  spec.centre = br_bind_field_bool(L, 4, "centre", false);
  spec.args.q = br_bind_field_number(L, 4, "q", 0.5);
  spec.args.method = br_bind_field_string(L, 4, "method", NULL);
  const br_window_groups *groups = by_field(L, 4);
  void **box = br_bind_box(L, &br_bind_column_type);
  spec.kernel = br_kernel_find(name);
  br_code code = spec.kernel ? br_window_rolling(&made, column, groups, &spec, &err)
                             : br_fail(&err, BR_ENOTFOUND, "no kernel '%.64s'", name);
  return br_bind_give(L, box, made, code, &err);
}

/* Exactly one of the fields that say how fast weights fall. */
static void decay_field(lua_State *L, int t, br_ewm *spec)
{
  static const char *const names[] = {"alpha", "span", "halflife", "com", NULL};
  static const br_decay decays[] = {BR_DECAY_ALPHA, BR_DECAY_SPAN, BR_DECAY_HALFLIFE, BR_DECAY_COM};
  int found = 0;
  for (int i = 0; names[i]; i++) {
    if (br_bind_raw_field(L, t, names[i]) != LUA_TNIL) {
      spec->decay = decays[i];
      spec->value = br_bind_field_number(L, t, names[i], 0);
      found++;
    }
    lua_pop(L, 1);
  }
  if (found != 1)
    luaL_error(L, "one of the fields 'alpha', 'span', 'halflife' and 'com' expected, got %d",
               found);
}

static int window_ewm(lua_State *L)
{
  static const char *const known[] = {"alpha",  "span",         "halflife", "com", "kind",
                                      "adjust", "ignore_nulls", "min",      "by",  NULL};
  static const char *const kinds[] = {"mean", "stddev", NULL};
  br_err err;
  br_column *made = NULL;
  br_ewm spec = {0};
  const br_column *column = check_column(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  br_bind_known_fields(L, 2, known);
  decay_field(L, 2, &spec);
  spec.kind = option_field(L, 2, "kind", kinds) == 0 ? BR_EWM_MEAN : BR_EWM_STDDEV;
  spec.recursive = !br_bind_field_bool(L, 2, "adjust", true);
  spec.ignore_nulls = br_bind_field_bool(L, 2, "ignore_nulls", false);
  spec.min = rows_field(L, 2, "min", 1);
  const br_window_groups *groups = by_field(L, 2);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_window_ewm(&made, column, groups, &spec, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int window_interpolate(lua_State *L)
{
  static const char *const known[] = {"method", "x", "ends", "by", NULL};
  static const char *const names[] = {"linear", "previous", "next", "nearest", NULL};
  static const br_fill methods[] = {BR_FILL_LINEAR, BR_FILL_PREVIOUS, BR_FILL_NEXT,
                                    BR_FILL_NEAREST};
  br_err err;
  br_column *made = NULL;
  br_interpolation spec = {0};
  br_column *column = check_column(L, 1);
  br_bind_known_fields(L, 2, known);
  spec.method = methods[option_field(L, 2, "method", names)];
  spec.x = resource_field(L, 2, "x", &br_bind_column_type);
  spec.ends = br_bind_field_bool(L, 2, "ends", false);
  const br_window_groups *groups = by_field(L, 2);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_window_interpolate(&made, column, groups, &spec, &err);
  return br_bind_give(L, box, made, code, &err);
}

static const char *const only_by[] = {"by", NULL};

static int window_shift(lua_State *L)
{
  br_err err;
  br_column *made = NULL;
  const br_column *column = check_column(L, 1);
  lua_Integer n = luaL_checkinteger(L, 2);
  br_bind_known_fields(L, 3, only_by);
  const br_window_groups *groups = by_field(L, 3);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_window_shift(&made, column, groups, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int change(lua_State *L, br_change kind)
{
  br_err err;
  br_column *made = NULL;
  const br_column *column = check_column(L, 1);
  lua_Integer n = luaL_optinteger(L, 2, 1);
  br_bind_known_fields(L, 3, only_by);
  const br_window_groups *groups = by_field(L, 3);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_window_change(&made, column, groups, kind, n, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int window_diff(lua_State *L)
{
  return change(L, BR_CHANGE_DIFFERENCE);
}

static int window_pct_change(lua_State *L)
{
  return change(L, BR_CHANGE_RELATIVE);
}

static int window_running(lua_State *L)
{
  static const char *const names[] = {"sum", "product", "min", "max", "count", NULL};
  static const br_running kinds[] = {BR_RUNNING_SUM, BR_RUNNING_PRODUCT, BR_RUNNING_MIN,
                                     BR_RUNNING_MAX, BR_RUNNING_COUNT};
  br_err err;
  br_column *made = NULL;
  const br_column *column = check_column(L, 1);
  br_running kind = kinds[luaL_checkoption(L, 2, NULL, names)];
  br_bind_known_fields(L, 3, only_by);
  const br_window_groups *groups = by_field(L, 3);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_window_running(&made, column, groups, kind, &err);
  return br_bind_give(L, box, made, code, &err);
}

static int window_rank(lua_State *L)
{
  static const char *const known[] = {"ties", "descending", "by", NULL};
  static const char *const names[] = {"average", "min", "max", "dense", "first", NULL};
  static const br_ties kinds[] = {BR_TIES_AVERAGE, BR_TIES_MIN, BR_TIES_MAX, BR_TIES_DENSE,
                                  BR_TIES_FIRST};
  br_err err;
  br_column *made = NULL;
  br_column *column = check_column(L, 1);
  br_bind_known_fields(L, 2, known);
  br_ties ties = kinds[option_field(L, 2, "ties", names)];
  bool descending = br_bind_field_bool(L, 2, "descending", false);
  const br_window_groups *groups = by_field(L, 2);
  void **box = br_bind_box(L, &br_bind_column_type);
  br_code code = br_window_rank(&made, column, groups, ties, descending, &err);
  return br_bind_give(L, box, made, code, &err);
}

static const luaL_Reg functions[] = {
    {"groups", window_groups},
    {"rolling", window_rolling},
    {"ewm", window_ewm},
    {"interpolate", window_interpolate},
    {"shift", window_shift},
    {"diff", window_diff},
    {"pct_change", window_pct_change},
    {"running", window_running},
    {"rank", window_rank},
    {NULL, NULL},
};

LUAMOD_API int luaopen_benchrun_core_window(lua_State *L)
{
  br_bind_register(L, &br_bind_frame_type);
  br_bind_register(L, &br_bind_column_type);
  br_bind_register(L, &groups_type);
  luaL_newlib(L, functions);
  return 1;
}
