/* services/kv/store/engine.h - what an engine fills in
 *
 * store.c checks arguments and calls through this table; each function has the
 * promise of its namesake in store.h. An engine's own struct begins with struct
 * store.
 */
#ifndef PARLOR_KV_STORE_ENGINE_H
#define PARLOR_KV_STORE_ENGINE_H

#include "services/kv/store/store.h"

struct store_engine {
	const char *name;
	int (*write)(struct store *, struct store_write *);
	int (*transact)(struct store *, struct store_write *);
	void (*get)(struct store *, const struct store_key *, size_t count,
		    struct store_read *);
	void (*query)(struct store *, const struct store_partition *,
		      const struct store_range *, struct store_read *);
	void (*scan)(struct store *, const struct store_scan *,
		     struct store_read *);
	void (*sizes)(struct store *, struct store_size *, size_t count,
		      struct store_read *);
	void (*changes)(struct store *, struct store_changes *);
	struct store_follower *(*follow)(struct store *, uint32_t stream,
					 struct loop *, void (*news)(void *arg),
					 void *arg);
	int (*usage_put)(struct store *, const struct store_totals *,
			 struct store_write *);
	int (*usage_read)(struct store *, struct store_ledger_read *);
	bool (*healthy)(struct store *);
	void (*close)(struct store *);
};

struct store {
	const struct store_engine *engine;
};

/* Forgets what a decider has set: before each run of it. */
void store_write_clear(struct store_write *);

#endif
