/* services/auth/op/get_user_pool_mfa_config.c - a pool's second factors */
#include "services/auth/op/user_pool_mfa_config.h"

static void begun(struct call *c)
{
	struct auth_mfa_config *s = c->state;

	s->mfa = auth_pool_told(c).mfa;
	s->admin.done(c);
}

void auth_get_user_pool_mfa_config(struct call *c, struct auth_mfa_config *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
