/* tests/fuzz/json.c - JSON of strangers, and messages of strangers
 *
 * The first byte chooses the flags and the direction. What JSON text means,
 * written again, must mean the same: a second trip gives the same bytes and the
 * same text as the first.
 */
#include "lib/rpc/json.h"

enum { OUTPUT_MAX = 1 << 20 };

static const char *const types[] = {
	"parlor.kv.v1.PutItemRequest",
	"parlor.kv.v1.TransactWriteItemsRequest",
	"parlor.kv.v1.TableDescription",
	"parlor.game.v1.Match",
};

struct trip {
	struct buffer bytes, text;
};

static int go(const struct descriptor_message *m, struct slice json,
	      unsigned flags, struct trip *t)
{
	struct fault fault = { 0 };
	struct arena scratch;
	int result;

	arena_init(&scratch, OUTPUT_MAX);
	buffer_init(&t->bytes, OUTPUT_MAX);
	buffer_init(&t->text, 4 * OUTPUT_MAX);
	result = json_to_message(m, json, flags, &scratch, &t->bytes, &fault);
	if (result == 0 && json_from_message(m, buffer_slice(&t->bytes), flags,
					     &t->text, &fault) != 0)
		abort(); /* what was read must be writable */
	arena_release(&scratch);
	return result;
}

static void end(struct trip *t)
{
	buffer_release(&t->bytes);
	buffer_release(&t->text);
}

static void from_json(const struct descriptor_message *m, struct slice json,
		      unsigned flags)
{
	struct trip first, second;

	if (go(m, json, flags, &first) == 0) {
		if (go(m, buffer_slice(&first.text), flags, &second) != 0 ||
		    !slice_equal(buffer_slice(&first.text),
				 buffer_slice(&second.text)))
			abort();
		end(&second);
	}
	end(&first);
}

static void from_message(const struct descriptor_message *m, struct slice bytes,
			 unsigned flags)
{
	struct fault fault = { 0 };
	struct buffer text;

	buffer_init(&text, OUTPUT_MAX);
	json_from_message(m, bytes, flags, &text, &fault);
	buffer_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct descriptor_message *m;
	unsigned flags;
	struct slice rest;

	if (size == 0)
		return 0;
	m = descriptor_message_find(descriptor_set_parlor(),
				    slice_of(types[data[0] >> 3 & 3]));
	flags = data[0] & (JSON_IGNORE_UNKNOWN | JSON_AWS);
	rest = slice_make(data + 1, size - 1);
	if (data[0] & 4)
		from_message(m, rest, flags);
	else
		from_json(m, rest, flags);
	return 0;
}
