/* services/kv/model/throughput.h - capacity that was provisioned
 *
 * Units a second for reading and writing, and when they were last changed:
 * they may be raised at any time, but lowered just four times a day (UTC), and
 * then once an hour. On demand there may be a bound instead.
 */
#ifndef PARLOR_KV_THROUGHPUT_H
#define PARLOR_KV_THROUGHPUT_H

#include "lib/base/fault.h"

/* DynamoDB's quotas for a table and for an index; for an account, which is not
 * held to. */
enum { KV_THROUGHPUT_MAX = 40000, KV_ACCOUNT_MAX = 80000 };

struct kv_throughput {
	int64_t read, write;		    /* units a second; 0 on demand */
	int64_t increased_ms, decreased_ms; /* when last; 0: never */
	int64_t decreases;		    /* of the day of decreased_ms */
	int64_t most_read, most_write;	    /* on demand; 0: no bound */
	int64_t warm_read, warm_write;	    /* told, and never lowered */
};

/* What a table or index on demand is warm for from its first second. */
enum { KV_WARM_READ = 12000, KV_WARM_WRITE = 4000 };

/* Raises what it is warm for to what it has. */
void kv_throughput_warm(struct kv_throughput *);

/* How often it was lowered on the day of `now_ms`. */
int64_t kv_throughput_decreases(const struct kv_throughput *, int64_t now_ms);

/* Sets what was provisioned otherwise, of the table or the index of this name
 * (empty: the table). Returns 0, -E_INVALID when nothing would change, or
 * -E_LIMIT when it was lowered too often, with DynamoDB's words. */
int kv_throughput_change(struct kv_throughput *, int64_t read, int64_t write,
			 struct slice index, int64_t now_ms, struct fault *);

#endif
