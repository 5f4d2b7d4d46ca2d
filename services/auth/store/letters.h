/* services/auth/store/letters.h - letters that wait to leave, in parlor.mail
 *
 * An item each, in order of when it is due, sealed: it holds a code and says who
 * plays here. One item counts them all, in the same transactions, so that the
 * queue has an end. Replicas share it: who moves a letter to a later time has it
 * until then, and the store lets one.
 */
#ifndef PARLOR_AUTH_LETTERS_H
#define PARLOR_AUTH_LETTERS_H

#include "lib/crypto/seal.h"
#include "services/auth/model/letter.h"
#include "services/auth/store/kv.h"

#define AUTH_LETTERS_TABLE "parlor.mail"

enum {
	AUTH_LETTERS_PAGE = 16, /* are read at once */
	AUTH_LETTER_ID = 24,	/* letters and digits */
};

struct auth_waiting {
	struct slice id;
	int64_t due_ms, created_ms;
	int64_t tries; /* so far */
	struct slice sealed;
	struct auth_letter letter;
	bool readable; /* this seal key opens it */
};

struct auth_letters {
	struct auth_waiting rows[AUTH_LETTERS_PAGE];
	size_t count;
};

/* Puts the letter into the queue, due at once, unless `most` are waiting: then
 * the call fails with E_CODE_DELIVERY. One to nobody costs the same and is never
 * seen again. */
void auth_letters_put(struct call *, const struct seal *,
		      const struct auth_letter *, int64_t most,
		      auth_next_fn *next);

/* Reads those that are due first, also such as are not yet. */
void auth_letters_list(struct call *, const struct seal *,
		       struct auth_letters *, auth_next_fn *next);

/* Makes it due at that time, with that many tries. When another replica was
 * faster *lost is set. */
void auth_letters_move(struct call *, struct auth_waiting *, int64_t due_ms,
		       int64_t tries, bool *lost, auth_next_fn *next);

/* Takes it out. */
void auth_letters_remove(struct call *, const struct auth_waiting *,
			 auth_next_fn *next);

#endif
