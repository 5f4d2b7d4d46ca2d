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

static const struct catalog_table *find(struct call *c, struct slice text)
{
	const struct catalog_table *table = kv_find_table(c, text);

	if (c->fault.code == E_MISSING) {
		fault_clear(&c->fault);
		call_fail(c, E_MISSING,
			  "Requested resource not found: Table: %.*s not found",
			  SLICE_ARGS(kv_table_name(text)));
	}
	if (!table ||
	    kv_permit(c, &(struct kv_ask){ .table = &table->table }) < 0)
		return NULL;
	return table;
}

void kv_describe_table(struct call *c, struct slice name, table_done_fn *done)
{
	struct describe *d = arena_zalloc(c->mem, sizeof(*d));
	const struct catalog_table *table = d ? find(c, name) : NULL;
	const struct kv_table *t = table ? &table->table : NULL;

	if (call_status(c) < 0 || !d || !t) {
		done(c, NULL);
		return;
	}
	d->call = c;
	d->done = done;
	d->description = (struct table_description){
		.table = table,
		.status = "ACTIVE",
		.arn = kv_arn(c, t, NULL),
		.sizes = d->sizes,
	};
	d->read =
	    (struct store_read){ .done = counted, .arg = d, .loop = c->loop };
	d->sizes[0].table = t->number;
	for (size_t i = 0; i < t->index_count; i++)
		d->sizes[1 + i].table = t->indexes[i].number;
	store_sizes(kv_of(c)->store, d->sizes, 1 + t->index_count, &d->read);
}
