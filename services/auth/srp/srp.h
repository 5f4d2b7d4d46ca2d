/* services/auth/srp/srp.h - a password that is proved and never told
 *
 * SRP-6a as Cognito's clients speak it: RFC 3526's prime of 3072 bits, g = 2,
 * SHA-256. Numbers are hashed as Java's BigInteger writes them: without leading
 * zeros, but with a 00 in front where the first bit is set. Numbers that are kept
 * or sent have SRP_NUMBER bytes, big-endian.
 *
 * This room is pure: secrets are drawn by the caller. What is computed from one
 * takes the same time whatever it is, and is wiped. A power takes most of a
 * millisecond, so all but the reading runs on a pool. Any thread.
 */
#ifndef PARLOR_AUTH_SRP_H
#define PARLOR_AUTH_SRP_H

#include "lib/base/slice.h"

enum {
	SRP_NUMBER = 384,
	SRP_HEX = 2 * SRP_NUMBER + 1,
	SRP_SALT = 16,
	SRP_SECRET = 32, /* of the server, for one sign-in */
	SRP_KEY = 16,
	SRP_PROOF = 32,
};

/* Whose password it is: names as the client hashes them. */
struct srp_user {
	struct slice pool; /* the pool's id behind "_" */
	struct slice name; /* USER_ID_FOR_SRP */
	const uint8_t *salt;
};

/* What both sides said, and what the server keeps for itself. */
struct srp_exchange {
	uint8_t a[SRP_NUMBER], b[SRP_NUMBER], secret[SRP_SECRET];
};

/* What is kept of a password: whoever has it can guess, and pretend to be the
 * server, but not sign in. */
void srp_verifier(const struct srp_user *, struct slice password,
		  uint8_t verifier[SRP_NUMBER]);

/* The client's number A from hexadecimal. -E_INVALID when it is none, too long,
 * or a multiple of the prime, which would make the key known. */
int srp_read(struct slice hex, uint8_t a[SRP_NUMBER]);

/* Sets the server's number B, by the secret that has been drawn. */
void srp_offer(const uint8_t verifier[SRP_NUMBER], struct srp_exchange *);

/* The key that the client has, too, if it knows the password. */
void srp_key(const uint8_t verifier[SRP_NUMBER], const struct srp_exchange *,
	     uint8_t key[SRP_KEY]);

/* What the client sends to prove it: over the block and the time that stand in
 * its request. */
void srp_proof(const uint8_t key[SRP_KEY], const struct srp_user *,
	       struct slice block, struct slice timestamp,
	       uint8_t proof[SRP_PROOF]);

/* Lower-case hexadecimal and a NUL, without leading zeros. */
void srp_hex(const uint8_t *number, size_t size, char *out);

#endif
