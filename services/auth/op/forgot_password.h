/* services/auth/op/forgot_password.h - a code for a new password */
#ifndef PARLOR_AUTH_FORGOT_PASSWORD_H
#define PARLOR_AUTH_FORGOT_PASSWORD_H

#include "services/auth/op/auth.h"
#include "services/auth/store/codes.h"

#define AUTH_CODE_RESET "reset"

struct auth_forgot {
	struct slice client_id, secret_hash, username;
	const char *destination; /* out: masked */
	void (*done)(struct call *);
	/* the operation's own */
	struct auth_user *user;
	struct auth_code sealed;
	char code[AUTH_CODE];
	bool reachable;
};

void auth_forgot_password(struct call *, struct auth_forgot *);

/* The same once all has been checked: who asks may be somebody else. */
void auth_forgot_begin(struct call *, struct auth_forgot *);

/* Can such a code be mailed to the account? E_NOT_AUTHORIZED or E_PARAMETER with
 * Cognito's words if not. */
int auth_forgot_check(const struct auth_user *, struct fault *);

#endif
