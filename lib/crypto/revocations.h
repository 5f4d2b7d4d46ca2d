/* lib/crypto/revocations.h - tokens that are refused before they expire
 *
 * By user (all tokens issued before an instant), by sign-in (origin_jti), one by
 * one (jti), or all of an issuer's (iss). Filled from the items of
 * parlor.revocations, which each daemon asks for once a second; adding one twice
 * changes nothing. An entry is dropped once every token it could mean has expired.
 * Any thread adds; looking takes no lock.
 */
#ifndef PARLOR_CRYPTO_REVOCATIONS_H
#define PARLOR_CRYPTO_REVOCATIONS_H

#include "lib/base/slice.h"
#include "lib/crypto/principal.h"
#include "lib/crypto/snapshot.h"

struct revocations;

enum revocation_kind {
	REVOKE_SUB = 1, /* as its issuer knows it */
	REVOKE_ORIGIN,
	REVOKE_TOKEN,
	REVOKE_ISSUER,
	REVOKE_KINDS,
};

struct revocations *revocations_new(void);
void revocations_free(struct revocations *);

/* The kind's name in an item: "sub", "origin_jti", "jti", "iss"; 0 for others. */
enum revocation_kind revocation_kind(struct slice name);
const char *revocation_kind_name(enum revocation_kind);

/* Nothing for a kind of 0 or an empty value: it would mean every token without
 * that claim. `before`: tokens issued before this second, REVOKE_SUB only;
 * `expires_at`: the second from which the entry is needless. */
void revocations_add(struct revocations *, enum revocation_kind,
		     struct slice value, int64_t before, int64_t expires_at);

/* Drops what is needless at `now` (seconds); called about once a minute. */
void revocations_sweep(struct revocations *, int64_t now);

/* Changes with every addition: what was found good at this number still is. */
uint64_t revocations_version(const struct revocations *);

/* Is a token with these claims revoked? */
bool revocations_match(struct revocations *, struct snapshot_reader *,
		       const struct principal *);

size_t revocations_count(struct revocations *);

#endif
