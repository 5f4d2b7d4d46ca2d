/* services/auth/api/set_user_mfa_preference.c */
#include "services/auth/op/set_user_mfa_preference.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__SetUserMFAPreferenceResponse answer =
	    PARLOR__AUTH__V1__SET_USER_MFAPREFERENCE_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

static void note(struct auth_mfa_preference *s, enum auth_factor factor,
		 const Parlor__Auth__V1__MfaSettings *settings)
{
	if (!settings)
		return;
	s->said |= factor;
	if (settings->enabled)
		s->enabled |= factor;
	if (settings->preferred_mfa)
		s->preferred |= factor;
}

void api_set_user_mfa_preference(struct call *c)
{
	const Parlor__Auth__V1__SetUserMFAPreferenceRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__set_user_mfapreference_request__descriptor);
	struct auth_mfa_preference *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	s->others = request->sms_mfa_settings &&
		    (request->sms_mfa_settings->enabled ||
		     request->sms_mfa_settings->preferred_mfa);
	note(s, AUTH_FACTOR_TOTP, request->software_token_mfa_settings);
	note(s, AUTH_FACTOR_EMAIL, request->email_mfa_settings);
	auth_set_user_mfa_preference(c, s);
}
