/* services/kv/op/transact_write_items.h - all of these changes, or none
 *
 * A refused transaction has a reason for each of its items. With a token, a
 * repeat within ten minutes changes nothing and costs what reading the items
 * does.
 */
#ifndef PARLOR_KV_TRANSACT_WRITE_ITEMS_H
#define PARLOR_KV_TRANSACT_WRITE_ITEMS_H

#include "services/kv/op/change.h"
#include "services/kv/op/reason.h"

enum {
	KV_TRANSACT_MAX = 100,
	KV_TRANSACT_BYTES_MAX = 4 << 20, /* of items and keys, as counted */
};

/* Lives in the call's memory until `done`. */
struct kv_transact {
	struct kv_change *changes;
	size_t count;
	struct slice token; /* ClientRequestToken; empty: none */
	uint8_t digest[32]; /* of the request, for the token */
	/* Done; or the call failed, with E_TRANSACTION_CANCELED for a reason */
	void (*done)(struct call *, struct kv_transact *);
	void *arg;
	/* out */
	struct kv_reason *reasons; /* of each change */
	/* the operation's */
	struct call *call;
	struct store_key *keys;
	struct store_write write;
	int repeats;
};

/* `done` is always called. */
void kv_transact_write_items(struct call *, struct kv_transact *);

#endif
