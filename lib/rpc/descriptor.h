/* lib/rpc/descriptor.h - what the protos say, at run time
 *
 * Read once from protoc's descriptor set (with imports) into tables that the
 * transcoder and the router use: protoc-c's own descriptors know neither JSON
 * names nor maps nor streaming. Immutable after descriptor_set_load; any
 * thread.
 */
#ifndef PARLOR_RPC_DESCRIPTOR_H
#define PARLOR_RPC_DESCRIPTOR_H

#include "lib/base/fault.h"
#include "lib/base/slice.h"

struct descriptor_set;
struct descriptor_message;

enum descriptor_type { /* descriptor.proto's FieldDescriptorProto.Type */
		       TYPE_DOUBLE = 1,
		       TYPE_FLOAT,
		       TYPE_INT64,
		       TYPE_UINT64,
		       TYPE_INT32,
		       TYPE_FIXED64,
		       TYPE_FIXED32,
		       TYPE_BOOL,
		       TYPE_STRING,
		       TYPE_GROUP,
		       TYPE_MESSAGE,
		       TYPE_BYTES,
		       TYPE_UINT32,
		       TYPE_ENUM,
		       TYPE_SFIXED32,
		       TYPE_SFIXED64,
		       TYPE_SINT32,
		       TYPE_SINT64,
};

struct descriptor_value {
	struct slice name;
	int32_t number;
};

struct descriptor_enum {
	struct slice name; /* full */
	bool is_null;	   /* google.protobuf.NullValue: null in JSON */
	const struct descriptor_value *values;
	size_t count;
};

struct descriptor_field {
	struct slice name, json_name;
	struct slice quoted; /* "json_name": with quotes and colon */
	uint32_t number;
	enum descriptor_type type;
	bool repeated, packed, required;
	bool always;   /* parlor.options.v1.always */
	bool empties;  /* parlor.options.v1.empties */
	bool map;      /* repeated of entry messages: 1 the key, 2 the value */
	bool implicit; /* proto3 without presence */
	int oneof;     /* index in its message, -1 for none */
	const struct descriptor_message *message; /* of TYPE_MESSAGE */
	const struct descriptor_enum *enumeration;
};

/* Messages that have a JSON form of their own. */
enum well_known {
	WELL_KNOWN_NONE,
	WELL_KNOWN_ANY,
	WELL_KNOWN_EMPTY, /* its own only inside of an Any */
	WELL_KNOWN_TIMESTAMP,
	WELL_KNOWN_DURATION,
	WELL_KNOWN_FIELD_MASK,
	WELL_KNOWN_STRUCT,
	WELL_KNOWN_VALUE,
	WELL_KNOWN_LIST_VALUE,
	WELL_KNOWN_WRAPPER, /* DoubleValue and its like: field 1 */
};

enum { DESCRIPTOR_FIELDS_MAX = 512 };

struct descriptor_message {
	struct slice name;		       /* full: "parlor.kv.v1.Item" */
	const struct descriptor_field *fields; /* in order of number */
	size_t count;
	const uint16_t *by_json; /* indexes, in order of json_name */
	const uint16_t *by_name; /* indexes, in order of name */
	int oneofs;		 /* how many */
	bool transparent;	 /* parlor.options.v1.transparent */
	bool has_always;	 /* one of its fields is `always` */
	const struct descriptor_field *empties; /* the field that is, or NULL */
	struct slice aws_package; /* parlor.options.v1.aws_package */
	enum well_known well_known;
	const struct descriptor_set *set; /* where Any finds its types */
};

struct descriptor_method {
	struct slice service; /* full: "parlor.kv.v1.KeyValue" */
	struct slice name;    /* "PutItem" */
	const struct descriptor_message *input, *output;
	bool client_streams, server_streams, no_side_effects;
};

/* `bytes` is a FileDescriptorSet; nothing of it is kept. NULL, with words in
 * the fault, when it is malformed, refers to what is not in it or has a message
 * of more than DESCRIPTOR_FIELDS_MAX fields. */
struct descriptor_set *descriptor_set_load(struct slice bytes, struct fault *);
void descriptor_set_free(struct descriptor_set *);

/* The set of Parlor's own protos, embedded in every daemon; loaded once. */
const struct descriptor_set *descriptor_set_parlor(void);

const struct descriptor_message *descriptor_message_find(
    const struct descriptor_set *, struct slice full_name);

/* By an Any's "type.googleapis.com/parlor.kv.v1.Item". */
const struct descriptor_message *descriptor_message_of_url(
    const struct descriptor_set *, struct slice url);

/* By "parlor.kv.v1.KeyValue/PutItem". */
const struct descriptor_method *descriptor_method_find(
    const struct descriptor_set *, struct slice path);

/* The i-th method of the set, or NULL past the end. */
const struct descriptor_method *descriptor_method_at(
    const struct descriptor_set *, size_t i);

const struct descriptor_field *descriptor_field_by_number(
    const struct descriptor_message *, uint32_t);
/* By json_name or by the proto's name, as protobuf's mapping accepts both. */
const struct descriptor_field *descriptor_field_by_json(
    const struct descriptor_message *, struct slice name);
/* By json_name alone, as AWS's forms have it. */
const struct descriptor_field *descriptor_field_by_json_only(
    const struct descriptor_message *, struct slice name);

#endif
