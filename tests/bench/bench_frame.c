/* Times of frame operations over a log of performance of many rows: 4,136 names, floats as they come.
 *
 * usage: bench_frame [ROWS [ROUNDS [MEASURE]]]      (by default 10,000,000, 3 and all)
 * Prints "name_Nt seconds" for each measure on 1 and on 2 threads: the best of the rounds. */
#include "base/clock.h"
#include "base/parallel.h"
#include "frame/group.h"
#include "stats/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 4136, FLOATS = 6 };

static br_err err;

static void must(br_code code)
{
  if (code == BR_OK)
    return;
  (void)fprintf(stderr, "bench_frame: %s\n", err.msg);
  exit(1);
}

/* Data. */

static uint64_t random_state = 20240607;

static uint64_t draw(void) /* xorshift64*: Marsaglia 2003, Vigna 2016 */
{
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return random_state * UINT64_C(2685821657736338717);
}

static double draw_float(void)
{
  double u = (double)(draw() >> 11) * 0x1p-53;
  double v = (double)(draw() >> 11) * 0x1p-53;
  return 0.5 + 2 * u * v;
}

static void add(br_frame *frame, const char *name, br_type type, void *cells, size_t n,
                br_dict *dict)
{
  br_column *column = NULL;
  br_column_parts parts = {.cells = cells, .len = n, .dict = dict};
  if (!cells)
    must(br_fail_nomem(&err));
  must(br_column_adopt(&column, type, &parts, &err));
  must(br_frame_set(frame, name, column, &err));
  br_column_release(column);
}

static void add_strings(br_frame *frame, const char *name, size_t n, size_t words)
{
  br_dict *dict = NULL;
  uint32_t *codes = br_alloc(n * sizeof *codes);
  must(br_dict_new(&dict, &err));
  for (size_t i = 0; i < words; i++) {
    char text[32];
    uint32_t code = 0;
    int len = snprintf(text, sizeof text, "%s_%zu", name, i * 7919 % words);
    must(br_dict_intern(&dict, text, (size_t)len, &code, &err));
  }
  for (size_t i = 0; codes && i < n; i++)
    codes[i] = (uint32_t)(i < words ? i : draw() % words);
  add(frame, name, BR_STR, codes, n, dict);
}

static void add_floats(br_frame *frame, const char *name, size_t n)
{
  double *cells = br_alloc(n * sizeof *cells);
  for (size_t i = 0; cells && i < n; i++)
    cells[i] = draw_float();
  add(frame, name, BR_F64, cells, n, NULL);
}

static void add_wholes(br_frame *frame, const char *name, size_t n, uint64_t bound)
{
  int64_t *cells = br_alloc(n * sizeof *cells);
  for (size_t i = 0; cells && i < n; i++)
    cells[i] = (int64_t)(draw() % bound);
  add(frame, name, BR_I64, cells, n, NULL);
}

static br_frame *new_log(size_t n)
{
  static const char *const floats[FLOATS] = {
      "speedup",           "abs_latency",    "compilation_latency",
      "compression_ratio", "eager_peak_mem", "dynamo_peak_mem"};
  br_frame *frame = NULL;
  must(br_frame_new(&frame, &err));
  add_strings(frame, "dev", n, 2);
  add_strings(frame, "name", n, NAMES);
  add_wholes(frame, "batch_size", n, 64);
  for (size_t i = 0; i < FLOATS; i++)
    add_floats(frame, floats[i], n);
  add_strings(frame, "suite", n, 3);
  add_strings(frame, "compiler", n, 11);
  add_wholes(frame, "graph_breaks", n, 40);
  add_wholes(frame, "calls_captured", n, 5000);
  return frame;
}

/* Every row has keys of its own; both sides hold the same ones, each in an order of its own. */
static br_frame *new_side(size_t n, const char *value)
{
  int64_t *keys[3];
  br_frame *frame = NULL;
  uint32_t *order = br_alloc(n * sizeof *order);
  for (size_t k = 0; k < 3; k++)
    keys[k] = br_alloc(n * sizeof **keys);
  if (!order || !keys[0] || !keys[1] || !keys[2])
    must(br_fail_nomem(&err));
  for (size_t i = 0; order && i < n; i++) {
    size_t at = (size_t)(draw() % (i + 1));
    order[i] = order[at];
    order[at] = (uint32_t)i;
  }
  for (size_t i = 0; order && i < n; i++) {
    keys[0][i] = order[i] % 1000;
    keys[1][i] = order[i] / 1000 % 100;
    keys[2][i] = order[i] / 100000;
  }
  br_free(order);
  must(br_frame_new(&frame, &err));
  add(frame, "a", BR_I64, keys[0], n, NULL);
  add(frame, "b", BR_I64, keys[1], n, NULL);
  add(frame, "c", BR_I64, keys[2], n, NULL);
  add_floats(frame, value, n);
  return frame;
}

/* Work. */

struct data {
  br_frame *log;
  br_frame *left;
  br_frame *right;
};

typedef br_code (*job)(br_frame **out, const struct data *data);

static br_code group(br_frame **out, const struct data *data, const char *kernel, double q)
{
  static const char *const key = "name";
  br_kernel_args args = {.q = q};
  br_aggregate aggregate = {.column = "speedup", .name = "speedup", .context = &args};
  aggregate.reduce = br_kernel_find(kernel)->run;
  br_grouping spec = {&key, 1, &aggregate, 1};
  return br_frame_group_by(out, data->log, &spec, &err);
}

static br_code group_geomean(br_frame **out, const struct data *data)
{
  return group(out, data, "geomean", 0);
}

static br_code group_p95(br_frame **out, const struct data *data)
{
  return group(out, data, "quantile", 0.95);
}

static br_code group_five(br_frame **out, const struct data *data)
{
  static const char *const keys[] = {"suite", "compiler"};
  static const char *const kernels[] = {"mean", "min", "max", "stddev", "count"};
  br_aggregate aggregates[5] = {{0}};
  for (size_t i = 0; i < 5; i++) {
    aggregates[i] = (br_aggregate){.column = "abs_latency", .name = kernels[i]};
    aggregates[i].reduce = br_kernel_find(kernels[i])->run;
  }
  br_grouping spec = {keys, 2, aggregates, 5};
  return br_frame_group_by(out, data->log, &spec, &err);
}

static br_code pivot_mean(br_frame **out, const struct data *data)
{
  static const char *const index = "name";
  br_pivot spec = {.index = &index, .nindex = 1, .columns = "compiler", .values = "speedup"};
  spec.reduce = br_kernel_find("mean")->run;
  return br_frame_pivot(out, data->log, &spec, &err);
}

static br_code sort_frame(br_frame **out, const struct data *data)
{
  br_sort_key key = {"speedup", false};
  return br_frame_sort(out, data->log, &key, 1, &err);
}

static br_code sort_three(br_frame **out, const struct data *data)
{
  br_sort_key keys[] = {{"suite", false}, {"name", true}, {"abs_latency", false}};
  return br_frame_sort(out, data->log, keys, 3, &err);
}

static br_code join(br_frame **out, const struct data *data)
{
  static const char *const keys[] = {"a", "b", "c"};
  br_join spec = {.keys = keys, .nkeys = 3, .suffix = "_right"};
  return br_frame_join(out, data->left, data->right, &spec, &err);
}

static br_code filter(br_frame **out, const struct data *data)
{
  br_cell limit = {.type = BR_F64, .f64 = 0.95};
  return br_frame_filter(out, data->log, "speedup", BR_LT, &limit, &err);
}

static const struct measure {
  const char *name;
  job run;
} measures[] = {
    {"group_geomean", group_geomean}, {"group_p95", group_p95},   {"group_five", group_five},
    {"pivot_mean", pivot_mean},       {"sort_frame", sort_frame}, {"sort_three_keys", sort_three},
    {"join_three_keys", join},        {"filter", filter},
};

static double best_of(job run, const struct data *data, size_t rounds)
{
  double best = 0;
  for (size_t i = 0; i < rounds; i++) {
    br_frame *made = NULL;
    double start = br_clock_monotonic();
    must(run(&made, data));
    double took = br_clock_monotonic() - start;
    br_frame_free(made);
    best = i == 0 || took < best ? took : best;
  }
  return best;
}

int main(int argc, char **argv)
{
  size_t rows = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000000;
  size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 3;
  struct data data = {new_log(rows), new_side(rows, "x"), new_side(rows, "y")};
  for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
    if (argc > 3 && strcmp(argv[3], measures[i].name) != 0)
      continue;
    for (size_t threads = 1; threads <= 2; threads++) {
      br_parallel_set_threads(threads);
      printf("%s_%zut %.4f\n", measures[i].name, threads, best_of(measures[i].run, &data, rounds));
      (void)fflush(stdout);
    }
  }
  br_frame_free(data.log);
  br_frame_free(data.left);
  br_frame_free(data.right);
  return 0;
}
