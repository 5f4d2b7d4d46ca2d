/* services/auth/store/fields.c - a struct's members as an item's attributes */
#include "services/auth/store/fields.h"
#include "lib/item/item.h"
#include "services/auth/model/pool.h"

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
		}
	}
}

static struct auth_texts read_texts(struct arena *mem, struct slice list)
{
	struct auth_texts texts = { 0 };
	struct slice rest = list, *rows;
	struct item_value value;
	size_t count = 0;

	while (item_next_value(ITEM_L, &rest, &value) > 0)
		count++;
	rows = arena_array(mem, count, sizeof(*rows));
	while (rows && texts.count < count &&
	       item_next_value(ITEM_L, &list, &value) > 0)
		rows[texts.count++] = value.bytes;
	texts.rows = rows;
	return texts;
}

void fields_read(struct arena *mem, const struct field *field,
		 struct slice item, void *into)
{
	for (; field->name; field++) {
		void *at = (char *)into + field->offset;
		struct item_value value = item_find(item, field->name);

		switch (field->kind) {
		case FIELD_TEXT:
		case FIELD_BYTES:
			*(struct slice *)at = value.bytes;
			break;
		case FIELD_NUMBER:
			*(int64_t *)at = item_find_i64(item, field->name, 0);
			break;
		case FIELD_BOOL:
			*(bool *)at = value.truth;
			break;
		case FIELD_TEXTS:
			*(struct auth_texts *)at = read_texts(mem, value.bytes);
			break;
		}
	}
}
