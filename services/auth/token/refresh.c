/* services/auth/token/refresh.c - refresh tokens: opaque to everybody else */
#include "services/auth/token/refresh.h"
#include "lib/base/fault.h"
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "services/auth/token/uuid.h"

enum { SECRET = 32, BYTES = 2 * UUID_BYTES + SECRET };

struct slice auth_refresh_make(struct slice sub, struct slice origin,
			       struct arena *mem)
{
	uint8_t bytes[BYTES];
	char *text = arena_alloc(mem, BASE64_SIZE(BYTES));

	if (!text || uuid_parse(sub, bytes) ||
	    uuid_parse(origin, bytes + UUID_BYTES))
		return (struct slice){ 0 };
	random_bytes(bytes + 2 * UUID_BYTES, SECRET);
	return slice_make(text,
			  base64url_encode(slice_make(bytes, sizeof(bytes)),
					   text));
}

int auth_refresh_read(struct slice token, struct arena *mem, struct slice *sub,
		      struct slice *origin)
{
	uint8_t bytes[BASE64_BYTES(BASE64_SIZE(BYTES))];
	char *text = arena_array(mem, 2, UUID_TEXT);
	size_t size;

	if (!text || token.size > BASE64_SIZE(BYTES) ||
	    base64url_decode(token, bytes, &size) || size != BYTES)
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
