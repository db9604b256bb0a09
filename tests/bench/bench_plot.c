/* Time to draw 79 benchmarks × 4 compilers at the default size, in milliseconds: medians of ROUNDS
 * after one round that loads drivers and fonts. */
#include "base/clock.h"
#include "plot/plot.h"
#include "stats/order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BENCHMARKS 79
#define COMPILERS 4
#define ROUNDS 15

static char names[BENCHMARKS][48];
static const char *labels[BENCHMARKS];
static double values[COMPILERS][BENCHMARKS];

static void fill(void)
{
  static const char *const models[] = {"resnet18", "BERT_pytorch", "timm_efficientdet",
                                       "detectron2_fasterrcnn_r_101_c4"};
  for (size_t i = 0; i < BENCHMARKS; i++) {
    (void)snprintf(names[i], sizeof names[i], "%s_%zu", models[i % 4], i);
    labels[i] = names[i];
    for (size_t c = 0; c < COMPILERS; c++)
      values[c][i] = i % 23 == 5 && c == 2 ? NAN : 1 + (double)(c * (i * 7 % 13)) / 20;
  }
}

static double draw_once(br_plot_format format)
{
  const br_plot_series series[COMPILERS] = {{"eager", values[0], NULL, NULL},
                                            {"aot_eager", values[1], NULL, NULL},
                                            {"inductor", values[2], NULL, NULL},
                                            {"inductor_no_cudagraphs", values[3], NULL, NULL}};
  const br_plot_bars_spec chart = {"Speedup over eager",
                                   "torchbench, float32, inference",
                                   "\xC3\x97",
                                   labels,
                                   BENCHMARKS,
                                   series,
                                   COMPILERS,
                                   1};
  br_plot_style style = {.format = format};
  br_str out = {0};
  br_err err;
  double start = br_clock_monotonic();
  if (br_plot_bars(&out, &chart, &style, &err) != BR_OK) {
    (void)fprintf(stderr, "%s\n", err.msg);
    exit(1);
  }
  double took = br_clock_monotonic() - start;
  br_str_clear(&out);
  return 1e3 * took;
}

static double median_ms(br_plot_format format)
{
  double times[ROUNDS];
  (void)draw_once(format);
  for (size_t i = 0; i < ROUNDS; i++)
    times[i] = draw_once(format);
  return br_stats_median(times, ROUNDS);
}

int main(void)
{
  fill();
  printf("bars_png_ms %.2f\n", median_ms(BR_PLOT_PNG));
  printf("bars_svg_ms %.2f\n", median_ms(BR_PLOT_SVG));
  return 0;
}
