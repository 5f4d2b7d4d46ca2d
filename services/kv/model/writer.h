/* services/kv/model/writer.h - nested messages written from their end
 *
 * A message's length stands before it and is known only behind it. So bytes are
 * put in front of what is there: first the last field, then its head, and no
 * length has to be computed beforehand. Lives in an arena; past its maximum, or
 * the arena's, it is `full` and takes no more.
 */
#ifndef PARLOR_KV_WRITER_H
#define PARLOR_KV_WRITER_H

#include "lib/base/arena.h"
#include "lib/item/item.h"

struct kv_writer {
	struct arena *mem;
	uint8_t *block;
	size_t start, capacity; /* the bytes are block[start..capacity) */
	size_t max;
	bool full;
};

void kv_writer_init(struct kv_writer *, struct arena *, size_t max);

/* How much there is: taken before a message's last field is written, it is the
 * `mark` for its head. */
static inline size_t kv_writer_size(const struct kv_writer *w)
{
	return w->capacity - w->start;
}

/* The bytes, valid until the next change. */
static inline struct slice kv_writer_slice(const struct kv_writer *w)
{
	return w->block ? slice_make(w->block + w->start, kv_writer_size(w))
			: SLICE("");
}

void kv_writer_put(struct kv_writer *, struct slice);

/* The tag and length of a field whose bytes are all that came after `mark`. */
void kv_writer_head(struct kv_writer *, uint32_t number, size_t mark);

/* A whole field of bytes. */
void kv_writer_bytes(struct kv_writer *, uint32_t number, struct slice);

/* A field that is a varint. */
void kv_writer_varint(struct kv_writer *, uint32_t number, uint64_t);

/* The member of an AttributeValue. */
void kv_writer_value(struct kv_writer *, const struct item_value *);

/* What stands around an AttributeValue that began at `mark`: an entry of an
 * item, or a member of a list. */
void kv_writer_entry(struct kv_writer *, struct slice name, size_t mark);
void kv_writer_member(struct kv_writer *, size_t mark);

/* A whole entry of an item. */
void kv_writer_attribute(struct kv_writer *, struct slice name,
			 const struct item_value *);

#endif
