/* services/auth/op/factor_sign_in.c - SELECT_MFA_TYPE: which second factor?
 *
 * Who has several and prefers none is asked.
 */
#include "services/auth/model/factor.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/users.h"

#define CHALLENGE "SELECT_MFA_TYPE"

const char *auth_factors_text(struct call *c, unsigned factors)
{
	const char *text = "";

	for (const struct auth_factor_row *row = auth_factor_rows;
	     text && row->factor; row++)
		if (factors & row->factor)
			text = arena_printf(c->mem, "%s%s\"%s\"", text,
					    *text ? "," : "", row->name);
	return text ? arena_printf(c->mem, "[%s]", text) : NULL;
}

static void ask(struct call *c, struct auth_sign_in *s, unsigned factor)
{
	if (factor == AUTH_FACTOR_TOTP)
		auth_sign_in_ask_totp(c, s);
	else
		auth_sign_in_ask_email(c, s);
}

static void ask_which(struct call *c, struct auth_sign_in *s, unsigned factors)
{
	auth_sign_in_ask(c, s, CHALLENGE, s->user->username, slice_make("", 0));
	auth_sign_in_say_text(c, s, "USER_ID_FOR_SRP", s->user->username);
	auth_sign_in_say(s, "MFAS_CAN_CHOOSE", auth_factors_text(c, factors));
}

void auth_sign_in_go_on(struct call *c, struct auth_sign_in *s)
{
	const struct auth_mfa_rules *rules = &auth_rules_of(c)->mfa;
	unsigned factors = auth_factors_asked(rules, s->user);

	if (!s->own.origin.size)
		auth_sign_in_draw(s);
	if (s->user->status == AUTH_FORCE_CHANGE_PASSWORD)
		auth_sign_in_ask_new_password(c, s);
	else if (auth_factors_missing(rules, s->user))
		auth_sign_in_ask_setup(c, s);
	else if (!factors)
		auth_sign_in_finally(c, s);
	else if (auth_factor_name(factors))
		ask(c, s, factors);
	else
		ask_which(c, s, factors);
}

static void found(struct call *c)
{
	struct auth_sign_in *s = c->state;
	unsigned factor = auth_factor_named(s->given[AUTH_GIVEN_ANSWER]);

	if (!call_failed(c) &&
	    (!s->user ||
	     !(factor & auth_factors_asked(&auth_rules_of(c)->mfa, s->user))))
		call_fail(c, E_PARAMETER,
			  "ANSWER is none of the MFA types that can be "
			  "chosen.");
	if (!call_failed(c))
		ask(c, s, factor);
	auth_sign_in_finish(c);
}

void auth_sign_in_choose_factor(struct call *c, struct auth_sign_in *s)
{
	auth_sign_in_resume(c, s, CHALLENGE, AUTH_GIVEN_ANSWER);
	if (call_failed(c))
		s->done(c);
	else
		auth_users_get(c, s->ticket.username, &s->user, found);
}
