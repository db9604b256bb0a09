/* benchrun.core.plot: charts as bytes.
 *
 * plot.bars(chart, style) and plot.lines(chart, style) -> bytes, or nil, message, code.
 *   bars:  { title=, subtitle=, unit=, labels={…}, reference=, series={ { name=, values= }, … } }
 *   lines: { title=, subtitle=, labels={…}, x=, joined=, points=, panels={ { title=, series={ { name=, values=, lo=, hi=
 * }, … }, marks={ { x=, text= }, … }, most= }, … } }; x counts from 1, every panel has as many series
 *   x: where the points stand, ascending numbers; without: evenly. joined: lines go on over what is
 *   missing; points: dots and no lines
 *   style: { format="png"|"svg", theme="light"|"dark", width=, height=, scale= }, all optional
 * values, lo and hi: an array in which nil, false and NaN are no value, or a column of numbers; as
 * many as there are labels. Unknown fields and values of another type raise.
 *
 * Everything that a specification points to is kept by one table of Lua's, so that an error may
 * jump. */
#include "bind/bind.h"
#include "bind/bind_frame.h"
#include "bind/modules.h"

#include "plot/plot.h"

#include <math.h>
#include <string.h>

typedef struct reader {
  lua_State *L;
  int kept; /* index of the table that keeps scratch memory */
  size_t n; /* values that each series must have */
} reader;

/* --- fields ---------------------------------------------------------------------------------- */

/* Keeps what is on top of the stack, and pops it. */
static void keep(const reader *r)
{
  (void)luaL_ref(r->L, r->kept);
}

static void *scratch(const reader *r, size_t count, size_t size)
{
  void *memory = br_bind_scratch(r->L, count, size);
  keep(r);
  return memory;
}

/* Pushes the field, a table. */
static int push_table(const reader *r, int t, const char *name)
{
  if (lua_getfield(r->L, t, name) != LUA_TTABLE)
    luaL_error(r->L, "field '%s': table expected, got %s", name, luaL_typename(r->L, -1));
  return lua_absindex(r->L, -1);
}

/* Pushes element i, from 0, of the list at t: a table. what names it in messages. */
static int push_element(const reader *r, int t, size_t i, const char *what)
{
  if (lua_geti(r->L, t, (lua_Integer)i + 1) != LUA_TTABLE)
    luaL_error(r->L, "%s %I: table expected, got %s", what, (lua_Integer)i + 1,
               luaL_typename(r->L, -1));
  return lua_absindex(r->L, -1);
}

static const char *const *read_labels(reader *r, int t)
{
  int list = push_table(r, t, "labels");
  const char *const *labels = br_bind_strings(r->L, list, &r->n, false);
  keep(r);
  lua_pop(r->L, 1);
  return labels;
}

/* --- values ---------------------------------------------------------------------------------- */

static void check_count(const reader *r, const char *name, size_t n, bool exact)
{
  if (n > r->n || (exact && n < r->n))
    luaL_error(r->L, "field '%s': %I values for %I labels", name, (lua_Integer)n,
               (lua_Integer)r->n);
}

static const double *array_values(const reader *r, int list, const char *name)
{
  check_count(r, name, lua_rawlen(r->L, list), false);
  double *values = scratch(r, r->n, sizeof *values);
  for (size_t i = 0; i < r->n; i++) {
    int type = lua_rawgeti(r->L, list, (lua_Integer)i + 1);
    if (type != LUA_TNUMBER && lua_toboolean(r->L, -1))
      luaL_error(r->L, "field '%s': value %I: number expected, got %s", name, (lua_Integer)i + 1,
                 luaL_typename(r->L, -1));
    values[i] = type == LUA_TNUMBER ? lua_tonumber(r->L, -1) : NAN;
    lua_pop(r->L, 1);
  }
  return values;
}

static const double *column_values(const reader *r, const br_column *column, const char *name)
{
  check_count(r, name, br_column_len(column), true);
  if (br_column_type(column) == BR_STR)
    luaL_error(r->L, "field '%s': a column of numbers expected, got strings", name);
  double *values = scratch(r, r->n, sizeof *values);
  for (size_t i = 0; i < r->n; i++)
    values[i] = br_column_is_null(column, i) ? NAN : br_column_number(column, i);
  return values;
}

static const double *read_values(const reader *r, int t, const char *name, bool optional)
{
  int type = lua_getfield(r->L, t, name), list = lua_absindex(r->L, -1);
  const br_column *column = br_bind_test(r->L, list, &br_bind_column_type);
  const double *values = NULL;
  if (column)
    values = column_values(r, column, name);
  else if (type == LUA_TTABLE)
    values = array_values(r, list, name);
  else if (type != LUA_TNIL || !optional)
    luaL_error(r->L, "field '%s': array or column expected, got %s", name, luaL_typename(r->L, -1));
  lua_pop(r->L, 1);
  return values;
}

/* bands: lo and hi are fields too. */
static const br_plot_series *read_series(const reader *r, int t, bool bands, size_t *n)
{
  static const char *const plain_fields[] = {"name", "values", NULL};
  static const char *const band_fields[] = {"name", "values", "lo", "hi", NULL};
  int list = push_table(r, t, "series");
  *n = (size_t)luaL_len(r->L, list);
  br_plot_series *series = scratch(r, *n, sizeof *series);
  for (size_t i = 0; i < *n; i++) {
    int one = push_element(r, list, i, "series");
    br_bind_known_fields(r->L, one, bands ? band_fields : plain_fields);
    series[i] = (br_plot_series){.name = br_bind_field_string(r->L, one, "name", "")};
    series[i].y = read_values(r, one, "values", false);
    series[i].lo = bands ? read_values(r, one, "lo", true) : NULL;
    series[i].hi = bands ? read_values(r, one, "hi", true) : NULL;
    lua_pop(r->L, 1);
  }
  lua_pop(r->L, 1);
  return series;
}

/* --- style ----------------------------------------------------------------------------------- */

static int check_choice(lua_State *L, int t, const char *name, const char *const choices[2])
{
  const char *choice = br_bind_field_string(L, t, name, choices[0]);
  for (int i = 0; i < 2; i++)
    if (strcmp(choice, choices[i]) == 0)
      return i;
  return luaL_error(L, "field '%s': '%s' or '%s' expected, got '%s'", name, choices[0], choices[1],
                    choice);
}

static int check_whole(lua_State *L, int t, const char *name)
{
  double side = br_bind_field_number(L, t, name, 0);
  if (!(side >= 0 && side <= 1e6) || side != floor(side))
    luaL_error(L, "field '%s': a whole number of at least 0 expected, got %f", name, side);
  return (int)side;
}

static br_plot_style check_style(lua_State *L, int t)
{
  static const char *const fields[] = {"format", "theme", "width", "height", "scale", NULL};
  static const char *const formats[] = {"png", "svg"};
  static const char *const themes[] = {"light", "dark"};
  br_bind_known_fields(L, t, fields);
  return (br_plot_style){.format = (br_plot_format)check_choice(L, t, "format", formats),
                         .theme = (br_plot_theme)check_choice(L, t, "theme", themes),
                         .width = check_whole(L, t, "width"),
                         .height = check_whole(L, t, "height"),
                         .scale = check_whole(L, t, "scale")};
}

/* --- functions ------------------------------------------------------------------------------- */

/* The arguments of both functions: a chart, and a style or nil. */
static reader open_reader(lua_State *L, const char *const *fields)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  br_bind_known_fields(L, 1, fields);
  lua_settop(L, 2);
  lua_newtable(L);
  return (reader){.L = L, .kept = 3};
}

static int plot_bars(lua_State *L)
{
  static const char *const fields[] = {"title",     "subtitle", "unit", "labels",
                                       "reference", "series",   NULL};
  reader r = open_reader(L, fields);
  br_plot_bars_spec spec = {.title = br_bind_field_string(L, 1, "title", NULL),
                            .subtitle = br_bind_field_string(L, 1, "subtitle", NULL),
                            .unit = br_bind_field_string(L, 1, "unit", NULL),
                            .reference = br_bind_field_number(L, 1, "reference", NAN)};
  br_plot_style style = check_style(L, 2);
  spec.labels = read_labels(&r, 1);
  spec.ncategories = r.n;
  spec.series = read_series(&r, 1, false, &spec.nseries);
  br_err err;
  br_str *bytes = br_bind_bytes(L);
  return br_bind_push_bytes(L, br_plot_bars(bytes, &spec, &style, &err), bytes, &err);
}

static const br_plot_mark *read_marks(const reader *r, int t, size_t *n)
{
  static const char *const fields[] = {"x", "text", NULL};
  *n = 0;
  if (lua_getfield(r->L, t, "marks") == LUA_TNIL) {
    lua_pop(r->L, 1);
    return NULL;
  }
  lua_pop(r->L, 1);
  int list = push_table(r, t, "marks");
  *n = (size_t)luaL_len(r->L, list);
  br_plot_mark *marks = scratch(r, *n, sizeof *marks);
  for (size_t i = 0; i < *n; i++) {
    int one = push_element(r, list, i, "mark");
    br_bind_known_fields(r->L, one, fields);
    double x = br_bind_field_number(r->L, one, "x", 0);
    if (!(x >= 1 && x <= (double)r->n) || x != floor(x))
      luaL_error(r->L, "mark %I: field 'x': a point from 1 to %I expected", (lua_Integer)i + 1,
                 (lua_Integer)r->n);
    marks[i] = (br_plot_mark){(size_t)x - 1, br_bind_field_string(r->L, one, "text", "")};
    lua_pop(r->L, 1);
  }
  lua_pop(r->L, 1);
  return marks;
}

static br_plot_panel read_panel(const reader *r, int t, size_t *nseries)
{
  static const char *const fields[] = {"title", "series", "marks", "most", NULL};
  br_bind_known_fields(r->L, t, fields);
  br_plot_panel panel = {.title = br_bind_field_string(r->L, t, "title", NULL),
                         .most = br_bind_field_number(r->L, t, "most", 0)};
  panel.series = read_series(r, t, true, nseries);
  panel.marks = read_marks(r, t, &panel.nmarks);
  return panel;
}

static void read_panels(const reader *r, br_plot_lines_spec *spec)
{
  int list = push_table(r, 1, "panels");
  spec->npanels = (size_t)luaL_len(r->L, list);
  br_plot_panel *panels = scratch(r, spec->npanels, sizeof *panels);
  for (size_t i = 0; i < spec->npanels; i++) {
    size_t n;
    panels[i] = read_panel(r, push_element(r, list, i, "panel"), &n);
    if (i > 0 && n != spec->nseries)
      luaL_error(r->L, "panel %I has %I series, panel 1 has %I", (lua_Integer)i + 1, (lua_Integer)n,
                 (lua_Integer)spec->nseries);
    spec->nseries = n;
    lua_pop(r->L, 1);
  }
  spec->panels = panels;
  lua_pop(r->L, 1);
}

static int plot_lines(lua_State *L)
{
  static const char *const fields[] = {"title", "subtitle", "labels", "panels",
                                       "x",     "joined",   "points", NULL};
  reader r = open_reader(L, fields);
  br_plot_lines_spec spec = {.title = br_bind_field_string(L, 1, "title", NULL),
                             .subtitle = br_bind_field_string(L, 1, "subtitle", NULL),
                             .joined = br_bind_field_bool(L, 1, "joined", false),
                             .points = br_bind_field_bool(L, 1, "points", false)};
  br_plot_style style = check_style(L, 2);
  spec.labels = read_labels(&r, 1);
  spec.nx = r.n;
  spec.x = read_values(&r, 1, "x", true);
  read_panels(&r, &spec);
  br_err err;
  br_str *bytes = br_bind_bytes(L);
  return br_bind_push_bytes(L, br_plot_lines(bytes, &spec, &style, &err), bytes, &err);
}

LUAMOD_API int luaopen_benchrun_core_plot(lua_State *L)
{
  static const luaL_Reg functions[] = {{"bars", plot_bars}, {"lines", plot_lines}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
