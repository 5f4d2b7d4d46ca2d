/* services/auth/api/set_user_mfa_preference.c */
#include "services/auth/api/api.h"
#include "services/auth/api/mfa_wish.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__SetUserMFAPreferenceResponse answer =
	    PARLOR__AUTH__V1__SET_USER_MFAPREFERENCE_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

static void note_factor(struct auth_mfa_preference *s, enum auth_factor factor,
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

void api_mfa_wish(struct auth_mfa_preference *s,
		  const struct api_mfa_settings *said)
{
	s->others =
	    said->sms && (said->sms->enabled || said->sms->preferred_mfa);
	note_factor(s, AUTH_FACTOR_TOTP, said->totp);
	note_factor(s, AUTH_FACTOR_EMAIL, said->email);
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
	api_mfa_wish(s, &(struct api_mfa_settings){
			    request->sms_mfa_settings,
			    request->software_token_mfa_settings,
			    request->email_mfa_settings });
	auth_set_user_mfa_preference(c, s);
}
