/* clients/cli/document.c - small JSON files and texts, for reading */
#include "clients/cli/document.h"

json_t *document_read(const char *path)
{
	json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(object))
		return object;
	json_decref(object);
	return NULL;
}

const char *document_text(struct arena *mem, const json_t *object,
			  const char *member)
{
	const json_t *value = json_object_get(object, member);

	return json_is_string(value) ? arena_copy(mem, json_string_value(value),
						  json_string_length(value))
				     : NULL;
}
