/* services/kv/op/permit.c - the table an operation names, and may it? */
#include "services/kv/op/permit.h"
#include "lib/rpc/op.h"

#include <time.h>

#define TABLE_ARN "arn:aws:dynamodb:"

static bool is_name(struct slice name)
{
	if (name.size < KV_TABLE_NAME_MIN || name.size > KV_TABLE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.size; i++) {
		uint8_t at = name.data[i];

		if (!(at >= 'a' && at <= 'z') && !(at >= 'A' && at <= 'Z') &&
		    !(at >= '0' && at <= '9') && at != '_' && at != '.' &&
		    at != '-')
			return false;
	}
	return true;
}

struct slice kv_table_name(struct slice text)
{
	if (slice_starts(text, SLICE(TABLE_ARN))) {
		for (int i = 0; i < 5; i++)
			slice_cut(&text, ':');
		if (!slice_is(slice_cut(&text, '/'), "table"))
			return SLICE("");
	}
	return is_name(text) ? text : SLICE("");
}

static int bad_name(struct call *c, struct slice name)
{
	if (name.size < KV_TABLE_NAME_MIN)
		return call_fail(
		    c, E_INVALID,
		    "TableName must be at least 3 characters long and at most "
		    "255 characters long");
	return call_fail(c, E_INVALID,
			 "1 validation error detected: Value '%.*s' at "
			 "'tableName' failed to satisfy constraint: Member "
			 "must satisfy regular expression pattern: "
			 "[a-zA-Z0-9_.-]+",
			 (int)(name.size < 300 ? name.size : 300), name.data);
}

const struct catalog_table *kv_find_table(struct call *c, struct slice text)
{
	struct slice name = kv_table_name(text);
	const struct catalog_table *table;

	if (!name.size) {
		bad_name(c, text);
		return NULL;
	}
	c->log_resource = arena_copy(c->mem, name.data, name.size);
	table = catalog_table(catalog_view(c), name);
	if (!table)
		call_fail(c, E_MISSING, "Requested resource not found");
	return table;
}

struct slice kv_arn(struct call *c, const struct kv_table *table,
		    const struct kv_index *index)
{
	const char *region = kv_of(c)->region;

	return slice_of(
	    index ? arena_printf(c->mem,
				 TABLE_ARN
				 "%s:000000000000:table/%.*s/index/%.*s",
				 region, SLICE_ARGS(table->name),
				 SLICE_ARGS(index->name))
		  : arena_printf(c->mem, TABLE_ARN "%s:000000000000:table/%.*s",
				 region, SLICE_ARGS(table->name)));
}

struct slice kv_stream_label(struct call *c, const struct kv_table *table)
{
	time_t seconds = (time_t)(table->stream_ms / 1000);
	char text[32];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	return slice_of(arena_printf(c->mem, "%s.%03d", text,
				     (int)(table->stream_ms % 1000)));
}

struct slice kv_stream_arn(struct call *c, const struct kv_table *table)
{
	return slice_of(arena_printf(c->mem, "%.*s/stream/%.*s",
				     SLICE_ARGS(kv_arn(c, table, NULL)),
				     SLICE_ARGS(kv_stream_label(c, table))));
}

static const struct policy *role_policy(const struct catalog_view *view,
					struct slice name)
{
	const struct catalog_role *role = catalog_role(view, name);

	return role ? role->policy : NULL;
}

/* "service:NAME" of the service that lends to a function. */
static const struct policy *lender_policy(struct call *c,
					  const struct catalog_view *view)
{
	const char *name;

	if (c->principal.kind != PRINCIPAL_FUNCTION)
		return NULL;
	name = arena_printf(c->mem, "service:%.*s",
			    SLICE_ARGS(c->principal.service));
	return role_policy(view, slice_of(name));
}

int kv_permit(struct call *c, const struct kv_ask *ask)
{
	const struct catalog_view *view = catalog_view(c);
	const struct catalog_table *table =
	    catalog_table(view, ask->table->name);
	const struct policy_request request = {
		.principal = &c->principal,
		.user = &c->user,
		.action = ask->action ? ask->action : c->op->permission,
		.resource = ask->stream ? kv_stream_arn(c, ask->table)
					: kv_arn(c, ask->table, ask->index),
		.leading_keys = ask->leading_keys,
		.attributes = ask->attributes,
		.select = ask->select,
		.return_values = ask->return_values,
	};
	const struct access_policies policies = {
		.table = table ? table->policy : NULL,
		.role = role_policy(view, c->principal.text),
		.lender = lender_policy(c, view),
	};

	if (call_status(c) < 0)
		return -c->fault.code;
	return access_check(&request, &policies, NULL, &c->fault);
}
