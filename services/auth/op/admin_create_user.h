/* services/auth/op/admin_create_user.h - an account that somebody else makes
 *
 * It has a temporary password, given or drawn, which is mailed with an invitation
 * and has to be changed at the first sign-in. Who has no address is made without a
 * word, unless mail was asked for.
 */
#ifndef PARLOR_AUTH_ADMIN_CREATE_USER_H
#define PARLOR_AUTH_ADMIN_CREATE_USER_H

#include "services/auth/op/admin.h"
#include "services/auth/op/secret.h"

struct auth_admin_create_user {
	struct auth_admin admin; /* first; out: its user */
	struct slice password;	 /* null: to be drawn */
	const struct auth_change *changes;
	size_t count;
	bool seizes;	     /* an address that somebody else signs in by */
	struct slice action; /* RESEND, SUPPRESS; or null */
	bool by_mail;	     /* the invitation is to go */
	bool silent;	     /* there is none */
	struct auth_user user;
	struct slice before;
	char sub[AUTH_SUB], drawn[AUTH_PASSWORD_DRAWN];
};

void auth_admin_create_user(struct call *, struct auth_admin_create_user *);

#endif
