/* services/auth/web/sign_in.c - the page where a user signs in */
#include "services/auth/web/sign_in.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/initiate_auth.h"
#include "services/auth/web/page.h"

struct auth_sign_in *web_sign_in_new(struct web *w, const char *name,
				     void (*done)(struct call *))
{
	struct auth_sign_in *s = web_operation(w, sizeof(*s));

	if (!s)
		return NULL;
	s->done = done;
	s->browser = true;
	s->client_id = w->ask.client_id;
	s->name = slice_of(name);
	s->given[AUTH_GIVEN_USERNAME] = web_field(w, "username");
	s->given[AUTH_GIVEN_SECRET_HASH] =
	    auth_secret_hash_make(&w->call, s->given[AUTH_GIVEN_USERNAME]);
	return s;
}

void web_go_on(struct web *w, const struct auth_sign_in *s)
{
	if (s->challenge.name) {
		web_ask_proof(w, slice_of(s->challenge.name),
			      s->challenge.session,
			      s->given[AUTH_GIVEN_USERNAME]);
		return;
	}
	web_browser_keep(w, s->tokens.refresh);
	web_grant(w, s->user, s->own.auth_time);
}

static void tried(struct call *c)
{
	const struct auth_sign_in *s = c->state;
	struct web *w = web_of(c);

	if (!call_status(c)) {
		web_go_on(w, s);
		return;
	}
	if (c->fault.code == E_PASSWORD_RESET) {
		web_show_reset(w, web_field(w, "username"));
		return;
	}
	web_say(w, "username", web_field(w, "username"));
	web_show(w, c->fault.code == E_USER_UNCONFIRMED ? PAGE_CONFIRM
							: PAGE_SIGN_IN);
}

void web_sign_in(struct web *w)
{
	struct auth_sign_in *s =
	    web_sign_in_new(w, "USER_PASSWORD_AUTH", tried);

	if (!s)
		return;
	s->given[AUTH_GIVEN_PASSWORD] = web_field(w, "password");
	auth_initiate(&w->call, s);
}

void web_show_sign_in(struct web *w)
{
	web_say(w, "username", form_value(&w->query, "login_hint"));
	web_show(w, PAGE_SIGN_IN);
}
