/* services/kv/api/ops.c - the one truth about each operation of parlor-kv */
#include "services/kv/api/api.h"
#include "services/kv/api/items.h"
#include "services/kv/api/streams.h"
#include "services/kv/api/tables.h"

/* Who may touch an item is what policies say, so anybody may ask; who may
 * change tables is fixed here. */
enum {
	BY_POLICY = OP_PUBLIC | OP_USER | OP_SERVICE,
	BOTH = DOOR_CONNECT | DOOR_AWS,
};

#define ROW(name, handle, flags)                            \
	{                                                   \
		name, handle, flags, BOTH, "dynamodb:" name \
	}

/* A statement's permission follows from its verb (api/statement.c). */
const struct op kv_ops[] = {
	ROW("CreateTable", api_create_table, OP_WRITE),
	ROW("DescribeTable", api_describe_table, OP_READ | BY_POLICY),
	ROW("ListTables", api_list_tables, OP_READ),
	ROW("DeleteTable", api_delete_table, OP_WRITE),
	ROW("UpdateTable", api_update_table, OP_WRITE),
	ROW("UpdateTimeToLive", api_update_time_to_live, OP_WRITE),
	ROW("DescribeTimeToLive", api_describe_time_to_live,
	    OP_READ | BY_POLICY),
	ROW("TagResource", api_tag_resource, OP_WRITE),
	ROW("UntagResource", api_untag_resource, OP_WRITE),
	ROW("ListTagsOfResource", api_list_tags_of_resource, OP_READ),
	ROW("DescribeLimits", api_describe_limits, OP_READ),
	ROW("DescribeEndpoints", api_describe_endpoints, OP_READ | BY_POLICY),
	ROW("PutItem", api_put_item, OP_WRITE | BY_POLICY),
	ROW("GetItem", api_get_item, OP_READ | BY_POLICY),
	ROW("UpdateItem", api_update_item, OP_WRITE | BY_POLICY),
	ROW("DeleteItem", api_delete_item, OP_WRITE | BY_POLICY),
	ROW("Query", api_query, OP_READ | BY_POLICY),
	ROW("Scan", api_scan, OP_READ | BY_POLICY),
	ROW("BatchGetItem", api_batch_get_item, OP_READ | BY_POLICY),
	ROW("BatchWriteItem", api_batch_write_item, OP_WRITE | BY_POLICY),
	ROW("TransactGetItems", api_transact_get_items, OP_READ | BY_POLICY),
	ROW("TransactWriteItems", api_transact_write_items,
	    OP_WRITE | BY_POLICY),
	{ "ExecuteStatement", api_execute_statement, OP_WRITE | BY_POLICY, BOTH,
	  NULL },
	{ "BatchExecuteStatement", api_batch_execute_statement,
	  OP_WRITE | BY_POLICY, BOTH, NULL },
	{ "ExecuteTransaction", api_execute_transaction, OP_WRITE | BY_POLICY,
	  BOTH, NULL },
	ROW("PutResourcePolicy", api_put_resource_policy, OP_WRITE),
	ROW("GetResourcePolicy", api_get_resource_policy, OP_READ),
	ROW("DeleteResourcePolicy", api_delete_resource_policy, OP_WRITE),
	{ "PutRolePolicy", api_put_role_policy, OP_WRITE | OP_SERVICE,
	  DOOR_CONNECT, "iam:PutRolePolicy" },
	{ "GetRolePolicy", api_get_role_policy, OP_READ | OP_SERVICE,
	  DOOR_CONNECT, "iam:GetRolePolicy" },
	{ "ListRolePolicies", api_list_role_policies, OP_READ | OP_SERVICE,
	  DOOR_CONNECT, "iam:ListRolePolicies" },
	{ "DeleteRolePolicy", api_delete_role_policy, OP_WRITE | OP_SERVICE,
	  DOOR_CONNECT, "iam:DeleteRolePolicy" },
	{ "CreateAccessKey", api_create_access_key, OP_WRITE, DOOR_CONNECT,
	  "iam:CreateAccessKey" },
	{ "ListAccessKeys", api_list_access_keys, OP_READ, DOOR_CONNECT,
	  "iam:ListAccessKeys" },
	{ "DeleteAccessKey", api_delete_access_key, OP_WRITE, DOOR_CONNECT,
	  "iam:DeleteAccessKey" },
	{ "GetSigningKey", api_get_signing_key, OP_SERVICE | OP_SECRET,
	  DOOR_CONNECT, "iam:GetSigningKey" },
	{ "SimulatePrincipalPolicy", api_simulate_principal_policy,
	  OP_READ | OP_SERVICE, DOOR_CONNECT, "iam:SimulatePrincipalPolicy" },
	{ "GetUsage", api_get_usage, OP_READ, DOOR_CONNECT, NULL },
	{ "GetBill", api_get_bill, OP_READ, DOOR_CONNECT, NULL },
	{ "PutUsage", api_put_usage, OP_WRITE | OP_SERVICE, DOOR_CONNECT,
	  NULL },
	{ 0 }
};

const struct op kv_stream_ops[] = {
	ROW("ListStreams", api_list_streams, OP_READ),
	ROW("DescribeStream", api_describe_stream, OP_READ | BY_POLICY),
	ROW("GetShardIterator", api_get_shard_iterator, OP_READ | BY_POLICY),
	ROW("GetRecords", api_get_records, OP_READ | BY_POLICY),
	{ "Follow", api_follow, OP_READ | OP_STREAM | OP_SERVICE, DOOR_CONNECT,
	  "dynamodb:GetRecords" },
	{ 0 }
};

const struct op_service kv_services[] = {
	{ .name = "parlor.kv.v1.KeyValue",
	  .ops = kv_ops,
	  .aws = "DynamoDB_20120810",
	  .aws_exceptions = "com.amazonaws.dynamodb.v20120810#" },
	{ .name = "parlor.kv.v1.KeyValueStreams",
	  .ops = kv_stream_ops,
	  .aws = "DynamoDBStreams_20120810",
	  .aws_exceptions = "com.amazonaws.dynamodb.v20120810#" },
	{ 0 },
};
