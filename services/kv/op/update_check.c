/* services/kv/op/update_check.c - may a table be asked to change like this?
 *
 * DynamoDB does one thing at a time, and says so before it looks for the
 * table. Only a change of the billing mode goes with others.
 */
#include "services/kv/op/index_update.h"
#include "services/kv/op/table_form.h"

#define INVALID "One or more parameter values were invalid: "

static int check_form(const struct table_update *u, struct fault *why)
{
	struct complaints c = { .count = 0 };

	complain_table_name(&c, u->name, "tableName");
	complain_billing(&c, u->billing_mode);
	complain_throughput(&c, &u->throughput, "provisionedThroughput");
	complain_stream(&c, &u->stream);
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
	       u->stream.given + u->has_protection +
	       (u->table_class.data != NULL) + (u->index_count != 0);
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
	if (changes > 1 && u->has_protection)
		return fault_set(why, E_INVALID,
				 INVALID "DeletionProtection modification must "
					 "be the only operation in the "
					 "request");
	if (changes > 1 && u->table_class.data)
		return fault_set(why, E_INVALID,
				 INVALID "TableClass modification must be the "
					 "only operation in the request");
	if (u->stream.given &&
	    (u->throughput.given || slice_is(u->billing_mode, "PROVISIONED")))
		return fault_set(why, E_INVALID,
				 INVALID "You cannot modify stream status "
					 "while updating table IOPS");
	return 0;
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

int table_update_check(const struct table_update *u, const char *region,
		       struct fault *why)
{
	if (check_form(u, why) < 0 || check_billing(u, why) < 0 ||
	    check_alone(u, why) < 0 || check_stream(&u->stream, why) < 0 ||
	    table_class_check(u->table_class, why) < 0 ||
	    index_updates_check(u, region, why) < 0)
		return -why->code;
	return throughput_check_most(&u->throughput, region, why);
}
