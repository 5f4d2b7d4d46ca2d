/* services/auth/op/initiate_auth.c - signing in, and staying so */
#include "services/auth/op/initiate_auth.h"
#include "services/auth/op/refresh.h"
#include "services/auth/op/secret.h"

/* ---- by password ---------------------------------------------------------- */

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

static void by_password(struct call *c, struct auth_sign_in *s)
{
	if (!auth_rules_of(c)->password_flow)
		call_fail(c, E_PARAMETER,
			  "USER_PASSWORD_AUTH flow not enabled for this "
			  "client");
	else if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
		 !auth_sign_in_need(c, s, AUTH_GIVEN_PASSWORD) &&
		 (s->given[AUTH_GIVEN_PASSWORD].size > AUTH_PASSWORD_MAX ||
		  !auth_username_is_good(s->given[AUTH_GIVEN_USERNAME])))
		auth_sign_in_refuse(c);
	auth_sign_in_guess(c, s, AUTH_GUESS_PASSWORD, verify);
}

/* ---- the flows ------------------------------------------------------------ */

static void not_enabled(struct call *c, struct auth_sign_in *s)
{
	call_fail(c, E_PARAMETER, "%.*s is not enabled for the client.",
		  SLICE_ARGS(s->name));
	s->done(c);
}

static void not_supported(struct call *c, struct auth_sign_in *s)
{
	call_fail(c, E_PARAMETER, "Initiate Auth method not supported.");
	s->done(c);
}

static const struct auth_way flows[] = {
	{ "USER_SRP_AUTH", auth_sign_in_by_srp },
	{ "USER_PASSWORD_AUTH", by_password },
	{ "REFRESH_TOKEN_AUTH", auth_refresh },
	{ "REFRESH_TOKEN", auth_refresh },
	{ "GUEST_AUTH", auth_sign_in_as_guest },
	{ "USER_AUTH", not_enabled },
	{ "CUSTOM_AUTH", not_enabled },
	{ "ADMIN_NO_SRP_AUTH", not_supported },
	{ "ADMIN_USER_PASSWORD_AUTH", not_supported },
	{ 0 }
};

void auth_initiate(struct call *c, struct auth_sign_in *s)
{
	c->state = s;
	if (call_failed(c) || auth_client_check(c, s->client_id)) {
		s->done(c);
		return;
	}
	if (auth_sign_in_go(c, s, flows))
		return;
	call_fail(c, E_PARAMETER,
		  "1 validation error detected: Value '%.*s' at 'authFlow' "
		  "failed to satisfy constraint: Member must satisfy enum "
		  "value set: [USER_SRP_AUTH, REFRESH_TOKEN_AUTH, "
		  "REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, "
		  "USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH, "
		  "GUEST_AUTH]",
		  (int)(s->name.size < 64 ? s->name.size : 64),
		  s->name.data ? (const char *)s->name.data : "");
	s->done(c);
}
