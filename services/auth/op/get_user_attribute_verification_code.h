/* services/auth/op/get_user_attribute_verification_code.h - a code to an address
 * that the user has */
#ifndef PARLOR_AUTH_GET_USER_ATTRIBUTE_VERIFICATION_CODE_H
#define PARLOR_AUTH_GET_USER_ATTRIBUTE_VERIFICATION_CODE_H

#include "services/auth/op/auth.h"
#include "services/auth/store/codes.h"

struct auth_ask_verification {
	struct slice token, attribute;
	const char *destination; /* out: masked */
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user, then; /* when the code will have come back */
	struct auth_code sealed;
	char code[AUTH_CODE];
};

void auth_get_user_attribute_verification_code(struct call *,
					       struct auth_ask_verification *);

#endif
