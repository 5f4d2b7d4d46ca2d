/* services/auth/op/admin_set_user_password.c - a password that somebody else has
 * chosen
 *
 * Guesses at the old one shut nobody out any more.
 */
#include "services/auth/op/admin_set_user_password.h"
#include "services/auth/op/secret.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/attempts.h"
#include "services/auth/store/users.h"

static void set(struct call *c)
{
	struct auth_admin *a = c->state;

	if (call_failed(c))
		a->done(c);
	else
		auth_attempts_clear(c, AUTH_GUESS_PASSWORD, a->user->username,
				    a->done);
}

static void keep(struct call *c)
{
	struct auth_admin_set_password *s = c->state;

	auth_password_keep(c, s->admin.user, s->password);
}

static void kept(struct call *c)
{
	struct auth_admin_set_password *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_users_set_password(c, s->admin.user, s->before, set);
}

/* Whom a guest signed up for takes the guest's place when it is confirmed, and
 * not otherwise. */
static int check(struct call *c, const struct auth_user *user)
{
	if (user->status == AUTH_GUEST)
		return call_fail(c, E_PARAMETER,
				 "The user is a guest: sign up first.");
	if (user->status == AUTH_UNCONFIRMED && user->guest.size)
		return call_fail(c, E_PARAMETER,
				 "The user is a guest's, to be confirmed "
				 "first.");
	return 0;
}

static void found(struct call *c)
{
	struct auth_admin_set_password *s = c->state;
	struct auth_user *user = s->admin.user;

	if (check(c, user)) {
		s->admin.done(c);
		return;
	}
	s->before = user->password;
	if (s->permanent)
		auth_password_confirm(user);
	else
		auth_password_lend(c, user);
	auth_work(c, keep, kept);
}

void auth_admin_set_user_password(struct call *c,
				  struct auth_admin_set_password *s)
{
	auth_password_allowed(c, "password", s->password);
	auth_admin_find(c, &s->admin, found);
}
