/* services/auth/op/resend_confirmation_code.h - another code for the same user
 */
#ifndef PARLOR_AUTH_RESEND_CONFIRMATION_CODE_H
#define PARLOR_AUTH_RESEND_CONFIRMATION_CODE_H

#include "services/auth/op/auth.h"

struct auth_resend {
	struct slice client_id, secret_hash, username;
	const char *destination; /* out: masked */
	void (*done)(struct call *);
	/* the operation's own */
	struct auth_user *user;
	char code[AUTH_CODE];
};

void auth_resend_confirmation_code(struct call *, struct auth_resend *);

#endif
