/* services/auth/op/verify_software_token.h - the app has the secret */
#ifndef PARLOR_AUTH_VERIFY_SOFTWARE_TOKEN_H
#define PARLOR_AUTH_VERIFY_SOFTWARE_TOKEN_H

#include "services/auth/op/totp.h"

struct auth_verify_totp {
	struct slice token, code;
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
};

void auth_verify_software_token(struct call *, struct auth_verify_totp *);

#endif
