/* services/auth/token/refresh.c - refresh tokens: opaque to everybody else */
#include "services/auth/token/refresh.h"
#include "lib/base/fault.h"
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "services/auth/token/uuid.h"

enum {
	FAMILY = 16, /* random bytes that stay */
	SECRET = 16, /* and that don't */
	KEPT = 2 * UUID_BYTES + FAMILY,
	BYTES = KEPT + SECRET,
	ROOM = BASE64_BYTES(BASE64_SIZE(BYTES)),
};

static struct slice format(const uint8_t bytes[BYTES], struct arena *mem)
{
	char *text = arena_alloc(mem, BASE64_SIZE(BYTES));

	return text
		   ? slice_make(text, base64url_encode(slice_make(bytes, BYTES),
						       text))
		   : (struct slice){ 0 };
}

static int parse(struct slice token, uint8_t bytes[ROOM])
{
	size_t size;

	return token.size > BASE64_SIZE(BYTES) ||
		       base64url_decode(token, bytes, &size) || size != BYTES
		   ? -E_INVALID
		   : 0;
}

struct slice auth_refresh_make(struct slice sub, struct slice origin,
			       struct arena *mem)
{
	uint8_t bytes[BYTES];

	if (uuid_parse(sub, bytes) || uuid_parse(origin, bytes + UUID_BYTES))
		return (struct slice){ 0 };
	random_bytes(bytes + 2 * UUID_BYTES, FAMILY + SECRET);
	return format(bytes, mem);
}

int auth_refresh_read(struct slice token, struct arena *mem, struct slice *sub,
		      struct slice *origin)
{
	uint8_t bytes[ROOM];
	char *text = arena_array(mem, 2, UUID_TEXT);

	if (!text || parse(token, bytes))
		return -E_INVALID;
	uuid_format(bytes, text);
	uuid_format(bytes + UUID_BYTES, text + UUID_TEXT);
	*sub = slice_make(text, UUID_TEXT - 1);
	*origin = slice_make(text + UUID_TEXT, UUID_TEXT - 1);
	return 0;
}

void auth_refresh_hash(struct slice token, uint8_t out[HASH_SIZE])
{
	hash_sha256(token, out);
}

struct slice auth_refresh_next(struct slice token, const struct seal *seal,
			       struct arena *mem)
{
	const struct slice pieces[] = { SLICE("refresh token/"), token };
	uint8_t bytes[ROOM], next[SEAL_KEY];

	if (parse(token, bytes))
		return (struct slice){ 0 };
	seal_derive(seal, pieces, 2, next);
	memcpy(bytes + KEPT, next, SECRET);
	return format(bytes, mem);
}

void auth_refresh_family(struct slice token, uint8_t out[HASH_SIZE])
{
	uint8_t bytes[ROOM];

	if (parse(token, bytes))
		memset(bytes, 0, sizeof(bytes));
	hash_sha256(slice_make(bytes, KEPT), out);
}
