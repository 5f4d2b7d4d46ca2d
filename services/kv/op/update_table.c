/* services/kv/op/update_table.c - a table is changed, at once
 *
 * What DynamoDB does over minutes is one change of the table's row here. The
 * answer says UPDATING all the same, since clients wait for the end of that.
 */
#include "services/kv/op/index_builder.h"
#include "services/kv/op/index_update.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/table.h"
#include "services/kv/op/table_form.h"
#include "services/kv/op/table_row.h"
#include "services/kv/op/throughput_check.h"

#define INVALID "One or more parameter values were invalid: "

struct update {
	struct catalog_change change;
	const struct table_update *asked;
	struct kv_throughput before;
	int64_t now_ms;
	table_done_fn *done;
};

static int set_on_demand(const struct update *u, struct catalog_table *t)
{
	if (!t->provisioned)
		return 0;
	t->provisioned = false;
	t->on_demand_ms = u->now_ms;
	t->table.throughput.read = t->table.throughput.write = 0;
	index_updates_on_demand(&t->table);
	return 0;
}

static int set_throughput(const struct update *u, struct catalog_table *t,
			  struct fault *why)
{
	const struct table_throughput *asked = &u->asked->throughput;

	if (t->provisioned)
		return kv_throughput_change(&t->table.throughput, asked->read,
					    asked->write, SLICE(""), u->now_ms,
					    why);
	if (!u->asked->billing_mode.data)
		return fault_set(why, E_INVALID,
				 INVALID
				 "Neither ReadCapacityUnits nor "
				 "WriteCapacityUnits can be specified when "
				 "BillingMode is PAY_PER_REQUEST");
	t->provisioned = true;
	t->table.throughput.read = asked->read;
	t->table.throughput.write = asked->write;
	return 0;
}

static int set_billing(const struct update *u, struct catalog_table *t,
		       struct fault *why)
{
	if (slice_is(u->asked->billing_mode, "PAY_PER_REQUEST"))
		return set_on_demand(u, t);
	return u->asked->throughput.given ? set_throughput(u, t, why) : 0;
}

static int set_capacity(const struct update *u, struct catalog_table *t,
			struct fault *why)
{
	const struct throughput_subject subject = {
		.region = u->asked->region,
		.provisioned = t->provisioned,
	};

	if (throughput_bound(&t->table.throughput, &u->asked->on_demand,
			     &subject, why) < 0)
		return -why->code;
	return throughput_warm(&t->table.throughput, &u->asked->warm, &subject,
			       why);
}

static int set_sse(const struct update *u, struct catalog_table *t,
		   struct arena *mem, struct fault *why)
{
	const struct table_sse *asked = &u->asked->sse;

	if (!asked->given)
		return 0;
	if (!sse_is_on(asked) && !t->sse_key.size)
		return fault_set(why, E_INVALID,
				 INVALID "Table is already encrypted by "
					 "default");
	if (asked->key.size && slice_equal(asked->key, t->sse_key))
		return fault_set(why, E_INVALID,
				 INVALID
				 "Table is already encrypted with given "
				 "KMSMasterKeyId. Use KMSMasterKeyId "
				 "parameter if you want to change "
				 "Master Key");
	t->sse_key = sse_is_on(asked) ? sse_key(asked, u->asked->region, mem)
				      : SLICE("");
	return 0;
}

static int set_stream(struct update *u, struct kv_table *t, struct fault *why)
{
	const struct table_stream *asked = &u->asked->stream;

	if (!asked->given)
		return 0;
	if (asked->enabled && t->stream != KV_STREAM_NONE)
		return fault_set(why, E_INVALID,
				 "Table already has an enabled stream: "
				 "TableName: %.*s",
				 SLICE_ARGS(t->name));
	if (!asked->enabled && t->stream == KV_STREAM_NONE)
		return fault_set(why, E_INVALID,
				 "Table has no stream to disable: TableName: "
				 "%.*s",
				 SLICE_ARGS(t->name));
	t->stream = stream_of(asked->view);
	table_begin_stream(t, &u->change);
	return 0;
}

static void set_rest(const struct update *u, struct catalog_table *t)
{
	if (u->asked->has_protection)
		t->table.deletion_protected = u->asked->deletion_protected;
	if (u->asked->table_class.data) {
		t->table_class = u->asked->table_class;
		t->class_ms = u->now_ms;
	}
}

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	struct update *u = change->arg;
	struct catalog_table table;

	if (!have.data)
		return table_refuse_missing(why, change->name);
	if (table_row_read(have, mem, &table, why) < 0)
		return -why->code;
	if (index_updates_allowed(&table.table, u->asked, why) < 0)
		return -why->code;
	u->before = table.table.throughput;
	if (set_billing(u, &table, why) < 0 ||
	    set_capacity(u, &table, why) < 0 ||
	    set_sse(u, &table, mem, why) < 0 ||
	    set_stream(u, &table.table, why) < 0 ||
	    index_updates_apply(&table, u->asked, u->now_ms, change, mem, why) <
		0)
		return -why->code;
	set_rest(u, &table);
	change->row = table_row_write(&table, mem);
	return 0;
}

/* What takes its time at DynamoDB, with a state that clients wait out. */
static bool is_slow(const struct table_update *u)
{
	return u->billing_mode.data || u->throughput.given || u->stream.given ||
	       u->table_class.data || u->index_count;
}

/* Capacity is shown as it was; what was on demand had none. */
static void updated(struct call *c, struct catalog_change *change)
{
	struct update *u = change->arg;
	const struct catalog_table *table =
	    catalog_table(catalog_view(c), change->name);
	struct table_description description = { .table = table };

	if (!call_failed(c) && !table)
		table_refuse_missing(&c->fault, change->name);
	index_builder_wake(kv_of(c)->index_builder);
	if (call_status(c) < 0 || !table) {
		u->done(c, NULL);
		return;
	}
	description.status = is_slow(u->asked) ? "UPDATING" : "ACTIVE";
	description.arn = kv_arn(c, &table->table, NULL);
	description.throughput =
	    table->provisioned ? u->before : table->table.throughput;
	table_count(c, &description, u->done);
}

void kv_update_table(struct call *c, const struct table_update *asked,
		     table_done_fn *done)
{
	struct update *u = arena_zalloc(c->mem, sizeof(*u));
	const struct catalog_table *table = NULL;

	if (u && table_update_check(asked, &c->fault) == 0)
		table = table_find(c, asked->name);
	if (call_status(c) < 0 || !u || !table) {
		done(c, NULL);
		return;
	}
	u->asked = asked;
	u->now_ms = c->now_ms;
	u->done = done;
	u->change = (struct catalog_change){ .kind = CATALOG_TABLE,
					     .name = table->table.name,
					     .decide = decide,
					     .done = updated,
					     .arg = u };
	catalog_change(c, &u->change);
}
