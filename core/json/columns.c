/* Columns by name, found fast where objects have their keys in the same order; see json_internal.h. */
#include "json/json_internal.h"

#include "base/vec.h"

#include <string.h>

void br_json_columns_clear(br_json_columns *c)
{
  size_t n = br_json_columns_len(c);
  for (size_t i = 0; i < n; i++)
    br_mixed_clear(&c->columns[i]);
  br_free(c->columns);
  br_dict_release(c->names);
  *c = (br_json_columns){0};
}

size_t br_json_columns_len(const br_json_columns *c)
{
  return c->names ? br_dict_len(c->names) : 0;
}

static bool is_named(const br_json_columns *c, size_t column, const char *name, size_t len)
{
  size_t n = 0;
  const char *other = br_dict_str(c->names, (uint32_t)column, &n);
  return n == len && memcmp(name, other, len) == 0;
}

static br_code add(br_json_columns *c, const char *name, size_t len, uint32_t *code, br_err *err)
{
  size_t n = br_json_columns_len(c);
  if (memchr(name, '\0', len))
    return br_fail(err, BR_EPARSE, "a column's name holds no NUL");
  if (!c->names)
    BR_TRY(br_dict_new(&c->names, err));
  BR_TRY(br_vec_reserve(&c->columns, &c->cap, n + 1, err));
  c->columns[n] = (br_mixed){.source = c->source};
  return br_dict_intern(&c->names, name, len, code, err);
}

br_code br_json_columns_find(size_t *out, br_json_columns *c, const char *name, size_t len,
                             br_err *err)
{
  uint32_t code = (uint32_t)c->next;
  size_t n = br_json_columns_len(c);
  bool found =
      n > 0 && (is_named(c, c->next, name, len) || br_dict_find(c->names, name, len, &code));
  if (!found)
    BR_TRY(add(c, name, len, &code, err));
  *out = code;
  c->next = code + 1 < br_json_columns_len(c) ? code + 1 : 0;
  return BR_OK;
}

br_code br_json_columns_pad(br_json_columns *c, size_t column, size_t row, br_err *err)
{
  while (c->columns[column].len < row)
    BR_TRY(br_mixed_null(&c->columns[column], err));
  return BR_OK;
}

static br_code add_column(br_frame *to, br_json_columns *c, size_t i, size_t nrow, br_err *err)
{
  br_column *column = NULL;
  BR_TRY(br_json_columns_pad(c, i, nrow, err));
  BR_TRY(br_mixed_column(&column, &c->columns[i], err));
  br_mixed_clear(&c->columns[i]);
  br_code code = br_frame_set(to, br_dict_str(c->names, (uint32_t)i, NULL), column, err);
  br_column_release(column);
  return code;
}

br_code br_json_columns_frame(br_frame **out, br_json_columns *c, size_t nrow, br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_new(&made, err));
  br_code code = BR_OK;
  size_t n = br_json_columns_len(c);
  for (size_t i = 0; i < n && code == BR_OK; i++)
    code = add_column(made, c, i, nrow, err);
  if (code == BR_OK)
    *out = made;
  else
    br_frame_free(made);
  return code;
}
