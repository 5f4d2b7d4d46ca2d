/* tests/fuzz/frame.c - what a worker may send on its socket
 *
 * links: parlor_function
 *
 * The first two bytes of each piece say how many follow: they are taken as
 * frames one after the other, and complete messages as what the host unpacks.
 */
#include "lib/function/frame.h"
#include "lib/function/failure.h"
#include "lib/wire/message.h"

#include "parlor/function/v1/event.pb-c.h"

#include <stdlib.h>

enum { MEMORY = 1 << 20 };

static void understand(const struct frame *head, struct slice message,
		       struct arena *mem)
{
	struct fault fault = { 0 };

	if (message.size != head->total)
		abort(); /* a message has the length that was announced */
	if (head->kind == FRAME_FAILURE)
		failure_unpack(message, mem, &fault);
	else if (head->kind == FRAME_CALL)
		message_unpack(&parlor__function__v1__call__descriptor, message,
			       mem, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_reader reader = { 0 };
	struct slice rest = slice_make(data, size), message;
	struct arena mem;
	struct frame head;
	int result = 0;

	arena_init(&mem, MEMORY);
	while (rest.size >= 2 && result >= 0) {
		size_t take = (size_t)rest.data[0] << 8 | rest.data[1];

		rest.data += 2;
		rest.size -= 2;
		take = take < rest.size ? take : rest.size;
		result = frame_take(&reader, &mem, slice_make(rest.data, take),
				    &head, &message);
		if (result == 1)
			understand(&head, message, &mem);
		rest.data += take;
		rest.size -= take;
	}
	arena_release(&mem);
	return 0;
}
