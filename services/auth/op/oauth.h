/* services/auth/op/oauth.h - what the call's client may do by OAuth
 *
 * What the settings say of their client stands in the rules; every other client
 * has it with it.
 */
#ifndef PARLOR_AUTH_OP_OAUTH_H
#define PARLOR_AUTH_OP_OAUTH_H

#include "services/auth/op/auth.h"

/* Is the flow ("code", "client_credentials") one of the client's? */
bool auth_oauth_allows(struct call *, const char *flow);

/* Is it one of the addresses that a browser may be sent to with a code, or after
 * a logout? */
bool auth_oauth_calls_back(struct call *, struct slice uri);
bool auth_oauth_logs_out(struct call *, struct slice uri);

/* May the client have all scopes that it asks for, which must be such? Null data
 * becomes all of those that it may have. Fails the call with E_OAUTH_SCOPE. */
int auth_oauth_scope(struct call *, struct slice *scope,
		     bool (*is_such)(struct call *, struct slice));

#endif
