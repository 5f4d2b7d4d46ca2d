/* services/kv/expr/scope.c - what a request's placeholders stand for */
#include "services/kv/expr/scope.h"
#include "services/kv/expr/expr.h"
#include "services/kv/expr/lexer.h"
#include "services/kv/model/item.h"

#include "lib/wire/wire.h"

#include <stdlib.h>

void kv_scope_init(struct kv_scope *scope, struct arena *mem, struct fault *f)
{
	*scope = (struct kv_scope){ .mem = mem, .fault = f };
}

/* ---- names -----------------------------------------------------------------
 */

static int by_key(const void *a, const void *b)
{
	return slice_compare(((const struct kv_slot *)a)->key,
			     ((const struct kv_slot *)b)->key);
}

static int check_name(struct kv_scope *scope, const struct kv_slot *slot)
{
	if (!placeholder_is_valid(slot->key, '#'))
		return fault_set(scope->fault, E_INVALID,
				 "ExpressionAttributeNames contains invalid "
				 "key: Syntax error; key: \"%.*s\"",
				 SLICE_ARGS(slot->key));
	if (slot->value.bytes.size == 0 || slot->value.bytes.size > KV_NAME_MAX)
		return fault_set(scope->fault, E_INVALID,
				 "ExpressionAttributeNames contains invalid "
				 "value: an attribute name has 1 to %d bytes "
				 "for key %.*s",
				 KV_NAME_MAX, SLICE_ARGS(slot->key));
	return 0;
}

int kv_scope_names(struct kv_scope *scope, struct kv_slot *slots, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (check_name(scope, &slots[i]))
			return -E_INVALID;
	qsort(slots, count, sizeof(*slots), by_key);
	for (size_t i = 1; i < count; i++)
		if (slice_equal(slots[i - 1].key, slots[i].key))
			return fault_set(scope->fault, E_INVALID,
					 "ExpressionAttributeNames contains "
					 "the key %.*s twice",
					 SLICE_ARGS(slots[i].key));
	scope->names = slots;
	scope->name_count = count;
	return 0;
}

/* ---- values ----------------------------------------------------------------
 */

/* Says which value is at fault: each is looked at by itself. */
static int refuse_values(struct kv_scope *scope, struct slice item,
			 const struct fault *whole)
{
	struct wire_field entry = { 0 }, field = { 0 };

	while (wire_next(&item, &entry) > 0) {
		struct slice key = { 0 }, value = { 0 }, rest = entry.bytes;
		struct fault why = { 0 };
		struct item_value out;

		while (wire_next(&rest, &field) > 0)
			*(field.number == 1 ? &key : &value) = field.bytes;
		if (kv_value_canonical(value, scope->mem, &out, &why))
			return fault_set(scope->fault, E_INVALID,
					 "ExpressionAttributeValues contains "
					 "invalid value: %s for key %.*s",
					 why.message, SLICE_ARGS(key));
	}
	return fault_set(scope->fault, E_INVALID,
			 "ExpressionAttributeValues contains invalid value: %s",
			 whole->message);
}

/* All keys are looked at before any value. */
static int check_value_keys(struct kv_scope *scope, struct slice item)
{
	struct wire_field entry = { 0 }, field = { 0 };

	while (wire_next(&item, &entry) > 0) {
		struct slice key = { 0 }, rest = entry.bytes;

		while (wire_next(&rest, &field) > 0)
			if (field.number == 1)
				key = field.bytes;
		if (!placeholder_is_valid(key, ':'))
			return fault_set(scope->fault, E_INVALID,
					 "ExpressionAttributeValues contains "
					 "invalid key: Syntax error; key: "
					 "\"%.*s\"",
					 SLICE_ARGS(key));
	}
	return 0;
}

int kv_scope_values(struct kv_scope *scope, struct slice item)
{
	struct item_value whole = { .type = ITEM_M };
	struct fault why = { 0 };
	size_t count;

	if (check_value_keys(scope, item))
		return -E_INVALID;
	if (kv_item_canonical(item, scope->mem, &whole.bytes, &why))
		return refuse_values(scope, item, &why);
	count = kv_value_count(&whole);
	scope->values =
	    arena_array(scope->mem, count + 1, sizeof(*scope->values));
	if (!scope->values)
		return fault_set(scope->fault, E_INVALID, "too much data");
	for (size_t i = 0; i < count; i++) {
		struct kv_slot *slot = &scope->values[i];

		item_next(&whole.bytes, &slot->key, &slot->value);
	}
	scope->value_count = count;
	return 0;
}

/* ---- what is used ----------------------------------------------------------
 */

static const struct item_value *use(struct kv_slot *slots, size_t count,
				    struct slice key)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = slice_compare(key, slots[middle].key);

		if (order == 0) {
			slots[middle].used = true;
			return &slots[middle].value;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct item_value *kv_scope_name(struct kv_scope *scope, struct slice key)
{
	return use(scope->names, scope->name_count, key);
}

const struct item_value *kv_scope_value(struct kv_scope *scope,
					struct slice key)
{
	return use(scope->values, scope->value_count, key);
}

bool kv_scope_touch(struct kv_scope *scope, struct slice name)
{
	size_t capacity = scope->touched_capacity;
	struct slice *grown;

	if (scope->touched_count == capacity) {
		capacity = capacity ? capacity * 2 : 8;
		grown = arena_array(scope->mem, capacity, sizeof(*grown));
		if (!grown)
			return false;
		if (scope->touched_count)
			memcpy(grown, scope->touched,
			       scope->touched_count * sizeof(*grown));
		scope->touched = grown;
		scope->touched_capacity = capacity;
	}
	scope->touched[scope->touched_count++] = name;
	return true;
}

/* Gathers unused keys as "{#a, #b}". */
struct unused {
	char text[512];
	size_t size;
};

static void add_unused(struct unused *u, struct slice key)
{
	if (u->size < sizeof(u->text))
		u->size +=
		    (size_t)snprintf(u->text + u->size,
				     sizeof(u->text) - u->size, "%s%.*s",
				     u->size ? ", " : "", SLICE_ARGS(key));
}

static int check_unused(struct kv_scope *scope, const struct unused *u,
			const char *what)
{
	if (u->size == 0)
		return 0;
	return fault_set(scope->fault, E_INVALID,
			 "Value provided in %s unused in expressions: keys: "
			 "{%s}",
			 what, u->text);
}

int kv_scope_done(struct kv_scope *scope)
{
	struct unused names = { .size = 0 }, values = { .size = 0 };

	for (size_t i = 0; i < scope->name_count; i++)
		if (!scope->names[i].used)
			add_unused(&names, scope->names[i].key);
	for (size_t i = 0; i < scope->value_count; i++)
		if (!scope->values[i].used)
			add_unused(&values, scope->values[i].key);
	if (check_unused(scope, &names, "ExpressionAttributeNames"))
		return -E_INVALID;
	return check_unused(scope, &values, "ExpressionAttributeValues");
}
