/* The fast lane: the cells of one column of a plain chunk, read where they lie. */
#ifndef BR_CSV_LANE_H
#define BR_CSV_LANE_H

#include "csv/scan.h"

typedef struct br_csv_view {
  const char *text;
  const uint32_t *ends; /* see br_csv_index */
  size_t ncols;
  size_t column;
  bool quotes;
  bool crs; /* the column is the last one and its cells may end in CR */
  char delimiter;
} br_csv_view;

/* Whether each row has ncols fields. A chunk that is not regular is for libcsv. */
bool br_csv_is_regular(const br_csv_index *index, const char *text, size_t ncols);

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
