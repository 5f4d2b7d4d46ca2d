/* services/kv/op/create_table.c - a table is made */
#include "lib/base/random.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/table.h"
#include "services/kv/op/table_row.h"

enum { TABLES_MAX = 2500 };

struct create {
	struct catalog_change change;
	struct catalog_table table;
	struct kv_index *indexes; /* the table's, to be numbered */
	table_done_fn *done;
};

/* A random UUID (RFC 9562, version 4). */
static struct slice make_uuid(struct arena *mem)
{
	uint8_t b[16];
	char *text;

	random_bytes(b, sizeof(b));
	b[6] = (uint8_t)(0x40 | (b[6] & 0x0f));
	b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
	text =
	    arena_printf(mem,
			 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
			 "%02x%02x%02x%02x%02x%02x",
			 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8],
			 b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	return slice_of(text);
}

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	struct create *create = change->arg;
	struct kv_table *table = &create->table.table;

	if (have.data)
		return fault_set(why, E_EXISTS, "Table already exists: %.*s",
				 SLICE_ARGS(table->name));
	table->number = change->next_number++;
	for (size_t i = 0; i < table->index_count; i++)
		create->indexes[i].number = change->next_number++ | STORE_INDEX;
	table_begin_stream(table, change);
	change->row = table_row_write(&create->table, mem);
	return 0;
}

static void created(struct call *c, struct catalog_change *change)
{
	struct create *create = change->arg;
	struct table_description description = {
		.table = &create->table,
		.status = "CREATING",
		.throughput = create->table.table.throughput,
		.arn = kv_arn(c, &create->table.table, NULL),
	};

	create->done(c, call_failed(c) ? NULL : &description);
}

static void set_times(struct catalog_table *t, int64_t now_ms)
{
	t->table.created_ms = now_ms;
	if (!t->provisioned)
		t->on_demand_ms = now_ms;
	if (t->table_class.size)
		t->class_ms = now_ms;
}

void kv_create_table(struct call *c, const struct table_request *request,
		     table_done_fn *done)
{
	struct create *create = arena_zalloc(c->mem, sizeof(*create));

	if (create &&
	    table_check(request, kv_of(c)->region, c->mem, &create->table,
			&c->fault) == 0 &&
	    catalog_table_count(catalog_view(c)) >= TABLES_MAX)
		call_fail(c, E_LIMIT,
			  "Subscriber limit exceeded: There is a limit of %d "
			  "tables per subscriber",
			  TABLES_MAX);
	if (call_status(c) < 0 || !create) {
		done(c, NULL);
		return;
	}
	create->done = done;
	create->indexes = (struct kv_index *)create->table.table.indexes;
	create->table.table.id = make_uuid(c->mem);
	set_times(&create->table, c->now_ms);
	if (request->policy.size)
		create->table.policy_id = make_uuid(c->mem);
	create->change = (struct catalog_change){ .kind = CATALOG_TABLE,
						  .name = request->name,
						  .decide = decide,
						  .done = created,
						  .arg = create };
	catalog_change(c, &create->change);
}
