/* services/auth/op/delete_user.c - the end of an account
 *
 * The sign-ins go first and the account last, so that whoever is interrupted can
 * ask again by the same token. Access tokens are void by the revocation, and the
 * name is free at once; a session that was opened meanwhile finds no account, or
 * one with another sub.
 */
#include "services/auth/op/delete_user.h"
#include "lib/crypto/revocations.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"

static void ended(struct call *c)
{
	struct auth_delete_user *s = c->state;

	if (!call_failed(c))
		revocations_add(auth_of(c)->revocations, REVOKE_SUB, s->who.sub,
				auth_void_before(c, s->user),
				auth_last_expiry(c));
	s->done(c);
}

static void forgotten(struct call *c)
{
	struct auth_delete_user *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_sessions_end_account(c, s->user,
					  auth_void_before(c, s->user),
					  auth_last_expiry(c), ended);
}

static void found(struct call *c)
{
	struct auth_delete_user *s = c->state;

	if (auth_bearer_owns(c, &s->who, s->user))
		s->done(c);
	else
		auth_sessions_forget(c, s->who.sub, forgotten);
}

void auth_delete_user(struct call *c, struct auth_delete_user *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
