/* services/auth/op/password_sign_in.c - USER_PASSWORD_AUTH, and the same by a
 * server that was told the password: ADMIN_USER_PASSWORD_AUTH */
#include "services/auth/op/secret.h"
#include "services/auth/op/sign_in.h"

/* On the pool. */
static void verify(struct call *c)
{
	struct auth_sign_in *s = c->state;
	struct slice password = s->given[AUTH_GIVEN_PASSWORD];

	s->right = auth_password_is(c, s->user, password);
	if (!s->right)
		return;
	s->keeps = !auth_verifier_fits(c, s->user);
	if (s->keeps)
		auth_verifier_keep(c, s->user, password);
	auth_sign_in_go_on(c, s);
}

static void guess(struct call *c, struct auth_sign_in *s)
{
	if (!call_failed(c) && !auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
	    !auth_sign_in_need(c, s, AUTH_GIVEN_PASSWORD) &&
	    (s->given[AUTH_GIVEN_PASSWORD].size > AUTH_PASSWORD_MAX ||
	     !auth_username_is_good(s->given[AUTH_GIVEN_USERNAME])))
		auth_sign_in_refuse(c);
	auth_sign_in_guess(c, s, AUTH_GUESS_PASSWORD, verify);
}

void auth_sign_in_by_password(struct call *c, struct auth_sign_in *s)
{
	if (!auth_rules_of(c)->password_flow && !s->browser && !s->chosen)
		call_fail(c, E_PARAMETER,
			  "USER_PASSWORD_AUTH flow not enabled for this "
			  "client");
	guess(c, s);
}

void auth_sign_in_by_admin(struct call *c, struct auth_sign_in *s)
{
	if (!s->by_admin)
		call_fail(c, E_PARAMETER,
			  "Initiate Auth method not supported.");
	else if (!auth_rules_of(c)->admin_flow)
		call_fail(c, E_PARAMETER,
			  "Auth flow not enabled for this client");
	guess(c, s);
}
