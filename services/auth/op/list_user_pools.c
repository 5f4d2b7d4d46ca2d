/* services/auth/op/list_user_pools.c - which pools there are */
#include "services/auth/op/pools.h"
#include "services/auth/op/user_pools.h"

int auth_listing_check(struct call *c, const struct auth_listing *s, int most)
{
	if (!call_failed(c) && s->counted && (s->max < 1 || s->max > most))
		call_fail(c, E_PARAMETER,
			  "1 validation error detected: Value '%lld' at "
			  "'maxResults' failed to satisfy constraint: Member "
			  "must have value %s than or equal to %d",
			  (long long)s->max, s->max < 1 ? "greater" : "less",
			  s->max < 1 ? 1 : most);
	return -c->fault.code;
}

static struct auth_pool told(struct call *c, const struct auth_served *served)
{
	const struct auth_scope scope = { .realm = served->realm,
					  .pool = &served->pool };
	struct auth_pool pool;

	c->scope = &scope;
	pool = auth_pool_told(c);
	c->scope = NULL;
	return pool;
}

static void begun(struct call *c)
{
	struct auth_listing *s = c->state;
	struct auth_served_list all = auth_pools_all(auth_of(c)->pools, c->mem);
	struct auth_pool *pools =
	    arena_array(c->mem, (size_t)s->max, sizeof(*pools));

	for (size_t i = 0; pools && i < all.count; i++) {
		if (slice_compare(all.rows[i]->pool.id, s->after) <= 0)
			continue;
		if (s->count == (size_t)s->max) {
			s->next = pools[s->count - 1].id;
			break;
		}
		pools[s->count++] = told(c, all.rows[i]);
	}
	s->pools = pools;
	call_status(c);
	s->admin.done(c);
}

void auth_list_user_pools(struct call *c, struct auth_listing *s)
{
	auth_listing_check(c, s, AUTH_LISTING_MAX);
	auth_admin_begin_all(c, &s->admin, begun);
}
