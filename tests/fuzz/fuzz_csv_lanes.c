/* Fuzzes the CSV reader's lanes against each other and against the plain reader of csv_oracle.h. The first
 * two bytes choose options, the rest is the file. Law: whatever the chunks, the threads and the
 * processor's way, frame or error are the same, to the letter, codes of strings included. */
#include "../csv_oracle.h"
#include "../frame_equal.h"

#include <stdint.h>

/* The name is libFuzzer's. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"a", "b", "c"};
static const br_csv_type types[] = {
    {"a", BR_F64}, {"b", BR_I64}, {"c", BR_STR}, {"d", BR_BOOL}, {"t", BR_TIMESTAMP}};

/* Bits of the first byte: 0-2 delimiter, 3 pad, 4 all strings, 5 types, 6-7 names; of the second: 0
 * timestamps, 1 limit, 2-7 how many rows. */
static br_csv_options choose(const uint8_t *byte)
{
  static const char delimiters[] = {',', ';', '\t', ' ', '|', '1', 'e', '\x01'};
  size_t given = (size_t)byte[0] >> 6;
  return (br_csv_options){
      .delimiter = delimiters[byte[0] & 7],
      .ragged = byte[0] & 8 ? BR_CSV_RAGGED_PAD : BR_CSV_RAGGED_ERROR,
      .all_strings = (byte[0] & 16) != 0,
      .types = types,
      .ntypes = byte[0] & 32 ? sizeof types / sizeof *types : 0,
      .names = given ? names : NULL,
      .nnames = given,
      .timestamps = byte[1] & 1,
      .limited = (byte[1] & 2) != 0,
      .limit = (size_t)byte[1] >> 2,
  };
}

static void require(bool holds)
{
  if (!holds)
    abort();
}

static bool codes_equal(const br_frame *a, const br_frame *b)
{
  for (size_t i = 0; i < br_frame_ncol(a); i++) {
    br_column *x = br_frame_column(a, i);
    br_column *y = br_frame_column(b, i);
    if (br_column_type(x) != BR_STR)
      continue;
    if (br_column_dict_len(x) != br_column_dict_len(y))
      return false;
    for (size_t row = 0; row < br_column_len(x); row++)
      if (br_column_codes(x)[row] != br_column_codes(y)[row])
        return false;
  }
  return true;
}

/* What a reading is compared with. */
typedef struct wanted {
  br_code code;
  br_err err;
  br_frame *frame;
} wanted;

static void check(const wanted *w, const uint8_t *data, size_t size, const br_csv_options *options,
                  const br_csv_tuning *tuning)
{
  br_frame *frame = NULL;
  br_err err = {0};
  br_code code = br_csv_read_tuned(&frame, data, size, options, tuning, &err);
  require(code == w->code);
  if (code == BR_OK)
    require(frame_equal(frame, w->frame) && codes_equal(frame, w->frame));
  else
    require(strcmp(err.msg, w->err.msg) == 0);
  br_frame_free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const size_t chunks[] = {1, 70, 200, 0};
  if (size < 2)
    return 0;
  size_t live = br_mem_live();
  br_csv_options options = choose(data);
  wanted w = {0};
  w.code = oracle_read(&w.frame, "fuzz", data + 2, size - 2, &options, &w.err);
  for (int level = BR_CSV_PORTABLE; level <= BR_CSV_STRICT; level++) {
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
      br_csv_tuning tuning = {.chunk = chunks[i], .level = (br_csv_level)level, .label = "fuzz"};
      options.threads = 1 + (i == 1 && level == BR_CSV_AVX2 ? 2 : 0);
      check(&w, data + 2, size - 2, &options, &tuning);
    }
  }
  br_frame_free(w.frame);
  require(br_mem_live() == live);
  return 0;
}
