/* services/gateway/map/rest.c - REST requests as messages, and back */
#include "services/gateway/map/rest.h"
#include "lib/base/quote.h"
#include "lib/rpc/json.h"

enum { PARAMETERS_MAX = 100, PARAMETERS_BYTES = 256 << 10 };

/* A parameter that was found, for its field. */
struct parameter {
	const struct descriptor_field *field;
	struct slice value; /* decoded */
};

struct parameters {
	struct parameter rows[PARAMETERS_MAX];
	size_t count;
};

/* ---- parameters as JSON ----------------------------------------------------
 */

/* Is it a JSON number, or a word of JSON, as it stands? The transcoder says
 * whether it fits the field. */
static bool stands_bare(const struct parameter *p)
{
	switch (p->field->type) {
	case TYPE_BOOL:
		return slice_is(p->value, "true") ||
		       slice_is(p->value, "false");
	case TYPE_ENUM: {
		uint64_t number;

		return slice_to_u64(p->value, INT32_MAX, &number) == 0;
	}
	default:
		return false; /* quoted numbers are numbers to protobuf */
	}
}

static void put_value(struct buffer *json, const struct parameter *p)
{
	if (stands_bare(p))
		buffer_put_slice(json, p->value);
	else
		buffer_put_quoted(json, p->value);
}

static bool came_before(const struct parameters *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (p->rows[k].field == p->rows[i].field)
			return true;
	return false;
}

/* "name": value, or all values of a repeated one. */
static void put_field(struct buffer *json, const struct parameters *p, size_t i)
{
	const struct descriptor_field *field = p->rows[i].field;
	bool first = true;

	buffer_put_quoted(json, field->json_name);
	buffer_put_byte(json, ':');
	if (!field->repeated) {
		put_value(json, &p->rows[i]);
		return;
	}
	buffer_put_byte(json, '[');
	for (; i < p->count; i++) {
		if (p->rows[i].field != field)
			continue;
		if (!first)
			buffer_put_byte(json, ',');
		first = false;
		put_value(json, &p->rows[i]);
	}
	buffer_put_byte(json, ']');
}

static int parameters_to_message(const struct parameters *p,
				 const struct descriptor_message *type,
				 struct arena *mem, struct buffer *message,
				 struct fault *fault)
{
	struct buffer json;
	int result;

	if (p->count == 0)
		return 0;
	buffer_init(&json, PARAMETERS_BYTES);
	buffer_put_byte(&json, '{');
	for (size_t i = 0; i < p->count; i++) {
		if (came_before(p, i))
			continue;
		if (i)
			buffer_put_byte(&json, ',');
		put_field(&json, p, i);
	}
	buffer_put_byte(&json, '}');
	result = json.failed
		     ? fault_set(fault, E_INVALID, "parameters too long")
		     : json_to_message(type, buffer_slice(&json), 0, mem,
				       message, fault);
	buffer_release(&json);
	return result;
}

/* ---- finding them ----------------------------------------------------------
 */

static int add(struct parameters *p, const struct descriptor_field *field,
	       struct slice raw, bool plus, struct arena *mem,
	       struct fault *fault)
{
	struct parameter *row = &p->rows[p->count];

	if (p->count == PARAMETERS_MAX)
		return fault_set(fault, E_INVALID, "more than %d parameters",
				 PARAMETERS_MAX);
	row->field = field;
	if (http_percent_decode(mem, raw, plus, &row->value) != 0 ||
	    !slice_is_utf8(row->value))
		return fault_set(fault, E_INVALID,
				 "parameter '%.*s' is not well encoded",
				 SLICE_ARGS(field->name));
	p->count++;
	return 0;
}

static int add_query(struct parameters *p, const struct route *route,
		     struct slice name, struct slice raw, struct arena *mem,
		     struct fault *fault)
{
	const struct descriptor_field *field;

	if (http_percent_decode(mem, name, true, &name) != 0)
		return fault_set(fault, E_INVALID,
				 "a parameter's name is not well encoded");
	field = descriptor_field_by_json(route->method->input, name);
	if (!field || field->type == TYPE_MESSAGE || field->type == TYPE_GROUP)
		return fault_set(fault, E_INVALID, "unknown parameter '%.*s'",
				 SLICE_ARGS(name));
	for (size_t i = 0; !field->repeated && i < p->count; i++)
		if (p->rows[i].field == field)
			return fault_set(fault, E_INVALID,
					 "parameter '%.*s' stands twice",
					 SLICE_ARGS(name));
	return add(p, field, raw, true, mem, fault);
}

static int find_parameters(struct parameters *p,
			   const struct route_match *match,
			   struct http_request *r, struct fault *fault)
{
	const struct route *route = match->route;
	struct slice query = r->query, name, raw;
	int result = 0;

	for (size_t i = 0; result == 0 && i < route->template.count; i++)
		if (route->fields[i])
			result = add(p, route->fields[i], match->values[i],
				     false, &r->mem, fault);
	while (result == 0 && http_query_next(&query, &name, &raw))
		result = add_query(p, route, name, raw, &r->mem, fault);
	return result;
}

/* ---- whole requests and answers --------------------------------------------
 */

static int read_body(const struct route *route, struct http_request *r,
		     struct buffer *message, struct fault *fault)
{
	struct slice type = http_header_find(&r->headers, "content-type");

	if (r->body.size == 0)
		return 0;
	type = slice_trim(slice_cut(&type, ';'));
	if (type.size && !slice_equal_nocase(type, SLICE("application/json")))
		return fault_set(fault, E_HTTP_MEDIA_TYPE,
				 "use application/json");
	if (http_header_find(&r->headers, "content-encoding").size)
		return fault_set(fault, E_HTTP_MEDIA_TYPE,
				 "a body may not be compressed here");
	return json_to_message(route->method->input, r->body, 0, &r->mem,
			       message, fault);
}

int rest_read(const struct route_match *match, struct http_request *r,
	      struct buffer *message, struct fault *fault)
{
	struct parameters *p = arena_alloc(&r->mem, sizeof(*p));
	int result;

	if (!p)
		return fault_set(fault, E_EXHAUSTED, "request too large");
	p->count = 0;
	result = read_body(match->route, r, message, fault);
	if (result == 0)
		result = find_parameters(p, match, r, fault);
	if (result == 0)
		result = parameters_to_message(p, match->route->method->input,
					       &r->mem, message, fault);
	return result;
}

int rest_write(const struct route *route, struct slice message,
	       struct buffer *json, struct fault *fault)
{
	return json_from_message(route->method->output, message, 0, json,
				 fault);
}
