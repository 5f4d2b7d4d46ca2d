/* services/kv/op/permit.c - the table an operation names, and may it? */
#include "services/kv/op/permit.h"
#include "lib/rpc/op.h"

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

/* Whom nothing of that name is allowed does not learn that there is none. */
static void missing(struct call *c, struct slice name)
{
	const struct kv_table none = { .name = name };

	if (c->principal.kind == PRINCIPAL_SERVICE ||
	    kv_permit(c, &(struct kv_ask){ .table = &none }) == 0)
		call_fail(c, E_MISSING, "Requested resource not found");
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
		missing(c, name);
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

struct slice kv_stream_arn(struct call *c, const struct kv_table *table)
{
	char label[KV_STREAM_LABEL];

	kv_stream_label(table, label);
	return slice_of(arena_printf(c->mem, "%.*s/stream/%s",
				     SLICE_ARGS(kv_arn(c, table, NULL)),
				     label));
}

/* ---- the policies that have a say ------------------------------------------
 */

/* Policies as they are gathered, in the call's memory. */
struct gathered {
	struct call *call;
	const struct policy **rows;
	size_t count, room;
};

static void gather(struct gathered *g, const struct policy *policy)
{
	const struct policy **grown;

	if (g->count == g->room) {
		g->room = g->room ? g->room * 2 : 4;
		grown = arena_array(g->call->mem, g->room, sizeof(*grown));
		if (!grown) {
			call_status(g->call); /* fails it: its memory is full */
			return;
		}
		if (g->count)
			memcpy(grown, g->rows, g->count * sizeof(*grown));
		g->rows = grown;
	}
	g->rows[g->count++] = policy;
}

static void gather_role(struct gathered *g, const struct catalog_view *view,
			struct slice name)
{
	const struct catalog_role *role = catalog_role(view, name);

	for (size_t i = 0; role && i < role->count; i++)
		gather(g, role->policies[i].policy);
}

/* Of the role "KIND:NAME". */
static void gather_named(struct gathered *g, const struct catalog_view *view,
			 const char *kind, struct slice name)
{
	gather_role(g, view,
		    slice_of(arena_printf(g->call->mem, "%s:%.*s", kind,
					  SLICE_ARGS(name))));
}

static struct access_set own_policies(struct call *c,
				      const struct catalog_view *view,
				      const struct catalog_table *table)
{
	const struct principal *who = &c->principal;
	struct slice groups = who->groups;
	struct gathered g = { .call = c };

	if (table && table->policy)
		gather(&g, table->policy);
	gather_role(&g, view, who->text);
	if (who->kind == PRINCIPAL_KEY)
		gather_named(&g, view, "key", who->access_key);
	while (who->kind == PRINCIPAL_USER && groups.size)
		gather_named(&g, view, "group", slice_cut(&groups, ','));
	return (struct access_set){ g.rows, g.count };
}

/* Of the service that lends to a function. */
static struct access_set lender_policies(struct call *c,
					 const struct catalog_view *view)
{
	struct gathered g = { .call = c };

	if (c->principal.kind == PRINCIPAL_FUNCTION)
		gather_named(&g, view, "service", c->principal.service);
	return (struct access_set){ g.rows, g.count };
}

/* ---- may it ----------------------------------------------------------------
 */

/* What names no values is about all there are. */
static struct policy_values or_every(struct policy_values values)
{
	values.every |= !values.rows;
	return values;
}

int kv_permit(struct call *c, const struct kv_ask *ask)
{
	const struct catalog_view *view = catalog_view(c);
	const struct catalog_table *table =
	    ask->stream ? ask->stream : catalog_table(view, ask->table->name);
	const char *own = c->op->permission;
	struct policy_request request = {
		.principal = &c->principal,
		.user = &c->user,
		.action = ask->action ? ask->action : own,
		.resource = ask->stream ? kv_stream_arn(c, &table->table)
					: kv_arn(c, ask->table, ask->index),
		.leading_keys = or_every(ask->leading_keys),
		.attributes = or_every(ask->attributes),
		.select = ask->select,
		.return_values = ask->return_values,
		.capacity = ask->capacity,
	};
	const struct access_policies policies = {
		.own = own_policies(c, view, table),
		.lender = lender_policies(c, view),
	};

	/* capacity is the size of whole items */
	if (ask->capacity.size && !slice_is(ask->capacity, "NONE"))
		request.attributes.every = true;
	if (!own || strcmp(request.action, own) != 0)
		request.enclosing = slice_of(c->op->name);
	if (call_status(c) < 0)
		return -c->fault.code;
	return access_check(&request, &policies, NULL, &c->fault);
}
