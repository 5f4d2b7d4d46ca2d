/* services/kv/op/access_keys.h - who may sign requests, and with what
 *
 * An access key speaks for a principal: the administrators, a service that is
 * not one of the suite's, or a user. Keys are items of the system table
 * parlor.access, each secret sealed under a key file that the store never
 * holds. In memory they are a view that is replaced whole: looking takes no
 * lock, and a key that is deleted signs nothing from the next request on.
 */
#ifndef PARLOR_KV_ACCESS_KEYS_H
#define PARLOR_KV_ACCESS_KEYS_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/principal.h"
#include "services/kv/store/store.h"

struct access_keys;
struct call;
struct seal;
struct sigv4_credential;

enum {
	ACCESS_KEYS_MAX = 1000,
	ACCESS_KEY_ID = 20, /* letters of one that is made here */
	ACCESS_KEY_SECRET = 40,
	ACCESS_KEY_ID_MAX = 128, /* of one that was imported */
};

/* A key without its secret; lives as long as the view it was found in. */
struct access_key {
	struct slice id;
	struct slice principal; /* "admin", "service:NAME", "user:SUB" */
	struct slice sealed;
	int64_t created_s;
};

/* Reads the keys, on a loop of its own. Takes over the seal. NULL with words.
 */
struct access_keys *access_keys_open(struct store *, struct seal *,
				     struct fault *);
void access_keys_free(struct access_keys *);

/* Makes an administrator's key known and durable unless its id is known
 * already. Before threads serve. Returns 0, or a negative code with words. */
int access_keys_import(struct access_keys *, struct slice id,
		       struct slice secret, struct fault *);

/* The key that signs the credential's day, region and service, and who signs
 * with it: texts are in the arena. Returns 0, -E_ACCESS_KEY when the id is
 * unknown, -E_LOSS when its secret cannot be opened. */
int access_keys_signing(struct access_keys *, const struct sigv4_credential *,
			uint8_t key[HASH_SIZE], struct arena *,
			struct principal *);

/* The same for a scope that is not this store's own, and only the principal's
 * name: "admin", "service:NAME", "user:SUB". Nothing is remembered of it. */
int access_keys_derive(struct access_keys *, const struct sigv4_credential *,
		       uint8_t key[HASH_SIZE], struct arena *,
		       struct slice *principal);

/* Who signs with it; as above. */
int access_keys_principal(struct access_keys *, struct slice id, struct arena *,
			  struct principal *);

/* Is there a key of that id? */
bool access_keys_has(struct access_keys *, struct slice id);

/* ---- the operations --------------------------------------------------------
 */

/* Lives in the call's memory until `done`. */
struct access_key_change {
	struct slice principal;		    /* to be made: for whom */
	struct slice id;		    /* to be deleted; of the one made */
	char secret[ACCESS_KEY_SECRET + 1]; /* of the one made */
	int64_t created_s;
	/* It is durable and known; or the call has failed. */
	void (*done)(struct call *, struct access_key_change *);
	/* the operation's */
	struct call *call;
	struct store_key key;
	struct slice item; /* empty: the key goes */
	struct store_write write;
};

/* `done` is always called. */
void kv_create_access_key(struct call *, struct access_key_change *);
void kv_delete_access_key(struct call *, struct access_key_change *);

/* The keys in order of their ids that come after `after`, in the call's memory;
 * at most `count`, which becomes how many. *more: there are further ones. NULL,
 * and the call has failed. */
const struct access_key *kv_list_access_keys(struct call *, struct slice after,
					     size_t *count, bool *more);

/* ---- for them --------------------------------------------------------------
 */

/* What is stored of a key with that secret; empty when the arena is full. */
struct slice access_keys_row(struct access_keys *, const struct access_key *,
			     struct slice secret, struct arena *);

/* Puts or deletes it, then calls `done`. */
void access_keys_submit(struct call *, struct access_key_change *);

size_t access_keys_count(struct access_keys *);

/* As kv_list_access_keys; NULL when the arena is full. */
const struct access_key *access_keys_after(struct access_keys *,
					   struct slice after, size_t *count,
					   bool *more, struct arena *);

#endif
