/* services/auth/model/grant.h - what a code stands for, on its way to an app
 *
 * The user has signed in, and the app may have tokens for it. `origin` is the id
 * of the session that the tokens will belong to: whoever shows a code again ends
 * that session.
 */
#ifndef PARLOR_AUTH_GRANT_H
#define PARLOR_AUTH_GRANT_H

#include "lib/base/slice.h"

enum { AUTH_GRANT_SECONDS = 60 };

struct auth_grant {
	struct slice client_id, redirect_uri, scope, nonce;
	struct slice challenge; /* of PKCE, S256; or empty */
	struct slice sub, username, origin;
	int64_t auth_time;  /* seconds, of the user's sign-in */
	int64_t expires_at; /* seconds */
	bool used;
};

#endif
