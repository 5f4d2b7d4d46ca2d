/* services/kv/op/get_item.h - items by their keys: GetItem, BatchGetItem,
 * TransactGetItems
 *
 * All of them are a list of wanted keys, read at one instant.
 */
#ifndef PARLOR_KV_GET_ITEM_H
#define PARLOR_KV_GET_ITEM_H

#include "services/kv/expr/expr.h"
#include "services/kv/op/cost.h"
#include "services/kv/op/reason.h"
#include "services/kv/usage/unit.h"

enum {
	KV_GET_KEYS_MAX = 100,
	KV_GET_BYTES_MAX = 16 << 20,	  /* of an answer */
	KV_GET_TRANSACTION_MAX = 4 << 20, /* of its items, as counted */
};

/* One wanted item. */
struct kv_wanted {
	const struct kv_table *table;
	struct slice map;	      /* the key, canonical */
	const struct kv_node *filter; /* NULL: none; else it is there only if */
	const struct kv_paths *paths; /* NULL: all of it */
	const struct kv_scope *scope; /* of the projection, or NULL */
	enum kv_read price;
	struct slice capacity; /* ReturnConsumedCapacity, for policies */
	struct kv_cost *cost;  /* where it counts: of this table, initialised */
	/* made by kv_get_prepare */
	struct kv_key key;
	/* the answer */
	struct slice item; /* in the call's memory; null data: there is none */
	bool left; /* not looked at: too large an answer, or no capacity */
};

/* Lives in the call's memory until `done`. */
struct kv_get {
	struct kv_wanted *wanted;
	size_t count;
	bool partial;	  /* without capacity for some, those are left */
	bool transaction; /* refused where its items are too large together */
	/* out, of a transaction: of each item, where one was the reason */
	struct kv_reason *reasons;
	void (*done)(struct call *, struct kv_get *); /* or the call failed */
	void *arg;
	/* the operation's */
	size_t bytes, sizes; /* of what is shown; of whole items, as counted */
	bool admitted;	     /* any of them */
	struct call *call;
	struct store_key *keys;
	struct store_read read;
};

/* Finds the keys, refuses one that is wanted twice with these words, and asks
 * whether each may be read under `action` (NULL: the operation's own). 0, or the
 * call has failed. */
int kv_get_prepare(struct call *, struct kv_get *, const char *action,
		   const char *twice);

/* Reads what is prepared, and counts in each wanted's cost; that is billed by
 * the caller. `done` is always called. */
void kv_get_items(struct call *, struct kv_get *);

#endif
