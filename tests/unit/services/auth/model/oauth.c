/* tests/unit/services/auth/model/oauth.c */
#include "services/auth/model/oauth.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
	const char *uri, *origin; /* NULL: it is refused */
} addresses[] = {
	{ "https://app.example/in", "https://app.example" },
	{ "https://app.example:8443/in?a=b&c=d", "https://app.example:8443" },
	{ "https://app.example", "https://app.example" },
	{ "http://localhost:3000/in", "http://localhost:3000" },
	{ "http://127.0.0.1/", "http://127.0.0.1" },
	{ "http://[::1]:9/in", "http://[::1]:9" },
	{ "com.example.app:/in", "com.example.app:" },
	{ "myapp://in", "myapp:" },
	{ "http://app.example/in", NULL },
	{ "http://localhost.evil.example/", NULL },
	{ "http://localhost:3000x/", NULL },
	{ "http://localhost@evil.example/", NULL },
	{ "https://user@app.example/", NULL },
	{ "https:///in", NULL },
	{ "https:app", NULL },
	{ "https://app.example/in#x", NULL },
	{ "https://app.example/a b", NULL },
	{ "https://app.example/;script-src", NULL },
	{ "https://app.example\\@evil.example/", NULL },
	{ "https://*.example/", NULL },
	{ "javascript:alert(1)", NULL },
	{ "data:text/html", NULL },
	{ "/in", NULL },
	{ "app.example/in", NULL },
	{ "", NULL },
};

static void test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		struct slice uri = slice_of(addresses[i].uri);

		print_message("%s\n", addresses[i].uri);
		assert_int_equal(auth_redirect_is_good(uri),
				 addresses[i].origin != NULL);
		if (addresses[i].origin)
			assert_true(slice_is(auth_redirect_origin(uri),
					     addresses[i].origin));
	}
}

static const struct {
	const char *scope;
	bool id, email, profile;
} scopes[] = {
	{ "", true, true, true }, /* Cognito's own */
	{ "openid", true, true, true },
	{ "openid email", true, true, false },
	{ "profile openid", true, false, true },
	{ "openid  phone", true, false, false },
	{ "openids email", false, true, false },
	{ "aws.cognito.signin.user.admin", false, true, true },
};

static void test_scopes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++) {
		struct slice scope = slice_of(scopes[i].scope);

		print_message("'%s'\n", scopes[i].scope);
		assert_int_equal(auth_scopes_want_id(scope), scopes[i].id);
		assert_int_equal(auth_scopes_show(scope, "email"),
				 scopes[i].email);
		assert_int_equal(auth_scopes_show(scope, "profile"),
				 scopes[i].profile);
	}
}

static void test_pkce(void **state)
{
	(void)state;
	assert_true(auth_pkce_is_text(SLICE("abcAZ09-._~"), 11, 11));
	assert_false(auth_pkce_is_text(SLICE("abc"), 4, 8));
	assert_false(auth_pkce_is_text(SLICE("abcdefghi"), 4, 8));
	assert_false(auth_pkce_is_text(SLICE("abc="), 4, 8));
	assert_false(auth_pkce_is_text(slice_make("ab\0c", 4), 4, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_pkce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
