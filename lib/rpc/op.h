/* lib/rpc/op.h - an operation is a row
 *
 * The row is the only truth about an operation: dispatch, permission, metering
 * and the access log read it and never the name. A test finds every rpc of the
 * protos that has no row.
 */
#ifndef PARLOR_RPC_OP_H
#define PARLOR_RPC_OP_H

struct call;
struct descriptor_message;

enum op_flag {
	OP_READ =
	    1 << 0, /* no side effects: GET is allowed, retries are safe */
	OP_WRITE = 1 << 1,
	OP_STREAM = 1 << 2, /* the server streams */
	/* who may ask; without any of these only administrators */
	OP_PUBLIC = 1 << 3, /* anybody, without a token */
	OP_USER = 1 << 4,   /* a user's access token, or an access key */
	OP_SERVICE =
	    1 << 5, /* a daemon of the suite, or a function through it */
	/* the token is a field of the message (Cognito's user operations): the
	 * body may be 64 KB without one in the header */
	OP_TOKEN_IN_BODY = 1 << 6,
	/* its message holds what nobody should find in memory afterwards: all
	 * that was made for the request is overwritten */
	OP_SECRET = 1 << 7,
};

enum op_door {
	DOOR_CONNECT = 1 << 0,
	DOOR_AWS = 1 << 1,
};

struct op {
	const char *name; /* the rpc's */
	void (*handle)(struct call *);
	unsigned flags;
	unsigned doors;
	const char *permission; /* "dynamodb:PutItem", or NULL */
};

/* How AWS's door speaks for a service. */
enum aws_form {
	AWS_JSON_1_0, /* DynamoDB's: name spaces, checksums */
	AWS_JSON_1_1, /* Cognito's: bare names, also in a header */
};

/* An exception that a service calls otherwise than lib/base/fault.h. */
struct aws_name {
	int code;
	const char *name;
};

/* A service's operations; rows end with an empty one. */
struct op_service {
	const char *name; /* "parlor.kv.v1.KeyValue" */
	const struct op *ops;
	/* Through AWS's door, NULL where it has none: what x-amz-target has in
	 * front of the operation, and __type in front of the service's own
	 * exceptions. */
	const char *aws, *aws_exceptions;
	enum aws_form aws_form;
	const struct aws_name *aws_names; /* ends with an empty row; or NULL */
	/* Is the request, a message of that type, of its form? Negative, and
	 * the call has failed, if not. Before any handler; or NULL. */
	int (*check)(struct call *, const struct descriptor_message *);
};

#endif
