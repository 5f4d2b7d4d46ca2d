/* tests/fuzz/token.c - strangers' tokens and signatures
 *
 * A NUL parts the input: a token (also taken as the Authorization header of a
 * signature) and the text that is a header's value, a path and a query.
 */
#include "lib/crypto/token.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/sigv4.h"

static const char jwks[] =
    "{\"keys\":[{\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":"
    "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

static struct slice header(void *request, struct slice name)
{
	return slice_is(name, "x-amz-date") ? SLICE("20150830T123600Z")
					    : *(struct slice *)request;
}

static void check_token(struct slice text, struct arena *mem)
{
	static struct keyset *set;
	static struct snapshot_reader reader;
	struct token token;
	struct fault fault;

	fault_clear(&fault);
	if (!set) {
		set = keyset_new();
		if (keyset_load(set, slice_of(jwks), &fault))
			abort();
	}
	if (!token_verify(text, KEY_ES256, keyset_look(set, &reader, NULL), 1,
			  mem, &token, &fault))
		abort(); /* nobody has the private key */
}

static void check_signature(struct slice text, struct slice rest,
			    struct arena *mem)
{
	const struct sigv4_request request = {
		.method = SLICE("POST"),
		.path = rest,
		.query = rest,
		.header = header,
		.request = &rest,
	};
	const uint8_t key[HASH_SIZE] = { 0 };
	struct sigv4_credential c;
	struct fault fault;

	fault_clear(&fault);
	if (!sigv4_read(&request, text, &c, &fault))
		sigv4_check_scope(&request, &c, "r", "s", 1440938160000,
				  &fault);
	fault_clear(&fault);
	sigv4_check(&request, &c, key, mem, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_make(data, size);
	struct slice text = slice_cut(&rest, '\0');
	struct arena mem;

	arena_init(&mem, 1 << 20);
	check_token(text, &mem);
	arena_reset(&mem);
	check_signature(text, rest, &mem);
	arena_release(&mem);
	return 0;
}
