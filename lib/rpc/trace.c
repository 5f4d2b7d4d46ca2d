/* lib/rpc/trace.c - W3C trace context: one id along a request's whole way */
#include "lib/rpc/trace.h"
#include "lib/base/random.h"

enum { TRACE_ID = 3, TRACE_ID_SIZE = 32, TRACE_FLAGS = 53 };

/* Ids must differ, not be secret: splitmix64 from a random start, a thread
 * its own. */
static uint64_t next_id(void)
{
	static _Thread_local uint64_t state;
	uint64_t z;

	if (!state)
		random_bytes(&state, sizeof(state));
	z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void put_id(char *out)
{
	static const char hex[] = "0123456789abcdef";
	uint64_t id = next_id();

	for (int i = 15; i >= 0; i--, id >>= 4)
		out[i] = hex[id & 15];
}

/* `size` lower-case hexadecimal digits, not all of them zero. */
static bool is_id(const uint8_t *text, size_t size)
{
	bool zero = true;

	for (size_t i = 0; i < size; i++) {
		uint8_t c = text[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		zero = zero && c == '0';
	}
	return !zero;
}

/* Of version 00; later versions may go on behind it with a dash. */
static bool is_traceparent(struct slice t)
{
	uint8_t flags[3] = { '1' }; /* flags may be all zero, unlike ids */

	if (t.size < TRACE_SIZE - 1 || t.data[2] != '-' ||
	    t.data[TRACE_SPAN - 1] != '-' || t.data[TRACE_FLAGS - 1] != '-')
		return false;
	if (t.size > TRACE_SIZE - 1 &&
	    (t.data[1] == '0' || t.data[TRACE_SIZE - 1] != '-'))
		return false;
	memcpy(flags + 1, t.data + TRACE_FLAGS, 2);
	return t.data[0] == '0' && is_id(flags, sizeof(flags)) &&
	       is_id(t.data + TRACE_ID, TRACE_ID_SIZE) &&
	       is_id(t.data + TRACE_SPAN, TRACE_SPAN_SIZE);
}

void trace_continue(struct slice from, char out[TRACE_SIZE])
{
	memcpy(out,
	       "00-00000000000000000000000000000000-"
	       "0000000000000000-01",
	       TRACE_SIZE);
	if (is_traceparent(from)) {
		memcpy(out + TRACE_ID, from.data + TRACE_ID, TRACE_ID_SIZE);
		memcpy(out + TRACE_FLAGS, from.data + TRACE_FLAGS, 2);
	} else {
		put_id(out + TRACE_ID);
		put_id(out + TRACE_ID + 16);
	}
	put_id(out + TRACE_SPAN);
}
