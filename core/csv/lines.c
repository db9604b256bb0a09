/* Lines of a span and places in it. libcsv knows no positions: the reader feeds it line by line and
 * works out line and column only when something is wrong. */
#include "csv/csv_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

char br_csv_delimiter(char given)
{
  if (given)
    return given;
  return ',';
}

bool br_csv_delimiter_ok(char delimiter)
{
  return delimiter > 0 && !strchr("\"\r\n", delimiter);
}

bool br_csv_is_blank(char c, char delimiter)
{
  return (c == ' ' || c == '\t') && c != delimiter;
}

static size_t find(const br_csv_span *source, size_t from, char c)
{
  const char *hit = memchr(source->bytes + from, c, source->n - from);
  return hit ? (size_t)(hit - source->bytes) : source->n;
}

void br_csv_lines_start(br_csv_lines *lines, const br_csv_span *source)
{
  *lines = (br_csv_lines){
      .source = source,
      .next = 0,
      .lf = find(source, 0, '\n'),
      .cr = find(source, 0, '\r'),
  };
}

/* The hits are kept, so that a file without one of the two is searched for it once. */
bool br_csv_lines_next(br_csv_lines *lines, br_csv_line *line)
{
  const br_csv_span *source = lines->source;
  if (lines->next >= source->n)
    return false;
  if (lines->lf < lines->next)
    lines->lf = find(source, lines->next, '\n');
  if (lines->cr < lines->next)
    lines->cr = find(source, lines->next, '\r');
  size_t end = lines->lf < lines->cr || lines->lf == lines->cr + 1 ? lines->lf : lines->cr;
  size_t next = end < source->n ? end + 1 : end;
  *line = (br_csv_line){.start = lines->next, .len = next - lines->next};
  lines->next = next;
  return true;
}

bool br_csv_line_is_blank(const br_csv_span *source, br_csv_line line)
{
  const char *c = source->bytes + line.start;
  const char *end = c + line.len;
  while (c < end && br_csv_is_blank(*c, source->delimiter))
    c++;
  return c == end || *c == '\n' || *c == '\r';
}

/* In well-formed text a doubled quote toggles twice, so one flag is enough. */
size_t br_csv_field_start(const br_csv_span *source, size_t row, size_t field)
{
  bool quoted = false;
  size_t pos = row;
  for (; field > 0 && pos < source->n; pos++) {
    char c = source->bytes[pos];
    if (c == '"')
      quoted = !quoted;
    else if (c == source->delimiter && !quoted)
      field--;
  }
  while (pos < source->n && br_csv_is_blank(source->bytes[pos], source->delimiter))
    pos++;
  return pos;
}

/* Characters, as an editor counts columns: a UTF-8 continuation byte is none of its own. */
static size_t characters(const char *bytes, size_t n)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += ((unsigned char)bytes[i] & 0xC0u) != 0x80u;
  return count;
}

static void next_line(br_csv_place *place)
{
  place->line++;
  place->column = 1;
}

/* A CR ends a line unless an LF follows, which then does. */
void br_csv_place_settle(br_csv_place *place, char next)
{
  if (place->after_cr && next != '\n')
    next_line(place);
  place->after_cr = false;
}

static void pass_plain(br_csv_place *place, const char *bytes, size_t n)
{
  const char *end = bytes + n;
  const char *lf = NULL;
  while (n && (lf = memchr(bytes, '\n', n)) != NULL) {
    next_line(place);
    bytes = lf + 1;
    n = (size_t)(end - bytes);
  }
  place->column += characters(bytes, n);
}

void br_csv_place_pass(br_csv_place *place, const char *bytes, size_t n)
{
  while (n > 0) {
    br_csv_place_settle(place, *bytes);
    const char *cr = memchr(bytes, '\r', n);
    size_t plain = cr ? (size_t)(cr - bytes) : n;
    pass_plain(place, bytes, plain);
    place->after_cr = cr != NULL;
    place->column += place->after_cr;
    plain += place->after_cr;
    bytes += plain;
    n -= plain;
  }
}

br_code br_csv_flaw_set(br_csv_flaw *flaw, size_t byte, br_csv_where where, br_err *err,
                        const char *fmt, ...)
{
  va_list args;
  flaw->byte = byte;
  flaw->where = where;
  va_start(args, fmt);
  (void)vsnprintf(flaw->message, sizeof flaw->message, fmt, args);
  va_end(args);
  return br_fail(err, BR_EPARSE, "%s", flaw->message);
}
