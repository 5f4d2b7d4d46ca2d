/* services/auth/op/account.c - what ends a user's sign-ins, or the user
 *
 * At a sign-out the account notes the second before whose end every token was
 * void; a refresh of an older sign-in is refused by it, an access token by the
 * revocation.
 *
 * Of an account the sign-ins go first and the account last, so that whoever is
 * interrupted can ask again by the same token. Access tokens are void by the
 * revocation, and the name is free at once; a session that was opened meanwhile
 * finds no account, or one with another sub.
 */
#include "services/auth/op/account.h"
#include "lib/crypto/revocations.h"
#include "services/auth/store/groups.h"
#include "services/auth/store/sessions.h"

/* In the place of the operation's state until it is through. */
struct ending {
	void *state;
	const struct auth_user *user;
	auth_next_fn *next;
};

static void finish(struct call *c)
{
	const struct ending *e = c->state;

	c->state = e->state;
	e->next(c);
}

static void ended(struct call *c)
{
	const struct ending *e = c->state;

	if (!call_failed(c))
		revocations_add(auth_of(c)->revocations, REVOKE_SUB,
				e->user->sub, auth_void_before(c, e->user),
				auth_last_expiry(c));
	finish(c);
}

static bool begin(struct call *c, const struct auth_user *user,
		  auth_next_fn *next)
{
	struct ending *e = arena_alloc(c->mem, sizeof(*e));

	if (call_status(c)) {
		next(c);
		return false;
	}
	*e = (struct ending){ c->state, user, next };
	c->state = e;
	return true;
}

void auth_account_sign_out(struct call *c, const struct auth_user *user,
			   auth_next_fn *next)
{
	if (begin(c, user, next))
		auth_sessions_end_all(c, user, auth_void_before(c, user),
				      auth_last_expiry(c), ended);
}

static void left(struct call *c)
{
	const struct ending *e = c->state;

	if (call_failed(c))
		finish(c);
	else
		auth_sessions_end_account(c, e->user,
					  auth_void_before(c, e->user),
					  auth_last_expiry(c), ended);
}

static void forgotten(struct call *c)
{
	const struct ending *e = c->state;

	if (call_failed(c) || !e->user->groups.count)
		left(c);
	else
		auth_groups_forget(c, e->user, left);
}

void auth_account_delete(struct call *c, const struct auth_user *user,
			 auth_next_fn *next)
{
	if (begin(c, user, next))
		auth_sessions_forget(c, user->sub, forgotten);
}
