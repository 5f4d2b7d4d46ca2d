/* lib/item/item.c - items as their bytes: reading and writing without a tree */
#include "lib/item/item.h"
#include "lib/base/fault.h"
#include "lib/wire/wire.h"

#include <inttypes.h>

/* Fields of Item, of its entries, and of lists and sets. */
enum { ITEM_ENTRY = 1, ENTRY_NAME = 1, ENTRY_VALUE = 2, MEMBER = 1 };

const char *item_type_name(enum item_type type)
{
	static const char *const names[] = {
		[ITEM_NONE] = "",     [ITEM_S] = "S",	    [ITEM_N] = "N",
		[ITEM_B] = "B",	      [ITEM_SS] = "SS",	    [ITEM_NS] = "NS",
		[ITEM_BS] = "BS",     [ITEM_M] = "M",	    [ITEM_L] = "L",
		[ITEM_NULL] = "NULL", [ITEM_BOOL] = "BOOL",
	};

	return names[type];
}

/* ---- reading ---------------------------------------------------------------
 */

int item_value_read(struct slice bytes, struct item_value *value)
{
	struct wire_field field = { 0 };
	enum wire_type want;

	*value = (struct item_value){ 0 };
	if (wire_next(&bytes, &field) <= 0 || bytes.size ||
	    field.number > ITEM_BOOL)
		return -E_INVALID;
	want = field.number >= ITEM_NULL ? WIRE_VARINT : WIRE_BYTES;
	if (field.type != want)
		return -E_INVALID;
	value->type = (enum item_type)field.number;
	value->truth = field.value != 0;
	value->bytes = field.bytes;
	return 0;
}

static int entry_read(struct slice entry, struct slice *name,
		      struct item_value *value)
{
	struct wire_field field;
	unsigned seen = 0;

	while (entry.size) {
		if (wire_next(&entry, &field) < 0 || field.type != WIRE_BYTES ||
		    field.number > ENTRY_VALUE || seen & 1U << field.number)
			return -E_INVALID;
		seen |= 1U << field.number;
		if (field.number == ENTRY_NAME)
			*name = field.bytes;
		else if (item_value_read(field.bytes, value))
			return -E_INVALID;
	}
	/* a name without bytes may be left out on the wire */
	if (!(seen & 1U << ENTRY_NAME))
		*name = SLICE("");
	return seen & 1U << ENTRY_VALUE ? 1 : -E_INVALID;
}

int item_next(struct slice *rest, struct slice *name, struct item_value *value)
{
	struct wire_field field;
	int more = wire_next(rest, &field);

	if (more <= 0)
		return more;
	if (field.number != ITEM_ENTRY || field.type != WIRE_BYTES)
		return -E_INVALID;
	return entry_read(field.bytes, name, value);
}

static enum item_type member_type(enum item_type of)
{
	return of == ITEM_SS   ? ITEM_S
	       : of == ITEM_NS ? ITEM_N
	       : of == ITEM_BS ? ITEM_B
			       : ITEM_NONE;
}

int item_next_value(enum item_type of, struct slice *rest,
		    struct item_value *value)
{
	struct wire_field field;
	int more = wire_next(rest, &field);

	if (more <= 0)
		return more;
	if (field.number != MEMBER || field.type != WIRE_BYTES)
		return -E_INVALID;
	if (of == ITEM_L)
		return item_value_read(field.bytes, value) ? -E_INVALID : 1;
	*value = (struct item_value){ .type = member_type(of),
				      .bytes = field.bytes };
	return value->type ? 1 : -E_INVALID;
}

struct item_value item_find_slice(struct slice item, struct slice wanted)
{
	struct slice name = { 0 };
	struct item_value value;

	while (item_next(&item, &name, &value) > 0)
		if (slice_equal(name, wanted))
			return value;
	return (struct item_value){ 0 };
}

struct item_value item_find(struct slice item, const char *name)
{
	return item_find_slice(item, slice_of(name));
}

struct slice item_find_text(struct slice item, enum item_type type,
			    const char *name)
{
	struct item_value value = item_find(item, name);

	return value.type == type ? value.bytes : SLICE("");
}

int64_t item_value_i64(const struct item_value *v, int64_t otherwise)
{
	struct slice text = v->type == ITEM_N ? v->bytes : slice_make("", 0);
	bool minus = text.size && text.data[0] == '-';
	uint64_t most = (uint64_t)INT64_MAX + minus, value;

	if (minus)
		text = slice_make(text.data + 1, text.size - 1);
	if (slice_to_u64(text, most, &value))
		return otherwise;
	return minus ? (int64_t)(0 - value) : (int64_t)value;
}

int64_t item_find_i64(struct slice item, const char *name, int64_t otherwise)
{
	struct item_value value = item_find(item, name);

	return item_value_i64(&value, otherwise);
}

/* ---- writing ---------------------------------------------------------------
 */

size_t item_value_size(const struct item_value *value)
{
	return value->type >= ITEM_NULL ? 2
					: wire_bytes_size(value->bytes.size);
}

void item_value_put(struct buffer *b, const struct item_value *value)
{
	if (value->type < ITEM_NULL) {
		wire_put_bytes(b, value->type, value->bytes);
		return;
	}
	wire_put_tag(b, value->type, WIRE_VARINT);
	wire_put_varint(b, value->type == ITEM_NULL || value->truth);
}

void item_put(struct buffer *b, struct slice name,
	      const struct item_value *value)
{
	size_t size = item_value_size(value);

	wire_put_head(b, ITEM_ENTRY,
		      wire_bytes_size(name.size) + wire_bytes_size(size));
	wire_put_bytes(b, ENTRY_NAME, name);
	wire_put_head(b, ENTRY_VALUE, size);
	item_value_put(b, value);
}

void item_put_text(struct buffer *b, const char *name, enum item_type type,
		   struct slice text)
{
	item_put(b, slice_of(name),
		 &(struct item_value){ .type = type, .bytes = text });
}

void item_put_i64(struct buffer *b, const char *name, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	item_put_text(b, name, ITEM_N, slice_of(text));
}

void item_put_bool(struct buffer *b, const char *name, bool truth)
{
	item_put(b, slice_of(name),
		 &(struct item_value){ .type = ITEM_BOOL, .truth = truth });
}

void item_put_inner(struct buffer *b, const char *name, enum item_type type,
		    struct slice inner)
{
	item_put_text(b, name, type, inner);
}

void item_put_value(struct buffer *b, enum item_type of, enum item_type type,
		    struct slice bytes)
{
	struct item_value value = { .type = type,
				    .truth = bytes.size != 0,
				    .bytes = bytes };

	if (of != ITEM_L) {
		wire_put_bytes(b, MEMBER, bytes);
		return;
	}
	wire_put_head(b, MEMBER, item_value_size(&value));
	item_value_put(b, &value);
}
