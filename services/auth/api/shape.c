/* services/auth/api/shape.c - is a request of the form that Cognito's have? */
#include "services/auth/api/shape.h"
#include "lib/rpc/complaint.h"
#include "lib/rpc/op.h"
#include "lib/wire/wire.h"
#include "services/auth/api/shapes.h"

enum { KEY = 96, MUST = 192, NUMBERS = 256, SHOWN = 300 };

struct check {
	struct complaints all;
	struct arena *mem;
};

/* The request, or a structure in it. */
struct part {
	const struct part *up; /* NULL: the request */
	struct slice member;   /* of `up`, that it is */
	size_t at;	       /* in its list, from 1; 0: there is none */
	struct slice name;     /* the operation's, or "AttributeType" */
	const struct descriptor_message *type;
	struct slice bytes;
	uint32_t count[NUMBERS]; /* of each member, so far */
};

/* ---- members -------------------------------------------------------------- */

static const struct shape *shape_of(const struct part *part,
				    struct slice member)
{
	char key[KEY];

	if (!part->up)
		return api_shape_find(member);
	snprintf(key, sizeof(key), "%.*s.%.*s", SLICE_ARGS(part->name),
		 SLICE_ARGS(member));
	return api_shape_find(slice_of(key));
}

/* "userAttributes.1.member.name"; nothing once so much is wrong that it isn't
 * told any more. */
static const char *path_of(struct check *k, const struct part *part,
			   struct slice member)
{
	const char *before = "";

	if (k->all.count >= COMPLAINTS_MAX)
		return "";
	if (part->up) {
		before = path_of(k, part->up, part->member);
		before = part->at ? arena_printf(k->mem, "%s.%zu.member.",
						 before, part->at)
				  : arena_printf(k->mem, "%s.", before);
	}
	return arena_printf(k->mem, "%s%c%.*s", before, member.data[0] | 0x20,
			    (int)member.size - 1, member.data + 1);
}

static void check_text(struct check *k, const struct part *part,
		       struct slice member, struct slice text)
{
	const struct shape *shape = shape_of(part, member);
	char must[MUST];
	const char *path;

	if (!shape || api_shape_fits(shape, text))
		return;
	path = path_of(k, part, member);
	k->all.secret = shape->secret;
	if (shape->fits && !shape->fits(text)) {
		snprintf(must, sizeof(must),
			 "satisfy regular expression pattern: %s",
			 shape->pattern);
		complain(&k->all, text, path, must);
	}
	if (shape->words)
		complain_enum(&k->all, text, path, shape->words);
	else
		complain_length(&k->all, text, path, (size_t)shape->least,
				(size_t)shape->most);
	k->all.secret = false;
}

static void check_number(struct check *k, const struct part *part,
			 struct slice member, int64_t number)
{
	const struct shape *shape = shape_of(part, member);

	if (!shape || (number >= shape->least && number <= shape->most))
		return;
	complain_least(&k->all, number, path_of(k, part, member), shape->least);
	complain_most(&k->all, number, path_of(k, part, member), shape->most);
}

/* ---- lists of texts ------------------------------------------------------- */

/* What each of `these` must be, whichever of it is not so. */
static const char *constraints_of(struct check *k, const struct shape *shape,
				  const char *these)
{
	const char *words = "";

	for (size_t i = 0; shape->words && shape->words[i]; i++)
		words = arena_printf(k->mem, "%s%s%s", words, i ? ", " : "",
				     shape->words[i]);
	if (shape->words)
		return arena_printf(k->mem,
				    "%s must satisfy constraint: [Member "
				    "must satisfy enum value set: [%s]]",
				    these, words);
	return arena_printf(
	    k->mem,
	    "%s must satisfy constraint: [Member must have length less "
	    "than or equal to %lld, Member must have length greater than or "
	    "equal to %lld%s%s]",
	    these, (long long)shape->most, (long long)shape->least,
	    shape->pattern
		? ", Member must satisfy regular expression pattern: "
		: "",
	    shape->pattern ? shape->pattern : "");
}

/* Adds to "[a, b", as far as there is room. */
static void show(char shown[SHOWN], const char *before, struct slice text)
{
	size_t used = strlen(shown);

	snprintf(shown + used, SHOWN - used, "%s%.*s", before,
		 SLICE_ARGS(text));
}

static bool texts_fit(const struct part *part,
		      const struct descriptor_field *field,
		      const struct shape *shape, char shown[SHOWN])
{
	struct slice rest = part->bytes;
	struct wire_field f = { 0 };
	bool fit = true;

	while (wire_next(&rest, &f) > 0)
		if (f.number == field->number && f.type == WIRE_BYTES) {
			show(shown, *shown ? ", " : "[", f.bytes);
			fit &= api_shape_fits(shape, f.bytes);
		}
	show(shown, "]", SLICE(""));
	return fit;
}

static void check_list(struct check *k, const struct part *part,
		       const struct descriptor_field *field)
{
	const struct shape *shape = shape_of(part, field->json_name);
	bool texts = field->type == TYPE_STRING;
	size_t count = part->count[field->number];
	char shown[SHOWN] = "";

	if (!shape)
		return;
	k->all.secret = !texts;
	if (texts && !texts_fit(part, field, shape, shown))
		complain_value(&k->all, slice_of(shown),
			       path_of(k, part, field->json_name),
			       constraints_of(k, shape, "Member"));
	if (shape->items_most && count > shape->items_most)
		complain(&k->all, slice_of(shown),
			 path_of(k, part, field->json_name),
			 arena_printf(k->mem,
				      "have length less than or equal to %zu",
				      shape->items_most));
	k->all.secret = false;
}

/* ---- maps of texts -------------------------------------------------------- */

/* An entry's key, or its value. */
static struct slice text_of(struct slice entry, uint32_t number)
{
	struct wire_field f = { 0 };
	struct slice text = SLICE("");

	while (wire_next(&entry, &f) > 0)
		if (f.number == number && f.type == WIRE_BYTES)
			text = f.bytes;
	return text;
}

static void check_map(struct check *k, const struct part *part,
		      const struct descriptor_field *field, uint32_t number)
{
	static const char *const names[][2] = {
		[1] = { "key", "Map keys" }, [2] = { "value", "Map value" }
	};
	struct slice rest = part->bytes;
	struct wire_field f = { 0 };
	const struct shape *shape;
	char key[KEY];
	bool fit = true;

	snprintf(key, sizeof(key), "%.*s.%s", SLICE_ARGS(field->json_name),
		 names[number][0]);
	shape = api_shape_find(slice_of(key));
	while (shape && wire_next(&rest, &f) > 0)
		if (f.number == field->number && f.type == WIRE_BYTES)
			fit &= api_shape_fits(shape, text_of(f.bytes, number));
	if (fit)
		return;
	k->all.secret = true;
	complain_value(&k->all, SLICE(""), path_of(k, part, field->json_name),
		       constraints_of(k, shape, names[number][1]));
	k->all.secret = false;
}

/* ---- the whole ------------------------------------------------------------ */

static void check_part(struct check *, struct part *);

static void check_field(struct check *k, const struct part *part,
			const struct descriptor_field *field,
			const struct wire_field *f)
{
	struct slice name;
	struct part inner;

	if (field->type == TYPE_MESSAGE && f->type == WIRE_BYTES &&
	    !field->map) {
		name = field->message->name;
		while (memchr(name.data, '.', name.size))
			slice_cut(&name, '.');
		inner = (struct part){
			.up = part,
			.member = field->json_name,
			.at = field->repeated ? part->count[f->number] : 0,
			.name = name,
			.type = field->message,
			.bytes = f->bytes,
		};
		check_part(k, &inner);
	} else if (field->repeated) {
		return;
	} else if (field->type == TYPE_STRING && f->type == WIRE_BYTES) {
		check_text(k, part, field->json_name, f->bytes);
	} else if (field->type == TYPE_INT32 && f->type == WIRE_VARINT) {
		check_number(k, part, field->json_name, (int32_t)f->value);
	}
}

/* Members that must be there and are not. */
static void check_needs(struct check *k, const struct part *part)
{
	const struct needs *row = api_needs_find(part->name);
	struct slice rest = slice_of(row ? row->members : "");

	while (rest.size) {
		struct slice member = slice_cut(&rest, ' ');
		const struct descriptor_field *field =
		    descriptor_field_by_json_only(part->type, member);

		if (field && field->number < NUMBERS &&
		    !part->count[field->number])
			complain_null(&k->all, slice_of(NULL),
				      path_of(k, part, member));
	}
}

static void check_part(struct check *k, struct part *part)
{
	struct slice rest = part->bytes;
	struct wire_field f = { 0 };

	while (wire_next(&rest, &f) > 0) {
		const struct descriptor_field *field =
		    descriptor_field_by_number(part->type, f.number);

		if (field && f.number < NUMBERS) {
			part->count[f.number]++;
			check_field(k, part, field, &f);
		}
	}
	for (size_t i = 0; i < part->type->count; i++) {
		const struct descriptor_field *field = &part->type->fields[i];

		if (field->repeated && field->number < NUMBERS &&
		    part->count[field->number])
			check_list(k, part, field);
		for (uint32_t number = 1; field->map && number <= 2; number++)
			check_map(k, part, field, number);
	}
	check_needs(k, part);
}

int api_shape_check(struct call *c, const struct descriptor_message *type)
{
	struct check k = { .mem = c->mem };
	struct part whole = {
		.name = slice_of(c->op->name),
		.type = type,
		.bytes = c->request,
	};

	check_part(&k, &whole);
	return complaints_fail(&k.all, E_PARAMETER, &c->fault);
}
