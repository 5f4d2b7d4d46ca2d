/* services/kv/model/item.c - the one form an item is stored in */
#include "services/kv/model/item.h"
#include "lib/crypto/base64.h"
#include "lib/wire/wire.h"
#include "services/kv/model/number.h"
#include "services/kv/model/writer.h"

#include <stdlib.h>

enum { ITEM_ENTRY = 1, ENTRY_NAME = 1, ENTRY_VALUE = 2, MEMBER = 1 };

#define PARAMETER "One or more parameter values were invalid: "

/* A rewriting under way. Everything goes out from the end to the start. */
struct canon {
	struct kv_writer out;
	struct arena *mem;
	struct fault *fault;
};

static int refuse(struct canon *c, const char *words)
{
	return fault_set(c->fault, E_INVALID, "%s", words);
}

static int malformed(struct canon *c)
{
	return refuse(c, "malformed item");
}

static int write_value(struct canon *, struct slice bytes, int depth);

/* ---- numbers and strings ---------------------------------------------------
 */

static int check_utf8(struct canon *c, struct slice text)
{
	return slice_is_utf8(text)
		   ? 0
		   : refuse(c, "malformed item: a string is not UTF-8");
}

/* The normalised text, which is the text itself where it is so already. */
static int normalise(struct canon *c, struct slice *number)
{
	struct kv_number value;
	char text[KV_NUMBER_TEXT];
	size_t size;

	if (kv_number_parse(*number, &value, c->fault))
		return -E_INVALID;
	size = kv_number_format(&value, text);
	if (!slice_equal(*number, slice_make(text, size)))
		*number = arena_slice(c->mem, slice_make(text, size));
	return 0;
}

static int check_scalar(struct canon *c, enum item_type type,
			struct slice *bytes)
{
	if (type == ITEM_S)
		return check_utf8(c, *bytes);
	return type == ITEM_N ? normalise(c, bytes) : 0;
}

/* ---- sets ------------------------------------------------------------------
 */

static int compare_numbers(struct slice a, struct slice b)
{
	struct fault none = { 0 };
	struct kv_number left = { 0 }, right = { 0 };

	kv_number_parse(a, &left, &none);
	kv_number_parse(b, &right, &none);
	return kv_number_compare(&left, &right);
}

int kv_set_compare(enum item_type type, struct slice a, struct slice b)
{
	return type == ITEM_NS || type == ITEM_N ? compare_numbers(a, b)
						 : slice_compare(a, b);
}

static int by_bytes(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a,
			     *(const struct slice *)b);
}

static int by_number(const void *a, const void *b)
{
	return compare_numbers(*(const struct slice *)a,
			       *(const struct slice *)b);
}

bool kv_set_sort(enum item_type type, struct slice *members, size_t count)
{
	qsort(members, count, sizeof(*members),
	      type == ITEM_NS ? by_number : by_bytes);
	for (size_t i = 1; i < count; i++)
		if (slice_equal(members[i - 1], members[i]))
			return false;
	return true;
}

/* How many fields there are; -E_INVALID unless all are number 1 with bytes. */
static int count_members(struct canon *c, struct slice rest, size_t *count)
{
	struct wire_field field;
	int more;

	for (*count = 0; (more = wire_next(&rest, &field)) > 0; (*count)++)
		if (field.number != MEMBER || field.type != WIRE_BYTES)
			return malformed(c);
	return more < 0 ? malformed(c) : 0;
}

/* The bytes of each field, after count_members; NULL when memory is full. */
static struct slice *list_members(struct canon *c, struct slice rest,
				  size_t count)
{
	struct slice *members =
	    arena_array(c->mem, count + 1, sizeof(*members));
	struct wire_field field;

	for (size_t i = 0; members && wire_next(&rest, &field) > 0; i++)
		members[i] = field.bytes;
	return members;
}

static int refuse_empty_set(struct canon *c, enum item_type type)
{
	return refuse(c, type == ITEM_SS ? PARAMETER
			     "An string set  may not be empty"
			 : type == ITEM_NS
			     ? PARAMETER "An number set  may not be empty"
			     : PARAMETER "Binary sets should not be empty");
}

/* A member of a string or binary set as it stands in JSON. */
static struct slice show_member(struct canon *c, enum item_type type,
				struct slice member)
{
	char *text;

	if (type == ITEM_SS)
		return member;
	text = arena_alloc(c->mem, BASE64_SIZE(member.size));
	return slice_make(text, text ? base64_encode(member, text) : 0);
}

static int refuse_duplicates(struct canon *c, enum item_type type,
			     const struct slice *given, size_t count)
{
	char text[256];
	size_t size = 0;

	if (type == ITEM_NS)
		return refuse(c, "Input collection contains duplicates");
	for (size_t i = 0; i < count && size < sizeof(text); i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size,
					 "%s%.*s", i ? ", " : "",
					 SLICE_ARGS(
					     show_member(c, type, given[i])));
	return fault_set(c->fault, E_INVALID,
			 PARAMETER "Input collection [%s]%s contains "
				   "duplicates.",
			 text, type == ITEM_BS ? "of type BS" : "");
}

static int write_set(struct canon *c, enum item_type type, struct slice bytes)
{
	enum item_type of = type == ITEM_SS   ? ITEM_S
			    : type == ITEM_NS ? ITEM_N
					      : ITEM_B;
	struct slice *members;
	size_t count;

	if (count_members(c, bytes, &count))
		return -E_INVALID;
	if (count == 0)
		return refuse_empty_set(c, type);
	members = list_members(c, bytes, count);
	for (size_t i = 0; members && i < count; i++)
		if (check_scalar(c, of, &members[i]))
			return -E_INVALID;
	if (!members || c->mem->full)
		return refuse(c, "too much data");
	if (!kv_set_sort(type, members, count))
		return refuse_duplicates(c, type, list_members(c, bytes, count),
					 count);
	for (size_t i = count; i > 0; i--)
		kv_writer_bytes(&c->out, MEMBER, members[i - 1]);
	return 0;
}

/* ---- lists and maps --------------------------------------------------------
 */

static int write_list(struct canon *c, struct slice bytes, int depth)
{
	struct slice *members;
	size_t count, mark;

	if (count_members(c, bytes, &count))
		return -E_INVALID;
	members = list_members(c, bytes, count);
	if (!members)
		return refuse(c, "too much data");
	for (size_t i = count; i > 0; i--) {
		mark = kv_writer_size(&c->out);
		if (write_value(c, members[i - 1], depth))
			return -E_INVALID;
		kv_writer_member(&c->out, mark);
	}
	return 0;
}

struct entry {
	struct slice name, value;
};

int kv_name_check(struct slice name, struct fault *f)
{
	if (name.size == 0)
		return fault_set(f, E_INVALID,
				 PARAMETER
				 "An attribute name may not be empty");
	if (name.size > KV_NAME_MAX)
		return fault_set(f, E_INVALID,
				 PARAMETER "Attribute name is too large, must "
					   "be less than 65536 bytes");
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return slice_compare(((const struct entry *)a)->name,
			     ((const struct entry *)b)->name);
}

static int read_entry(struct canon *c, struct slice bytes, struct entry *entry)
{
	struct wire_field field;
	unsigned seen = 0;

	while (bytes.size) {
		if (wire_next(&bytes, &field) < 0 || field.type != WIRE_BYTES ||
		    field.number > ENTRY_VALUE || seen & 1U << field.number)
			return malformed(c);
		seen |= 1U << field.number;
		if (field.number == ENTRY_NAME)
			entry->name = field.bytes;
		else
			entry->value = field.bytes;
	}
	if (kv_name_check(entry->name, c->fault) < 0)
		return -E_INVALID;
	return check_utf8(c, entry->name);
}

static int read_entries(struct canon *c, struct slice rest,
			struct entry *entries, size_t count)
{
	struct wire_field field;
	bool sorted = true;

	for (size_t i = 0; wire_next(&rest, &field) > 0; i++) {
		if (read_entry(c, field.bytes, &entries[i]))
			return -E_INVALID;
		sorted &= i == 0 || by_name(&entries[i - 1], &entries[i]) < 0;
	}
	if (sorted)
		return 0;
	qsort(entries, count, sizeof(*entries), by_name);
	for (size_t i = 1; i < count; i++)
		if (slice_equal(entries[i - 1].name, entries[i].name))
			return fault_set(c->fault, E_INVALID,
					 PARAMETER
					 "Duplicate attribute name: %.*s",
					 SLICE_ARGS(entries[i].name));
	return 0;
}

static int write_map(struct canon *c, struct slice bytes, int depth)
{
	struct entry *entries;
	size_t count, mark;

	if (count_members(c, bytes, &count))
		return -E_INVALID;
	entries = arena_array(c->mem, count + 1, sizeof(*entries));
	if (!entries)
		return refuse(c, "too much data");
	if (read_entries(c, bytes, entries, count))
		return -E_INVALID;
	for (size_t i = count; i > 0; i--) {
		mark = kv_writer_size(&c->out);
		if (write_value(c, entries[i - 1].value, depth))
			return -E_INVALID;
		kv_writer_entry(&c->out, entries[i - 1].name, mark);
	}
	return 0;
}

/* ---- values ----------------------------------------------------------------
 */

/* Says what is wrong with an AttributeValue that has not just one member: of
 * several, what is wrong with one of them comes first. */
static int refuse_value(struct canon *c, struct slice bytes, int depth)
{
	struct slice rest = bytes, member;
	struct wire_field field;
	int count = 0, more;

	while ((more = wire_next(&rest, &field)) > 0) {
		if (field.number > ITEM_BOOL)
			return refuse(c, "malformed item: an unknown type");
		count++;
	}
	if (more < 0 || count == 1)
		return malformed(c);
	for (rest = member = bytes; wire_next(&rest, &field) > 0;
	     member = rest) {
		member.size -= rest.size;
		if (write_value(c, member, depth))
			return -E_INVALID;
	}
	return refuse(c, count ? "Supplied AttributeValue has more than one "
				 "datatypes set, must contain exactly one of "
				 "the supported datatypes"
			       : "Supplied AttributeValue is empty, must "
				 "contain exactly one of the supported "
				 "datatypes");
}

static int write_inner(struct canon *c, const struct item_value *value,
		       int depth)
{
	size_t mark = kv_writer_size(&c->out);
	int result;

	if (value->type == ITEM_M || value->type == ITEM_L) {
		if (depth >= KV_DEPTH_MAX)
			return refuse(
			    c, "Nesting Levels have exceeded supported limits");
		result = value->type == ITEM_M
			     ? write_map(c, value->bytes, depth + 1)
			     : write_list(c, value->bytes, depth + 1);
	} else {
		result = write_set(c, value->type, value->bytes);
	}
	kv_writer_head(&c->out, value->type, mark);
	return result;
}

/* `depth`: how many lists and maps it is in. */
static int write_value(struct canon *c, struct slice bytes, int depth)
{
	struct item_value value;

	if (item_value_read(bytes, &value))
		return refuse_value(c, bytes, depth);
	if (value.type >= ITEM_SS && value.type <= ITEM_L)
		return write_inner(c, &value, depth);
	if (value.type == ITEM_NULL && !value.truth)
		return refuse(c, PARAMETER "Null attribute value types must "
					   "have the value of true");
	if (check_scalar(c, value.type, &value.bytes))
		return -E_INVALID;
	kv_writer_value(&c->out, &value);
	return 0;
}

static int finish(struct canon *c, int result, struct slice *out)
{
	*out = kv_writer_slice(&c->out);
	if (result == 0 && (c->out.full || c->mem->full))
		return refuse(c, "Item size has exceeded the maximum allowed "
				 "size");
	return result;
}

static struct canon begin(struct arena *mem, struct fault *f)
{
	struct canon c = { .mem = mem, .fault = f };

	kv_writer_init(&c.out, mem, KV_ITEM_BYTES_MAX);
	return c;
}

int kv_item_canonical(struct slice bytes, struct arena *mem, struct slice *out,
		      struct fault *f)
{
	struct canon c = begin(mem, f);

	return finish(&c, write_map(&c, bytes, 0), out);
}

int kv_value_canonical(struct slice bytes, struct arena *mem,
		       struct item_value *out, struct fault *f)
{
	struct canon c = begin(mem, f);
	struct slice written;

	if (finish(&c, write_value(&c, bytes, 0), &written))
		return -E_INVALID;
	return item_value_read(written, out);
}

/* ---- what is canonical -----------------------------------------------------
 */

/* Significant digits of a normalised text. */
static size_t count_digits(struct slice number)
{
	size_t count = 0, zeros = 0;

	for (size_t i = 0; i < number.size; i++) {
		uint8_t byte = number.data[i];

		if (byte == '0') {
			zeros += count > 0;
		} else if (byte != '-' && byte != '.') {
			count += zeros + 1;
			zeros = 0;
		}
	}
	return count;
}

static size_t list_size(const struct item_value *list)
{
	struct slice rest = list->bytes;
	struct item_value member;
	size_t size = 3;

	while (item_next_value(ITEM_L, &rest, &member) > 0)
		size += 1 + kv_value_size(&member);
	return size;
}

static size_t set_size(const struct item_value *set)
{
	struct slice rest = set->bytes;
	struct item_value member;
	size_t size = 0;

	while (item_next_value(set->type, &rest, &member) > 0)
		size += kv_value_size(&member);
	return size;
}

size_t kv_value_size(const struct item_value *value)
{
	switch (value->type) {
	case ITEM_S:
	case ITEM_B:
		return value->bytes.size;
	case ITEM_N:
		return (count_digits(value->bytes) + 1) / 2 + 1;
	case ITEM_SS:
	case ITEM_NS:
	case ITEM_BS:
		return set_size(value);
	case ITEM_M:
		return 3 + kv_value_count(value) + kv_item_size(value->bytes);
	case ITEM_L:
		return list_size(value);
	case ITEM_NULL:
	case ITEM_BOOL:
		return 1;
	case ITEM_NONE:
		break;
	}
	return 0;
}

size_t kv_item_size(struct slice item)
{
	struct slice name;
	struct item_value value;
	size_t size = 0;

	while (item_next(&item, &name, &value) > 0)
		size += name.size + kv_value_size(&value);
	return size;
}

size_t kv_value_count(const struct item_value *value)
{
	struct slice rest = value->bytes;
	struct wire_field field;
	size_t count = 0;

	while (wire_next(&rest, &field) > 0)
		count++;
	return count;
}

bool kv_value_equal(const struct item_value *a, const struct item_value *b)
{
	if (a->type != b->type)
		return false;
	return a->type == ITEM_BOOL ? a->truth == b->truth
				    : slice_equal(a->bytes, b->bytes);
}

int kv_value_compare(const struct item_value *a, const struct item_value *b)
{
	return kv_set_compare(a->type, a->bytes, b->bytes);
}
