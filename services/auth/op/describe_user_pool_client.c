/* services/auth/op/describe_user_pool_client.c - what a client is */
#include "services/auth/op/client_secret.h"
#include "services/auth/op/user_pools.h"

enum { FLOWS_MAX = 5 };

/* What the settings say of their own client. */
static void tell_home(struct call *c, struct auth_client *client)
{
	const struct auth_rules *rules = auth_rules_of(c);
	struct slice *flows = arena_array(c->mem, FLOWS_MAX, sizeof(*flows));
	size_t count = 0;

	if (!flows)
		return;
	if (rules->password_flow)
		flows[count++] = SLICE("ALLOW_USER_PASSWORD_AUTH");
	if (rules->srp_flow)
		flows[count++] = SLICE("ALLOW_USER_SRP_AUTH");
	if (rules->choice_flow)
		flows[count++] = SLICE("ALLOW_USER_AUTH");
	flows[count++] = SLICE("ALLOW_REFRESH_TOKEN_AUTH");
	flows[count++] = SLICE("ALLOW_GUEST_AUTH");
	client->name = client->id;
	client->flows = (struct auth_texts){ flows, count };
	client->access =
	    (struct auth_life){ rules->access_ms / 1000, AUTH_SECONDS };
	client->id_token =
	    (struct auth_life){ rules->id_ms / 1000, AUTH_SECONDS };
	client->refresh =
	    (struct auth_life){ rules->refresh_ms / 1000, AUTH_SECONDS };
	client->rotates = rules->rotates;
	client->rotation_said = true;
	client->grace_seconds = rules->grace_ms / 1000;
}

int auth_pool_client_take(struct call *c, struct auth_pool_client *s)
{
	const struct auth_client *client;

	if (auth_client_check(c, s->client.id))
		return -c->fault.code;
	client = auth_client_of(c);
	s->secret = auth_client_secret_open(c, client);
	s->client = *client;
	if (client == &auth_of(c)->home_client)
		tell_home(c, &s->client);
	return call_status(c);
}

static void begun(struct call *c)
{
	struct auth_pool_client *s = c->state;

	auth_pool_client_take(c, s);
	s->admin.done(c);
}

void auth_describe_user_pool_client(struct call *c, struct auth_pool_client *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
