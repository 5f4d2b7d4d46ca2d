/* services/kv/api/update_time_to_live.c - UpdateTimeToLive as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/time_to_live.h"

static void done(struct call *c, const struct ttl_request *r)
{
	Parlor__Kv__V1__UpdateTimeToLiveResponse answer =
	    PARLOR__KV__V1__UPDATE_TIME_TO_LIVE_RESPONSE__INIT;
	Parlor__Kv__V1__TimeToLiveSpecification specification =
	    PARLOR__KV__V1__TIME_TO_LIVE_SPECIFICATION__INIT;

	if (r) {
		specification.has_enabled = true;
		specification.enabled = r->enabled;
		specification.attribute_name = message_text(c, r->attribute);
		answer.time_to_live_specification = &specification;
	}
	call_reply(c, &answer.base);
}

void api_update_time_to_live(struct call *c)
{
	const Parlor__Kv__V1__UpdateTimeToLiveRequest *m = call_unpack(
	    c, &parlor__kv__v1__update_time_to_live_request__descriptor);
	const Parlor__Kv__V1__TimeToLiveSpecification *s;
	struct ttl_request *r = arena_zalloc(c->mem, sizeof(*r));

	if (!m || !r) {
		call_status(c);
		call_end(c);
		return;
	}
	s = m->time_to_live_specification;
	r->name = slice_of(m->table_name);
	r->given = s != NULL;
	if (s) {
		r->has_enabled = s->has_enabled;
		r->enabled = s->enabled;
		r->attribute = slice_of(s->attribute_name);
	}
	kv_update_time_to_live(c, r, done);
}
