/* services/auth/op/srp_sign_in.c - USER_SRP_AUTH and its PASSWORD_VERIFIER
 *
 * What the server knows between the two requests travels in the secret block, a
 * ticket. The time that the client signs is its own, and many a phone's clock is
 * wrong: what is too old is told by the ticket.
 */
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "services/auth/op/secret.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/users.h"

enum { TIMESTAMP_MAX = 64 };

#define CHALLENGE "PASSWORD_VERIFIER"

static char *hex(struct call *c, const uint8_t *bytes, size_t size)
{
	char *text = arena_alloc(c->mem, 2 * size + 1);

	if (text)
		srp_hex(bytes, size, text);
	return text;
}

static const char *text_of(struct call *c, struct slice bytes)
{
	return arena_copy(c->mem, bytes.data, bytes.size);
}

/* ---- the challenge --------------------------------------------------------
 */

static const char *seal_block(struct call *c, struct auth_sign_in *s,
			      const struct srp_exchange *exchange)
{
	const struct auth_ticket ticket = {
		.origin = s->own.origin,
		.username = s->given[AUTH_GIVEN_USERNAME],
		.secret = slice_make(exchange, sizeof(*exchange)),
		.expires_at = auth_ticket_end(c),
	};
	struct slice sealed = auth_ticket_close(c, CHALLENGE, &ticket);
	char *text = arena_alloc(c->mem, BASE64_SIZE(sealed.size) + 1);

	if (text)
		text[base64_encode(sealed, text)] = '\0';
	return text;
}

/* On the pool. */
static void offer(struct call *c)
{
	struct auth_sign_in *s = c->state;
	struct slice username = s->given[AUTH_GIVEN_USERNAME];
	struct auth_verifier verifier;
	struct srp_exchange exchange;
	const char *name;

	if (srp_read(s->given[AUTH_GIVEN_SRP_A], exchange.a)) {
		call_fail(c, E_PARAMETER, "Invalid SRP_A");
		return;
	}
	if (!s->own.origin.size)
		auth_sign_in_draw(s);
	random_bytes(exchange.secret, SRP_SECRET);
	auth_verifier_get(c, s->user, username, &verifier);
	srp_offer(verifier.number, &exchange);
	name = text_of(c, verifier.user.name);
	s->challenge.name = CHALLENGE;
	auth_sign_in_say(s, "SALT", hex(c, verifier.salt, SRP_SALT));
	auth_sign_in_say(s, "SECRET_BLOCK", seal_block(c, s, &exchange));
	auth_sign_in_say(s, "SRP_B", hex(c, exchange.b, SRP_NUMBER));
	auth_sign_in_say(s, "USERNAME", name);
	auth_sign_in_say(s, "USER_ID_FOR_SRP", name);
	explicit_bzero(&verifier, sizeof(verifier));
	explicit_bzero(&exchange, sizeof(exchange));
	call_status(c);
}

static void found(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (auth_missing_check(c, s->user))
		s->done(c);
	else
		auth_work(c, offer, s->done);
}

void auth_sign_in_by_srp(struct call *c, struct auth_sign_in *s)
{
	if (!auth_rules_of(c)->srp_flow && !(s->chosen && auth_srp_is_used(c)))
		call_fail(c, E_PARAMETER,
			  "USER_SRP_AUTH is not enabled for the client.");
	else if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
		 !auth_sign_in_need(c, s, AUTH_GIVEN_SRP_A) &&
		 !auth_username_is_good(s->given[AUTH_GIVEN_USERNAME]))
		auth_sign_in_refuse(c);
	if (call_failed(c) || auth_limit(c, AUTH_LIMITED_SIGN_INS))
		s->done(c);
	else
		auth_users_get(c, s->given[AUTH_GIVEN_USERNAME], &s->user,
			       found);
}

/* ---- the answer -----------------------------------------------------------
 */

/* On the pool. */
static void verify(struct call *c)
{
	struct auth_sign_in *s = c->state;
	struct auth_verifier verifier;
	struct srp_exchange exchange;
	uint8_t key[SRP_KEY], proof[SRP_PROOF];
	char text[BASE64_SIZE(SRP_PROOF)];

	memcpy(&exchange, s->ticket.secret.data, sizeof(exchange));
	auth_verifier_get(c, s->user, s->ticket.username, &verifier);
	srp_key(verifier.number, &exchange, key);
	srp_proof(key, &verifier.user, s->block, s->given[AUTH_GIVEN_TIMESTAMP],
		  proof);
	base64_encode(slice_make(proof, SRP_PROOF), text);
	s->right = slice_equal_secret(slice_make(text, sizeof(text)),
				      s->given[AUTH_GIVEN_SIGNATURE]) &&
		   verifier.real;
	explicit_bzero(&verifier, sizeof(verifier));
	explicit_bzero(&exchange, sizeof(exchange));
	explicit_bzero(key, sizeof(key));
	if (s->right)
		auth_sign_in_go_on(c, s);
}

/* The block as the client has it. */
static void open_block(struct call *c, struct auth_sign_in *s)
{
	struct slice text = s->given[AUTH_GIVEN_SECRET_BLOCK];
	uint8_t *bytes = arena_alloc(c->mem, BASE64_BYTES(text.size));
	size_t size;

	if (!bytes || base64_decode(text, bytes, &size)) {
		auth_sign_in_refuse(c);
		return;
	}
	s->block = slice_make(bytes, size);
	if (!auth_ticket_open(c, CHALLENGE, s->block, &s->ticket))
		s->own.origin = s->ticket.origin;
}

void auth_sign_in_prove_srp(struct call *c, struct auth_sign_in *s)
{
	static const enum auth_given needed[] = { AUTH_GIVEN_USERNAME,
						  AUTH_GIVEN_SECRET_BLOCK,
						  AUTH_GIVEN_TIMESTAMP,
						  AUTH_GIVEN_SIGNATURE };

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		auth_sign_in_need(c, s, needed[i]);
	if (!call_failed(c) &&
	    s->given[AUTH_GIVEN_TIMESTAMP].size > TIMESTAMP_MAX)
		call_fail(c, E_PARAMETER, "Invalid TIMESTAMP");
	if (!call_failed(c))
		open_block(c, s);
	auth_sign_in_guess(c, s, AUTH_GUESS_PASSWORD, verify);
}
