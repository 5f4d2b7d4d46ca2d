/* services/auth/op/exchange_code.h - tokens for a code (RFC 6749, 4.1.3)
 *
 * A code is good once, for a minute, for the client and the address it was made
 * for, and for who knows the verifier. Any try uses it up; a second one ends the
 * sign-in that came of the first.
 */
#ifndef PARLOR_AUTH_EXCHANGE_CODE_H
#define PARLOR_AUTH_EXCHANGE_CODE_H

#include "services/auth/model/grant.h"
#include "services/auth/op/sign_in.h"

struct auth_exchange {
	struct auth_sign_in sign_in; /* client_id and done in, tokens out */
	struct slice code, redirect_uri, verifier;
	struct auth_grant grant; /* the operation's own */
};

void auth_exchange_code(struct call *, struct auth_exchange *);

#endif
