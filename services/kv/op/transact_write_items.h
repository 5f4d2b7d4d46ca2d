/* services/kv/op/transact_write_items.h - all of these changes, or none
 *
 * A refused transaction says for each of its items, by position, whether that
 * was the reason. With a token, a repeat within ten minutes is answered as the
 * first was and changes nothing.
 */
#ifndef PARLOR_KV_TRANSACT_WRITE_ITEMS_H
#define PARLOR_KV_TRANSACT_WRITE_ITEMS_H

#include "services/kv/op/change.h"

enum {
	KV_TRANSACT_MAX = 100,
	KV_TRANSACT_BYTES_MAX = 4 << 20, /* of items and keys, as counted */
};

/* Why one item stood in the way: code E_NONE if it did not. */
struct kv_reason {
	int code;
	const char *message;
	struct slice item; /* as it is, where the request wants to see it */
};

/* "ConditionalCheckFailed" and the like; "None". */
const char *kv_reason_name(const struct kv_reason *);

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
