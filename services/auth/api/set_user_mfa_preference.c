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

static bool wants(const Parlor__Auth__V1__MfaSettings *settings)
{
	return settings && (settings->enabled || settings->preferred_mfa);
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
	s->others = wants(request->sms_mfa_settings) ||
		    wants(request->email_mfa_settings);
	s->said = request->software_token_mfa_settings != NULL;
	if (s->said) {
		s->enabled = request->software_token_mfa_settings->enabled;
		s->preferred =
		    request->software_token_mfa_settings->preferred_mfa;
	}
	auth_set_user_mfa_preference(c, s);
}
