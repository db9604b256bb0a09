/* Fuzzes the JSON reader and writer. The first byte chooses options, the rest is the text. Law: what
 * parses can be written, and what is written reads as what is written again is. */
#include "json/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The name is libFuzzer's. NOLINTNEXTLINE(readability-identifier-naming) */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
  if (!holds)
    abort();
}

static bool has_replacement(const br_str *text)
{
  return text->data && strstr(text->data, "\xef\xbf\xbd");
}

/* Two names with bytes that are no UTF-8 may become one. */
static void check_round_trip(const br_frame *frame, br_json_orient orient)
{
  br_str text = {0}, later = {0};
  br_frame *again = NULL;
  bool lines = orient == BR_JSON_LINES;
  require(br_json_format(&text, frame, orient, NULL) == BR_OK);
  br_code code = br_json_parse(&again, text.data ? text.data : "", text.len, lines, NULL);
  require(code == BR_OK || has_replacement(&text));
  if (code == BR_OK && br_frame_ncol(again) == br_frame_ncol(frame)) {
    require(br_json_format(&later, again, orient, NULL) == BR_OK);
    require(later.len == text.len &&
            (text.len == 0 || memcmp(text.data, later.data, text.len) == 0));
  }
  br_frame_free(again);
  br_str_clear(&text);
  br_str_clear(&later);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  size_t live = br_mem_live();
  br_frame *frame = NULL;
  br_err err = {0};
  br_code code = br_json_parse(&frame, (const char *)data + 1, size - 1, data[0] & 1, &err);
  require((code == BR_OK) == (frame != NULL));
  require(code == BR_OK || code == BR_EPARSE);
  if (code == BR_OK)
    check_round_trip(frame, (br_json_orient)(data[0] / 2 % 3));
  br_frame_free(frame);
  require(br_mem_live() == live);
  return 0;
}
