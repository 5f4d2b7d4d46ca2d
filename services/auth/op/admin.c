/* services/auth/op/admin.c - what only some may do with the pool */
#include "services/auth/op/admin.h"
#include "lib/rpc/op.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/name.h"
#include "services/auth/op/pools.h"
#include "services/auth/store/policies.h"
#include "services/auth/store/users.h"

const char *auth_pool_arn(struct call *c, struct slice pool_id)
{
	return arena_printf(c->mem,
			    "arn:aws:cognito-idp:%s:000000000000:userpool/%.*s",
			    auth_of(c)->region, SLICE_ARGS(pool_id));
}

static void entered(struct call *c)
{
	struct auth_admin *a = c->state;

	/* a refusal is an event of the pool, too */
	if (a->pool_id.data)
		auth_pool_check(c, a->pool_id);
	if (call_failed(c))
		a->done(c);
	else
		a->next(c);
}

/* One that is not known may have been made by another replica just now. */
static void permitted(struct call *c)
{
	struct auth_admin *a = c->state;

	if (!call_failed(c) &&
	    (a->renews || !auth_realm_find(auth_of(c), c->mem, a->pool_id)))
		auth_pools_renew(c, entered);
	else
		entered(c);
}

void auth_admin_changed(struct call *c)
{
	const struct auth_admin *a = c->state;

	auth_pools_renew(c, a->done);
}

static void ask(struct call *c, struct auth_admin *a, struct slice resource,
		auth_next_fn *next)
{
	const char *arn = auth_pool_arn(c, resource);

	a->next = next;
	if (call_status(c) || c->principal.kind == PRINCIPAL_ADMIN)
		permitted(c);
	else
		auth_policies_ask(c, arn, permitted);
}

void auth_admin_begin(struct call *c, struct auth_admin *a, auth_next_fn *next)
{
	c->state = a;
	if (c->op->flags & OP_WRITE && a->username.data)
		auth_audit_begin(c,
				 &(struct auth_audit){ .type = c->op->name,
						       .name = a->username,
						       .user = &a->user,
						       .by_principal = true },
				 &a->done);
	if (call_failed(c))
		a->done(c);
	else
		ask(c, a, a->pool_id, next);
}

void auth_admin_begin_all(struct call *c, struct auth_admin *a,
			  auth_next_fn *next)
{
	c->state = a;
	a->renews = true;
	if (call_failed(c))
		a->done(c);
	else
		ask(c, a, SLICE("*"), next);
}

static void found(struct call *c)
{
	struct auth_admin *a = c->state;

	if (!call_failed(c) && !a->user)
		call_fail(c, E_USER_MISSING, "User does not exist.");
	if (call_failed(c))
		a->done(c);
	else
		a->next(c);
}

void auth_admin_find_again(struct call *c, struct auth_admin *a,
			   auth_next_fn *next)
{
	a->next = next;
	auth_users_get(c, a->username, &a->user, found);
}

static void named(struct call *c)
{
	struct auth_admin *a = c->state;

	if (call_failed(c))
		a->done(c);
	else
		auth_admin_find_again(c, a, a->find_next);
}

static void find(struct call *c)
{
	struct auth_admin *a = c->state;

	if (auth_username_check(a->username, &c->fault))
		a->done(c);
	else
		auth_name_resolve(c, &a->username, named);
}

void auth_admin_find(struct call *c, struct auth_admin *a, auth_next_fn *next)
{
	a->find_next = next;
	auth_admin_begin(c, a, find);
}
