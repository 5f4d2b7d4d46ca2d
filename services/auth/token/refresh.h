/* services/auth/token/refresh.h - refresh tokens: opaque to everybody else
 *
 * The text says whose session it belongs to, so that it is found by one read,
 * and holds 256 random bits, of which only a hash is stored. The first half of
 * them stays when the token gives way to the next, so that one that was good once
 * is told from one that never was.
 */
#ifndef PARLOR_AUTH_REFRESH_H
#define PARLOR_AUTH_REFRESH_H

#include "lib/base/arena.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/seal.h"

/* A new token for a session; both ids are UUIDs. Empty when the arena is full.
 */
struct slice auth_refresh_make(struct slice sub, struct slice origin,
			       struct arena *);

/* Whose it claims to be; -E_INVALID when it is no such text. */
int auth_refresh_read(struct slice token, struct arena *, struct slice *sub,
		      struct slice *origin);

/* The token that follows one that can be read: with the same ids and family,
 * and otherwise nobody's guess who has not the seal's key. Empty when the arena
 * is full. */
struct slice auth_refresh_next(struct slice token, const struct seal *,
			       struct arena *);

/* What is stored of it, and of what it has in common with those that follow. */
void auth_refresh_hash(struct slice token, uint8_t out[HASH_SIZE]);
void auth_refresh_family(struct slice token, uint8_t out[HASH_SIZE]);

#endif
