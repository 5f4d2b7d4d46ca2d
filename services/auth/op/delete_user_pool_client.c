/* services/auth/op/delete_user_pool_client.c - a client, whose sign-ins end with
 * it */
#include "services/auth/op/pools.h"
#include "services/auth/op/user_pools.h"
#include "services/auth/store/pools.h"

static void begun(struct call *c)
{
	struct auth_pool_client *s = c->state;

	if (!auth_pool_client_take(c, s) &&
	    slice_equal(s->client.id, auth_of(c)->home_client.id))
		call_fail(c, E_PARAMETER,
			  "The client %.*s is that of parlor.yaml.",
			  SLICE_ARGS(s->client.id));
	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_delete_client(c, &s->client, auth_admin_changed);
}

void auth_delete_user_pool_client(struct call *c, struct auth_pool_client *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
