/* services/kv/op/stream.h - streams and their shards, as they are read
 *
 * A stream has 64 shards, which stay as long as it does. An iterator is a place
 * in one of them; it can be used for 15 minutes. A stream that has ended can be
 * read for another day.
 */
#ifndef PARLOR_KV_OP_STREAM_H
#define PARLOR_KV_OP_STREAM_H

#include "services/kv/op/catalog.h"
#include "services/kv/op/record.h"

enum {
	KV_RECORDS_MAX = 1000,	     /* of one answer */
	KV_RECORDS_BYTES = 1 << 20,  /* the same, as DynamoDB counts them */
	KV_ITERATOR_MS = 15 * 60000, /* how long an iterator can be used */
	KV_SHARDS = STORE_SHARDS,
	KV_STREAMS_MAX = 100, /* streams in one answer */
};

/* TABLE and LABEL of a stream's ARN; false when it is none. */
bool kv_stream_parts(struct slice arn, struct slice *table,
		     struct slice *label);

/* The table of a stream's ARN, as catalog_stream has it, if the call's
 * principal may ask; else NULL, and the call has failed. */
const struct catalog_table *kv_find_stream(struct call *, struct slice arn);

/* Streams whose table is `only` (empty: any) and that come after the one named;
 * how many, at most `limit`. *more: there are others behind them. */
size_t kv_list_streams(struct call *, struct slice only, struct slice table,
		       struct slice label, size_t limit,
		       const struct catalog_table *found[KV_STREAMS_MAX],
		       bool *more);

/* ---- DescribeStream --------------------------------------------------------
 */

struct kv_stream_ask {
	const struct catalog_table *stream;
	/* `oldest` and `newest` are the range of each of its shards; or the
	 * call has failed. */
	void (*done)(struct call *, struct kv_stream_ask *);
	void *arg;
	uint64_t oldest, newest;
	/* the operation's */
	struct call *call;
	struct store_changes read;
};

/* Lives in the call's memory until `done`, which is always called. */
void kv_describe_stream(struct call *, struct kv_stream_ask *);

/* ---- GetShardIterator ------------------------------------------------------
 */

struct kv_iterator {
	const struct catalog_table *stream;
	uint32_t shard;
	int64_t made_ms;
	/* A sequence number to begin with; or, if 0, behind a position; or, if
	 * empty, at the oldest record. */
	uint64_t from;
	struct slice position;
};

enum kv_iterator_type {
	KV_AT_SEQUENCE_NUMBER,
	KV_AFTER_SEQUENCE_NUMBER,
	KV_LATEST,
	KV_TRIM_HORIZON,
};

struct kv_iterator_ask {
	enum kv_iterator_type type;
	uint64_t sequence;	     /* of the first two types */
	struct kv_iterator iterator; /* stream and shard; the rest comes out */
	void (*done)(struct call *, struct kv_iterator_ask *);
	/* the operation's */
	struct call *call;
	struct store_changes read;
};

/* Lives in the call's memory until `done`, which is always called. */
void kv_get_shard_iterator(struct call *, struct kv_iterator_ask *);

/* ---- GetRecords ------------------------------------------------------------
 */

/* A record where it stood. */
struct kv_streamed {
	struct kv_record record;
	uint32_t shard;
	uint64_t sequence;
	int64_t at_ms;
};

/* Its bytes are copied to the arena. */
void kv_streamed_take(struct kv_streamed *, const struct store_record *,
		      struct arena *);

struct kv_records_ask {
	size_t limit;
	struct kv_iterator iterator; /* becomes the next one */
	bool ended;		     /* there is no next one */
	void (*done)(struct call *, struct kv_records_ask *);
	/* out */
	struct kv_streamed *rows;
	size_t count;
	/* the operation's */
	size_t bytes;
	struct call *call;
	struct store_changes read;
};

/* Lives in the call's memory until `done`, which is always called. */
void kv_get_records(struct call *, struct kv_records_ask *);

#endif
