/* services/gateway/route/template.c - "/matches/{match_id}/moves" and paths */
#include "services/gateway/route/template.h"

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.size; i++) {
		uint8_t c = name.data[i];

		if (c != '_' && (c < '0' || c > '9') &&
		    ((c | 0x20) < 'a' || (c | 0x20) > 'z'))
			return false;
	}
	return name.size > 0;
}

static bool has_parameter(const struct path_template *t, struct slice name)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->segments[i].parameter &&
		    slice_equal(t->segments[i].text, name))
			return true;
	return false;
}

static int parse_segment(struct path_template *t, struct slice text,
			 struct fault *fault)
{
	struct template_segment *segment = &t->segments[t->count];

	if (t->count == TEMPLATE_SEGMENTS_MAX)
		return fault_set(fault, E_INVALID, "more than %d segments",
				 TEMPLATE_SEGMENTS_MAX);
	segment->parameter = text.size && text.data[0] == '{';
	if (segment->parameter) {
		if (text.data[text.size - 1] != '}')
			return fault_set(fault, E_INVALID, "no '}' in '%.*s'",
					 SLICE_ARGS(text));
		text = slice_make(text.data + 1, text.size - 2);
		if (!is_name(text))
			return fault_set(fault, E_INVALID,
					 "'%.*s' is no parameter's name",
					 SLICE_ARGS(text));
		if (has_parameter(t, text))
			return fault_set(fault, E_INVALID,
					 "parameter '%.*s' stands twice",
					 SLICE_ARGS(text));
	} else if (text.size == 0 || memchr(text.data, '{', text.size) ||
		   memchr(text.data, '}', text.size)) {
		return fault_set(fault, E_INVALID,
				 "segment '%.*s' is neither "
				 "a text nor a parameter",
				 SLICE_ARGS(text));
	}
	segment->text = text;
	t->count++;
	return 0;
}

int template_parse(struct path_template *t, struct slice text,
		   struct fault *fault)
{
	int result = 0;

	t->count = 0;
	if (text.size == 0 || text.data[0] != '/')
		return fault_set(fault, E_INVALID, "'%.*s' begins without '/'",
				 SLICE_ARGS(text));
	if (text.size == 1)
		return 0; /* the root */
	slice_cut(&text, '/');
	do {
		bool last = !memchr(text.data, '/', text.size);

		result = parse_segment(t, slice_cut(&text, '/'), fault);
		if (last)
			return result;
	} while (result == 0);
	return result;
}

bool template_match(const struct path_template *t, struct slice path,
		    struct slice values[TEMPLATE_SEGMENTS_MAX])
{
	slice_cut(&path, '/');
	if (t->count == 0)
		return path.size == 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct template_segment *segment = &t->segments[i];
		bool more = path.size && memchr(path.data, '/', path.size);

		values[i] = slice_cut(&path, '/');
		if (more != (i + 1 < t->count) || values[i].size == 0)
			return false;
		if (!segment->parameter &&
		    !slice_equal(segment->text, values[i]))
			return false;
	}
	return true;
}

int template_compare(const struct path_template *a,
		     const struct path_template *b)
{
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (size_t i = 0; i < a->count; i++) {
		const struct template_segment *one = &a->segments[i];
		const struct template_segment *two = &b->segments[i];

		if (one->parameter != two->parameter)
			return one->parameter ? 1 : -1;
		if (!one->parameter && !slice_equal(one->text, two->text))
			return slice_compare(one->text, two->text);
	}
	return 0;
}
