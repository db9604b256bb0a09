/* The lexer; see lex.h. Names may hold dots and bytes from 0x80 on, and the words that Lua keeps for
 * statements are names like any other, as columns may be called so. */
#include "expr/lex.h"

#include "base/vec.h"
#include "frame/text.h"

#include <stdlib.h>
#include <string.h>

enum { NUMERAL_MAX = 255 };

static int peek(const br_expr_lexer *lexer, size_t ahead)
{
  size_t at = lexer->at + ahead;
  return at < lexer->program->len ? (unsigned char)lexer->program->text[at] : -1;
}

static bool is_digit(int c)
{
  return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_space(int c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static int hex_digit(int c)
{
  if (is_digit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static br_code fail(const br_expr_lexer *lexer, size_t at, br_err *err, const char *message)
{
  return br_expr_fail(lexer->program, at, BR_EPARSE, err, "%s", message);
}

/* Names. */

static br_code set_text(const br_expr_lexer *lexer, br_expr_token *token, const char *s, size_t len,
                        br_err *err)
{
  char *copy = br_expr_arena_take(lexer->arena, len + 1);
  if (!copy)
    return br_fail_nomem(err);
  memcpy(copy, s, len);
  copy[len] = '\0';
  token->value.str = (br_expr_span){copy, len};
  return BR_OK;
}

static bool is_word(const char *s, size_t len)
{
  static const char *const words[] = {"and", "or", "not", "true", "false", "nil"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i]) == len && memcmp(words[i], s, len) == 0)
      return true;
  return false;
}

static br_code lex_name(br_expr_lexer *lexer, br_expr_token *token, br_err *err)
{
  const char *s = lexer->program->text + lexer->at;
  while (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0)) ||
         (peek(lexer, 0) == '.' && is_letter(peek(lexer, 1))))
    lexer->at++;
  size_t len = lexer->at - token->at;
  token->kind = is_word(s, len) ? BR_T_OP : BR_T_NAME;
  return set_text(lexer, token, s, len, err);
}

static br_code lex_quoted(br_expr_lexer *lexer, br_expr_token *token, br_err *err)
{
  const char *s = lexer->program->text + token->at + 1;
  const char *end = memchr(s, '`', lexer->program->len - token->at - 1);
  if (!end)
    return fail(lexer, token->at, err, "the backquote is not closed");
  lexer->at = (size_t)(end - lexer->program->text) + 1;
  token->kind = BR_T_QUOTED;
  return set_text(lexer, token, s, (size_t)(end - s), err);
}

/* Numbers. */

/* Integers in hexadecimal wrap around, as Lua's do. */
static bool read_hex(const char *s, br_expr_value *value)
{
  uint64_t sum = 0;
  if (!*s)
    return false;
  for (; *s; s++) {
    int digit = hex_digit((unsigned char)*s);
    if (digit < 0)
      return false;
    sum = sum * 16 + (uint64_t)digit;
  }
  value->i64 = (int64_t)sum;
  return true;
}

/* s is only made of letters, digits, dots and signs, and begins with a digit or a dot. */
static bool read_number(const char *s, size_t len, br_expr_token *token)
{
  bool is_hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
  token->kind = BR_T_I64;
  if (is_hex ? read_hex(s + 2, &token->value) : br_parse_i64(s, len, &token->value.i64))
    return true;
  token->kind = BR_T_F64;
  if (!is_hex)
    return br_parse_f64(s, len, &token->value.f64);
  char *end = NULL;
  token->value.f64 = strtod(s, &end);
  return *end == '\0';
}

static br_code lex_number(br_expr_lexer *lexer, br_expr_token *token, br_err *err)
{
  char digits[NUMERAL_MAX + 1] = "";
  size_t len = 0;
  bool is_hex = peek(lexer, 0) == '0' && (peek(lexer, 1) | 0x20) == 'x';
  int exponent = is_hex ? 'p' : 'e';
  for (int c = peek(lexer, 0); len < NUMERAL_MAX; c = peek(lexer, 0)) {
    bool sign = (c == '+' || c == '-') && len > 0 && (digits[len - 1] | 0x20) == exponent;
    bool dots = c == '.' && peek(lexer, 1) == '.';
    if (dots || !(sign || c == '.' || is_digit(c) || is_letter(c)))
      break;
    digits[len++] = (char)c;
    lexer->at++;
  }
  if (len < NUMERAL_MAX && read_number(digits, len, token))
    return BR_OK;
  char shown[BR_SHOWN_MAX];
  return br_expr_fail(lexer->program, token->at, BR_EPARSE, err, "'%s' is no number",
                      br_shown(shown, digits, len));
}

/* Strings. No escape makes more bytes than its text has. */

struct bytes {
  char *data;
  size_t len;
};

static size_t put_utf8(char *to, uint32_t code)
{
  static const struct {
    uint32_t limit;
    unsigned char lead;
  } forms[] = {{0x80, 0},        {0x800, 0xC0},     {0x10000, 0xE0},
               {0x200000, 0xF0}, {0x4000000, 0xF8}, {0x80000000, 0xFC}};
  size_t more = 0;
  while (code >= forms[more].limit)
    more++;
  to[0] = (char)(forms[more].lead | code >> (6 * more));
  for (size_t i = 1; i <= more; i++)
    to[i] = (char)(0x80 | (code >> (6 * (more - i)) & 0x3F));
  return more + 1;
}

static br_code escape_unicode(br_expr_lexer *lexer, struct bytes *out, br_err *err)
{
  uint32_t code = 0;
  size_t digits = 0;
  size_t at = lexer->at;
  if (peek(lexer, 0) != '{')
    return fail(lexer, at, err, "'{' expected behind \\u");
  lexer->at++;
  for (; hex_digit(peek(lexer, 0)) >= 0; lexer->at++, digits++) {
    if (code >= 0x8000000)
      return fail(lexer, at, err, "\\u{...} is too large");
    code = code * 16 + (uint32_t)hex_digit(peek(lexer, 0));
  }
  if (digits == 0 || peek(lexer, 0) != '}')
    return fail(lexer, at, err, "hexadecimal digits and '}' expected behind \\u{");
  lexer->at++;
  out->len += put_utf8(out->data + out->len, code);
  return BR_OK;
}

static br_code escape_hex(br_expr_lexer *lexer, struct bytes *out, br_err *err)
{
  int high = hex_digit(peek(lexer, 0));
  int low = high < 0 ? -1 : hex_digit(peek(lexer, 1));
  if (low < 0)
    return fail(lexer, lexer->at, err, "two hexadecimal digits expected behind \\x");
  out->data[out->len++] = (char)(high * 16 + low);
  lexer->at += 2;
  return BR_OK;
}

static br_code escape_decimal(br_expr_lexer *lexer, struct bytes *out, br_err *err)
{
  int value = 0;
  size_t at = lexer->at;
  for (int i = 0; i < 3 && is_digit(peek(lexer, 0)); i++, lexer->at++)
    value = value * 10 + peek(lexer, 0) - '0';
  if (value > 255)
    return fail(lexer, at, err, "an escape with digits is at most \\255");
  out->data[out->len++] = (char)value;
  return BR_OK;
}

/* Behind the backslash. */
static br_code lex_escape(br_expr_lexer *lexer, struct bytes *out, br_err *err)
{
  static const char letters[] = "abfnrtv\\\"'\n";
  static const char bytes[] = "\a\b\f\n\r\t\v\\\"'\n";
  int c = peek(lexer, 0);
  const char *found = c > 0 ? strchr(letters, c) : NULL;
  if (is_digit(c))
    return escape_decimal(lexer, out, err);
  lexer->at++;
  if (c == 'x')
    return escape_hex(lexer, out, err);
  if (c == 'u')
    return escape_unicode(lexer, out, err);
  if (c == 'z') {
    while (is_space(peek(lexer, 0)))
      lexer->at++;
    return BR_OK;
  }
  if (!found)
    return fail(lexer, lexer->at - 1, err, "no such escape; a backslash is written \\\\");
  out->data[out->len++] = bytes[found - letters];
  return BR_OK;
}

/* Bytes up to the quote that ends the string, or to the end of the text. */
static size_t string_room(const br_expr_lexer *lexer, int quote)
{
  size_t n = 1;
  for (int c = peek(lexer, n); c >= 0 && c != quote; c = peek(lexer, n))
    n += c == '\\' ? 2 : 1;
  return n;
}

static br_code lex_string(br_expr_lexer *lexer, br_expr_token *token, br_err *err)
{
  int quote = peek(lexer, 0);
  struct bytes out = {br_expr_arena_take(lexer->arena, string_room(lexer, quote)), 0};
  if (!out.data)
    return br_fail_nomem(err);
  lexer->at++;
  for (int c = peek(lexer, 0); c != quote; c = peek(lexer, 0)) {
    if (c < 0 || c == '\n')
      return fail(lexer, token->at, err, "the string is not closed");
    lexer->at++;
    if (c == '\\')
      BR_TRY(lex_escape(lexer, &out, err));
    else
      out.data[out.len++] = (char)c;
  }
  lexer->at++;
  token->kind = BR_T_STR;
  token->value.str = (br_expr_span){out.data, out.len};
  return BR_OK;
}

/* The number of '=' of a long bracket that stands `ahead`; -1 where there is none. */
static int bracket_level(const br_expr_lexer *lexer, int bracket)
{
  int level = 0;
  if (peek(lexer, 0) != bracket)
    return -1;
  while (peek(lexer, (size_t)level + 1) == '=')
    level++;
  return peek(lexer, (size_t)level + 1) == bracket ? level : -1;
}

static br_code lex_long_string(br_expr_lexer *lexer, br_expr_token *token, int level, br_err *err)
{
  lexer->at += (size_t)level + 2;
  if (peek(lexer, 0) == '\r' && peek(lexer, 1) == '\n')
    lexer->at++;
  if (peek(lexer, 0) == '\n')
    lexer->at++;
  const char *s = lexer->program->text + lexer->at;
  while (bracket_level(lexer, ']') != level) {
    if (peek(lexer, 0) < 0)
      return fail(lexer, token->at, err, "the long string is not closed");
    lexer->at++;
  }
  size_t len = (size_t)(lexer->program->text + lexer->at - s);
  lexer->at += (size_t)level + 2;
  token->kind = BR_T_STR;
  return set_text(lexer, token, s, len, err);
}

/* Operators. */

struct mistake {
  const char *text;
  const char *hint;
};

/* Operators of other languages and those of Lua that columns don't have; longer ones first. */
static const struct mistake mistakes[] = {
    {"!=", "'!=' is written ~= in Lua"},
    {"&&", "'&&' is written and in Lua"},
    {"||", "'||' is written or in Lua"},
    {"--", "'--' begins a comment in Lua; write - -x"},
    {"<<", "columns have no bitwise operators"},
    {">>", "columns have no bitwise operators"},
    {"!", "'!' is written not in Lua"},
    {"&", "columns have no bitwise operators; 'and' joins conditions"},
    {"|", "columns have no bitwise operators; 'or' joins conditions"},
    {"=", "'=' is no comparison; write =="},
};

static br_code fail_op(const br_expr_lexer *lexer, size_t at, br_err *err)
{
  const char *s = lexer->program->text + at;
  size_t left = lexer->program->len - at;
  char shown[BR_SHOWN_MAX];
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    size_t len = strlen(mistakes[i].text);
    if (len <= left && memcmp(s, mistakes[i].text, len) == 0)
      return fail(lexer, at, err, mistakes[i].hint);
  }
  return br_expr_fail(lexer->program, at, BR_EPARSE, err, "unexpected '%s'", br_shown(shown, s, 1));
}

static bool starts(const br_expr_lexer *lexer, const char *text)
{
  return peek(lexer, 0) == text[0] && peek(lexer, 1) == text[1];
}

static br_code lex_op(br_expr_lexer *lexer, br_expr_token *token, br_err *err)
{
  static const char *const pairs[] = {"==", "~=", "<=", ">=", "//", ".."};
  static const char singles[] = "+-*/%^#<>(),:";
  size_t len = 0;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (starts(lexer, pairs[i]))
      len = 2;
  if (starts(lexer, "--") || starts(lexer, "<<") || starts(lexer, ">>"))
    return fail_op(lexer, token->at, err);
  int c = peek(lexer, 0);
  if (len == 0 && c > 0 && strchr(singles, c))
    len = 1;
  if (len == 0)
    return fail_op(lexer, token->at, err);
  lexer->at += len;
  token->kind = BR_T_OP;
  return set_text(lexer, token, lexer->program->text + token->at, len, err);
}

static br_code lex_token(br_expr_lexer *lexer, br_expr_token *token, br_err *err)
{
  int c = peek(lexer, 0);
  int level = bracket_level(lexer, '[');
  if (c < 0)
    return BR_OK;
  if (is_letter(c))
    return lex_name(lexer, token, err);
  if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1))))
    return lex_number(lexer, token, err);
  if (c == '"' || c == '\'')
    return lex_string(lexer, token, err);
  if (c == '`')
    return lex_quoted(lexer, token, err);
  if (level >= 0)
    return lex_long_string(lexer, token, level, err);
  return lex_op(lexer, token, err);
}

br_code br_expr_lex(br_expr_lexer *lexer, br_expr_token *token, br_err *err)
{
  while (is_space(peek(lexer, 0)))
    lexer->at++;
  *token = (br_expr_token){.kind = BR_T_END, .at = lexer->at};
  token->value.str.s = "";
  BR_TRY(lex_token(lexer, token, err));
  token->len = lexer->at - token->at;
  return BR_OK;
}
