/* services/kv/api/ops.c - the one truth about each operation of parlor-kv */
#include "lib/rpc/call.h"
#include "services/kv/api/api.h"

/* Until the handler of an operation is there. */
static void unimplemented(struct call *c)
{
	call_fail(c, E_UNIMPLEMENTED, "'%s' is not implemented yet",
		  c->op->name);
	call_end(c);
}

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

const struct op kv_ops[] = {
	ROW("CreateTable", unimplemented, OP_WRITE),
	ROW("DescribeTable", unimplemented, OP_READ | BY_POLICY),
	ROW("ListTables", unimplemented, OP_READ),
	ROW("DeleteTable", unimplemented, OP_WRITE),
	ROW("PutItem", unimplemented, OP_WRITE | BY_POLICY),
	ROW("GetItem", unimplemented, OP_READ | BY_POLICY),
	ROW("UpdateItem", unimplemented, OP_WRITE | BY_POLICY),
	ROW("DeleteItem", unimplemented, OP_WRITE | BY_POLICY),
	ROW("Query", unimplemented, OP_READ | BY_POLICY),
	ROW("Scan", unimplemented, OP_READ | BY_POLICY),
	ROW("BatchGetItem", unimplemented, OP_READ | BY_POLICY),
	ROW("BatchWriteItem", unimplemented, OP_WRITE | BY_POLICY),
	ROW("TransactGetItems", unimplemented, OP_READ | BY_POLICY),
	ROW("TransactWriteItems", unimplemented, OP_WRITE | BY_POLICY),
	ROW("PutResourcePolicy", unimplemented, OP_WRITE),
	ROW("GetResourcePolicy", unimplemented, OP_READ),
	ROW("DeleteResourcePolicy", unimplemented, OP_WRITE),
	{ "PutRolePolicy", unimplemented, OP_WRITE | OP_SERVICE, DOOR_CONNECT,
	  "iam:PutRolePolicy" },
	{ "GetRolePolicy", unimplemented, OP_READ | OP_SERVICE, DOOR_CONNECT,
	  "iam:GetRolePolicy" },
	{ "DeleteRolePolicy", unimplemented, OP_WRITE | OP_SERVICE,
	  DOOR_CONNECT, "iam:DeleteRolePolicy" },
	{ "GetUsage", unimplemented, OP_READ, DOOR_CONNECT, NULL },
	{ "PutUsage", unimplemented, OP_WRITE | OP_SERVICE, DOOR_CONNECT,
	  NULL },
	{ 0 }
};

const struct op_service kv_services[] = {
	{ "parlor.kv.v1.KeyValue", kv_ops },
	{ 0 },
};
