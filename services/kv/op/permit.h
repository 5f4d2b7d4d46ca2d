/* services/kv/op/permit.h - the table an operation names, and may it? */
#ifndef PARLOR_KV_PERMIT_H
#define PARLOR_KV_PERMIT_H

#include "services/kv/access/access.h"
#include "services/kv/op/catalog.h"

/* All there is belongs to it. */
#define KV_ACCOUNT "000000000000"

/* The table under a name or its ARN, held as long as the call's memory. NULL,
 * and the call has failed with DynamoDB's words, when the name is no name or
 * there is no such table; with -E_DENIED where the call's operation would not
 * be allowed on it either. */
const struct catalog_table *kv_find_table(struct call *, struct slice text);

/* What is asked of a table, beside what the call itself says. Without keys or
 * attributes it is about all there are. */
struct kv_ask {
	const struct kv_table *table;
	const struct kv_index *index; /* NULL: the table itself */
	/* Instead of all three: the stream of this table, under the policy that
	 * it has, or had when the stream ended. */
	const struct catalog_table *stream;
	const char *action;		   /* NULL: the row's permission */
	struct policy_values leading_keys; /* partition keys, as their text */
	struct policy_values attributes;   /* top-level names touched */
	struct slice select, return_values;
	struct slice capacity; /* ReturnConsumedCapacity, as given: it tells
				  the size of whole items */
	bool sized;	       /* so does what else is answered */
};

/* Returns 0, or fails the call with -E_DENIED. */
int kv_permit(struct call *, const struct kv_ask *);

/* The policies that have a say, in the call's memory. */
struct kv_policies {
	const struct policy **rows;
	const struct catalog_role *
	    *roles; /* whose each is; NULL: the table's */
	size_t count, room;
};

/* The table's (NULL: there is none), the principal's own, and those of a user's
 * groups. */
void kv_policies_own(struct call *, const struct principal *,
		     const struct catalog_table *, struct kv_policies *);

/* Those of the service that lends to a function; none for others. */
void kv_policies_lender(struct call *, const struct principal *,
			struct kv_policies *);

/* arn:aws:dynamodb:REGION:000000000000:table/NAME[/index/INDEX], in the call's
 * memory. */
struct slice kv_arn(struct call *, const struct kv_table *,
		    const struct kv_index *);

/* Of the table's latest stream: TABLE/stream/LABEL, in the call's memory. */
struct slice kv_stream_arn(struct call *, const struct kv_table *);

/* NAME of a table's name or ARN; empty when it is neither. */
struct slice kv_table_name(struct slice text);

#endif
