/* lib/rpc/json_write.c - from protobuf bytes to JSON text, by descriptor */
#include "lib/rpc/base64.h"
#include "lib/rpc/json.h"
#include "lib/rpc/json_known.h"
#include "lib/rpc/json_text.h"
#include "lib/rpc/number.h"
#include "lib/wire/wire.h"

#include <math.h>

struct writer {
	struct buffer *out;
	struct fault *fault;
	unsigned flags;
	int depth;
	size_t merging; /* bytes held by `gather` at all levels */
};

enum { MERGING_MAX = 32 << 20 };

static void fail(struct writer *w, struct slice what, const char *why)
{
	fault_set(w->fault, E_INVALID, "'%.*s': %s", SLICE_ARGS(what), why);
}

static bool open_bracket(struct writer *w, char bracket)
{
	if (++w->depth > JSON_DEPTH_MAX)
		fault_set(w->fault, E_INVALID, "nested too deep");
	json_put_byte(w->out, bracket);
	return w->fault->code == E_NONE;
}

static void close_bracket(struct writer *w, char bracket)
{
	w->depth--;
	json_put_byte(w->out, bracket);
}

static void write_content(struct writer *, const struct descriptor_message *,
			  struct slice bytes);

static void write_double(struct writer *w, double value, bool is_float)
{
	if (isnan(value))
		buffer_put_text(w->out, "\"NaN\"");
	else if (isinf(value))
		buffer_put_text(w->out,
				value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
	else
		json_put_double(w->out, value, is_float);
}

static void write_enum(struct writer *w, const struct descriptor_enum *e,
		       int32_t number)
{
	if (e->is_null) {
		buffer_put_text(w->out, "null");
		return;
	}
	for (size_t i = 0; i < e->count; i++) {
		if (e->values[i].number == number) {
			json_put_string(w->out, e->values[i].name);
			return;
		}
	}
	json_put_i64(w->out, number);
}

/* The value of an integer type, as it came off the wire. */
static void write_integer(struct writer *w, const struct number_type *n,
			  uint64_t value, bool quote)
{
	if (quote)
		json_put_byte(w->out, '"');
	if (n->zigzag)
		value = (uint64_t)wire_unzigzag(value);
	if (n->bits == 32)
		value = n->is_signed ? (uint64_t)(int64_t)(int32_t)value
				     : (uint32_t)value;
	if (n->is_signed)
		json_put_i64(w->out, (int64_t)value);
	else
		buffer_put_u64(w->out, value);
	if (quote)
		json_put_byte(w->out, '"');
}

static void write_number(struct writer *w, const struct descriptor_field *f,
			 uint64_t value)
{
	const struct number_type *n = &number_types[f->type];
	uint32_t bits = (uint32_t)value;
	double number;
	float single;

	switch (f->type) {
	case TYPE_DOUBLE:
		memcpy(&number, &value, sizeof(number));
		write_double(w, number, false);
		break;
	case TYPE_FLOAT:
		memcpy(&single, &bits, sizeof(single));
		write_double(w, (double)single, true);
		break;
	case TYPE_BOOL:
		buffer_put_text(w->out, value ? "true" : "false");
		break;
	case TYPE_ENUM:
		write_enum(w, f->enumeration, (int32_t)value);
		break;
	default:
		write_integer(w, n, value,
			      n->bits == 64 && !(w->flags & JSON_AWS));
	}
}

static void write_string(struct writer *w, const struct descriptor_field *f,
			 struct slice text)
{
	if (!slice_is_utf8(text))
		fail(w, f->name, "a string that is not UTF-8");
	else
		json_put_string(w->out, text);
}

/* One value, which stands alone on the wire. */
static void write_value(struct writer *w, const struct descriptor_field *f,
			const struct wire_field *value)
{
	if (value->type != number_types[f->type].wire) {
		fail(w, f->name, "a wrong wire type");
		return;
	}
	switch (f->type) {
	case TYPE_STRING:
		write_string(w, f, value->bytes);
		break;
	case TYPE_BYTES:
		json_put_byte(w->out, '"');
		base64_put(w->out, value->bytes, true);
		json_put_byte(w->out, '"');
		break;
	case TYPE_MESSAGE:
		write_content(w, f->message, value->bytes);
		break;
	default:
		write_number(w, f, value->value);
	}
}

static void write_key(struct writer *w, const struct descriptor_field *f,
		      const struct wire_field *key)
{
	const struct number_type *n = &number_types[f->type];

	if (key->type != n->wire)
		fail(w, f->name, "a wrong wire type");
	else if (f->type == TYPE_STRING)
		write_string(w, f, key->bytes);
	else if (f->type == TYPE_BOOL)
		buffer_put_text(w->out, key->value ? "\"true\"" : "\"false\"");
	else
		write_integer(w, n, key->value, true);
}

/* What an entry without the field would say. */
static struct wire_field absent(const struct descriptor_field *f)
{
	return (struct wire_field){ .type = number_types[f->type].wire,
				    .bytes = slice_make("", 0) };
}

static void write_entry(struct writer *w, const struct descriptor_message *m,
			struct slice bytes)
{
	struct wire_field key = absent(&m->fields[0]);
	struct wire_field value = absent(&m->fields[1]);
	struct wire_field f;
	int more;

	while ((more = wire_next(&bytes, &f)) == 1) {
		if (f.number == 1)
			key = f;
		else if (f.number == 2)
			value = f;
	}
	if (more < 0)
		fail(w, m->name, "a malformed entry");
	write_key(w, &m->fields[0], &key);
	json_put_byte(w->out, ':');
	write_value(w, &m->fields[1], &value);
}

static void comma(struct writer *w, bool *first)
{
	if (!*first)
		json_put_byte(w->out, ',');
	*first = false;
}

/* The values of one packed field. */
static void write_packed(struct writer *w, const struct descriptor_field *f,
			 struct slice bytes, bool *first)
{
	struct wire_field value = { .type = number_types[f->type].wire };

	while (bytes.size && w->fault->code == E_NONE) {
		if (wire_value(&bytes, &value) != 0) {
			fail(w, f->name, "malformed packed values");
			return;
		}
		comma(w, first);
		write_value(w, f, &value);
	}
}

/* What one field on the wire adds to an array or to a map's object. */
static void write_element(struct writer *w, const struct descriptor_field *f,
			  const struct wire_field *value, bool *first)
{
	enum wire_type wire = number_types[f->type].wire;

	if (value->type == WIRE_BYTES && wire != WIRE_BYTES) {
		write_packed(w, f, value->bytes, first);
		return;
	}
	comma(w, first);
	if (!f->map)
		write_value(w, f, value);
	else if (value->type != WIRE_BYTES)
		fail(w, f->name, "a wrong wire type");
	else
		write_entry(w, f->message, value->bytes);
}

/* All elements of a field, wherever they stand in the message. */
static void write_repeated(struct writer *w, const struct descriptor_field *f,
			   struct slice bytes)
{
	struct wire_field value = { 0 };
	bool first = true;

	if (!open_bracket(w, f->map ? '{' : '['))
		return;
	while (w->fault->code == E_NONE && wire_next(&bytes, &value) == 1)
		if (value.number == f->number)
			write_element(w, f, &value, &first);
	close_bracket(w, f->map ? '}' : ']');
}

/* Is the message as an encoder writes it: the values of a field together, at
 * most one of a singular field and of a oneof? -E_INVALID: it is malformed. */
static int in_order(const struct descriptor_message *m, struct slice bytes)
{
	uint64_t done[DESCRIPTOR_FIELDS_MAX / 64] = { 0 };
	uint64_t oneofs[DESCRIPTOR_FIELDS_MAX / 64] = { 0 };
	const struct descriptor_field *last = NULL;
	struct wire_field value;
	int more, ordered = 1;

	while ((more = wire_next(&bytes, &value)) == 1) {
		const struct descriptor_field *f =
		    descriptor_field_by_number(m, value.number);
		size_t at;

		if (!f || (f == last && f->repeated))
			continue;
		last = f;
		at = (size_t)(f - m->fields);
		if (done[at / 64] >> at % 64 & 1)
			ordered = 0;
		done[at / 64] |= (uint64_t)1 << at % 64;
		if (f->oneof < 0)
			continue;
		at = (size_t)f->oneof;
		if (oneofs[at / 64] >> at % 64 & 1)
			ordered = 0;
		oneofs[at / 64] |= (uint64_t)1 << at % 64;
	}
	return more < 0 ? more : ordered;
}

static void write_in_order(struct writer *w, const struct descriptor_message *m,
			   struct slice bytes, bool first)
{
	const struct descriptor_field *open = NULL;
	struct wire_field value;
	bool first_element = true;

	while (w->fault->code == E_NONE && wire_next(&bytes, &value) == 1) {
		const struct descriptor_field *f =
		    descriptor_field_by_number(m, value.number);

		if (!f)
			continue;
		if (open && f != open) {
			close_bracket(w, open->map ? '}' : ']');
			open = NULL;
		}
		if (!open) {
			comma(w, &first);
			json_put(w->out, f->quoted.data, f->quoted.size);
		}
		if (!f->repeated) {
			write_value(w, f, &value);
			continue;
		}
		if (!open) {
			open_bracket(w, f->map ? '{' : '[');
			first_element = true;
			open = f;
		}
		write_element(w, f, &value, &first_element);
	}
	if (open)
		close_bracket(w, open->map ? '}' : ']');
}

/* The value that stands for a singular field: the last one, and of a message
 * all of them, one behind the other, since that is what merging is. A later
 * member of the same oneof takes it away. */
static bool gather(const struct descriptor_message *m,
		   const struct descriptor_field *f, struct slice bytes,
		   struct buffer *merged, struct wire_field *found)
{
	struct wire_field value;
	bool there = false;

	buffer_reset(merged);
	while (wire_next(&bytes, &value) == 1) {
		const struct descriptor_field *other =
		    descriptor_field_by_number(m, value.number);

		if (other == f) {
			*found = value;
			there = true;
			if (f->message && value.type == WIRE_BYTES)
				buffer_put_slice(merged, value.bytes);
		} else if (other && f->oneof >= 0 && other->oneof == f->oneof) {
			there = false;
			buffer_reset(merged);
		}
	}
	if (there && f->message && found->type == WIRE_BYTES)
		found->bytes = buffer_size(merged) ? buffer_slice(merged)
						   : slice_make("", 0);
	return there;
}

static bool has(const struct descriptor_field *f, struct slice bytes)
{
	struct wire_field value;

	while (wire_next(&bytes, &value) == 1)
		if (value.number == f->number)
			return true;
	return false;
}

/* Field by field, each searched in all of the message. */
static void write_gathered(struct writer *w, const struct descriptor_message *m,
			   struct slice bytes, bool first)
{
	struct buffer merged;

	w->merging += bytes.size;
	if (w->merging > MERGING_MAX)
		fail(w, m->name, "too much out of order");
	buffer_init(&merged, bytes.size);
	for (size_t i = 0; i < m->count && w->fault->code == E_NONE; i++) {
		const struct descriptor_field *f = &m->fields[i];
		struct wire_field value = { 0 };

		if (f->repeated ? !has(f, bytes)
				: !gather(m, f, bytes, &merged, &value))
			continue;
		comma(w, &first);
		json_put(w->out, f->quoted.data, f->quoted.size);
		if (f->repeated)
			write_repeated(w, f, bytes);
		else
			write_value(w, f, &value);
	}
	buffer_release(&merged);
	w->merging -= bytes.size;
}

/* What is there even when it is empty. */
static void write_always(struct writer *w, const struct descriptor_message *m,
			 struct slice bytes, bool *first)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct descriptor_field *f = &m->fields[i];

		if (!f->always || has(f, bytes))
			continue;
		comma(w, first);
		json_put(w->out, f->quoted.data, f->quoted.size);
		buffer_put_text(w->out, f->map ? "{}" : "[]");
	}
}

/* The members of an object; `first`: there is none yet. */
static void write_members(struct writer *w, const struct descriptor_message *m,
			  struct slice bytes, bool first)
{
	int ordered = in_order(m, bytes);

	if (w->flags & JSON_ALWAYS && m->has_always)
		write_always(w, m, bytes, &first);
	if (ordered < 0)
		fail(w, m->name, "a malformed message");
	else if (ordered)
		write_in_order(w, m, bytes, first);
	else
		write_gathered(w, m, bytes, first);
}

/* A field that stands for its whole message. */
static void write_only(struct writer *w, const struct descriptor_message *m,
		       const struct descriptor_field *f, struct slice bytes)
{
	struct wire_field value = absent(f);
	struct buffer merged;

	if (in_order(m, bytes) < 0) {
		fail(w, m->name, "a malformed message");
		return;
	}
	if (f->repeated) {
		write_repeated(w, f, bytes);
		return;
	}
	buffer_init(&merged, bytes.size);
	gather(m, f, bytes, &merged, &value);
	write_value(w, f, &value);
	buffer_release(&merged);
}

/* Value stands as the member that is set; it must be one. */
static void write_any_kind(struct writer *w, const struct descriptor_message *m,
			   struct slice bytes)
{
	const struct descriptor_field *f = NULL;
	struct slice rest = bytes;
	struct wire_field value;

	while (wire_next(&rest, &value) == 1) {
		const struct descriptor_field *found =
		    descriptor_field_by_number(m, value.number);

		f = found ? found : f;
	}
	if (f)
		write_only(w, m, f, bytes);
	else
		fail(w, m->name, "a value of no kind");
}

static bool read_instant(struct slice bytes, struct json_instant *t)
{
	struct wire_field f;
	int more;

	*t = (struct json_instant){ 0 };
	while ((more = wire_next(&bytes, &f)) == 1) {
		if (f.number == 1 && f.type == WIRE_VARINT)
			t->seconds = (int64_t)f.value;
		else if (f.number == 2 && f.type == WIRE_VARINT)
			t->nanos = (int32_t)f.value;
	}
	return more == 0;
}

static void write_instant(struct writer *w, const struct descriptor_message *m,
			  struct slice bytes)
{
	struct json_instant t;

	if (!read_instant(bytes, &t) ||
	    (m->well_known == WELL_KNOWN_TIMESTAMP
		 ? json_timestamp_put(w->out, &t)
		 : json_duration_put(w->out, &t)) != 0)
		fail(w, m->name, "out of range");
}

static void write_mask(struct writer *w, const struct descriptor_message *m,
		       struct slice bytes)
{
	struct wire_field f;
	bool first = true;
	int more;

	json_put_byte(w->out, '"');
	while ((more = wire_next(&bytes, &f)) == 1) {
		if (f.number != 1)
			continue;
		comma(w, &first);
		if (f.type != WIRE_BYTES || json_mask_put(w->out, f.bytes) != 0)
			fail(w, m->name, "a path with no form in JSON");
	}
	if (more < 0)
		fail(w, m->name, "a malformed message");
	json_put_byte(w->out, '"');
}

static void write_any(struct writer *w, const struct descriptor_message *any,
		      struct slice bytes)
{
	struct slice url = slice_make("", 0), inner = url;
	const struct descriptor_message *m;
	struct wire_field f;

	while (wire_next(&bytes, &f) == 1) {
		if (f.number == 1 && f.type == WIRE_BYTES)
			url = f.bytes;
		else if (f.number == 2 && f.type == WIRE_BYTES)
			inner = f.bytes;
	}
	if (!open_bracket(w, '{'))
		return;
	m = descriptor_message_of_url(any->set, url);
	if (bytes.size || (!m && (url.size || inner.size)) ||
	    !slice_is_utf8(url)) {
		fail(w, any->name, "a type that is not known here");
	} else if (m) {
		buffer_put_text(w->out, "\"@type\":");
		json_put_string(w->out, url);
		if (m->well_known != WELL_KNOWN_NONE) {
			buffer_put_text(w->out, ",\"value\":");
			write_content(w, m, inner);
		} else {
			write_members(w, m, inner, false);
		}
	}
	close_bracket(w, '}');
}

/* A message's value. */
static void write_content(struct writer *w, const struct descriptor_message *m,
			  struct slice bytes)
{
	switch (m->well_known) {
	case WELL_KNOWN_NONE:
	case WELL_KNOWN_EMPTY:
		if (w->flags & JSON_AWS && m->transparent) {
			write_only(w, m, &m->fields[0], bytes);
		} else if (open_bracket(w, '{')) {
			write_members(w, m, bytes, true);
			close_bracket(w, '}');
		}
		break;
	case WELL_KNOWN_ANY:
		write_any(w, m, bytes);
		break;
	case WELL_KNOWN_TIMESTAMP:
	case WELL_KNOWN_DURATION:
		write_instant(w, m, bytes);
		break;
	case WELL_KNOWN_FIELD_MASK:
		write_mask(w, m, bytes);
		break;
	case WELL_KNOWN_VALUE:
		write_any_kind(w, m, bytes);
		break;
	case WELL_KNOWN_STRUCT:
	case WELL_KNOWN_LIST_VALUE:
	case WELL_KNOWN_WRAPPER:
		if (m->count)
			write_only(w, m, &m->fields[0], bytes);
		break;
	}
}

int json_from_message(const struct descriptor_message *m, struct slice bytes,
		      unsigned flags, struct buffer *out, struct fault *fault)
{
	struct writer w = { .out = out, .fault = fault, .flags = flags };

	write_content(&w, m, bytes);
	if (out->failed)
		fault_set(fault, E_HTTP_TOO_LARGE,
			  "the answer takes over %zu bytes as JSON", out->max);
	return -fault->code;
}
