/* lib/rpc/call.c - one request while it is served */
#include "lib/rpc/call.h"
#include "lib/base/buffer.h"
#include "lib/base/clock.h"
#include "lib/wire/message.h"

#include <limits.h>

void call_init(struct call *c, struct arena *mem)
{
	*c = (struct call){ .mem = mem,
			    .started_ns = clock_monotonic_ns(),
			    .now_ms = clock_wall_ms() };
}

int call_status(struct call *c)
{
	if (c->mem->full)
		call_fail(c, E_HTTP_TOO_LARGE,
			  "the request takes over %zu bytes of memory",
			  c->mem->max);
	return -c->fault.code;
}

/* Details stand in the order in which they were added. */
void call_detail(struct call *c, const char *type, struct slice message)
{
	struct fault_detail *detail = arena_alloc(c->mem, sizeof(*detail));
	const struct fault_detail *last = c->fault.details;

	if (!detail)
		return;
	*detail =
	    (struct fault_detail){ NULL, type, arena_slice(c->mem, message) };
	while (last && last->next)
		last = last->next;
	if (last)
		((struct fault_detail *)last)->next = detail;
	else
		c->fault.details = detail;
}

void call_detail_message(struct call *c, const ProtobufCMessage *message)
{
	call_detail(c, message->descriptor->name,
		    message_pack(message, c->mem));
}

void *call_unpack(struct call *c, const ProtobufCMessageDescriptor *type)
{
	if (call_failed(c))
		return NULL;
	return message_unpack(type, c->request, c->mem, &c->fault);
}

void call_reply_bytes(struct call *c, struct slice message)
{
	call_status(c);
	if (c->door)
		c->door->answer(c, message);
}

void call_reply(struct call *c, const ProtobufCMessage *message)
{
	struct slice bytes = slice_make("", 0);

	if (call_status(c) == 0)
		bytes = message_pack(message, c->mem);
	call_reply_bytes(c, bytes);
}

size_t call_send_bytes(struct call *c, struct slice message)
{
	return call_failed(c) || !c->door ? 0 : c->door->send(c, message);
}

/* A stream may last longer than any arena, so its messages do not live there.
 */
size_t call_send(struct call *c, const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	size_t waiting;
	uint8_t *bytes;

	if (call_failed(c) || !c->door)
		return 0;
	bytes = malloc(size + 1);
	if (!bytes)
		abort(); /* lack of memory ends the process */
	protobuf_c_message_pack(message, bytes);
	waiting = call_send_bytes(c, slice_make(bytes, size));
	free(bytes);
	return waiting;
}

void call_end(struct call *c)
{
	call_reply_bytes(c, slice_make("", 0));
}

int call_remaining_ms(const struct call *c, int otherwise)
{
	int64_t left;

	if (!c->deadline_ns)
		return otherwise;
	left = (c->deadline_ns - clock_monotonic_ns()) / 1000000;
	if (left < 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}
