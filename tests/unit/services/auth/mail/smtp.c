/* tests/unit/services/auth/mail/smtp.c - which mail servers are taken */
#include "services/auth/mail/smtp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_check(void **state)
{
	static const struct {
		const char *smtp;
		bool tls;
		const char *why; /* NULL: it is good */
	} cases[] = {
		{ NULL, true, NULL },
		{ "", false, NULL },
		{ "smtp://mail.example.com:587", true, NULL },
		{ "smtps://mail.example.com", true, NULL },
		{ "smtp://mail.example.com/games.example.com", true, NULL },
		{ "smtp://127.0.0.1:25", false, NULL },
		{ "smtp://localhost", false, NULL },
		{ "smtp://[::1]:25/x", false, NULL },
		{ "mail.example.com:587", true, "is not smtp://" },
		{ "http://mail.example.com", true, "is not smtp://" },
		{ "smtp:mail.example.com", true, "is not smtp://" },
		{ "smtp://user:word@mail.example.com", true, "is not smtp" },
		{ "smtp://mail example", true, "is not smtp://" },
		{ "smtp://mail.example.com:25", false,
		  "not to 'mail.example.com:25'" },
		{ "smtp://localhost.example.com:25", false,
		  "not to 'localhost.example.com:25'" },
		{ "smtp://127.0.0.12", false, "not to '127.0.0.12'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct auth_mail mail = { .smtp = cases[i].smtp,
						.smtp_tls = cases[i].tls };
		struct fault fault = { 0 };
		int result = auth_smtp_check(&mail, &fault);

		if (!cases[i].why != !result ||
		    (result && !strstr(fault.message, cases[i].why)))
			fail_msg("'%s': got %d, '%s'", cases[i].smtp, result,
				 fault.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests_name("smtp", tests, NULL, NULL);
}
