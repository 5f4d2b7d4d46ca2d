/* services/auth/web/logout.c - the browser signs out
 *
 * By Cognito's names (`logout_uri`) or by OpenID Connect's
 * (`post_logout_redirect_uri`, `state`). An app's own tokens are the app's to
 * revoke.
 */
#include "services/auth/op/browser.h"
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
	else
		web_show(w, PAGE_SIGNED_OUT);
}

void web_logout(struct web *w)
{
	struct auth_browser *b = web_operation(w, sizeof(*b));
	struct slice uri = target(w);

	if (!b)
		return;
	if (uri.data &&
	    auth_logout_check(&w->call, parameter(w, "client_id"), uri)) {
		web_refuse(w);
		return;
	}
	b->cookie = web_browser(w);
	b->next = ended;
	auth_browser_end(&w->call, b);
}
