/* A sample of rows; see reshape.h. */
#include "frame/reshape.h"

#include "base/vec.h"

struct random {
  uint64_t s[4];
};

static uint64_t splitmix(uint64_t *state)
{
  *state += 0x9e3779b97f4a7c15u;
  uint64_t z = *state;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static void seed(struct random *r, uint64_t from)
{
  for (size_t i = 0; i < 4; i++)
    r->s[i] = splitmix(&from);
}

static uint64_t turn_left(uint64_t x, unsigned by)
{
  return x << by | x >> (64 - by);
}

static uint64_t next(struct random *r)
{
  uint64_t *s = r->s;
  uint64_t result = turn_left(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = turn_left(s[3], 45);
  return result;
}

/* One of 0 … bound - 1, each as likely: the few numbers past the last whole multiple are drawn again. */
static size_t below(struct random *r, size_t bound)
{
  uint64_t excess = (UINT64_MAX % bound + 1) % bound;
  uint64_t x = next(r);
  while (x > UINT64_MAX - excess)
    x = next(r);
  return (size_t)(x % bound);
}

/* Each row is taken with the chance (rows still wanted) / (rows still to come). */
static void draw_once(size_t *rows, size_t nrow, size_t n, struct random *r)
{
  size_t taken = 0;
  for (size_t row = 0; taken < n; row++)
    if (below(r, nrow - row) < n - taken)
      rows[taken++] = row;
}

static br_code draw_often(size_t *rows, size_t nrow, size_t n, struct random *r, br_err *err)
{
  size_t *times = br_calloc(nrow, sizeof *times);
  if (!times)
    return br_fail_nomem(err);
  for (size_t i = 0; i < n; i++)
    times[below(r, nrow)]++;
  for (size_t row = 0, i = 0; row < nrow; row++)
    for (; times[row] > 0; times[row]--)
      rows[i++] = row;
  br_free(times);
  return BR_OK;
}

static br_code draw(size_t *rows, size_t nrow, const br_sample *spec, br_err *err)
{
  struct random r;
  seed(&r, spec->seed);
  if (spec->replace)
    return draw_often(rows, nrow, spec->n, &r, err);
  draw_once(rows, nrow, spec->n, &r);
  return BR_OK;
}

br_code br_frame_sample(br_frame **out, const br_frame *frame, const br_sample *spec, br_err *err)
{
  size_t nrow = br_frame_nrow(frame);
  if (spec->n > nrow && !(spec->replace && nrow > 0))
    return br_fail(err, BR_EINVAL, "%zu rows are wanted, the frame has %zu%s", spec->n, nrow,
                   nrow > 0 ? "; with replace a row may be drawn more than once" : "");
  size_t *rows = br_calloc(spec->n, sizeof *rows);
  if (!rows)
    return br_fail_nomem(err);
  br_code code = spec->n ? draw(rows, nrow, spec, err) : BR_OK;
  if (code == BR_OK)
    code = br_frame_take(out, frame, rows, spec->n, err);
  br_free(rows);
  return code;
}
