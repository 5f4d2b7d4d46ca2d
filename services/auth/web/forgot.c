/* services/auth/web/forgot.c - the pages for a forgotten password */
#include "services/auth/op/client_secret.h"
#include "services/auth/op/confirm_forgot_password.h"
#include "services/auth/op/forgot_password.h"
#include "services/auth/web/page.h"
#include "services/auth/web/sign_in.h"

/* ---- a code ---------------------------------------------------------------- */

void web_show_forgot(struct web *w)
{
	web_say(w, "username", form_value(&w->query, "login_hint"));
	web_show(w, PAGE_FORGOT);
}

void web_show_reset(struct web *w, struct slice username)
{
	web_say(w, "username", username);
	web_say_rules(w);
	web_show(w, PAGE_RESET);
}

static void sent(struct call *c)
{
	const struct auth_forgot *s = c->state;
	struct web *w = web_of(c);

	if (call_status(c)) {
		web_say(w, "username", web_field(w, "username"));
		web_show(w, PAGE_FORGOT);
		return;
	}
	web_say(w, "destination", slice_of(s->destination));
	web_show_reset(w, web_field(w, "username"));
}

void web_forgot(struct web *w)
{
	struct auth_forgot *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->done = sent;
	s->client_id = w->ask.client_id;
	s->username = web_field(w, "username");
	s->secret_hash = auth_secret_hash_make(&w->call, s->username);
	auth_forgot_password(&w->call, s);
}

/* ---- and by it a new password ---------------------------------------------- */

static void reset(struct call *c)
{
	struct web *w = web_of(c);

	if (call_status(c)) {
		web_show_reset(w, web_field(w, "username"));
		return;
	}
	web_say(w, "username", web_field(w, "username"));
	web_say(w, "notice",
		web_words(w, SLICE("Your password is changed. You can sign in "
				   "now.")));
	web_show(w, PAGE_SIGN_IN);
}

void web_reset(struct web *w)
{
	struct auth_confirm_forgot *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->done = reset;
	s->client_id = w->ask.client_id;
	s->username = web_field(w, "username");
	s->secret_hash = auth_secret_hash_make(&w->call, s->username);
	s->code = web_field(w, "code");
	s->password = web_field(w, "password");
	auth_confirm_forgot_password(&w->call, s);
}
