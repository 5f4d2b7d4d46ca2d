/* services/auth/op/set_user_pool_mfa_config.c - a pool's second factors */
#include "services/auth/op/pools.h"
#include "services/auth/op/user_pool_mfa_config.h"
#include "services/auth/store/pools.h"

static void put(struct call *c)
{
	struct auth_mfa_config *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_renew(c, s->admin.done);
}

static void check(struct call *c, const struct auth_mfa_rules *mfa)
{
	bool any = mfa->totp || mfa->email;

	if (mfa->mode == AUTH_MFA_OFF && any)
		call_fail(c, E_PARAMETER,
			  "Invalid MFA configuration given, can't turn off MFA "
			  "and configure an MFA together.");
	else if (mfa->mode != AUTH_MFA_OFF && !any)
		call_fail(c, E_PARAMETER,
			  "Invalid MFA configuration given, can't disable all "
			  "MFAs with a required or optional configuration.");
}

static void begun(struct call *c)
{
	const struct auth_pool *before = auth_pool_of(c);
	struct auth_mfa_config *s = c->state;

	if (!auth_pool_changeable(c))
		check(c, &s->mfa);
	if (call_failed(c)) {
		s->admin.done(c);
		return;
	}
	s->pool = *before;
	s->pool.mfa = s->mfa;
	s->pool.changed_at =
	    c->now_ms > before->changed_at ? c->now_ms : before->changed_at + 1;
	auth_pools_put(c, &s->pool, before->changed_at, put);
}

void auth_set_user_pool_mfa_config(struct call *c, struct auth_mfa_config *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
