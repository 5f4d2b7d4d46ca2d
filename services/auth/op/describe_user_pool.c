/* services/auth/op/describe_user_pool.c - what a pool is */
#include "services/auth/op/user_pools.h"

static bool is_home(const struct call *c)
{
	return auth_realm_of(c) == &auth_of(c)->home_realm;
}

struct auth_pool auth_pool_told(const struct call *c)
{
	const struct auth_rules *rules = auth_rules_of(c);
	struct auth_pool pool = *auth_pool_of(c);

	if (!is_home(c))
		return pool;
	pool.name = pool.id;
	pool.protected = true;
	pool.password = (struct auth_password_policy){
		.min_length = rules->password_min,
		.upper = rules->upper,
		.lower = rules->lower,
		.digit = rules->digit,
		.symbol = rules->symbol,
	};
	pool.mfa = rules->mfa;
	return pool;
}

int auth_pool_changeable(struct call *c)
{
	if (!call_failed(c) && is_home(c))
		call_fail(c, E_PARAMETER,
			  "The user pool %.*s has its settings in parlor.yaml.",
			  SLICE_ARGS(auth_pool_of(c)->id));
	return -c->fault.code;
}

static void begun(struct call *c)
{
	struct auth_user_pool *s = c->state;

	s->pool = auth_pool_told(c);
	s->admin.done(c);
}

void auth_describe_user_pool(struct call *c, struct auth_user_pool *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
