/* services/auth/api/set_user_pool_mfa_config.c */
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/mfa_config_form.h"

typedef Parlor__Auth__V1__SetUserPoolMfaConfigRequest message;

/* What nothing is done about is refused, not overlooked. */
static void check(struct call *c, const message *request)
{
	const Parlor__Auth__V1__EmailMfaConfigType *email =
	    request->email_mfa_configuration;

	if (request->sms_mfa_configuration)
		call_fail(c, E_PARAMETER,
			  "SmsMfaConfiguration is not supported: there are no "
			  "text messages.");
	if (request->web_authn_configuration)
		call_fail(c, E_PARAMETER,
			  "WebAuthnConfiguration is not supported.");
	if (email && (email->message || email->subject))
		call_fail(c, E_PARAMETER,
			  "EmailMfaConfiguration: Message and Subject are the "
			  "files of auth.mail_templates.");
}

static void read_mode(struct call *c, const char *word,
		      struct auth_mfa_rules *mfa)
{
	int mode = word ? form_mfa_mode_named(word) : AUTH_MFA_OFF;

	if (mode >= 0)
		mfa->mode = mode;
	else
		call_fail(c, E_PARAMETER,
			  "1 validation error detected: Value '%.64s' at "
			  "'mfaConfiguration' failed to satisfy constraint: "
			  "Member must satisfy enum value set: [OPTIONAL, OFF, "
			  "ON]",
			  word);
}

void api_set_user_pool_mfa_config(struct call *c)
{
	const message *request = call_unpack(
	    c, &parlor__auth__v1__set_user_pool_mfa_config_request__descriptor);
	struct auth_mfa_config *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_answer_mfa_config;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->mfa.totp = request->software_token_mfa_configuration &&
		      request->software_token_mfa_configuration->enabled;
	s->mfa.email = request->email_mfa_configuration != NULL;
	read_mode(c, request->mfa_configuration, &s->mfa);
	check(c, request);
	auth_set_user_pool_mfa_config(c, s);
}
