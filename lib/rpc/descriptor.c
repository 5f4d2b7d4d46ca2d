/* lib/rpc/descriptor.c - what the protos say, at run time */
#include "lib/rpc/descriptor.h"
#include "lib/base/arena.h"
#include "lib/base/map.h"
#include "lib/wire/wire.h"

#include "google/protobuf/descriptor.pb-c.h"

#include <pthread.h>

/* The protos' generated names are long. */
typedef Google__Protobuf__FileDescriptorSet files_proto;
typedef Google__Protobuf__FileDescriptorProto file_proto;
typedef Google__Protobuf__DescriptorProto message_proto;
typedef Google__Protobuf__FieldDescriptorProto field_proto;
typedef Google__Protobuf__EnumDescriptorProto enum_proto;
typedef Google__Protobuf__ServiceDescriptorProto service_proto;
typedef Google__Protobuf__MethodDescriptorProto method_proto;

enum {
	SET_MAX = 64 << 20,
	OPTION_TRANSPARENT = 50001,
	OPTION_ALWAYS = 50002,
	OPTION_EMPTIES = 50003,
	OPTION_AWS_PACKAGE = 50004,
};

struct descriptor_set {
	struct arena mem;
	struct map messages, enums, methods; /* by full name, or path */
	const struct descriptor_method **order;
	size_t method_count;
};

/* What a load knows while it runs. */
struct load {
	struct descriptor_set *set;
	struct fault *fault;
	/* of the file at hand */
	bool proto3;
	struct slice aws_package;
};

static int refuse(struct load *l, const char *what, const char *why)
{
	return fault_set(l->fault, E_INVALID, "descriptors: '%s' %s",
			 what ? what : "", why);
}

static struct slice keep(struct load *l, const char *text)
{
	return arena_slice(&l->set->mem, slice_of(text));
}

/* "scope.name", or the name where there is no scope. */
static const char *join(struct load *l, const char *scope, const char *name)
{
	return arena_printf(&l->set->mem, "%s%s%s", scope, *scope ? "." : "",
			    name ? name : "");
}

static enum well_known well_known(struct slice name)
{
	static const struct {
		const char *name;
		enum well_known which;
	} rows[] = {
		{ "Any", WELL_KNOWN_ANY },
		{ "Empty", WELL_KNOWN_EMPTY },
		{ "Timestamp", WELL_KNOWN_TIMESTAMP },
		{ "Duration", WELL_KNOWN_DURATION },
		{ "FieldMask", WELL_KNOWN_FIELD_MASK },
		{ "Struct", WELL_KNOWN_STRUCT },
		{ "Value", WELL_KNOWN_VALUE },
		{ "ListValue", WELL_KNOWN_LIST_VALUE },
		{ "DoubleValue", WELL_KNOWN_WRAPPER },
		{ "FloatValue", WELL_KNOWN_WRAPPER },
		{ "Int64Value", WELL_KNOWN_WRAPPER },
		{ "UInt64Value", WELL_KNOWN_WRAPPER },
		{ "Int32Value", WELL_KNOWN_WRAPPER },
		{ "UInt32Value", WELL_KNOWN_WRAPPER },
		{ "BoolValue", WELL_KNOWN_WRAPPER },
		{ "StringValue", WELL_KNOWN_WRAPPER },
		{ "BytesValue", WELL_KNOWN_WRAPPER },
	};
	struct slice prefix = SLICE("google.protobuf.");
	struct slice rest;

	if (!slice_starts(name, prefix))
		return WELL_KNOWN_NONE;
	rest = slice_make(name.data + prefix.size, name.size - prefix.size);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (slice_is(rest, rows[i].name))
			return rows[i].which;
	return WELL_KNOWN_NONE;
}

/* protoc-c makes no extension of ours, so they are unknown fields: the option's
 * bytes without its tag, empty when it is not there. */
static struct slice find_option(const ProtobufCMessage *options,
				uint32_t number)
{
	for (unsigned i = 0; options && i < options->n_unknown_fields; i++) {
		const ProtobufCMessageUnknownField *field =
		    &options->unknown_fields[i];

		if (field->tag == number)
			return slice_make(field->data, field->len);
	}
	return slice_make("", 0);
}

static bool has_option(const ProtobufCMessage *options, uint32_t number)
{
	struct slice data = find_option(options, number);
	uint64_t value;

	return wire_varint(&data, &value) == 0 && value != 0;
}

/* An option that is a text; the field's length stands before it. */
static struct slice text_option(struct load *l, const ProtobufCMessage *options,
				uint32_t number)
{
	struct slice data = find_option(options, number);
	uint64_t size;

	if (wire_varint(&data, &size) || size != data.size)
		return slice_make("", 0);
	return arena_slice(&l->set->mem, data);
}

/* First pass: every type gets its place and its name. */

static void add_enum(struct load *l, const char *scope, const enum_proto *from)
{
	struct arena *mem = &l->set->mem;
	struct descriptor_enum *e = arena_zalloc(mem, sizeof(*e));
	struct descriptor_value *values =
	    arena_array(mem, from->n_value, sizeof(*values));
	const char *name = join(l, scope, from->name);

	if (mem->full)
		return;
	for (size_t i = 0; i < from->n_value; i++) {
		values[i].name = keep(l, from->value[i]->name);
		values[i].number = from->value[i]->number;
	}
	*e = (struct descriptor_enum){
		.name = slice_of(name),
		.is_null =
		    slice_is(slice_of(name), "google.protobuf.NullValue"),
		.values = values,
		.count = from->n_value,
	};
	if (map_put(&l->set->enums, e->name, e))
		refuse(l, name, "is there twice");
}

static void add_message(struct load *l, const char *scope,
			const message_proto *from)
{
	struct descriptor_message *m = arena_zalloc(&l->set->mem, sizeof(*m));
	const char *name = join(l, scope, from->name);

	if (l->set->mem.full)
		return;
	m->name = slice_of(name);
	m->set = l->set;
	m->aws_package = l->aws_package;
	m->well_known = well_known(m->name);
	if (from->options)
		m->transparent =
		    has_option(&from->options->base, OPTION_TRANSPARENT);
	if (map_put(&l->set->messages, m->name, m))
		refuse(l, name, "is there twice");
	for (size_t i = 0; i < from->n_enum_type; i++)
		add_enum(l, name, from->enum_type[i]);
	for (size_t i = 0; i < from->n_nested_type; i++)
		add_message(l, name, from->nested_type[i]);
}

/* Second pass: fields and methods find what they name. */

/* protoc writes all references whole, with a dot in front. */
static void *find(struct load *l, const struct map *types, const char *name)
{
	void *found = NULL;

	if (name && *name == '.')
		found = map_find(types, slice_of(name + 1));
	if (!found)
		refuse(l, name, "is not in the set");
	return found;
}

static bool is_packable(enum descriptor_type type)
{
	return type != TYPE_STRING && type != TYPE_BYTES &&
	       type != TYPE_MESSAGE && type != TYPE_GROUP;
}

static void fill_type(struct load *l, struct descriptor_field *f,
		      const field_proto *from)
{
	if (f->type == TYPE_GROUP)
		refuse(l, from->name, "is a group");
	if (f->type == TYPE_MESSAGE)
		f->message = find(l, &l->set->messages, from->type_name);
	if (f->type == TYPE_ENUM)
		f->enumeration = find(l, &l->set->enums, from->type_name);
}

/* What stands in front of the field's value in JSON. */
static struct slice quoted(struct load *l, struct slice json_name)
{
	for (size_t i = 0; i < json_name.size; i++)
		if (json_name.data[i] < ' ' || json_name.data[i] == '"' ||
		    json_name.data[i] == '\\')
			refuse(l, (const char *)json_name.data,
			       "is no name for JSON");
	return slice_of(
	    arena_printf(&l->set->mem, "\"%.*s\":", SLICE_ARGS(json_name)));
}

static void fill_field(struct load *l, struct descriptor_field *f,
		       const field_proto *from)
{
	bool packs = l->proto3;

	if (from->number < 1 || from->number > WIRE_NUMBER_MAX ||
	    (int)from->type < TYPE_DOUBLE || (int)from->type > TYPE_SINT64) {
		refuse(l, from->name, "has no such number or type");
		return;
	}
	*f = (struct descriptor_field){
		.name = keep(l, from->name),
		.json_name =
		    keep(l, from->json_name ? from->json_name : from->name),
		.number = (uint32_t)from->number,
		.type = (enum descriptor_type)from->type,
		.repeated = from->label == 3,
		.required = from->label == 2,
		.oneof = -1,
	};
	f->quoted = quoted(l, f->json_name);
	if (from->options) {
		f->always = has_option(&from->options->base, OPTION_ALWAYS);
		f->empties = has_option(&from->options->base, OPTION_EMPTIES);
	}
	if (from->options && from->options->has_packed)
		packs = from->options->packed;
	f->packed = packs && f->repeated && is_packable(f->type);
	if (from->has_oneof_index && !from->proto3_optional)
		f->oneof = from->oneof_index;
	f->implicit = l->proto3 && !f->repeated && !from->has_oneof_index &&
		      f->type != TYPE_MESSAGE;
	fill_type(l, f, from);
}

static int by_number(const void *a, const void *b)
{
	const struct descriptor_field *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int by_json_name(const void *a, const void *b, void *fields)
{
	const struct descriptor_field *f = fields;

	return slice_compare(f[*(const uint16_t *)a].json_name,
			     f[*(const uint16_t *)b].json_name);
}

static int by_proto_name(const void *a, const void *b, void *fields)
{
	const struct descriptor_field *f = fields;

	return slice_compare(f[*(const uint16_t *)a].name,
			     f[*(const uint16_t *)b].name);
}

static const uint16_t *sorted(struct load *l, struct descriptor_field *fields,
			      size_t count,
			      int (*order)(const void *, const void *, void *))
{
	uint16_t *index = arena_array(&l->set->mem, count, sizeof(*index));

	if (!index)
		return NULL;
	for (size_t i = 0; i < count; i++)
		index[i] = (uint16_t)i;
	qsort_r(index, count, sizeof(*index), order, fields);
	return index;
}

/* A message that stands as its field in JSON must not hold messages without a
 * bracket around them: the transcoder counts its depth by brackets. */
static bool is_bracketed(const struct descriptor_message *m)
{
	bool value = m->well_known == WELL_KNOWN_VALUE;

	if (!m->transparent && m->well_known < WELL_KNOWN_STRUCT)
		return true;
	for (size_t i = 0; i < m->count; i++) {
		const struct descriptor_field *f = &m->fields[i];
		enum well_known inner =
		    f->message ? f->message->well_known : WELL_KNOWN_NONE;

		if (f->message && !f->repeated &&
		    !(value && (inner == WELL_KNOWN_STRUCT ||
				inner == WELL_KNOWN_LIST_VALUE)))
			return false;
	}
	return value ||
	       (m->count == 1 &&
		(m->well_known == WELL_KNOWN_NONE ||
		 m->well_known == WELL_KNOWN_WRAPPER || m->fields[0].repeated));
}

static void check_fields(struct load *l, const struct descriptor_message *m,
			 const char *name)
{
	for (size_t i = 1; i < m->count; i++)
		if (m->fields[i].number == m->fields[i - 1].number)
			refuse(l, name, "has a number twice");
	for (size_t i = 0; i < m->count; i++)
		if (m->fields[i].oneof < -1 || m->fields[i].oneof >= m->oneofs)
			refuse(l, name, "has no such oneof");
	if (m->oneofs > DESCRIPTOR_FIELDS_MAX)
		refuse(l, name, "has too many oneofs");
	if (!is_bracketed(m))
		refuse(l, name, "cannot stand as its only field");
}

static void fill_message(struct load *l, const char *scope,
			 const message_proto *from)
{
	const char *name = join(l, scope, from->name);
	struct descriptor_message *m =
	    name ? map_find(&l->set->messages, slice_of(name)) : NULL;
	struct descriptor_field *fields =
	    arena_array(&l->set->mem, from->n_field, sizeof(*fields));

	if (!m || !fields)
		return;
	if (from->n_field > DESCRIPTOR_FIELDS_MAX) {
		refuse(l, name, "has too many fields");
		return;
	}
	for (size_t i = 0; i < from->n_field; i++)
		fill_field(l, &fields[i], from->field[i]);
	qsort(fields, from->n_field, sizeof(*fields), by_number);
	m->fields = fields;
	m->count = from->n_field;
	for (size_t i = 0; i < m->count; i++) {
		m->has_always |= fields[i].always;
		if (fields[i].empties)
			m->empties = &fields[i];
	}
	m->oneofs = (int)from->n_oneof_decl;
	m->by_json = sorted(l, fields, m->count, by_json_name);
	m->by_name = sorted(l, fields, m->count, by_proto_name);
	check_fields(l, m, name);
	for (size_t i = 0; i < from->n_nested_type; i++)
		fill_message(l, name, from->nested_type[i]);
}

/* A field is a map when its message is an entry; entries must have key and
 * value, so that nobody checks it again. */
static void mark_maps(struct load *l, const char *scope,
		      const message_proto *from)
{
	const char *name = join(l, scope, from->name);
	const struct descriptor_message *m =
	    name ? map_find(&l->set->messages, slice_of(name)) : NULL;

	if (!m || l->fault->code)
		return;
	for (size_t i = 0; i < from->n_nested_type; i++) {
		const message_proto *nested = from->nested_type[i];
		const struct descriptor_message *entry;

		mark_maps(l, name, nested);
		if (!nested->options || !nested->options->map_entry)
			continue;
		entry = map_find(&l->set->messages,
				 slice_of(join(l, name, nested->name)));
		if (!entry || entry->count != 2 ||
		    entry->fields[0].number != 1 ||
		    entry->fields[1].number != 2) {
			refuse(l, nested->name, "is no map entry");
			continue;
		}
		for (size_t k = 0; k < m->count; k++)
			if (m->fields[k].message == entry)
				((struct descriptor_field *)m->fields)[k].map =
				    true;
	}
}

static void add_method(struct load *l, const char *service,
		       const method_proto *from)
{
	struct descriptor_set *set = l->set;
	struct descriptor_method *m = arena_zalloc(&set->mem, sizeof(*m));
	const char *path =
	    arena_printf(&set->mem, "%s/%s", service, from->name);

	if (set->mem.full)
		return;
	*m = (struct descriptor_method){
		.service = slice_of(service),
		.name = keep(l, from->name),
		.input = find(l, &set->messages, from->input_type),
		.output = find(l, &set->messages, from->output_type),
		.client_streams = from->client_streaming,
		.server_streams = from->server_streaming,
		.no_side_effects =
		    from->options && from->options->idempotency_level == 1,
	};
	if (map_put(&set->methods, slice_of(path), m))
		refuse(l, path, "is there twice");
	set->order[set->method_count++] = m;
}

static const char *package_of(const file_proto *file)
{
	return file->package ? file->package : "";
}

static void first_pass(struct load *l, const files_proto *files)
{
	size_t methods = 0;

	for (size_t i = 0; i < files->n_file; i++) {
		const file_proto *file = files->file[i];

		l->aws_package = file->options
				     ? text_option(l, &file->options->base,
						   OPTION_AWS_PACKAGE)
				     : SLICE("");
		for (size_t k = 0; k < file->n_enum_type; k++)
			add_enum(l, package_of(file), file->enum_type[k]);
		for (size_t k = 0; k < file->n_message_type; k++)
			add_message(l, package_of(file), file->message_type[k]);
		for (size_t k = 0; k < file->n_service; k++)
			methods += file->service[k]->n_method;
	}
	l->set->order = (const struct descriptor_method **)
	    arena_array(&l->set->mem, methods + 1, sizeof(*l->set->order));
}

static void second_pass(struct load *l, const files_proto *files)
{
	for (size_t i = 0; i < files->n_file && !l->fault->code; i++) {
		const file_proto *file = files->file[i];
		const char *package = package_of(file);

		l->proto3 = file->syntax && strcmp(file->syntax, "proto3") == 0;
		for (size_t k = 0; k < file->n_message_type; k++)
			fill_message(l, package, file->message_type[k]);
		for (size_t k = 0; k < file->n_message_type; k++)
			mark_maps(l, package, file->message_type[k]);
		for (size_t k = 0; k < file->n_service; k++) {
			const service_proto *service = file->service[k];
			const char *name = join(l, package, service->name);

			for (size_t j = 0; name && j < service->n_method; j++)
				add_method(l, name, service->method[j]);
		}
	}
}

struct descriptor_set *descriptor_set_load(struct slice bytes,
					   struct fault *fault)
{
	struct descriptor_set *set = calloc(1, sizeof(*set));
	struct load load = { .set = set, .fault = fault };
	files_proto *files =
	    google__protobuf__file_descriptor_set__unpack(NULL, bytes.size,
							  bytes.data);

	if (!set)
		abort(); /* lack of memory ends the process */
	arena_init(&set->mem, SET_MAX);
	map_init(&set->messages);
	map_init(&set->enums);
	map_init(&set->methods);
	if (!files)
		fault_set(fault, E_INVALID, "descriptors: malformed set");
	else
		first_pass(&load, files);
	if (files && !fault->code && !set->mem.full)
		second_pass(&load, files);
	if (files)
		google__protobuf__file_descriptor_set__free_unpacked(files,
								     NULL);
	if (set->mem.full)
		fault_set(fault, E_INVALID, "descriptors: over %d bytes",
			  SET_MAX);
	if (!fault->code)
		return set;
	descriptor_set_free(set);
	return NULL;
}

void descriptor_set_free(struct descriptor_set *set)
{
	if (!set)
		return;
	map_release(&set->messages);
	map_release(&set->enums);
	map_release(&set->methods);
	arena_release(&set->mem);
	free(set);
}

/* cmake/proto.cmake puts the set's bytes between these. */
extern const uint8_t parlor_descriptor_set[], parlor_descriptor_set_end[];

static struct descriptor_set *parlor;

static void load_parlor(void)
{
	struct fault fault = { 0 };

	parlor =
	    descriptor_set_load(slice_make(parlor_descriptor_set,
					   (size_t)(parlor_descriptor_set_end -
						    parlor_descriptor_set)),
				&fault);
	if (!parlor) {
		fprintf(stderr, "%s\n", fault.message);
		abort(); /* the build made it */
	}
}

const struct descriptor_set *descriptor_set_parlor(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load_parlor);
	return parlor;
}

const struct descriptor_message *descriptor_message_find(
    const struct descriptor_set *set, struct slice full_name)
{
	return map_find(&set->messages, full_name);
}

const struct descriptor_message *descriptor_message_of_url(
    const struct descriptor_set *set, struct slice url)
{
	const uint8_t *slash =
	    url.size ? memrchr(url.data, '/', url.size) : NULL;
	const uint8_t *end = url.data + url.size;

	return slash
		   ? map_find(&set->messages,
			      slice_make(slash + 1, (size_t)(end - slash - 1)))
		   : NULL;
}

const struct descriptor_method *descriptor_method_find(
    const struct descriptor_set *set, struct slice path)
{
	return map_find(&set->methods, path);
}

const struct descriptor_method *descriptor_method_at(
    const struct descriptor_set *set, size_t i)
{
	return i < set->method_count ? set->order[i] : NULL;
}

const struct descriptor_field *descriptor_field_by_number(
    const struct descriptor_message *m, uint32_t number)
{
	size_t low = 0, high = m->count;

	if (number - 1 < m->count && m->fields[number - 1].number == number)
		return &m->fields[number - 1]; /* numbered without gaps */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (m->fields[middle].number == number)
			return &m->fields[middle];
		if (m->fields[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static const struct descriptor_field *search(const struct descriptor_message *m,
					     const uint16_t *index,
					     bool by_json, struct slice name)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct descriptor_field *f = &m->fields[index[middle]];
		int order =
		    slice_compare(by_json ? f->json_name : f->name, name);

		if (order == 0)
			return f;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct descriptor_field *descriptor_field_by_json(
    const struct descriptor_message *m, struct slice name)
{
	const struct descriptor_field *f = search(m, m->by_json, true, name);

	return f ? f : search(m, m->by_name, false, name);
}

const struct descriptor_field *descriptor_field_by_json_only(
    const struct descriptor_message *m, struct slice name)
{
	return search(m, m->by_json, true, name);
}
