/* services/auth/web/sign_in.c - the pages where a user signs in */
#include "services/auth/op/initiate_auth.h"
#include "services/auth/op/respond_to_auth_challenge.h"
#include "services/auth/web/page.h"

/* What our pages can ask for beside the password: the challenge, the answer's
 * name, and the words. */
static const struct {
	const char *challenge, *answer, *label;
} proofs[] = {
	{ "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE",
	  "Code from your authenticator app" },
	{ "EMAIL_OTP", "EMAIL_OTP_CODE", "Code from the mail we sent you" },
};

enum { PROOFS = sizeof(proofs) / sizeof(*proofs) };

/* Shows the page that goes on with the challenge; a session that was refused is
 * shown again for another try. */
static void show_proof(struct web *w, struct slice challenge,
		       struct slice session, struct slice username)
{
	for (size_t i = 0; i < PROOFS; i++) {
		if (!slice_is(challenge, proofs[i].challenge))
			continue;
		web_say(w, "challenge", challenge);
		web_say(w, "label", slice_of(proofs[i].label));
		web_say(w, "session", session);
		web_say(w, "username", username);
		web_show(w, PAGE_PROVE);
		return;
	}
	call_fail(&w->call, E_UNIMPLEMENTED,
		  "This account must be finished in the app: %.*s.",
		  SLICE_ARGS(challenge));
	web_show(w, PAGE_ERROR);
}

static void signed_in(struct web *w, const struct auth_sign_in *s)
{
	web_browser_keep(w, s->tokens.refresh);
	web_grant(w, s->user, s->own.auth_time);
}

/* ---- the password ---------------------------------------------------------- */

static void password_tried(struct call *c)
{
	const struct auth_sign_in *s = c->state;
	struct slice username = s->given[AUTH_GIVEN_USERNAME];
	struct web *w = web_of(c);

	if (c->fault.code == E_USER_UNCONFIRMED) {
		web_say(w, "username", username);
		web_show(w, PAGE_CONFIRM);
	} else if (call_status(c)) {
		web_say(w, "username", username);
		web_show(w, PAGE_SIGN_IN);
	} else if (s->challenge.name) {
		show_proof(w, slice_of(s->challenge.name), s->challenge.session,
			   username);
	} else {
		signed_in(w, s);
	}
}

static struct auth_sign_in *sign_in_new(struct web *w, const char *name,
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
	return s;
}

void web_sign_in(struct web *w)
{
	struct auth_sign_in *s =
	    sign_in_new(w, "USER_PASSWORD_AUTH", password_tried);

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

/* ---- and what else must be proved ------------------------------------------ */

static void proof_tried(struct call *c)
{
	const struct auth_sign_in *s = c->state;
	struct web *w = web_of(c);

	if (call_status(c))
		show_proof(w, s->name, s->session,
			   s->given[AUTH_GIVEN_USERNAME]);
	else if (s->challenge.name)
		show_proof(w, slice_of(s->challenge.name), s->challenge.session,
			   s->given[AUTH_GIVEN_USERNAME]);
	else
		signed_in(w, s);
}

void web_prove(struct web *w)
{
	struct slice challenge = web_field(w, "challenge");
	struct auth_sign_in *s = NULL;

	for (size_t i = 0; i < PROOFS && !s; i++) {
		if (!slice_is(challenge, proofs[i].challenge))
			continue;
		s = sign_in_new(w, proofs[i].challenge, proof_tried);
		if (!s)
			return;
		s->session = web_field(w, "session");
		auth_sign_in_give(s, slice_of(proofs[i].answer),
				  web_field(w, "code"));
	}
	if (s) {
		auth_respond_to_auth_challenge(&w->call, s);
		return;
	}
	call_fail(&w->call, E_DENIED, "challenge: is none of this page's");
	web_refuse(w);
}
