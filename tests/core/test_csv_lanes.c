/* core/csv: the lanes agree on any text, chunk and number of threads; options; many files; compressed, piped and
 * hostile input; memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../csv_oracle.h"
#include "../frame_equal.h"
#include "base/file.h"
#include "base/input.h"
#include "csv/feed.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- helpers --- */

static char folder[64];

static int make_folder(void **state)
{
  (void)state;
  (void)strcpy(folder, "/tmp/test_csv_XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
  (void)state;
  static const char *const names[] = {"a.csv", "b.csv", "c.csv", "d.csv", "pipe"};
  char path[128];
  for (size_t i = 0; i < COUNT(names); i++) {
    (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
  }
  return rmdir(folder);
}

/* The path of a file in the folder; up to four at a time. */
static const char *path_of(const char *name)
{
  static char paths[4][128];
  static int next;
  char *path = paths[next++ % 4];
  (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static const char *put_bytes(const char *name, const void *bytes, size_t n)
{
  const char *path = path_of(name);
  assert_int_equal(br_file_write(path, bytes, n, NULL), BR_OK);
  return path;
}

static const char *put(const char *name, const char *text)
{
  return put_bytes(name, text, strlen(text));
}

static void assert_csv(const br_frame *frame, const char *wanted)
{
  br_str out = {0};
  assert_int_equal(br_csv_write(&out, frame, 0, NULL), BR_OK);
  assert_string_equal(out.data ? out.data : "", wanted);
  br_str_clear(&out);
}

static void assert_reads(const char *text, const br_csv_options *options, const char *wanted)
{
  br_frame *frame = NULL;
  br_err err = {0};
  if (br_csv_read_bytes(&frame, "x.csv", text, strlen(text), options, &err) != BR_OK)
    fail_msg("%s", err.msg);
  assert_csv(frame, wanted);
  br_frame_free(frame);
}

static void assert_fails(const char *text, const br_csv_options *options, br_code code,
                         const char *message)
{
  br_frame *frame = NULL;
  br_err err = {0};
  assert_int_equal(br_csv_read_bytes(&frame, "x.csv", text, strlen(text), options, &err), code);
  assert_string_equal(err.msg, message);
  assert_null(frame);
}

static const br_csv_tuning tiny = {.chunk = 1};

static void assert_reads_files(const char *const *paths, size_t n, const br_csv_options *options,
                               const char *wanted)
{
  br_err err = {0};
  for (int small = 0; small < 2; small++) {
    br_frame *frame = NULL;
    if (br_csv_read_files_tuned(&frame, paths, n, options, small ? &tiny : NULL, &err) != BR_OK)
      fail_msg("%s", err.msg);
    assert_csv(frame, wanted);
    br_frame_free(frame);
  }
}

static void assert_files_fail(const char *const *paths, size_t n, br_code code, const char *tail)
{
  for (int small = 0; small < 2; small++) {
    br_frame *frame = NULL;
    br_err err = {0};
    size_t live = br_mem_live();
    assert_int_equal(br_csv_read_files_tuned(&frame, paths, n, NULL, small ? &tiny : NULL, &err),
                     code);
    if (!strstr(err.msg, tail))
      fail_msg("%s", err.msg);
    assert_null(frame);
    assert_int_equal(br_mem_live(), live);
  }
}

static br_type type_at(const br_frame *frame, size_t column)
{
  return br_column_type(br_frame_column(frame, column));
}

/* --- the lanes --- */

static uint64_t random_state = 1;

static unsigned below(unsigned n)
{
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (unsigned)(random_state % n);
}

static const char *const cells[] = {"1",
                                    "-7",
                                    "1.5",
                                    "0.000123",
                                    "",
                                    "x",
                                    "long text here",
                                    "\"q\"",
                                    "\"a\"\"b\"",
                                    "\"two\nlines\"",
                                    "true",
                                    "12345678901234567",
                                    "9007199254740993",
                                    "0.12345678901234567",
                                    " pad ",
                                    "-0",
                                    "nan",
                                    "1e5",
                                    "007",
                                    "\"12\"",
                                    "2026-01-01",
                                    "\"\"",
                                    "123456789.1234567",
                                    "9999999999999999"};

/* What may stand behind a row, or be one of its own. */
static const char *const tails[] = {"\n\n", "\n \t\n", "\r\n\r\n", "\n\r\n"};
static const char *const surplus[] = {",", ", ,", ",\"\"", ",x"};

static void add_cells(br_str *text, const unsigned *kinds, unsigned n, unsigned odd)
{
  for (unsigned c = 0; c < n; c++) {
    unsigned kind = odd == c ? below(COUNT(cells)) : kinds[c];
    assert_int_equal(br_str_addf(text, NULL, "%s%s", c ? "," : "", cells[kind]), BR_OK);
  }
}

/* Rows of one to four columns; each column mostly draws from a few kinds of cells. ragged: rows are short or
 * too long. */
static br_str random_text(unsigned *ncols, bool ragged)
{
  br_str text = {0};
  unsigned kinds[4];
  const char *end = below(3) == 0 ? "\r\n" : "\n";
  *ncols = 1 + below(4);
  for (unsigned c = 0; c < *ncols; c++) {
    kinds[c] = below(COUNT(cells));
    assert_int_equal(br_str_addf(&text, NULL, "%sc%u", c ? "," : "", c), BR_OK);
  }
  assert_int_equal(br_str_addz(&text, end, NULL), BR_OK);
  for (unsigned row = 0, rows = below(120); row < rows; row++) {
    unsigned odd = below(60);
    add_cells(&text, kinds, ragged && below(4) == 0 ? 1 + below(*ncols) : *ncols, odd);
    if (ragged && below(9) == 0)
      assert_int_equal(br_str_addz(&text, surplus[below(below(9) ? 2 : 4)], NULL), BR_OK);
    assert_int_equal(br_str_addz(&text, odd == 50 ? tails[below(4)] : end, NULL), BR_OK);
  }
  if (below(40) == 0)
    assert_int_equal(br_str_addz(&text, "\"open", NULL), BR_OK);
  return text;
}

static void compare_lanes(const br_str *text, const br_csv_options *options)
{
  br_frame *wanted = NULL;
  br_err wanted_err = {0};
  br_code wanted_code = oracle_read(&wanted, "x", text->data, text->len, options, &wanted_err);
  for (int level = BR_CSV_BEST; level <= BR_CSV_STRICT; level++) {
    br_csv_tuning tuning = {.chunk = 1 + below(400), .level = (br_csv_level)level, .label = "x"};
    br_frame *frame = NULL;
    br_err err = {0};
    br_code code = br_csv_read_tuned(&frame, text->data, text->len, options, &tuning, &err);
    assert_int_equal(code, wanted_code);
    if (code == BR_OK)
      assert_true(frame_equal(frame, wanted));
    else
      assert_string_equal(err.msg, wanted_err.msg);
    br_frame_free(frame);
  }
  br_frame_free(wanted);
}

static void the_lanes_agree_on_any_text(void **state)
{
  (void)state;
  for (int i = 0; i < 3000; i++) {
    unsigned ncols = 0;
    bool pads = below(4) == 0;
    br_str text = random_text(&ncols, pads && below(2));
    br_csv_options options = {.threads = 1 + below(3), .timestamps = below(2)};
    options.ragged = pads ? BR_CSV_RAGGED_PAD : BR_CSV_RAGGED_ERROR;
    compare_lanes(&text, &options);
    br_str_clear(&text);
  }
}

static void long_decimals_are_read_to_the_nearest_double(void **state)
{
  (void)state;
  char text[96];
  for (int i = 0; i < 100000; i++) {
    int n = 1 + (int)below(20);
    for (int k = 0; k < n; k++)
      text[k] = (char)('0' + below(10));
    (void)snprintf(text + n, sizeof text - (size_t)n, ".%0*u%ue%d", (int)below(9), below(1000),
                   below(1000000), (int)below(60) - 30);
    double value = 0;
    assert_true(br_parse_f64(text, strlen(text), &value));
    double wanted = strtod(text, NULL);
    assert_memory_equal(&value, &wanted, sizeof value);
  }
}

static void halves_between_two_doubles_go_to_the_even_one(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double value;
  } cases[] = {{"9007199254740993", 9007199254740992.0},
               {"9007199254740995", 9007199254740996.0},
               {"9007199254740993.0000001", 9007199254740994.0},
               {"4503599627370496.5", 4503599627370496.0},
               {"4503599627370497.5", 4503599627370498.0},
               {"18446744073709551615", 18446744073709551616.0},
               {"1e23", 1e23}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    double value = 0;
    assert_true(br_parse_f64(cases[i].text, strlen(cases[i].text), &value));
    assert_true(value == cases[i].value);
  }
}

/* A column that changes in its last chunk, behind many of another kind. */
static void a_late_cell_changes_the_whole_column(void **state)
{
  (void)state;
  static const struct {
    const char *early, *late;
    br_type type;
    const char *first;
  } cases[] = {{"1", "x", BR_STR, "1"},
               {"1", "1.5", BR_F64, "1.0"},
               {"1.50", "y", BR_STR, "1.50"},
               {"-0", "1.5", BR_F64, "-0.0"},
               {"", "true", BR_BOOL, ""},
               {"", "x", BR_STR, ""},
               {"true", "1", BR_STR, "true"},
               {"9007199254740993", "0.5", BR_STR, "9007199254740993"},
               {"1", "007", BR_STR, "1"},
               {"", "1.5", BR_F64, ""},
               {"2026-01-01", "z", BR_STR, "2026-01-01"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    br_str text = {0};
    assert_int_equal(br_str_addz(&text, "a,b\n", NULL), BR_OK);
    for (int row = 0; row < 2000; row++)
      assert_int_equal(br_str_addf(&text, NULL, "%s,%d\n", cases[i].early, row), BR_OK);
    assert_int_equal(br_str_addf(&text, NULL, "%s,1\n", cases[i].late), BR_OK);
    br_csv_options options = {.threads = 1 + i % 3, .timestamps = true};
    br_csv_tuning tuning = {.chunk = 500, .label = "x"};
    br_frame *frame = NULL;
    assert_int_equal(br_csv_read_tuned(&frame, text.data, text.len, &options, &tuning, NULL),
                     BR_OK);
    assert_int_equal(br_frame_nrow(frame), 2001);
    assert_string_equal(br_type_name(type_at(frame, 0)), br_type_name(cases[i].type));
    br_frame *head = NULL;
    br_frame *one = NULL;
    assert_int_equal(br_frame_select(&one, frame, (const char *[]){"a"}, 1, NULL), BR_OK);
    assert_int_equal(br_frame_slice(&head, one, 0, 1, NULL), BR_OK);
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "a\n%s\n", cases[i].first);
    assert_csv(head, wanted);
    br_frame_free(head);
    br_frame_free(one);
    br_frame_free(frame);
    br_str_clear(&text);
  }
}

/* --- options --- */

static void a_selection_gives_its_columns_in_its_order(void **state)
{
  (void)state;
  const char *names[] = {"c", "a"};
  br_csv_options options = {.select = names, .nselect = 2};
  assert_reads("a,b,c\n1,x,2\n3,y,4\n", &options, "c,a\n2,1\n4,3\n");
  assert_reads("a,b,c\n1,\"x\",2\n", &options, "c,a\n2,1\n");
  options.nselect = 0;
  assert_reads("a,b,c\n1,x,2\n", &options, "");
  options.nselect = 2;
  assert_fails("a,b,see\n", &options, BR_ENOTFOUND, "x.csv: no column 'c'");
  names[0] = "seee";
  assert_fails("a,b,see\n", &options, BR_ENOTFOUND, "x.csv: no column 'seee'; did you mean 'see'?");
  names[0] = "a";
  assert_fails("a\n", &options, BR_EEXIST, "column 'a' is selected twice");
}

static void errors_count_in_columns_that_are_not_selected_too(void **state)
{
  (void)state;
  const char *names[] = {"a"};
  br_csv_options options = {.select = names, .nselect = 1};
  assert_fails("a,b\n1,x\"y\n", &options, BR_EPARSE,
               "x.csv:2:4: a quote inside an unquoted field (byte 7)");
  assert_fails("a,b\n1\n", &options, BR_EPARSE, "x.csv:2: 1 field, the header has 2 (byte 4)");
}

static void a_limit_ends_the_reading(void **state)
{
  (void)state;
  br_csv_options options = {.limited = true, .limit = 2};
  assert_reads("a,b\n1,x\n2,y\n3,z\n", &options, "a,b\n1,x\n2,y\n");
  assert_reads("a,b\n1,x\n2,y\nbad\n", &options, "a,b\n1,x\n2,y\n");
  assert_reads("a,b\n1,x\n", &options, "a,b\n1,x\n");
  options.limit = 0;
  assert_reads("a,b\n1,x\nbad\n", &options, "a,b\n");
  options.limit = 3;
  assert_fails("a,b\n1,x\n2,y\nbad\n", &options, BR_EPARSE,
               "x.csv:4: 1 field, the header has 2 (byte 12)");
}

static void timestamps_are_inferred_where_asked(void **state)
{
  (void)state;
  const char *text = "t,u\n2026-01-31,2026-01-31 10:00\n,nope\n";
  br_csv_options options = {.timestamps = true};
  assert_reads(text, &options, "t,u\n2026-01-31T00:00:00Z,2026-01-31 10:00\n,nope\n");
  assert_reads(text, NULL, "t,u\n2026-01-31,2026-01-31 10:00\n,nope\n");
  assert_reads("t\n2026-02-30\n", &options, "t\n2026-02-30\n");
  br_csv_type types[] = {{"t", BR_TIMESTAMP}};
  br_csv_options asked = {.types = types, .ntypes = 1};
  assert_fails("t\n2026-02-30\n", &asked, BR_EPARSE,
               "x.csv:2:1: \"2026-02-30\" in column \"t\" does not read as timestamp (byte 2)");
}

static void the_frame_is_the_same_for_any_number_of_threads(void **state)
{
  (void)state;
  br_str text = {0};
  assert_int_equal(br_str_addz(&text, "s,n\n", NULL), BR_OK);
  for (int i = 0; i < 20000; i++)
    assert_int_equal(br_str_addf(&text, NULL, "w%d,%d\n", i * 7919 % 3000, i), BR_OK);
  br_csv_tuning tuning = {.chunk = 3000, .label = "x"};
  br_frame *one = NULL;
  br_csv_options options = {.threads = 1};
  assert_int_equal(br_csv_read_tuned(&one, text.data, text.len, &options, &tuning, NULL), BR_OK);
  for (options.threads = 2; options.threads < 6; options.threads++) {
    br_frame *more = NULL;
    assert_int_equal(br_csv_read_tuned(&more, text.data, text.len, &options, &tuning, NULL), BR_OK);
    assert_true(frame_equal(one, more));
    assert_memory_equal(br_column_codes(br_frame_column(one, 0)),
                        br_column_codes(br_frame_column(more, 0)), 20000 * sizeof(uint32_t));
    br_frame_free(more);
  }
  br_frame_free(one);
  br_str_clear(&text);
}

/* --- many files --- */

static void files_stand_below_each_other(void **state)
{
  (void)state;
  const char *paths[] = {put("a.csv", "a,b\n1,x\n2,y"), put("b.csv", "a,b\n3,x\n"),
                         put("c.csv", "\xEF\xBB\xBF"
                                      "a,b\n4,z\n\n")};
  assert_reads_files(paths, 3, NULL, "a,b\n1,x\n2,y\n3,x\n4,z\n");
  assert_reads_files(paths, 0, NULL, "");
  br_csv_options options = {.limited = true, .limit = 3};
  assert_reads_files(paths, 3, &options, "a,b\n1,x\n2,y\n3,x\n");
  const char *names[] = {"p", "q"};
  br_csv_options given = {.names = names, .nnames = 2};
  assert_reads_files(paths, 2, &given, "p,q\na,b\n1,x\n2,y\na,b\n3,x\n");
}

static void columns_are_matched_by_name(void **state)
{
  (void)state;
  const char *paths[] = {put("a.csv", "a,b\n1,x\n"), put("b.csv", "b,c\ny,2.5\n"), put("c.csv", ""),
                         put("d.csv", "c,a\n1,7\n")};
  assert_reads_files(paths, 4, NULL, "a,b,c\n1,x,\n,y,2.5\n7,,1.0\n");
  const char *names[] = {"c", "b"};
  br_csv_options options = {.select = names, .nselect = 2};
  assert_reads_files(paths, 4, &options, "c,b\n,x\n2.5,y\n1.0,\n");
}

static void numbers_and_text_of_several_files_meet_as_written(void **state)
{
  (void)state;
  const char *paths[] = {put("a.csv", "a,b\n1.50,1\n"), put("b.csv", "b,a\n2,x\n"),
                         put("c.csv", "b,a\n,\n")};
  assert_reads_files(paths, 3, NULL, "a,b\n1.50,1\nx,2\n,\n");
  const char *big[] = {put("a.csv", "a,b\n9007199254740993,1\n"), put("b.csv", "b,a\n2,0.50\n")};
  assert_reads_files(big, 2, NULL, "a,b\n9007199254740993,1\n0.50,2\n");
  const char *same[] = {put("a.csv", "a,b\n1.50,1\n"), put("b.csv", "a,b\nx,1\n")};
  assert_reads_files(same, 2, NULL, "a,b\n1.50,1\nx,1\n");
}

static void a_column_says_which_file_a_row_is_of(void **state)
{
  (void)state;
  const char *a = put("a.csv", "a,b\n1,x\n2,y\n");
  const char *b = put("b.csv", "a,b\n3,\"u\nv\"\n");
  const char *c = put("c.csv", "b\nz\n");
  const char *paths[] = {a, b, c, a};
  br_csv_options options = {.file_column = "file"};
  char wanted[1024];
  (void)snprintf(wanted, sizeof wanted,
                 "a,b,file\n1,x,%s\n2,y,%s\n3,\"u\nv\",%s\n,z,%s\n1,x,%s\n2,y,%s\n", a, a, b, c, a,
                 a);
  assert_reads_files(paths, 4, &options, wanted);
  const char *more = put("d.csv", "a,c\n4,5\n");
  const char *later[] = {a, more};
  (void)snprintf(wanted, sizeof wanted, "a,b,c,file\n1,x,,%s\n2,y,,%s\n4,,5,%s\n", a, a, more);
  assert_reads_files(later, 2, &options, wanted);
  br_frame *frame = NULL;
  br_err err = {0};
  options.file_column = "b";
  assert_int_equal(br_csv_read_files(&frame, paths, 4, &options, &err), BR_EEXIST);
  (void)snprintf(wanted, sizeof wanted,
                 "the file column can't be named 'b': %s has a column so named", a);
  assert_string_equal(err.msg, wanted);
  const char *empty = put("d.csv", "");
  assert_reads_files(&empty, 1, &options, "b\n");
}

static void a_flaw_is_named_by_its_own_file(void **state)
{
  (void)state;
  const char *paths[] = {put("a.csv", "a,b\n1,x\n2,y\n"), put("b.csv", "a,b\n3,z\n\n4\n"),
                         put("c.csv", "a,b\n5,z\n")};
  char wanted[256];
  (void)snprintf(wanted, sizeof wanted, "%s:4: 1 field, the header has 2 (byte 9)", paths[1]);
  assert_files_fail(paths, 3, BR_EPARSE, wanted);
  (void)put("b.csv", "a,b\n3,\"z\n");
  (void)snprintf(wanted, sizeof wanted, "%s:2:3: this quote is never closed (byte 6)", paths[1]);
  assert_files_fail(paths, 3, BR_EPARSE, wanted);
  (void)unlink(paths[1]);
  (void)snprintf(wanted, sizeof wanted, "can't open %s: No such file", paths[1]);
  assert_files_fail(paths, 3, BR_ENOTFOUND, wanted);
}

static void thousands_of_small_files_are_one_frame(void **state)
{
  (void)state;
  enum { N = 3000 };
  const char *a = put("a.csv", "n,s\n1,x\n");
  const char *b = put("b.csv", "n,s\n2,y\n3,\n");
  const char **paths = br_calloc(N, sizeof *paths);
  for (size_t i = 0; i < N; i++)
    paths[i] = i % 2 ? b : a;
  br_frame *frame = NULL;
  assert_int_equal(br_csv_read_files(&frame, paths, N, NULL, NULL), BR_OK);
  assert_int_equal(br_frame_nrow(frame), N / 2 * 3);
  assert_int_equal(br_column_null_count(br_frame_column(frame, 1)), N / 2);
  assert_int_equal(br_column_i64(br_frame_column(frame, 0), N / 2 * 3 - 1), 3);
  br_frame_free(frame);
  br_free(paths);
}

/* --- other input --- */

static size_t gzip_at(int level, unsigned char *to, size_t room, const char *text)
{
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)text,
                .avail_in = (unsigned)strlen(text),
                .next_out = to,
                .avail_out = (unsigned)room};
  assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
                   Z_OK);
  assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
  (void)deflateEnd(&z);
  return z.total_out;
}

static size_t gzip(unsigned char *to, size_t room, const char *text)
{
  return gzip_at(6, to, room, text);
}

static void compressed_files_are_unpacked(void **state)
{
  (void)state;
  unsigned char bytes[1024];
  size_t n = gzip(bytes, sizeof bytes, "a,b\n1,x\n");
  n += gzip(bytes + n, sizeof bytes - n, "2,y\n007,z\n");
  const char *paths[] = {put_bytes("a.csv", bytes, n), NULL};
  assert_reads_files(paths, 1, NULL, "a,b\n1,x\n2,y\n007,z\n");
  memset(bytes + n, 0, sizeof bytes - n); /* a block's padding */
  (void)put_bytes("a.csv", bytes, sizeof bytes);
  assert_reads_files(paths, 1, NULL, "a,b\n1,x\n2,y\n007,z\n");
  n = ZSTD_compress(bytes, sizeof bytes, "a,b\n1,x\n", 8, 3);
  n += ZSTD_compress(bytes + n, sizeof bytes - n, "1.5,y\nw,z\n", 10, 3);
  paths[1] = put_bytes("b.csv", bytes, n);
  assert_reads_files(paths, 2, NULL, "a,b\n1,x\n2,y\n007,z\n1,x\n1.5,y\nw,z\n");
}

static void damaged_compressed_files_are_errors(void **state)
{
  (void)state;
  unsigned char bytes[1024];
  size_t n = gzip(bytes, sizeof bytes, "a,b\n1,x\n");
  const char *path = put_bytes("a.csv", bytes, n - 1);
  assert_files_fail(&path, 1, BR_EPARSE, "a.csv: the compressed data is damaged or cut short");
  (void)memcpy(bytes + n, "\0junk", 5);
  (void)put_bytes("a.csv", bytes, n + 5);
  assert_files_fail(&path, 1, BR_EPARSE, "a.csv: the compressed data is damaged or cut short");
  size_t stored = gzip_at(0, bytes, sizeof bytes, "a,b\n1,x\n2,y\n");
  unsigned char *comma = memchr(bytes + 15, ',', stored - 15);
  *comma = ';'; /* a row that does not fit, and a sum that tells why */
  (void)put_bytes("a.csv", bytes, stored);
  assert_files_fail(&path, 1, BR_EPARSE, "a.csv: the compressed data is damaged or cut short");
  n = gzip(bytes, sizeof bytes, "a,b\n1,x\n");
  bytes[n - 5] ^= 1;
  (void)put_bytes("a.csv", bytes, n);
  assert_files_fail(&path, 1, BR_EPARSE, "a.csv: the compressed data is damaged or cut short");
  n = ZSTD_compress(bytes, sizeof bytes, "a,b\n1,x\n", 8, 3);
  (void)put_bytes("a.csv", bytes, n - 1);
  assert_files_fail(&path, 1, BR_EPARSE, "a.csv: the compressed data is damaged or cut short");
}

typedef struct piped {
  const char *path;
  const char *text;
} piped;

static void *feed_pipe(void *argument)
{
  const piped *p = argument;
  size_t n = strlen(p->text);
  int fd = open(p->path, O_WRONLY);
  for (size_t at = 0; at < n && fd >= 0; at += 5)
    if (write(fd, p->text + at, n - at < 5 ? n - at : 5) < 0)
      break;
  (void)close(fd);
  return NULL;
}

/* What comes through a pipe can't be read again; a late text needs that. */
static void a_pipe_may_change_its_mind(void **state)
{
  (void)state;
  br_str text = {0};
  assert_int_equal(br_str_addz(&text, "a,b\n", NULL), BR_OK);
  for (int i = 0; i < 100; i++)
    assert_int_equal(br_str_addf(&text, NULL, "%d.50,1\n", i), BR_OK);
  assert_int_equal(br_str_addz(&text, "x,2\n", NULL), BR_OK);
  piped p = {path_of("pipe"), text.data};
  assert_int_equal(mkfifo(p.path, 0600), 0);
  pthread_t writer;
  assert_int_equal(pthread_create(&writer, NULL, feed_pipe, &p), 0);
  br_frame *frame = NULL;
  assert_int_equal(br_csv_read_files_tuned(&frame, &p.path, 1, NULL, &tiny, NULL), BR_OK);
  assert_int_equal(pthread_join(writer, NULL), 0);
  assert_csv(frame, text.data);
  br_frame_free(frame);
  br_str_clear(&text);
}

static void standard_input_is_a_file_too(void **state)
{
  (void)state;
  int before = dup(STDIN_FILENO);
  int fd = open(put("a.csv", "a\n1\nx\"\n"), O_RDONLY);
  assert_true(fd >= 0 && before >= 0);
  assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
  br_frame *frame = NULL;
  br_err err = {0};
  assert_int_equal(br_csv_read_file(&frame, "-", NULL, &err), BR_EPARSE);
  assert_string_equal(err.msg, "standard input:3:2: a quote inside an unquoted field (byte 5)");
  assert_true(lseek(STDIN_FILENO, 2, SEEK_SET) == 2);
  br_csv_options options = {.limited = true, .limit = 0};
  assert_int_equal(br_csv_read_file(&frame, "-", &options, NULL), BR_OK);
  assert_csv(frame, "1\n");
  br_frame_free(frame);
  (void)dup2(before, STDIN_FILENO);
  (void)close(before);
  (void)close(fd);
}

static void a_file_cut_short_while_it_is_read_is_an_error(void **state)
{
  (void)state;
  br_input in;
  br_err err = {0};
  char bytes[64];
  size_t got = 0;
  const char *path = put("a.csv", "a,b\n1,2\n3,4\n");
  assert_int_equal(br_input_open(&in, path, NULL), BR_OK);
  assert_int_equal(br_input_read(&in, bytes, 4, &got, NULL), BR_OK);
  assert_int_equal(truncate(path, 6), 0);
  assert_int_equal(br_input_read(&in, bytes, sizeof bytes, &got, &err), BR_EIO);
  assert_non_null(strstr(err.msg, "a.csv: it was truncated while being read"));
  assert_int_equal(br_input_rewind(&in, &err), BR_EIO);
  assert_non_null(strstr(err.msg, "a.csv: it changed while being read"));
  br_input_close(&in);
}

static void a_file_that_changes_between_two_readings_is_an_error(void **state)
{
  (void)state;
  br_csv_feed feed;
  br_csv_chunk chunk = {0};
  br_err err = {0};
  const char *path = put("a.csv", "a,b\n1,2\n");
  assert_int_equal(br_csv_feed_open(&feed, &path, 1, NULL), BR_OK);
  feed.count_quotes = br_csv_ways_of(BR_CSV_BEST).count_quotes;
  assert_int_equal(br_csv_feed_next(&feed, &chunk, NULL), BR_OK);
  assert_int_equal(chunk.n, 8);
  (void)put("a.csv", "a,b\n1,2\n3,4\n");
  br_csv_feed_restart(&feed);
  assert_int_equal(br_csv_feed_next(&feed, &chunk, &err), BR_EIO);
  assert_non_null(strstr(err.msg, "a.csv: it changed while being read"));
  br_csv_chunk_clear(&chunk);
  br_csv_feed_close(&feed);
}

static void what_can_not_be_read_says_why(void **state)
{
  (void)state;
  const char *path = folder;
  assert_files_fail(&path, 1, BR_EIO, "Is a directory");
  path = put("a.csv", "a\n");
  assert_int_equal(chmod(path, 0), 0);
  if (geteuid() != 0)
    assert_files_fail(&path, 1, BR_EIO, "Permission denied");
}

static void a_million_columns_are_read(void **state)
{
  (void)state;
  enum { N = 1000000 };
  br_str text = {0};
  for (int i = 0; i < N; i++)
    assert_int_equal(br_str_addf(&text, NULL, "%sc%d", i ? "," : "", i), BR_OK);
  for (int row = 0; row < 2; row++)
    for (int i = 0; i < N; i++)
      assert_int_equal(br_str_addz(&text, i ? ",5" : "\n7", NULL), BR_OK);
  br_frame *frame = NULL;
  br_csv_options options = {.threads = 2};
  assert_int_equal(br_csv_read_bytes(&frame, "x", text.data, text.len, &options, NULL), BR_OK);
  assert_int_equal(br_frame_ncol(frame), N);
  assert_int_equal(br_frame_nrow(frame), 2);
  assert_int_equal(br_column_i64(br_frame_column(frame, N - 1), 1), 5);
  br_frame_free(frame);
  br_str_clear(&text);
}

/* --- memory --- */

static const char *hard_paths[3];

/* All there is: two groups, two passages, both lanes, compressed bytes, strings, nulls, the file column. */
static br_code read_hard(br_err *err)
{
  br_csv_options options = {.file_column = "file", .threads = 2};
  br_frame *frame = NULL;
  br_code code = br_csv_read_files_tuned(&frame, hard_paths, 3, &options, &tiny, err);
  if (code == BR_OK)
    assert_int_equal(br_frame_nrow(frame), 63);
  br_frame_free(frame);
  return code;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  unsigned char packed[1024];
  br_str text = {0};
  assert_int_equal(br_str_addz(&text, "a,b\n", NULL), BR_OK);
  for (int i = 0; i < 30; i++)
    assert_int_equal(
        br_str_addf(&text, NULL, "%d,%s\n%s", i, i % 3 ? "x" : "", i % 9 == 1 ? "\n" : ""), BR_OK);
  assert_int_equal(br_str_addz(&text, "y,\"z\"\"\"\n", NULL), BR_OK);
  hard_paths[0] = put_bytes("a.csv", packed, gzip(packed, sizeof packed, text.data));
  hard_paths[1] = put("b.csv", text.data);
  hard_paths[2] = put("c.csv", "b,c\n1,2\n");
  br_str_clear(&text);
  size_t start = br_mem_live();
  br_code code = BR_ENOMEM;
  size_t n = 0;
  while (code == BR_ENOMEM) {
    br_err err = {0};
    br_mem_fail_at(++n);
    code = read_hard(&err);
    br_mem_fail_at(0);
    assert_int_equal(br_mem_live(), start);
    if (code != BR_OK)
      assert_string_equal(err.msg, "out of memory");
  }
  assert_int_equal(code, BR_OK);
  assert_true(n > 100);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_lanes_agree_on_any_text),
    cmocka_unit_test(long_decimals_are_read_to_the_nearest_double),
    cmocka_unit_test(halves_between_two_doubles_go_to_the_even_one),
    cmocka_unit_test(a_late_cell_changes_the_whole_column),
    cmocka_unit_test(a_selection_gives_its_columns_in_its_order),
    cmocka_unit_test(errors_count_in_columns_that_are_not_selected_too),
    cmocka_unit_test(a_limit_ends_the_reading),
    cmocka_unit_test(timestamps_are_inferred_where_asked),
    cmocka_unit_test(the_frame_is_the_same_for_any_number_of_threads),
    cmocka_unit_test(files_stand_below_each_other),
    cmocka_unit_test(columns_are_matched_by_name),
    cmocka_unit_test(numbers_and_text_of_several_files_meet_as_written),
    cmocka_unit_test(a_column_says_which_file_a_row_is_of),
    cmocka_unit_test(a_flaw_is_named_by_its_own_file),
    cmocka_unit_test(thousands_of_small_files_are_one_frame),
    cmocka_unit_test(compressed_files_are_unpacked),
    cmocka_unit_test(damaged_compressed_files_are_errors),
    cmocka_unit_test(a_pipe_may_change_its_mind),
    cmocka_unit_test(standard_input_is_a_file_too),
    cmocka_unit_test(a_file_cut_short_while_it_is_read_is_an_error),
    cmocka_unit_test(a_file_that_changes_between_two_readings_is_an_error),
    cmocka_unit_test(what_can_not_be_read_says_why),
    cmocka_unit_test(a_million_columns_are_read),
    cmocka_unit_test(every_allocation_may_fail),
};

int main(void)
{
  return cmocka_run_group_tests_name("csv_lanes", tests, make_folder, remove_folder);
}
