/* tests/unit/services/auth/mail/folder.c - messages as files */
#include "services/auth/mail/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void test_file(void **state)
{
	char folder[] = "/tmp/parlor-mail-XXXXXX", path[128], text[64];
	struct fault fault = { 0 };
	struct stat status;
	size_t size;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	rmdir(folder); /* it is made when it is not there */
	assert_int_equal(auth_folder_put(folder, SLICE("To: <a@b>\r\n"), 17,
					 "xyz", &fault),
			 0);
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	snprintf(path, sizeof(path), "%s/17-xyz.eml", folder);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	file = fopen(path, "re");
	assert_non_null(file);
	size = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_int_equal(size, 11);
	assert_memory_equal(text, "To: <a@b>\r\n", 11);
	unlink(path);
	assert_int_equal(rmdir(folder), 0); /* and no draft beside it */
}

static void test_nowhere(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(auth_folder_put("/dev/null/mail", SLICE("x"), 0, "x",
					 &fault),
			 -E_CODE_DELIVERY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
