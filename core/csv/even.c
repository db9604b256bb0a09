/* Plain chunks whose rows differ: blank lines among them, and where short rows are padded those. What the
 * scan found goes to slots of equal number a row, see lane.h; what would be an error is left to libcsv. */
#include "csv/lane.h"

#include "base/vec.h"
#include "csv/csv_internal.h"

#include <string.h>

/* Slots for each byte of the chunk at most: many short rows of a wide table are for libcsv. */
enum { MOST_SLOTS = 8 };

/* Whether the field in front of that end has no text. A CR outside quotes is of the line end. */
static bool is_empty(const br_csv_rows *rows, const uint32_t *end)
{
  for (uint32_t at = end[-1] + 1U; at < *end; at++)
    if (!br_csv_is_blank(rows->text[at], rows->delimiter) && rows->text[at] != '\r')
      return false;
  return true;
}

/* The fields of the row whose first one ends at `end`. */
static size_t count_fields(const br_csv_rows *rows, const uint32_t *end)
{
  size_t n = 1;
  while (rows->text[*end++] != '\n')
    n++;
  return n;
}

static void pad(const br_csv_rows *rows, size_t n, uint32_t *slots)
{
  uint32_t *last = slots + n;
  bool has_cr = *last > last[-1] + 1U && rows->text[*last - 1] == '\r';
  *last -= has_cr;
  for (; n < rows->ncols; n++)
    slots[n + 1] = slots[n] + 1U;
}

/* A row of n fields into its slots; false where it is not to be padded or cut. */
static bool put_row(const br_csv_rows *rows, const uint32_t *ends, size_t n, uint32_t *slots)
{
  size_t ncols = rows->ncols;
  if (n != ncols && !rows->pad)
    return false;
  for (size_t i = ncols; i < n; i++)
    if (!is_empty(rows, ends + i + 1))
      return false;
  memcpy(slots, ends, ((n < ncols ? n : ncols) + 1) * sizeof *slots);
  if (n < ncols)
    pad(rows, n, slots);
  return true;
}

br_code br_csv_even_out(br_csv_slots *slots, const br_csv_index *index, const br_csv_rows *rows,
                        br_err *err)
{
  size_t stride = rows->ncols + 1;
  const uint32_t *ends = index->ends;
  const uint32_t *behind = ends + index->fields;
  slots->is_even = false;
  if (!index->plain || rows->ncols < 2 || index->lines > rows->nbytes * MOST_SLOTS / stride)
    return BR_OK;
  BR_TRY(br_vec_reserve(&slots->ends, &slots->cap, index->lines * stride, err));
  slots->nrows = 0;
  while (ends < behind) {
    size_t n = count_fields(rows, ends + 1);
    bool is_blank = n == 1 && is_empty(rows, ends + 1);
    if (!is_blank && !put_row(rows, ends, n, slots->ends + slots->nrows * stride))
      return BR_OK;
    slots->nrows += !is_blank;
    ends += n;
  }
  slots->is_even = true;
  return BR_OK;
}
