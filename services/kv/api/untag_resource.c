/* services/kv/api/untag_resource.c - UntagResource as messages */
#include "services/kv/api/tables.h"
#include "services/kv/op/tags.h"

#include "parlor/kv/v1/kv.pb-c.h"

static void done(struct call *c)
{
	static const Parlor__Kv__V1__UntagResourceResponse answer =
	    PARLOR__KV__V1__UNTAG_RESOURCE_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_untag_resource(struct call *c)
{
	const Parlor__Kv__V1__UntagResourceRequest *m =
	    call_unpack(c, &parlor__kv__v1__untag_resource_request__descriptor);
	struct slice *keys =
	    m ? arena_array(c->mem, m->n_tag_keys, sizeof(*keys)) : NULL;

	if (!keys) {
		call_status(c);
		call_end(c);
		return;
	}
	for (size_t i = 0; i < m->n_tag_keys; i++)
		keys[i] = slice_of(m->tag_keys[i]);
	kv_untag_resource(c, slice_of(m->resource_arn), keys, m->n_tag_keys,
			  done);
}
