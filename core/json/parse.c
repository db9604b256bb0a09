/* JSON as a frame; see json.h.
 *
 * yajl reads the text in one piece and calls back for each token; no recursion, so depth costs only
 * memory. It does not look at what its allocator returns: where memory is out, the allocator jumps back
 * to the start, and all that yajl held is freed from a list. Its strings with lone surrogates lose
 * characters, so these are replaced in a copy before it sees them. */
#include "json/json_internal.h"

#include "base/interrupt.h"
#include "base/vec.h"
#include "frame/text.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <yajl/yajl_parse.h>

enum { ROWS_A_LOOK = 1024 }; /* between two looks at the interrupt flag */

typedef enum shape {
  SHAPE_START,
  SHAPE_ROWS,    /* within an array of objects, or among lines */
  SHAPE_OBJECT,  /* within an object that may be a row or columns */
  SHAPE_ROW,     /* within the object of a row */
  SHAPE_COLUMNS, /* within an object of arrays */
  SHAPE_COLUMN,  /* within such an array */
  SHAPE_END,
} shape;

struct block { /* of yajl's; its bytes follow */
  struct block *before, *after;
};

struct parser {
  const char *text;
  size_t len;
  bool lines;
  yajl_handle handle;
  struct block blocks; /* a ring */
  jmp_buf no_memory;
  br_err *err;
  br_code code; /* why a callback ended it */
  bool finishing;

  shape shape;
  bool single; /* the row is the whole text */
  size_t row;  /* rows, or cells of the column, so far */
  size_t nrow; /* of the first column */
  br_json_columns columns;
  size_t column; /* at hand */
  br_str name;   /* of the key at hand, with those that it is nested in */
  size_t *bases; /* lengths of the names of the objects it is nested in */
  size_t depth, bases_cap;
  size_t raw;      /* open brackets of a value that stays text */
  size_t raw_from; /* where it begins */
};

/* --- errors --- */

static size_t offset(const struct parser *p)
{
  return p->finishing ? p->len : yajl_get_bytes_consumed(p->handle);
}

static void locate(const struct parser *p, size_t *line, size_t *column)
{
  size_t end = offset(p), start = 0;
  *line = 1;
  for (size_t i = 0; i + 1 < end; i++) {
    if (p->text[i] == '\n') {
      ++*line;
      start = i + 1;
    }
  }
  *column = end > start ? end - start : 1;
}

static int stop(struct parser *p, br_code code)
{
  p->code = code;
  return code == BR_OK;
}

static int wrong(struct parser *p, const char *what)
{
  size_t line = 0, column = 0;
  locate(p, &line, &column);
  return stop(p, br_fail(p->err, BR_EPARSE, "line %zu, column %zu: %s", line, column, what));
}

static int wrong_key(struct parser *p, const char *what)
{
  char message[BR_SHOWN_MAX + 64], shown[BR_SHOWN_MAX];
  br_shown(shown, p->name.data ? p->name.data : "", p->name.len);
  (void)snprintf(message, sizeof message, "the key '%s' %s", shown, what);
  return wrong(p, message);
}

/* --- values --- */

/* The column that the key at hand names. */
static br_code find_column(struct parser *p, size_t *column)
{
  const char *name = p->name.data ? p->name.data : "";
  br_code code = br_json_columns_find(column, &p->columns, name, p->name.len, p->err);
  if (code == BR_EPARSE)
    (void)wrong_key(p, "holds a NUL and can't name a column");
  return code;
}

/* The column at hand for the next value, where there may be one. */
static int place(struct parser *p)
{
  size_t column = p->column;
  switch (p->shape) {
  case SHAPE_OBJECT:
    p->shape = SHAPE_ROW;
    p->single = true;
    break;
  case SHAPE_ROW:
  case SHAPE_COLUMN:
    break;
  case SHAPE_COLUMNS:
    return wrong_key(p, "has no array, unlike those before it");
  case SHAPE_ROWS:
    return wrong(p, "a row is to be an object");
  default:
    return wrong(p, "an array or an object is expected");
  }
  if (p->shape == SHAPE_COLUMN)
    return 1;
  br_code code = find_column(p, &column);
  if (code == BR_OK && p->columns.columns[column].len > p->row)
    return wrong_key(p, "stands twice in one object");
  p->column = column;
  return stop(p, code == BR_OK ? br_json_columns_pad(&p->columns, column, p->row, p->err) : code);
}

static br_mixed *cells(struct parser *p)
{
  return &p->columns.columns[p->column];
}

/* Ends a value: in a column each is a row. */
static int placed(struct parser *p, br_code code)
{
  if (p->shape == SHAPE_COLUMN)
    p->row++;
  return stop(p, code);
}

static int on_null(void *context)
{
  struct parser *p = context;
  if (p->raw > 0)
    return 1;
  return place(p) && placed(p, br_mixed_null(cells(p), p->err));
}

static int on_boolean(void *context, int value)
{
  struct parser *p = context;
  if (p->raw > 0)
    return 1;
  return place(p) && placed(p, br_mixed_bool(cells(p), value != 0, p->err));
}

/* What the text ends with yajl gives from a buffer of its own. */
static int on_number(void *context, const char *text, size_t len)
{
  struct parser *p = context;
  if (p->raw > 0)
    return 1;
  size_t at = p->finishing ? p->len - len : (size_t)(text - p->text);
  return place(p) && placed(p, br_mixed_number(cells(p), at, len, p->err));
}

static int on_string(void *context, const unsigned char *text, size_t len)
{
  struct parser *p = context;
  if (p->raw > 0)
    return 1;
  return place(p) && placed(p, br_mixed_text(cells(p), (const char *)text, len, p->err));
}

/* --- values that stay text --- */

static int open_raw(struct parser *p)
{
  if (!place(p))
    return 0;
  p->raw = 1;
  p->raw_from = offset(p) - 1;
  return 1;
}

static int close_raw(struct parser *p)
{
  if (--p->raw > 0)
    return 1;
  size_t len = offset(p) - p->raw_from;
  return placed(p, br_mixed_text(cells(p), p->text + p->raw_from, len, p->err));
}

/* --- objects --- */

static int enter_object(struct parser *p)
{
  br_code code = br_vec_reserve(&p->bases, &p->bases_cap, p->depth + 1, p->err);
  if (code == BR_OK)
    p->bases[p->depth++] = p->name.len;
  return stop(p, code);
}

static int on_start_map(void *context)
{
  struct parser *p = context;
  if (p->raw > 0)
    return p->raw++ > 0;
  switch (p->shape) {
  case SHAPE_START:
    p->shape = SHAPE_OBJECT;
    return 1;
  case SHAPE_ROWS:
    p->shape = SHAPE_ROW;
    return 1;
  case SHAPE_OBJECT:
    p->shape = SHAPE_ROW;
    p->single = true;
    return enter_object(p);
  case SHAPE_ROW:
    return enter_object(p);
  default:
    return open_raw(p);
  }
}

static int on_map_key(void *context, const unsigned char *key, size_t len)
{
  struct parser *p = context;
  if (p->raw > 0)
    return 1;
  p->name.len = p->depth > 0 ? p->bases[p->depth - 1] : 0;
  br_code code = p->depth > 0 ? br_str_addc(&p->name, '.', p->err) : BR_OK;
  return stop(p, code == BR_OK ? br_str_add(&p->name, key, len, p->err) : code);
}

static int end_row(struct parser *p)
{
  p->shape = p->single ? SHAPE_END : SHAPE_ROWS;
  p->row++;
  p->columns.next = 0;
  return stop(p, p->row % ROWS_A_LOOK == 0 ? br_interrupt_check(p->err) : BR_OK);
}

static int on_end_map(void *context)
{
  struct parser *p = context;
  if (p->raw > 0)
    return close_raw(p);
  if (p->depth > 0) {
    p->depth--;
    return 1;
  }
  if (p->shape == SHAPE_ROW)
    return end_row(p);
  p->shape = SHAPE_END;
  return 1;
}

/* --- arrays --- */

static int start_column(struct parser *p)
{
  size_t before = br_json_columns_len(&p->columns);
  br_code code = find_column(p, &p->column);
  if (code == BR_OK && br_json_columns_len(&p->columns) == before)
    return wrong_key(p, "stands twice in one object");
  p->shape = SHAPE_COLUMN;
  p->row = 0;
  return stop(p, code);
}

static int on_start_array(void *context)
{
  struct parser *p = context;
  if (p->raw > 0)
    return p->raw++ > 0;
  if (p->shape == SHAPE_START)
    p->shape = SHAPE_ROWS;
  else if (p->shape == SHAPE_OBJECT || p->shape == SHAPE_COLUMNS)
    return start_column(p);
  else
    return open_raw(p);
  return 1;
}

static int on_end_array(void *context)
{
  struct parser *p = context;
  if (p->raw > 0)
    return close_raw(p);
  if (p->shape == SHAPE_ROWS) {
    p->shape = SHAPE_END;
    return 1;
  }
  p->shape = SHAPE_COLUMNS;
  if (p->column > 0 && p->row != p->nrow)
    return wrong_key(p, "has more or fewer values than the first");
  p->nrow = p->row;
  return 1;
}

/* --- yajl's memory --- */

static void *allocate(void *context, size_t size)
{
  struct parser *p = context;
  struct block *block = br_alloc(sizeof *block + size);
  if (!block)
    longjmp(p->no_memory, 1);
  block->before = &p->blocks;
  block->after = p->blocks.after;
  block->before->after = block->after->before = block;
  return block + 1;
}

static void release(void *context, void *bytes)
{
  (void)context;
  if (!bytes)
    return;
  struct block *block = (struct block *)bytes - 1;
  block->before->after = block->after;
  block->after->before = block->before;
  br_free(block);
}

static void *reallocate(void *context, void *bytes, size_t size)
{
  struct parser *p = context;
  if (!bytes)
    return allocate(context, size);
  struct block *block = br_realloc((struct block *)bytes - 1, 1, sizeof *block + size);
  if (!block)
    longjmp(p->no_memory, 1);
  block->before->after = block->after->before = block;
  return block + 1;
}

static void release_all(struct parser *p)
{
  while (p->blocks.after != &p->blocks)
    release(p, p->blocks.after + 1);
}

/* --- the text --- */

static br_code fail_yajl(struct parser *p, yajl_status status)
{
  if (status == yajl_status_client_canceled)
    return p->code;
  char *words = (char *)yajl_get_error(p->handle, 0, NULL, 0);
  words[strcspn(words, "\n")] = '\0';
  (void)wrong(p, words);
  return BR_EPARSE;
}

static br_code feed(struct parser *p)
{
  yajl_status status = yajl_parse(p->handle, (const unsigned char *)p->text, p->len);
  if (status == yajl_status_ok) {
    p->finishing = true;
    status = yajl_complete_parse(p->handle);
  }
  return status == yajl_status_ok ? BR_OK : fail_yajl(p, status);
}

static br_code run(struct parser *p)
{
  static const yajl_callbacks callbacks = {
      .yajl_null = on_null,
      .yajl_boolean = on_boolean,
      .yajl_number = on_number,
      .yajl_string = on_string,
      .yajl_start_map = on_start_map,
      .yajl_map_key = on_map_key,
      .yajl_end_map = on_end_map,
      .yajl_start_array = on_start_array,
      .yajl_end_array = on_end_array,
  };
  yajl_alloc_funcs memory = {allocate, reallocate, release, p};
  if (setjmp(p->no_memory))
    return br_fail_nomem(p->err);
  p->handle = yajl_alloc(&callbacks, &memory, p);
  (void)yajl_config(p->handle, yajl_allow_multiple_values, p->lines ? 1 : 0);
  return feed(p);
}

/* The code unit of an escape \uXXXX at s, or -1. */
static long unit(const char *s, const char *end)
{
  long value = 0;
  if (end - s < 6 || s[0] != '\\' || s[1] != 'u')
    return -1;
  for (int i = 2; i < 6; i++) {
    const char *digits = "0123456789abcdef";
    const char *at = s[i] ? strchr(digits, tolower((unsigned char)s[i])) : NULL;
    if (!at)
      return -1;
    value = value * 16 + (at - digits);
  }
  return value;
}

static bool is_high(long value)
{
  return value >= 0xd800 && value <= 0xdbff;
}

static bool is_low(long value)
{
  return value >= 0xdc00 && value <= 0xdfff;
}

/* The first escape from s on that is a surrogate without its other half; NULL where there is none. */
static const char *find_lone(const char *s, const char *end)
{
  while (s < end && (s = memchr(s, '\\', (size_t)(end - s)))) {
    long value = unit(s, end);
    bool pair = is_high(value) && is_low(unit(s + 6, end));
    if ((is_high(value) && !pair) || is_low(value))
      return s;
    s += pair ? 12 : 2;
  }
  return NULL;
}

static br_code replace_lone(char **copy, const char *text, size_t len, br_err *err)
{
  static const char replacement[] = {'\\', 'u', 'f', 'f', 'f', 'd'};
  const char *lone = find_lone(text, text + len);
  if (!lone)
    return BR_OK;
  *copy = br_strndup(text, len);
  if (!*copy)
    return br_fail_nomem(err);
  char *at = *copy + (lone - text);
  const char *end = *copy + len;
  while (at) {
    for (size_t i = 0; i < sizeof replacement; i++)
      at[i] = replacement[i];
    at = (char *)find_lone(at, end);
  }
  return BR_OK;
}

static bool is_blank(const char *text, size_t len)
{
  size_t i = 0;
  while (i < len && text[i] && strchr(" \t\r\n", text[i]))
    i++;
  return i == len;
}

static br_code parse(br_frame **out, struct parser *p)
{
  br_code code = BR_OK;
  p->blocks.before = p->blocks.after = &p->blocks;
  p->columns.source = p->text;
  if (!p->lines || !is_blank(p->text, p->len))
    code = run(p);
  if (code == BR_OK)
    code = br_json_columns_frame(out, &p->columns, p->row, p->err);
  release_all(p);
  br_json_columns_clear(&p->columns);
  br_str_clear(&p->name);
  br_free(p->bases);
  return code;
}

br_code br_json_parse(br_frame **out, const char *text, size_t len, bool lines, br_err *err)
{
  char *copy = NULL;
  size_t mark = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  text += mark;
  len -= mark;
  BR_TRY(replace_lone(&copy, text, len, err));
  struct parser p = {.text = copy ? copy : text, .len = len, .lines = lines, .err = err};
  p.shape = lines ? SHAPE_ROWS : SHAPE_START;
  br_code code = parse(out, &p);
  br_free(copy);
  return code;
}
