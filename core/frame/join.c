/* Joins; see frame.h.
 *
 * The keys of both sides are numbered together, the right rows put into a bucket a number; each
 * left row then meets the bucket of its number. Right rows with a null key go into one more bucket,
 * never met. */
#include "frame/frame_internal.h"
#include "frame/ids.h"

#include "base/str.h"
#include "base/vec.h"
#include "frame/text.h"

#include <string.h>

struct join {
  const br_frame *left;
  const br_frame *right;
  const br_join *spec;
  br_column **left_keys; /* borrowed columns in owned arrays */
  br_column **right_keys;
  br_ids ids;
  br_buckets buckets; /* of right rows */
  size_t *left_rows;  /* of the result, n of them */
  size_t *right_rows;
  size_t n;
};

static void clear(struct join *j)
{
  br_free(j->left_keys);
  br_free(j->right_keys);
  br_ids_clear(&j->ids);
  br_buckets_clear(&j->buckets);
  br_free(j->left_rows);
  br_free(j->right_rows);
}

static br_code check_types(const struct join *j, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  for (size_t i = 0; i < j->spec->nkeys; i++) {
    br_type left = br_column_type(j->left_keys[i]);
    br_type right = br_column_type(j->right_keys[i]);
    if (left != right)
      return br_fail(err, BR_ETYPE, "key '%s' is %s on the left and %s on the right; cast one",
                     br_shown(shown, j->spec->keys[i], strlen(j->spec->keys[i])),
                     br_type_name(left), br_type_name(right));
  }
  return BR_OK;
}

static bool has_null(br_column *const *columns, size_t n, size_t row)
{
  for (size_t i = 0; i < n; i++) {
    if (br_column_is_null(columns[i], row))
      return true;
  }
  return false;
}

static br_code number_rows(struct join *j, br_err *err)
{
  size_t nleft = br_frame_nrow(j->left);
  size_t nright = br_frame_nrow(j->right);
  br_keys left = {j->left_keys, nleft};
  br_keys right = {j->right_keys, nright};
  BR_TRY(br_ids_make(&j->ids, &left, &right, j->spec->nkeys, err));
  for (size_t row = 0; row < nright; row++) {
    if (has_null(j->right_keys, j->spec->nkeys, row))
      j->ids.id[nleft + row] = j->ids.count;
  }
  return br_buckets_make(&j->buckets, j->ids.id + nleft, nright, j->ids.count + 1, err);
}

/* The bucket that a left row meets: *n right rows. */
static const size_t *meet(const struct join *j, size_t row, size_t *n)
{
  size_t id = j->ids.id[row];
  const size_t *start = j->buckets.start;
  *n = has_null(j->left_keys, j->spec->nkeys, row) ? 0 : start[id + 1] - start[id];
  return j->buckets.row + start[id];
}

static size_t count_rows(const struct join *j)
{
  size_t total = 0;
  size_t nleft = br_frame_nrow(j->left);
  for (size_t row = 0; row < nleft; row++) {
    size_t n = 0;
    (void)meet(j, row, &n);
    total += n == 0 && j->spec->kind == BR_JOIN_LEFT ? 1 : n;
  }
  return total;
}

static void emit(struct join *j, size_t left, size_t right)
{
  j->left_rows[j->n] = left;
  j->right_rows[j->n++] = right;
}

static br_code list_rows(struct join *j, br_err *err)
{
  size_t total = count_rows(j);
  j->left_rows = br_realloc(NULL, total, sizeof *j->left_rows);
  j->right_rows = br_realloc(NULL, total, sizeof *j->right_rows);
  if (!j->left_rows || !j->right_rows)
    return br_fail_nomem(err);
  size_t nleft = br_frame_nrow(j->left);
  for (size_t row = 0; row < nleft; row++) {
    size_t n = 0;
    const size_t *bucket = meet(j, row, &n);
    for (size_t i = 0; i < n; i++)
      emit(j, row, bucket[i]);
    if (n == 0 && j->spec->kind == BR_JOIN_LEFT)
      emit(j, row, BR_COLUMN_NULL_ROW);
  }
  return BR_OK;
}

static bool is_key(const struct join *j, const char *name)
{
  for (size_t i = 0; i < j->spec->nkeys; i++) {
    if (strcmp(j->spec->keys[i], name) == 0)
      return true;
  }
  return false;
}

static br_code add_suffixed(br_frame *to, const char *name, const char *suffix, br_column *column,
                            br_err *err)
{
  br_str text = {0};
  br_code code = br_str_addz(&text, name, err);
  if (code == BR_OK)
    code = br_str_addz(&text, suffix, err);
  if (code == BR_OK)
    code = br_frame_add(to, text.data, column, err);
  br_str_clear(&text);
  return code;
}

static br_code add_right(br_frame *to, const struct join *j, size_t at, br_err *err)
{
  br_column *column = NULL;
  const char *name = br_frame_name(j->right, at);
  BR_TRY(br_column_take(&column, br_frame_column(j->right, at), j->right_rows, j->n, err));
  br_code code = br_frame_has(j->left, name) ? add_suffixed(to, name, j->spec->suffix, column, err)
                                             : br_frame_add(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code build(br_frame **out, const struct join *j, br_err *err)
{
  br_frame *made = NULL;
  BR_TRY(br_frame_take(&made, j->left, j->left_rows, j->n, err));
  br_code code = BR_OK;
  size_t ncol = br_frame_ncol(j->right);
  for (size_t i = 0; i < ncol && code == BR_OK; i++) {
    if (!is_key(j, br_frame_name(j->right, i)))
      code = add_right(made, j, i, err);
  }
  return br_frame_give(out, made, code);
}

static br_code prepare(struct join *j, br_err *err)
{
  const br_join *spec = j->spec;
  BR_TRY(br_frame_pick(&j->left_keys, j->left, spec->keys, spec->nkeys, err));
  BR_TRY(br_frame_pick(&j->right_keys, j->right, spec->keys, spec->nkeys, err));
  BR_TRY(check_types(j, err));
  BR_TRY(number_rows(j, err));
  return list_rows(j, err);
}

br_code br_frame_join(br_frame **out, const br_frame *left, const br_frame *right,
                      const br_join *spec, br_err *err)
{
  struct join j = {.left = left, .right = right, .spec = spec};
  br_code code = prepare(&j, err);
  if (code == BR_OK)
    code = build(out, &j, err);
  clear(&j);
  return code;
}
