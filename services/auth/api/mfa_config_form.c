/* services/auth/api/mfa_config_form.c - a pool's second factors as messages */
#include "services/auth/api/mfa_config_form.h"
#include "services/auth/api/form.h"

enum { MODES = AUTH_MFA_ON + 1 };

static const char *const modes[MODES] = {
	[AUTH_MFA_OFF] = "OFF",
	[AUTH_MFA_OPTIONAL] = "OPTIONAL",
	[AUTH_MFA_ON] = "ON",
};

const char *form_mfa_mode(int mode)
{
	return modes[mode];
}

int form_mfa_mode_named(const char *word)
{
	for (int i = 0; word && i < MODES; i++)
		if (strcmp(word, modes[i]) == 0)
			return i;
	return -1;
}

void api_answer_mfa_config(struct call *c)
{
	const struct auth_mfa_rules *mfa =
	    &((struct auth_mfa_config *)c->state)->mfa;
	Parlor__Auth__V1__UserPoolMfaConfig answer =
	    PARLOR__AUTH__V1__USER_POOL_MFA_CONFIG__INIT;
	Parlor__Auth__V1__SoftwareTokenMfaConfigType totp =
	    PARLOR__AUTH__V1__SOFTWARE_TOKEN_MFA_CONFIG_TYPE__INIT;
	Parlor__Auth__V1__EmailMfaConfigType email =
	    PARLOR__AUTH__V1__EMAIL_MFA_CONFIG_TYPE__INIT;

	totp.has_enabled = 1;
	totp.enabled = mfa->totp;
	answer.software_token_mfa_configuration = &totp;
	if (mfa->email)
		answer.email_mfa_configuration = &email;
	answer.mfa_configuration = (char *)form_mfa_mode(mfa->mode);
	call_reply(c, &answer.base);
}
