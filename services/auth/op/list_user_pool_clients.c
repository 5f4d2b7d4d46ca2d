/* services/auth/op/list_user_pool_clients.c - which clients a pool has */
#include "services/auth/op/pools.h"
#include "services/auth/op/user_pools.h"

static void add(struct auth_listing *s, struct auth_client *clients,
		const struct auth_client *client)
{
	if (slice_compare(client->id, s->after) <= 0 || s->next.size)
		return;
	if (s->count == (size_t)s->max)
		s->next = clients[s->count - 1].id;
	else
		clients[s->count++] = *client;
}

static void begun(struct call *c)
{
	struct auth_listing *s = c->state;
	const struct auth_client *home = &auth_of(c)->home_client;
	struct auth_client *clients =
	    arena_array(c->mem, (size_t)s->max, sizeof(*clients));
	const struct auth_served *pool =
	    auth_pools_find(auth_of(c)->pools, c->mem, auth_pool_of(c)->id);
	bool pending = auth_realm_of(c) == &auth_of(c)->home_realm;

	for (size_t i = 0; clients && pool && i < pool->client_count; i++) {
		const struct auth_client *client = pool->clients[i];

		if (pending && slice_compare(home->id, client->id) < 0) {
			add(s, clients, home);
			pending = false;
		}
		add(s, clients, client);
	}
	if (clients && pending)
		add(s, clients, home);
	s->clients = clients;
	call_status(c);
	s->admin.done(c);
}

void auth_list_user_pool_clients(struct call *c, struct auth_listing *s)
{
	s->admin.renews = true;
	auth_listing_check(c, s, AUTH_LISTING_MAX);
	auth_admin_begin(c, &s->admin, begun);
}
