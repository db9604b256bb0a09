/* Fuzzes the JSON reader and writer. The first byte chooses options, the rest is the text. Law: what
 * parses can be written, but for names that are no UTF-8 (the reader takes surrogates), and what is
 * written reads as what is written again is. */
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

/* False where a name is refused. */
static bool is_written(br_str *text, const br_frame *frame, br_json_orient orient)
{
  br_err err = {0};
  br_code code = br_json_format(text, frame, orient, &err);
  require(code == BR_OK || (code == BR_EINVAL && strstr(err.msg, "is not UTF-8")));
  return code == BR_OK;
}

static void check_round_trip(const br_frame *frame, br_json_orient orient)
{
  br_str text = {0}, later = {0};
  br_frame *again = NULL;
  bool lines = orient == BR_JSON_LINES;
  if (!is_written(&text, frame, orient)) {
    br_str_clear(&text);
    return;
  }
  require(br_json_parse(&again, text.data ? text.data : "", text.len, lines, NULL) == BR_OK);
  if (br_frame_ncol(again) == br_frame_ncol(frame)) {
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
