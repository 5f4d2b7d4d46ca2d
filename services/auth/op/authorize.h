/* services/auth/op/authorize.h - an app asks for its user (RFC 6749, 4.1.1)
 *
 * The app sends the browser with a request; our pages sign the user in; the
 * browser goes back to the app with a code, which only the app can redeem: it
 * alone knows the verifier behind the challenge (RFC 7636). Until the client and
 * its address are known to belong together nothing is sent anywhere.
 */
#ifndef PARLOR_AUTH_AUTHORIZE_H
#define PARLOR_AUTH_AUTHORIZE_H

#include "services/auth/model/grant.h"
#include "services/auth/op/auth.h"

enum { AUTH_CODE_BYTES = 32, AUTH_CODE_LETTERS = 43 };

struct auth_authorize {
	/* as the browser brought them; null data: not given */
	struct slice client_id, redirect_uri, response_type, response_mode;
	struct slice scope; /* out: where none was asked for, all */
	struct slice state, nonce, challenge, challenge_method;
	struct slice prompt, max_age, id_hint, request, request_uri;
	bool known;	/* out: a refusal may be told to the redirect URI */
	bool must_ask;	/* out: whoever has signed in signs in again */
	bool must_not;	/* out: no page may be shown */
	int64_t oldest; /* out: a sign-in before this second counts for none */
	struct slice sub; /* out: who it must be; empty: anybody */
	char code[AUTH_CODE_LETTERS + 1]; /* out */
};

/* Is the request in order? Fails the call with one of OAuth's errors. */
int auth_authorize_check(struct call *, struct auth_authorize *);

/* Is it whom the app expects? */
static inline bool auth_authorize_expects(const struct auth_authorize *a,
					  const struct auth_user *user)
{
	return !a->sub.size || slice_equal(a->sub, user->sub);
}

/* Makes the code for a user who has signed in at `auth_time`; fails with
 * E_OAUTH_LOGIN where it is another than the app expects. */
void auth_authorize_grant(struct call *, struct auth_authorize *,
			  const struct auth_user *, int64_t auth_time,
			  void (*next)(struct call *));

/* Has the call's client that address for the browser to go to after /logout? Fails
 * the call with E_OAUTH_REQUEST if not. */
int auth_logout_check(struct call *, struct slice uri);

#endif
