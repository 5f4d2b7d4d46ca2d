/* services/kv/op/names.c - the attributes a request touches, for policies */
#include "services/kv/op/names.h"
#include "lib/rpc/call.h"
#include "services/kv/model/item.h"

/* Room for `more` names behind those of the scope, which are there. */
static struct slice *begin(struct call *c, const struct kv_scope *scope,
			   size_t more, size_t *count)
{
	size_t touched = scope ? scope->touched_count : 0;
	struct slice *rows =
	    arena_array(c->mem, touched + more + 1, sizeof(*rows));

	*count = 0;
	if (rows && touched) {
		memcpy(rows, scope->touched, touched * sizeof(*rows));
		*count = touched;
	}
	return rows;
}

struct policy_values kv_names(struct call *c, struct slice item,
			      const struct kv_scope *scope)
{
	const struct item_value whole = { .type = ITEM_M, .bytes = item };
	struct item_value value;
	size_t count;
	struct slice *rows = begin(c, scope, kv_value_count(&whole), &count);

	while (rows && item_next(&item, &rows[count], &value) > 0)
		count++;
	return (struct policy_values){ .rows = rows, .count = count };
}

static size_t add_schema(struct slice *rows, const struct kv_key_schema *schema)
{
	for (size_t i = 0; i < schema->count; i++)
		rows[i] = schema->parts[i].name;
	return schema->count;
}

struct policy_values kv_key_names(struct call *c, const struct kv_table *table,
				  const struct kv_index *index,
				  const struct kv_scope *scope)
{
	size_t count, keys = table->key.count + (index ? index->key.count : 0);
	struct slice *rows = begin(c, scope, keys, &count);

	if (rows)
		count += add_schema(rows + count, &table->key);
	if (rows && index)
		count += add_schema(rows + count, &index->key);
	return (struct policy_values){ .rows = rows, .count = count };
}
