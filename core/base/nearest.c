/* Edit distance over three rows of a table; see nearest.h. */
#include "base/nearest.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MAX_LEN = 64 };

typedef struct rows {
  size_t two_back[NAME_MAX_LEN + 1];
  size_t previous[NAME_MAX_LEN + 1];
  size_t current[NAME_MAX_LEN + 1];
} rows;

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

static int same(char a, char b)
{
  return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static void fill_row(rows *r, const char *a, size_t i, const char *b, size_t blen)
{
  r->current[0] = i;
  for (size_t j = 1; j <= blen; j++) {
    size_t cost = same(a[i - 1], b[j - 1]) ? 0 : 1;
    size_t best = smaller(r->previous[j] + 1, r->current[j - 1] + 1);
    best = smaller(best, r->previous[j - 1] + cost);
    if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
      best = smaller(best, r->two_back[j - 2] + 1);
    r->current[j] = best;
  }
}

static size_t distance(const char *a, size_t alen, const char *b, size_t blen)
{
  rows r;
  for (size_t j = 0; j <= blen; j++)
    r.previous[j] = r.two_back[j] = j;
  for (size_t i = 1; i <= alen; i++) {
    fill_row(&r, a, i, b, blen);
    memcpy(r.two_back, r.previous, sizeof r.previous);
    memcpy(r.previous, r.current, sizeof r.current);
  }
  return r.previous[blen];
}

size_t br_nearest(const char *name, const char *const *candidates, size_t n)
{
  size_t len = strlen(name);
  size_t limit = len / 3 > 1 ? len / 3 : 1;
  size_t best = n;
  if (len > NAME_MAX_LEN)
    return n;
  for (size_t i = 0; i < n; i++) {
    size_t candidate_len = strlen(candidates[i]);
    if (candidate_len > NAME_MAX_LEN)
      continue;
    size_t d = distance(name, len, candidates[i], candidate_len);
    if (d == 0)
      return i;
    if (d <= limit && d < larger(len, candidate_len)) {
      best = i;
      limit = d - 1;
    }
  }
  return best;
}
