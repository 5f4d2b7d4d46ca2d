/* tests/fuzz/item.c - a stranger's item; links: service_kv */
#include "services/kv/model/item.h"
#include "services/kv/model/key.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was accepted is canonical: written again it is the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kv_key_schema schema = {
		.parts = { { SLICE("p"), ITEM_S },
			   { SLICE("b"), ITEM_B },
			   { SLICE("s"), ITEM_N } },
		.hashes = 2,
		.count = 3,
	};
	struct slice once, twice, name;
	struct item_value value;
	struct fault f = { 0 };
	struct kv_key key;
	struct arena mem;

	arena_init(&mem, 16 << 20);
	if (!kv_item_canonical(slice_make(data, size), &mem, &once, &f)) {
		assert(!kv_item_canonical(once, &mem, &twice, &f));
		assert(slice_equal(once, twice));
		kv_item_size(once);
		kv_key_of_item(&schema, once, &mem, &key, &f);
	}
	once = slice_make(data, size);
	while (item_next(&once, &name, &value) > 0)
		kv_value_canonical(value.bytes, &mem, &value, &f);
	arena_release(&mem);
	return 0;
}
