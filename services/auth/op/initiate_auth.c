/* services/auth/op/initiate_auth.c - signing in, and staying so */
#include "services/auth/op/initiate_auth.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/name.h"
#include "services/auth/op/refresh.h"

static void not_enabled(struct call *c, struct auth_sign_in *s)
{
	call_fail(c, E_PARAMETER, "%.*s is not enabled for the client.",
		  SLICE_ARGS(s->name));
	s->done(c);
}

/* The hash is of the user's name, which the session tells. */
static void refresh(struct call *c, struct auth_sign_in *s)
{
	s->hash_is_due = true;
	if (auth_rules_of(c)->no_refresh_flow)
		not_enabled(c, s);
	else
		auth_refresh(c, s);
}

static const struct auth_way flows[] = {
	{ "USER_SRP_AUTH", auth_sign_in_by_srp },
	{ "USER_PASSWORD_AUTH", auth_sign_in_by_password },
	{ "REFRESH_TOKEN_AUTH", refresh },
	{ "REFRESH_TOKEN", refresh },
	{ "GUEST_AUTH", auth_sign_in_as_guest },
	{ "USER_AUTH", auth_sign_in_by_choice },
	{ "CUSTOM_AUTH", not_enabled },
	{ "ADMIN_NO_SRP_AUTH", auth_sign_in_by_admin },
	{ "ADMIN_USER_PASSWORD_AUTH", auth_sign_in_by_admin },
	{ 0 }
};

static void named(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c)) {
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
		  SLICE_HEAD(s->name, 64) ? (const char *)s->name.data : "");
	s->done(c);
}

void auth_initiate(struct call *c, struct auth_sign_in *s)
{
	c->state = s;
	if (call_failed(c) || auth_client_check(c, s->client_id) ||
	    (!slice_starts(s->name, SLICE("REFRESH_TOKEN")) &&
	     auth_secret_hash_check(c, s->given[AUTH_GIVEN_USERNAME],
				    s->given[AUTH_GIVEN_SECRET_HASH])))
		s->done(c);
	else
		auth_name_resolve(c, &s->given[AUTH_GIVEN_USERNAME], named);
}
