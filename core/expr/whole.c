/* Functions over all rows: statistics, which give one value for all, and running ones. Nulls are left
 * out of statistics; a running function leaves them null and goes on behind them. */
#include "expr/functions.h"

#include "base/vec.h"
#include "stats/kernel.h"
#include "stats/sum.h"

#include <math.h>
#include <string.h>

/* Statistics. */

struct statistic {
  const br_kernel *kernel;
  br_kernel_args args;
};

static br_code one_f64(br_column **out, double value, br_err *err)
{
  br_column *made = NULL;
  BR_TRY(br_column_new(&made, BR_F64, err));
  br_code code = br_column_push_f64(made, value, err);
  if (code == BR_OK)
    *out = made;
  else
    br_column_release(made);
  return code;
}

static br_code run_kernel(br_column **out, const struct statistic *statistic, const double *x,
                          size_t n, br_err *err)
{
  double value = 0;
  BR_TRY(statistic->kernel->run(x, n, &statistic->args, &value, err));
  return one_f64(out, value, err);
}

static br_code run_statistic(br_column **out, br_column *x, const br_expr_node *node, br_err *err)
{
  size_t rows = br_column_len(x);
  size_t n = 0;
  if (br_column_type(x) == BR_F64 && br_column_null_count(x) == 0)
    return run_kernel(out, node->param, br_column_f64_data(x), rows, err);
  double *data = br_realloc(NULL, rows, sizeof *data);
  if (!data)
    return br_fail_nomem(err);
  for (size_t row = 0; row < rows; row++)
    if (!br_column_is_null(x, row))
      data[n++] = br_column_number(x, row);
  br_code code = run_kernel(out, node->param, data, n, err);
  br_free(data);
  return code;
}

static const br_expr_whole statistic_whole = {"statistic", run_statistic};

static br_code want_numbers(br_expr *e, const br_expr_site *site, br_err *err)
{
  br_xtype type = br_expr_at(e, site->args[0])->type;
  if (type == BR_X_I64 || type == BR_X_BOOL)
    return BR_OK;
  return br_expr_want(e, site, 0, BR_X_F64, err);
}

static br_code build_statistic(br_expr *e, const br_expr_site *site, double q, br_expr_ref *out,
                               br_err *err)
{
  br_expr_site own = *site;
  struct statistic *statistic = br_expr_arena_take(&e->arena, sizeof *statistic);
  if (!statistic)
    return br_fail_nomem(err);
  *statistic = (struct statistic){br_kernel_find(site->name), {.q = q}};
  own.param = statistic;
  BR_TRY(want_numbers(e, &own, err));
  return br_expr_call_whole(e, &statistic_whole, BR_X_F64, &own, out, err);
}

br_code br_expr_build_kernel(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  if (site->nargs != 1)
    return br_expr_fail(&e->program, site->at, BR_EPARSE, err, "call it as %s(x)", site->name);
  return build_statistic(e, site, 0.5, out, err);
}

static br_code build_quantile(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                              br_expr_ref *out, br_err *err)
{
  br_expr_value q;
  (void)def;
  BR_TRY(br_expr_option(e, site, 1, BR_X_F64, &q, err));
  if (!(q.f64 >= 0 && q.f64 <= 1))
    return br_expr_fail(&e->program, site->at, BR_EPARSE, err,
                        "quantile: q is between 0 and 1, not %g", q.f64);
  return build_statistic(e, site, q.f64, out, err);
}

/* count(x): of values of any type. */
static br_code run_count(br_column **out, br_column *x, const br_expr_node *node, br_err *err)
{
  (void)node;
  return one_f64(out, (double)(br_column_len(x) - br_column_null_count(x)), err);
}

static const br_expr_whole count_whole = {"count", run_count};

static br_code build_count(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                           br_expr_ref *out, br_err *err)
{
  (void)def;
  return br_expr_call_whole(e, &count_whole, BR_X_F64, site, out, err);
}

/* Least and largest of an i64 or a timestamp: exact, and of its type. No value: null. */
static br_code run_extreme(br_column **out, br_column *x, const br_expr_node *node, br_err *err)
{
  const bool *largest = node->param;
  size_t best = BR_COLUMN_NULL_ROW;
  const int64_t *cells = br_column_cells(x);
  size_t rows = br_column_len(x);
  for (size_t row = 0; row < rows; row++) {
    if (br_column_is_null(x, row))
      continue;
    if (best == BR_COLUMN_NULL_ROW ||
        (*largest ? cells[row] > cells[best] : cells[row] < cells[best]))
      best = row;
  }
  return br_column_take(out, x, &best, 1, err);
}

static const br_expr_whole extreme_whole = {"extreme", run_extreme};

br_code br_expr_build_extreme(br_expr *e, const br_expr_site *site, br_expr_ref *out, br_err *err)
{
  static const bool no = false, yes = true;
  br_expr_site own = *site;
  br_xtype type = br_expr_at(e, site->args[0])->type;
  if (type != BR_X_I64 && type != BR_X_TIME)
    return build_statistic(e, site, 0.5, out, err);
  own.param = strcmp(site->name, "max") == 0 ? &yes : &no;
  return br_expr_call_whole(e, &extreme_whole, type, &own, out, err);
}

/* Moving rows. */

static br_code run_shift(br_column **out, br_column *x, const br_expr_node *node, br_err *err)
{
  const int64_t *by = node->param;
  size_t n = br_column_len(x);
  size_t *rows = br_realloc(NULL, n, sizeof *rows);
  if (!rows)
    return br_fail_nomem(err);
  for (size_t row = 0; row < n; row++) {
    size_t from = *by >= 0 ? row - (size_t)*by : row + (size_t) - *by;
    bool before = *by >= 0 && (size_t)*by > row;
    rows[row] = before || from >= n ? BR_COLUMN_NULL_ROW : from;
  }
  br_code code = br_column_take(out, x, rows, n, err);
  br_free(rows);
  return code;
}

static const br_expr_whole shift_whole = {"shift", run_shift};

static br_code build_shift(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                           br_expr_ref *out, br_err *err)
{
  br_expr_value by = {.i64 = 1};
  br_expr_site own = *site;
  (void)def;
  if (site->nargs == 2)
    BR_TRY(br_expr_option(e, site, 1, BR_X_I64, &by, err));
  if (by.i64 < -(INT64_C(1) << 53) || by.i64 > INT64_C(1) << 53)
    return br_expr_fail(&e->program, site->at, BR_EPARSE, err, "can't shift so far");
  int64_t *param = br_expr_arena_take(&e->arena, sizeof *param);
  if (!param)
    return br_fail_nomem(err);
  *param = by.i64;
  own.param = param;
  if (br_expr_at(e, site->args[0])->type == BR_X_NIL)
    BR_TRY(br_expr_want(e, site, 0, BR_X_F64, err));
  return br_expr_call_whole(e, &shift_whole, br_expr_at(e, site->args[0])->type, &own, out, err);
}

static br_code build_diff(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                          br_expr_ref *out, br_err *err)
{
  br_expr_ref pair[2] = {site->args[0], 0};
  BR_TRY(build_shift(e, site, def, &pair[1], err));
  return br_expr_binary(e, "-", site->at, pair, out, err);
}

/* Running functions. */

struct state {
  br_sum sum;
  double f64;
  int64_t i64;
  bool any;
};

/* The next value of a running function; false where it does not fit. */
typedef double (*next_f64)(struct state *state, double x);
typedef bool (*next_i64)(struct state *state, int64_t x);

struct running {
  next_f64 of_f64;
  next_i64 of_i64;
  bool of_times;
};

static double sum_f64(struct state *state, double x)
{
  br_sum_add(&state->sum, x);
  return br_sum_value(&state->sum);
}

static double prod_f64(struct state *state, double x)
{
  state->f64 = state->any ? state->f64 * x : x;
  return state->f64;
}

static double max_f64(struct state *state, double x)
{
  if (!state->any || x > state->f64 || isnan(x))
    state->f64 = isnan(state->f64) ? state->f64 : x;
  return state->f64;
}

static double min_f64(struct state *state, double x)
{
  if (!state->any || x < state->f64 || isnan(x))
    state->f64 = isnan(state->f64) ? state->f64 : x;
  return state->f64;
}

static bool sum_i64(struct state *state, int64_t x)
{
  return !__builtin_add_overflow(state->i64, x, &state->i64);
}

static bool prod_i64(struct state *state, int64_t x)
{
  return !__builtin_mul_overflow(state->any ? state->i64 : 1, x, &state->i64);
}

static bool max_i64(struct state *state, int64_t x)
{
  if (!state->any || x > state->i64)
    state->i64 = x;
  return true;
}

static bool min_i64(struct state *state, int64_t x)
{
  if (!state->any || x < state->i64)
    state->i64 = x;
  return true;
}

static void run_f64(double *to, const br_column *x, next_f64 next)
{
  struct state state = {.f64 = 0};
  const double *cells = br_column_cells(x);
  size_t n = br_column_len(x);
  for (size_t row = 0; row < n; row++) {
    to[row] = (double)NAN;
    if (br_column_is_null(x, row))
      continue;
    to[row] = next(&state, cells[row]);
    state.any = true;
  }
}

static br_code run_i64(int64_t *to, const br_column *x, next_i64 next, br_err *err)
{
  struct state state = {.i64 = 0};
  const int64_t *cells = br_column_cells(x);
  size_t n = br_column_len(x);
  for (size_t row = 0; row < n; row++) {
    to[row] = 0;
    if (br_column_is_null(x, row))
      continue;
    if (!next(&state, cells[row]))
      return br_fail(err, BR_ERANGE,
                     "row %zu: the result does not fit an i64; float(x) makes an f64", row + 1);
    to[row] = state.i64;
    state.any = true;
  }
  return BR_OK;
}

static br_code copy_validity(br_column_parts *parts, const br_column *x, br_err *err)
{
  const unsigned char *bits = br_column_validity(x);
  parts->nulls = br_column_null_count(x);
  if (!bits || parts->nulls == 0)
    return BR_OK;
  parts->valid = br_calloc(parts->len / 8 + 1, 1);
  if (!parts->valid)
    return br_fail_nomem(err);
  memcpy(parts->valid, bits, (parts->len + 7) / 8);
  return BR_OK;
}

static br_code run_running(br_column **out, br_column *x, const br_expr_node *node, br_err *err)
{
  const struct running *running = node->param;
  br_column_parts parts = {.len = br_column_len(x)};
  br_type type = br_column_type(x);
  parts.cells = br_realloc(NULL, parts.len, sizeof(int64_t));
  if (!parts.cells)
    return br_fail_nomem(err);
  br_code code = copy_validity(&parts, x, err);
  if (code == BR_OK && type == BR_F64)
    run_f64(parts.cells, x, running->of_f64);
  else if (code == BR_OK)
    code = run_i64(parts.cells, x, running->of_i64, err);
  if (code == BR_OK)
    code = br_column_adopt(out, type, &parts, err);
  if (code != BR_OK) {
    br_free(parts.cells);
    br_free(parts.valid);
  }
  return code;
}

static const br_expr_whole running_whole = {"running", run_running};
static const struct running running_sum = {sum_f64, sum_i64, false};
static const struct running running_prod = {prod_f64, prod_i64, false};
static const struct running running_max = {max_f64, max_i64, true};
static const struct running running_min = {min_f64, min_i64, true};

static br_code build_running(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                             br_expr_ref *out, br_err *err)
{
  const struct running *running = def->what;
  br_expr_site own = *site;
  br_xtype type = br_expr_at(e, site->args[0])->type;
  if (type == BR_X_BOOL) {
    BR_TRY(br_expr_cast(e, &site->args[0], BR_X_I64, err));
    type = BR_X_I64;
  }
  if (type != BR_X_I64 && !(type == BR_X_TIME && running->of_times)) {
    BR_TRY(br_expr_want(e, site, 0, BR_X_F64, err));
    type = BR_X_F64;
  }
  own.param = running;
  return br_expr_call_whole(e, &running_whole, type, &own, out, err);
}

/* Ranks: the rows are sorted together with their numbers. */

static br_code row_numbers(br_column **out, size_t n, br_err *err)
{
  br_column_parts parts = {.len = n};
  int64_t *cells = br_realloc(NULL, n, sizeof *cells);
  if (!cells)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++)
    cells[i] = (int64_t)i;
  parts.cells = cells;
  br_code code = br_column_adopt(out, BR_I64, &parts, err);
  if (code != BR_OK)
    br_free(cells);
  return code;
}

static br_code sort_rows(br_frame **out, br_column *x, br_err *err)
{
  br_frame *frame = NULL;
  br_column *rows = NULL;
  br_sort_key key = {"x", false};
  BR_TRY(row_numbers(&rows, br_column_len(x), err));
  br_code code = br_frame_new(&frame, err);
  if (code == BR_OK)
    code = br_frame_set(frame, "x", x, err);
  if (code == BR_OK)
    code = br_frame_set(frame, "row", rows, err);
  if (code == BR_OK)
    code = br_frame_sort(out, frame, &key, 1, err);
  br_frame_free(frame);
  br_column_release(rows);
  return code;
}

/* Equal cells share the mean of their places. values: rows that are no nulls, which come first. */
static void give_ranks(double *ranks, const br_frame *sorted, size_t values)
{
  const br_column *x = br_frame_column(sorted, 0);
  const int64_t *row = br_column_cells(br_frame_column(sorted, 1));
  for (size_t first = 0; first < values;) {
    size_t end = first + 1;
    while (end < values && br_column_compare(x, first, x, end) == 0)
      end++;
    for (size_t i = first; i < end; i++)
      ranks[row[i]] = ((double)first + 1 + (double)end) / 2;
    first = end;
  }
}

static br_code run_rank(br_column **out, br_column *x, const br_expr_node *node, br_err *err)
{
  br_frame *sorted = NULL;
  br_column_parts parts = {.len = br_column_len(x)};
  (void)node;
  double *ranks = br_realloc(NULL, parts.len, sizeof *ranks);
  if (!ranks)
    return br_fail_nomem(err);
  parts.cells = ranks;
  br_code code = copy_validity(&parts, x, err);
  if (code == BR_OK)
    code = sort_rows(&sorted, x, err);
  for (size_t i = 0; code == BR_OK && i < parts.len; i++)
    ranks[i] = (double)NAN;
  if (code == BR_OK) {
    give_ranks(ranks, sorted, parts.len - parts.nulls);
    code = br_column_adopt(out, BR_F64, &parts, err);
  }
  br_frame_free(sorted);
  if (code != BR_OK) {
    br_free(ranks);
    br_free(parts.valid);
  }
  return code;
}

static const br_expr_whole rank_whole = {"rank", run_rank};

static br_code build_rank(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                          br_expr_ref *out, br_err *err)
{
  (void)def;
  return br_expr_call_whole(e, &rank_whole, BR_X_F64, site, out, err);
}

/* Numbers of rows. */

static br_code build_row(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                         br_expr_ref *out, br_err *err)
{
  br_expr_node node = {.kind = BR_NODE_ROW, .type = BR_X_I64, .at = site->at};
  (void)def;
  return br_expr_add(e, &node, out, err);
}

static br_code build_n(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                       br_expr_ref *out, br_err *err)
{
  (void)def;
  return br_expr_integer(e, (int64_t)e->program.nrow, site->at, out, err);
}

static const br_expr_def defs[] = {
    {{"n", "()", "The number of rows."}, 0, 0, build_n, "", NULL},
    {{"row", "()", "The number of the row, from 1."}, 0, 0, build_row, "", NULL},
    {{"count", "(x)", "How many rows have a value in x, of any type."},
     1,
     1,
     build_count,
     "",
     NULL},
    {{"quantile", "(x, q)", "The value below which a share q of all rows lies."},
     2,
     2,
     build_quantile,
     "",
     NULL},
    {{"shift", "(x, n)",
      "x of n rows (1) before, of rows behind where negative; null past the ends."},
     1,
     2,
     build_shift,
     "",
     NULL},
    {{"diff", "(x, n)", "x minus x of n rows (1) before; seconds between timestamps."},
     1,
     2,
     build_diff,
     "",
     NULL},
    {{"cumsum", "(x)", "The sum of x up to this row; an i64 that does not fit is an error."},
     1,
     1,
     build_running,
     "",
     &running_sum},
    {{"cumprod", "(x)", "The product of x up to this row; an i64 that does not fit is an error."},
     1,
     1,
     build_running,
     "",
     &running_prod},
    {{"cummax", "(x)", "The largest x up to this row; NaN from the first NaN on."},
     1,
     1,
     build_running,
     "",
     &running_max},
    {{"cummin", "(x)", "The least x up to this row; NaN from the first NaN on."},
     1,
     1,
     build_running,
     "",
     &running_min},
    {{"rank", "(x)",
      "The place of x among all rows in ascending order, from 1; equal ones share the mean of "
      "their "
      "places, NaN are last."},
     1,
     1,
     build_rank,
     "",
     NULL},
};
const br_expr_list br_expr_of_columns = {defs, sizeof defs / sizeof *defs};
