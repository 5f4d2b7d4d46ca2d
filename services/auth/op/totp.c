/* services/auth/op/totp.c - the second factor: an app's code that goes with the
 * time */
#include "services/auth/op/totp.h"
#include "lib/crypto/seal.h"

static struct slice place(struct call *c, const struct auth_user *user)
{
	return slice_of(arena_printf(c->mem, "parlor.users/%.*s/totp",
				     SLICE_ARGS(user->sub)));
}

struct slice auth_totp_close(struct call *c, const struct auth_user *user,
			     const uint8_t secret[TOTP_SECRET])
{
	return seal_close(auth_of(c)->seal, slice_make(secret, TOTP_SECRET),
			  place(c, user), c->mem);
}

int64_t auth_totp_match(struct call *c, const struct auth_user *user,
			struct slice sealed, struct slice code)
{
	struct slice secret;

	if (seal_open(auth_of(c)->seal, sealed, place(c, user), c->mem,
		      &secret))
		return 0;
	return totp_match(secret, code, auth_now(c));
}
