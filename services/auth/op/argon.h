/* services/auth/op/argon.h - passwords at rest: Argon2id
 *
 * A hash is kept as a PHC text with its own parameters, so that they can be
 * raised later. Takes tens of milliseconds and its memory: on a pool only. Each
 * thread keeps its memory mapped between hashes while others wait for one, and
 * gives it back to the kernel when nobody does.
 */
#ifndef PARLOR_AUTH_ARGON_H
#define PARLOR_AUTH_ARGON_H

#include "lib/base/fault.h"

enum { ARGON_TEXT = 160 };

struct argon_cost {
	uint32_t memory; /* KiB */
	uint32_t passes, lanes;
};

/* A new salt, and the text with its NUL into `out`. */
void argon_hash(const struct argon_cost *, struct slice password,
		char out[ARGON_TEXT]);

/* A text that no password matches, for the same work as a real one. */
void argon_dummy(const struct argon_cost *, char out[ARGON_TEXT]);

/* Is it the password? Also false for a text that is no such hash. */
bool argon_verify(struct slice text, struct slice password);

#endif
