/* services/kv/api/streams.h - the handlers of operations on streams, and what
 * their messages have in common */
#ifndef PARLOR_KV_API_STREAMS_H
#define PARLOR_KV_API_STREAMS_H

#include "parlor/kv/v1/streams.pb-c.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/stream.h"

void api_list_streams(struct call *);
void api_describe_stream(struct call *);
void api_get_shard_iterator(struct call *);
void api_get_records(struct call *);
void api_follow(struct call *);

enum {
	API_STREAM_ARN_MIN = 37,
	API_STREAM_ARN_MAX = 1024,
	API_SHARD_ID_MIN = 28,
	API_SHARD_ID_MAX = 65,
	API_SEQUENCE_MIN = 21,
	API_SEQUENCE_MAX = 40,
	API_ITERATOR_MAX = 2048,
};

/* "shardId-" and what numbers it; a text without its NUL in `room`. */
struct api_shard_id {
	char text[48];
};
struct slice api_shard_id(struct api_shard_id *room, uint32_t shard);
bool api_shard_read(struct slice id, uint32_t *shard);

/* Decimal, of at least API_SEQUENCE_MIN digits so that texts are in order, too.
 * False when it is no number, or none that a record can have. */
struct api_sequence {
	char text[32];
};
char *api_sequence(struct api_sequence *room, uint64_t sequence);
bool api_sequence_read(struct slice text, uint64_t *sequence);

/* All of one record's message, which is in `record` and lives as long as this
 * and what it was made of. */
struct api_record {
	Parlor__Kv__V1__Record record;
	Parlor__Kv__V1__StreamRecord stream;
	Parlor__Kv__V1__Identity identity;
	struct api_sequence sequence;
};
void api_record_fill(struct api_record *, const struct kv_table *,
		     const struct kv_streamed *);

/* An iterator as its text, in the call's memory: the stream's ARN, and behind
 * it what only we read. Reading fails the call, also when its principal may not
 * read the stream; `position` stays in the call's memory. */
char *api_iterator(struct call *, const struct kv_iterator *);
int api_iterator_read(struct call *, struct slice text, struct kv_iterator *);

#endif
