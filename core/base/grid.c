/* Framed tables; see grid.h.
 *
 * Two passes: every text is cleaned and measured once, column by column, then the lines are written. */
#include "base/grid.h"

#include "base/text.h"
#include "base/vec.h"

#include <string.h>

/* A text as it is shown: a part of the page's bytes. */
typedef struct shown {
  size_t at, len, width;
} shown;

struct page {
  br_str bytes;   /* of all shown texts, behind each other */
  shown *texts;   /* column by column, the header first */
  size_t *widths; /* of the columns */
  size_t nrow;    /* with the header */
};

static size_t count_rows(const br_grid_column *columns, size_t ncol)
{
  size_t most = 0;
  for (size_t c = 0; c < ncol; c++)
    if (columns[c].ncells > most)
      most = columns[c].ncells;
  return most + 1;
}

/* Measuring. */

static shown trimmed(const br_str *bytes, size_t from)
{
  size_t end = bytes->len;
  while (from < end && bytes->data[from] == ' ')
    from++;
  while (end > from && bytes->data[end - 1] == ' ')
    end--;
  return (shown){.at = from, .len = end - from};
}

static br_code show(struct page *page, shown *into, const br_grid_text *text, br_err *err)
{
  size_t from = page->bytes.len;
  BR_TRY(br_text_clean(&page->bytes, text->data, text->len, err));
  *into = trimmed(&page->bytes, from);
  if (into->len > 0)
    into->width = br_text_columns(page->bytes.data + into->at, into->len);
  return BR_OK;
}

static br_code show_column(struct page *page, size_t c, const br_grid_column *column, br_err *err)
{
  shown *texts = page->texts + c * page->nrow;
  BR_TRY(show(page, &texts[0], &column->header, err));
  for (size_t row = 0; row < column->ncells; row++)
    BR_TRY(show(page, &texts[row + 1], &column->cells[row], err));
  for (size_t row = 0; row < page->nrow; row++)
    if (texts[row].width > page->widths[c])
      page->widths[c] = texts[row].width;
  return BR_OK;
}

static br_code show_all(struct page *page, const br_grid_column *columns, size_t ncol, br_err *err)
{
  for (size_t c = 0; c < ncol; c++)
    BR_TRY(show_column(page, c, &columns[c], err));
  return BR_OK;
}

/* Drawing. */

static br_code add_repeated(br_str *out, char c, size_t n, br_err *err)
{
  BR_TRY(br_vec_reserve(&out->data, &out->cap, out->len + n + 1, err));
  memset(out->data + out->len, c, n);
  out->len += n;
  out->data[out->len] = '\0';
  return BR_OK;
}

static br_code add_rule(br_str *out, const struct page *page, size_t ncol, br_err *err)
{
  for (size_t c = 0; c < ncol; c++) {
    BR_TRY(br_str_addc(out, '+', err));
    BR_TRY(add_repeated(out, '-', page->widths[c] + 2, err));
  }
  return br_str_add(out, "+\n", 2, err);
}

static size_t blanks_before(size_t blanks, br_align align)
{
  return align == BR_ALIGN_LEFT ? 0 : align == BR_ALIGN_RIGHT ? blanks : blanks / 2;
}

static br_code add_cell(br_str *out, const struct page *page, const shown *text, size_t blanks,
                        br_align align, br_err *err)
{
  size_t before = blanks_before(blanks, align);
  BR_TRY(br_str_addc(out, '|', err));
  BR_TRY(add_repeated(out, ' ', before + 1, err));
  BR_TRY(br_str_add(out, page->bytes.data + text->at, text->len, err));
  return add_repeated(out, ' ', blanks - before + 1, err);
}

static br_code add_row(br_str *out, const struct page *page, const br_grid_column *columns,
                       size_t ncol, size_t row, br_err *err)
{
  for (size_t c = 0; c < ncol; c++) {
    const shown *text = &page->texts[c * page->nrow + row];
    br_align align = row == 0 ? BR_ALIGN_CENTER : columns[c].align;
    BR_TRY(add_cell(out, page, text, page->widths[c] - text->width, align, err));
  }
  return br_str_add(out, "|\n", 2, err);
}

static br_code draw(br_str *out, struct page *page, const br_grid_column *columns, size_t ncol,
                    br_err *err)
{
  BR_TRY(show_all(page, columns, ncol, err));
  BR_TRY(add_rule(out, page, ncol, err));
  BR_TRY(add_row(out, page, columns, ncol, 0, err));
  BR_TRY(add_rule(out, page, ncol, err));
  for (size_t row = 1; row < page->nrow; row++)
    BR_TRY(add_row(out, page, columns, ncol, row, err));
  return add_rule(out, page, ncol, err);
}

br_code br_grid_draw(br_str *out, const br_grid_column *columns, size_t ncol, br_err *err)
{
  struct page page = {.nrow = count_rows(columns, ncol)};
  page.widths = br_calloc(ncol, sizeof *page.widths);
  page.texts = br_calloc(ncol, page.nrow * sizeof *page.texts);
  br_code code =
      page.widths && page.texts ? draw(out, &page, columns, ncol, err) : br_fail_nomem(err);
  br_free(page.texts);
  br_free(page.widths);
  br_str_clear(&page.bytes);
  return code;
}
