/* services/auth/op/verify_user_attribute.h - the code that came to an address
 *
 * It is bound to the address: one that was mailed to another is none.
 */
#ifndef PARLOR_AUTH_VERIFY_USER_ATTRIBUTE_H
#define PARLOR_AUTH_VERIFY_USER_ATTRIBUTE_H

#include "services/auth/op/code.h"
#include "services/auth/store/codes.h"

struct auth_verify_user_attribute {
	struct slice token, attribute, code;
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
	struct auth_user then; /* if the code is right */
	struct auth_code sealed;
};

void auth_verify_user_attribute(struct call *,
				struct auth_verify_user_attribute *);

/* Can it be verified? Only an address can. -E_PARAMETER if not. */
int auth_verification_check(struct call *, struct slice attribute);

/* Draws and stores a code for the user's address. */
void auth_verification_put(struct call *, const struct auth_user *,
			   char code[AUTH_CODE], struct auth_code *,
			   auth_next_fn *next);

#endif
