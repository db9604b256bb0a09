/* Frames of another shape in Lua: melt and sample; see bind_frame.c for the rules. */
#include "bind/bind_frame_parts.h"

#include "frame/reshape.h"

#include <string.h>

/* Pushes the vector of an optional field that lists names; NULL where it is nil. */
static const char *const *names_field(lua_State *L, int t, const char *name, size_t *n)
{
  int type = br_bind_raw_field(L, t, name);
  if (type != LUA_TNIL && type != LUA_TTABLE)
    luaL_error(L, "field '%s': table expected, got %s", name, luaL_typename(L, -1));
  return br_bind_strings(L, -1, n, true);
}

static bool listed(const char *name, const char *const *names, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

/* Pushes the vector of all columns' names but the ids'. They live as long as the frame. */
static const char *const *other_names(lua_State *L, const br_frame *frame, const br_melt *spec,
                                      size_t *n)
{
  size_t ncol = br_frame_ncol(frame);
  const char **names = br_bind_scratch(L, ncol, sizeof *names);
  *n = 0;
  for (size_t i = 0; i < ncol; i++)
    if (!listed(br_frame_name(frame, i), spec->ids, spec->nids))
      names[(*n)++] = br_frame_name(frame, i);
  return names;
}

/* frame:melt{ id =, columns =, name = "variable", value = "value" } -> frame | nil, message, code
 * Wide to long: a row for each row and each of `columns` (an array of names; by default all but the id
 * columns), all rows of the first column first. The columns of the array `id` (by default none) come
 * first, then `name`: the column that the value is from, then `value`. Values are of one type; i64 and
 * f64 meet as f64, any other difference is code "type". Codes: "notfound"; "exists" when two columns
 * would have one name. */
int br_bind_frame_melt(lua_State *L)
{
  static const char *const known[] = {"id", "columns", "name", "value", NULL};
  br_err err;
  br_frame *made = NULL;
  br_melt spec = {0};
  const br_frame *frame = br_bind_check(L, 1, &br_bind_frame_type);
  luaL_checktype(L, 2, LUA_TTABLE);
  br_bind_known_fields(L, 2, known);
  spec.name = br_bind_field_string(L, 2, "name", "variable");
  spec.value = br_bind_field_string(L, 2, "value", "value");
  spec.ids = names_field(L, 2, "id", &spec.nids);
  spec.columns = names_field(L, 2, "columns", &spec.ncolumns);
  if (!spec.columns)
    spec.columns = other_names(L, frame, &spec, &spec.ncolumns);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_melt(&made, frame, &spec, &err);
  return br_bind_give(L, box, made, code, &err);
}

/* frame:sample(n, seed, replace) -> frame of n rows drawn at random, in the frame's order. seed: an
 * integer, by default 0; the same seed gives the same rows on every machine. replace: whether a row may
 * be drawn more than once, by default false. Raises for more rows than there are to draw. */
int br_bind_frame_sample(lua_State *L)
{
  br_err err;
  br_frame *made = NULL;
  const br_frame *frame = br_bind_check(L, 1, &br_bind_frame_type);
  lua_Integer n = luaL_checkinteger(L, 2);
  luaL_argcheck(L, n >= 0, 2, "a number of rows is not negative");
  br_sample spec = {.n = (size_t)n, .seed = (uint64_t)luaL_optinteger(L, 3, 0)};
  spec.replace = lua_toboolean(L, 4);
  void **box = br_bind_box(L, &br_bind_frame_type);
  br_code code = br_frame_sample(&made, frame, &spec, &err);
  return br_bind_give(L, box, made, code, &err);
}
