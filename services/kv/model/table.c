/* services/kv/model/table.c - what a table is */
#include "services/kv/model/table.h"

#include <stdio.h>
#include <time.h>

const struct kv_index *kv_table_index(const struct kv_table *table,
				      struct slice name)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (slice_equal(table->indexes[i].name, name))
			return &table->indexes[i];
	return NULL;
}

bool kv_table_is_settled(const struct kv_table *table)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].state != KV_INDEX_ACTIVE)
			return false;
	return true;
}

bool kv_table_is_updating(const struct kv_table *table)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].state == KV_INDEX_CREATING ||
		    table->indexes[i].state == KV_INDEX_DELETING)
			return true;
	return false;
}

const struct kv_key_part *kv_table_attribute(const struct kv_table *table,
					     struct slice name)
{
	for (size_t i = 0; i < table->attribute_count; i++)
		if (slice_equal(table->attributes[i].name, name))
			return &table->attributes[i];
	return NULL;
}

bool kv_table_uses(const struct kv_table *table, struct slice name)
{
	if (kv_schema_has(&table->key, name))
		return true;
	for (size_t i = 0; i < table->index_count; i++)
		if (kv_schema_has(&table->indexes[i].key, name))
			return true;
	return false;
}

bool kv_table_has_collections(const struct kv_table *table)
{
	return table->index_count && table->indexes[0].local;
}

bool kv_schema_has(const struct kv_key_schema *schema, struct slice name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (slice_equal(schema->parts[i].name, name))
			return true;
	return false;
}

const char *kv_stream_name(enum kv_stream stream)
{
	static const char *const names[KV_STREAM_COUNT] = {
		[KV_STREAM_NONE] = "",
		[KV_STREAM_KEYS_ONLY] = "KEYS_ONLY",
		[KV_STREAM_NEW_IMAGE] = "NEW_IMAGE",
		[KV_STREAM_OLD_IMAGE] = "OLD_IMAGE",
		[KV_STREAM_NEW_AND_OLD_IMAGES] = "NEW_AND_OLD_IMAGES",
	};

	return names[stream];
}

void kv_stream_label(const struct kv_table *table, char label[KV_STREAM_LABEL])
{
	time_t seconds = (time_t)(table->stream_ms / 1000);
	struct tm utc;
	size_t size;

	gmtime_r(&seconds, &utc);
	size = strftime(label, KV_STREAM_LABEL, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(label + size, KV_STREAM_LABEL - size, ".%03d",
		 (int)(table->stream_ms % 1000));
}
