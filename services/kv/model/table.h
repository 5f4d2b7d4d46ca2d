/* services/kv/model/table.h - what a table is
 *
 * Its names, its key, its indexes. A definition is made once, from a stored or
 * a created table, and not changed while anybody looks at it.
 */
#ifndef PARLOR_KV_TABLE_H
#define PARLOR_KV_TABLE_H

#include "lib/item/item.h"
#include "services/kv/model/throughput.h"

enum {
	KV_TABLE_NAME_MIN = 3,
	KV_TABLE_NAME_MAX = 255,
	KV_KEY_NAME_MAX = 255,
	KV_KEY_PARTS_MAX = 4, /* of a partition key, and of a sort key */
	KV_GLOBAL_INDEX_MAX = 20,
	KV_LOCAL_INDEX_MAX = 5,
	KV_STREAM_LABEL = 24, /* "2026-11-26T03:05:11.123", with its NUL */
};

/* An attribute that is (part of) a key; its type is S, N or B. */
struct kv_key_part {
	struct slice name;
	enum item_type type;
};

/* What there is to partition by, then what there is to sort by. Of a table, and
 * of a local index, that is one attribute and at most one more. */
struct kv_key_schema {
	struct kv_key_part parts[2 * KV_KEY_PARTS_MAX];
	size_t hashes; /* how many of them the partition key has */
	size_t count;
};

enum kv_projection {
	KV_PROJECT_ALL,
	KV_PROJECT_KEYS_ONLY,
	KV_PROJECT_INCLUDE,
};

/* What is kept of a change beside the key; in DynamoDB's names. */
enum kv_stream {
	KV_STREAM_NONE, /* nothing at all */
	KV_STREAM_KEYS_ONLY,
	KV_STREAM_NEW_IMAGE,
	KV_STREAM_OLD_IMAGE,
	KV_STREAM_NEW_AND_OLD_IMAGES,
	KV_STREAM_COUNT,
};

/* What DynamoDB calls CREATING is two states: before and while items are
 * brought in that were there before the index. */
enum kv_index_state {
	KV_INDEX_ACTIVE,
	KV_INDEX_CREATING,
	KV_INDEX_BACKFILLING,
	KV_INDEX_DELETING, /* no write keeps it any more */
};

struct kv_index {
	struct slice name;
	uint32_t number; /* its own, from the same sequence as tables' */
	bool local;
	enum kv_index_state state;
	struct kv_key_schema key;
	enum kv_projection projection;
	const struct slice *included; /* of KV_PROJECT_INCLUDE */
	size_t included_count;
	struct kv_throughput throughput; /* a global one's */
};

/* Items whose number in this attribute, in seconds since 1970, lies in the past
 * are taken away. */
struct kv_ttl {
	struct slice attribute; /* empty: there is no such thing */
	uint32_t number;	/* of the index of what expires (expiry.h) */
	bool complete;		/* all items are in it */
	int64_t changed_ms;	/* when it was last switched; 0: never */
};

struct kv_table {
	struct slice name;
	uint32_t number; /* never used again for another table */
	struct kv_key_schema key;
	const struct kv_index *indexes; /* local ones first */
	size_t index_count;
	const struct kv_key_part *attributes; /* the definitions, as given */
	size_t attribute_count;
	struct slice id; /* a UUID */
	int64_t created_ms;
	bool deletion_protected;
	enum kv_stream stream;
	uint32_t stream_number; /* its own, from the same sequence as tables' */
	int64_t stream_ms; /* when its latest stream began; 0: never had one */
	struct kv_ttl ttl;
	struct kv_throughput throughput; /* 0 on demand */
};

/* "KEYS_ONLY" and so on; "" of KV_STREAM_NONE. */
const char *kv_stream_name(enum kv_stream);

/* When the stream began: what tells it from the table's former ones. */
void kv_stream_label(const struct kv_table *, char label[KV_STREAM_LABEL]);

/* NULL when the table has no such index. */
const struct kv_index *kv_table_index(const struct kv_table *,
				      struct slice name);

/* Are its indexes all as they shall be? */
bool kv_table_is_settled(const struct kv_table *);

/* Is one of them about to come or to go? While items are brought into an index
 * the table is ACTIVE all the same. */
bool kv_table_is_updating(const struct kv_table *);

/* The definition of an attribute; NULL when there is none. */
const struct kv_key_part *kv_table_attribute(const struct kv_table *,
					     struct slice name);

/* Is the attribute part of any key of it? */
bool kv_table_uses(const struct kv_table *, struct slice name);

/* Do items under one partition key belong together, with their rows in local
 * indexes? So it is where there are such. */
bool kv_table_has_collections(const struct kv_table *);

/* Is the attribute part of the key? */
bool kv_schema_has(const struct kv_key_schema *, struct slice name);

#endif
