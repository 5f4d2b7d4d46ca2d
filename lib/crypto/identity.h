/* lib/crypto/identity.h - from the headers of a request to its principals
 *
 * Verifies the end user's token (`authorization: Bearer`, RS256, an access
 * token of an issuer we follow), the calling service's (`parlor-caller`, ES256,
 * at most 60 s, our audience) and an administrator's SigV4 signature, each by
 * its own key set, and remembers verified tokens by their hash. Shared by all
 * threads; a look-up takes no lock (each thread has its own memory of tokens,
 * key sets are snapshots).
 *
 * The room holds what proves who somebody is: hashes, keys and their sets,
 * tokens, signatures, revocations, and secrets at rest. It knows OpenSSL, libjwt
 * and jansson so that no other room need to, and no HTTP: a request comes as the
 * claim below.
 */
#ifndef PARLOR_CRYPTO_IDENTITY_H
#define PARLOR_CRYPTO_IDENTITY_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/principal.h"

struct identity;
struct keyset;
struct revocations;

/* What an HTTP request says of its sender. Slices live as long as it does. */
struct identity_claim {
	struct slice method, path, query;
	struct slice authorization; /* whole header, or empty */
	struct slice caller;	    /* parlor-caller */
	/* for SigV4: header look-up by lower-case name, with repeats joined */
	struct slice (*header)(void *request, struct slice name);
	void *request;
	struct slice body_sha256; /* hex, of x-amz-content-sha256; or empty */
};

/* The key that signs a credential's day, region and service, which have been
 * checked, and who signs with it. Returns 0, IDENTITY_KEY_LATER where it has to
 * be fetched first, or a negative code when there is no such access key. */
enum { IDENTITY_KEY_LATER = 1 };
struct sigv4_credential;
typedef int identity_signing_fn(void *arg, const struct sigv4_credential *,
				uint8_t key[HASH_SIZE], struct arena *,
				struct principal *);

/* Is any signature by this access key to be believed, as for local tests? Then
 * says who signs. */
typedef bool identity_unseen_fn(void *arg, struct slice access_key_id,
				struct arena *, struct principal *);

enum { IDENTITY_ISSUERS_MAX = 8 };

/* Somebody else who signs users' tokens. All that these say of a user stands
 * behind "NAME|": sub and each group, so nobody can be taken for a user of the
 * pool or of another issuer; usernames are the pool's alone. */
struct identity_issuer {
	const char *name;
	const char *issuer;   /* exact */
	const char *audience; /* in `aud`, or the client_id */
	struct keyset *keys;
};

struct identity_options {
	const char *service;	 /* our name: the audience of callers */
	struct keyset *services; /* keys/services.jwks */
	struct keyset *users;	 /* the pool's JWKS */
	const char *issuer;	 /* exact, or NULL: users are refused */
	const char *const
	    *clients; /* accepted client_ids, NULL-ended; NULL all */
	const struct identity_issuer *others; /* beside the pool */
	size_t other_count;
	struct revocations *revocations;
	identity_signing_fn *signing; /* NULL: SigV4 is refused */
	identity_unseen_fn *unseen;   /* NULL: none is */
	void *signing_arg;
	const char *region;	   /* in the credential scope */
	const char *sigv4_service; /* "dynamodb" */
};

struct identity *identity_new(const struct identity_options *);
void identity_free(struct identity *);

/* Does this Authorization header have a form that can say who asks, a bearer
 * token's or a signature's? */
bool identity_claimed(struct slice authorization);

/* Fills both principals (texts in the arena or in the token cache's copy made
 * into the arena). No header at all is anonymous; a bad one is
 * -E_UNAUTHENTICATED, -E_TOKEN_EXPIRED, -E_TOKEN_REVOKED or one of SigV4's
 * errors, with words. SigV4 covers the body:
 * *body_hash_wanted is set, and identity_check_body must follow. Without
 * x-amz-content-sha256, or while the key has to be fetched, nothing is known yet
 * but perhaps that there is such an access key: both principals stay anonymous
 * until the key is at hand, body_sha256 is filled with the body's own hash and
 * this is called again. */
int identity_check(const struct identity *, const struct identity_claim *,
		   int64_t now_ms, struct arena *, struct principal *principal,
		   struct principal *user, bool *body_hash_wanted,
		   struct fault *);

/* The signed body hash against the body. */
int identity_check_body(const struct identity_claim *, struct slice body,
			struct fault *);

/* Verifies an access token that came in a message (Cognito's operations). */
int identity_check_user(const struct identity *, struct slice token,
			int64_t now_ms, struct arena *, struct principal *,
			struct fault *);

#endif
