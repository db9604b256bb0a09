/* core/term: questions to a pseudo-terminal, pictures as sequences. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plot/plot.h"
#include "pty.h"
#include "term/term.h"

#include <stdio.h>

enum { PATIENCE = 2000, IMPATIENCE = 30 };

/* Asks a terminal that answers so. */
static br_term_skills ask(const char *answer, int timeout_ms, const char *typed)
{
  pty p;
  br_err err;
  br_str other = {0};
  br_term_skills skills = {0};
  struct termios before, after;
  const pty_step steps[] = {{"\033[c", answer, 0}, {0}};
  pty_open(&p);
  assert_int_equal(tcgetattr(p.slave, &before), 0);
  pty_start(&p, steps);
  assert_int_equal(br_term_ask(&skills, &other, p.slave, p.slave, timeout_ms, &err), BR_OK);
  pty_finish(&p);
  assert_string_equal(other.data ? other.data : "", typed);
  assert_int_equal(tcgetattr(p.slave, &after), 0);
  assert_int_equal(before.c_lflag, after.c_lflag);
  br_str_clear(&other);
  pty_close(&p);
  return skills;
}

static void test_ask(void **state)
{
  (void)state;
  br_term_skills all = ask("\033_Gi=31;OK\033\\\033[6;20;10t\033[?62;4;22c", PATIENCE, "");
  assert_true(all.kitty);
  assert_true(all.sixel);
  assert_int_equal(all.cell_width, 10);
  assert_int_equal(all.cell_height, 20);
  br_term_skills none = ask("\033[?1;2c", PATIENCE, "");
  assert_false(none.kitty || none.sixel);
  br_term_skills other = ask("\033_Gi=31;EBAD:no\033\\\033[?64c", PATIENCE, "");
  assert_false(other.kitty || other.sixel);
}

/* Who types meanwhile loses nothing. */
static void test_ask_while_somebody_types(void **state)
{
  (void)state;
  br_term_skills skills = ask("f:h\033[Aead\033[?4;4c", PATIENCE, "f:h\033[Aead");
  assert_true(skills.sixel);
  skills = ask("", IMPATIENCE, "");
  assert_false(skills.sixel);
  skills = ask("x\033[?62;4", IMPATIENCE, "x\033[?62;4");
  assert_false(skills.sixel);
}

static void test_ask_what_is_no_terminal(void **state)
{
  int ends[2];
  br_err err;
  br_str typed = {0};
  br_term_skills skills;
  (void)state;
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(br_term_ask(&skills, &typed, ends[0], ends[1], IMPATIENCE, &err), BR_EIO);
  assert_int_equal(br_term_size_of(ends[0]).columns, 0);
  (void)close(ends[0]);
  (void)close(ends[1]);
}

static void test_size(void **state)
{
  pty p;
  (void)state;
  pty_open(&p);
  struct winsize size = {.ws_row = 50, .ws_col = 200, .ws_xpixel = 1600, .ws_ypixel = 800};
  assert_int_equal(ioctl(p.slave, TIOCSWINSZ, &size), 0);
  br_term_size found = br_term_size_of(p.slave);
  assert_int_equal(found.columns, 200);
  assert_int_equal(found.rows, 50);
  assert_int_equal(found.cell_width, 8);
  assert_int_equal(found.cell_height, 16);
  pty_close(&p);
}

/* --- pictures ----------------------------------------------------------------------------------- */

static br_str picture(void)
{
  br_str png = {0};
  br_err err;
  br_plot_lines_spec chart = {.title = "a chart"};
  br_plot_style style = {.width = 300, .height = 150};
  assert_int_equal(br_plot_lines(&png, &chart, &style, &err), BR_OK);
  return png;
}

static void test_sixel(void **state)
{
  br_str png = picture(), out = {0};
  br_err err;
  (void)state;
  assert_int_equal(br_term_sixel(&out, png.data, png.len, &err), BR_OK);
  assert_memory_equal(out.data, "\033P", 2);
  assert_memory_equal(out.data + out.len - 2, "\033\\", 2);
  assert_non_null(memmem(out.data, 64, "\"1;1;600;300", 12));
  for (size_t i = 2; i + 2 < out.len; i++)
    assert_true(out.data[i] == '\n' || (out.data[i] >= ' ' && out.data[i] <= '~'));
  br_str_clear(&out);
  assert_int_equal(br_term_sixel(&out, png.data, png.len / 2, &err), BR_EPARSE);
  assert_int_equal(br_term_sixel(&out, "no picture", 10, &err), BR_EPARSE);
  assert_int_equal(br_term_sixel(&out, "", 0, &err), BR_EPARSE);
  br_code code = BR_ENOMEM;
  for (size_t n = 1; code == BR_ENOMEM; n++) {
    br_mem_fail_at(n);
    code = br_term_sixel(&out, png.data, png.len, &err);
    br_mem_fail_at(0);
    assert_true(code == BR_OK ? n > 2 : code == BR_ENOMEM);
    br_str_clear(&out);
  }
  br_str_clear(&png);
  assert_int_equal(br_mem_live(), 0);
}

/* The fill character counts as 0. */
static int digit(char c)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
  const char *found = strchr(digits, c);
  assert_true(found && c);
  return (int)(found - digits) % 64;
}

/* What the pieces of a transfer carry. */
static br_str carried(const br_str *out)
{
  br_str bytes = {0};
  const char *s = out->data, *end = out->data + out->len;
  while (s < end) {
    assert_memory_equal(s, "\033_G", 3);
    const char *payload = (const char *)memchr(s, ';', 40) + 1;
    const char *stop = memmem(payload, (size_t)(end - payload), "\033\\", 2);
    assert_true(stop - payload <= 4096);
    bool last = stop + 2 == end;
    assert_int_equal(payload[-2], last ? '0' : '1');
    for (const char *c = payload; c < stop; c += 4) {
      int a = digit(c[0]), b = digit(c[1]), d = digit(c[2]), e = digit(c[3]);
      unsigned char three[] = {(unsigned char)(a << 2 | b >> 4), (unsigned char)(b << 4 | d >> 2),
                               (unsigned char)(d << 6 | e)};
      size_t n = c[2] == '=' ? 1 : c[3] == '=' ? 2 : 3;
      assert_int_equal(br_str_add(&bytes, three, n, NULL), BR_OK);
    }
    s = stop + 2;
  }
  return bytes;
}

static void test_kitty(void **state)
{
  br_str png = picture();
  br_err err;
  (void)state;
  for (size_t n = 0; n <= png.len; n += n < 10 ? 1 : n < 3060 ? 610 : png.len - n) {
    br_str out = {0};
    assert_int_equal(br_term_kitty(&out, png.data, n, &err), BR_OK);
    assert_memory_equal(out.data, "\033_Ga=T,f=100,q=2,m=", 19);
    br_str back = carried(&out);
    assert_int_equal(back.len, n);
    if (n > 0)
      assert_memory_equal(back.data, png.data, n);
    br_str_clear(&back);
    br_str_clear(&out);
    if (n == png.len)
      break;
  }
  br_str_clear(&png);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ask),
      cmocka_unit_test(test_ask_while_somebody_types),
      cmocka_unit_test(test_ask_what_is_no_terminal),
      cmocka_unit_test(test_size),
      cmocka_unit_test(test_sixel),
      cmocka_unit_test(test_kitty),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
