/* services/kv/store/changes.h - what writes said of their changes, for a day
 *
 * A record stands under its stream and a number that grows with every record of
 * the store, so that a stream is one range in the order of its commits and a
 * position is that number. Old ones are taken away a few at a time by the
 * writes that come; how far, stands beside, so that who comes back too late is
 * told, and so does where a stream has ended. Where no table has a stream
 * nothing of this costs anything.
 */
#ifndef PARLOR_KV_STORE_CHANGES_H
#define PARLOR_KV_STORE_CHANGES_H

#include "services/kv/store/followers.h"
#include "services/kv/store/lmdb.h"

enum { CHANGES_TOUCHED = 16 };

/* The writer's. */
struct changes {
	uint64_t next, kept_next; /* sequence; as it was before the group */
	bool any;		  /* there may be some to sweep */
	uint32_t sweep_stream;	  /* where sweeping goes on */
	/* streams that the group changed; one more than there is room: any */
	uint32_t touched[CHANGES_TOUCHED];
	size_t touched_count;
};

void changes_init(struct changes *, struct lmdb_txn *);

/* A group begins; it failed, after all. */
void changes_begin(struct changes *);
void changes_forget(struct changes *);

void changes_add(struct changes *, struct lmdb_txn *, uint32_t stream,
		 const struct store_partition *, struct slice record,
		 int64_t now_ms);
/* The stream ends with what has been added. */
void changes_end(struct changes *, struct lmdb_txn *, uint32_t stream);

/* Before the group's commit. */
void changes_flush(struct changes *, struct lmdb_txn *);
/* Takes away at most `limit` that are older than a day. */
void changes_sweep(struct changes *, struct lmdb_txn *, int64_t now_ms,
		   int limit);
/* Up to `limit` of a dropped stream's; false when none was left, and nothing is
 * known of it any more. */
bool changes_drop(struct lmdb_txn *, uint32_t stream, int limit);

/* Behind it: the streams' followers hear of it. */
void changes_tell(const struct changes *, struct followers *);

/* All of store_changes but `done`. */
void changes_read(struct lmdb_txn *, struct store_changes *);

#endif
