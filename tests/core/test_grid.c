/* base/grid: framed tables as they are drawn, whatever the texts hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/grid.h"

enum { COLUMNS_MAX = 4, CELLS_MAX = 4 };

/* Columns of string literals: the header, then the cells, ended by NULL. */
typedef const char *texts[CELLS_MAX + 2];

typedef struct table {
  br_grid_text cells[COLUMNS_MAX][CELLS_MAX];
  br_grid_column columns[COLUMNS_MAX];
  size_t ncol;
} table;

static br_grid_text text(const char *literal)
{
  return (br_grid_text){literal, strlen(literal)};
}

static void add_column(table *t, texts column, br_align align)
{
  br_grid_column *made = &t->columns[t->ncol];
  *made = (br_grid_column){.header = text(column[0]), .cells = t->cells[t->ncol], .align = align};
  for (; column[1 + made->ncells]; made->ncells++)
    t->cells[t->ncol][made->ncells] = text(column[1 + made->ncells]);
  t->ncol++;
}

static void assert_drawn(const table *t, const char *expected)
{
  br_str out = {0};
  size_t start = br_mem_live();
  assert_int_equal(br_str_addz(&out, "before\n", NULL), BR_OK);
  assert_int_equal(br_grid_draw(&out, t->columns, t->ncol, NULL), BR_OK);
  assert_memory_equal(out.data, "before\n", 7);
  assert_string_equal(out.data + 7, expected);
  br_str_clear(&out);
  assert_int_equal(br_mem_live(), start);
}

static void texts_are_aligned_and_headers_centred(void **state)
{
  (void)state;
  table t = {0};
  add_column(&t, (texts){"name", "a", "bcdefg"}, BR_ALIGN_LEFT);
  add_column(&t, (texts){"x", "1.41x", "10x"}, BR_ALIGN_CENTER);
  add_column(&t, (texts){"n", "1", "1234"}, BR_ALIGN_RIGHT);
  assert_drawn(&t, "+--------+-------+------+\n"
                   "|  name  |   x   |  n   |\n"
                   "+--------+-------+------+\n"
                   "| a      | 1.41x |    1 |\n"
                   "| bcdefg |  10x  | 1234 |\n"
                   "+--------+-------+------+\n");
}

static void blanks_at_the_ends_are_dropped(void **state)
{
  (void)state;
  table t = {0};
  add_column(&t, (texts){"  a ", " b c ", "   ", ""}, BR_ALIGN_LEFT);
  assert_drawn(&t, "+-----+\n"
                   "|  a  |\n"
                   "+-----+\n"
                   "| b c |\n"
                   "|     |\n"
                   "|     |\n"
                   "+-----+\n");
}

static void missing_cells_are_empty(void **state)
{
  (void)state;
  table t = {0};
  add_column(&t, (texts){"a", "1"}, BR_ALIGN_LEFT);
  add_column(&t, (texts){"b", "1", "2"}, BR_ALIGN_LEFT);
  add_column(&t, (texts){""}, BR_ALIGN_LEFT);
  assert_drawn(&t, "+---+---+--+\n"
                   "| a | b |  |\n"
                   "+---+---+--+\n"
                   "| 1 | 1 |  |\n"
                   "|   | 2 |  |\n"
                   "+---+---+--+\n");
}

static void a_table_without_rows_has_its_header(void **state)
{
  (void)state;
  table t = {0};
  add_column(&t, (texts){"name"}, BR_ALIGN_CENTER);
  assert_drawn(&t, "+------+\n"
                   "| name |\n"
                   "+------+\n"
                   "+------+\n");
}

static void a_table_without_columns_is_drawn(void **state)
{
  (void)state;
  assert_drawn(&(table){0}, "+\n|\n+\n+\n");
}

static void what_is_not_plain_is_shown_and_measured(void **state)
{
  (void)state;
  table t = {0};
  add_column(&t, (texts){"日本", "a\nb", "e\u0301", "\xff|"}, BR_ALIGN_RIGHT);
  assert_drawn(&t, "+-------+\n"
                   "| 日本  |\n"
                   "+-------+\n"
                   "|  a\\nb |\n"
                   "|     e\u0301 |\n"
                   "| \\xff| |\n"
                   "+-------+\n");
}

static void drawing_survives_every_failing_allocation(void **state)
{
  (void)state;
  size_t start = br_mem_live();
  table t = {0};
  add_column(&t, (texts){"name", "a", "\x1b and a long text that makes it grow"}, BR_ALIGN_LEFT);
  add_column(&t, (texts){"x", "日本", "10x"}, BR_ALIGN_CENTER);
  br_code code = BR_ENOMEM;
  for (size_t n = 1; code != BR_OK; n++) {
    br_str out = {0};
    br_err err;
    br_mem_fail_at(n);
    code = br_grid_draw(&out, t.columns, t.ncol, &err);
    br_mem_fail_at(0);
    assert_true(code == BR_OK || code == BR_ENOMEM);
    br_str_clear(&out);
    assert_int_equal(br_mem_live(), start);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_are_aligned_and_headers_centred),
      cmocka_unit_test(blanks_at_the_ends_are_dropped),
      cmocka_unit_test(missing_cells_are_empty),
      cmocka_unit_test(a_table_without_rows_has_its_header),
      cmocka_unit_test(a_table_without_columns_is_drawn),
      cmocka_unit_test(what_is_not_plain_is_shown_and_measured),
      cmocka_unit_test(drawing_survives_every_failing_allocation),
  };
  return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
