/* services/auth/op/revoke_token.c - the end of one sign-in
 *
 * A token that is none (any more) is as good as revoked: the answer is the same
 * (RFC 7009).
 */
#include "services/auth/op/revoke_token.h"
#include "lib/crypto/revocations.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/store/sessions.h"
#include "services/auth/token/refresh.h"

static void ended(struct call *c)
{
	struct auth_revoke *s = c->state;

	if (!call_failed(c))
		revocations_add(auth_of(c)->revocations, REVOKE_ORIGIN,
				s->session.origin, 0, auth_last_expiry(c));
	s->done(c);
}

static void end(struct call *c, struct auth_revoke *s)
{
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_SIGN_OUT,
					       .name = s->session.username },
			 &s->done);
	auth_sessions_end(c, &s->session, auth_last_expiry(c), ended);
}

static void refuse(struct call *c)
{
	struct auth_revoke *s = c->state;

	call_fail(c, E_UNAUTHORIZED, "The token is another client's.");
	s->done(c);
}

static void found(struct call *c)
{
	struct auth_revoke *s = c->state;
	uint8_t hash[HASH_SIZE];

	auth_refresh_hash(s->token, hash);
	if (call_failed(c) || !slice_equal_secret(s->session.refresh_hash,
						  slice_make(hash, HASH_SIZE)))
		s->done(c);
	else if (!slice_equal(s->session.client_id, s->client_id))
		refuse(c);
	else
		end(c, s);
}

static bool is_jwt(struct slice token)
{
	return token.size && memchr(token.data, '.', token.size);
}

void auth_revoke_token(struct call *c, struct auth_revoke *s)
{
	struct slice sub, origin;

	c->state = s;
	if (!call_failed(c) && !auth_client_check(c, s->client_id) &&
	    !auth_client_secret_check(c, s->client_secret) &&
	    !auth_required(c, "token", AUTH_TOKEN_PATTERN, s->token) &&
	    auth_client_of(c)->irrevocable)
		call_fail(c, E_UNSUPPORTED_OPERATION,
			  "Token revocation is not enabled for the client.");
	else if (!call_failed(c) && is_jwt(s->token))
		call_fail(c, E_UNSUPPORTED_TOKEN,
			  "Only refresh tokens can be revoked.");
	if (call_failed(c) ||
	    auth_refresh_read(s->token, c->mem, &sub, &origin))
		s->done(c);
	else
		auth_sessions_get(c, sub, origin, &s->session, found);
}
