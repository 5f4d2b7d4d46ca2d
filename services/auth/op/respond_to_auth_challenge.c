/* services/auth/op/respond_to_auth_challenge.c - a sign-in goes on */
#include "services/auth/op/respond_to_auth_challenge.h"
#include "services/auth/op/client_secret.h"

static void not_supported(struct call *c, struct auth_sign_in *s)
{
	call_fail(c, E_PARAMETER, "Challenge name not supported.");
	s->done(c);
}

static const struct auth_way challenges[] = {
	{ "PASSWORD_VERIFIER", auth_sign_in_prove_srp },
	{ "SMS_MFA", not_supported },
	{ "EMAIL_OTP", auth_sign_in_prove_email },
	{ "SOFTWARE_TOKEN_MFA", auth_sign_in_prove_totp },
	{ "SELECT_MFA_TYPE", auth_sign_in_choose_factor },
	{ "MFA_SETUP", auth_sign_in_set_up },
	{ "CUSTOM_CHALLENGE", not_supported },
	{ "SELECT_CHALLENGE", auth_sign_in_chosen },
	{ "DEVICE_SRP_AUTH", not_supported },
	{ "DEVICE_PASSWORD_VERIFIER", not_supported },
	{ "ADMIN_NO_SRP_AUTH", not_supported },
	{ "NEW_PASSWORD_REQUIRED", auth_sign_in_prove_new_password },
	{ "SMS_OTP", not_supported },
	{ "PASSWORD", not_supported },
	{ "WEB_AUTHN", not_supported },
	{ "PASSWORD_SRP", not_supported },
	{ 0 }
};

void auth_respond_to_auth_challenge(struct call *c, struct auth_sign_in *s)
{
	c->state = s;
	if (call_failed(c) || auth_client_check(c, s->client_id) ||
	    auth_secret_hash_check(c, s->given[AUTH_GIVEN_USERNAME],
				   s->given[AUTH_GIVEN_SECRET_HASH])) {
		s->done(c);
		return;
	}
	if (auth_sign_in_go(c, s, challenges))
		return;
	call_fail(c, E_PARAMETER,
		  "1 validation error detected: Value '%.*s' at "
		  "'challengeName' failed to satisfy constraint: Member must "
		  "satisfy enum value set: [SMS_MFA, EMAIL_OTP, "
		  "SOFTWARE_TOKEN_MFA, SELECT_MFA_TYPE, MFA_SETUP, "
		  "PASSWORD_VERIFIER, CUSTOM_CHALLENGE, SELECT_CHALLENGE, "
		  "DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER, "
		  "ADMIN_NO_SRP_AUTH, NEW_PASSWORD_REQUIRED, SMS_OTP, "
		  "PASSWORD, WEB_AUTHN, PASSWORD_SRP]",
		  SLICE_HEAD(s->name, 64) ? (const char *)s->name.data : "");
	s->done(c);
}
