/* services/auth/op/bearer.c - operations whose token is part of the message */
#include "services/auth/op/bearer.h"
#include "lib/crypto/identity.h"
#include "services/auth/model/oauth.h"

int auth_bearer_read(struct call *c, struct slice token, struct principal *who)
{
	struct fault fault;

	fault_clear(&fault);
	auth_token_scope(c, token);
	switch (-identity_check_user(auth_realm_of(c)->identity, token,
				     c->now_ms, c->mem, who, &fault)) {
	case E_NONE:
		break;
	case E_TOKEN_EXPIRED:
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Access Token has expired");
	case E_TOKEN_REVOKED:
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Access Token has been revoked");
	default:
		return call_fail(c, E_NOT_AUTHORIZED, "Invalid Access Token");
	}
	if (auth_client_check(c, who->client_id))
		return -c->fault.code;
	return 0;
}

int auth_bearer_check(struct call *c, struct slice token, struct principal *who)
{
	if (auth_required(c, "accessToken", AUTH_TOKEN_PATTERN, token) ||
	    auth_bearer_read(c, token, who))
		return -c->fault.code;
	if (!auth_scopes_have(who->scope, AUTH_SCOPE_USER))
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Access Token does not have required scopes");
	return 0;
}

int auth_bearer_owns(struct call *c, const struct principal *who,
		     const struct auth_user *user)
{
	if (call_failed(c))
		return -c->fault.code;
	if (!user || !slice_equal(user->sub, who->sub))
		return call_fail(c, E_USER_MISSING, "User does not exist.");
	return 0;
}

int auth_bearer_owns_account(struct call *c, const struct principal *who,
			     const struct auth_user *user)
{
	if (auth_bearer_owns(c, who, user))
		return -c->fault.code;
	if (user->status == AUTH_GUEST)
		return call_fail(c, E_PARAMETER,
				 "The user is a guest: sign up first.");
	return 0;
}
