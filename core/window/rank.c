/* Ranks; see window.h. The frame's sort puts the rows in order, by group first; equal neighbours are
 * ties. */
#include "window/window_internal.h"

#include "base/vec.h"

struct ranking {
  const br_column *column;
  const br_window_groups *groups;
  const br_column *order; /* rows, sorted */
  br_ties ties;
  br_target target;
};

static br_code whole_column(br_column **out, const size_t *number, size_t n, br_err *err)
{
  br_column_parts parts = {.len = n};
  int64_t *cells = br_calloc(n, sizeof *cells);
  if (!cells)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++)
    cells[i] = (int64_t)(number ? number[i] : i);
  parts.cells = cells;
  br_code code = br_column_adopt(out, BR_I64, &parts, err);
  if (code != BR_OK)
    br_free(cells);
  return code;
}

static br_code add_whole(br_frame *to, const char *name, const size_t *number, size_t n,
                         br_err *err)
{
  br_column *column = NULL;
  BR_TRY(whole_column(&column, number, n, err));
  br_code code = br_frame_set(to, name, column, err);
  br_column_release(column);
  return code;
}

static br_code list(br_frame *to, br_column *column, const br_window_groups *groups, br_err *err)
{
  size_t n = br_column_len(column);
  BR_TRY(br_frame_set(to, "x", column, err));
  BR_TRY(add_whole(to, "row", NULL, n, err));
  return groups ? add_whole(to, "group", groups->id, n, err) : BR_OK;
}

static br_code sort(br_frame **out, br_column *column, const br_window_groups *groups,
                    bool descending, br_err *err)
{
  const br_sort_key keys[] = {{"group", false}, {"x", descending}};
  br_frame *frame = NULL;
  BR_TRY(br_frame_new(&frame, err));
  br_code code = list(frame, column, groups, err);
  if (code == BR_OK)
    code = br_frame_sort(out, frame, groups ? keys : keys + 1, groups ? 2 : 1, err);
  br_frame_free(frame);
  return code;
}

static size_t row_at(const struct ranking *r, size_t i)
{
  return (size_t)br_column_i64(r->order, i);
}

/* The end of the ties, or of the group where `ties` is false, that begin at i. */
static size_t run_end(const struct ranking *r, size_t i, bool ties)
{
  size_t n = br_column_len(r->order), row = row_at(r, i), end = i + 1;
  for (; end < n; end++) {
    size_t other = row_at(r, end);
    if (r->groups && r->groups->id[other] != r->groups->id[row])
      break;
    if (ties && br_column_compare(r->column, row, r->column, other) != 0)
      break;
  }
  return end;
}

/* Rows first … end - 1 of the order are ties; ranks count from `start`, ties so far are `before`. */
static void rank_ties(struct ranking *r, size_t first, size_t end, size_t start, size_t before)
{
  for (size_t i = first; i < end; i++) {
    size_t row = row_at(r, i), least = first - start + 1, most = end - start;
    const size_t ranks[] = {
        [BR_TIES_MIN] = least,
        [BR_TIES_MAX] = most,
        [BR_TIES_DENSE] = before + 1,
        [BR_TIES_FIRST] = i - start + 1,
    };
    if (br_column_is_null(r->column, row))
      continue;
    if (r->ties == BR_TIES_AVERAGE)
      br_target_f64(&r->target, row, ((double)least + (double)most) / 2);
    else
      br_target_i64(&r->target, row, (int64_t)ranks[r->ties]);
  }
}

static void rank_all(struct ranking *r)
{
  size_t n = br_column_len(r->order);
  for (size_t start = 0, end; start < n; start = end) {
    end = run_end(r, start, false);
    size_t before = 0;
    for (size_t first = start, next; first < end; first = next, before++) {
      next = run_end(r, first, true);
      rank_ties(r, first, next, start, before);
    }
  }
}

static br_code rank_sorted(br_column **out, struct ranking *r, const br_frame *sorted, br_err *err)
{
  size_t at = 0;
  BR_TRY(br_frame_find(sorted, "row", &at, err));
  r->order = br_frame_column(sorted, at);
  br_type type = r->ties == BR_TIES_AVERAGE ? BR_F64 : BR_I64;
  BR_TRY(br_target_start(&r->target, type, br_column_len(r->column), err));
  rank_all(r);
  return br_target_give(out, &r->target, BR_OK, err);
}

br_code br_window_rank(br_column **out, br_column *column, const br_window_groups *groups,
                       br_ties ties, bool descending, br_err *err)
{
  struct ranking r = {.column = column, .groups = groups, .ties = ties};
  br_frame *sorted = NULL;
  if (groups && groups->nrow != br_column_len(column))
    return br_fail(err, BR_EINVAL, "the groups are of %zu rows, the column has %zu", groups->nrow,
                   br_column_len(column));
  BR_TRY(sort(&sorted, column, groups, descending, err));
  br_code code = rank_sorted(out, &r, sorted, err);
  br_frame_free(sorted);
  return code;
}
