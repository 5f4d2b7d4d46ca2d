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

/* The cost with which a hash takes `target_us` at most, by RFC 9106's guidance:
 * first as much memory as there may be (KiB), then as many passes as fit. Never
 * less than 19 MiB and two passes, which OWASP holds for the least, whatever it
 * takes. `measure` tells the microseconds of a hash, at least 1; a lane is all that one
 * thread has a use for. */
struct argon_cost argon_fit(uint32_t memory_max, int64_t target_us,
			    int64_t (*measure)(const struct argon_cost *,
					       void *),
			    void *arg);

/* Is it the password? Also false for a text that is no such hash. */
bool argon_verify(struct slice text, struct slice password);

#endif
