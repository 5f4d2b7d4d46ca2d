/* services/auth/op/update_user_attributes.h - what a user says about itself */
#ifndef PARLOR_AUTH_UPDATE_USER_ATTRIBUTES_H
#define PARLOR_AUTH_UPDATE_USER_ATTRIBUTES_H

#include "services/auth/op/auth.h"
#include "services/auth/store/codes.h"

struct auth_update_user_attributes {
	struct slice token;
	const struct auth_change *changes;
	size_t count;
	const char *destination; /* out: where a code for a new address went */
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
	struct auth_user before, then; /* when the code will have come back */
	bool mails;		       /* a code */
	struct auth_code sealed;
	char code[AUTH_CODE];
};

void auth_update_user_attributes(struct call *,
				 struct auth_update_user_attributes *);

#endif
