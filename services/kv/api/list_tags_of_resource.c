/* services/kv/api/list_tags_of_resource.c - ListTagsOfResource as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/tags.h"

static Parlor__Kv__V1__Tag *tag_message(struct call *c,
					const struct catalog_tag *tag)
{
	Parlor__Kv__V1__Tag *m = arena_alloc(c->mem, sizeof(*m));

	if (!m)
		return NULL;
	parlor__kv__v1__tag__init(m);
	m->key = message_text(c, tag->key);
	m->value = message_text(c, tag->value.data ? tag->value : SLICE(""));
	return m;
}

void api_list_tags_of_resource(struct call *c)
{
	const Parlor__Kv__V1__ListTagsOfResourceRequest *m = call_unpack(
	    c, &parlor__kv__v1__list_tags_of_resource_request__descriptor);
	Parlor__Kv__V1__ListTagsOfResourceResponse answer =
	    PARLOR__KV__V1__LIST_TAGS_OF_RESOURCE_RESPONSE__INIT;
	const struct catalog_table *table =
	    m ? kv_list_tags_of_resource(c, slice_of(m->resource_arn),
					 slice_of(m->next_token))
	      : NULL;

	if (table)
		answer.tags = arena_array(c->mem, table->tag_count,
					  sizeof(Parlor__Kv__V1__Tag *));
	for (size_t i = 0; answer.tags && i < table->tag_count; i++)
		answer.tags[answer.n_tags++] = tag_message(c, &table->tags[i]);
	if (call_status(c) < 0)
		call_end(c);
	else
		call_reply(c, &answer.base);
}
