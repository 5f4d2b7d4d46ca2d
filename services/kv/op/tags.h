/* services/kv/op/tags.h - the tags of a table
 *
 * They stand in the table's row and mean nothing to the store.
 */
#ifndef PARLOR_KV_OP_TAGS_H
#define PARLOR_KV_OP_TAGS_H

#include "services/kv/op/catalog.h"

/* May a table have these? Null data where a text was not given. Returns 0, or
 * -E_INVALID with DynamoDB's words. */
int tags_check(const struct catalog_tag *, size_t count, struct fault *);

/* Sets them on a table, by its ARN; those of the same keys are replaced. `done`
 * is always called; the call may have failed. */
void kv_tag_resource(struct call *, struct slice arn,
		     const struct catalog_tag *, size_t count,
		     void (*done)(struct call *));

/* Takes those of these keys away; what is not there has gone. */
void kv_untag_resource(struct call *, struct slice arn,
		       const struct slice *keys, size_t count,
		       void (*done)(struct call *));

/* The table, with its tags; NULL and the call has failed. */
const struct catalog_table *kv_list_tags_of_resource(struct call *,
						     struct slice arn,
						     struct slice next_token);

#endif
