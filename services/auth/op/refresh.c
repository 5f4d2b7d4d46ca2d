/* services/auth/op/refresh.c - staying signed in
 *
 * A refresh token that rotates is followed by one that only the pool can derive
 * from it: an answer that was lost is given again, for as long as the grace
 * lasts. Whoever shows one that was followed longer ago has it from somebody
 * else, or somebody else has it: the sign-in ends, for both.
 */
#include "services/auth/op/refresh.h"
#include "lib/crypto/revocations.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/store/guests.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"
#include "services/auth/token/refresh.h"

enum { DAY = 24 * 60 * 60 };

static struct slice token_of(const struct auth_sign_in *s)
{
	return s->given[AUTH_GIVEN_REFRESH_TOKEN];
}

/* ---- a good one ----------------------------------------------------------- */

/* On the pool. */
static void renew(struct call *c)
{
	auth_sign_in_mint(c, c->state);
}

/* A guest who comes back stays; noted once a day. */
static void rotated(struct call *c)
{
	struct auth_sign_in *s = c->state;
	int64_t expires = auth_now(c) + auth_rules_of(c)->guest_ms / 1000;

	if (call_failed(c) || s->user->status != AUTH_GUEST ||
	    expires - s->own.expires_at < DAY)
		s->done(c);
	else
		auth_guests_keep(c, s->user, &s->own, expires, s->done);
}

static void look(struct call *, struct auth_sign_in *);

/* Another request with the same token was faster: it has been followed. */
static void rotate_answered(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (!call_failed(c) && s->overtaken)
		look(c, s);
	else
		rotated(c);
}

static void renewed(struct call *c)
{
	struct auth_sign_in *s = c->state;
	uint8_t *family = arena_alloc(c->mem, HASH_SIZE);
	struct slice before = s->own.refresh_hash;

	if (call_status(c)) {
		s->done(c);
		return;
	}
	if (!s->rotates || s->repeats) {
		rotated(c);
		return;
	}
	auth_refresh_family(token_of(s), family);
	auth_refresh_hash(s->tokens.refresh, s->refresh_hash);
	s->own.family_hash = slice_make(family, HASH_SIZE);
	s->own.refresh_hash = slice_make(s->refresh_hash, HASH_SIZE);
	auth_sessions_rotate(c, &s->own, before, &s->overtaken,
			     rotate_answered);
}

/* Why the session's owner has no use for it any more; NULL: it holds. */
static const char *owner_refuses(const struct auth_sign_in *s)
{
	if (!s->user || !slice_equal(s->user->sub, s->own.sub))
		return "Invalid Refresh Token";
	if (s->user->disabled)
		return "User is disabled.";
	if (s->own.auth_time < s->user->signed_out_at)
		return "Refresh Token has been revoked";
	return NULL;
}

/* By the user's name, or by its sub where nothing else is known of it. */
static void check_hash(struct call *c, const struct auth_sign_in *s)
{
	const struct slice names[] = { s->own.username, s->own.sub };

	auth_secret_hash_check_any(c, names, 2,
				   s->given[AUTH_GIVEN_SECRET_HASH]);
}

static void owner_found(struct call *c)
{
	struct auth_sign_in *s = c->state;
	const char *why = call_failed(c) ? NULL : owner_refuses(s);

	if (why)
		call_fail(c, E_NOT_AUTHORIZED, "%s", why);
	else if (s->hash_is_due && !call_failed(c))
		check_hash(c, s);
	if (call_failed(c))
		s->done(c);
	else
		auth_sign(c, renew, renewed);
}

/* ---- one that was followed ------------------------------------------------ */

static void ended(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (!call_failed(c))
		revocations_add(auth_of(c)->revocations, REVOKE_ORIGIN,
				s->own.origin, 0, auth_last_expiry(c));
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_REUSE,
					       .name = s->own.username },
			 &s->done);
	call_fail(c, E_TOKEN_REUSED,
		  "Refresh token has been used before and its sign-in was "
		  "ended");
	s->done(c);
}

/* Does it belong to the session, now or from before? */
enum standing { CURRENT, LAST, OLDER, FOREIGN };

static enum standing standing_of(struct call *c, struct auth_sign_in *s)
{
	int64_t grace_ms = auth_rules_of(c)->grace_ms;
	struct slice kept = s->own.refresh_hash;
	uint8_t hash[HASH_SIZE];

	auth_refresh_hash(token_of(s), hash);
	if (slice_equal_secret(kept, slice_make(hash, HASH_SIZE)))
		return CURRENT;
	auth_refresh_family(token_of(s), hash);
	if (!slice_equal_secret(s->own.family_hash,
				slice_make(hash, HASH_SIZE)))
		return FOREIGN;
	auth_refresh_hash(s->tokens.refresh, hash);
	/* a call that began before the token was followed has no grace either
	 */
	if (slice_equal_secret(kept, slice_make(hash, HASH_SIZE)) && grace_ms &&
	    c->now_ms < s->own.rotated_ms + grace_ms)
		return LAST;
	return OLDER;
}

static void session_found(struct call *c)
{
	struct auth_sign_in *s = c->state;
	enum standing standing = FOREIGN;

	if (call_failed(c)) {
		s->done(c);
		return;
	}
	s->tokens.refresh =
	    auth_refresh_next(token_of(s), auth_of(c)->seal, c->mem);
	if (!s->own.expires_at)
		call_fail(c, E_NOT_AUTHORIZED,
			  "Refresh Token has been revoked");
	else if (slice_equal(s->own.client_id, s->client_id))
		standing = standing_of(c, s);
	if (standing == FOREIGN)
		call_fail(c, E_NOT_AUTHORIZED, "Invalid Refresh Token");
	else if (s->own.expires_at <= auth_now(c))
		call_fail(c, E_NOT_AUTHORIZED, "Refresh Token has expired");
	if (call_status(c)) {
		s->done(c);
		return;
	}
	s->repeats = standing == LAST;
	if (!s->rotates && !s->repeats)
		s->tokens.refresh = (struct slice){ 0 };
	if (standing == OLDER)
		auth_sessions_end(c, &s->own, auth_last_expiry(c), ended);
	else
		auth_users_get(c, s->own.username, &s->user, owner_found);
}

static void look(struct call *c, struct auth_sign_in *s)
{
	struct slice sub = { 0 }, origin = { 0 };

	if (auth_refresh_read(token_of(s), c->mem, &sub, &origin)) {
		call_fail(c, E_NOT_AUTHORIZED, "Invalid Refresh Token");
		s->done(c);
		return;
	}
	auth_sessions_get(c, sub, origin, &s->own, session_found);
}

void auth_refresh(struct call *c, struct auth_sign_in *s)
{
	if (auth_sign_in_need(c, s, AUTH_GIVEN_REFRESH_TOKEN))
		s->done(c);
	else
		look(c, s);
}
