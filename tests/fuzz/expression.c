/* tests/fuzz/expression.c - every kind of expression; links: service_kv */
#include "services/kv/expr/expr.h"
#include "services/kv/model/item.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* {"a": [1, {"b": "x"}], "c": {"d": {"x"}}, "n": 1} */
static const char item[] = "\x0a\x1a\x0a\x01"
			   "a\x12\x15\x42\x13\x0a\x03\x12\x01"
			   "1\x0a\x0c\x3a\x0a\x0a\x08\x0a\x01"
			   "b\x12\x03\x0a\x01x\x0a\x08\x0a\x01n\x12\x03\x12\x01"
			   "1";
static const char values[] = "\x0a\x09\x0a\x02:1\x12\x03\x12\x01"
			     "1\x0a\x09\x0a\x02:s\x12\x03\x0a\x01x\x0a\x0b"
			     "\x0a\x02:t\x12\x05\x22\x03\x0a\x01x\x0a\x0b\x0a"
			     "\x02:l\x12\x05\x42\x03\x0a\x01\x0a";

static void try_update(struct kv_scope *scope, struct slice text)
{
	struct slice out, again;
	struct fault f = { 0 };
	struct kv_update update;

	if (kv_update_compile(scope, text, &update) ||
	    kv_update_apply(&update, slice_make(item, sizeof(item) - 1),
			    scope->mem, &out, &f))
		return;
	assert(!kv_item_canonical(out, scope->mem, &again, &f));
	assert(slice_equal(out, again));
	kv_projection_apply(&update.touched, out, scope->mem);
}

/* The first byte chooses the kind. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kv_key_schema schema = {
		{ { SLICE("a"), ITEM_S }, { SLICE("n"), ITEM_N } }, 1, 2
	};
	struct kv_slot names[] = { { .key = SLICE("#n"),
				     .value = { .type = ITEM_S,
						.bytes = SLICE("n") } } };
	const struct kv_node *node;
	struct kv_key_condition condition;
	struct kv_paths paths;
	struct kv_scope scope;
	struct fault f = { 0 };
	struct arena mem;
	struct slice text;

	if (size == 0)
		return 0;
	text = slice_make(data + 1, size - 1);
	arena_init(&mem, 16 << 20);
	kv_scope_init(&scope, &mem, &f);
	kv_scope_names(&scope, names, 1);
	kv_scope_values(&scope, slice_make(values, sizeof(values) - 1));
	if (data[0] % 4 == 0 &&
	    !kv_condition_compile(&scope, "ConditionExpression", text, &node))
		kv_condition_holds(node, slice_make(item, sizeof(item) - 1));
	else if (data[0] % 4 == 1)
		try_update(&scope, text);
	else if (data[0] % 4 == 2 &&
		 !kv_projection_compile(&scope, text, &paths))
		kv_projection_apply(&paths, slice_make(item, sizeof(item) - 1),
				    &mem);
	else if (data[0] % 4 == 3 &&
		 !kv_key_condition_compile(&scope, text, &node))
		kv_key_condition_match(node, &schema, &condition, &f);
	arena_release(&mem);
	return 0;
}
