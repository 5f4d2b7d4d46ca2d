/* services/kv/api/request.c - what requests on items have in common */
#include "services/kv/api/request.h"
#include "services/kv/model/item.h"

/* ---- values ----------------------------------------------------------------
 */

const char *const api_capacity_words[] = { "INDEXES", "TOTAL", "NONE", NULL };
const char *const api_failure_words[] = { "ALL_OLD", "NONE", NULL };
const char *const api_return_words[] = { "ALL_NEW", "UPDATED_OLD", "ALL_OLD",
					 "NONE",    "UPDATED_NEW", NULL };
const char *const api_select_words[] = { "SPECIFIC_ATTRIBUTES", "COUNT",
					 "ALL_ATTRIBUTES",
					 "ALL_PROJECTED_ATTRIBUTES", NULL };

bool api_given_empty(const ProtobufCMessage *m, const char *field)
{
	const ProtobufCFieldDescriptor *empties =
	    protobuf_c_message_descriptor_get_field_by_name(m->descriptor,
							    "empty_fields");
	const ProtobufCFieldDescriptor *wanted =
	    protobuf_c_message_descriptor_get_field_by_name(m->descriptor,
							    field);
	const uint8_t *bytes = (const uint8_t *)m;
	const uint32_t *numbers;
	size_t count;

	memcpy(&count, bytes + empties->quantifier_offset, sizeof(count));
	memcpy(&numbers, bytes + empties->offset, sizeof(numbers));
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == wanted->id)
			return true;
	return false;
}

bool api_is(const char *value, const char *word)
{
	return value && strcmp(value, word) == 0;
}

enum kv_returns api_returns(const char *value)
{
	static const char *const words[] = {
		[KV_RETURN_NONE] = "NONE",
		[KV_RETURN_ALL_OLD] = "ALL_OLD",
		[KV_RETURN_UPDATED_OLD] = "UPDATED_OLD",
		[KV_RETURN_ALL_NEW] = "ALL_NEW",
		[KV_RETURN_UPDATED_NEW] = "UPDATED_NEW",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (api_is(value, words[i]))
			return (enum kv_returns)i;
	return KV_RETURN_NONE;
}

/* ---- items and expressions -------------------------------------------------
 */

int api_item(struct call *c, ProtobufCBinaryData data, struct slice *out)
{
	if (call_failed(c))
		return -c->fault.code;
	return kv_item_canonical(api_bytes(data), c->mem, out, &c->fault);
}

static bool uses_values(const struct api_expressions *e)
{
	return e->condition || e->filter || e->update || e->key_condition;
}

static bool uses_names(const struct api_expressions *e)
{
	return uses_values(e) || e->projection;
}

int api_expressions_check(struct call *c, const struct api_expressions *e)
{
	if (api_legacy_alone(c, e))
		return -c->fault.code;
	if (e->names.given && !uses_names(e))
		return call_fail(c, E_INVALID,
				 "ExpressionAttributeNames can only be "
				 "specified when using expressions");
	if (e->values && !uses_values(e))
		return call_fail(c, E_INVALID,
				 "ExpressionAttributeValues can only be "
				 "specified when using expressions: %s null",
				 e->absent);
	return call_status(c);
}

static int add_names(struct kv_scope *scope, const struct api_names *names)
{
	if (names->given && !names->count)
		return fault_set(scope->fault, E_INVALID,
				 "ExpressionAttributeNames must not be empty");
	return kv_scope_names(scope, names->slots, names->count);
}

static int add_values(struct kv_scope *scope, const ProtobufCBinaryData *values)
{
	if (values && values->len == 0)
		return fault_set(scope->fault, E_INVALID,
				 "ExpressionAttributeValues must not be empty");
	return values ? kv_scope_values(scope, api_bytes(*values)) : 0;
}

struct kv_scope *api_scope(struct call *c, const struct api_expressions *e)
{
	struct kv_scope *scope = arena_zalloc(c->mem, sizeof(*scope));

	if (!scope || call_failed(c) || api_expressions_check(c, e))
		return NULL;
	kv_scope_init(scope, c->mem, &c->fault);
	if (!uses_names(e))
		return scope;
	if (add_names(scope, &e->names) || add_values(scope, e->values))
		return NULL;
	return scope;
}

const struct kv_node *api_condition(struct kv_scope *scope, const char *what,
				    const char *text,
				    const struct api_legacy *legacy)
{
	const struct kv_node *node = NULL;

	if (scope && text && !scope->fault->code)
		kv_condition_compile(scope, what, slice_of(text), &node);
	api_legacy_condition(scope, legacy, &node);
	return node;
}

const struct kv_paths *api_projection(struct kv_scope *scope,
				      const struct api_expressions *e)
{
	struct kv_paths *paths;

	if (!scope || scope->fault->code ||
	    (!e->projection && !e->legacy.name_count))
		return NULL;
	paths = arena_zalloc(scope->mem, sizeof(*paths));
	if (paths && e->projection)
		kv_projection_compile(scope, slice_of(e->projection), paths);
	else if (paths)
		api_legacy_projection(scope, &e->legacy, paths);
	return paths;
}

void api_update(struct kv_scope *scope, const struct api_expressions *e,
		struct kv_update *update)
{
	if (scope && e->update && !scope->fault->code)
		kv_update_compile(scope, slice_of(e->update), update);
	api_legacy_update(scope, &e->legacy, update);
}

int api_scope_done(struct call *c, struct kv_scope *scope)
{
	if (call_failed(c) || !scope)
		return call_status(c);
	return kv_scope_done(scope);
}

int api_item_size_check(struct call *c, const struct kv_change *change)
{
	if (change->kind != KV_CHANGE_PUT ||
	    kv_item_size(change->item) <= KV_ITEM_SIZE_MAX)
		return call_status(c);
	return call_fail(c, E_INVALID,
			 "Item size has exceeded the maximum allowed size");
}

int api_change(struct call *c, struct kv_change *change,
	       ProtobufCBinaryData item, const struct api_expressions *e,
	       const char *return_values, const char *on_failure)
{
	struct kv_scope *scope;

	if (api_expressions_check(c, e) || api_item(c, item, &change->item) ||
	    api_item_size_check(c, change))
		return -c->fault.code;
	scope = api_scope(c, e);
	change->scope = scope;
	change->returns = api_returns(return_values);
	change->show = api_is(on_failure, "ALL_OLD");
	change->price = KV_WRITE_PLAIN;
	api_update(scope, e, &change->update);
	change->condition = api_condition(scope, "ConditionExpression",
					  e->condition, &e->legacy);
	return api_scope_done(c, scope);
}

/* ---- tables ----------------------------------------------------------------
 */

enum { ARN_MAX = 1024 }; /* a table may be named by its ARN */

void api_table_name_complain(struct complaints *complaints, struct slice name,
			     const char *path)
{
	complain_null(complaints, name, path);
	complain_length(complaints, name, path, 1, ARN_MAX);
}

int api_table_name_check(struct call *c, struct slice name, const char *path)
{
	struct complaints complaints = { .count = 0 };

	if (slice_starts(name, SLICE("arn:")))
		return call_status(c);
	complain_name(&complaints, name, path);
	complain_length(&complaints, name, path, KV_TABLE_NAME_MIN,
			KV_TABLE_NAME_MAX);
	return complaints_end(&complaints, &c->fault);
}

const struct kv_table *api_table(struct call *c, const char *name)
{
	const struct catalog_table *found;

	if (call_failed(c))
		return NULL;
	found = kv_find_table(c, slice_of(name));
	return found ? &found->table : NULL;
}
