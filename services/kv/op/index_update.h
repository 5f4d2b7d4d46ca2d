/* services/kv/op/index_update.h - global indexes made, changed and taken away
 *
 * UpdateTable's part that is about indexes. Making and taking away one is only
 * begun here: the index builder goes on with it.
 */
#ifndef PARLOR_KV_INDEX_UPDATE_H
#define PARLOR_KV_INDEX_UPDATE_H

#include "services/kv/op/complaint.h"
#include "services/kv/op/table.h"

/* What is wrong with the form of each. */
void complain_index_updates(struct complaints *, const struct table_update *);

/* What can be said without the table. Returns 0 or a negative code, with
 * DynamoDB's words; so below. */
int index_updates_check(const struct table_update *, struct fault *);

/* May the table be changed now? While an index is not as it shall be, no other
 * may be made or taken away; it may be itself, while items are brought in. */
int index_updates_allowed(const struct kv_table *, const struct table_update *,
			  struct fault *);

/* Changes the table's definition, after its billing mode. New indexes take
 * their numbers from the catalog's change. */
int index_updates_apply(struct catalog_table *, const struct table_update *,
			int64_t now_ms, struct catalog_change *, struct arena *,
			struct fault *);

/* Forgets what was provisioned for indexes. */
void index_updates_on_demand(struct kv_table *);

/* Forgets the attributes that no key of the table has. */
void table_forget_attributes(struct kv_table *);

#endif
