/* tests/unit/services/auth/model/factor.c - which second factors are asked for */
#include "services/auth/model/factor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
	T = AUTH_FACTOR_TOTP,
	E = AUTH_FACTOR_EMAIL,
	OFF = AUTH_MFA_OFF,
	OPT = AUTH_MFA_OPTIONAL,
	ON = AUTH_MFA_ON,
};

static void test_asked(void **state)
{
	static const struct {
		const char *name;
		int mode;
		unsigned offered, factors, preferred;
		bool verified;
		unsigned asked;
		bool missing;
	} cases[] = {
		{ "none in a pool without", OFF, T | E, T, T, true, 0, false },
		{ "none of who has none", OPT, T | E, 0, 0, true, 0, false },
		{ "the one there is", OPT, T | E, T, 0, true, T, false },
		{ "either of two", OPT, T | E, T | E, 0, true, T | E, false },
		{ "the preferred one", OPT, T | E, T | E, E, true, E, false },
		{ "not what is preferred only", OPT, T | E, T, E, true, T,
		  false },
		{ "what can't be set up any more", OPT, 0, T, T, false, T,
		  false },
		{ "by mail where one is demanded", ON, T | E, 0, 0, true, E,
		  false },
		{ "by mail to a known address only", ON, T | E, 0, 0, false, 0,
		  true },
		{ "not by mail where it isn't offered", ON, T, 0, 0, true, 0,
		  true },
		{ "the one there is, demanded", ON, T | E, T, 0, true, T,
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct auth_mfa_rules rules = {
			.mode = cases[i].mode,
			.totp = cases[i].offered & T,
			.email = cases[i].offered & E,
		};
		const struct auth_user user = {
			.factors = cases[i].factors,
			.preferred = cases[i].preferred,
			.email_verified = cases[i].verified,
		};
		unsigned asked = auth_factors_asked(&rules, &user);

		if (asked != cases[i].asked ||
		    auth_factors_missing(&rules, &user) != cases[i].missing)
			fail_msg("%s: asked for %u", cases[i].name, asked);
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(auth_factor_name(E), "EMAIL_OTP");
	assert_null(auth_factor_name(T | E));
	assert_null(auth_factor_name(0));
	assert_int_equal(auth_factor_named(SLICE("SOFTWARE_TOKEN_MFA")), T);
	assert_int_equal(auth_factor_named(SLICE("SMS_MFA")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
