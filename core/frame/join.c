/* Joins; see frame.h. Which rows agree is found by frame/match.h; what is here lists the rows of the result
 * and takes them. A right join is a left join with the sides swapped, whose columns are then put in the
 * order of all other kinds. */
#include "frame/frame_internal.h"
#include "frame/rows.h"

#include "base/interrupt.h"
#include "base/str.h"
#include "base/vec.h"
#include "frame/column_internal.h"
#include "frame/compute.h"
#include "frame/concat_internal.h"
#include "frame/match.h"
#include "frame/text.h"

#include <string.h>

struct join {
  const br_frame *left;
  const br_frame *right;
  const br_join *spec;
  const char *const *right_names; /* of the keys */
  br_column **left_keys;          /* borrowed columns in owned arrays */
  br_column **right_keys;
  br_column *
      *blank;     /* of each key: what stands for one of nulls only, of the other's type; or NULL */
  br_match match; /* of the side whose rows lead the result: left, but for RIGHT */
  size_t nlead;   /* its rows */
  size_t *place;  /* of each task: where its rows of the result go */
  size_t n;       /* rows of the result */
  bool is_same;   /* the result has the leading rows once each, in order: they need no list */
  uint32_t *lead; /* of each row of the result */
  uint32_t *other;
};

static void clear(struct join *j)
{
  for (size_t i = 0; j->blank && i < j->spec->nkeys; i++)
    br_column_release(j->blank[i]);
  br_free(j->blank);
  br_free(j->left_keys);
  br_free(j->right_keys);
  br_match_clear(&j->match);
  br_free(j->place);
  br_free(j->lead);
  br_free(j->other);
}

static bool is_number(br_type type)
{
  return type == BR_F64 || type == BR_I64;
}

static bool can_meet(br_type left, br_type right)
{
  return left == right || (is_number(left) && is_number(right));
}

/* A key of nulls only, or of no rows, has the other's type. */
static br_code replace_blanks(struct join *j, br_err *err)
{
  j->blank = br_calloc(j->spec->nkeys, sizeof(br_column *));
  if (!j->blank)
    return br_fail_nomem(err);
  for (size_t i = 0; i < j->spec->nkeys; i++) {
    br_column **key = &j->left_keys[i];
    br_column **other = &j->right_keys[i];
    if (can_meet((*key)->type, (*other)->type))
      continue;
    if ((*key)->nulls < (*key)->len) {
      key = &j->right_keys[i];
      other = &j->left_keys[i];
    }
    if ((*key)->nulls < (*key)->len)
      continue;
    BR_TRY(br_column_nulls(&j->blank[i], (*other)->type, (*key)->len, err));
    *key = j->blank[i];
  }
  return BR_OK;
}

static br_code check_types(const struct join *j, br_err *err)
{
  char shown[BR_SHOWN_MAX];
  for (size_t i = 0; i < j->spec->nkeys; i++) {
    br_type left = br_column_type(j->left_keys[i]);
    br_type right = br_column_type(j->right_keys[i]);
    if (!can_meet(left, right))
      return br_fail(err, BR_ETYPE, "key '%s' is %s on the left and %s on the right; cast one",
                     br_shown(shown, j->spec->keys[i], strlen(j->spec->keys[i])),
                     br_type_name(left), br_type_name(right));
  }
  return BR_OK;
}

static br_code match_rows(struct join *j, br_err *err)
{
  const br_join *spec = j->spec;
  BR_TRY(br_frame_pick(&j->left_keys, j->left, spec->keys, spec->nkeys, err));
  BR_TRY(br_frame_pick(&j->right_keys, j->right, j->right_names, spec->nkeys, err));
  BR_TRY(replace_blanks(j, err));
  BR_TRY(check_types(j, err));
  br_keys left = {j->left_keys, br_frame_nrow(j->left)};
  br_keys right = {j->right_keys, br_frame_nrow(j->right)};
  bool swap = spec->kind == BR_JOIN_RIGHT;
  j->nlead = swap ? right.nrow : left.nrow;
  return br_match_make(&j->match, swap ? &right : &left, swap ? &left : &right, spec->nkeys, err);
}

/* Rows of the result. */

/* How many rows a leading row gives. */
static size_t rows_of(const struct join *j, size_t row)
{
  size_t n = j->match.count[row];
  switch (j->spec->kind) {
  case BR_JOIN_INNER:
    return n;
  case BR_JOIN_SEMI:
    return n > 0;
  case BR_JOIN_ANTI:
    return n == 0;
  default:
    return n ? n : 1;
  }
}

static br_code count_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct join *j = context;
  br_span span = br_chunk_span(task, j->nlead, br_chunk_rows());
  size_t total = 0;
  bool is_same = true;
  for (size_t row = span.first; row < span.end; row++) {
    size_t n = rows_of(j, row);
    total += n;
    is_same = is_same && n == 1;
  }
  j->place[2 * task] = total;
  j->place[2 * task + 1] = is_same;
  return BR_OK;
}

/* Counts become places. */
static void place_rows(struct join *j, size_t tasks)
{
  j->is_same = true;
  for (size_t task = 0; task < tasks; task++) {
    size_t here = j->place[2 * task];
    j->is_same = j->is_same && j->place[2 * task + 1];
    j->place[2 * task] = j->n;
    j->n += here;
  }
}

static br_code check_size(const struct join *j, br_err *err)
{
  double width = 2 * sizeof(uint32_t);
  for (size_t i = 0; i < br_frame_ncol(j->left); i++)
    width += (double)br_column_cell_size(br_column_type(br_frame_column(j->left, i)));
  for (size_t i = 0; i < br_frame_ncol(j->right); i++)
    width += (double)br_column_cell_size(br_column_type(br_frame_column(j->right, i)));
  if (j->n >= BR_NO_ROW)
    return br_fail(
        err, BR_ERANGE,
        "the join would make %zu rows, more than a frame can hold; join on more keys, or "
        "drop rows that agree",
        j->n);
  return br_chunk_check_memory("the join", j->n, width * (double)j->n, err);
}

static br_code list_task(void *context, size_t task, size_t worker, br_err *err)
{
  (void)worker;
  (void)err;
  const struct join *j = context;
  br_span span = br_chunk_span(task, j->nlead, br_chunk_rows());
  size_t at = j->place[2 * task];
  for (size_t row = span.first; row < span.end; row++) {
    size_t n = rows_of(j, row);
    const uint32_t *met = j->match.sorted + j->match.first[row];
    for (size_t i = 0; i < n; i++, at++) {
      if (j->lead)
        j->lead[at] = (uint32_t)row;
      if (j->other)
        j->other[at] = j->match.count[row] ? met[i] : BR_NO_ROW;
    }
  }
  return BR_OK;
}

/* Adds the rows of the other side that no row met. */
static br_code add_unmet(struct join *j, br_err *err)
{
  size_t nother = br_frame_nrow(j->right);
  unsigned char *is_met = br_calloc(nother, 1);
  if (!is_met)
    return br_fail_nomem(err);
  for (size_t i = 0; i < j->n; i++) {
    if (j->other[i] != BR_NO_ROW)
      is_met[j->other[i]] = 1;
  }
  for (size_t row = 0; row < nother; row++) {
    if (is_met[row])
      continue;
    j->lead[j->n] = BR_NO_ROW;
    j->other[j->n++] = (uint32_t)row;
  }
  br_free(is_met);
  return BR_OK;
}

static bool has_other(const struct join *j)
{
  return j->spec->kind != BR_JOIN_SEMI && j->spec->kind != BR_JOIN_ANTI;
}

/* Room for the rows of an outer join that are added behind, too. */
static br_code new_lists(struct join *j, br_err *err)
{
  bool is_outer = j->spec->kind == BR_JOIN_OUTER;
  size_t room = j->n + (is_outer ? br_frame_nrow(j->right) : 0);
  BR_TRY(br_chunk_check(room, err));
  j->is_same = j->is_same && !is_outer;
  if (!j->is_same)
    j->lead = br_chunk_alloc(room * sizeof *j->lead);
  if (!j->is_same && !j->lead)
    return br_fail_nomem(err);
  if (!has_other(j))
    return BR_OK;
  j->other = br_chunk_alloc(room * sizeof *j->other);
  return j->other ? BR_OK : br_fail_nomem(err);
}

static br_code list_rows(struct join *j, br_err *err)
{
  size_t tasks = br_chunk_count(j->nlead, br_chunk_rows());
  j->place = br_calloc(2 * tasks, sizeof *j->place);
  if (!j->place)
    return br_fail_nomem(err);
  BR_TRY(br_chunk_run(j->nlead, br_chunk_rows(), count_task, j, err));
  place_rows(j, tasks);
  BR_TRY(check_size(j, err));
  BR_TRY(new_lists(j, err));
  BR_TRY(br_chunk_run(j->nlead, br_chunk_rows(), list_task, j, err));
  br_match_clear(&j->match); /* room for the columns */
  return BR_OK;
}

/* Columns of the result. */

static bool is_among(const char *const *names, size_t n, const char *name)
{
  for (size_t i = 0; i < n; i++) {
    if (strcmp(names[i], name) == 0)
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

/* Columns of a side at the rows listed; all of its rows where there is no list. Ends in `columns`, one
 * reference each. */
static br_code take_side(br_column **columns, const br_frame *side, const uint32_t *rows, size_t n,
                         br_err *err)
{
  size_t ncol = br_frame_ncol(side);
  if (rows)
    return br_rows_take(columns, side->columns, ncol, (br_rows){rows, n}, err);
  for (size_t i = 0; i < ncol; i++)
    columns[i] = br_column_retain(side->columns[i]);
  return BR_OK;
}

static br_code add_left(br_frame *to, const struct join *j, const uint32_t *rows, br_err *err)
{
  size_t ncol = br_frame_ncol(j->left);
  br_column **columns = br_calloc(ncol, sizeof(br_column *));
  if (!columns)
    return br_fail_nomem(err);
  br_code code = take_side(columns, j->left, rows, j->n, err);
  bool is_taken = code == BR_OK;
  for (size_t i = 0; i < ncol && code == BR_OK; i++)
    code = br_frame_add(to, br_frame_name(j->left, i), columns[i], err);
  for (size_t i = 0; i < ncol && is_taken; i++)
    br_column_release(columns[i]);
  br_free(columns);
  return code;
}

static br_code add_taken(br_frame *to, const struct join *j, const size_t *at, size_t n,
                         br_column *const *columns, br_err *err)
{
  for (size_t i = 0; i < n; i++) {
    const char *name = br_frame_name(j->right, at[i]);
    if (br_frame_has(j->left, name))
      BR_TRY(add_suffixed(to, name, j->spec->suffix, columns[i], err));
    else
      BR_TRY(br_frame_add(to, name, columns[i], err));
  }
  return BR_OK;
}

/* The right's columns without the keys. at, columns: room for all of them. */
static br_code add_others(br_frame *to, const struct join *j, const uint32_t *rows, size_t *at,
                          br_column **columns, br_err *err)
{
  size_t n = 0;
  size_t ncol = br_frame_ncol(j->right);
  for (size_t i = 0; i < ncol; i++) {
    if (is_among(j->right_names, j->spec->nkeys, br_frame_name(j->right, i)))
      continue;
    at[n] = i;
    columns[n++] = j->right->columns[i];
  }
  br_column **taken = columns + ncol;
  if (rows)
    BR_TRY(br_rows_take(taken, columns, n, (br_rows){rows, j->n}, err));
  for (size_t i = 0; i < n && !rows; i++)
    taken[i] = br_column_retain(columns[i]);
  br_code code = add_taken(to, j, at, n, taken, err);
  for (size_t i = 0; i < n; i++)
    br_column_release(taken[i]);
  return code;
}

static br_code add_right(br_frame *to, const struct join *j, const uint32_t *rows, br_err *err)
{
  size_t ncol = br_frame_ncol(j->right);
  size_t *at = br_calloc(ncol, sizeof *at);
  br_column **columns = br_calloc(2 * ncol, sizeof(br_column *));
  br_code code = BR_OK;
  if (!at || !columns)
    code = br_fail_nomem(err);
  else
    code = add_others(to, j, rows, at, columns, err);
  br_free(at);
  br_free(columns);
  return code;
}

/* The type of a key column with cells of both sides. */
static br_type common_type(const struct join *j, size_t i)
{
  br_type left = br_column_type(j->left_keys[i]);
  return left == br_column_type(j->right_keys[i]) ? left : BR_F64;
}

/* The key of the right side at the rows from nleft on; all of it where there is no list. */
static br_code take_right_key(br_column **out, const struct join *j, size_t i, size_t nleft,
                              const uint32_t *rows, br_err *err)
{
  br_rows from = {rows ? rows + nleft : NULL, j->n - nleft};
  if (rows)
    return br_rows_take_column(out, j->right_keys[i], from, err);
  *out = br_column_retain(j->right_keys[i]);
  return BR_OK;
}

/* Replaces a key column by one whose first nleft cells are the left's and whose others are the right's. */
static br_code set_key(br_frame *to, const struct join *j, size_t i, size_t nleft,
                       const uint32_t *right_rows, br_err *err)
{
  size_t at = 0;
  br_column *left = NULL;
  br_column *right = NULL;
  br_column *both = NULL;
  BR_TRY(br_frame_find(to, j->spec->keys[i], &at, err));
  BR_TRY(br_rows_slice(&left, to->columns[at], 0, nleft, err));
  br_code code = take_right_key(&right, j, i, nleft, right_rows, err);
  if (code == BR_OK)
    code = br_pieces_join(&both, common_type(j, i),
                          (br_piece[]){{left, nleft}, {right, j->n - nleft}}, 2, err);
  if (code == BR_OK)
    code = br_frame_set(to, j->spec->keys[i], both, err);
  br_column_release(left);
  br_column_release(right);
  br_column_release(both);
  return code;
}

/* Keys of rows that the left has no part in. */
static br_code set_keys(br_frame *to, const struct join *j, size_t nleft,
                        const uint32_t *right_rows, br_err *err)
{
  br_code code = BR_OK;
  for (size_t i = 0; i < j->spec->nkeys && code == BR_OK; i++)
    code = set_key(to, j, i, nleft, right_rows, err);
  return code;
}

static br_code fill(br_frame *to, struct join *j, br_err *err)
{
  bool swap = j->spec->kind == BR_JOIN_RIGHT;
  size_t nleft = swap ? 0 : j->n;
  if (j->spec->kind == BR_JOIN_OUTER)
    BR_TRY(add_unmet(j, err));
  BR_TRY(add_left(to, j, swap ? j->other : j->lead, err));
  if (swap || nleft < j->n)
    BR_TRY(set_keys(to, j, nleft, swap ? j->lead : j->other, err));
  if (!has_other(j))
    return BR_OK;
  return add_right(to, j, swap ? j->lead : j->other, err);
}

br_code br_frame_join(br_frame **out, const br_frame *left, const br_frame *right,
                      const br_join *spec, br_err *err)
{
  br_frame *made = NULL;
  struct join j = {.left = left, .right = right, .spec = spec};
  j.right_names = spec->right_keys ? spec->right_keys : spec->keys;
  br_code code = match_rows(&j, err);
  if (code == BR_OK)
    code = list_rows(&j, err);
  if (code == BR_OK)
    code = br_frame_new(&made, err);
  if (code == BR_OK)
    code = fill(made, &j, err);
  clear(&j);
  return br_frame_give(out, made, code);
}
