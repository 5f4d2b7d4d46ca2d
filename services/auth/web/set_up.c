/* services/auth/web/set_up.c - an app's codes, for who needs them to sign in
 *
 * The three requests that a client of Cognito sends for it: a secret, a code that
 * shows that the app has it, and the challenge's answer.
 */
#include "services/auth/op/associate_software_token.h"
#include "services/auth/op/respond_to_auth_challenge.h"
#include "services/auth/op/verify_software_token.h"
#include "services/auth/web/page.h"
#include "services/auth/web/sign_in.h"

/* ---- the secret ------------------------------------------------------------ */

static void show(struct web *w, struct slice secret, struct slice session)
{
	web_say(w, "secret", secret);
	web_say(w, "session", session);
	web_show(w, PAGE_SET_UP);
}

static void associated(struct call *c)
{
	const struct auth_associate *s = c->state;

	if (call_status(c))
		web_show(web_of(c), PAGE_ERROR);
	else
		show(web_of(c), slice_of(s->text), s->session);
}

void web_ask_set_up(struct web *w, struct slice session)
{
	struct auth_associate *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->done = associated;
	s->setup.session = session;
	auth_associate_software_token(&w->call, s);
}

/* ---- the app has it -------------------------------------------------------- */

static void signed_in(struct call *c)
{
	if (call_status(c))
		web_show(web_of(c), PAGE_ERROR);
	else
		web_go_on(web_of(c), c->state);
}

static void verified(struct call *c)
{
	const struct auth_verify_totp *shown = c->state;
	struct web *w = web_of(c);
	struct auth_sign_in *s;

	if (call_status(c)) {
		web_say(w, "username", web_field(w, "username"));
		show(w, web_field(w, "secret"), web_field(w, "session"));
		return;
	}
	s = web_sign_in_new(w, AUTH_SETUP, signed_in);
	if (!s)
		return;
	s->session = shown->session;
	auth_respond_to_auth_challenge(c, s);
}

void web_set_up(struct web *w)
{
	struct auth_verify_totp *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->done = verified;
	s->setup.session = web_field(w, "session");
	s->code = web_field(w, "code");
	auth_verify_software_token(&w->call, s);
}
