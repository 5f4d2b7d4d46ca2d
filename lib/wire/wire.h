/* lib/wire/wire.h - protobuf's bytes, a field at a time
 *
 * The reader checks framing only: lengths within the bytes, varints of at most
 * ten bytes, no groups. What a field means is its descriptor's.
 */
#ifndef PARLOR_WIRE_WIRE_H
#define PARLOR_WIRE_WIRE_H

#include "lib/base/buffer.h"
#include "lib/base/fault.h"

enum wire_type { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32 = 5 };

enum { WIRE_NUMBER_MAX = (1 << 29) - 1 };

struct wire_field {
	uint32_t number;
	enum wire_type type;
	uint64_t value;	    /* of the numeric types */
	struct slice bytes; /* of WIRE_BYTES */
};

/* Takes a varint off the front. Returns 0 or -E_INVALID. */
static inline int wire_varint(struct slice *rest, uint64_t *value)
{
	uint64_t out = 0;

	for (size_t i = 0; i < 10 && i < rest->size; i++) {
		uint8_t byte = rest->data[i];

		out |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			if (i == 9 && byte > 1)
				return -E_INVALID;
			*value = out;
			rest->data += i + 1;
			rest->size -= i + 1;
			return 0;
		}
	}
	return -E_INVALID;
}

/* Takes `size` (4 or 8) little-endian bytes off the front. */
static inline int wire_fixed(struct slice *rest, size_t size, uint64_t *value)
{
	uint64_t out = 0;

	if (rest->size < size)
		return -E_INVALID;
	for (size_t i = 0; i < size; i++)
		out |= (uint64_t)rest->data[i] << (8 * i);
	*value = out;
	rest->data += size;
	rest->size -= size;
	return 0;
}

/* Takes a length and that many bytes off the front. */
static inline int wire_bytes(struct slice *rest, struct slice *bytes)
{
	uint64_t size;

	if (wire_varint(rest, &size) != 0 || size > rest->size)
		return -E_INVALID;
	*bytes = slice_make(rest->data, (size_t)size);
	rest->data += size;
	rest->size -= (size_t)size;
	return 0;
}

/* Takes a value of that type off the front. */
static inline int wire_value(struct slice *rest, struct wire_field *f)
{
	switch (f->type) {
	case WIRE_VARINT:
		return wire_varint(rest, &f->value);
	case WIRE_FIXED64:
		return wire_fixed(rest, 8, &f->value);
	case WIRE_BYTES:
		return wire_bytes(rest, &f->bytes);
	case WIRE_FIXED32:
		return wire_fixed(rest, 4, &f->value);
	}
	return -E_INVALID;
}

/* Takes the next field off the front: 1, 0 at the end, -E_INVALID. */
static inline int wire_next(struct slice *rest, struct wire_field *f)
{
	uint64_t tag;

	if (rest->size == 0)
		return 0;
	if (wire_varint(rest, &tag) != 0 || tag > UINT32_MAX || tag >> 3 == 0)
		return -E_INVALID;
	f->number = (uint32_t)(tag >> 3);
	f->type = (enum wire_type)(tag & 7);
	return wire_value(rest, f) == 0 ? 1 : -E_INVALID;
}

/* Writes a varint to `out` (ten bytes are enough); returns its length. */
static inline size_t wire_varint_write(uint8_t *out, uint64_t value)
{
	size_t size = 0;

	while (value >= 0x80) {
		out[size++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	out[size++] = (uint8_t)value;
	return size;
}

static inline size_t wire_varint_size(uint64_t value)
{
	size_t size = 1;

	while (value >= 0x80) {
		size++;
		value >>= 7;
	}
	return size;
}

/* The size of a field with a number below 16 that holds `size` bytes. */
static inline size_t wire_bytes_size(size_t size)
{
	return 1 + wire_varint_size(size) + size;
}

static inline void wire_put_varint(struct buffer *out, uint64_t value)
{
	uint8_t bytes[10];

	buffer_put(out, bytes, wire_varint_write(bytes, value));
}

static inline void wire_put_fixed(struct buffer *out, size_t size,
				  uint64_t value)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	buffer_put(out, bytes, size);
}

static inline void wire_put_tag(struct buffer *out, uint32_t number,
				enum wire_type type)
{
	wire_put_varint(out, (uint64_t)number << 3 | type);
}

/* A field's tag and length; `size` bytes must follow. */
static inline void wire_put_head(struct buffer *out, uint32_t number,
				 size_t size)
{
	wire_put_tag(out, number, WIRE_BYTES);
	wire_put_varint(out, size);
}

static inline void wire_put_bytes(struct buffer *out, uint32_t number,
				  struct slice bytes)
{
	wire_put_head(out, number, bytes.size);
	buffer_put_slice(out, bytes);
}

static inline uint64_t wire_zigzag(int64_t value)
{
	return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t wire_unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

#endif
