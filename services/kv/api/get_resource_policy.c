/* services/kv/api/get_resource_policy.c - GetResourcePolicy as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/policies.h"

void api_get_resource_policy(struct call *c)
{
	const Parlor__Kv__V1__GetResourcePolicyRequest *m = call_unpack(
	    c, &parlor__kv__v1__get_resource_policy_request__descriptor);
	Parlor__Kv__V1__GetResourcePolicyResponse answer =
	    PARLOR__KV__V1__GET_RESOURCE_POLICY_RESPONSE__INIT;
	const struct catalog_table *table = NULL;

	if (m)
		table = kv_get_resource_policy(c, slice_of(m->resource_arn));
	if (table) {
		answer.policy = message_text(c, table->policy_text);
		answer.revision_id = message_text(c, table->policy_id);
	}
	call_reply(c, &answer.base);
}
