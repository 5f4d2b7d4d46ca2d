/* services/kv/op/permit.c - the table an operation names, and may it? */
#include "services/kv/op/permit.h"
#include "lib/rpc/op.h"
#include "services/kv/op/complaint.h"

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
	if (complain_required(name, "TableName", &c->fault) < 0)
		return -E_INVALID;
	if (name.size < KV_TABLE_NAME_MIN || name.size > KV_TABLE_NAME_MAX)
		return call_fail(
		    c, E_INVALID,
		    "TableName must be at least 3 characters long and at most "
		    "255 characters long");
	return call_fail(c, E_INVALID,
			 "1 validation error detected: Value '%.*s' at "
			 "'tableName' failed to satisfy constraint: Member "
			 "must satisfy regular expression pattern: "
			 "[a-zA-Z0-9_.-]+",
			 SLICE_ARGS(name));
}

/* An ARN of another region or account names nothing here. */
static int check_arn(struct call *c, struct slice arn)
{
	struct slice rest = arn, region, account;

	if (!slice_starts(arn, SLICE(TABLE_ARN)))
		return 0;
	for (int i = 0; i < 3; i++)
		slice_cut(&rest, ':');
	region = slice_cut(&rest, ':');
	account = slice_cut(&rest, ':');
	if (!slice_is(region, kv_of(c)->region))
		return call_fail(c, E_INVALID,
				 "1 validation error detected: Invalid AWS "
				 "region in '%.*s'",
				 SLICE_ARGS(arn));
	if (!slice_is(account, KV_ACCOUNT))
		return call_fail(c, E_DENIED,
				 "User: %.*s is not authorized to perform: "
				 "dynamodb:%s on resource: %.*s because no "
				 "resource-based policy allows the dynamodb:%s "
				 "action",
				 SLICE_ARGS(c->principal.text), c->op->name,
				 SLICE_ARGS(arn), c->op->name);
	return 0;
}

/* Whom nothing of that name is allowed does not learn that there is none. */
static void missing(struct call *c, struct slice name)
{
	const struct kv_table none = { .name = name };
	const char *action = c->op->permission;

	if (!action) /* a statement's own is not known yet */
		action = arena_printf(c->mem, "dynamodb:%s", c->op->name);
	if (call_status(c) == 0 &&
	    (c->principal.kind == PRINCIPAL_SERVICE ||
	     kv_permit(c, &(struct kv_ask){ .table = &none,
					    .action = action }) == 0))
		call_fail(c, E_MISSING, "Requested resource not found");
}

const struct catalog_table *kv_find_table(struct call *c, struct slice text)
{
	struct slice name = kv_table_name(text);
	const struct catalog_table *table;

	if (!name.size ? bad_name(c, text) : check_arn(c, text))
		return NULL;
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
	    index
		? arena_printf(c->mem,
			       TABLE_ARN "%s:" KV_ACCOUNT
					 ":table/%.*s/index/%.*s",
			       region, SLICE_ARGS(table->name),
			       SLICE_ARGS(index->name))
		: arena_printf(c->mem, TABLE_ARN "%s:" KV_ACCOUNT ":table/%.*s",
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

static void gather(struct call *c, struct kv_policies *set,
		   const struct policy *policy, const struct catalog_role *role)
{
	size_t room = set->room ? set->room * 2 : 4;
	const struct policy **rows;
	const struct catalog_role **roles;

	if (set->count == set->room) {
		rows = arena_array(c->mem, room, sizeof(*rows));
		roles = arena_array(c->mem, room, sizeof(*roles));
		if (call_status(c) < 0)
			return;
		if (set->count) {
			memcpy(rows, set->rows, set->count * sizeof(*rows));
			memcpy(roles, set->roles, set->count * sizeof(*roles));
		}
		*set = (struct kv_policies){ rows, roles, set->count, room };
	}
	set->rows[set->count] = policy;
	set->roles[set->count++] = role;
}

static void gather_role(struct call *c, struct kv_policies *set,
			struct slice name)
{
	const struct catalog_role *role = catalog_role(catalog_view(c), name);

	for (size_t i = 0; role && i < role->count; i++)
		gather(c, set, role->policies[i].policy, role);
}

/* Of the role "KIND:NAME". */
static void gather_named(struct call *c, struct kv_policies *set,
			 const char *kind, struct slice name)
{
	gather_role(c, set,
		    slice_of(arena_printf(c->mem, "%s:%.*s", kind,
					  SLICE_ARGS(name))));
}

void kv_policies_own(struct call *c, const struct principal *who,
		     const struct catalog_table *table, struct kv_policies *out)
{
	struct slice groups = who->groups;

	*out = (struct kv_policies){ .count = 0 };
	if (table && table->policy)
		gather(c, out, table->policy, NULL);
	gather_role(c, out, who->text);
	if (who->kind == PRINCIPAL_KEY)
		gather_named(c, out, "key", who->access_key);
	while (who->kind == PRINCIPAL_USER && groups.size)
		gather_named(c, out, "group", slice_cut(&groups, ','));
}

void kv_policies_lender(struct call *c, const struct principal *who,
			struct kv_policies *out)
{
	*out = (struct kv_policies){ .count = 0 };
	if (who->kind == PRINCIPAL_FUNCTION)
		gather_named(c, out, "service", who->service);
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
	struct kv_policies mine, lent;
	const struct catalog_table *table =
	    ask->stream ? ask->stream
			: catalog_table(catalog_view(c), ask->table->name);
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

	/* a size is that of whole items */
	request.attributes.every |=
	    ask->sized ||
	    (ask->capacity.size && !slice_is(ask->capacity, "NONE"));
	if (!own || strcmp(request.action, own) != 0)
		request.enclosing = slice_of(c->op->name);
	kv_policies_own(c, &c->principal, table, &mine);
	kv_policies_lender(c, &c->principal, &lent);
	if (call_status(c) < 0)
		return -c->fault.code;
	return access_check(&request,
			    &(struct access_policies){
				.own = { mine.rows, mine.count },
				.lender = { lent.rows, lent.count } },
			    NULL, &c->fault);
}
