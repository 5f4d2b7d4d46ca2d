/* services/kv/op/capacity.h - is there capacity for more?
 *
 * What is used of a provisioned table, and of each of its global indexes, is
 * taken from a bucket for reads and one for writes, which fill with the units a
 * second that were provisioned and hold what was not used for five minutes. What
 * something costs is known only afterwards: so it is let in as long as there is
 * anything in the bucket, and then taken, if need be beyond what is there. On
 * demand there are buckets where there is a bound, which hold what comes in a
 * second.
 *
 * Each user, and each address that comes without a token, has two buckets of its
 * own, of items asked for and of units used, so that one of them cannot use up
 * what all share. Services, functions and administrators have none.
 *
 * All of it is in memory: a start fills the buckets.
 */
#ifndef PARLOR_KV_OP_CAPACITY_H
#define PARLOR_KV_OP_CAPACITY_H

#include "services/kv/op/cost.h"

struct capacity;

/* 0: no limit. */
struct capacity_limits {
	int64_t items, items_burst; /* a second, and at once */
	int64_t units, units_burst;
};

struct capacity *capacity_new(const struct capacity_limits *);
void capacity_free(struct capacity *);

/* May the call's principal use something of the table, or of an index of it (NULL:
 * the table itself), beside the halves of a unit that others of the same call use
 * of the table? A write uses all indexes. Counts as one item. Returns 0, or fails
 * the call: with DynamoDB's words, or with the setting that forbids it. */
int kv_capacity_admit(struct call *, const struct kv_table *,
		      const struct kv_index *, enum kv_unit, int64_t besides);

/* The same of one part of a transaction: a table without capacity is noted in
 * `why`, a reason among others; a caller beyond its limits fails the call. */
int kv_capacity_admit_part(struct call *, const struct kv_table *, enum kv_unit,
			   struct fault *why);

/* Takes what was used. */
void kv_capacity_use(struct call *, const struct kv_cost *);

#endif
