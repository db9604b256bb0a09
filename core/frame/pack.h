/* Private to frame: rows of key columns as numbers that order and agree as the cells do.
 *
 * A cell becomes a code of as few bits as the column's range needs: its distance from the least value,
 * then one for NaN, one for null, so that nulls come last and NaN just before them. The codes of a row
 * stand side by side in a word of 64 bits, the first key's highest, in as many words as it takes. -0.0
 * is 0.0, any NaN is any NaN. */
#ifndef BR_FRAME_PACK_H
#define BR_FRAME_PACK_H

#include "frame/column.h"

#define BR_PACK_BLOCK 512 /* rows at a time */

/* A set of key columns, all of nrow rows. */
typedef struct br_keys {
  br_column *const *columns;
  size_t nrow;
} br_keys;

typedef struct br_pack_part br_pack_part;

/* Zero-initialise; end with br_pack_clear, also after a failure. The columns are borrowed. */
typedef struct br_pack {
  br_pack_part *parts;
  size_t nparts;
  size_t nwords;       /* 0 without key columns */
  unsigned char *bits; /* of each word */
} br_pack;

typedef struct br_pack_spec {
  const br_keys *sides; /* one, or two that shall have codes in common */
  size_t nsides;
  size_t ncolumns; /* of each side */
  const bool
      *descending; /* a flag a column; NULL: any order will do, and strings needn't be ranked */
} br_pack_spec;

/* packs: one for each side. With two sides columns must be of one type pairwise, or i64 and f64. */
br_code br_pack_make(br_pack *packs, const br_pack_spec *spec, br_err *err) BR_MUST_USE;
void br_pack_clear(br_pack *pack);

/* The given word of n ≤ BR_PACK_BLOCK rows: rows[first …], or rows first … where rows is NULL. */
void br_pack_words(uint64_t *out, const br_pack *pack, size_t word, const uint32_t *rows,
                   size_t first, size_t n);

/* Sets lost[i] for each of the rows first … that no row of the other side can agree with: one with a
 * null, or with a whole number that is no double where the other side's is one. */
void br_pack_lost(unsigned char *lost, const br_pack *pack, size_t first, size_t n);
/* Whether there can be such rows at all. */
bool br_pack_can_lose(const br_pack *pack);

/* Whether the one word is a string column's code. */
bool br_pack_is_code(const br_pack *pack);

#endif
