/* services/auth/model/factor.c - which second factors a sign-in asks for */
#include "services/auth/model/factor.h"

const struct auth_factor_row auth_factor_rows[] = {
	{ AUTH_FACTOR_TOTP, "SOFTWARE_TOKEN_MFA" },
	{ AUTH_FACTOR_EMAIL, "EMAIL_OTP" },
	{ 0 }
};

const char *auth_factor_name(unsigned factor)
{
	const struct auth_factor_row *row = auth_factor_rows;

	while (row->factor && (unsigned)row->factor != factor)
		row++;
	return row->name;
}

unsigned auth_factor_named(struct slice name)
{
	const struct auth_factor_row *row = auth_factor_rows;

	while (row->factor && !slice_is(name, row->name))
		row++;
	return row->factor;
}

unsigned auth_factors_offered(const struct auth_mfa_rules *rules)
{
	if (rules->mode == AUTH_MFA_OFF)
		return 0;
	return (rules->totp ? AUTH_FACTOR_TOTP : 0u) |
	       (rules->email ? AUTH_FACTOR_EMAIL : 0u);
}

unsigned auth_factors_ready(const struct auth_mfa_rules *rules,
			    const struct auth_user *user)
{
	return auth_factors_offered(rules) &
	       ((user->totp_secret.size ? AUTH_FACTOR_TOTP : 0u) |
		(user->email_verified ? AUTH_FACTOR_EMAIL : 0u));
}

unsigned auth_factors_asked(const struct auth_mfa_rules *rules,
			    const struct auth_user *user)
{
	if (rules->mode == AUTH_MFA_OFF)
		return 0;
	if (user->factors & user->preferred)
		return user->preferred;
	if (user->factors || rules->mode != AUTH_MFA_ON)
		return user->factors;
	return auth_factors_ready(rules, user) & AUTH_FACTOR_EMAIL;
}

bool auth_factors_missing(const struct auth_mfa_rules *rules,
			  const struct auth_user *user)
{
	return rules->mode == AUTH_MFA_ON && !auth_factors_asked(rules, user);
}
