/* tests/unit/lib/function/keystream.c - the same seed, the same bytes */
#include "lib/function/keystream.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* RFC 8439, appendix A.1, test vectors 1 and 2. */
static void test_vectors(void **state)
{
	static const uint8_t seed[KEYSTREAM_SEED];
	static const uint8_t first[] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1,
					 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5 };
	static const uint8_t second[] = { 0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51,
					  0x38, 0x7a, 0x98, 0xba, 0x97, 0x7c };
	struct keystream k;
	uint8_t got[2 * KEYSTREAM_BLOCK];

	(void)state;
	keystream_init(&k, seed);
	keystream_read(&k, got, sizeof(got));
	assert_memory_equal(got, first, sizeof(first));
	assert_memory_equal(got + KEYSTREAM_BLOCK, second, sizeof(second));
}

static void test_pieces(void **state)
{
	static const uint8_t seed[KEYSTREAM_SEED] = { 1, 2, 3 };
	struct keystream k;
	uint8_t whole[200], pieces[200];

	(void)state;
	keystream_init(&k, seed);
	keystream_read(&k, whole, sizeof(whole));
	keystream_init(&k, seed);
	for (size_t at = 0, size = 1; at < sizeof(pieces); at += size, size = 7)
		keystream_read(&k, pieces + at,
			       size < sizeof(pieces) - at
				   ? size
				   : sizeof(pieces) - at);
	assert_memory_equal(whole, pieces, sizeof(whole));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests_name("keystream", tests, NULL, NULL);
}
