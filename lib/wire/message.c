/* lib/wire/message.c - unpacking protobuf bytes of strangers safely */
#include "lib/wire/message.h"
#include "lib/wire/wire.h"

struct scan {
	size_t parts; /* submessages met */
	struct fault *fault;
};

static int refuse(struct scan *s, const ProtobufCMessageDescriptor *type,
		  const char *field, const char *why)
{
	return fault_set(s->fault, E_INVALID, "%s%s%s: %s", type->name,
			 *field ? "." : "", field, why);
}

static int scan_message(struct scan *, const ProtobufCMessageDescriptor *,
			struct slice bytes, int depth);

/* A field whose value is bytes on the wire. */
static int scan_bytes(struct scan *s, const ProtobufCMessageDescriptor *type,
		      const ProtobufCFieldDescriptor *field, struct slice bytes,
		      int depth)
{
	if (field->type == PROTOBUF_C_TYPE_STRING) {
		if (memchr(bytes.data, 0, bytes.size))
			return refuse(s, type, field->name, "holds a NUL");
		if (!slice_is_utf8(bytes))
			return refuse(s, type, field->name, "is not UTF-8");
		return 0;
	}
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return 0;
	if (depth >= MESSAGE_DEPTH_MAX)
		return refuse(s, type, field->name, "is nested too deep");
	if (++s->parts > MESSAGE_PARTS_MAX)
		return fault_set(s->fault, E_INVALID,
				 "%s.%s: more than %d messages", type->name,
				 field->name, MESSAGE_PARTS_MAX);
	return scan_message(s, field->descriptor, bytes, depth + 1);
}

static int scan_message(struct scan *s, const ProtobufCMessageDescriptor *type,
			struct slice bytes, int depth)
{
	struct wire_field f;
	int more, result;

	while ((more = wire_next(&bytes, &f)) == 1) {
		const ProtobufCFieldDescriptor *field;

		if (f.type != WIRE_BYTES)
			continue;
		field = protobuf_c_message_descriptor_get_field(type, f.number);
		if (!field)
			continue;
		result = scan_bytes(s, type, field, f.bytes, depth);
		if (result != 0)
			return result;
	}
	return more == 0 ? 0 : refuse(s, type, "", "malformed message");
}

int message_scan(const ProtobufCMessageDescriptor *type, struct slice bytes,
		 struct fault *fault)
{
	struct scan s = { .fault = fault };

	return scan_message(&s, type, bytes, 1);
}

static void *take(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void give_back(void *arena, void *place)
{
	(void)arena;
	(void)place;
}

void *message_unpack(const ProtobufCMessageDescriptor *type, struct slice bytes,
		     struct arena *mem, struct fault *fault)
{
	ProtobufCAllocator allocator = { take, give_back, mem };
	void *message;

	if (message_scan(type, bytes, fault) != 0)
		return NULL;
	message =
	    protobuf_c_message_unpack(type, &allocator, bytes.size, bytes.data);
	if (mem->full)
		fault_set(fault, E_HTTP_TOO_LARGE,
			  "%s: unpacked it takes over %zu bytes", type->name,
			  mem->max);
	else if (!message)
		fault_set(fault, E_INVALID, "%s: malformed message",
			  type->name);
	return fault->code == E_NONE ? message : NULL;
}

struct slice message_pack(const ProtobufCMessage *message, struct arena *mem)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *place = arena_alloc(mem, size ? size : 1);

	if (!place)
		return slice_make(NULL, 0);
	return slice_make(place, protobuf_c_message_pack(message, place));
}
