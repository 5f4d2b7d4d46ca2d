/* services/auth/api/mfa_wish.h - which second factors are wanted, as messages */
#ifndef PARLOR_AUTH_MFA_WISH_H
#define PARLOR_AUTH_MFA_WISH_H

#include "services/auth/api/form.h"
#include "services/auth/op/set_user_mfa_preference.h"

/* NULL: nothing is said of it. */
struct api_mfa_settings {
	const Parlor__Auth__V1__MfaSettings *sms, *totp, *email;
};

/* Into the operation's struct. */
void api_mfa_wish(struct auth_mfa_preference *,
		  const struct api_mfa_settings *);

#endif
