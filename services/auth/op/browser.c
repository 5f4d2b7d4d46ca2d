/* services/auth/op/browser.c - a browser in which somebody has signed in */
#include "services/auth/op/browser.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"
#include "services/auth/token/refresh.h"

#define PREFIX "browser/"

struct slice auth_browser_client(struct call *c)
{
	return slice_of(
	    arena_printf(c->mem, PREFIX "%s", auth_realm_of(c)->pool_id));
}

static bool is_its(struct call *c, const struct auth_browser *b)
{
	uint8_t hash[HASH_SIZE];

	auth_refresh_hash(b->cookie, hash);
	return !call_failed(c) &&
	       slice_equal_secret(b->session.refresh_hash,
				  slice_make(hash, HASH_SIZE)) &&
	       slice_starts(b->session.client_id, SLICE(PREFIX)) &&
	       b->session.expires_at > auth_now(c);
}

static void user_found(struct call *c)
{
	struct auth_browser *b = c->state;
	const struct auth_user *user = b->user;

	if (user && (user->status != AUTH_CONFIRMED || user->disabled ||
		     !slice_equal(user->sub, b->session.sub) ||
		     b->session.auth_time < user->signed_out_at))
		b->user = NULL;
	b->next(c);
}

static void session_found(struct call *c)
{
	struct auth_browser *b = c->state;

	if (is_its(c, b) &&
	    slice_equal(b->session.client_id, auth_browser_client(c)))
		auth_users_get(c, b->session.username, &b->user, user_found);
	else
		b->next(c);
}

/* The session that the cookie names, whoever has made that up. */
static void look(struct call *c, struct auth_browser *b,
		 void (*found)(struct call *))
{
	struct slice sub, origin;

	c->state = b;
	b->user = NULL;
	if (call_failed(c) ||
	    auth_refresh_read(b->cookie, c->mem, &sub, &origin))
		b->next(c);
	else
		auth_sessions_get(c, sub, origin, &b->session, found);
}

void auth_browser_find(struct call *c, struct auth_browser *b)
{
	look(c, b, session_found);
}

static void end(struct call *c)
{
	struct auth_browser *b = c->state;

	if (is_its(c, b))
		auth_sessions_end(c, &b->session, auth_last_expiry(c), b->next);
	else
		b->next(c);
}

void auth_browser_end(struct call *c, struct auth_browser *b)
{
	look(c, b, end);
}
