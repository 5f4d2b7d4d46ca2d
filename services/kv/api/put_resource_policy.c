/* services/kv/api/put_resource_policy.c - PutResourcePolicy as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/policies.h"

static void done(struct call *c, struct slice revision)
{
	Parlor__Kv__V1__PutResourcePolicyResponse answer =
	    PARLOR__KV__V1__PUT_RESOURCE_POLICY_RESPONSE__INIT;

	answer.revision_id = message_text(c, revision);
	call_reply(c, &answer.base);
}

void api_put_resource_policy(struct call *c)
{
	const Parlor__Kv__V1__PutResourcePolicyRequest *m = call_unpack(
	    c, &parlor__kv__v1__put_resource_policy_request__descriptor);

	if (m)
		kv_put_resource_policy(c, slice_of(m->resource_arn),
				       slice_of(m->policy),
				       slice_of(m->expected_revision_id), done);
	else
		call_end(c);
}
