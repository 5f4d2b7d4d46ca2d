/* services/auth/op/user_info.c - what an app may know of its user */
#include "services/auth/op/user_info.h"
#include "services/auth/model/oauth.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_user_info *s = c->state;

	if (!call_failed(c) && (!s->user || s->user->disabled ||
				!slice_equal(s->user->sub, s->who.sub)))
		call_fail(c, E_OAUTH_TOKEN, "its user does not exist");
	s->done(c);
}

void auth_user_info(struct call *c, struct auth_user_info *s)
{
	c->state = s;
	if (!call_failed(c) && !auth_bearer_read(c, s->token, &s->who) &&
	    !auth_scopes_have(s->who.scope, AUTH_SCOPE_OPENID))
		call_fail(c, E_OAUTH_TOKEN_SCOPE,
			  "the token has not the scope 'openid'");
	if (call_failed(c))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
