/* services/auth/op/verify_software_token.h - the app has the secret */
#ifndef PARLOR_AUTH_VERIFY_SOFTWARE_TOKEN_H
#define PARLOR_AUTH_VERIFY_SOFTWARE_TOKEN_H

#include "services/auth/op/setup.h"
#include "services/auth/op/totp.h"

struct auth_verify_totp {
	struct auth_setup setup;
	struct slice code;
	struct slice session; /* out */
	void (*done)(struct call *);
};

void auth_verify_software_token(struct call *, struct auth_verify_totp *);

#endif
