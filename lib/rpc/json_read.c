/* lib/rpc/json_read.c - from JSON text to protobuf bytes, by descriptor */
#include "lib/rpc/base64.h"
#include "lib/rpc/json.h"
#include "lib/rpc/json_aws.h"
#include "lib/rpc/json_known.h"
#include "lib/rpc/json_text.h"
#include "lib/rpc/number.h"
#include "lib/wire/wire.h"

#include <math.h>

struct reader {
	struct json_text text;
	struct buffer *out;
	unsigned flags;
};

static void fail(struct reader *r, const char *why)
{
	json_fail(&r->text, E_INVALID, why);
}

/* Opens a length-delimited field whose length is not known yet; `end_bytes`
 * takes what this returns. */
static size_t begin_bytes(struct reader *r, uint32_t number)
{
	wire_put_tag(r->out, number, WIRE_BYTES);
	json_put_byte(r->out, 0);
	return buffer_size(r->out);
}

/* Fills in the length; most take the one byte that was kept for it. */
static void end_bytes(struct reader *r, size_t mark)
{
	uint8_t length[10], *place;
	size_t size, more;

	if (r->out->failed)
		return;
	size = buffer_size(r->out) - mark;
	more = wire_varint_write(length, size) - 1;
	if (more && !buffer_reserve(r->out, more))
		return;
	place = r->out->block + r->out->start + mark;
	if (more)
		memmove(place + more, place, size);
	memcpy(place - 1, length, more + 1);
	buffer_added(r->out, more);
}

static void read_content(struct reader *, const struct descriptor_message *);
static void read_field(struct reader *, const struct descriptor_field *);

/* The text of a number, which may stand in quotes. */
static struct slice number_text(struct reader *r)
{
	struct slice text;

	if (json_peek(&r->text) != '"')
		return json_number(&r->text);
	text = json_take_string(&r->text);
	if (json_is_number(text) && !(r->flags & JSON_AWS))
		return text;
	fail(r, "not a number");
	return SLICE("0");
}

/* An integer's text as the value that goes on the wire. */
static uint64_t integer_of(struct reader *r, enum descriptor_type type,
			   struct slice text)
{
	const struct number_type *n = &number_types[type];
	uint64_t value = 0;

	switch (json_to_integer(text, n->is_signed, n->bits, &value)) {
	case 0:
		break;
	case -E_RANGE:
		fail(r, "a number out of range");
		break;
	default:
		fail(r, "not a whole number");
	}
	return n->zigzag ? wire_zigzag((int64_t)value) : value;
}

static double read_special(struct reader *r)
{
	struct slice text = json_take_string(&r->text);
	double value = 0;

	if (slice_is(text, "NaN"))
		return NAN;
	if (slice_is(text, "Infinity"))
		return INFINITY;
	if (slice_is(text, "-Infinity"))
		return -INFINITY;
	if (!json_is_number(text) || r->flags & JSON_AWS)
		fail(r, "not a number");
	else if (json_to_double(text, false, &value) != 0)
		fail(r, "a number out of range");
	return value;
}

static double read_double(struct reader *r, bool is_float)
{
	double value = 0;

	if (json_peek(&r->text) == '"')
		value = read_special(r);
	else if (json_to_double(json_number(&r->text), is_float, &value) != 0)
		fail(r, "a number out of range");
	if (is_float && isfinite(value) && isinf((float)value))
		fail(r, "a number out of range");
	return value;
}

static uint64_t read_bool(struct reader *r)
{
	bool yes = json_peek(&r->text) == 't';

	if (r->flags & JSON_AWS && json_peek(&r->text) == '"')
		return json_aws_bool(&r->text, json_take_string(&r->text));
	json_word(&r->text, yes ? "true" : "false");
	return yes;
}

/* False when it is a name that nobody knows and that may be skipped. */
static bool read_enum(struct reader *r, const struct descriptor_enum *e,
		      uint64_t *value)
{
	struct slice name;

	*value = 0;
	if (e->is_null && json_peek(&r->text) == 'n') {
		json_word(&r->text, "null");
		return true;
	}
	if (json_peek(&r->text) != '"') {
		*value = integer_of(r, TYPE_INT32, json_number(&r->text));
		return true;
	}
	name = json_take_string(&r->text);
	for (size_t i = 0; i < e->count; i++) {
		if (slice_equal(e->values[i].name, name)) {
			*value = (uint64_t)(int64_t)e->values[i].number;
			return true;
		}
	}
	if (!(r->flags & JSON_IGNORE_UNKNOWN))
		fail(r, "no such name of an enum");
	return false;
}

static void read_bytes(struct reader *r, uint32_t number)
{
	struct slice text = json_take_string(&r->text);
	size_t mark = begin_bytes(r, number), size = 0;
	uint8_t *place = buffer_reserve(r->out, base64_bytes_max(text.size));

	if (!place)
		return;
	if (r->flags & JSON_AWS)
		json_aws_base64(&r->text, text);
	if (base64_read(text, place, &size) != 0)
		fail(r, r->flags & JSON_AWS
			    ? "Invalid last non-pad Base64 character dectected"
			    : "not base64");
	buffer_added(r->out, size);
	end_bytes(r, mark);
}

static void put_number(struct reader *r, enum wire_type wire, uint64_t value)
{
	if (wire == WIRE_VARINT)
		wire_put_varint(r->out, value);
	else
		wire_put_fixed(r->out, wire == WIRE_FIXED64 ? 8 : 4, value);
}

/* One value of a numeric type without its tag; false: leave it out. */
static bool read_number(struct reader *r, const struct descriptor_field *f,
			uint64_t *value)
{
	double number;
	float single;
	uint32_t bits;

	switch (f->type) {
	case TYPE_DOUBLE:
		number = read_double(r, false);
		memcpy(value, &number, sizeof(*value));
		return true;
	case TYPE_FLOAT:
		single = (float)read_double(r, true);
		memcpy(&bits, &single, sizeof(bits));
		*value = bits;
		return true;
	case TYPE_BOOL:
		*value = read_bool(r);
		return true;
	case TYPE_ENUM:
		return read_enum(r, f->enumeration, value);
	default:
		*value = integer_of(r, f->type, number_text(r));
		return true;
	}
}

static void put_string(struct reader *r, uint32_t number, struct slice text)
{
	wire_put_bytes(r->out, number, text);
}

static void read_message(struct reader *r, const struct descriptor_field *f)
{
	size_t mark = begin_bytes(r, f->number);

	read_content(r, f->message);
	end_bytes(r, mark);
}

/* One value with its tag; false when nothing was written. */
static bool read_one(struct reader *r, const struct descriptor_field *f)
{
	uint64_t value;

	switch (f->type) {
	case TYPE_STRING:
		put_string(r, f->number, json_take_string(&r->text));
		return true;
	case TYPE_BYTES:
		read_bytes(r, f->number);
		return true;
	case TYPE_MESSAGE:
		read_message(r, f);
		return true;
	default:
		if (!read_number(r, f, &value))
			return false;
		wire_put_tag(r->out, f->number, number_types[f->type].wire);
		put_number(r, number_types[f->type].wire, value);
		return true;
	}
}

static void read_packed(struct reader *r, const struct descriptor_field *f)
{
	size_t before = buffer_size(r->out);
	size_t mark = begin_bytes(r, f->number);
	bool first = true;
	uint64_t value;

	json_open(&r->text, '[');
	while (json_more(&r->text, ']', &first))
		if (read_number(r, f, &value))
			put_number(r, number_types[f->type].wire, value);
	if (buffer_size(r->out) == mark)
		buffer_truncate(r->out, before);
	else
		end_bytes(r, mark);
}

/* One value of a list or map. AWS's form may have a null in a message's place:
 * it is one with nothing set. */
static bool read_member_value(struct reader *r,
			      const struct descriptor_field *f)
{
	if (r->flags & JSON_AWS) {
		json_aws_expect(&r->text, f, JSON_AWS_MEMBER);
		if (f->type == TYPE_MESSAGE && json_peek(&r->text) == 'n') {
			json_word(&r->text, "null");
			put_string(r, f->number, slice_make("", 0));
			return true;
		}
	}
	return read_one(r, f);
}

static void read_array(struct reader *r, const struct descriptor_field *f)
{
	bool first = true;

	json_open(&r->text, '[');
	while (json_more(&r->text, ']', &first))
		read_member_value(r, f);
}

/* A map's keys, to find one that comes twice. */
struct keys {
	struct slice *rows;
	size_t count, room;
};

static void note_key(struct reader *r, struct keys *k, struct slice key)
{
	enum { FIRST = 8 };

	if (k->count == k->room) {
		size_t room = k->room ? 2 * k->room : FIRST;
		struct slice *rows =
		    arena_array(r->text.scratch, room, sizeof(*rows));

		if (!rows) {
			json_fail(&r->text, E_HTTP_TOO_LARGE, "too many keys");
			return;
		}
		if (k->count)
			memcpy(rows, k->rows, k->count * sizeof(*rows));
		k->rows = rows;
		k->room = room;
	}
	k->rows[k->count++] = key;
}

static int order_keys(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a,
			     *(const struct slice *)b);
}

static void check_keys(struct reader *r, struct keys *k)
{
	if (k->count < 2)
		return;
	qsort(k->rows, k->count, sizeof(*k->rows), order_keys);
	for (size_t i = 1; i < k->count; i++)
		if (slice_equal(k->rows[i - 1], k->rows[i]))
			fail(r, "a key that comes twice");
}

/* Writes a key that is not a string; returns it in its one form. */
static struct slice put_key(struct reader *r, const struct descriptor_field *f,
			    struct slice text)
{
	enum wire_type wire = number_types[f->type].wire;
	uint64_t value = 0;

	if (f->type == TYPE_BOOL) {
		value = slice_is(text, "true");
		if (!value && !slice_is(text, "false"))
			fail(r, "a key that is neither true nor false");
	} else if (json_is_number(text)) {
		value = integer_of(r, f->type, text);
	} else {
		fail(r, "a key that is no number");
	}
	wire_put_tag(r->out, f->number, wire);
	put_number(r, wire, value);
	return arena_slice(r->text.scratch, slice_make(&value, sizeof(value)));
}

static void read_entry(struct reader *r, const struct descriptor_field *f,
		       struct keys *keys)
{
	const struct descriptor_field *key = &f->message->fields[0];
	const struct descriptor_field *value = &f->message->fields[1];
	struct slice text = json_name(&r->text);
	struct json_place place = { r->text.place, text };
	size_t before = buffer_size(r->out);
	size_t mark = begin_bytes(r, f->number);

	r->text.place = &place;
	if (key->type == TYPE_STRING)
		put_string(r, key->number, text);
	else
		text = put_key(r, key, text);
	note_key(r, keys, text);
	if (read_member_value(r, value))
		end_bytes(r, mark);
	else if (!r->out->failed)
		buffer_truncate(r->out, before);
	r->text.place = place.up;
}

static void read_map(struct reader *r, const struct descriptor_field *f)
{
	struct keys keys = { 0 };
	bool first = true;

	json_open(&r->text, '{');
	while (json_more(&r->text, '}', &first))
		read_entry(r, f, &keys);
	check_keys(r, &keys);
}

static void read_field(struct reader *r, const struct descriptor_field *f)
{
	if (f->map)
		read_map(r, f);
	else if (f->packed)
		read_packed(r, f);
	else if (f->repeated)
		read_array(r, f);
	else
		read_one(r, f);
}

/* Is null a value of this field's type? */
static bool takes_null(const struct descriptor_field *f)
{
	if (f->repeated)
		return false;
	if (f->message)
		return f->message->well_known == WELL_KNOWN_VALUE;
	return f->enumeration && f->enumeration->is_null;
}

/* What an object has said already. */
struct seen {
	uint64_t fields[DESCRIPTOR_FIELDS_MAX / 64];
	uint64_t oneofs[DESCRIPTOR_FIELDS_MAX / 64];
};

/* Notes the bit; was it there before? */
static bool note(uint64_t *bits, size_t at)
{
	uint64_t bit = (uint64_t)1 << at % 64;
	bool before = bits[at / 64] & bit;

	bits[at / 64] |= bit;
	return before;
}

/* Notes a list or map that has nothing in it, where the message wants that. */
static void note_empty(struct reader *r, const struct descriptor_message *m,
		       const struct descriptor_field *f)
{
	if (!m->empties)
		return;
	wire_put_tag(r->out, m->empties->number, WIRE_VARINT);
	wire_put_varint(r->out, f->number);
}

static void read_member(struct reader *r, const struct descriptor_message *m,
			const struct descriptor_field *f, struct seen *seen)
{
	size_t before = buffer_size(r->out);

	if (note(seen->fields, (size_t)(f - m->fields)))
		fail(r, "a field that comes twice");
	if (json_peek(&r->text) == 'n' && !takes_null(f)) {
		json_word(&r->text, "null");
		return;
	}
	if (f->oneof >= 0 && note(seen->oneofs, (size_t)f->oneof) &&
	    !(r->flags & JSON_AWS))
		fail(r, "a second member of a oneof");
	if (r->flags & JSON_AWS)
		json_aws_expect(&r->text, f, JSON_AWS_FIELD);
	read_field(r, f);
	if (r->flags & JSON_AWS && f->repeated && buffer_size(r->out) == before)
		note_empty(r, m, f);
}

static void read_object(struct reader *r, const struct descriptor_message *m,
			bool skip_type)
{
	struct seen seen = { 0 };
	bool first = true;

	json_open(&r->text, '{');
	while (json_more(&r->text, '}', &first)) {
		struct slice name = json_name(&r->text);
		struct json_place place = { r->text.place, name };
		const struct descriptor_field *f =
		    r->flags & JSON_AWS ? descriptor_field_by_json_only(m, name)
					: descriptor_field_by_json(m, name);

		r->text.place = &place;
		if (f)
			read_member(r, m, f, &seen);
		else if (r->flags & JSON_IGNORE_UNKNOWN ||
			 (skip_type && slice_is(name, "@type")))
			json_skip(&r->text);
		else
			fail(r, "no such field");
		r->text.place = place.up;
	}
}

static void put_instant(struct reader *r, const struct json_instant *t)
{
	if (t->seconds) {
		wire_put_tag(r->out, 1, WIRE_VARINT);
		wire_put_varint(r->out, (uint64_t)t->seconds);
	}
	if (t->nanos) {
		wire_put_tag(r->out, 2, WIRE_VARINT);
		wire_put_varint(r->out, (uint64_t)(int64_t)t->nanos);
	}
}

static void read_timestamp(struct reader *r)
{
	struct json_instant t = { 0 };

	if (json_timestamp_read(json_take_string(&r->text), &t) != 0)
		fail(r, "not a time such as 2026-11-25T19:43:18Z");
	put_instant(r, &t);
}

static void read_duration(struct reader *r)
{
	struct json_instant d = { 0 };

	if (json_duration_read(json_take_string(&r->text), &d) != 0)
		fail(r, "not a duration such as 1.5s");
	put_instant(r, &d);
}

static void read_mask(struct reader *r)
{
	struct slice rest = json_take_string(&r->text);

	while (rest.size) {
		size_t mark = begin_bytes(r, 1);

		if (json_mask_read(r->out, slice_cut(&rest, ',')) != 0)
			fail(r, "not a list of fields' names");
		end_bytes(r, mark);
	}
}

/* The member of Value that this JSON value goes to. */
static uint32_t value_number(uint8_t first)
{
	switch (first) {
	case 'n':
		return 1;
	case '"':
		return 3;
	case 't':
	case 'f':
		return 4;
	case '{':
		return 5;
	case '[':
		return 6;
	}
	return 2;
}

/* Struct and ListValue stand as their only field, Value as its member. */
static void read_value(struct reader *r, const struct descriptor_message *m)
{
	const struct descriptor_field *f =
	    descriptor_field_by_number(m, value_number(json_peek(&r->text)));

	if (f)
		read_one(r, f);
	else
		fail(r, "no such value");
}

/* Looks ahead for the member "@type" of the object at hand. */
static struct slice find_type(struct reader *r, bool *empty)
{
	struct json_text ahead = r->text;
	struct slice type = slice_make("", 0);
	bool first = true;

	*empty = true;
	json_open(&ahead, '{');
	while (json_more(&ahead, '}', &first)) {
		*empty = false;
		if (!slice_is(json_name(&ahead), "@type")) {
			json_skip(&ahead);
			continue;
		}
		if (type.size)
			json_fail(&ahead, E_INVALID, "a second @type");
		type = json_take_string(&ahead);
	}
	return type;
}

/* {"@type": …, "value": …}, for types that are no objects in JSON. */
static void read_any_value(struct reader *r, const struct descriptor_message *m)
{
	bool first = true, found = false;

	json_open(&r->text, '{');
	while (json_more(&r->text, '}', &first)) {
		struct slice name = json_name(&r->text);

		if (slice_is(name, "@type")) {
			json_skip(&r->text);
		} else if (slice_is(name, "value") && !found) {
			found = true;
			read_content(r, m);
		} else {
			fail(r, "more than @type and value");
		}
	}
	if (!found && m->well_known != WELL_KNOWN_EMPTY)
		fail(r, "no value beside @type");
}

static void read_any(struct reader *r, const struct descriptor_message *any)
{
	bool empty;
	struct slice url = find_type(r, &empty);
	const struct descriptor_message *m =
	    descriptor_message_of_url(any->set, url);
	size_t mark;

	if (empty) {
		json_skip(&r->text);
		return;
	}
	if (!m) {
		fail(r, "no @type that is known here");
		return;
	}
	put_string(r, 1, url);
	mark = begin_bytes(r, 2);
	if (m->well_known != WELL_KNOWN_NONE)
		read_any_value(r, m);
	else
		read_object(r, m, true);
	end_bytes(r, mark);
}

/* A message's value, without tag and length. */
static void read_content(struct reader *r, const struct descriptor_message *m)
{
	switch (m->well_known) {
	case WELL_KNOWN_NONE:
		if (r->flags & JSON_AWS && m->transparent)
			read_field(r, &m->fields[0]);
		else
			read_object(r, m, false);
		break;
	case WELL_KNOWN_EMPTY:
		read_object(r, m, false);
		break;
	case WELL_KNOWN_ANY:
		read_any(r, m);
		break;
	case WELL_KNOWN_TIMESTAMP:
		read_timestamp(r);
		break;
	case WELL_KNOWN_DURATION:
		read_duration(r);
		break;
	case WELL_KNOWN_FIELD_MASK:
		read_mask(r);
		break;
	case WELL_KNOWN_VALUE:
		read_value(r, m);
		break;
	case WELL_KNOWN_STRUCT:
	case WELL_KNOWN_LIST_VALUE:
	case WELL_KNOWN_WRAPPER:
		if (m->count)
			read_field(r, &m->fields[0]);
		break;
	}
}

int json_to_message(const struct descriptor_message *m, struct slice json,
		    unsigned flags, struct arena *scratch, struct buffer *out,
		    struct fault *fault)
{
	struct reader r = {
		.text = { .begin = json.data,
			  .at = json.data,
			  .end = json.data + json.size,
			  .scratch = scratch,
			  .fault = fault },
		.out = out,
		.flags = flags,
	};

	read_content(&r, m);
	json_finish(&r.text);
	if (out->failed)
		fault_set(fault, E_HTTP_TOO_LARGE,
			  "the message takes over %zu bytes", out->max);
	return -fault->code;
}
