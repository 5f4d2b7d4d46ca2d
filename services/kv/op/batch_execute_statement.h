/* services/kv/op/batch_execute_statement.h - statements, each by itself
 *
 * A read of one item or a write of one: what is wrong with one of them is that
 * one's answer, and the others take place. No two may be on the same item.
 */
#ifndef PARLOR_KV_BATCH_EXECUTE_STATEMENT_H
#define PARLOR_KV_BATCH_EXECUTE_STATEMENT_H

#include "services/kv/op/get_item.h"
#include "services/kv/op/item_write.h"

enum { KV_BATCH_EXECUTE_MAX = 25 };

struct kv_batch_execute;

struct kv_executed {
	bool reads;
	struct kv_wanted wanted;    /* of a read; its cost is set here */
	struct kv_item_write write; /* of a write: its change */
	/* Why it did not take place. One that has failed before is left alone.
	 */
	struct fault fault;
	struct kv_cost cost; /* when it took place */
	/* What was read or is returned; or what a condition failed on, where
	 * that is to be shown. Null data: nothing. */
	struct slice item;
	/* the operation's */
	struct kv_batch_execute *batch;
	struct store_key key;
	struct kv_get get;
	struct arena mem;
};

/* Lives in the call's memory until `done`. */
struct kv_batch_execute {
	struct kv_executed *all;
	size_t count;
	const char *action; /* of reads */
	void (*done)(struct call *, struct kv_batch_execute *);
	void *arg;
	/* the operation's */
	size_t pending;
};

/* `done` is always called; the call fails only as a whole. */
void kv_batch_execute_statement(struct call *, struct kv_batch_execute *);

#endif
