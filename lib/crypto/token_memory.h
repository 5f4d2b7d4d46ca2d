/* lib/crypto/token_memory.h - verified tokens, remembered by their hash
 *
 * Checking a signature takes tens of microseconds, finding a token that was
 * checked before takes one. One memory per thread, bounded: the token that
 * waited longest for its next use is forgotten first. Whoever asks checks
 * `expires_at` and revocations; what the key set lost is dropped by
 * token_memory_keep.
 */
#ifndef PARLOR_CRYPTO_TOKEN_MEMORY_H
#define PARLOR_CRYPTO_TOKEN_MEMORY_H

#include "lib/base/arena.h"
#include "lib/base/list.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/principal.h"

enum { TOKEN_MEMORY_MAX = 65536 };

struct remembered {
	struct remembered *next; /* of its bucket */
	struct list used;	 /* longest unused first */
	uint8_t hash[HASH_SIZE];
	uint64_t key_serial;
	uint64_t good_at; /* revocations_version when last compared */
	struct principal principal;
	size_t size;
	uint8_t text[]; /* what the principal's slices point into */
};

struct token_memory {
	struct remembered **buckets;
	size_t bucket_count, count, max;
	struct list used;
};

void token_memory_init(struct token_memory *, size_t max);
void token_memory_release(struct token_memory *);

/* What was remembered for that hash, now the last used; or NULL. */
struct remembered *token_memory_find(struct token_memory *,
				     const uint8_t hash[HASH_SIZE]);

/* Remembers; the principal's texts are copied. */
void token_memory_put(struct token_memory *, const uint8_t hash[HASH_SIZE],
		      uint64_t key_serial, uint64_t good_at,
		      const struct principal *);

void token_memory_forget(struct token_memory *, struct remembered *);

/* Forgets all whose key `keep` refuses. */
void token_memory_keep(struct token_memory *,
		       bool (*keep)(uint64_t key_serial, void *arg), void *arg);

/* A principal whose texts live in the arena; false when it is full. */
bool principal_copy(struct arena *, const struct principal *,
		    struct principal *out);

#endif
