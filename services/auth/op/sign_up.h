/* services/auth/op/sign_up.h - a new account, to be confirmed by mail */
#ifndef PARLOR_AUTH_SIGN_UP_H
#define PARLOR_AUTH_SIGN_UP_H

#include "services/auth/op/auth.h"

struct auth_sign_up {
	struct slice client_id, password;
	struct auth_user user;	 /* in: username, attributes; out: sub */
	const char *destination; /* out: where the code went, masked */
	void (*done)(struct call *);
	/* the operation's own */
	char code[AUTH_CODE], sub[AUTH_SUB], hash[ARGON_TEXT];
};

/* Runs done, once, on the call's loop; it lives as long as the call. */
void auth_sign_up(struct call *, struct auth_sign_up *);

#endif
