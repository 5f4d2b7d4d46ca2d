/* tests/support/expr_text.h - a scope of placeholders for tests
 *
 * #a, #b … stand for the attributes a, b …; other names and values are given
 * as items, in item_text.h's form.
 */
#ifndef PARLOR_TESTS_EXPR_TEXT_H
#define PARLOR_TESTS_EXPR_TEXT_H

#include "services/kv/expr/expr.h"
#include "services/kv/model/item.h"
#include "tests/support/item_text.h"

/* `names` is an item of strings, or NULL; `values` too. */
static inline int expr_scope(struct kv_scope *scope, struct arena *mem,
			     struct fault *f, const char *names,
			     const char *values)
{
	struct kv_slot *slots = arena_array(mem, 16, sizeof(*slots));
	struct slice rest = { 0 };
	struct item_value value;
	size_t count = 0;

	kv_scope_init(scope, mem, f);
	if (names)
		rest = item_text(mem, names);
	while (item_next(&rest, &slots[count].key, &value) > 0)
		slots[count++].value = value;
	if (kv_scope_names(scope, slots, count))
		return -E_INVALID;
	return values ? kv_scope_values(scope, item_text(mem, values)) : 0;
}

/* An item in canonical form. */
static inline struct slice expr_item(struct arena *mem, const char *text)
{
	struct slice out = { 0 };
	struct fault f = { 0 };
	int result = kv_item_canonical(item_text(mem, text), mem, &out, &f);

	assert(result == 0);
	(void)result;
	return out;
}

#endif
