/* services/auth/model/session.h - one sign-in, for as long as it is refreshed
 *
 * Every token of a sign-in carries its `origin`; revoking the sign-in's refresh
 * token revokes them all. Of the refresh token only the hash is kept.
 */
#ifndef PARLOR_AUTH_SESSION_H
#define PARLOR_AUTH_SESSION_H

#include "lib/base/slice.h"

struct auth_session {
	struct slice sub, origin; /* UUIDs */
	struct slice username;
	struct slice refresh_hash; /* SHA-256 of the refresh token */
	struct slice family_hash;  /* of what all its refresh tokens share */
	int64_t rotated_ms;	   /* when the last one gave way; or 0 */
	struct slice client_id;
	struct slice scope; /* that an app was granted; empty: Cognito's */
	struct slice nonce; /* an app's, for the first ID token; not kept */
	int64_t auth_time;  /* seconds */
	int64_t expires_at; /* of the refresh token, seconds */
};

/* What a successful InitiateAuth hands out. */
struct auth_tokens {
	struct slice access, id, refresh; /* refresh may be empty */
	int64_t expires_in;		  /* of the access token, seconds */
};

#endif
