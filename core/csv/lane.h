/* The fast lane: the cells of one column of a plain chunk, read where they lie. */
#ifndef BR_CSV_LANE_H
#define BR_CSV_LANE_H

#include "csv/scan.h"

typedef struct br_csv_view {
  const char *text;
  const uint32_t *ends; /* of an index or of slots */
  size_t stride;        /* of them a row */
  size_t column;
  bool quotes;
  bool crs; /* the column is the last one and its cells may end in CR */
  char delimiter;
} br_csv_view;

/* Whether each row has ncols fields. */
bool br_csv_is_regular(const br_csv_index *index, const char *text, size_t ncols);

/* Rows that differ, made even: each has ncols + 1 slots, the one in front of its first byte and the ends of its
 * fields. A null stands for a field that is not there. */
typedef struct br_csv_slots {
  uint32_t *ends; /* owned by who holds the slots */
  size_t cap;
  size_t nrows;
  bool is_even; /* else nothing of the above holds */
} br_csv_slots;

typedef struct br_csv_rows {
  const char *text;
  size_t nbytes;
  size_t ncols;
  bool pad; /* short rows, and cut what is empty off long ones */
  char delimiter;
} br_csv_rows;

/* Not even: the chunk is for libcsv. */
br_code br_csv_even_out(br_csv_slots *slots, const br_csv_index *index, const br_csv_rows *rows,
                        br_err *err) BR_MUST_USE;

/* The cell; its text may lie in scratch, until the next call. */
br_code br_csv_view_cell(const br_csv_view *view, size_t row, br_str *scratch, br_csv_cell *cell,
                         br_err *err) BR_MUST_USE;
/* The first byte of the cell, blanks skipped. */
size_t br_csv_view_start(const br_csv_view *view, size_t row);
bool br_csv_view_is_null(const br_csv_view *view, size_t row);

/* Fill to[first … last) as far as the cells are common numbers of that type; return the row of the first
 * that is not: a null, blanks, an exponent, many digits, a leading zero, no number at all. What they give
 * is what br_parse_i64 and br_parse_f64 give. The integers they take are exact as doubles, and not -0. */
size_t br_csv_take_i64(const br_csv_view *view, size_t first, size_t last, int64_t *to, bool wide);
size_t br_csv_take_f64(const br_csv_view *view, size_t first, size_t last, double *to, bool wide);

#endif
