/* tests/unit/services/auth/mail/mail.c - messages to users, a file each */
#include "services/auth/mail/mail.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/parlor-mail-XXXXXX";

/* The only file there is, with its text. */
static const char *only_file(char *path, size_t size)
{
	static char text[4096];
	DIR *open_dir = opendir(dir);
	struct dirent *entry;
	int count = 0;
	FILE *file;

	assert_non_null(open_dir);
	while ((entry = readdir(open_dir)))
		if (entry->d_name[0] != '.') {
			snprintf(path, size, "%s/%s", dir, entry->d_name);
			count++;
		}
	closedir(open_dir);
	assert_int_equal(count, 1);
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

static void test_message(void **state)
{
	const struct auth_mail mail = { dir, "no-reply@parlor.invalid" };
	static const char *const lines[] = {
		"Date: Tue, 25 Nov 2025 19:00:00 +0000\r\n",
		"From: <no-reply@parlor.invalid>\r\n",
		"\r\nTo: <ann@example.com>\r\n",
		"\r\nMessage-ID: <",
		"@parlor.invalid>\r\n",
		"\r\n\r\nHello ann,\r\n",
		"\r\nYour confirmation code is 012345\r\n",
	};
	struct fault fault;
	struct stat status;
	char path[512];
	const char *text;

	(void)state;
	assert_non_null(mkdtemp(dir));
	rmdir(dir); /* it is made when it is not there */
	fault_clear(&fault);
	assert_int_equal(auth_mail_code(&mail, SLICE("ann@example.com"),
					SLICE("ann"), "012345", 1764097200000,
					&fault),
			 0);
	text = only_file(path, sizeof(path));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (!strstr(text, lines[i]))
			fail_msg("no '%s' in: %s", lines[i], text);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	unlink(path);
	rmdir(dir);
}

static void test_nowhere(void **state)
{
	const struct auth_mail mail = { "/dev/null/mail", "a@b" };
	struct fault fault;

	(void)state;
	fault_clear(&fault);
	assert_int_equal(auth_mail_code(&mail, SLICE("c@d"), SLICE("c"), "1", 0,
					&fault),
			 -E_CODE_DELIVERY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
