/* services/kv/op/update_check.c - may a table be asked to change like this?
 *
 * DynamoDB does one thing at a time, and says so before it looks for the
 * table. Only a change of the billing mode goes with others.
 */
#include "services/kv/op/index_update.h"
#include "services/kv/op/table_form.h"
#include "services/kv/op/throughput_check.h"

#define INVALID "One or more parameter values were invalid: "

static int check_form(const struct table_update *u, struct fault *why)
{
	struct complaints c = { .count = 0 };

	complain_table_name(&c, u->name, "tableName");
	complain_billing(&c, u->billing_mode);
	complain_throughput(&c, &u->throughput, "provisionedThroughput");
	complain_stream(&c, &u->stream);
	complain_sse(&c, &u->sse);
	complain_index_updates(&c, u);
	return complain_required(u->name, "TableName", why) < 0
		   ? -E_INVALID
		   : complaints_end(&c, why);
}

/* How many things are to change; throughput, its bound and mode are one. */
static int count_changes(const struct table_update *u)
{
	return (u->throughput.given || u->on_demand.given ||
		u->billing_mode.data) +
	       u->stream.given + u->has_protection + u->sse.given +
	       (u->table_class.data != NULL) + (u->index_count != 0) +
	       u->warm.given;
}

static int refuse_pair(const char *rule, struct fault *why)
{
	return fault_set(why, E_INVALID, INVALID "%s", rule);
}

/* What goes with nothing else, the first of them that is asked for. */
static int check_only(const struct table_update *u, int changes,
		      struct fault *why)
{
	const struct {
		bool asked;
		const char *name;
	} rows[] = {
		{ u->sse.given, "Server-Side Encryption modification" },
		{ u->table_class.data, "TableClass modification" },
		{ u->has_protection, "DeletionProtection modification" },
		{ u->warm.given, "WarmThroughput" },
	};

	for (size_t i = 0; changes > 1 && i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].asked)
			return fault_set(why, E_INVALID,
					 INVALID "%s must be the only "
						 "operation in the request",
					 rows[i].name);
	return 0;
}

/* Is an index to be made or taken away? */
static bool is_online(const struct table_update *u)
{
	for (size_t i = 0; i < u->index_count; i++)
		if (!u->indexes[i].update)
			return true;
	return false;
}

static int check_pairs(const struct table_update *u, struct fault *why)
{
	bool iops =
	    u->throughput.given || slice_is(u->billing_mode, "PROVISIONED");

	if (u->on_demand.given &&
	    (u->throughput.given || u->stream.given || u->index_count))
		return refuse_pair("OnDemandThroughput can only be combined "
				   "with BillingMode in an UpdateTable request",
				   why);
	if (u->stream.given && iops)
		return refuse_pair("You cannot modify stream status while "
				   "updating table IOPS",
				   why);
	if (is_online(u) && u->throughput.given)
		return refuse_pair("You cannot create or delete index while "
				   "updating table IOPS",
				   why);
	if (is_online(u) && u->stream.given)
		return refuse_pair("You cannot create or delete index while "
				   "changing stream status",
				   why);
	return 0;
}

static int check_alone(const struct table_update *u, struct fault *why)
{
	int changes = count_changes(u);

	if (!changes)
		return fault_set(
		    why, E_INVALID,
		    "At least one of ProvisionedThroughput, BillingMode, "
		    "UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
		    "SSESpecification, ReplicaUpdates, "
		    "MultiAccountReplicaReady, ReplicaTransitRoleArn, "
		    "MultiRegionConsistency, DeletionProtectionEnabled, "
		    "OnDemandThroughput, WarmThroughput or TableClass is "
		    "required");
	if (check_only(u, changes, why) < 0)
		return -E_INVALID;
	return check_pairs(u, why);
}

static int check_billing(const struct table_update *u, struct fault *why)
{
	if (u->throughput.given && slice_is(u->billing_mode, "PAY_PER_REQUEST"))
		return fault_set(why, E_INVALID,
				 INVALID "Neither ReadCapacityUnits nor "
					 "WriteCapacityUnits can be specified "
					 "when BillingMode is PAY_PER_REQUEST");
	if (!u->throughput.given && slice_is(u->billing_mode, "PROVISIONED"))
		return fault_set(why, E_INVALID,
				 INVALID "ProvisionedThroughput must be "
					 "specified when BillingMode is "
					 "PROVISIONED");
	return 0;
}

static int check_stream(const struct table_stream *stream, struct fault *why)
{
	if (stream->enabled && !stream->view.data)
		return fault_set(why, E_INVALID,
				 INVALID "If stream is being enabled then "
					 "UpdateViewType is required");
	if (!stream->enabled && stream->view.data)
		return fault_set(why, E_INVALID,
				 INVALID "If stream is being disabled, then "
					 "UpdateViewType must not be "
					 "specified");
	return 0;
}

int table_update_check(const struct table_update *u, struct fault *why)
{
	if (check_form(u, why) < 0 || check_billing(u, why) < 0 ||
	    check_alone(u, why) < 0 || check_stream(&u->stream, why) < 0 ||
	    table_class_check(u->table_class, why) < 0 ||
	    sse_check(&u->sse, why) < 0 || index_updates_check(u, why) < 0)
		return -why->code;
	return throughput_check_most(&u->throughput, u->region, why);
}
