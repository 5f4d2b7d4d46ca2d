/* services/kv/model/expiry.h - when the time of items that have one is over
 *
 * A table with a time to live has an index that nobody sees: of the items whose
 * attribute is a number, in order of it, with their keys and it. So what has expired is
 * found without a look at the rest. It is kept with the items, as other indexes
 * are. Its partitions are a few buckets, since all of it in one would be in
 * everybody's way on an engine of many machines.
 */
#ifndef PARLOR_KV_EXPIRY_H
#define PARLOR_KV_EXPIRY_H

#include "services/kv/model/key.h"

enum { KV_EXPIRY_BUCKETS = 16 };

/* True and the item's row there, whose index is NULL; false when it has none.
 * A row's own item has that very row. In the arena. */
bool kv_expiry_row(const struct kv_table *, struct slice item, struct arena *,
		   struct kv_index_row *);

/* The partition of a bucket, one byte, which stays. */
struct slice kv_expiry_bucket(unsigned bucket);

/* The sort keys of what has expired: from `low` up to, and without, `high`. As
 * with DynamoDB a time that lies further back than five years is none. False
 * when the arena is full. */
bool kv_expiry_range(int64_t now_ms, struct arena *, struct slice *low,
		     struct slice *high);

#endif
