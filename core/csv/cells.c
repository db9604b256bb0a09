/* The store of a column's texts between tokenising and typing: two arrays, no allocation per cell.
 */
#include "csv/csv_internal.h"

#include "base/vec.h"

#include <string.h>

br_code br_csv_cells_add(br_csv_cells *cells, const char *text, size_t n, br_err *err)
{
  if (n >= BR_CSV_NULL_CELL)
    return br_fail(err, BR_ERANGE, "a cell of 4 GiB or more");
  if (cells->n == cells->lens_cap)
    BR_TRY(br_vec_reserve(&cells->lens, &cells->lens_cap, cells->n + 1, err));
  if (n > cells->bytes_cap - cells->nbytes)
    BR_TRY(br_vec_reserve(&cells->bytes, &cells->bytes_cap, cells->nbytes + n, err));
  if (n)
    memcpy(cells->bytes + cells->nbytes, text, n);
  cells->nbytes += n;
  cells->lens[cells->n++] = text ? (uint32_t)n : BR_CSV_NULL_CELL;
  return BR_OK;
}

void br_csv_cells_drop(br_csv_cells *cells)
{
  br_free(cells->bytes);
  br_free(cells->lens);
  *cells = (br_csv_cells){.name = cells->name};
}

void br_csv_cells_clear(br_csv_cells *cells)
{
  br_csv_cells_drop(cells);
  br_free(cells->name);
  cells->name = NULL;
}
