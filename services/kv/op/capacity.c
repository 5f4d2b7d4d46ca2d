/* services/kv/op/capacity.c - is there capacity for more? */
#include "services/kv/op/capacity.h"
#include "lib/net/throttle.h"
#include "services/kv/model/writer.h"
#include "services/kv/op/permit.h"

#include <inttypes.h>
#include <stdlib.h>

#define SECOND_NS INT64_C(1000000000)

#define BOUND_EXCEEDED                                       \
	"Throughput exceeds the maximum OnDemandThroughput " \
	"configured on table or index"
#define TABLE_EXCEEDED                                                      \
	"The level of configured provisioned throughput for the table was " \
	"exceeded. Consider increasing your provisioning level with the "   \
	"UpdateTable API."
#define INDEX_EXCEEDED                                                         \
	"The level of configured provisioned throughput for one or more "      \
	"global secondary indexes of the table was exceeded. Consider "        \
	"increasing your provisioning level for the under-provisioned global " \
	"secondary indexes with the UpdateTable API."

enum {
	SAVED_MS = 300 * 1000, /* of what was not used */
	REASON_MAX = 2048,     /* a ThrottlingReason's bytes */
};

struct capacity {
	struct capacity_limits limits;
	struct throttle *provisioned;	/* of tables and indexes */
	struct throttle *bounds;	/* of those on demand */
	struct throttle *items, *units; /* of users and addresses */
};

struct capacity *capacity_new(const struct capacity_limits *limits)
{
	struct capacity *capacity = calloc(1, sizeof(*capacity));

	if (!capacity)
		abort(); /* lack of memory ends the process */
	capacity->limits = *limits;
	capacity->provisioned = throttle_new(1, SAVED_MS, 1);
	capacity->bounds = throttle_new(1, 1000, 1);
	capacity->items =
	    throttle_new(limits->items, 1000, limits->items_burst);
	capacity->units =
	    throttle_new(limits->units, 1000, limits->units_burst);
	return capacity;
}

void capacity_free(struct capacity *capacity)
{
	if (!capacity)
		return;
	throttle_free(capacity->provisioned);
	throttle_free(capacity->bounds);
	throttle_free(capacity->items);
	throttle_free(capacity->units);
	free(capacity);
}

/* How long it takes until so much has come. */
static int64_t time_of(int64_t halves, int64_t units_a_second)
{
	return halves * (SECOND_NS / 2) / units_a_second;
}

/* ---- tables and indexes ----------------------------------------------------
 */

struct bucket {
	uint32_t number; /* of the table or index */
	uint32_t unit;
};

static struct slice name_of(const struct bucket *bucket)
{
	return slice_make(bucket, sizeof(*bucket));
}

/* 0: as much as comes. */
static int64_t rate_of(const struct kv_throughput *t, enum kv_unit unit)
{
	bool writes = unit == KV_WRITE_UNITS;

	if (t->read)
		return writes ? t->write : t->read;
	return writes ? t->most_write : t->most_read;
}

static struct throttle *throttle_of(const struct call *c,
				    const struct kv_throughput *t)
{
	const struct capacity *capacity = kv_of(c)->capacity;

	return t->read ? capacity->provisioned : capacity->bounds;
}

static bool is_empty(const struct call *c, uint32_t number,
		     const struct kv_throughput *t, enum kv_unit unit,
		     int64_t besides)
{
	const struct bucket bucket = { number, unit };
	int64_t rate = rate_of(t, unit);

	return rate && throttle_wait(throttle_of(c, t), name_of(&bucket),
				     time_of(besides, rate), c->started_ns) > 0;
}

/* One who is out of capacity: a table, or an index of it. */
struct spent {
	const struct kv_table *table;
	const struct kv_index *index; /* or NULL */
	enum kv_unit unit;
};

/* The list of one ThrottlingReason, which both details are. */
static struct slice show_reason(struct call *c, const struct spent *s,
				const char *limit)
{
	enum { LIST = 1, REASON = 1, RESOURCE = 2 };
	struct kv_writer w;

	kv_writer_init(&w, c->mem, REASON_MAX);
	kv_writer_bytes(&w, RESOURCE, kv_arn(c, s->table, s->index));
	kv_writer_bytes(&w, REASON,
			slice_of(arena_printf(
			    c->mem, "%s%s%s", s->index ? "Index" : "Table",
			    s->unit == KV_WRITE_UNITS ? "Write" : "Read",
			    limit)));
	kv_writer_head(&w, LIST, 0);
	return kv_writer_slice(&w);
}

static int refuse(struct call *c, const struct spent *s, struct fault *why)
{
	static const struct refusal {
		int code;
		const char *detail, *limit, *words[2];
	} refusals[] = {
		{ E_EXHAUSTED,
		  "parlor.kv.v1.Throttling",
		  "MaxOnDemandThroughputExceeded",
		  { BOUND_EXCEEDED, BOUND_EXCEEDED } },
		{ E_THROUGHPUT,
		  "parlor.kv.v1.ProvisionedThroughputExceeded",
		  "ProvisionedThroughputExceeded",
		  { TABLE_EXCEEDED, INDEX_EXCEEDED } },
	};
	const struct kv_throughput *t =
	    s->index ? &s->index->throughput : &s->table->throughput;
	const struct refusal *r = &refusals[t->read != 0];

	if (why == &c->fault)
		call_detail(c, r->detail, show_reason(c, s, r->limit));
	return fault_set(why, r->code, "%s", r->words[s->index != NULL]);
}

static int admit_write(struct call *c, const struct kv_table *table,
		       int64_t besides, struct fault *why)
{
	struct spent spent = { table, NULL, KV_WRITE_UNITS };

	if (is_empty(c, table->number, &table->throughput, KV_WRITE_UNITS,
		     besides))
		return refuse(c, &spent, why);
	for (size_t i = 0; i < table->index_count; i++) {
		spent.index = &table->indexes[i];
		if (is_empty(c, spent.index->number, &spent.index->throughput,
			     KV_WRITE_UNITS, 0))
			return refuse(c, &spent, why);
	}
	return 0;
}

static int admit_read(struct call *c, const struct kv_table *table,
		      const struct kv_index *index, int64_t besides,
		      struct fault *why)
{
	bool own = index && !index->local;
	const struct spent spent = { table, own ? index : NULL, KV_READ_UNITS };

	if (is_empty(c, own ? index->number : table->number,
		     own ? &index->throughput : &table->throughput,
		     KV_READ_UNITS, own ? 0 : besides))
		return refuse(c, &spent, why);
	return 0;
}

/* A local index uses what its table has. */
static void use_provisioned(const struct call *c, const struct kv_cost *cost)
{
	const struct kv_table *table = cost->table;

	for (size_t i = 0; i < cost->count; i++) {
		const struct kv_index *index =
		    i ? &table->indexes[i - 1] : NULL;
		bool own = index && !index->local;
		const struct bucket bucket = { own ? index->number
						   : table->number,
					       cost->unit };
		const struct kv_throughput *t =
		    own ? &index->throughput : &table->throughput;
		int64_t rate = rate_of(t, cost->unit);

		if (rate && cost->rows[i].quantity)
			throttle_spend(throttle_of(c, t), name_of(&bucket),
				       time_of(cost->rows[i].quantity, rate),
				       c->started_ns);
	}
}

/* ---- users and addresses ---------------------------------------------------
 */

/* Whose limits hold; empty: nobody's. */
static struct slice caller_of(const struct call *c)
{
	if (c->principal.kind == PRINCIPAL_USER)
		return c->principal.text;
	if (c->principal.kind == PRINCIPAL_ANONYMOUS && c->peer)
		return slice_of(c->peer);
	return SLICE("");
}

static int refuse_caller(struct call *c, const char *what, int64_t limit,
			 const char *setting, int64_t wait_ms)
{
	c->fault.retry_after_ms = (int)(wait_ms < 60000 ? wait_ms : 60000);
	return call_fail(c, E_EXHAUSTED,
			 "%s: no more than %" PRId64
			 " %s a second, on average, for each user",
			 setting, limit, what);
}

static int admit_caller(struct call *c)
{
	const struct capacity *capacity = kv_of(c)->capacity;
	struct slice who = caller_of(c);
	int64_t wait_ms;

	if (!who.size)
		return 0;
	wait_ms = throttle_wait(capacity->units, who, 0, c->started_ns);
	if (wait_ms)
		return refuse_caller(c, "units", capacity->limits.units,
				     "user_unit_limit", wait_ms);
	wait_ms = throttle_take(capacity->items, who, c->started_ns);
	if (wait_ms)
		return refuse_caller(c, "items", capacity->limits.items,
				     "user_item_limit", wait_ms);
	return 0;
}

/* ---- both ------------------------------------------------------------------
 */

int kv_capacity_admit(struct call *c, const struct kv_table *table,
		      const struct kv_index *index, enum kv_unit unit,
		      int64_t besides)
{
	if (!kv_of(c)->capacity)
		return 0;
	if (admit_caller(c) < 0)
		return -c->fault.code;
	return unit == KV_WRITE_UNITS
		   ? admit_write(c, table, besides, &c->fault)
		   : admit_read(c, table, index, besides, &c->fault);
}

int kv_capacity_admit_part(struct call *c, const struct kv_table *table,
			   enum kv_unit unit, struct fault *why)
{
	if (!kv_of(c)->capacity)
		return 0;
	if (admit_caller(c) < 0)
		return -c->fault.code;
	if (unit == KV_WRITE_UNITS)
		admit_write(c, table, 0, why);
	else
		admit_read(c, table, NULL, 0, why);
	return 0;
}

void kv_capacity_use(struct call *c, const struct kv_cost *cost)
{
	const struct capacity *capacity = kv_of(c)->capacity;
	struct slice who = caller_of(c);

	if (!capacity)
		return;
	use_provisioned(c, cost);
	if (who.size && capacity->units)
		throttle_spend(capacity->units, who,
			       time_of(kv_cost_total(cost),
				       capacity->limits.units),
			       c->started_ns);
}
