/* services/auth/op/refresh.h - staying signed in */
#ifndef PARLOR_AUTH_OP_REFRESH_H
#define PARLOR_AUTH_OP_REFRESH_H

#include "services/auth/op/sign_in.h"

/* New tokens of the sign-in whose refresh token was given, and where it
 * `rotates` the next refresh token. */
void auth_refresh(struct call *, struct auth_sign_in *);

#endif
