/* services/auth/op/confirm_forgot_password.h - a new password, by a code */
#ifndef PARLOR_AUTH_CONFIRM_FORGOT_PASSWORD_H
#define PARLOR_AUTH_CONFIRM_FORGOT_PASSWORD_H

#include "services/auth/op/auth.h"
#include "services/auth/store/codes.h"

struct auth_confirm_forgot {
	struct slice client_id, secret_hash, username, code, password;
	void (*done)(struct call *);
	/* the operation's own */
	struct auth_code sealed;
	struct auth_user *user;
	struct slice before; /* what was kept of the old password */
};

void auth_confirm_forgot_password(struct call *, struct auth_confirm_forgot *);

#endif
