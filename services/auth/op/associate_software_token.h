/* services/auth/op/associate_software_token.h - a secret for an app */
#ifndef PARLOR_AUTH_ASSOCIATE_SOFTWARE_TOKEN_H
#define PARLOR_AUTH_ASSOCIATE_SOFTWARE_TOKEN_H

#include "services/auth/op/setup.h"
#include "services/auth/op/totp.h"

struct auth_associate {
	struct auth_setup setup;
	char text[TOTP_TEXT]; /* out: for the app */
	struct slice session; /* out */
	void (*done)(struct call *);
};

void auth_associate_software_token(struct call *, struct auth_associate *);

#endif
