/* services/auth/op/associate_software_token.h - a secret for an app */
#ifndef PARLOR_AUTH_ASSOCIATE_SOFTWARE_TOKEN_H
#define PARLOR_AUTH_ASSOCIATE_SOFTWARE_TOKEN_H

#include "services/auth/op/totp.h"

struct auth_associate {
	struct slice token;
	char text[TOTP_TEXT]; /* out: for the app */
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
};

void auth_associate_software_token(struct call *, struct auth_associate *);

#endif
