/* services/auth/op/guest_sign_in.c - GUEST_AUTH: an account without a password */
#include "lib/base/random.h"
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

void auth_sign_in_as_guest(struct call *c, struct auth_sign_in *s)
{
	if (auth_rules_of(c)->no_guest_flow)
		call_fail(c, E_PARAMETER,
			  "GUEST_AUTH is not enabled for the client.");
	else
		auth_limit(c, AUTH_LIMITED_GUESTS);
	s->user = guest_new(c);
	if (call_status(c))
		s->done(c);
	else
		auth_work(c, mint_guest, guest_minted);
}
