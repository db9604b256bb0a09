/* The store of a column's texts between tokenising and typing: two arrays, no allocation per cell.
 */
#include "csv/csv_internal.h"

#include "base/vec.h"

#include <string.h>

br_code br_csv_cells_add(br_csv_cells *cells, const char *text, size_t n, br_err *err)
{
  if (cells->n == cells->ends_cap)
    BR_TRY(br_vec_reserve(&cells->ends, &cells->ends_cap, cells->n + 1, err));
  if (n >= cells->bytes_cap - cells->nbytes)
    BR_TRY(br_vec_reserve(&cells->bytes, &cells->bytes_cap, cells->nbytes + n + 1, err));
  if (n)
    memcpy(cells->bytes + cells->nbytes, text, n);
  cells->nbytes += n;
  cells->ends[cells->n++] = cells->nbytes * 2 + (text == NULL);
  return BR_OK;
}

br_csv_cell br_csv_cells_get(const br_csv_cells *cells, size_t row)
{
  size_t start = row ? cells->ends[row - 1] / 2 : 0;
  if (cells->ends[row] & 1)
    return (br_csv_cell){0};
  return (br_csv_cell){cells->bytes + start, cells->ends[row] / 2 - start};
}

void br_csv_cells_clear(br_csv_cells *cells)
{
  br_free(cells->bytes);
  br_free(cells->ends);
  *cells = (br_csv_cells){0};
}
