/* services/auth/web/logout.c - the browser signs out
 *
 * By Cognito's names or by OpenID Connect's: to an address of the client's
 * (`logout_uri`, `post_logout_redirect_uri`), or by `redirect_uri` to the page where
 * the next user signs in. An app's own tokens are the app's to revoke.
 */
#include "services/auth/op/browser.h"
#include "services/auth/op/id_hint.h"
#include "services/auth/web/page.h"

static struct slice parameter(const struct web *w, const char *name)
{
	struct slice value = web_field(w, name);

	return value.data ? value : form_value(&w->query, name);
}

static struct slice target(const struct web *w)
{
	struct slice uri = parameter(w, "logout_uri");

	return uri.data ? uri : parameter(w, "post_logout_redirect_uri");
}

/* The client says of which pool the browser is to forget its user; the settings'
 * where there is none. */
static int find_client(struct web *w, struct slice uri)
{
	struct call *c = &w->call;
	struct slice id = parameter(w, "client_id");
	struct slice token = parameter(w, "id_token_hint");
	struct auth_id_hint hint = { .client_id = id };

	if (token.data) {
		auth_token_scope(c, token);
		auth_id_hint_read(c, token, &hint);
	}
	if (call_failed(c))
		return -c->fault.code;
	if (id.data && !slice_equal(id, hint.client_id))
		return call_fail(c, E_OAUTH_REQUEST,
				 "client_id: is not the one of id_token_hint");
	if (hint.client_id.data)
		return auth_client_check(c, hint.client_id);
	return !uri.data
		   ? 0
		   : call_fail(c, E_OAUTH_REQUEST, "client_id: is required");
}

/* By the same request as before. */
static void sign_in_again(struct web *w)
{
	const struct http_request *r = w->request;
	struct slice ask = r->body.size ? r->body : r->query;

	web_go(w, slice_of(arena_printf(w->call.mem, "/login?%.*s",
					SLICE_ARGS(ask))));
}

static void go(struct web *w, struct slice uri)
{
	struct slice state = parameter(w, "state");
	struct buffer b;

	buffer_init(&b, 16 << 10);
	buffer_put_slice(&b, uri);
	if (state.data) {
		buffer_printf(&b, "%cstate=",
			      memchr(uri.data, '?', uri.size) ? '&' : '?');
		buffer_put_percent(&b, state);
	}
	web_go(w, buffer_slice(&b));
	buffer_release(&b);
}

static void ended(struct call *c)
{
	struct web *w = web_of(c);
	struct slice uri = target(w);

	if (call_status(c)) {
		web_refuse(w);
		return;
	}
	web_browser_forget(w);
	if (uri.data)
		go(w, uri);
	else if (parameter(w, "redirect_uri").data)
		sign_in_again(w);
	else
		web_show(w, PAGE_SIGNED_OUT);
}

void web_logout(struct web *w)
{
	struct auth_browser *b = web_operation(w, sizeof(*b));
	struct slice uri = target(w);

	if (!b)
		return;
	if (find_client(w, uri) ||
	    (uri.data && auth_logout_check(&w->call, uri))) {
		web_refuse(w);
		return;
	}
	b->cookie = web_browser(w);
	b->next = ended;
	auth_browser_end(&w->call, b);
}
