/* services/auth/web/authorize.c - an app's browser comes, and goes back */
#include "services/auth/op/browser.h"
#include "services/auth/web/page.h"

enum { LOCATION_BYTES = 16 << 10 };

/* ---- back ------------------------------------------------------------------ */

/* Adds a parameter to the address; nothing where there is no value. */
static void put(struct buffer *b, const char *name, struct slice value)
{
	if (!value.data)
		return;
	buffer_printf(b, "&%s=", name);
	buffer_put_percent(b, value);
}

/* To the app; `iss` tells it from whom, so that it can't be led to take another
 * issuer's answer for ours (RFC 9207). */
static void go_back(struct web *w, const char *name, struct slice value,
		    struct slice description)
{
	struct slice uri = w->ask.redirect_uri;
	bool has_query = memchr(uri.data, '?', uri.size) != NULL;
	struct buffer b;

	buffer_init(&b, LOCATION_BYTES);
	buffer_put_slice(&b, uri);
	buffer_printf(&b, "%c%s=", has_query ? '&' : '?', name);
	buffer_put_percent(&b, value);
	put(&b, "error_description", description);
	put(&b, "state", w->ask.state);
	put(&b, "iss", slice_of(auth_realm_of(&w->call)->issuer));
	web_go(w, buffer_slice(&b));
	buffer_release(&b);
}

void web_go_with_error(struct web *w)
{
	go_back(w, "error", slice_of(web_error(&w->call)),
		slice_of(w->call.fault.message));
}

static void granted(struct call *c)
{
	struct web *w = web_of(c);

	if (call_status(c))
		web_refuse(w);
	else
		go_back(w, "code", slice_of(w->ask.code), (struct slice){ 0 });
}

void web_grant(struct web *w, const struct auth_user *user, int64_t auth_time)
{
	auth_authorize_grant(&w->call, &w->ask, user, auth_time, granted);
}

/* ---- in -------------------------------------------------------------------- */

static void ask_user(struct web *w)
{
	const char *where =
	    arena_printf(w->call.mem, "/login?%.*s", SLICE_ARGS(w->text));

	if (w->ask.must_not)
		call_fail(&w->call, E_OAUTH_LOGIN, "nobody has signed in");
	if (call_status(&w->call))
		web_refuse(w);
	else
		web_go(w, slice_of(where));
}

static void found(struct call *c)
{
	const struct auth_browser *b = c->state;
	struct web *w = web_of(c);

	if (call_failed(c))
		web_refuse(w);
	else if (!b->user || w->ask.must_ask ||
		 !auth_authorize_expects(&w->ask, b->user) ||
		 b->session.auth_time < w->ask.oldest)
		ask_user(w);
	else
		web_grant(w, b->user, b->session.auth_time);
}

void web_authorize(struct web *w)
{
	struct auth_browser *b = web_operation(w, sizeof(*b));

	if (!b)
		return;
	b->cookie = web_browser(w);
	b->next = found;
	auth_browser_find(&w->call, b);
}
