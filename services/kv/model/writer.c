/* services/kv/model/writer.c - nested messages written from their end */
#include "services/kv/model/writer.h"
#include "lib/wire/wire.h"

enum { WRITER_FIRST = 512 };

/* Fields of Item, its entries, and lists. */
enum { ITEM_ENTRY = 1, ENTRY_NAME = 1, ENTRY_VALUE = 2, MEMBER = 1 };

void kv_writer_init(struct kv_writer *w, struct arena *mem, size_t max)
{
	*w = (struct kv_writer){ .mem = mem, .max = max };
}

static void grow(struct kv_writer *w, size_t more)
{
	size_t size = kv_writer_size(w);
	size_t capacity = w->capacity ? w->capacity : WRITER_FIRST;
	uint8_t *block;

	if (more > w->max - size) {
		w->full = true;
		return;
	}
	while (capacity < size + more)
		capacity *= 2;
	block = arena_alloc(w->mem, capacity);
	if (!block) {
		w->full = true;
		return;
	}
	if (size)
		memcpy(block + capacity - size, w->block + w->start, size);
	w->block = block;
	w->start = capacity - size;
	w->capacity = capacity;
}

void kv_writer_put(struct kv_writer *w, struct slice bytes)
{
	if (bytes.size > w->start && !w->full)
		grow(w, bytes.size);
	if (w->full || bytes.size == 0)
		return;
	w->start -= bytes.size;
	memcpy(w->block + w->start, bytes.data, bytes.size);
}

static void put_pair(struct kv_writer *w, uint64_t tag, uint64_t value)
{
	uint8_t bytes[20];
	size_t size = wire_varint_write(bytes, tag);

	size += wire_varint_write(bytes + size, value);
	kv_writer_put(w, slice_make(bytes, size));
}

void kv_writer_head(struct kv_writer *w, uint32_t number, size_t mark)
{
	put_pair(w, (uint64_t)number << 3 | WIRE_BYTES,
		 kv_writer_size(w) - mark);
}

void kv_writer_bytes(struct kv_writer *w, uint32_t number, struct slice bytes)
{
	size_t mark = kv_writer_size(w);

	kv_writer_put(w, bytes);
	kv_writer_head(w, number, mark);
}

void kv_writer_varint(struct kv_writer *w, uint32_t number, uint64_t value)
{
	put_pair(w, (uint64_t)number << 3 | WIRE_VARINT, value);
}

void kv_writer_value(struct kv_writer *w, const struct item_value *value)
{
	if (value->type >= ITEM_NULL)
		kv_writer_varint(w, value->type,
				 value->type == ITEM_NULL || value->truth);
	else
		kv_writer_bytes(w, value->type, value->bytes);
}

void kv_writer_entry(struct kv_writer *w, struct slice name, size_t mark)
{
	kv_writer_head(w, ENTRY_VALUE, mark);
	kv_writer_bytes(w, ENTRY_NAME, name);
	kv_writer_head(w, ITEM_ENTRY, mark);
}

void kv_writer_member(struct kv_writer *w, size_t mark)
{
	kv_writer_head(w, MEMBER, mark);
}

void kv_writer_attribute(struct kv_writer *w, struct slice name,
			 const struct item_value *value)
{
	size_t mark = kv_writer_size(w);

	kv_writer_value(w, value);
	kv_writer_entry(w, name, mark);
}
