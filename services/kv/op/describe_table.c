/* services/kv/op/describe_table.c - what a table is, and how much it holds */
#include "services/kv/op/permit.h"
#include "services/kv/op/table.h"

struct describe {
	struct store_read read;
	struct call *call;
	struct table_description description;
	struct store_size sizes[1 + KV_GLOBAL_INDEX_MAX + KV_LOCAL_INDEX_MAX];
	table_done_fn *done;
};

static void counted(struct store_read *r)
{
	struct describe *d = r->arg;
	struct call *c = d->call;

	if (r->fault.code)
		call_fail(c, r->fault.code, "%s", r->fault.message);
	d->done(c, call_failed(c) ? NULL : &d->description);
}

int table_refuse_missing(struct fault *why, struct slice name)
{
	return fault_set(why, E_MISSING,
			 "Requested resource not found: Table: %.*s not found",
			 SLICE_ARGS(name));
}

int table_refuse_in_use(struct fault *why, struct slice name)
{
	return fault_set(why, E_EXISTS,
			 "Attempt to change a resource which is still in use: "
			 "Table is being updated: %.*s",
			 SLICE_ARGS(name));
}

/* `system`: those of the suite are found, too. */
static const struct catalog_table *find(struct call *c, struct slice text,
					bool system)
{
	const struct catalog_table *table = kv_find_table(c, text);

	if (c->fault.code == E_MISSING || (table && table->system && !system)) {
		fault_clear(&c->fault);
		table_refuse_missing(&c->fault, kv_table_name(text));
	}
	return call_failed(c) ? NULL : table;
}

const struct catalog_table *table_find(struct call *c, struct slice text)
{
	return find(c, text, false);
}

void table_count(struct call *c, const struct table_description *description,
		 table_done_fn *done)
{
	const struct kv_table *t = &description->table->table;
	struct describe *d = arena_zalloc(c->mem, sizeof(*d));

	if (!d) {
		call_status(c);
		done(c, NULL);
		return;
	}
	d->call = c;
	d->done = done;
	d->description = *description;
	d->description.sizes = d->sizes;
	d->read =
	    (struct store_read){ .done = counted, .arg = d, .loop = c->loop };
	d->sizes[0].table = t->number;
	for (size_t i = 0; i < t->index_count; i++)
		d->sizes[1 + i].table = t->indexes[i].number;
	store_sizes(kv_of(c)->store, d->sizes, 1 + t->index_count, &d->read);
}

void kv_describe_table(struct call *c, struct slice name, table_done_fn *done)
{
	const struct catalog_table *table = find(c, name, true);
	struct table_description description = { .table = table };

	if (!table ||
	    kv_permit(c, &(struct kv_ask){ .table = &table->table }) < 0) {
		done(c, NULL);
		return;
	}
	description.status =
	    kv_table_is_updating(&table->table) ? "UPDATING" : "ACTIVE";
	description.arn = kv_arn(c, &table->table, NULL);
	description.throughput = table->table.throughput;
	table_count(c, &description, done);
}
