/* services/auth/op/client_credentials.h - tokens for a client itself (RFC 6749,
 * 4.4)
 *
 * For a program without a user, which can keep a secret: an access token with the
 * scopes of resource servers that the client has been given.
 */
#ifndef PARLOR_AUTH_CLIENT_CREDENTIALS_H
#define PARLOR_AUTH_CLIENT_CREDENTIALS_H

#include "services/auth/op/sign_in.h"

/* The client has proved who it is. `own.scope` in: what it asks for, or all that
 * it has; out: what it gets. */
void auth_client_credentials(struct call *, struct auth_sign_in *);

#endif
