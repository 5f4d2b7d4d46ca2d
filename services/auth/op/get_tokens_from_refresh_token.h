/* services/auth/op/get_tokens_from_refresh_token.h - new tokens, the refresh
 * token among them */
#ifndef PARLOR_AUTH_GET_TOKENS_FROM_REFRESH_TOKEN_H
#define PARLOR_AUTH_GET_TOKENS_FROM_REFRESH_TOKEN_H

#include "services/auth/op/sign_in.h"

void auth_get_tokens_from_refresh_token(struct call *, struct auth_sign_in *);

#endif
