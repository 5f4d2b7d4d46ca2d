/* services/kv/op/throughput_check.h - may a table or an index have that capacity?
 *
 * What CreateTable and UpdateTable ask in the same words: of what is provisioned,
 * of the bounds on demand, and of what should be warm.
 */
#ifndef PARLOR_KV_THROUGHPUT_CHECK_H
#define PARLOR_KV_THROUGHPUT_CHECK_H

#include "services/kv/op/table.h"

/* Whose capacity is asked for, and how. */
struct throughput_subject {
	struct slice index; /* its name; empty: the table's */
	const char *region; /* named in words */
	bool provisioned;   /* the table, not on demand */
	bool made;	    /* with the table or index, not later */
};

/* Is what is provisioned over DynamoDB's quota? `region` is named in the words.
 * Returns 0 or -E_LIMIT. */
int throughput_check_most(const struct table_throughput *, const char *region,
			  struct fault *);

/* Sets what is asked for; -1 takes a bound away. Returns 0, -E_INVALID or
 * -E_LIMIT with DynamoDB's words; so below. */
int throughput_bound(struct kv_throughput *, const struct table_throughput *,
		     const struct throughput_subject *, struct fault *);

/* Raises it to what is asked for. */
int throughput_warm(struct kv_throughput *, const struct table_throughput *,
		    const struct throughput_subject *, struct fault *);

#endif
