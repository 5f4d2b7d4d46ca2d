/* services/auth/op/confirm_sign_up.h - the code that came by mail */
#ifndef PARLOR_AUTH_CONFIRM_SIGN_UP_H
#define PARLOR_AUTH_CONFIRM_SIGN_UP_H

#include "services/auth/op/auth.h"

struct auth_confirm {
	struct slice client_id, secret_hash, username, code;
	bool seizes; /* an address that somebody else signs in by */
	void (*done)(struct call *);
	/* the operation's own */
	struct auth_user *user, *guest, before;
};

void auth_confirm_sign_up(struct call *, struct auth_confirm *);

/* Is the guest still there that the account takes the place of? Fails the call
 * with E_NOT_AUTHORIZED if not. */
int auth_confirm_check_guest(struct call *, const struct auth_user *guest,
			     const struct auth_user *);

#endif
