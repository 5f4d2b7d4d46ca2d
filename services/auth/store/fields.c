/* services/auth/store/fields.c - a struct's members as an item's attributes */
#include "services/auth/store/fields.h"
#include "lib/item/item.h"
#include "services/auth/model/pool.h"

#define RULE_AT(member) offsetof(struct auth_rule, member)

static const struct field rule_fields[] = {
	{ "name", FIELD_TEXT, RULE_AT(name) },
	{ "type", FIELD_NUMBER, RULE_AT(type) },
	{ "frozen", FIELD_BOOL, RULE_AT(frozen) },
	{ "required", FIELD_BOOL, RULE_AT(required) },
	{ "min", FIELD_TEXT, RULE_AT(min) },
	{ "max", FIELD_TEXT, RULE_AT(max) },
	{ 0 }
};

static void put_texts(struct buffer *item, const char *name,
		      const struct auth_texts *texts)
{
	struct buffer list;

	buffer_init(&list, item->max);
	for (size_t i = 0; i < texts->count; i++)
		item_put_value(&list, ITEM_L, ITEM_S, texts->rows[i]);
	item_put_inner(item, name, ITEM_L, buffer_slice(&list));
	item->failed |= list.failed;
	buffer_release(&list);
}

static void put_rules(struct buffer *item, const char *name,
		      const struct auth_schema *schema)
{
	struct buffer list, row;

	buffer_init(&list, item->max);
	for (size_t i = 0; i < schema->count; i++) {
		buffer_init(&row, item->max);
		fields_put(&row, rule_fields, &schema->rows[i]);
		item_put_value(&list, ITEM_L, ITEM_M, buffer_slice(&row));
		list.failed |= row.failed;
		buffer_release(&row);
	}
	item_put_inner(item, name, ITEM_L, buffer_slice(&list));
	item->failed |= list.failed;
	buffer_release(&list);
}

static void put_slice(struct buffer *item, const char *name,
		      enum item_type type, const struct slice *value)
{
	if (value->size)
		item_put_text(item, name, type, *value);
}

void fields_put(struct buffer *item, const struct field *field,
		const void *from)
{
	for (; field->name; field++) {
		const void *at = (const char *)from + field->offset;

		switch (field->kind) {
		case FIELD_TEXT:
			put_slice(item, field->name, ITEM_S, at);
			break;
		case FIELD_BYTES:
			put_slice(item, field->name, ITEM_B, at);
			break;
		case FIELD_NUMBER:
			if (*(const int64_t *)at)
				item_put_i64(item, field->name,
					     *(const int64_t *)at);
			break;
		case FIELD_BOOL:
			if (*(const bool *)at)
				item_put_bool(item, field->name, true);
			break;
		case FIELD_TEXTS:
			if (((const struct auth_texts *)at)->count)
				put_texts(item, field->name, at);
			break;
		case FIELD_RULES:
			if (((const struct auth_schema *)at)->count)
				put_rules(item, field->name, at);
			break;
		}
	}
}

static size_t count_values(struct slice list)
{
	struct item_value value;
	size_t count = 0;

	while (item_next_value(ITEM_L, &list, &value) > 0)
		count++;
	return count;
}

static struct auth_texts read_texts(struct arena *mem, struct slice list)
{
	size_t count = count_values(list);
	struct slice *rows = arena_array(mem, count, sizeof(*rows));
	struct auth_texts texts = { 0 };
	struct item_value value;

	while (rows && texts.count < count &&
	       item_next_value(ITEM_L, &list, &value) > 0)
		rows[texts.count++] = value.bytes;
	texts.rows = rows;
	return texts;
}

static struct auth_schema read_rules(struct arena *mem, struct slice list)
{
	size_t count = count_values(list), i = 0;
	struct auth_rule *rows = arena_array(mem, count, sizeof(*rows));
	struct item_value value;

	while (rows && i < count && item_next_value(ITEM_L, &list, &value) > 0)
		fields_read(mem, rule_fields, value.bytes, &rows[i++]);
	return (struct auth_schema){ rows, i };
}

static void read_one(struct arena *mem, const struct field *field,
		     const struct item_value *value, void *into)
{
	void *at = (char *)into + field->offset;

	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_BYTES:
		*(struct slice *)at = value->bytes;
		break;
	case FIELD_NUMBER:
		*(int64_t *)at = item_value_i64(value, 0);
		break;
	case FIELD_BOOL:
		*(bool *)at = value->truth;
		break;
	case FIELD_TEXTS:
		*(struct auth_texts *)at = read_texts(mem, value->bytes);
		break;
	case FIELD_RULES:
		*(struct auth_schema *)at = read_rules(mem, value->bytes);
		break;
	}
}

static const struct field *find(const struct field *field, struct slice name)
{
	while (field->name && !slice_is(name, field->name))
		field++;
	return field->name ? field : NULL;
}

/* In one pass of the item: each attribute finds its member. */
void fields_read(struct arena *mem, const struct field *fields,
		 struct slice item, void *into)
{
	const struct item_value none = { 0 };
	struct item_value value;
	struct slice name;

	for (const struct field *f = fields; f->name; f++)
		read_one(mem, f, &none, into);
	while (item_next(&item, &name, &value) > 0) {
		const struct field *f = find(fields, name);

		if (f)
			read_one(mem, f, &value, into);
	}
}
