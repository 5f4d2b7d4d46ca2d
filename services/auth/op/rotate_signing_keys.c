/* services/auth/op/rotate_signing_keys.c - the next signing key, now
 *
 * While the last one that was made does not sign yet it is the next one, so that
 * asking again changes nothing. All replicas find it as they find any key.
 */
#include "services/auth/op/rotate_signing_keys.h"
#include "services/auth/op/pools.h"
#include "services/auth/op/signing_keys.h"
#include "services/auth/store/pools.h"

static void touched(struct call *c)
{
	struct auth_rotate *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_renew(c, s->admin.done);
}

/* The settings' pool is followed by itself. */
static void found_again(struct call *c)
{
	struct auth_rotate *s = c->state;
	const struct auth_key *newest = auth_keys_newest(&s->found);

	if (!call_failed(c) && newest)
		s->key = *newest;
	if (call_failed(c) || auth_realm_of(c) == &auth_of(c)->home_realm)
		s->admin.done(c);
	else
		auth_pools_touch(c, touched);
}

static void stored(struct call *c)
{
	struct auth_rotate *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_keys_list(c, auth_of(c)->seal, &s->found, found_again);
}

/* On the pool. */
static void make(struct call *c)
{
	struct auth_rotate *s = c->state;

	auth_key_draw(c, auth_keys_newest(&s->found), &s->made);
}

static void made(struct call *c)
{
	struct auth_rotate *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_keys_create(c, auth_of(c)->seal,
				 auth_keys_newest(&s->found), &s->made, stored);
}

static bool is_pending(struct call *c, const struct auth_keys *keys)
{
	const struct auth_key *newest = auth_keys_newest(keys);

	return keys->count > 1 &&
	       newest->created_at + AUTH_KEY_DELAY > auth_now(c);
}

static void found(struct call *c)
{
	struct auth_rotate *s = c->state;

	if (!call_failed(c) && is_pending(c, &s->found)) {
		found_again(c);
		return;
	}
	if (s->found.count >= AUTH_KEYS_MAX)
		call_fail(c, E_LIMIT,
			  "There are %d signing keys, all of which may have "
			  "signed tokens that are still good.",
			  AUTH_KEYS_MAX);
	if (call_failed(c))
		s->admin.done(c);
	else
		auth_work(c, make, made);
}

static void permitted(struct call *c)
{
	struct auth_rotate *s = c->state;

	auth_keys_list(c, auth_of(c)->seal, &s->found, found);
}

void auth_rotate_signing_keys(struct call *c, struct auth_rotate *s)
{
	auth_admin_begin(c, &s->admin, permitted);
}
