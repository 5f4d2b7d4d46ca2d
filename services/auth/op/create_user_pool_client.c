/* services/auth/op/create_user_pool_client.c - another client of a pool */
#include "lib/base/random.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/pools.h"
#include "services/auth/op/user_pools.h"
#include "services/auth/store/pools.h"

enum { ID = 26, SECRET = 52 };

static struct slice draw(struct call *c, size_t length)
{
	char text[SECRET + 1];
	struct slice drawn;

	random_text(text, length, "abcdefghijklmnopqrstuvwxyz0123456789");
	drawn = arena_slice(c->mem, slice_make(text, length));
	explicit_bzero(text, sizeof(text));
	return drawn;
}

static void make(struct call *c, struct auth_pool_client *s)
{
	struct auth_client *client = &s->client;

	client->id = draw(c, ID);
	client->pool_id = auth_pool_of(c)->id;
	client->created_at = client->changed_at = c->now_ms;
	if (s->draws)
		s->secret = draw(c, SECRET);
	if (s->secret.data)
		client->secret = auth_client_secret_close(c, client, s->secret);
}

static int check_room(struct call *c)
{
	struct auth_served_list all = auth_pools_all(auth_of(c)->pools, c->mem);
	size_t count = 0, own = 0;

	for (size_t i = 0; i < all.count; i++) {
		count += all.rows[i]->client_count;
		if (all.rows[i]->realm == auth_realm_of(c))
			own = all.rows[i]->client_count;
	}
	if (own >= AUTH_CLIENTS_OF_POOL)
		return call_fail(c, E_LIMIT,
				 "The user pool has %d clients already.",
				 AUTH_CLIENTS_OF_POOL);
	if (count >= AUTH_CLIENTS_MAX)
		return call_fail(c, E_LIMIT, "There are %d clients already.",
				 AUTH_CLIENTS_MAX);
	return 0;
}

static void begun(struct call *c)
{
	struct auth_pool_client *s = c->state;

	if (s->draws && s->secret.data)
		call_fail(c, E_PARAMETER,
			  "Either GenerateSecret or ClientSecret, not both.");
	else if (!check_room(c))
		make(c, s);
	if (call_status(c) || auth_pool_client_storable(c, s))
		s->admin.done(c);
	else
		auth_pools_put_client(c, &s->client, 0, auth_admin_changed);
}

void auth_create_user_pool_client(struct call *c, struct auth_pool_client *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
