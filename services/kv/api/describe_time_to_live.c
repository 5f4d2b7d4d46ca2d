/* services/kv/api/describe_time_to_live.c - DescribeTimeToLive as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/time_to_live.h"

void api_describe_time_to_live(struct call *c)
{
	const Parlor__Kv__V1__DescribeTimeToLiveRequest *m = call_unpack(
	    c, &parlor__kv__v1__describe_time_to_live_request__descriptor);
	Parlor__Kv__V1__DescribeTimeToLiveResponse answer =
	    PARLOR__KV__V1__DESCRIBE_TIME_TO_LIVE_RESPONSE__INIT;
	Parlor__Kv__V1__TimeToLiveDescription description =
	    PARLOR__KV__V1__TIME_TO_LIVE_DESCRIPTION__INIT;
	const struct kv_ttl *ttl =
	    m ? kv_describe_time_to_live(c, slice_of(m->table_name)) : NULL;

	if (!ttl) {
		call_end(c);
		return;
	}
	description.time_to_live_status = !ttl->attribute.size ? "DISABLED"
					  : ttl->complete      ? "ENABLED"
							       : "ENABLING";
	if (ttl->attribute.size)
		description.attribute_name = message_text(c, ttl->attribute);
	answer.time_to_live_description = &description;
	call_reply(c, &answer.base);
}
