/* services/auth/op/sign_up.h - a new account, to be confirmed by mail
 *
 * With a guest's access token the account has the guest's sub from the first and
 * takes its place once confirmed. Until then the guest goes on as it was, and may
 * sign up again, under the same name or another: the first that is confirmed
 * counts.
 */
#ifndef PARLOR_AUTH_SIGN_UP_H
#define PARLOR_AUTH_SIGN_UP_H

#include "services/auth/op/auth.h"

struct auth_sign_up {
	struct slice client_id, secret_hash, password;
	struct slice access_token;	   /* a guest's; null: none */
	const struct auth_change *changes; /* what it says of itself */
	size_t count;
	struct auth_user user; /* in: username; out: sub */
	const char *
	    destination; /* out: where the code went, masked; NULL: none was mailed */
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *guest, *made;
	char code[AUTH_CODE], sub[AUTH_SUB];
};

/* Runs done, once, on the call's loop; it lives as long as the call. */
void auth_sign_up(struct call *, struct auth_sign_up *);

/* Nobody signs up by a guest's name. -E_PARAMETER if that is one. */
int auth_sign_up_check_name(struct call *, struct slice username);

#endif
