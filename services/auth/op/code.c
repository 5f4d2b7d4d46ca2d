/* services/auth/op/code.c - confirmation codes: six digits for a day */
#include "services/auth/op/code.h"
#include "lib/base/random.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/seal.h"

/* Where a sealed code belongs. */
static struct slice place(struct call *c, const struct auth_user *user)
{
	return slice_of(arena_printf(c->mem, "parlor.users/%.*s/code",
				     SLICE_ARGS(user->sub)));
}

void auth_code_draw(struct call *c, struct auth_user *user,
		    char code[AUTH_CODE])
{
	random_text(code, AUTH_CODE - 1, "0123456789");
	user->code = seal_close(auth_of(c)->seal, slice_of(code),
				place(c, user), c->mem);
	user->code_expires = auth_now(c) + AUTH_CODE_SECONDS;
}

int auth_code_refuse(struct call *c)
{
	return call_fail(
	    c, E_CODE_MISMATCH,
	    "Invalid verification code provided, please try again.");
}

static int compare(struct call *c, const struct auth_code *sealed,
		   struct slice where, struct slice code)
{
	struct slice want;

	if (seal_open(auth_of(c)->seal, sealed->sealed, where, c->mem, &want) ||
	    !slice_equal_secret(want, code))
		return auth_code_refuse(c);
	if (sealed->expires_at <= auth_now(c))
		return call_fail(c, E_CODE_EXPIRED,
				 "Invalid code provided, please request a code "
				 "again.");
	return 0;
}

int auth_code_check(struct call *c, const struct auth_user *user,
		    struct slice code)
{
	const struct auth_code sealed = { user->code, user->code_expires };

	return compare(c, &sealed, place(c, user), code);
}

static struct slice place_of(struct call *c, const char *purpose,
			     struct slice name)
{
	struct slice folded = kv_name(c, name);

	return slice_of(arena_printf(c->mem, "parlor.sessions/%.*s%.*s/%s",
				     SLICE_ARGS(auth_pool_of(c)->prefix),
				     SLICE_ARGS(folded), purpose));
}

void auth_code_make(struct call *c, const char *purpose, struct slice name,
		    char code[AUTH_CODE], struct auth_code *out)
{
	random_text(code, AUTH_CODE - 1, "0123456789");
	out->sealed = seal_close(auth_of(c)->seal, slice_of(code),
				 place_of(c, purpose, name), c->mem);
	out->expires_at = auth_now(c) + AUTH_CODE_WINDOW;
}

int auth_code_compare(struct call *c, const char *purpose, struct slice name,
		      const struct auth_code *sealed, struct slice code)
{
	return compare(c, sealed, place_of(c, purpose, name), code);
}

const char *auth_code_nowhere(struct call *c, struct slice name)
{
	uint8_t hash[HASH_SIZE];

	hash_sha256(kv_name(c, name), hash);
	return arena_printf(c->mem, "%c***@%c***", 'a' + hash[0] % 26,
			    'a' + hash[1] % 26);
}
