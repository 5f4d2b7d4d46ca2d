/* services/auth/web/prove.c - what is asked for behind the password */
#include "services/auth/op/respond_to_auth_challenge.h"
#include "services/auth/op/setup.h"
#include "services/auth/web/page.h"
#include "services/auth/web/sign_in.h"

/* How our pages ask for the answer to a challenge. */
static const struct proof {
	const char *challenge;
	const char *answer; /* its name; it is the field `code` */
	enum web_page page;
	const char *label;
} proofs[] = {
	{ "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE", PAGE_PROVE,
	  "Code from your authenticator app" },
	{ "EMAIL_OTP", "EMAIL_OTP_CODE", PAGE_PROVE,
	  "Code from the mail we sent you" },
	{ "SELECT_MFA_TYPE", "ANSWER", PAGE_CHOOSE, NULL },
	{ "NEW_PASSWORD_REQUIRED", "NEW_PASSWORD", PAGE_NEW_PASSWORD, NULL },
};

static const struct proof *find(struct slice challenge)
{
	for (size_t i = 0; i < sizeof(proofs) / sizeof(*proofs); i++)
		if (slice_is(challenge, proofs[i].challenge))
			return &proofs[i];
	return NULL;
}

void web_ask_proof(struct web *w, struct slice challenge, struct slice session,
		   struct slice username)
{
	const struct proof *proof = find(challenge);

	web_say(w, "username", username);
	if (slice_is(challenge, AUTH_SETUP)) {
		web_ask_set_up(w, session);
		return;
	}
	if (!proof) {
		call_fail(&w->call, E_UNIMPLEMENTED,
			  "These pages can't ask for %.*s.",
			  SLICE_ARGS(challenge));
		web_show(w, PAGE_ERROR);
		return;
	}
	web_say(w, "challenge", challenge);
	web_say(w, "label", web_words(w, slice_of(proof->label)));
	web_say(w, "session", session);
	web_say_rules(w);
	web_show(w, proof->page);
}

/* A session whose answer was wrong takes another. */
static void tried(struct call *c)
{
	const struct auth_sign_in *s = c->state;

	if (call_status(c))
		web_ask_proof(web_of(c), s->name, s->session,
			      s->given[AUTH_GIVEN_USERNAME]);
	else
		web_go_on(web_of(c), s);
}

void web_prove(struct web *w)
{
	const struct proof *proof = find(web_field(w, "challenge"));
	struct auth_sign_in *s;

	if (!proof) {
		call_fail(&w->call, E_DENIED,
			  "challenge: is none of this page's");
		web_refuse(w);
		return;
	}
	s = web_sign_in_new(w, proof->challenge, tried);
	if (!s)
		return;
	s->session = web_field(w, "session");
	auth_sign_in_give(s, slice_of(proof->answer), web_field(w, "code"));
	auth_respond_to_auth_challenge(&w->call, s);
}
