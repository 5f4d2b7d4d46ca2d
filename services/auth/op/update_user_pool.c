/* services/auth/op/update_user_pool.c - a pool's settings, all of them at once */
#include "services/auth/op/pools.h"
#include "services/auth/op/user_pools.h"
#include "services/auth/store/pools.h"

static void put(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_renew(c, s->admin.done);
}

void auth_user_pool_replace(struct call *c, struct auth_user_pool *s)
{
	const struct auth_pool *before = auth_pool_of(c);

	s->pool.changed_at =
	    c->now_ms > before->changed_at ? c->now_ms : before->changed_at + 1;
	auth_pools_put(c, &s->pool, before->changed_at, put);
}

/* What stays: who it is, by what its users sign in, what is said of them, and which
 * second factors there are, if it is to have one: SetUserPoolMfaConfig says that. */
static void keep(struct call *c, struct auth_pool *pool)
{
	const struct auth_pool *before = auth_pool_of(c);

	pool->id = before->id;
	if (!pool->name.data)
		pool->name = before->name;
	pool->created_at = before->created_at;
	pool->mfa.email = before->mfa.email;
	pool->mfa.totp = before->mfa.totp ||
			 (pool->mfa.mode != AUTH_MFA_OFF && !before->mfa.email);
	pool->aliases = before->aliases;
	pool->usernames = before->usernames;
	pool->case_sensitive = before->case_sensitive;
	pool->schema = before->schema;
}

static void begun(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (!auth_pool_changeable(c))
		keep(c, &s->pool);
	if (!call_failed(c))
		auth_pool_valid(&s->pool, &c->fault);
	if (call_failed(c))
		s->admin.done(c);
	else
		auth_user_pool_replace(c, s);
}

void auth_update_user_pool(struct call *c, struct auth_user_pool *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
