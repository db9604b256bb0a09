/* Writes a performance log to measure readers with: make_csv ROWS plain|quoted PATH.
 *
 * The shape is that of a year of nightly logs: 13 columns, some 94 bytes a row, 4136 names. What it writes
 * depends on ROWS and the second word alone. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 4136 };

static uint64_t state = UINT64_C(0x9E3779B97F4A7C15);

/* xorshift64* (S. Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016). */
static uint64_t next(void)
{
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * UINT64_C(2685821657736338717);
}

static double uniform(double low, double high)
{
  return low + (high - low) * (double)(next() >> 11) / 9007199254740992.0;
}

static unsigned below(unsigned n)
{
  return (unsigned)((next() >> 32) * n >> 32);
}

static void write_name(FILE *to, unsigned number, const char *quote)
{
  static const char *const families[] = {"resnet",      "Bert_pytorch", "timm_vision", "hf_T5",
                                         "nvidia_deep", "mobilenet_v3", "Super_SloMo", "vgg"};
  (void)fprintf(to, "%s%s_%u%s,", quote, families[number % 8], number, quote);
}

static void write_row(FILE *to, const char *quote)
{
  (void)fprintf(to, "%scuda%s,", quote, quote);
  write_name(to, below(NAMES), quote);
  (void)fprintf(to, "%u,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%u,%u,%u,%u\n", 1U << below(9),
                uniform(0.5, 3.5), uniform(0.5, 900), uniform(1, 120), uniform(0.5, 1.5),
                uniform(0.1, 16), uniform(0.1, 16), 100 + below(2000), 1 + below(20), below(12),
                below(4));
}

int main(int argc, char **argv)
{
  if (argc != 4) {
    (void)fprintf(stderr, "usage: make_csv ROWS plain|quoted PATH\n");
    return 2;
  }
  uint64_t rows = strtoull(argv[1], NULL, 10);
  const char *quote = strcmp(argv[2], "quoted") == 0 ? "\"" : "";
  FILE *to = fopen(argv[3], "w");
  if (!to) {
    perror(argv[3]);
    return 1;
  }
  (void)fputs("dev,name,batch_size,speedup,abs_latency,compilation_latency,compression_ratio,"
              "eager_peak_mem,dynamo_peak_mem,calls_captured,unique_graphs,graph_breaks,"
              "unique_graph_breaks\n",
              to);
  for (uint64_t i = 0; i < rows; i++)
    write_row(to, quote);
  if (fclose(to) != 0) {
    perror(argv[3]);
    return 1;
  }
  return 0;
}
