/* lib/meter/spool_row.h - a row of a spool, as it stands in the file
 *
 * A row is made once and never moves or changes, but for its total and what of
 * it was acknowledged. Its size is written last.
 */
#ifndef PARLOR_METER_SPOOL_ROW_H
#define PARLOR_METER_SPOOL_ROW_H

#include "lib/meter/spool.h"

#include <stdatomic.h>

enum { SPOOL_TEXTS = 6 };

struct spool_row {
	_Atomic uint32_t size; /* of all of it; 0: no row yet */
	uint32_t check;	       /* of hour and texts */
	int64_t hour;
	_Atomic int64_t total;
	int64_t acknowledged; /* the sender's alone */
	uint8_t lengths[8];
	char texts[]; /* each with its NUL */
};

/* A key's texts in their order, each cut to what a row holds. */
void spool_row_texts(const struct spool_key *, struct slice texts[SPOOL_TEXTS]);

/* The bytes that a row of these texts takes. */
uint32_t spool_row_size(const struct slice texts[SPOOL_TEXTS]);

/* A hash of a key; with the seed 0 it is the row's check. */
uint64_t spool_row_hash(uint64_t seed, int64_t hour,
			const struct slice texts[SPOOL_TEXTS]);

/* Mixes bytes into a hash. */
uint64_t spool_mix(uint64_t hash, const void *, size_t);

/* Fills the place in; it is complete when this returns. */
void spool_row_make(struct spool_row *, int64_t hour,
		    const struct slice texts[SPOOL_TEXTS]);

/* Is it the row of this key? */
bool spool_row_is(const struct spool_row *, int64_t hour,
		  const struct slice texts[SPOOL_TEXTS]);

/* The key of a row, with texts that stand in it. */
struct spool_key spool_row_key(const struct spool_row *);

/* Does a whole row stand there, as spool_row_make left it? */
bool spool_row_is_whole(const struct spool_row *, uint64_t room);

#endif
