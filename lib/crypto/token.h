/* lib/crypto/token.h - JSON Web Tokens, read strictly and signed
 *
 * Reading a token goes in steps, each of which may refuse it: three parts of
 * strict base64url within TOKEN_MAX; a header and claims without duplicate
 * members and without "crit"; the key that the header names, whose own
 * algorithm must be the header's; the signature over the raw bytes by OpenSSL;
 * then its times. libjwt parses claims and never sees a key. What a claim must
 * say is the caller's to check (identity.h). Pure but for the key set.
 */
#ifndef PARLOR_CRYPTO_TOKEN_H
#define PARLOR_CRYPTO_TOKEN_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/crypto/key.h"
#include "lib/crypto/keyset.h"

enum { TOKEN_MAX = 8192, TOKEN_SKEW = 5 /* seconds between two clocks */ };

/* What we read of a token; absent texts are empty, absent times 0. */
struct token {
	struct slice key_id;
	uint64_t key_serial;
	struct slice issuer, subject, use, client_id, username;
	struct slice audience, groups; /* comma-separated */
	struct slice scope, jti, origin_jti, function;
	int64_t issued_at, expires_at, not_before; /* seconds */
};

/* Verifies the signature and the times. Texts in the arena. Returns 0, or
 * -E_UNAUTHENTICATED or -E_TOKEN_EXPIRED with words; -E_UNAVAILABLE while the
 * set has no key at all. `algorithm` is the only
 * one accepted. */
int token_verify(struct slice text, enum key_algorithm algorithm,
		 const struct keyset_view *, int64_t now_ms, struct arena *,
		 struct token *, struct fault *);

/* Who the token says has issued it, which nothing proves yet: only to choose the
 * keys that token_verify should try. Empty when it can't be read. */
struct slice token_claimed_issuer(struct slice text, struct arena *);

/* Signs a JSON object of claims: appends header.payload.signature. The header
 * is {"kid":…,"alg":…}, as Cognito's. */
void token_sign(const struct key *, const char *key_id, struct slice claims,
		struct buffer *);

#endif
