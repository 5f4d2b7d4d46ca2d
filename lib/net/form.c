/* lib/net/form.c - what a browser or an OAuth client sends: names and values */
#include "lib/net/form.h"

static const struct form_field *find(const struct form *form, struct slice name)
{
	for (size_t i = 0; i < form->count; i++)
		if (slice_equal(form->fields[i].name, name))
			return &form->fields[i];
	return NULL;
}

static int decode(struct slice raw, struct arena *mem, struct slice *out,
		  struct fault *fault)
{
	if (http_percent_decode(mem, raw, true, out) == 0 &&
	    slice_is_utf8(*out))
		return 0;
	return fault_set(fault, E_INVALID, "a parameter is malformed");
}

int form_read(struct form *form, struct slice text, struct arena *mem,
	      struct fault *fault)
{
	struct slice name, value;

	form->count = 0;
	while (http_query_next(&text, &name, &value)) {
		struct form_field *field = &form->fields[form->count];

		if (form->count == FORM_FIELDS_MAX)
			return fault_set(fault, E_INVALID,
					 "more than %d parameters",
					 FORM_FIELDS_MAX);
		if (decode(name, mem, &name, fault) ||
		    decode(value, mem, &value, fault))
			return -fault->code;
		if (find(form, name))
			return fault_set(
			    fault, E_INVALID,
			    "parameter '%.*s' stands more than once",
			    SLICE_HEAD(name, 64));
		*field = (struct form_field){ name, value };
		form->count++;
	}
	return 0;
}

struct slice form_value(const struct form *form, const char *name)
{
	const struct form_field *field = find(form, slice_of(name));

	return field && field->value.size ? field->value : (struct slice){ 0 };
}

bool form_is_type(struct slice text)
{
	return slice_equal_nocase(slice_trim(slice_cut(&text, ';')),
				  SLICE("application/x-www-form-urlencoded"));
}

static bool is_unreserved(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') ||
	       ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
	       (byte && strchr("-._~", byte));
}

void buffer_put_percent(struct buffer *b, struct slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (is_unreserved(text.data[i]))
			buffer_put_byte(b, text.data[i]);
		else
			buffer_printf(b, "%%%02X", text.data[i]);
	}
}
