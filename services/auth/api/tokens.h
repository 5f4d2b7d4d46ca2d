/* services/auth/api/tokens.h - what all ways to sign in are answered with */
#ifndef PARLOR_AUTH_TOKENS_H
#define PARLOR_AUTH_TOKENS_H

#include "services/auth/op/sign_in.h"

/* For `done`: the tokens, or the next challenge. */
void api_answer_sign_in(struct call *);

#endif
