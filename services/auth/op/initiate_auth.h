/* services/auth/op/initiate_auth.h - signing in, and staying so */
#ifndef PARLOR_AUTH_INITIATE_AUTH_H
#define PARLOR_AUTH_INITIATE_AUTH_H

#include "services/auth/op/auth.h"

struct auth_initiate {
	struct slice flow, client_id;
	struct slice username, password, refresh_token; /* null: not given */
	struct auth_tokens tokens;			/* out */
	void (*done)(struct call *);
	/* the operation's own */
	struct auth_user *user;
	struct auth_session session;
	uint8_t refresh_hash[32];
	char origin[AUTH_SUB];
};

void auth_initiate(struct call *, struct auth_initiate *);

#endif
