/* services/auth/op/initiate_auth.h - signing in, and staying so */
#ifndef PARLOR_AUTH_INITIATE_AUTH_H
#define PARLOR_AUTH_INITIATE_AUTH_H

#include "services/auth/op/sign_in.h"

void auth_initiate(struct call *, struct auth_sign_in *);

#endif
