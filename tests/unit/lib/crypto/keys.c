/* tests/unit/lib/crypto/keys.c - keys, their files, key sets, and seals */
#include "lib/crypto/base64.h"
#include "lib/crypto/keyfile.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/parlor-keys-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	static const char *const names[] = { "a", "b", "s", "jwks" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(path_of(names[i]));
	return rmdir(dir);
}

/* RFC 7515, appendices A.2 (RS256) and A.3 (ES256). */
static void test_rfc7515(void **state)
{
	static const char *const jwks =
	    "{\"keys\":[{\"kid\":\"rsa\",\"kty\":\"RSA\",\"n\":"
	    "\"ofgWCuLjybRlzo0"
	    "tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJ"
	    "PMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47so"
	    "MZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7W"
	    "TBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyx"
	    "XFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp"
	    "oQ\",\"e\":\"AQAB\"},{\"kid\":\"ec\",\"kty\":\"EC\",\"crv\":\"P-"
	    "256\","
	    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
	    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";
	static const struct {
		const char *name, *key, *message, *signature;
	} cases[] = {
		{ "RS256", "rsa",
		  "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTk"
		  "zODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
		  "cC4hiUPoj9Eetdgtv3hF80EGrhuB__"
		  "dzERat0XF9g2VtQgr9PJbu3XOiZj5RZ"
		  "mh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQj"
		  "bKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBM"
		  "Hlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtF"
		  "ZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqV"
		  "t5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw" },
		{ "ES256", "ec",
		  "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTk"
		  "zODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
		  "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-"
		  "F4GawxaepmXFCgfTjDxw5djxLa8IS"
		  "lSApmWQxfKTUJqPP3-Kg6NU1Q" },
	};
	struct keyset *set = keyset_new();
	struct snapshot_reader reader = { 0 };
	const struct keyset_view *view;
	struct fault fault;

	(void)state;
	fault_clear(&fault);
	assert_int_equal(keyset_load(set, slice_of(jwks), &fault), 0);
	view = keyset_look(set, &reader, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t bytes[KEY_SIGNATURE_MAX];
		size_t size;
		const struct keyset_key *key =
		    keyset_find(view, slice_of(cases[i].key));

		assert_non_null(key);
		assert_int_equal(base64url_decode(slice_of(cases[i].signature),
						  bytes, &size),
				 0);
		if (!key_verify(key->key, slice_of(cases[i].message),
				slice_make(bytes, size)))
			fail_msg("%s: refused", cases[i].name);
		bytes[size / 2] ^= 1;
		if (key_verify(key->key, slice_of(cases[i].message),
			       slice_make(bytes, size)))
			fail_msg("%s: accepted when changed", cases[i].name);
		if (key_verify(key->key, slice_of(cases[i].message),
			       slice_make(bytes, size - 1)))
			fail_msg("%s: accepted when short", cases[i].name);
	}
	snapshot_reader_release(&reader);
	keyset_free(set);
}

static void test_sign(void **state)
{
	static const enum key_algorithm algorithms[] = { KEY_RS256, KEY_ES256 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct key *key = key_generate(algorithms[i]);
		uint8_t bytes[KEY_SIGNATURE_MAX];
		size_t size = key_sign(key, SLICE("a message"), bytes);
		struct slice signature = slice_make(bytes, size);

		assert_true(key_verify(key, SLICE("a message"), signature));
		assert_false(key_verify(key, SLICE("another"), signature));
		key_release(key);
	}
}

static void test_files(void **state)
{
	struct key *made, *read;
	struct fault fault;

	(void)state;
	fault_clear(&fault);
	made = keyfile_make(path_of("a"), KEY_ES256, &fault);
	assert_non_null(made);
	read = keyfile_read(path_of("a"), KEY_ES256, &fault);
	assert_non_null(read);
	assert_true(key_equal(made, read));
	key_release(made);
	key_release(read);

	assert_null(keyfile_make(path_of("a"), KEY_ES256, &fault));
	assert_int_equal(fault.code, E_EXISTS);
	fault_clear(&fault);
	assert_null(keyfile_read(path_of("a"), KEY_RS256, &fault));
	assert_non_null(strstr(fault.message, "not an RSA key"));
	fault_clear(&fault);
	chmod(path_of("a"), 0640);
	assert_null(keyfile_read(path_of("a"), KEY_ES256, &fault));
	assert_non_null(strstr(fault.message, "mode 640"));
	fault_clear(&fault);
	assert_null(keyfile_read(path_of("none"), KEY_ES256, &fault));
	assert_int_equal(fault.code, E_MISSING);
	fault_clear(&fault);
	assert_int_equal(keyfile_write(path_of("b"), SLICE("no key"), &fault),
			 0);
	assert_null(keyfile_read(path_of("b"), KEY_ES256, &fault));
	assert_non_null(strstr(fault.message, "not a key"));
}

static void test_seal(void **state)
{
	struct slice sealed, again, secret = { 0 };
	struct fault fault;
	struct arena mem;
	struct seal *seal;

	(void)state;
	fault_clear(&fault);
	arena_init(&mem, 1 << 20);
	assert_int_equal(keyfile_make_secret(path_of("s"), &fault), 0);
	seal = seal_new(path_of("s"), &fault);
	assert_non_null(seal);
	sealed = seal_close(seal, SLICE("secret"), SLICE("here"), &mem);
	again = seal_close(seal, SLICE("secret"), SLICE("here"), &mem);
	assert_int_equal(sealed.size, 6 + SEAL_OVERHEAD);
	assert_false(slice_equal(sealed, again));
	assert_int_equal(seal_open(seal, sealed, SLICE("here"), &mem, &secret),
			 0);
	assert_true(slice_is(secret, "secret"));
	assert_int_equal(seal_open(seal, sealed, SLICE("there"), &mem, &secret),
			 -E_LOSS);
	for (size_t i = 0; i < sealed.size; i++) {
		struct slice bad = arena_slice(&mem, sealed);

		((uint8_t *)bad.data)[i] ^= 1;
		assert_int_equal(seal_open(seal, bad, SLICE("here"), &mem,
					   &secret),
				 -E_LOSS);
		bad = slice_make(sealed.data, i);
		assert_int_equal(seal_open(seal, bad, SLICE("here"), &mem,
					   &secret),
				 -E_LOSS);
	}
	sealed = seal_close(seal, SLICE(""), SLICE(""), &mem);
	assert_int_equal(seal_open(seal, sealed, SLICE(""), &mem, &secret), 0);
	assert_int_equal(secret.size, 0);
	seal_free(seal);
	arena_release(&mem);
}

#define X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\""

static void test_jwks(void **state)
{
	static const struct {
		const char *name, *text;
		int result;
		size_t count;
	} cases[] = {
		{ "no keys", "{\"keys\":[]}", 0, 0 },
		{ "one key", "{\"keys\":[{\"kid\":\"a\"," EC "}]}", 0, 1 },
		{ "for encryption: passed over",
		  "{\"keys\":[{\"kid\":\"a\",\"use\":\"enc\"," EC "}]}", 0, 0 },
		{ "symmetric: passed over",
		  "{\"keys\":[{\"kid\":\"a\",\"kty\":\"oct\",\"k\":\"AA\"}]}",
		  0, 0 },
		{ "another algorithm: passed over",
		  "{\"keys\":[{\"kid\":\"a\",\"alg\":\"ES384\"," EC "}]}", 0,
		  0 },
		{ "no kid", "{\"keys\":[{" EC "}]}", -E_INVALID, 0 },
		{ "a kid with a quote",
		  "{\"keys\":[{\"kid\":\"\\\"\"," EC "}]}", -E_INVALID, 0 },
		{ "a kid twice",
		  "{\"keys\":[{\"kid\":\"a\"," EC "},{\"kid\":\"a\"," EC "}]}",
		  -E_INVALID, 0 },
		{ "a member twice",
		  "{\"keys\":[{\"kid\":\"a\",\"kid\":\"b\"," EC "}]}",
		  -E_INVALID, 0 },
		{ "a point off the curve",
		  "{\"keys\":[{\"kid\":\"a\",\"kty\":\"EC\",\"crv\":\"P-256\","
		  "\"x\":\"" X "\",\"y\":\"" X "\"}]}",
		  -E_INVALID, 0 },
		{ "an RSA key of 16 bits",
		  "{\"keys\":[{\"kid\":\"a\",\"kty\":\"RSA\",\"n\":\"wQE\","
		  "\"e\":\"AQAB\"}]}",
		  -E_INVALID, 0 },
		{ "padding",
		  "{\"keys\":[{\"kid\":\"a\",\"kty\":\"RSA\",\"n\":\"wQE=\","
		  "\"e\":\"AQAB\"}]}",
		  -E_INVALID, 0 },
		{ "not an object", "[]", -E_INVALID, 0 },
		{ "not JSON", "{\"keys\":[", -E_INVALID, 0 },
		{ "a key that is a text", "{\"keys\":[\"a\"]}", -E_INVALID, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct keyset *set = keyset_new();
		struct snapshot_reader reader = { 0 };
		const struct keyset_view *view;
		struct fault fault;
		int result;

		fault_clear(&fault);
		result = keyset_load(set, slice_of(cases[i].text), &fault);
		view = keyset_look(set, &reader, NULL);
		if (result != cases[i].result ||
		    (view ? view->count : 0) != cases[i].count)
			fail_msg("%s: got %d, '%s'", cases[i].name, result,
				 fault.message);
		snapshot_reader_release(&reader);
		keyset_free(set);
	}
}

/* Loads a set with the public keys under these ids. */
static void load(struct keyset *set, struct key *const *keys,
		 const char *const *ids, size_t count)
{
	struct buffer text;
	struct fault fault;

	buffer_init(&text, 65536);
	fault_clear(&fault);
	buffer_put_text(&text, "{\"keys\":[");
	for (size_t i = 0; i < count; i++) {
		buffer_put_text(&text, i ? "," : "");
		key_put_jwk(keys[i], ids[i], &text);
	}
	buffer_put_text(&text, "]}");
	if (keyset_load(set, buffer_slice(&text), &fault))
		fail_msg("%s", fault.message);
	buffer_release(&text);
}

static void test_serials(void **state)
{
	struct key *keys[] = { key_generate(KEY_RS256),
			       key_generate(KEY_ES256) };
	struct key *other[] = { key_generate(KEY_ES256), keys[1] };
	static const char *const ids[] = { "a", "b" };
	struct keyset *set = keyset_new();
	struct snapshot_reader reader = { 0 };
	const struct keyset_view *view;
	uint64_t a, b;
	bool changed;

	(void)state;
	assert_null(keyset_look(set, &reader, NULL));
	load(set, keys, ids, 2);
	view = keyset_look(set, &reader, &changed);
	assert_true(changed);
	a = keyset_find(view, SLICE("a"))->serial;
	b = keyset_find(view, SLICE("b"))->serial;
	assert_int_not_equal(a, b);

	load(set, keys, ids, 2); /* the same again */
	assert_ptr_equal(keyset_look(set, &reader, &changed), view);
	assert_false(changed);

	load(set, other, ids, 2); /* "a" is another key now */
	view = keyset_look(set, &reader, &changed);
	assert_true(changed);
	assert_int_not_equal(keyset_find(view, SLICE("a"))->serial, a);
	assert_int_equal(keyset_find(view, SLICE("b"))->serial, b);

	assert_false(keyset_wanted(set));
	keyset_want(set);
	assert_true(keyset_wanted(set));
	assert_false(keyset_wanted(set));

	snapshot_reader_release(&reader);
	keyset_free(set);
	key_release(keys[0]);
	key_release(keys[1]);
	key_release(other[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc7515), cmocka_unit_test(test_sign),
		cmocka_unit_test(test_files),	cmocka_unit_test(test_seal),
		cmocka_unit_test(test_jwks),	cmocka_unit_test(test_serials),
	};

	return cmocka_run_group_tests_name("keys", tests, make_dir, remove_dir);
}
