/* Private to json: columns that grow while rows come in. */
#ifndef BR_JSON_JSON_INTERNAL_H
#define BR_JSON_JSON_INTERNAL_H

#include "frame/mixed.h"
#include "json/json.h"

/* Zero-initialise, set source; end with br_json_columns_clear. */
typedef struct br_json_columns {
  br_dict *names; /* the code of a name is its column's number; NULL while there is none */
  br_mixed *columns;
  size_t cap;
  size_t next;        /* the column that is likely to be asked for */
  const char *source; /* the text, where numbers lie */
} br_json_columns;

void br_json_columns_clear(br_json_columns *c);
size_t br_json_columns_len(const br_json_columns *c);

/* The column of that name, new where there is none. BR_EPARSE for a name with a NUL. */
br_code br_json_columns_find(size_t *out, br_json_columns *c, const char *name, size_t len,
                             br_err *err) BR_MUST_USE;
/* Nulls up to row `row`. */
br_code br_json_columns_pad(br_json_columns *c, size_t column, size_t row, br_err *err) BR_MUST_USE;
/* The frame, each column padded to nrow rows. */
br_code br_json_columns_frame(br_frame **out, br_json_columns *c, size_t nrow,
                              br_err *err) BR_MUST_USE;

#endif
