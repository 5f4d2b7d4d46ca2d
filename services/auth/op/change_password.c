/* services/auth/op/change_password.c - a new password for the old one
 *
 * A guess at the old one counts like one at signing in: whoever found a phone
 * that is signed in can't go on guessing here.
 */
#include "services/auth/op/change_password.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/bearer.h"
#include "services/auth/op/secret.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/attempts.h"
#include "services/auth/store/users.h"

/* Is the name shut out? The words are this operation's. */
static int check_failures(struct call *c, const struct auth_failures *failures)
{
	if (call_failed(c))
		return -c->fault.code;
	if (auth_lockout_end(failures) <= c->now_ms)
		return 0;
	return call_fail(c, E_LIMIT,
			 "Attempt limit exceeded, please try after some time.");
}

static void counted(struct call *c)
{
	struct auth_change_password *s = c->state;

	auth_sign_in_refuse(c);
	s->done(c);
}

static void set(struct call *c)
{
	struct auth_change_password *s = c->state;

	if (call_failed(c) || !s->failures.count)
		s->done(c);
	else
		auth_attempts_clear(c, AUTH_GUESS_PASSWORD, s->user->username,
				    s->done);
}

static void keep(struct call *c)
{
	struct auth_change_password *s = c->state;

	auth_password_keep(c, s->user, s->proposed);
}

static void kept(struct call *c)
{
	struct auth_change_password *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_users_set_password(c, s->user, s->before, set);
}

/* Was there something wrong meanwhile? */
static void passed(struct call *c)
{
	struct auth_change_password *s = c->state;

	if (check_failures(c, &s->failures)) {
		s->done(c);
		return;
	}
	s->before = s->user->password;
	auth_work(c, keep, kept);
}

static void compare(struct call *c)
{
	struct auth_change_password *s = c->state;

	s->right = auth_password_is(c, s->user, s->previous);
}

static void compared(struct call *c)
{
	struct auth_change_password *s = c->state;
	struct slice name = s->user->username;

	if (call_failed(c))
		s->done(c);
	else if (s->right)
		auth_attempts_get(c, AUTH_GUESS_PASSWORD, name, &s->failures,
				  passed);
	else
		auth_attempts_add(c, AUTH_GUESS_PASSWORD, name,
				  auth_failures_are_old(&s->failures,
							c->now_ms),
				  counted);
}

static void looked(struct call *c)
{
	struct auth_change_password *s = c->state;

	if (check_failures(c, &s->failures))
		s->done(c);
	else
		auth_work(c, compare, compared);
}

static void found(struct call *c)
{
	struct auth_change_password *s = c->state;

	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_PASSWORD,
					       .name = s->who.username,
					       .user = &s->user },
			 &s->done);
	if (auth_bearer_owns(c, &s->who, s->user))
		s->done(c);
	else
		auth_attempts_get(c, AUTH_GUESS_PASSWORD, s->user->username,
				  &s->failures, looked);
}

void auth_change_password(struct call *c, struct auth_change_password *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who) ||
	    auth_required(c, "previousPassword", AUTH_PASSWORD_PATTERN,
			  s->previous) ||
	    auth_password_allowed(c, "proposedPassword", s->proposed))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
