/* tests/support/item_text.h - items in tests, written as JSON
 *
 * item_text(mem, "{'id': {'S': 'a'}}") gives the wire bytes of DynamoDB's JSON
 * with single quotes; item_show gives the same text back, so that a failed
 * test says got and want in one form. Nothing is checked or put in order here:
 * what is malformed ends the test.
 */
#ifndef PARLOR_TESTS_ITEM_TEXT_H
#define PARLOR_TESTS_ITEM_TEXT_H

#include "lib/base/arena.h"
#include "lib/item/item.h"

#include <assert.h>

struct item_text_reader {
	const char *at;
	struct arena *mem;
};

static inline void item_text_skip(struct item_text_reader *r, char want)
{
	while (*r->at == ' ')
		r->at++;
	if (*r->at != want)
		fprintf(stderr, "want %c at: %s\n", want, r->at);
	assert(*r->at == want);
	r->at++;
	while (*r->at == ' ')
		r->at++;
}

static inline bool item_text_take(struct item_text_reader *r, char want)
{
	while (*r->at == ' ')
		r->at++;
	if (*r->at != want)
		return false;
	r->at++;
	return true;
}

static inline struct slice item_text_string(struct item_text_reader *r)
{
	const char *start;

	item_text_skip(r, '\'');
	for (start = r->at; *r->at != '\''; r->at++)
		assert(*r->at);
	return slice_make(start, (size_t)(r->at++ - start));
}

static inline struct slice item_text_keep(struct item_text_reader *r,
					  struct buffer *b)
{
	struct slice kept = arena_slice(r->mem, buffer_slice(b));

	buffer_release(b);
	return kept;
}

static inline struct slice item_text_map(struct item_text_reader *r);

static inline struct item_value item_text_value(struct item_text_reader *r)
{
	struct item_value value = { 0 };
	struct buffer inner;
	struct slice name;

	buffer_init(&inner, 1 << 24);
	item_text_skip(r, '{');
	name = item_text_string(r);
	item_text_skip(r, ':');
	for (int type = ITEM_S; type <= ITEM_BOOL; type++)
		if (slice_is(name, item_type_name((enum item_type)type)))
			value.type = (enum item_type)type;
	assert(value.type);
	if (value.type == ITEM_M) {
		value.bytes = item_text_map(r);
	} else if (value.type >= ITEM_NULL) {
		value.truth = *r->at == 't';
		r->at += value.truth ? 4 : 5;
	} else if (value.type <= ITEM_B) {
		value.bytes = item_text_string(r);
	} else {
		item_text_skip(r, '[');
		while (!item_text_take(r, ']')) {
			if (value.type == ITEM_L) {
				struct item_value member = item_text_value(r);

				item_put_value(&inner, ITEM_L, member.type,
					       member.type == ITEM_BOOL
						   ? slice_make("1",
								member.truth)
						   : member.bytes);
			} else {
				item_put_value(&inner, value.type, ITEM_S,
					       item_text_string(r));
			}
			item_text_take(r, ',');
		}
		value.bytes = item_text_keep(r, &inner);
	}
	buffer_release(&inner);
	item_text_skip(r, '}');
	return value;
}

static inline struct slice item_text_map(struct item_text_reader *r)
{
	struct buffer out;

	buffer_init(&out, 1 << 24);
	item_text_skip(r, '{');
	while (!item_text_take(r, '}')) {
		struct slice name = item_text_string(r);
		struct item_value value;

		item_text_skip(r, ':');
		value = item_text_value(r);
		item_put(&out, name, &value);
		item_text_take(r, ',');
	}
	return item_text_keep(r, &out);
}

static inline struct slice item_text(struct arena *mem, const char *text)
{
	struct item_text_reader r = { .at = text, .mem = mem };

	return item_text_map(&r);
}

static inline void item_show_map(struct buffer *out, struct slice item);

static inline void item_show_value(struct buffer *out,
				   const struct item_value *value)
{
	struct slice rest = value->bytes;
	struct item_value member;
	const char *comma = "";

	buffer_printf(out, "{'%s': ", item_type_name(value->type));
	if (value->type == ITEM_M) {
		item_show_map(out, value->bytes);
	} else if (value->type >= ITEM_NULL) {
		buffer_put_text(out, value->truth ? "true" : "false");
	} else if (value->type <= ITEM_B) {
		buffer_printf(out, "'%.*s'", SLICE_ARGS(value->bytes));
	} else {
		buffer_put_text(out, "[");
		while (item_next_value(value->type, &rest, &member) > 0) {
			buffer_put_text(out, comma);
			if (value->type == ITEM_L)
				item_show_value(out, &member);
			else
				buffer_printf(out, "'%.*s'",
					      SLICE_ARGS(member.bytes));
			comma = ", ";
		}
		buffer_put_text(out, "]");
	}
	buffer_put_text(out, "}");
}

static inline void item_show_map(struct buffer *out, struct slice item)
{
	struct slice name;
	struct item_value value;
	const char *comma = "";

	buffer_put_text(out, "{");
	while (item_next(&item, &name, &value) > 0) {
		buffer_printf(out, "%s'%.*s': ", comma, SLICE_ARGS(name));
		item_show_value(out, &value);
		comma = ", ";
	}
	buffer_put_text(out, "}");
}

/* The text of an item, in the arena. */
static inline const char *item_show(struct arena *mem, struct slice item)
{
	struct buffer out;
	const char *text;

	buffer_init(&out, 1 << 24);
	item_show_map(&out, item);
	text = arena_copy(mem, buffer_slice(&out).data, buffer_size(&out));
	buffer_release(&out);
	return text;
}

#endif
