/* services/auth/op/guest_sign_in.c - GUEST_AUTH: an account without a password */
#include "lib/base/random.h"
#include "lib/net/address.h"
#include "lib/net/throttle.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/guests.h"
#include "services/auth/token/uuid.h"

/* A new account under a name that nobody has. */
static struct auth_user *guest_new(struct call *c)
{
	struct auth_user *user = arena_zalloc(c->mem, sizeof(*user));
	char *sub = arena_alloc(c->mem, AUTH_SUB);
	char letters[AUTH_GUEST_LETTERS + 1];

	if (!user || !sub)
		return NULL;
	random_text(letters, AUTH_GUEST_LETTERS,
		    "abcdefghijkmnpqrstuvwxyz23456789");
	uuid_text(sub);
	user->username =
	    slice_of(arena_printf(c->mem, AUTH_GUEST_PREFIX "%s", letters));
	user->sub = slice_of(sub);
	user->status = AUTH_GUEST;
	user->created_at = auth_now(c);
	user->expires_at = auth_now(c) + auth_rules_of(c)->guest_ms / 1000;
	return user;
}

static void mint_guest(struct call *c)
{
	struct auth_sign_in *s = c->state;

	auth_sign_in_open(c, s, auth_rules_of(c)->guest_ms);
	auth_sign_in_mint(c, s);
}

static void guest_minted(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_guests_create(c, s->user, &s->own, s->done);
}

/* Whoever makes many of them pays for none, so an address may make so many. */
static void check_address(struct call *c)
{
	const struct auth *auth = auth_of(c);
	uint8_t room[8];
	int64_t wait_ms =
	    throttle_take(auth->guests, address_subscriber(c->peer, room),
			  c->started_ns);

	if (!wait_ms)
		return;
	call_fail(c, E_TOO_MANY_REQUESTS,
		  "Too many guests from this address: %lld an hour",
		  (long long)auth->guests_per_address);
	c->fault.retry_after_ms = (int)wait_ms;
}

void auth_sign_in_as_guest(struct call *c, struct auth_sign_in *s)
{
	check_address(c);
	s->user = guest_new(c);
	if (call_status(c))
		s->done(c);
	else
		auth_work(c, mint_guest, guest_minted);
}
