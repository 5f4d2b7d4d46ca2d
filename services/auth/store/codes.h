/* services/auth/store/codes.h - codes that were asked for by a name
 *
 * An item of parlor.sessions for each name and purpose, whether the name has an
 * account or not: asking leaves the same traces, and so does guessing. In an hour
 * a code may be asked for AUTH_CODE_ASKS times and tried AUTH_CODE_TRIES times,
 * whichever of them it is.
 */
#ifndef PARLOR_AUTH_CODES_H
#define PARLOR_AUTH_CODES_H

#include "services/auth/model/user.h"
#include "services/auth/store/kv.h"

enum { AUTH_CODE_ASKS = 5, AUTH_CODE_WINDOW = 60 * 60 /* seconds */ };

struct auth_code {
	struct slice sealed;
	int64_t expires_at; /* seconds */
};

/* Replaces the last one. Fails with E_LIMIT when there were too many. */
void auth_codes_put(struct call *, const char *purpose, struct slice name,
		    const struct auth_code *, auth_next_fn *next);

/* Counts a try before it is compared, so that guesses made side by side are
 * counted too. Fails with E_CODE_EXPIRED where there is none to be tried, with
 * E_LIMIT where it was tried too often. */
void auth_codes_try(struct call *, const char *purpose, struct slice name,
		    struct auth_code *out, auth_next_fn *next);

/* Forgets it, tries and all. */
void auth_codes_clear(struct call *, const char *purpose, struct slice name,
		      auth_next_fn *next);

#endif
