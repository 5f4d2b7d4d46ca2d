/* clients/cli/profile.h - who is signed in
 *
 * A profile is a file of the user's with the tokens of one sign-in. The access
 * token is refreshed before it ends; refreshing takes a lock, since a refresh
 * token that is used twice ends the session.
 */
#ifndef PARLOR_CLI_PROFILE_H
#define PARLOR_CLI_PROFILE_H

#include "clients/cli/cli.h"

#include "parlor/auth/v1/user_pool.pb-c.h"

struct profile {
	const char *username, *sub;
	const char *access_token, *refresh_token;
	int64_t expires_at; /* the access token, seconds since 1970 */
	int64_t lifetime;   /* of it, in seconds */
};

/* The profile of this run. -E_UNAUTHENTICATED when nobody is signed in. */
int profile_read(struct cli *, struct profile *);

/* The same, with an access token that is good for a while. */
int profile_fresh(struct cli *, struct profile *);

/* The access token of a guest's profile, good for a while. NULL, and no failure,
 * when nobody is signed in or one who has an account. */
const char *profile_guest_token(struct cli *);

/* Refreshes it, unless another run has done so since `p` was read. */
int profile_refresh(struct cli *, struct profile *p);

/* Keeps the tokens of an answer; `refresh_token` stays when it has none. */
int profile_keep(struct cli *, const Parlor__Auth__V1__AuthenticationResult *,
		 const char *username, const char *refresh_token);

/* Forgets it. */
void profile_forget(struct cli *);

#endif
