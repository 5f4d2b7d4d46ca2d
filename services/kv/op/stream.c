/* services/kv/op/stream.c - which streams there are */
#include "services/kv/op/stream.h"
#include "services/kv/op/permit.h"

bool kv_stream_parts(struct slice arn, struct slice *table, struct slice *label)
{
	bool form = slice_starts(arn, SLICE("arn:aws:dynamodb:"));

	for (int i = 0; i < 5; i++)
		slice_cut(&arn, ':');
	form &= slice_is(slice_cut(&arn, '/'), "table");
	*table = slice_cut(&arn, '/');
	form &= slice_is(slice_cut(&arn, '/'), "stream");
	*label = arn;
	return form && table->size && table->size <= KV_TABLE_NAME_MAX &&
	       label->size && label->size < KV_STREAM_LABEL;
}

/* Whom no stream of that table is allowed does not learn that there is none. */
static void missing(struct call *c, struct slice arn, struct slice table)
{
	const struct catalog_table none = { .table.name = table };

	if (kv_permit(c, &(struct kv_ask){ .stream = &none }) == 0)
		call_fail(c, E_MISSING,
			  "Requested resource not found: Stream: %.*s not "
			  "found",
			  SLICE_ARGS(arn));
}

const struct catalog_table *kv_find_stream(struct call *c, struct slice arn)
{
	struct slice table, label;
	const struct catalog_table *found;

	if (!kv_stream_parts(arn, &table, &label)) {
		call_fail(c, E_INVALID, "Invalid StreamArn: %.*s",
			  SLICE_ARGS(arn));
		return NULL;
	}
	c->log_resource = arena_copy(c->mem, table.data, table.size);
	found = catalog_stream(catalog_view(c), table, label, c->now_ms);
	if (!found || found->system) {
		missing(c, arn, table);
		return NULL;
	}
	return kv_permit(c, &(struct kv_ask){ .stream = found }) < 0 ? NULL
								     : found;
}

size_t kv_list_streams(struct call *c, struct slice only, struct slice table,
		       struct slice label, size_t limit,
		       const struct catalog_table *found[KV_STREAMS_MAX],
		       bool *more)
{
	const struct catalog_view *view = catalog_view(c);
	char last[KV_STREAM_LABEL];
	size_t count = 0;

	if (only.size && slice_compare(table, only) < 0) {
		table = only;
		label = SLICE("");
	}
	for (*more = false;;) {
		const struct catalog_table *next =
		    catalog_stream_after(view, table, label, c->now_ms);

		*more =
		    next && (!only.size || slice_equal(next->table.name, only));
		if (!*more || count == limit || count == KV_STREAMS_MAX)
			return count;
		found[count++] = next;
		table = next->table.name;
		kv_stream_label(&next->table, last);
		label = slice_of(last);
	}
}
