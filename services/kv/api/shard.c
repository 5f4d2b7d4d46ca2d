/* services/kv/api/shard.c - shards, sequence numbers and iterators as texts */
#include "lib/crypto/base64.h"
#include "services/kv/api/streams.h"
#include "services/kv/op/permit.h"

#include <inttypes.h>

struct slice api_shard_id(struct api_shard_id *room, uint32_t shard)
{
	snprintf(room->text, sizeof(room->text), "shardId-%020d-%08u", 0,
		 shard);
	return slice_of(room->text);
}

bool api_shard_read(struct slice id, uint32_t *shard)
{
	struct api_shard_id room;

	for (*shard = 0; *shard < KV_SHARDS; ++*shard)
		if (slice_equal(api_shard_id(&room, *shard), id))
			return true;
	return false;
}

char *api_sequence(struct api_sequence *room, uint64_t sequence)
{
	snprintf(room->text, sizeof(room->text), "%0*" PRIu64, API_SEQUENCE_MIN,
		 sequence);
	return room->text;
}

bool api_sequence_read(struct slice text, uint64_t *sequence)
{
	*sequence = 0;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t digit = text.data[i] - '0';

		if (digit > 9 || *sequence > (UINT64_MAX - 9) / 10)
			return false;
		*sequence = *sequence * 10 + digit;
	}
	return *sequence > 0;
}

/* ---- iterators -------------------------------------------------------------
 * ARN|1|LETTERS: the letters are shard, time and sequence as numbers of eight
 * bytes, then the position. */

enum { NUMBERS = 3, HEAD = NUMBERS * sizeof(uint64_t) };

char *api_iterator(struct call *c, const struct kv_iterator *iterator)
{
	const uint64_t numbers[NUMBERS] = { iterator->shard,
					    (uint64_t)iterator->made_ms,
					    iterator->from };
	struct slice position = iterator->position;
	struct slice arn = kv_stream_arn(c, &iterator->stream->table);
	uint8_t bytes[HEAD + STORE_POSITION_MAX];
	char letters[BASE64_SIZE(sizeof(bytes))];
	size_t size;

	memcpy(bytes, numbers, HEAD);
	if (position.size)
		memcpy(bytes + HEAD, position.data, position.size);
	size =
	    base64url_encode(slice_make(bytes, HEAD + position.size), letters);
	return arena_printf(c->mem, "%.*s|1|%.*s", SLICE_ARGS(arn), (int)size,
			    letters);
}

static int invalid(struct call *c)
{
	return call_fail(c, E_INVALID, "Invalid ShardIterator");
}

int api_iterator_read(struct call *c, struct slice text,
		      struct kv_iterator *out)
{
	struct slice arn = slice_cut(&text, '|'), table, label;
	bool version = slice_is(slice_cut(&text, '|'), "1");
	uint8_t *bytes = arena_alloc(c->mem, BASE64_BYTES(text.size));
	uint64_t numbers[NUMBERS];
	size_t size;

	if (!bytes || !version || !kv_stream_parts(arn, &table, &label) ||
	    base64url_decode(text, bytes, &size) < 0 || size < HEAD)
		return invalid(c);
	memcpy(numbers, bytes, HEAD);
	if (numbers[0] >= KV_SHARDS || size - HEAD > STORE_POSITION_MAX)
		return invalid(c);
	*out = (struct kv_iterator){
		.stream = kv_find_stream(c, arn),
		.shard = (uint32_t)numbers[0],
		.made_ms = (int64_t)numbers[1],
		.from = numbers[2],
		.position =
		    slice_make(size > HEAD ? bytes + HEAD : NULL, size - HEAD),
	};
	return out->stream ? 0 : -c->fault.code;
}
