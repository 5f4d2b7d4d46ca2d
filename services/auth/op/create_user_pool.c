/* services/auth/op/create_user_pool.c - another pool, with a key to sign with */
#include "lib/base/random.h"
#include "services/auth/op/pools.h"
#include "services/auth/op/signing_keys.h"
#include "services/auth/op/user_pools.h"
#include "services/auth/store/pools.h"

enum { LETTERS = 9 };

/* REGION_LETTERS. */
static void draw_id(struct call *c, struct auth_pool *pool)
{
	char letters[LETTERS + 1];

	random_text(letters, LETTERS,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789");
	pool->id = slice_of(
	    arena_printf(c->mem, "%s_%s", auth_of(c)->region, letters));
	pool->prefix =
	    slice_of(arena_printf(c->mem, "%.*s/", SLICE_ARGS(pool->id)));
	pool->created_at = pool->changed_at = c->now_ms;
}

static void put(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_renew(c, s->admin.done);
}

static void key_stored(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_put(c, &s->pool, 0, put);
}

static void draw(struct call *c)
{
	struct auth_user_pool *s = c->state;

	auth_key_draw(c, NULL, &s->key);
}

/* The call is about the new pool from here on. */
static void drawn(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (call_status(c)) {
		s->admin.done(c);
		return;
	}
	s->scope = (struct auth_scope){ .realm = &auth_of(c)->home_realm,
					.pool = &s->pool };
	c->scope = &s->scope;
	auth_keys_create(c, auth_of(c)->seal, NULL, &s->key, key_stored);
}

static void begun(struct call *c)
{
	struct auth_user_pool *s = c->state;

	if (auth_pools_all(auth_of(c)->pools, c->mem).count > AUTH_POOLS_MAX)
		call_fail(c, E_LIMIT, "There are %d user pools already.",
			  AUTH_POOLS_MAX);
	else if (!auth_pool_valid(&s->pool, &c->fault) &&
		 !auth_schema_add(&s->pool.schema, s->rules, s->rule_count,
				  c->mem, &c->fault))
		draw_id(c, &s->pool);
	if (call_status(c))
		s->admin.done(c);
	else
		auth_work(c, draw, drawn);
}

void auth_create_user_pool(struct call *c, struct auth_user_pool *s)
{
	auth_admin_begin_all(c, &s->admin, begun);
}
