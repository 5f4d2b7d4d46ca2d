/* services/auth/web/sign_up.c - the pages where a user gets an account */
#include "services/auth/op/sign_up.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/confirm_sign_up.h"
#include "services/auth/op/resend_confirmation_code.h"
#include "services/auth/web/fields.h"

/* ---- signing up ------------------------------------------------------------ */

static void show_form(struct web *w)
{
	web_say_rules(w);
	web_show(w, PAGE_SIGN_UP);
}

void web_show_sign_up(struct web *w)
{
	if (web_fields_read(w, false))
		show_form(w);
}

static void signed_up(struct call *c)
{
	const struct auth_sign_up *s = c->state;
	struct web *w = web_of(c);

	web_say(w, "username", web_field(w, "username"));
	if (call_status(c)) {
		show_form(w);
		return;
	}
	if (!s->destination) {
		web_say(w, "notice",
			web_words(w, SLICE("You can sign in once an "
					   "administrator has confirmed your "
					   "account.")));
		web_show(w, PAGE_SIGN_IN);
		return;
	}
	web_say(w, "destination", slice_of(s->destination));
	web_show(w, PAGE_CONFIRM);
}

void web_sign_up(struct web *w)
{
	const struct web_fields *fields = web_fields_read(w, true);
	struct auth_sign_up *s = fields ? web_operation(w, sizeof(*s)) : NULL;

	if (!s)
		return;
	s->done = signed_up;
	s->client_id = w->ask.client_id;
	s->password = web_field(w, "password");
	s->user.username = web_field(w, "username");
	s->secret_hash = auth_secret_hash_make(&w->call, s->user.username);
	s->changes = fields->said;
	s->count = fields->said_count;
	if (fields->wrong)
		call_fail(&w->call, E_PARAMETER,
			  "Please look at what is marked.");
	auth_sign_up(&w->call, s);
}

/* ---- confirming ------------------------------------------------------------ */

void web_show_confirm(struct web *w)
{
	web_say(w, "username", form_value(&w->query, "login_hint"));
	web_show(w, PAGE_CONFIRM);
}

static void confirmed(struct call *c)
{
	struct web *w = web_of(c);

	web_say(w, "username", web_field(w, "username"));
	if (call_status(c)) {
		web_show(w, PAGE_CONFIRM);
		return;
	}
	web_say(w, "notice",
		web_words(w, SLICE("Your account is confirmed. You can sign in "
				   "now.")));
	web_show(w, PAGE_SIGN_IN);
}

void web_confirm(struct web *w)
{
	struct auth_confirm *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->done = confirmed;
	s->client_id = w->ask.client_id;
	s->username = web_field(w, "username");
	s->secret_hash = auth_secret_hash_make(&w->call, s->username);
	s->code = web_field(w, "code");
	auth_confirm_sign_up(&w->call, s);
}

/* ---- another code ---------------------------------------------------------- */

static void sent(struct call *c)
{
	const struct auth_resend *s = c->state;
	struct web *w = web_of(c);

	web_say(w, "username", web_field(w, "username"));
	if (!call_status(c))
		web_say(w, "destination", slice_of(s->destination));
	web_show(w, PAGE_CONFIRM);
}

void web_resend(struct web *w)
{
	struct auth_resend *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->done = sent;
	s->client_id = w->ask.client_id;
	s->username = web_field(w, "username");
	s->secret_hash = auth_secret_hash_make(&w->call, s->username);
	auth_resend_confirmation_code(&w->call, s);
}
