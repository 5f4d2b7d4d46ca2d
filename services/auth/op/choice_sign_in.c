/* services/auth/op/choice_sign_in.c - USER_AUTH: the user chooses how
 *
 * What can be chosen is the same for all, with and without an account: what an
 * account lacks shows as a proof that fails.
 */
#include "services/auth/op/sign_in.h"

#define CHOICE "SELECT_CHALLENGE"

/* Those that can be preferred; without a function they are never offered. */
static const struct auth_way ways[] = { { "PASSWORD",
					  auth_sign_in_by_password },
					{ "PASSWORD_SRP", auth_sign_in_by_srp },
					{ "EMAIL_OTP", auth_sign_in_by_email },
					{ "SMS_OTP", NULL },
					{ "WEB_AUTHN", NULL },
					{ 0 } };

/* A code by mail is no first factor where a second one is demanded. */
static bool is_offered(const struct call *c, const struct auth_way *way)
{
	const struct auth_pool *pool = auth_pool_of(c);

	if (!way->run)
		return false;
	if (way->run != auth_sign_in_by_email)
		return auth_pool_begins_with(pool, "PASSWORD");
	return auth_pool_begins_with(pool, way->name) &&
	       auth_rules_of(c)->mfa.mode != AUTH_MFA_ON;
}

/* NULL: there is no such name. */
static const struct auth_way *find(struct slice name)
{
	const struct auth_way *way = ways;

	while (way->name && !slice_is(name, way->name))
		way++;
	return way->name ? way : NULL;
}

static void refuse(struct call *c, struct auth_sign_in *s, struct slice which)
{
	call_fail(c, E_PARAMETER, "Challenge %.*s is not available.",
		  SLICE_HEAD(which, 64));
	s->done(c);
}

static int check(struct call *c, const struct auth_sign_in *s)
{
	if (!auth_rules_of(c)->choice_flow)
		return call_fail(c, E_PARAMETER,
				 "USER_AUTH is not enabled for the client.");
	if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
	    !auth_username_is_good(s->given[AUTH_GIVEN_USERNAME]))
		auth_sign_in_refuse(c);
	return -c->fault.code;
}

static void offer(struct call *c, struct auth_sign_in *s)
{
	auth_sign_in_draw(s);
	auth_sign_in_ask(c, s, CHOICE, s->given[AUTH_GIVEN_USERNAME],
			 slice_make("", 0));
	for (const struct auth_way *way = ways; way->name; way++)
		if (is_offered(c, way))
			s->challenge.available[s->challenge.choices++] =
			    way->name;
	s->done(c);
}

/* Who prefers what is not offered chooses like one who prefers nothing. */
void auth_sign_in_by_choice(struct call *c, struct auth_sign_in *s)
{
	const struct slice preferred = s->given[AUTH_GIVEN_PREFERRED];
	const struct auth_way *way = find(preferred);

	s->chosen = true;
	if (check(c, s))
		s->done(c);
	else if (preferred.data && !way)
		refuse(c, s, preferred);
	else if (way && is_offered(c, way))
		way->run(c, s);
	else
		offer(c, s);
}

void auth_sign_in_chosen(struct call *c, struct auth_sign_in *s)
{
	const struct slice answer = s->given[AUTH_GIVEN_ANSWER];
	const struct auth_way *way = find(answer);

	s->chosen = true;
	if (!check(c, s))
		auth_sign_in_resume(c, s, CHOICE, AUTH_GIVEN_ANSWER);
	if (call_failed(c))
		s->done(c);
	else if (way && is_offered(c, way))
		way->run(c, s);
	else
		refuse(c, s, answer);
}
