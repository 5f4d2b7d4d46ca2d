/* tests/fuzz/partiql.c - PartiQL's statements; links: service_kv */
#include "services/kv/api/partiql/statement.h"
#include "services/kv/model/item.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* {"a": {"S": "x"}, "n": {"N": "1"}} */
static const char item[] = "\x0a\x08\x0a\x01"
			   "a\x12\x03\x0a\x01x\x0a\x08\x0a\x01n\x12\x03\x12"
			   "\x01"
			   "1";

static void is_canonical(struct slice bytes, struct arena *mem)
{
	struct fault f = { 0 };
	struct slice again;

	assert(!kv_item_canonical(bytes, mem, &again, &f));
	assert(slice_equal(bytes, again));
}

static void try_read(struct kv_scope *scope, const struct partiql_statement *s)
{
	static const struct kv_key_schema schema = {
		.parts = { { { (const uint8_t *)"a", 1 }, ITEM_S },
			   { { (const uint8_t *)"n", 1 }, ITEM_N } },
		.hashes = 1,
		.count = 2,
	};
	struct slice have = slice_make(item, sizeof(item) - 1), key;
	const struct kv_node *rest;
	struct partiql_plan plan;

	if (s->paths)
		is_canonical(kv_projection_apply(s->paths, have, scope->mem),
			     scope->mem);
	kv_condition_holds(s->where, have);
	if (!partiql_plan(scope, s, &schema, &plan))
		kv_condition_holds(plan.filter, have);
	fault_clear(scope->fault);
	if (!partiql_key(scope, s->where, &schema, &key, &rest))
		is_canonical(key, scope->mem);
}

static void try_update(struct kv_scope *scope,
		       const struct partiql_statement *s)
{
	struct fault f = { 0 };
	struct slice out;

	if (!kv_update_apply(&s->update, slice_make(item, sizeof(item) - 1),
			     scope->mem, &out, &f))
		is_canonical(out, scope->mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct item_value one = { .type = ITEM_N, .bytes = SLICE("1") };
	struct slice text =
	    slice_make(data, size < PARTIQL_SIZE_MAX ? size : PARTIQL_SIZE_MAX);
	struct partiql_statement s;
	struct kv_scope scope;
	struct fault f = { 0 };
	struct arena mem;
	bool marked = size && memchr(data, '?', text.size);

	arena_init(&mem, 64 << 20);
	kv_scope_init(&scope, &mem, &f);
	if (!partiql_parse(&scope, text, &one, marked, &s)) {
		is_canonical(s.item, &mem);
		try_update(&scope, &s);
		try_read(&scope, &s);
	}
	arena_release(&mem);
	return 0;
}
