/* lib/crypto/keyset.h - public keys by their ids, followed while they change
 *
 * Read from a JWKS (RFC 7517). A set is replaced whole; readers take no lock
 * (snapshot.h). A key that stays in the set keeps its serial number, so that
 * tokens verified with it are remembered across a reload, and those of a key
 * that left are not.
 */
#ifndef PARLOR_CRYPTO_KEYSET_H
#define PARLOR_CRYPTO_KEYSET_H

#include "lib/base/fault.h"
#include "lib/crypto/key.h"
#include "lib/crypto/snapshot.h"

enum { KEYSET_MAX = 64, KEYSET_TEXT_MAX = 256 * 1024 };

struct keyset;

struct keyset_key {
	const char *id;
	struct key *key;
	uint64_t serial; /* unique in the process, never 0 */
};

struct keyset_view {
	struct snapshot_value shared;
	size_t count;
	struct keyset_key keys[];
};

struct keyset *keyset_new(void);
void keyset_free(struct keyset *);

/* Replaces the set by that of the JWKS's text. Keys of other kinds and uses are
 * passed over; malformed ones, weak ones, a doubled id or more than KEYSET_MAX
 * keys refuse it all, and nothing changes. Returns 0 or -E_INVALID with words.
 */
int keyset_load(struct keyset *, struct slice jwks, struct fault *);
int keyset_load_file(struct keyset *, const char *path, struct fault *);

/* Has it ever had a key? Until then nobody's token can be judged. */
bool keyset_filled(struct keyset *);

/* The set as this reader may use it until its next look, and by id; NULL when
 * there is none. *changed (may be NULL) tells that keys came or went. */
const struct keyset_view *keyset_look(struct keyset *, struct snapshot_reader *,
				      bool *changed);
const struct keyset_key *keyset_find(const struct keyset_view *,
				     struct slice id);

/* A token named a key that is not there: whoever follows the set should look
 * for a newer one. keyset_wanted tells it once. */
void keyset_want(struct keyset *);
bool keyset_wanted(struct keyset *);

/* {"keys":[…]} of the set's public keys. */
void keyset_put_jwks(struct keyset *, struct buffer *);

#endif
