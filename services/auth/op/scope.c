/* services/auth/op/scope.c - which pool and client a call is about */
#include "lib/crypto/token.h"
#include "services/auth/op/pools.h"

enum { MINUTE_MS = 60 * 1000 };

/* What the pool's own rules are. */
static void rule_pool(struct auth_rules *rules, const struct auth_pool *pool)
{
	rules->password_min = pool->password.min_length;
	rules->upper = pool->password.upper;
	rules->lower = pool->password.lower;
	rules->digit = pool->password.digit;
	rules->symbol = pool->password.symbol;
	rules->mfa = pool->mfa;
}

static void rule_client(struct auth_rules *rules,
			const struct auth_client *client)
{
	rules->password_flow = auth_client_allows(client, "USER_PASSWORD_AUTH");
	rules->srp_flow = auth_client_allows(client, "USER_SRP_AUTH");
	rules->admin_flow =
	    auth_client_allows(client, "ADMIN_USER_PASSWORD_AUTH");
	rules->choice_flow = auth_client_allows(client, "USER_AUTH");
	/* it gives no new refresh token: what rotates is not for it */
	rules->no_refresh_flow =
	    client->rotates ||
	    !auth_client_allows(client, "REFRESH_TOKEN_AUTH");
	rules->no_guest_flow = !auth_client_allows(client, "GUEST_AUTH");
	rules->access_ms = auth_access_ms(client);
	rules->id_ms = auth_id_ms(client);
	rules->refresh_ms = auth_refresh_ms(client);
	rules->rotates = client->rotates;
	rules->grace_ms = client->grace_seconds * 1000;
	rules->tells_missing = client->tells_missing;
	rules->callback_urls = rules->logout_urls = rules->oauth_scopes =
	    (struct setting_list){ 0 };
	rules->challenge_ms = client->session_minutes * MINUTE_MS;
}

/* From now on the call is about that pool, and the client unless it is NULL. The
 * settings' rules hold where neither has its own. */
static int enter(struct call *c, const struct auth_served *served,
		 const struct auth_client *client)
{
	struct auth *auth = auth_of(c);
	struct auth_scope *scope = arena_zalloc(c->mem, sizeof(*scope));
	struct auth_rules *rules = arena_alloc(c->mem, sizeof(*rules));
	bool home = served->realm == &auth->home_realm;

	if (!scope || !rules)
		return call_status(c);
	*scope = (struct auth_scope){ .realm = served->realm,
				      .pool = &served->pool,
				      .client = client };
	c->scope = scope;
	if (home && (!client || client == &auth->home_client))
		return 0;
	*rules = *atomic_load(&auth->rules);
	if (!home)
		rule_pool(rules, &served->pool);
	if (client)
		rule_client(rules, client);
	scope->rules = rules;
	return 0;
}

static int missing_client(struct call *c, struct slice client_id)
{
	return call_fail(c, E_MISSING, "User pool client %.*s does not exist.",
			 SLICE_HEAD(client_id, AUTH_CLIENT_ID_MAX)
			     ? (const char *)client_id.data
			     : "");
}

int auth_client_check(struct call *c, struct slice client_id)
{
	struct auth *auth = auth_of(c);
	const struct auth_realm *named = c->scope ? auth_realm_of(c) : NULL;
	bool home = slice_equal(client_id, auth->home_client.id);
	const struct auth_client *client = NULL;
	const struct auth_served *served = NULL;

	if (!home)
		served = auth_pools_find_client(auth->pools, c->mem, client_id,
						&client);
	if (served ? named && named != served->realm
		   : !home || (named && named != &auth->home_realm))
		return missing_client(c, client_id);
	c->scope = NULL;
	return served ? enter(c, served, client) : 0;
}

int auth_pool_check(struct call *c, struct slice pool_id)
{
	struct auth *auth = auth_of(c);
	const struct auth_served *served =
	    auth_pools_find(auth->pools, c->mem, pool_id);

	if (served)
		return enter(c, served, NULL);
	if (slice_equal(pool_id, auth->home_pool.id))
		return 0;
	return call_fail(c, E_MISSING, "User pool %.*s does not exist.",
			 SLICE_ARGS(pool_id));
}

/* Behind the issuer's last slash. */
static struct slice pool_id_of(struct slice issuer)
{
	while (issuer.size)
		if (!memchr(issuer.data, '/', issuer.size))
			return issuer;
		else
			slice_cut(&issuer, '/');
	return issuer;
}

void auth_token_scope(struct call *c, struct slice token)
{
	struct auth *auth = auth_of(c);
	const struct auth_served *served;
	struct slice issuer;

	if (auth_pools_are_one(auth->pools))
		return;
	issuer = token_claimed_issuer(token, c->mem);
	if (slice_is(issuer, auth->home_realm.issuer))
		return;
	served = auth_pools_find(auth->pools, c->mem, pool_id_of(issuer));
	if (served)
		enter(c, served, NULL);
}

bool auth_srp_is_used(const struct call *c)
{
	const struct auth *auth = auth_of(c);

	return auth_rules_of(c)->srp_flow || auth_pool_of(c)->srp ||
	       (auth_realm_of(c) == &auth->home_realm &&
		atomic_load(&auth->rules)->srp_flow);
}

const struct auth_realm *auth_realm_find(struct auth *auth, struct arena *mem,
					 struct slice pool_id)
{
	const struct auth_served *served;

	if (slice_equal(pool_id, auth->home_pool.id))
		return &auth->home_realm;
	served = auth_pools_find(auth->pools, mem, pool_id);
	return served ? served->realm : NULL;
}
