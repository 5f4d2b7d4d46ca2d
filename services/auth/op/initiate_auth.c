/* services/auth/op/initiate_auth.c - signing in, and staying so */
#include "services/auth/op/initiate_auth.h"
#include "services/auth/op/refresh.h"

static void not_enabled(struct call *c, struct auth_sign_in *s)
{
	call_fail(c, E_PARAMETER, "%.*s is not enabled for the client.",
		  SLICE_ARGS(s->name));
	s->done(c);
}

static const struct auth_way flows[] = {
	{ "USER_SRP_AUTH", auth_sign_in_by_srp },
	{ "USER_PASSWORD_AUTH", auth_sign_in_by_password },
	{ "REFRESH_TOKEN_AUTH", auth_refresh },
	{ "REFRESH_TOKEN", auth_refresh },
	{ "GUEST_AUTH", auth_sign_in_as_guest },
	{ "USER_AUTH", auth_sign_in_by_choice },
	{ "CUSTOM_AUTH", not_enabled },
	{ "ADMIN_NO_SRP_AUTH", auth_sign_in_by_admin },
	{ "ADMIN_USER_PASSWORD_AUTH", auth_sign_in_by_admin },
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
