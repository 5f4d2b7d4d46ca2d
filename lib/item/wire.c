/* lib/item/wire.c - protobuf's wire form, a field at a time */
#include "lib/item/wire.h"
#include "lib/base/fault.h"

/* Takes a varint off *rest; false when it is cut short or too long. */
static bool take_varint(struct slice *rest, uint64_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < rest->size && i < WIRE_VARINT_MAX; i++) {
		uint8_t byte = rest->data[i];

		if (i == WIRE_VARINT_MAX - 1 && byte > 1)
			return false;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*rest =
			    slice_make(rest->data + i + 1, rest->size - i - 1);
			*out = value;
			return true;
		}
	}
	return false;
}

static bool take_bytes(struct slice *rest, uint64_t size, struct slice *out)
{
	if (size > rest->size)
		return false;
	*out = slice_make(rest->data, (size_t)size);
	*rest = slice_make(rest->data + size, rest->size - (size_t)size);
	return true;
}

static bool take_value(struct slice *rest, struct wire_field *field)
{
	uint64_t size;

	switch (field->type) {
	case WIRE_VARINT:
		return take_varint(rest, &field->value);
	case WIRE_FIXED64:
		return take_bytes(rest, 8, &field->bytes);
	case WIRE_FIXED32:
		return take_bytes(rest, 4, &field->bytes);
	case WIRE_BYTES:
		return take_varint(rest, &size) &&
		       take_bytes(rest, size, &field->bytes);
	}
	return false; /* groups, and types that do not exist */
}

int wire_next(struct slice *rest, struct wire_field *field)
{
	uint64_t tag;

	if (rest->size == 0)
		return 0;
	*field = (struct wire_field){ 0 };
	if (!take_varint(rest, &tag) || tag > UINT32_MAX || tag < 8)
		return -E_INVALID;
	field->number = (uint32_t)(tag >> 3);
	field->type = (enum wire_type)(tag & 7);
	return take_value(rest, field) ? 1 : -E_INVALID;
}

size_t wire_varint(uint8_t *out, uint64_t value)
{
	size_t size = 0;

	while (value >= 0x80) {
		out[size++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	out[size++] = (uint8_t)value;
	return size;
}

size_t wire_varint_size(uint64_t value)
{
	size_t size = 1;

	while (value >= 0x80) {
		size++;
		value >>= 7;
	}
	return size;
}

static void put_pair(struct buffer *b, uint64_t tag, uint64_t value)
{
	uint8_t *place = buffer_reserve(b, 2 * (size_t)WIRE_VARINT_MAX);
	size_t size;

	if (!place)
		return;
	size = wire_varint(place, tag);
	size += wire_varint(place + size, value);
	buffer_added(b, size);
}

void wire_put_varint(struct buffer *b, uint32_t number, uint64_t value)
{
	put_pair(b, (uint64_t)number << 3 | WIRE_VARINT, value);
}

void wire_put_head(struct buffer *b, uint32_t number, size_t size)
{
	put_pair(b, (uint64_t)number << 3 | WIRE_BYTES, size);
}

void wire_put_bytes(struct buffer *b, uint32_t number, struct slice bytes)
{
	wire_put_head(b, number, bytes.size);
	buffer_put_slice(b, bytes);
}
