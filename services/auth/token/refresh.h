/* services/auth/token/refresh.h - refresh tokens: opaque to everybody else
 *
 * The text says whose session it belongs to, so that it is found by one read,
 * and holds 256 random bits, of which only a hash is stored.
 */
#ifndef PARLOR_AUTH_REFRESH_H
#define PARLOR_AUTH_REFRESH_H

#include "lib/base/arena.h"
#include "lib/crypto/hash.h"

/* A new token for a session; both ids are UUIDs. Empty when the arena is full.
 */
struct slice auth_refresh_make(struct slice sub, struct slice origin,
			       struct arena *);

/* Whose it claims to be; -E_INVALID when it is no such text. */
int auth_refresh_read(struct slice token, struct arena *, struct slice *sub,
		      struct slice *origin);

/* What is stored of it. */
void auth_refresh_hash(struct slice token, uint8_t out[HASH_SIZE]);

#endif
