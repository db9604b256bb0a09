/* Rewrites the SVG of PLplot's driver; see svg.h.
 *
 * The driver's output is regular: attributes in double quotes, every character of a text a
 * reference
 * &#x…;, one tspan a text. Whatever else would come is copied by its tags. Numbers are cut to a
 * hundredth of a pixel. */
#define _GNU_SOURCE
#include "plot/svg.h"

#include "base/vec.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Verdana has the widths of DejaVu Sans, by which the chart is laid out. */
#define FONTS "DejaVu Sans,Bitstream Vera Sans,Verdana,sans-serif"

typedef struct slice {
  const char *at;
  size_t n;
} slice;

typedef struct rewriter {
  br_str *out;
  const br_page *page;
  const char *at, *end;
  bool in_text;
  bool in_span; /* a tspan that was kept is open */
  br_err *err;
} rewriter;

static bool is(slice s, const char *text)
{
  return strlen(text) == s.n && memcmp(s.at, text, s.n) == 0;
}

/* --- text ------------------------------------------------------------------------------------ */

static br_code add_char(rewriter *r, uint32_t cp)
{
  char bytes[4];
  switch (cp) {
  case '&':
    return br_str_addz(r->out, "&amp;", r->err);
  case '<':
    return br_str_addz(r->out, "&lt;", r->err);
  case '>':
    return br_str_addz(r->out, "&gt;", r->err);
  case '"':
    return br_str_addz(r->out, "&quot;", r->err);
  default:
    return br_str_add(r->out, bytes, br_text_encode(bytes, cp), r->err);
  }
}

/* Copies the characters before the next tag; outside of texts they are blanks and go. */
static br_code add_text(rewriter *r, slice text)
{
  for (const char *p = text.at; r->in_text && p < text.at + text.n; p++) {
    char *end = NULL;
    if (strncmp(p, "&#x", 3) != 0)
      continue;
    BR_TRY(add_char(r, (uint32_t)strtoul(p + 3, &end, 16)));
    p = end;
  }
  return BR_OK;
}

/* --- numbers --------------------------------------------------------------------------------- */

static bool in_number(char ch)
{
  return isdigit((unsigned char)ch) || ch == '.' || ch == '-' || ch == '+';
}

static size_t number_length(slice rest)
{
  size_t n = 0;
  while (n < rest.n && (in_number(rest.at[n]) || (n > 0 && rest.at[n] == 'e')))
    n++;
  return n;
}

/* "12.340000" as "12.34", "1.500000e+00" as "1.5". */
static br_code add_number(rewriter *r, slice number, size_t places)
{
  char text[40];
  if (number.n >= sizeof text)
    return br_str_add(r->out, number.at, number.n, r->err);
  memcpy(text, number.at, number.n);
  text[number.n] = '\0';
  if (strchr(text, 'e'))
    (void)snprintf(text, sizeof text, "%.2f", strtod(text, NULL));
  char *dot = strchr(text, '.');
  if (dot) {
    char *end = dot + 1 + strnlen(dot + 1, places);
    while (end[-1] == '0')
      end--;
    end[end[-1] == '.' ? -1 : 0] = '\0';
  }
  return br_str_addz(r->out, strcmp(text, "-0") == 0 ? "0" : text, r->err);
}

static br_code add_numbers(rewriter *r, slice value, size_t places)
{
  while (value.n) {
    size_t n = number_length(value);
    if (n)
      BR_TRY(add_number(r, (slice){value.at, n}, places));
    else
      BR_TRY(br_str_addc(r->out, value.at[0], r->err));
    n = n ? n : 1;
    value = (slice){value.at + n, value.n - n};
  }
  return BR_OK;
}

/* --- tags ------------------------------------------------------------------------------------ */

/* What says nothing: the default, or what the root says for all. A NULL value: whatever it is. */
static bool is_default(slice name, slice value)
{
  static const char *const defaults[][2] = {
      {"fill-opacity", "1.000000"},
      {"stroke-opacity", "1.000000"},
      {"stroke", "none"},
      {"text-anchor", "start"},
      {"fill-rule", NULL},
      {"dominant-baseline", NULL},
      {"xml:space", NULL},
      {"font-family", NULL},
      {"font-style", NULL},
      {"font-weight", "normal"},
      {"x", "0.000000"},
      {"x", "-0.000000"},
  };
  for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
    if (is(name, defaults[i][0]) && (!defaults[i][1] || is(value, defaults[i][1])))
      return true;
  return false;
}

/* Takes the next name="value" off tag; false at its end. */
static bool next_attribute(slice *tag, slice *name, slice *value)
{
  const char *p = tag->at, *end = tag->at + tag->n;
  while (p < end && (isspace((unsigned char)*p) || *p == '/'))
    p++;
  const char *equals = memchr(p, '=', (size_t)(end - p));
  if (!equals || end - equals < 3)
    return false;
  const char *close = memchr(equals + 2, '"', (size_t)(end - equals - 2));
  if (!close)
    return false;
  *name = (slice){p, (size_t)(equals - p)};
  *value = (slice){equals + 2, (size_t)(close - equals - 2)};
  while (value->n && value->at[value->n - 1] == ' ')
    value->n--;
  *tag = (slice){close + 1, (size_t)(end - close - 1)};
  return true;
}

static br_code add_attribute(rewriter *r, slice name, slice value)
{
  if (is_default(name, value))
    return BR_OK;
  BR_TRY(br_str_addf(r->out, r->err, " %.*s=\"", (int)name.n, name.at));
  if (is(name, "fill") || is(name, "stroke"))
    BR_TRY(br_str_add(r->out, value.at, value.n, r->err));
  else
    BR_TRY(add_numbers(r, value, is(name, "transform") ? 4 : 2));
  return br_str_addc(r->out, '"', r->err);
}

static bool contains(slice s, const char *text)
{
  return memmem(s.at, s.n, text, strlen(text)) != NULL;
}

static br_code add_element(rewriter *r, slice name, slice attributes)
{
  bool empty = attributes.n && attributes.at[attributes.n - 1] == '/';
  bool unstroked = contains(attributes, "stroke-width=\"0.0");
  BR_TRY(br_str_addf(r->out, r->err, "<%.*s", (int)name.n, name.at));
  for (slice key, value; next_attribute(&attributes, &key, &value);)
    if (!unstroked || strncmp(key.at, "stroke", 6) != 0)
      BR_TRY(add_attribute(r, key, value));
  return br_str_addz(r->out, empty ? "/>\n" : ">", r->err);
}

static br_code add_root(rewriter *r)
{
  char title[BR_TEXT_MAX];
  (void)br_text_fit(title, r->page->title, (br_font){.size = 1}, HUGE_VAL);
  int w = r->page->width, h = r->page->height;
  BR_TRY(br_str_addf(r->out, r->err,
                     "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                     "height=\"%d\" font-family=\"" FONTS
                     "\" stroke-linejoin=\"round\" role=\"img\" "
                     "aria-label=\"",
                     w, h, w, h));
  for (const char *p = title; *p; p++)
    if (*p & 0x80)
      BR_TRY(br_str_addc(r->out, *p, r->err));
    else
      BR_TRY(add_char(r, (unsigned char)*p));
  return br_str_addz(r->out, "\">\n", r->err);
}

static br_code add_span(rewriter *r, slice attributes)
{
  static const char bold[] = "font-weight=\"bold\"";
  r->in_span = contains(attributes, bold);
  return r->in_span ? br_str_addf(r->out, r->err, "<tspan %s>", bold) : BR_OK;
}

static br_code add_closing(rewriter *r, slice name)
{
  if (is(name, "/tspan")) {
    bool kept = r->in_span;
    r->in_span = false;
    return kept ? br_str_addz(r->out, "</tspan>", r->err) : BR_OK;
  }
  r->in_text = r->in_text && !is(name, "/text");
  return br_str_addf(r->out, r->err, "<%.*s>\n", (int)name.n, name.at);
}

/* tag: what stands between "<" and ">". */
static br_code add_tag(rewriter *r, slice tag)
{
  size_t n = 0;
  while (n < tag.n && !isspace((unsigned char)tag.at[n]))
    n++;
  slice name = {tag.at, n}, attributes = {tag.at + n, tag.n - n};
  if (n == 0 || name.at[0] == '?' || name.at[0] == '!')
    return BR_OK;
  if (name.at[0] == '/')
    return add_closing(r, name);
  if (is(name, "svg"))
    return add_root(r);
  if (is(name, "tspan"))
    return add_span(r, attributes);
  r->in_text = is(name, "text");
  return add_element(r, name, attributes);
}

static bool is_whole(const char *raw, size_t n)
{
  static const char end[] = "</svg>";
  while (n && isspace((unsigned char)raw[n - 1]))
    n--;
  return n >= sizeof end - 1 && memcmp(raw + n - (sizeof end - 1), end, sizeof end - 1) == 0;
}

br_code br_svg_rewrite(br_str *out, const char *raw, size_t n, const br_page *page, br_err *err)
{
  if (!is_whole(raw, n))
    return br_fail(err, BR_ELIB, "PLplot wrote only a part of the chart");
  rewriter r = {.out = out, .page = page, .at = raw, .end = raw + n, .err = err};
  for (const char *open; (open = memchr(r.at, '<', (size_t)(r.end - r.at)));) {
    const char *close = memchr(open, '>', (size_t)(r.end - open));
    if (!close)
      break;
    BR_TRY(add_text(&r, (slice){r.at, (size_t)(open - r.at)}));
    BR_TRY(add_tag(&r, (slice){open + 1, (size_t)(close - open - 1)}));
    r.at = close + 1;
  }
  return BR_OK;
}
