/* services/auth/op/rotate_signing_keys.h - the next signing key, now */
#ifndef PARLOR_AUTH_ROTATE_SIGNING_KEYS_H
#define PARLOR_AUTH_ROTATE_SIGNING_KEYS_H

#include "services/auth/op/admin.h"
#include "services/auth/store/keys.h"

struct auth_rotate {
	struct auth_admin admin;
	struct auth_key key; /* out */
	/* the operation's own */
	struct auth_keys found;
	struct auth_key made;
};

void auth_rotate_signing_keys(struct call *, struct auth_rotate *);

#endif
