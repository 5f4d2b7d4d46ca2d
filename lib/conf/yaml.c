/* lib/conf/yaml.c - a YAML document as a tree that remembers its lines */
#include "lib/conf/yaml.h"
#include "lib/base/quote.h"

#include <yaml.h>

struct anchor {
	struct anchor *next;
	const char *name;
	struct yaml_node *node;
};

struct reader {
	yaml_parser_t parser;
	const char *name;
	struct arena *mem;
	struct fault *fault;
	struct anchor *anchors;
	size_t weight; /* of all that was read */
};

static struct yaml_node *refuse(struct reader *r, size_t line, const char *why)
{
	fault_set(r->fault, E_INVALID, "%s:%zu: %s", r->name, line + 1, why);
	return NULL;
}

static bool next(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event))
		return true;
	refuse(r, r->parser.problem_mark.line,
	       r->parser.problem ? r->parser.problem : "not YAML");
	return false;
}

static struct yaml_node *node_new(struct reader *r, enum yaml_kind kind,
				  const yaml_event_t *event)
{
	struct yaml_node *node = arena_zalloc(r->mem, sizeof(*node));

	if (!node)
		return refuse(r, event->start_mark.line, "the file is too big");
	node->kind = kind;
	node->line = (int)event->start_mark.line + 1;
	node->weight = 1;
	return node;
}

static bool weigh(struct reader *r, size_t weight, size_t line)
{
	r->weight += weight;
	if (r->weight > YAML_NODES_MAX)
		refuse(r, line, "too many values");
	return r->weight <= YAML_NODES_MAX;
}

static void remember(struct reader *r, const yaml_char_t *name,
		     struct yaml_node *node)
{
	struct anchor *a = name ? arena_zalloc(r->mem, sizeof(*a)) : NULL;

	if (!a)
		return;
	a->name = arena_copy(r->mem, name, strlen((const char *)name));
	a->node = node;
	a->next = r->anchors;
	r->anchors = a;
}

/* An alias is the node itself; only what is complete has a name, so there are
 * no circles. */
static struct yaml_node *alias(struct reader *r, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;

	for (const struct anchor *a = r->anchors; a; a = a->next)
		if (a->name && strcmp(a->name, name) == 0)
			return weigh(r, a->node->weight, event->start_mark.line)
				   ? a->node
				   : NULL;
	return refuse(r, event->start_mark.line, "an alias of nothing");
}

static struct yaml_node *scalar(struct reader *r, const yaml_event_t *event)
{
	struct yaml_node *node = node_new(r, YAML_SCALAR, event);
	size_t size = event->data.scalar.length;
	char *copy;

	if (!node || !weigh(r, 1, event->start_mark.line))
		return NULL;
	if (memchr(event->data.scalar.value, 0, size))
		return refuse(r, event->start_mark.line, "a text with NUL");
	copy = arena_copy(r->mem, event->data.scalar.value, size);
	if (!copy)
		return refuse(r, event->start_mark.line, "the file is too big");
	node->text = slice_make(copy, size);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	remember(r, event->data.scalar.anchor, node);
	return node;
}

/* Appends to an array that doubles in the arena. */
static bool append(struct reader *r, struct yaml_node ***array, size_t count,
		   struct yaml_node *node)
{
	struct yaml_node **wider;

	if ((count & (count - 1)) == 0) { /* 0, 1, 2, 4, …: it is full */
		wider =
		    arena_array(r->mem, count ? 2 * count : 1, sizeof(void *));
		if (!wider)
			return false;
		if (count)
			memcpy(wider, *array, count * sizeof(*wider));
		*array = wider;
	}
	(*array)[count] = node;
	return true;
}

static bool key_is_new(struct reader *r, const struct yaml_node *map,
		       const struct yaml_node *key)
{
	char why[128];

	if (key->kind != YAML_SCALAR) {
		refuse(r, (size_t)key->line - 1, "a key that is not a text");
		return false;
	}
	if (!yaml_find(map, (const char *)key->text.data))
		return true;
	snprintf(why, sizeof(why), "the key '%.64s' stands here twice",
		 (const char *)key->text.data);
	refuse(r, (size_t)key->line - 1, why);
	return false;
}

static struct yaml_node *value(struct reader *r, const yaml_event_t *event,
			       int depth);

static bool fill(struct reader *r, struct yaml_node *node, int depth)
{
	struct yaml_node *key = NULL, *item;
	yaml_event_t event;

	for (;;) {
		if (!next(r, &event))
			return false;
		if (event.type == YAML_SEQUENCE_END_EVENT ||
		    event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			return true;
		}
		item = value(r, &event, depth + 1);
		yaml_event_delete(&event);
		if (!item)
			return false;
		node->weight += item->weight;
		if (node->kind == YAML_MAP && !key) {
			key = item;
			if (!key_is_new(r, node, key))
				return false;
			continue;
		}
		if (key && !append(r, &node->keys, node->count, key))
			return false;
		if (!append(r, &node->items, node->count, item))
			return false;
		node->count++;
		key = NULL;
	}
}

static struct yaml_node *collection(struct reader *r, const yaml_event_t *event,
				    int depth)
{
	bool list = event->type == YAML_SEQUENCE_START_EVENT;
	struct yaml_node *node =
	    node_new(r, list ? YAML_LIST : YAML_MAP, event);

	if (!node || !weigh(r, 1, event->start_mark.line))
		return NULL;
	if (depth > YAML_DEPTH_MAX)
		return refuse(r, event->start_mark.line, "nested too deep");
	if (!fill(r, node, depth))
		return refuse(r, event->start_mark.line, "the file is too big");
	remember(r,
		 list ? event->data.sequence_start.anchor
		      : event->data.mapping_start.anchor,
		 node);
	return node;
}

static struct yaml_node *value(struct reader *r, const yaml_event_t *event,
			       int depth)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return scalar(r, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return collection(r, event, depth);
	case YAML_ALIAS_EVENT:
		return alias(r, event);
	default:
		return refuse(r, event->start_mark.line, "not YAML");
	}
}

/* Events up to the first one that is a value or the end. */
static struct yaml_node *document(struct reader *r)
{
	struct yaml_node *root;
	yaml_event_t event;

	do {
		if (!next(r, &event))
			return NULL;
		if (event.type == YAML_STREAM_END_EVENT) {
			root = node_new(r, YAML_MAP, &event);
			yaml_event_delete(&event);
			return root;
		}
		root = event.type == YAML_STREAM_START_EVENT ||
			       event.type == YAML_DOCUMENT_START_EVENT
			   ? NULL
			   : value(r, &event, 1);
		yaml_event_delete(&event);
	} while (!root && !r->fault->code);
	return root;
}

static bool nothing_follows(struct reader *r)
{
	yaml_event_t event;
	bool end;

	do {
		if (!next(r, &event))
			return false;
		end = event.type == YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT)
			refuse(r, event.start_mark.line, "a second document");
		yaml_event_delete(&event);
	} while (!end && !r->fault->code);
	return end;
}

struct yaml_node *yaml_parse(struct slice text, const char *name,
			     struct arena *mem, struct fault *fault)
{
	struct reader r = { .name = name, .mem = mem, .fault = fault };
	struct yaml_node *root;

	if (text.size > YAML_BYTES_MAX)
		return refuse(&r, 0, "the file is too big");
	if (!yaml_parser_initialize(&r.parser))
		abort(); /* lack of memory ends the process */
	yaml_parser_set_input_string(&r.parser, text.data, text.size);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	root = document(&r);
	if (root && !r.parser.stream_end_produced && !nothing_follows(&r))
		root = NULL;
	yaml_parser_delete(&r.parser);
	return fault->code ? NULL : root;
}

struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (slice_is(map->keys[i]->text, key))
			return map->items[i];
	return NULL;
}

static bool is_one_of(struct slice text, const char *const *words)
{
	for (; *words; words++)
		if (slice_is(text, *words))
			return true;
	return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const char *const words[] = { "",     "~",    "null",
					     "Null", "NULL", NULL };

	return node->kind == YAML_SCALAR && node->plain &&
	       is_one_of(node->text, words);
}

static size_t digits(struct slice s, size_t at)
{
	size_t from = at;

	while (at < s.size && s.data[at] >= '0' && s.data[at] <= '9')
		at++;
	return at - from;
}

/* JSON's grammar of numbers. */
static bool is_number(struct slice s)
{
	size_t at = s.size && s.data[0] == '-', whole = digits(s, at), part;

	if (!whole || (whole > 1 && s.data[at] == '0'))
		return false;
	at += whole;
	if (at < s.size && s.data[at] == '.') {
		part = digits(s, at + 1);
		if (!part)
			return false;
		at += part + 1;
	}
	if (at < s.size && (s.data[at] | 0x20) == 'e') {
		at++;
		if (at < s.size && (s.data[at] == '+' || s.data[at] == '-'))
			at++;
		part = digits(s, at);
		if (!part)
			return false;
		at += part;
	}
	return at == s.size;
}

static void put_scalar(struct buffer *b, const struct yaml_node *node)
{
	static const char *const truths[] = { "true", "false", NULL };

	if (yaml_is_null(node))
		buffer_put_text(b, "null");
	else if (node->plain &&
		 (is_number(node->text) || is_one_of(node->text, truths)))
		buffer_put_slice(b, node->text);
	else
		buffer_put_quoted(b, node->text);
}

void yaml_put_json(struct buffer *b, const struct yaml_node *node)
{
	bool map = node->kind == YAML_MAP;

	if (node->kind == YAML_SCALAR) {
		put_scalar(b, node);
		return;
	}
	buffer_put_byte(b, map ? '{' : '[');
	for (size_t i = 0; i < node->count; i++) {
		if (i)
			buffer_put_byte(b, ',');
		if (map) {
			buffer_put_quoted(b, node->keys[i]->text);
			buffer_put_byte(b, ':');
		}
		yaml_put_json(b, node->items[i]);
	}
	buffer_put_byte(b, map ? '}' : ']');
}
