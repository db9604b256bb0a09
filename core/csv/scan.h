/* Where the delimiters and line ends of a chunk are, by 64 bytes at a time; and whether the chunk is so
 * plain that libcsv is certain to see the same.
 *
 * Method: bit masks of the bytes that matter; the regions within quotes are the prefix xor of the mask of
 * quotes (G. Langdale and D. Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019). */
#ifndef BR_CSV_SCAN_H
#define BR_CSV_SCAN_H

#include "csv/csv_internal.h"

/* Bytes that may be read in front of and behind a chunk; what they hold does not matter. */
enum { BR_CSV_MARGIN = 64 };

/* ends[0] is UINT32_MAX, so that ends[i] + 1 is where field i begins; ends[i + 1] is its delimiter or line
 * end. */
typedef struct br_csv_index {
  uint32_t *ends; /* room for the bytes of the chunk and BR_CSV_MARGIN more */
  size_t fields;
  size_t lines;
  bool quotes; /* there are quotes: each opens or closes a field, or is one of a doubled pair */
  bool crs;    /* a line may end in CRLF */
  bool plain;  /* else nothing of the above holds */
} br_csv_index;

/* n < 4 GiB; the last byte is a line end. */
typedef void (*br_csv_scan_fn)(br_csv_index *index, const char *text, size_t n, char delimiter);
typedef size_t (*br_csv_count_fn)(const char *text, size_t n);

/* What the lanes do in different ways on different processors. */
typedef struct br_csv_ways {
  br_csv_scan_fn scan;
  br_csv_count_fn count_quotes;
  bool wide_numbers; /* the processor has SSE 4.1 */
} br_csv_ways;
br_csv_ways br_csv_ways_of(br_csv_level level);

#endif
