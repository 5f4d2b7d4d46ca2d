/* services/kv/api/tag_resource.c - TagResource as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/tags.h"

static void done(struct call *c)
{
	static const Parlor__Kv__V1__TagResourceResponse answer =
	    PARLOR__KV__V1__TAG_RESOURCE_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_tag_resource(struct call *c)
{
	const Parlor__Kv__V1__TagResourceRequest *m =
	    call_unpack(c, &parlor__kv__v1__tag_resource_request__descriptor);

	if (m)
		kv_tag_resource(c, slice_of(m->resource_arn),
				api_tags(c, m->tags, m->n_tags), m->n_tags,
				done);
	else
		call_end(c);
}
