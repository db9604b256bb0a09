/* Functions of strings, which are bytes: letters are those of ASCII, positions count bytes from 1.
 *
 * Patterns are POSIX extended regular expressions, compiled by the C library once for an expression.
 * It takes memory in proportion to what repeats say, multiplied, and endless time for references
 * back; so both are limited here. */
#include "expr/functions.h"

#include "base/vec.h"
#include "frame/text.h"

#include <string.h>

enum { PATTERN_MAX = 1000, REPEATS_MAX = 20000, GROUPS = 10, TEXT_MAX = 1 << 27 };

static bool is_blank(char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static char lower_of(char c)
{
  if (c >= 'A' && c <= 'Z')
    return (char)(c - 'A' + 'a');
  return c;
}

static char upper_of(char c)
{
  if (c >= 'a' && c <= 'z')
    return (char)(c - 'a' + 'A');
  return c;
}

/* Position of a part, from `from` on; x->len + 1 where it is not. */
static size_t find_part(const br_expr_span *x, const br_expr_span *part, size_t from)
{
  if (part->len == 0)
    return from;
  while (from + part->len <= x->len) {
    const char *s = memchr(x->s + from, part->s[0], x->len - from - part->len + 1);
    if (!s)
      break;
    if (memcmp(s, part->s, part->len) == 0)
      return (size_t)(s - x->s);
    from = (size_t)(s - x->s) + 1;
  }
  return x->len + 1;
}

static bool starts_with(const br_expr_span *x, const br_expr_span *part)
{
  return x->len >= part->len && memcmp(x->s, part->s, part->len) == 0;
}

static bool ends_with(const br_expr_span *x, const br_expr_span *part)
{
  return x->len >= part->len && memcmp(x->s + x->len - part->len, part->s, part->len) == 0;
}

/* x, y: the arguments. */
#define TEST(name, type, value)                                                                    \
  static br_code name(const br_expr_call *call, br_err *err)                                       \
  {                                                                                                \
    const br_expr_span *a = call->in[0].cells;                                                     \
    const br_expr_span *b = call->in[call->node->nargs - 1].cells;                                 \
    typedef type result_cell;                                                                      \
    result_cell *out = call->out;                                                                  \
    for (size_t i = 0; i < call->n; i++) {                                                         \
      const br_expr_span *x = &a[i];                                                               \
      const br_expr_span *y = &b[i];                                                               \
      (void)y;                                                                                     \
      out[i] = (value);                                                                            \
    }                                                                                              \
    (void)err;                                                                                     \
    return BR_OK;                                                                                  \
  }

TEST(len_str, int64_t, (int64_t)x->len)
TEST(contains_str, unsigned char, find_part(x, y, 0) <= x->len)
TEST(starts_str, unsigned char, starts_with(x, y))
TEST(ends_str, unsigned char, ends_with(x, y))

static br_code find_str(const br_expr_call *call, br_err *err)
{
  const br_expr_span *a = call->in[0].cells;
  const br_expr_span *b = call->in[1].cells;
  int64_t *out = call->out;
  (void)err;
  for (size_t i = 0; i < call->n; i++) {
    size_t at = find_part(&a[i], &b[i], 0);
    out[i] = (int64_t)at + 1;
    call->valid[i] &= at <= a[i].len;
  }
  return BR_OK;
}

/* New strings. */

static br_code map_bytes(const br_expr_call *call, char (*map)(char), br_err *err)
{
  const br_expr_span *a = call->in[0].cells;
  br_expr_span *out = call->out;
  for (size_t i = 0; i < call->n; i++) {
    char *copy = br_expr_arena_take(call->arena, a[i].len);
    if (!copy)
      return br_fail_nomem(err);
    for (size_t k = 0; k < a[i].len; k++)
      copy[k] = map(a[i].s[k]);
    out[i] = (br_expr_span){copy, a[i].len};
  }
  return BR_OK;
}

static br_code lower_str(const br_expr_call *call, br_err *err)
{
  return map_bytes(call, lower_of, err);
}

static br_code upper_str(const br_expr_call *call, br_err *err)
{
  return map_bytes(call, upper_of, err);
}

static br_code trim_str(const br_expr_call *call, br_err *err)
{
  const br_expr_span *a = call->in[0].cells;
  br_expr_span *out = call->out;
  (void)err;
  for (size_t i = 0; i < call->n; i++) {
    br_expr_span x = a[i];
    for (; x.len > 0 && is_blank(x.s[0]); x.len--)
      x.s++;
    while (x.len > 0 && is_blank(x.s[x.len - 1]))
      x.len--;
    out[i] = x;
  }
  return BR_OK;
}

static br_code fail_long(const br_expr_call *call, size_t i, br_err *err)
{
  return br_expr_fail_row(call, i, err, "'%s' would make more than 128 MiB of text",
                          call->node->op->name);
}

static br_code concat_str(const br_expr_call *call, br_err *err)
{
  const br_expr_span *a = call->in[0].cells;
  const br_expr_span *b = call->in[1].cells;
  br_expr_span *out = call->out;
  for (size_t i = 0; i < call->n; i++) {
    size_t len = a[i].len + b[i].len;
    if (!br_expr_is_value(call->valid, i))
      continue;
    if (len > TEXT_MAX)
      return fail_long(call, i, err);
    char *joined = br_expr_arena_take(call->arena, len);
    if (!joined)
      return br_fail_nomem(err);
    memcpy(joined, a[i].s, a[i].len);
    memcpy(joined + a[i].len, b[i].s, b[i].len);
    out[i] = (br_expr_span){joined, len};
  }
  return BR_OK;
}

/* Position from 1, from the end where negative, as in Lua's string.sub. */
static size_t first_of(int64_t i, size_t len)
{
  if (i > 0)
    return (uint64_t)i - 1 < len ? (size_t)i - 1 : len;
  return i == 0 || i < -(int64_t)len ? 0 : len - (size_t)-i;
}

static size_t end_of(int64_t j, size_t len)
{
  if (j >= 0)
    return (uint64_t)j < len ? (size_t)j : len;
  return j < -(int64_t)len ? 0 : len - (size_t)-j + 1;
}

static br_code sub_str(const br_expr_call *call, br_err *err)
{
  const br_expr_span *a = call->in[0].cells;
  const int64_t *from = call->in[1].cells;
  const int64_t *to = call->in[2].cells;
  br_expr_span *out = call->out;
  (void)err;
  for (size_t i = 0; i < call->n; i++) {
    size_t first = first_of(from[i], a[i].len);
    size_t end = end_of(to[i], a[i].len);
    out[i] = (br_expr_span){a[i].s + first, end > first ? end - first : 0};
  }
  return BR_OK;
}

static size_t count_parts(const br_expr_span *x, const br_expr_span *part)
{
  size_t n = 0;
  for (size_t at = find_part(x, part, 0); at <= x->len; at = find_part(x, part, at + part->len))
    n++;
  return n;
}

static void write_replaced(char *to, const br_expr_span *x, const br_expr_span *part,
                           const br_expr_span *by)
{
  size_t from = 0;
  for (size_t at = find_part(x, part, 0); at <= x->len; at = find_part(x, part, from)) {
    memcpy(to, x->s + from, at - from);
    to += at - from;
    memcpy(to, by->s, by->len);
    to += by->len;
    from = at + part->len;
  }
  memcpy(to, x->s + from, x->len - from);
}

static br_code replace_one(const br_expr_call *call, size_t i, br_err *err)
{
  const br_expr_span *x = (const br_expr_span *)call->in[0].cells + i;
  const br_expr_span *part = (const br_expr_span *)call->in[1].cells + i;
  const br_expr_span *by = (const br_expr_span *)call->in[2].cells + i;
  br_expr_span *out = (br_expr_span *)call->out + i;
  *out = *x;
  size_t n = part->len ? count_parts(x, part) : 0;
  if (n == 0)
    return BR_OK;
  size_t rest = x->len - n * part->len;
  if (by->len > 0 && n > (TEXT_MAX + x->len - rest) / by->len)
    return fail_long(call, i, err);
  char *made = br_expr_arena_take(call->arena, rest + n * by->len);
  if (!made)
    return br_fail_nomem(err);
  write_replaced(made, x, part, by);
  *out = (br_expr_span){made, rest + n * by->len};
  return BR_OK;
}

static br_code replace_str(const br_expr_call *call, br_err *err)
{
  for (size_t i = 0; i < call->n; i++)
    if (br_expr_is_value(call->valid, i))
      BR_TRY(replace_one(call, i, err));
  return BR_OK;
}

/* Patterns. */

static bool match(const br_expr_call *call, const br_expr_span *x, regmatch_t groups[GROUPS])
{
  const regex_t *regex = call->node->param;
  groups[0] = (regmatch_t){.rm_so = 0, .rm_eo = (regoff_t)x->len};
  return x->len < TEXT_MAX && regexec(regex, x->s, GROUPS, groups, REG_STARTEND) == 0;
}

static br_code matches_str(const br_expr_call *call, br_err *err)
{
  regmatch_t groups[GROUPS];
  const br_expr_span *a = call->in[0].cells;
  unsigned char *out = call->out;
  (void)err;
  for (size_t i = 0; i < call->n; i++)
    out[i] = match(call, &a[i], groups);
  return BR_OK;
}

/* The first group, or all where there is none. */
static br_code extract_str(const br_expr_call *call, br_err *err)
{
  regmatch_t groups[GROUPS];
  const regex_t *regex = call->node->param;
  const br_expr_span *a = call->in[0].cells;
  br_expr_span *out = call->out;
  size_t wanted = regex->re_nsub > 0 ? 1 : 0;
  (void)err;
  for (size_t i = 0; i < call->n; i++) {
    bool found = match(call, &a[i], groups) && groups[wanted].rm_so >= 0;
    call->valid[i] &= found;
    if (found)
      out[i] = (br_expr_span){a[i].s + groups[wanted].rm_so,
                              (size_t)(groups[wanted].rm_eo - groups[wanted].rm_so)};
  }
  return BR_OK;
}

/* The largest number of a repeat {m,n}; at is behind '{'. */
static size_t largest_repeat(const char *at)
{
  size_t largest = 1;
  while (*at && *at != '}') {
    size_t value = 0;
    for (; *at >= '0' && *at <= '9'; at++)
      value = value < REPEATS_MAX ? value * 10 + (size_t)(*at - '0') : value;
    largest = value > largest ? value : largest;
    at += *at && *at != '}';
  }
  return largest;
}

/* NULL where the pattern may be compiled. */
static const char *refused(const char *pattern, size_t len)
{
  size_t repeats = 1;
  if (len > PATTERN_MAX)
    return "a pattern has at most 1000 bytes";
  if (strlen(pattern) != len)
    return "a pattern holds no NUL";
  for (const char *s = pattern; *s; s++) {
    if (s[0] == '\\' && s[1] >= '1' && s[1] <= '9')
      return "a pattern can't refer back to a group";
    if (s[0] == '\\' && s[1])
      s++;
    else if (s[0] == '{')
      repeats *= largest_repeat(s + 1);
    if (repeats > REPEATS_MAX)
      return "the pattern repeats too much";
  }
  return NULL;
}

static br_code compile_pattern(br_expr *e, const br_expr_span *text, size_t at, const void **out,
                               br_err *err)
{
  const char *why = refused(text->s, text->len);
  if (why)
    return br_expr_fail(&e->program, at, BR_EPARSE, err, "%s", why);
  br_expr_pattern *pattern = br_calloc(1, sizeof *pattern);
  if (!pattern)
    return br_fail_nomem(err);
  int code = regcomp(&pattern->regex, text->s, REG_EXTENDED);
  if (code != 0) {
    char words[BR_SHOWN_MAX];
    (void)regerror(code, &pattern->regex, words, sizeof words);
    br_free(pattern);
    return br_expr_fail(&e->program, at, BR_EPARSE, err, "the pattern can't be read: %s", words);
  }
  pattern->next = e->patterns;
  e->patterns = pattern;
  *out = &pattern->regex;
  return BR_OK;
}

static br_code build_pattern(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                             br_expr_ref *out, br_err *err)
{
  br_expr_value text;
  br_expr_site own = *site;
  size_t at = br_expr_at(e, site->args[1])->at;
  BR_TRY(br_expr_option(e, site, 1, BR_X_STR, &text, err));
  char *copy = br_expr_arena_take(&e->arena, text.str.len + 1);
  if (!copy)
    return br_fail_nomem(err);
  memcpy(copy, text.str.s, text.str.len);
  copy[text.str.len] = '\0';
  text.str.s = copy;
  BR_TRY(compile_pattern(e, &text.str, at, &own.param, err));
  own.nargs = 1;
  return br_expr_build_typed(e, &own, def, out, err);
}

static br_code build_sub(br_expr *e, const br_expr_site *site, const br_expr_def *def,
                         br_expr_ref *out, br_err *err)
{
  br_expr_ref end = 0;
  br_expr_site own = *site;
  if (site->nargs == 3)
    end = site->args[2];
  else
    BR_TRY(br_expr_integer(e, -1, site->at, &end, err));
  br_expr_ref three[3] = {site->args[0], site->args[1], end};
  own.args = three;
  own.nargs = 3;
  return br_expr_build_typed(e, &own, def, out, err);
}

const br_expr_op br_expr_op_len = {"#", len_str, BR_X_I64, BR_NULLS_SPREAD, false};
const br_expr_op br_expr_op_concat = {"..", concat_str, BR_X_STR, BR_NULLS_SPREAD, false};

static const br_expr_op op_lower = {"lower", lower_str, BR_X_STR, BR_NULLS_SPREAD, false};
static const br_expr_op op_upper = {"upper", upper_str, BR_X_STR, BR_NULLS_SPREAD, false};
static const br_expr_op op_trim = {"trim", trim_str, BR_X_STR, BR_NULLS_SPREAD, true};
static const br_expr_op op_contains = {"contains", contains_str, BR_X_BOOL, BR_NULLS_SPREAD, false};
static const br_expr_op op_starts = {"starts_with", starts_str, BR_X_BOOL, BR_NULLS_SPREAD, false};
static const br_expr_op op_ends = {"ends_with", ends_str, BR_X_BOOL, BR_NULLS_SPREAD, false};
static const br_expr_op op_find = {"find", find_str, BR_X_I64, BR_NULLS_MADE, false};
static const br_expr_op op_replace = {"replace", replace_str, BR_X_STR, BR_NULLS_SPREAD, false};
static const br_expr_op op_sub = {"sub", sub_str, BR_X_STR, BR_NULLS_SPREAD, true};
static const br_expr_op op_matches = {"matches", matches_str, BR_X_BOOL, BR_NULLS_SPREAD, false};
static const br_expr_op op_extract = {"extract", extract_str, BR_X_STR, BR_NULLS_MADE, true};

static const br_expr_def defs[] = {
    {{"lower", "(s)", "In small letters (ASCII)."}, 1, 1, br_expr_build_typed, "s", &op_lower},
    {{"upper", "(s)", "In capital letters (ASCII)."}, 1, 1, br_expr_build_typed, "s", &op_upper},
    {{"trim", "(s)", "Without blanks at its ends."}, 1, 1, br_expr_build_typed, "s", &op_trim},
    {{"len", "(s)", "The number of bytes, as #s."},
     1,
     1,
     br_expr_build_typed,
     "s",
     &br_expr_op_len},
    {{"contains", "(s, part)", "Whether the part stands in s, byte by byte."},
     2,
     2,
     br_expr_build_typed,
     "ss",
     &op_contains},
    {{"starts_with", "(s, part)", "Whether s begins with the part."},
     2,
     2,
     br_expr_build_typed,
     "ss",
     &op_starts},
    {{"ends_with", "(s, part)", "Whether s ends with the part."},
     2,
     2,
     br_expr_build_typed,
     "ss",
     &op_ends},
    {{"find", "(s, part)", "Where the part first stands in s, from 1; null where it does not."},
     2,
     2,
     br_expr_build_typed,
     "ss",
     &op_find},
    {{"replace", "(s, part, new)", "s with every occurrence of the part replaced."},
     3,
     3,
     br_expr_build_typed,
     "sss",
     &op_replace},
    {{"sub", "(s, i, j)", "Bytes i to j (-1), counted from 1, or from the end where negative."},
     2,
     3,
     build_sub,
     "sii",
     &op_sub},
    {{"matches", "(s, pattern)",
      "Whether a POSIX extended regular expression matches somewhere in s; ^ and $ are its ends."},
     2,
     2,
     build_pattern,
     "s",
     &op_matches},
    {{"extract", "(s, pattern)",
      "What the first group of a POSIX extended regular expression matches in s, or all of it "
      "where "
      "it has no group; null where it does not match."},
     2,
     2,
     build_pattern,
     "s",
     &op_extract},
};
const br_expr_list br_expr_of_text = {defs, sizeof defs / sizeof *defs};
