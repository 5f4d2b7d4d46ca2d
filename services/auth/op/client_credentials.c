/* services/auth/op/client_credentials.c - tokens for a client itself */
#include "services/auth/op/client_credentials.h"
#include "services/auth/op/oauth.h"
#include "services/auth/op/resource_servers.h"

/* On the pool. */
static void mint(struct call *c)
{
	struct auth_sign_in *s = c->state;
	const struct auth_realm *realm = auth_realm_of(c);
	const struct auth_mint by = {
		.issuer = realm->issuer,
		.client_id = auth_client_of(c)->id,
		.access_seconds = auth_rules_of(c)->access_ms / 1000,
	};

	auth_mint_check(c, auth_mint_client(&by, realm->keyring, s->own.scope,
					    auth_now(c), c->mem, &s->tokens));
}

static int check(struct call *c, struct auth_sign_in *s)
{
	if (!auth_oauth_allows(c, "client_credentials"))
		return call_fail(c, E_OAUTH_UNAUTHORIZED,
				 "grant_type: is none of the client's");
	return auth_oauth_scope(c, &s->own.scope, auth_resource_scope_exists);
}

void auth_client_credentials(struct call *c, struct auth_sign_in *s)
{
	c->state = s;
	if (call_failed(c) || check(c, s))
		s->done(c);
	else
		auth_work(c, mint, s->done);
}
