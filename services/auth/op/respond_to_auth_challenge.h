/* services/auth/op/respond_to_auth_challenge.h - a sign-in goes on */
#ifndef PARLOR_AUTH_RESPOND_TO_AUTH_CHALLENGE_H
#define PARLOR_AUTH_RESPOND_TO_AUTH_CHALLENGE_H

#include "services/auth/op/sign_in.h"

void auth_respond_to_auth_challenge(struct call *, struct auth_sign_in *);

#endif
