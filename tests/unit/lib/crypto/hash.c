/* tests/unit/lib/crypto/hash.c - SHA-256 (FIPS 180-4) and HMAC (RFC 4231) */
#include "lib/crypto/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_sha256(void **state)
{
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039"
		  "a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[HASH_HEX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		hash_sha256_hex(slice_of(cases[i].text), hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void test_pieces(void **state)
{
	const struct slice pieces[] = { SLICE("a"), SLICE(""), SLICE("bc") };
	uint8_t whole[HASH_SIZE], parts[HASH_SIZE];

	(void)state;
	hash_sha256(SLICE("abc"), whole);
	hash_sha256_pieces(pieces, 3, parts);
	assert_memory_equal(whole, parts, HASH_SIZE);
}

static void test_hmac(void **state)
{
	static uint8_t long_key[131];
	const struct {
		const char *name;
		struct slice key, data;
		const char *hex;
	} cases[] = {
		{ "a short key", SLICE("Jefe"),
		  SLICE("what do ya want for nothing?"),
		  "5bdcc146bf60754e6a042426089575c7"
		  "5a003f089d2739839dec58b964ec3843" },
		{ "a key longer than a block",
		  slice_make(long_key, sizeof(long_key)),
		  SLICE("Test Using Larger Than Block-Size Key - Hash Key "
			"First"),
		  "60e431591ee0b67f0d8a26aacbf5b77f"
		  "8e0bc6213728c5140546040f0ee37f54" },
		{ "nothing at all", SLICE(""), SLICE(""),
		  "b613679a0814d9ec772f95d778c35fc5"
		  "ff1697c493715653c6c712144292c5ad" },
	};
	uint8_t mac[HASH_SIZE];
	char hex[HASH_HEX];

	(void)state;
	memset(long_key, 0xaa, sizeof(long_key));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		hash_hmac(cases[i].key, cases[i].data, mac);
		hash_hex(mac, hex);
		if (strcmp(hex, cases[i].hex) != 0)
			fail_msg("%s: got %s", cases[i].name, hex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_hmac),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
