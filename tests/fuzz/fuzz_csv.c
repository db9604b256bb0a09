/* Fuzzes the CSV reader and writer. The first byte chooses options, the rest is the file. Law: what
 * parses, written and read again with the same options, is the same frame. */
#include "../frame_equal.h"
#include "csv/csv.h"

#include <stdint.h>
#include <stdlib.h>

/* The name is libFuzzer's. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"a", "b", "c"};
static const br_csv_type types[] = {{"a", BR_F64}, {"b", BR_I64}, {"c", BR_STR}, {"d", BR_BOOL}};

/* Bits: 0-2 delimiter, 3 pad, 4 all strings, 5 types, 6-7 names. */
static br_csv_options choose(uint8_t byte)
{
  static const char delimiters[] = {',', ';', '\t', ' ', '|', '1', 'e', '\x01'};
  size_t given = (size_t)byte >> 6;
  return (br_csv_options){
      .delimiter = delimiters[byte & 7],
      .ragged = byte & 8 ? BR_CSV_RAGGED_PAD : BR_CSV_RAGGED_ERROR,
      .all_strings = (byte & 16) != 0,
      .types = types,
      .ntypes = byte & 32 ? sizeof types / sizeof *types : 0,
      .names = given ? names : NULL,
      .nnames = given,
  };
}

static void require(bool holds)
{
  if (!holds)
    abort();
}

static void check_round_trip(const br_frame *frame, br_csv_options options)
{
  br_str text = {0};
  br_frame *again = NULL;
  options.names = NULL;
  options.nnames = 0;
  require(br_csv_write(&text, frame, options.delimiter, NULL) == BR_OK);
  require(br_csv_read_bytes(&again, "again", text.data, text.len, &options, NULL) == BR_OK);
  require(frame_equal(frame, again));
  br_frame_free(again);
  br_str_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  size_t live = br_mem_live();
  br_csv_options options = choose(data[0]);
  br_frame *frame = NULL;
  br_err err = {0};
  br_code code = br_csv_read_bytes(&frame, "fuzz", data + 1, size - 1, &options, &err);
  require((code == BR_OK) == (frame != NULL));
  require(code == BR_OK || code == BR_EPARSE);
  if (frame)
    check_round_trip(frame, options);
  br_frame_free(frame);
  require(br_mem_live() == live);
  return 0;
}
