/* services/kv/op/time_to_live.c - items that go when their time is over */
#include "services/kv/op/time_to_live.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/table.h"
#include "services/kv/op/table_row.h"

enum { INTERVAL_MS = 60 * 60 * 1000 }; /* between two changes */

/* ---- changing the row ------------------------------------------------------
 */

static int refuse_other(const struct kv_ttl *have, struct fault *why)
{
	return fault_set(why, E_INVALID,
			 "TimeToLive is active on a different AttributeName: "
			 "current AttributeName is %.*s",
			 SLICE_ARGS(have->attribute));
}

static int check_interval(const struct ttl_change *k, const struct kv_ttl *have,
			  struct fault *why)
{
	if (k->change.write.now_ms >= have->changed_ms + INTERVAL_MS)
		return 0;
	return fault_set(why, E_INVALID,
			 "Time to live has been modified multiple times within "
			 "a fixed interval");
}

static int enable(struct ttl_change *k, struct kv_ttl *ttl, struct fault *why)
{
	if (slice_equal(ttl->attribute, k->attribute))
		return fault_set(why, E_INVALID,
				 "TimeToLive is already enabled");
	if (ttl->attribute.size)
		return refuse_other(ttl, why);
	if (check_interval(k, ttl, why) < 0)
		return -why->code;
	*ttl = (struct kv_ttl){
		.attribute = k->attribute,
		.number = k->change.next_number++ | STORE_INDEX,
		.changed_ms = k->change.write.now_ms,
	};
	return 0;
}

static int disable(struct ttl_change *k, struct kv_ttl *ttl, struct arena *mem,
		   struct fault *why)
{
	struct catalog_change *change = &k->change;

	if (!ttl->attribute.size)
		return fault_set(why, E_INVALID,
				 "TimeToLive is already disabled");
	if (check_interval(k, ttl, why) < 0)
		return -why->code;
	change->drops = arena_array(mem, 1, sizeof(*change->drops));
	if (!change->drops)
		return 0; /* the engine sees that the arena is full */
	change->drops[change->drop_count++] = ttl->number;
	*ttl = (struct kv_ttl){ .changed_ms = change->write.now_ms };
	return 0;
}

/* The index as it was found is the one that was made complete. */
static int complete(const struct ttl_change *k, struct kv_ttl *ttl,
		    struct fault *why)
{
	if (ttl->number != k->table->table.ttl.number)
		return fault_set(why, E_MISSING,
				 "the time to live was changed");
	ttl->complete = true;
	return 0;
}

static int decide_ttl(struct ttl_change *k, struct kv_ttl *ttl,
		      struct arena *mem, struct fault *why)
{
	if (k->complete)
		return complete(k, ttl, why);
	return k->attribute.size ? enable(k, ttl, why)
				 : disable(k, ttl, mem, why);
}

/* One of the suite's own tables has a row once it has something to say. */
static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	struct ttl_change *k = change->arg;
	struct catalog_table table = *k->table;

	if (!have.data && !table.system)
		return table_refuse_missing(why, change->name);
	if (have.data && table_row_read(have, mem, &table, why) < 0)
		return -why->code;
	if (decide_ttl(k, &table.table.ttl, mem, why) < 0)
		return -why->code;
	change->row = table_row_write(&table, mem);
	return 0;
}

static void changed(struct call *c, struct catalog_change *change)
{
	struct ttl_change *k = change->arg;

	k->done(c, k);
}

void kv_ttl_change(struct call *c, struct ttl_change *k)
{
	k->change = (struct catalog_change){ .kind = CATALOG_TABLE,
					     .name = k->table->table.name,
					     .decide = decide,
					     .done = changed,
					     .arg = k };
	catalog_change(c, &k->change);
}

/* ---- the operations --------------------------------------------------------
 */

static int check(const struct ttl_request *r, struct fault *why)
{
	static const struct slice none;
	struct complaints c = { .count = 0 };

	complain_table_name(&c, r->name, "tableName");
	if (!r->given)
		complain_null(&c, none, "timeToLiveSpecification");
	if (r->given)
		complain_null(&c, r->attribute,
			      "timeToLiveSpecification.attributeName");
	complain_length(&c, r->attribute,
			"timeToLiveSpecification.attributeName", 1,
			KV_KEY_NAME_MAX);
	if (r->given && !r->has_enabled)
		complain_null(&c, none, "timeToLiveSpecification.enabled");
	return complaints_end(&c, why);
}

struct update {
	struct ttl_change change;
	const struct ttl_request *asked;
	ttl_done_fn *done;
};

static void updated(struct call *c, struct ttl_change *k)
{
	struct update *u = k->arg;

	u->done(c, call_failed(c) ? NULL : u->asked);
}

/* To be disabled it must be named right. */
static int check_named(const struct ttl_request *r,
		       const struct catalog_table *table, struct fault *why)
{
	const struct kv_ttl *have = &table->table.ttl;

	if (r->enabled || !have->attribute.size ||
	    slice_equal(have->attribute, r->attribute))
		return 0;
	return refuse_other(have, why);
}

void kv_update_time_to_live(struct call *c, const struct ttl_request *r,
			    ttl_done_fn *done)
{
	struct update *u = arena_zalloc(c->mem, sizeof(*u));
	const struct catalog_table *table = NULL;

	if (u && check(r, &c->fault) == 0)
		table = table_find(c, r->name);
	if (!u || !table || check_named(r, table, &c->fault) < 0) {
		call_status(c);
		done(c, NULL);
		return;
	}
	u->asked = r;
	u->done = done;
	u->change.table = table;
	u->change.attribute = r->enabled ? r->attribute : SLICE("");
	u->change.done = updated;
	u->change.arg = u;
	kv_ttl_change(c, &u->change);
}

const struct kv_ttl *kv_describe_time_to_live(struct call *c, struct slice name)
{
	struct complaints complaints = { .count = 0 };
	const struct catalog_table *table;

	complain_table_name(&complaints, name, "tableName");
	if (complain_required(name, "TableName", &c->fault) < 0 ||
	    complaints_end(&complaints, &c->fault) < 0)
		return NULL;
	table = table_find(c, name);
	if (!table ||
	    kv_permit(c, &(struct kv_ask){ .table = &table->table }) < 0)
		return NULL;
	return &table->table.ttl;
}
