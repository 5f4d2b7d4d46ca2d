/* services/auth/op/update_user_pool_client.c - a client's settings, all of them
 * at once */
#include "services/auth/op/pools.h"
#include "services/auth/op/resource_servers.h"
#include "services/auth/store/pools.h"

static void check_scopes(struct call *c, const struct auth_texts *scopes)
{
	for (size_t i = 0; i < scopes->count; i++)
		if (!auth_oauth_scope_exists(c, scopes->rows[i]))
			call_fail(c, E_SCOPE_MISSING,
				  "Invalid scope requested: %.*s",
				  SLICE_ARGS(scopes->rows[i]));
}

int auth_pool_client_storable(struct call *c, const struct auth_pool_client *s)
{
	if (!call_failed(c) &&
	    slice_equal(s->client.id, auth_of(c)->home_client.id))
		call_fail(c, E_PARAMETER,
			  "The client %.*s has its settings in parlor.yaml.",
			  SLICE_ARGS(s->client.id));
	if (!call_failed(c) &&
	    !auth_client_valid(&s->client, &auth_pool_of(c)->schema, &c->fault))
		check_scopes(c, &s->client.oauth_scopes);
	return -c->fault.code;
}

/* What stays: who it is, and its secret. */
static void keep(struct call *c, struct auth_client *client,
		 const struct auth_client *before)
{
	client->pool_id = before->pool_id;
	client->secret = before->secret;
	if (!client->name.data)
		client->name = before->name;
	client->created_at = before->created_at;
	client->changed_at =
	    c->now_ms > before->changed_at ? c->now_ms : before->changed_at + 1;
}

static void begun(struct call *c)
{
	struct auth_pool_client *s = c->state;
	struct auth_client wanted = s->client;

	if (!auth_pool_client_take(c, s)) {
		s->before = s->client.changed_at;
		keep(c, &wanted, &s->client);
		s->client = wanted;
	}
	if (auth_pool_client_storable(c, s))
		s->admin.done(c);
	else
		auth_pools_put_client(c, &s->client, s->before,
				      auth_admin_changed);
}

void auth_update_user_pool_client(struct call *c, struct auth_pool_client *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
