/* services/auth/op/global_sign_out.c - the end of all of a user's sign-ins
 *
 * The account notes the second before whose end every token was void; a refresh
 * of an older sign-in is refused by it, an access token by the revocation.
 */
#include "services/auth/op/global_sign_out.h"
#include "lib/crypto/revocations.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"

static void ended(struct call *c)
{
	struct auth_global_sign_out *s = c->state;

	if (!call_failed(c))
		revocations_add(auth_of(c)->revocations, REVOKE_SUB, s->who.sub,
				auth_void_before(c, s->user),
				auth_last_expiry(c));
	s->done(c);
}

static void found(struct call *c)
{
	struct auth_global_sign_out *s = c->state;

	if (auth_bearer_owns(c, &s->who, s->user))
		s->done(c);
	else
		auth_sessions_end_all(c, s->user, auth_void_before(c, s->user),
				      auth_last_expiry(c), ended);
}

void auth_global_sign_out(struct call *c, struct auth_global_sign_out *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
