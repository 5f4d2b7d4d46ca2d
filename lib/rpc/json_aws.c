/* lib/rpc/json_aws.c - what AWS's services say of JSON that does not fit */
#include "lib/rpc/json_aws.h"

#include <stdarg.h>

enum { CLASS_MAX = 256 };

static const struct scalar {
	const char *class;  /* Java's */
	const char *begins; /* what a value may begin with */
} scalars[] = {
	[TYPE_STRING] = { "java.lang.String", "\"" },
	[TYPE_BOOL] = { "java.lang.Boolean", "tf\"" },
	[TYPE_INT32] = { "java.lang.Integer", "-0123456789" },
	[TYPE_INT64] = { "java.lang.Long", "-0123456789" },
	[TYPE_DOUBLE] = { "java.lang.Double", "-0123456789" },
	[TYPE_BYTES] = { "java.nio.ByteBuffer", "\"" },
};

static const struct scalar *scalar_of(const struct descriptor_field *f)
{
	static const struct scalar other = { "java.lang.Object", "\"tf-" };

	if ((size_t)f->type >= sizeof(scalars) / sizeof(*scalars) ||
	    !scalars[f->type].class)
		return &other;
	return &scalars[f->type];
}

/* A field, or one value of it, as JSON has it. */
struct form {
	const struct descriptor_field *field;
	bool list, map;
};

/* A transparent message stands as its only field. */
static struct form form_of(const struct descriptor_field *f, bool whole)
{
	while (!(whole && f->repeated) && f->type == TYPE_MESSAGE &&
	       f->message->transparent) {
		f = &f->message->fields[0];
		whole = true;
	}
	return (struct form){ .field = f,
			      .list = whole && f->repeated && !f->map,
			      .map = whole && f->map };
}

/* ---- the words -------------------------------------------------------------
 */

static void refuse(struct json_text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void refuse(struct json_text *t, const char *format, ...)
{
	char words[FAULT_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	fault_set(t->fault, E_INVALID, "%s", words);
}

/* The last part of "parlor.kv.v1.AttributeValue". */
static struct slice short_name(struct slice name)
{
	const uint8_t *dot = memrchr(name.data, '.', name.size);
	size_t before = dot ? (size_t)(dot + 1 - name.data) : 0;

	return slice_make(name.data + before, name.size - before);
}

/* Appends the type's name in Java: "java.util.List<java.lang.String>". */
static void put_class(char out[CLASS_MAX], struct form form)
{
	const struct descriptor_field *f = form.field;
	size_t used = strlen(out);

	if (form.list || form.map) {
		snprintf(out + used, CLASS_MAX - used, "java.util.%s",
			 form.map ? "Map<java.lang.String, " : "List<");
		if (form.map)
			f = &f->message->fields[1];
		put_class(out, form_of(f, false));
		used = strlen(out);
		snprintf(out + used, CLASS_MAX - used, ">");
		return;
	}
	if (f->type == TYPE_MESSAGE)
		snprintf(out + used, CLASS_MAX - used, "%.*s%.*s",
			 SLICE_ARGS(f->message->aws_package),
			 SLICE_ARGS(short_name(f->message->name)));
	else
		snprintf(out + used, CLASS_MAX - used, "%s",
			 scalar_of(f)->class);
}

static void refuse_list(struct json_text *t, struct form form)
{
	char class[CLASS_MAX] = "";

	put_class(class, form);
	refuse(t, "Unrecognized collection type %s%s",
	       form.list || form.map ? "" : "class ", class);
}

/* What Java's reader calls the scalar at hand. */
static const char *token_name(struct json_text *t)
{
	struct slice number;

	switch (*t->at) {
	case '"':
		return "STRING_VALUE";
	case 't':
		return "TRUE_VALUE";
	case 'f':
		return "FALSE_VALUE";
	}
	number = json_number(t);
	for (size_t i = 0; i < number.size; i++)
		if (strchr(".eE", number.data[i]))
			return "DECIMAL_VALUE";
	return "NUMBER_VALUE";
}

static void refuse_scalar(struct json_text *t, const struct descriptor_field *f)
{
	const char *class = scalar_of(f)->class;

	if (f->type == TYPE_BYTES)
		refuse(t, "only base-64-encoded strings are convertible to "
			  "bytes");
	else
		refuse(t, "%s cannot be converted to %s", token_name(t),
		       strrchr(class, '.') + 1);
}

/* ---- what fits -------------------------------------------------------------
 */

void json_aws_expect(struct json_text *t, const struct descriptor_field *f,
		     enum json_aws_place place)
{
	struct form form = form_of(f, place == JSON_AWS_FIELD);
	bool collection = form.list || form.map;
	bool message = !collection && form.field->type == TYPE_MESSAGE;
	uint8_t next = json_peek(t);

	/* what begins no value is the scanner's to refuse */
	if (!next || next == 'n' || !strchr("{[\"tf-0123456789", next))
		return;
	if (next == '[') {
		if (!form.list)
			refuse_list(t, form);
	} else if (next == '{') {
		if (!form.map && !message)
			refuse(t, "Start of structure or map found where not "
				  "expected");
	} else if (collection || (message && place == JSON_AWS_FIELD)) {
		refuse(t, "Unexpected field type");
	} else if (message) {
		refuse(t, "Unexpected value type in payload");
	} else if (!strchr(scalar_of(form.field)->begins, next)) {
		refuse_scalar(t, form.field);
	}
}

void json_aws_base64(struct json_text *t, struct slice text)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t size = text.size;

	if (size % 4)
		refuse(t,
		       "Base64 encoded length is expected a multiple of 4 "
		       "bytes but found: %zu",
		       size);
	while (size && text.size - size < 2 && text.data[size - 1] == '=')
		size--;
	for (size_t i = 0; i < size; i++)
		if (!text.data[i] || !strchr(digits, text.data[i])) {
			refuse(t, "Invalid Base64 character");
			return;
		}
}

bool json_aws_bool(struct json_text *t, struct slice text)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "true", true },   { "1", true },  { "yes", true },
		{ "false", false }, { "0", false }, { "no", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (slice_equal_nocase(text, slice_of(words[i].word)))
			return words[i].value;
	refuse(t, "Unexpected token received from parser");
	return false;
}
