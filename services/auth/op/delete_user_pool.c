/* services/auth/op/delete_user_pool.c - a pool, gone at once; what it had is deleted
 * behind it (pools.h) */
#include "services/auth/op/pools.h"
#include "services/auth/op/user_pools.h"
#include "services/auth/store/pools.h"

static void removed(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_renew(c, s->admin.done);
}

static void begun(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (!auth_pool_changeable(c) && auth_pool_of(c)->protected)
		call_fail(
		    c, E_PARAMETER,
		    "The user pool cannot be deleted because deletion "
		    "protection is activated. Deletion protection must be "
		    "inactivated first.");
	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_delete(c, auth_pool_of(c),
				  slice_of(auth_realm_of(c)->issuer),
				  auth_last_expiry(c), removed);
}

void auth_delete_user_pool(struct call *c, struct auth_user_pool *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
