/* services/auth/op/resource_servers.c - servers that apps have tokens for */
#include "services/auth/op/resource_servers.h"
#include "services/auth/model/oauth.h"
#include "services/auth/op/pools.h"

struct auth_resource_servers auth_resource_servers_of(struct call *c)
{
	const struct auth_served *served =
	    auth_pools_find(auth_of(c)->pools, c->mem, auth_pool_of(c)->id);

	if (!served)
		return (struct auth_resource_servers){ 0 };
	return (struct auth_resource_servers){ served->servers,
					       served->server_count };
}

const struct auth_resource_server *auth_resource_server_find(struct call *c,
							     struct slice id)
{
	struct auth_resource_servers all = auth_resource_servers_of(c);

	for (size_t i = 0; i < all.count; i++)
		if (slice_equal(all.rows[i].id, id))
			return &all.rows[i];
	return NULL;
}

const struct auth_resource_server *auth_resource_server_get(struct call *c,
							    struct slice id)
{
	const struct auth_resource_server *found =
	    auth_resource_server_find(c, id);

	if (!found)
		call_fail(c, E_MISSING, "Resource server %.*s does not exist.",
			  SLICE_ARGS(id));
	return found;
}

bool auth_resource_scope_exists(struct call *c, struct slice scope)
{
	struct auth_resource_servers all = { 0 };

	if (memchr(scope.data, '/', scope.size))
		all = auth_resource_servers_of(c);
	for (size_t i = 0; i < all.count; i++)
		if (auth_resource_server_has(&all.rows[i], scope))
			return true;
	return false;
}

bool auth_oauth_scope_exists(struct call *c, struct slice scope)
{
	return auth_scope_is_standard(scope) ||
	       auth_resource_scope_exists(c, scope);
}
