/* lib/item/wire.h - protobuf's wire form, a field at a time
 *
 * The lowest layer of reading and writing without a tree: tags, varints and
 * lengths, each checked as a stranger's. Pure.
 */
#ifndef PARLOR_ITEM_WIRE_H
#define PARLOR_ITEM_WIRE_H

#include "lib/base/buffer.h"
#include "lib/base/slice.h"

enum wire_type { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32 = 5 };

enum { WIRE_VARINT_MAX = 10 }; /* bytes */

struct wire_field {
	uint32_t number;
	enum wire_type type;
	uint64_t value;	    /* WIRE_VARINT */
	struct slice bytes; /* the others: their bytes */
};

/* Takes the next field off *rest: 1 and a field, 0 at the end, -E_INVALID when
 * malformed (groups are). */
int wire_next(struct slice *rest, struct wire_field *);

/* Writes a varint at `out`, which has WIRE_VARINT_MAX bytes; returns its
 * length. */
size_t wire_varint(uint8_t *out, uint64_t);
size_t wire_varint_size(uint64_t);

/* The size of a field with a number below 16 holding `size` bytes. */
static inline size_t wire_bytes_size(size_t size)
{
	return 1 + wire_varint_size(size) + size;
}

/* Appends a field's tag and varint. */
void wire_put_varint(struct buffer *, uint32_t number, uint64_t);
/* Appends a field's tag and length; `size` bytes must follow. */
void wire_put_head(struct buffer *, uint32_t number, size_t size);
/* Appends a field with these bytes. */
void wire_put_bytes(struct buffer *, uint32_t number, struct slice);

#endif
