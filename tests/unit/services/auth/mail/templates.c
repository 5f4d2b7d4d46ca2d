/* tests/unit/services/auth/mail/templates.c - the texts of letters */
#include "services/auth/mail/templates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/parlor-letters-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static void empty_folder(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s/*", folder);
	assert_int_equal(system(command), 0);
}

static int remove_folder(void **state)
{
	(void)state;
	empty_folder();
	return rmdir(folder);
}

static void write_file(const char *path, const char *text)
{
	char name[256], *slash;
	FILE *file;

	snprintf(name, sizeof(name), "%s/%s", folder, path);
	slash = strrchr(name, '/');
	*slash = '\0';
	mkdir(name, 0700);
	*slash = '/';
	file = fopen(name, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static struct auth_templates *read_all(const char *where)
{
	struct fault fault = { 0 };
	struct auth_templates *t = auth_templates_new(where, &fault);

	if (!t)
		fail_msg("%s", fault.message);
	return t;
}

static void test_languages(void **state)
{
	static const struct {
		const char *locale, *otherwise, *language;
	} cases[] = {
		{ "en", "de", "en" },	 { "de", "en", "de" },
		{ "de-AT", "en", "de" }, { "de_CH", "en", "de" },
		{ "DE", "en", "de" },	 { "de-Latn-DE", "en", "de" },
		{ "", "de", "de" },	 { "tlh", "fr", "fr" },
		{ "tlh-x", "fr", "fr" }, { "d", "en", "en" },
		{ "-", "en", "en" },	 { "_de", "en", "en" },
		{ "tlh", "xx", NULL },
	};
	struct auth_templates *t = read_all(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct auth_template *found =
		    auth_templates_find(t, AUTH_LETTER_OTP,
					slice_of(cases[i].locale),
					cases[i].otherwise);
		const char *got = found ? found->language : NULL;

		if (got != cases[i].language &&
		    (!got || !cases[i].language ||
		     strcmp(got, cases[i].language) != 0))
			fail_msg("'%s' or '%s': got '%s'", cases[i].locale,
				 cases[i].otherwise, got ? got : "none");
	}
	auth_templates_free(t);
}

/* What is built in has all of it. */
static void test_built_in(void **state)
{
	static const char *const languages[] = { "de", "en", "es", "fr" };
	struct auth_templates *t = read_all("");

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (int kind = 0; kind < AUTH_LETTERS; kind++) {
			const struct auth_template *found =
			    auth_templates_find(t, kind, slice_of(languages[i]),
						"");

			assert_non_null(found);
			assert_true(found->subject.size && found->text.size &&
				    found->html.size && found->layout.size);
		}
	auth_templates_free(t);
}

static void test_own(void **state)
{
	const struct auth_template *found;
	struct auth_templates *t;

	(void)state;
	write_file("pt-BR/verify.txt", "Subject: Oi \r\n\r\n{####}\r\n");
	write_file("pt-BR/verify.html", "<p>{####}");
	write_file("de/otp.txt", "Subject: Na\n\nCode {####}\n");
	write_file("layout.html", "<i>{content}</i>");
	write_file("README", "not a letter");
	t = read_all(folder);
	found =
	    auth_templates_find(t, AUTH_LETTER_VERIFY, SLICE("pt_br"), "en");
	assert_string_equal(found->language, "pt-BR");
	assert_true(slice_is(found->subject, "Oi"));
	assert_true(slice_is(found->text, "{####}\n"));
	assert_true(slice_is(found->html, "<p>{####}"));
	assert_true(slice_is(found->layout, "<i>{content}</i>"));
	found = auth_templates_find(t, AUTH_LETTER_OTP, SLICE("pt-BR"), "en");
	assert_string_equal(found->language, "en");
	found = auth_templates_find(t, AUTH_LETTER_OTP, SLICE("de"), "en");
	assert_true(slice_is(found->text, "Code {####}\n"));
	assert_int_equal(found->html.size, 0);
	auth_templates_free(t);
	empty_folder();
}

static void test_refused(void **state)
{
	static const struct {
		const char *path, *text, *why;
	} cases[] = {
		{ "de/otp.txt", "Subject: x\n\nno code\n",
		  "'de/otp.txt': does not say '{####}'" },
		{ "de/otp.html", "<p>no code", "'de/otp.html': does not say" },
		{ "layout.html", "<p>", "does not say '{content}'" },
		{ "de/otp.txt", "{####}\n", "does not begin with 'Subject: " },
		{ "de/otp.txt", "Subject: x\n{####}\n", "an empty line" },
		{ "de/otp.txt", "Subject: x\n\n{####} \xff\n", "not UTF-8" },
		{ "tlh/otp.html", "{####}", "there is no '.txt' beside it" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };

		write_file(cases[i].path, cases[i].text);
		assert_null(auth_templates_new(folder, &fault));
		assert_int_equal(fault.code, E_INVALID);
		if (!strstr(fault.message, cases[i].why))
			fail_msg("want '%s', got '%s'", cases[i].why,
				 fault.message);
		empty_folder();
	}
}

static void test_no_folder(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_templates_new("/nowhere", &fault));
	assert_non_null(strstr(fault.message, "cannot open '/nowhere'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_built_in),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_folder),
	};

	return cmocka_run_group_tests_name("templates", tests, make_folder,
					   remove_folder);
}
