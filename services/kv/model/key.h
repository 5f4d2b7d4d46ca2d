/* services/kv/model/key.h - keys: found, checked, and as bytes in order
 *
 * A key's parts become bytes whose order is the order of their values: strings
 * and binaries are their own bytes (so one may be the beginning of another),
 * numbers have the form of number.h. What is S, N or B is fixed by the schema.
 * Where a key has several attributes each but the last is followed by an end
 * that keeps "a" before "ab", so that their order is that of the first, then of
 * the second; one attribute stands by itself.
 */
#ifndef PARLOR_KV_KEY_H
#define PARLOR_KV_KEY_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "services/kv/model/table.h"

enum { KV_HASH_KEY_MAX = 2048, KV_RANGE_KEY_MAX = 1024 };

struct kv_key {
	struct slice hash, sort; /* sort: empty where the schema has none */
};

/* Refuses a key value without a byte in the lookup key of an item, or in one that
 * is to be put, whose index keys are looked at, too. What else is wrong with the
 * keys is left alone. Returns 0, or -E_INVALID with DynamoDB's words. */
int kv_keys_filled(const struct kv_table *, struct slice item, bool put,
		   struct fault *);

/* The key of a whole item that is to be put. Returns 0, or -E_INVALID with
 * DynamoDB's words; so below. Items are canonical; the result may point into
 * them. */
int kv_key_of_item(const struct kv_key_schema *, struct slice item,
		   struct arena *, struct kv_key *, struct fault *);

/* The same of an item in a batch, for which DynamoDB has only the words of a
 * key that does not fit. */
int kv_key_of_batched(const struct kv_key_schema *, struct slice item,
		      struct arena *, struct kv_key *, struct fault *);

/* The key given as a request's Key: just its attributes. */
int kv_key_of_map(const struct kv_key_schema *, struct slice map,
		  struct arena *, struct kv_key *, struct fault *);

/* Where a query or scan goes on: the table's key, and the index's in `index`,
 * when there is one (or NULL). `scanned`: it is a scan that does. */
int kv_key_of_start(const struct kv_table *, const struct kv_index *,
		    bool scanned, struct slice map, struct arena *,
		    struct kv_key *table, struct kv_key *index, struct fault *);

/* The first `count` values of a partition key, or of a sort key (`range`):
 * their form, their limits. Where it has more attributes it is what all keys
 * with these values begin with, and no others. */
int kv_key_values(const struct kv_key_schema *, bool range,
		  const struct item_value *, size_t count, struct arena *,
		  struct slice *, struct fault *);

/* The item's attributes that are part of the table's key, and of the index's
 * unless it is NULL: a LastEvaluatedKey. Canonical. */
struct slice kv_key_attributes(const struct kv_table *, const struct kv_index *,
			       struct slice item, struct arena *);

/* Does the index keep this attribute of its table's items? */
bool kv_index_projects(const struct kv_table *, const struct kv_index *,
		       struct slice name);

/* A row of an index that belongs to an item. */
struct kv_index_row {
	const struct kv_index *index; /* NULL: the one of what expires */
	struct kv_key key;
	struct slice item; /* what the index projects */
};

/* 1 and the item's row in one index, 0 when it has none there, or -E_INVALID;
 * as kv_index_rows. */
int kv_index_row(const struct kv_table *, const struct kv_index *,
		 struct slice item, bool updated, struct arena *,
		 struct kv_index_row *row, struct fault *);

/* The rows of an item; those indexes have none whose key it lacks. `rows` has
 * room for one of each index and one more, of what expires, which comes last.
 * Returns their count, or -E_INVALID for a value that no index key may have, or
 * where the item and its rows in local indexes are too large together;
 * `updated`: an update put it there, which DynamoDB says in other words. An
 * empty item has none, nor has an index that is being deleted. */
int kv_index_rows(const struct kv_table *, struct slice item, bool updated,
		  struct arena *, struct kv_index_row *rows, struct fault *);

/* The rows of an item as it stands. It may hold what an index can't have as its
 * key, since it was there first: in that one it has none. */
int kv_index_rows_there(const struct kv_table *, struct slice item,
			struct arena *, struct kv_index_row *rows);

#endif
