/* services/auth/model/lockout.h - how long guessing is shut out
 *
 * Cognito's rule: the fifth failure shuts a name out for a second, each further
 * one for twice as long, up to a quarter of an hour. Who is shut out neither gets
 * an answer nor makes it longer by asking. A good sign-in forgets the failures,
 * as does a quarter of an hour without one.
 */
#ifndef PARLOR_AUTH_LOCKOUT_H
#define PARLOR_AUTH_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

enum { AUTH_FAILURES = 5, AUTH_LOCKOUT_MAX = 15 * 60 * 1000 /* ms */ };

struct auth_failures {
	int64_t count;
	int64_t last_ms; /* when */
};

/* Is there nothing to remember at `now_ms`? */
bool auth_failures_are_old(const struct auth_failures *, int64_t now_ms);

/* The millisecond from which there may be another attempt; 0: at any time. */
int64_t auth_lockout_end(const struct auth_failures *);

#endif
