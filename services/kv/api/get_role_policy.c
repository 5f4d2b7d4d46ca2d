/* services/kv/api/get_role_policy.c - GetRolePolicy as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/policies.h"

void api_get_role_policy(struct call *c)
{
	const Parlor__Kv__V1__GetRolePolicyRequest *m =
	    call_unpack(c,
			&parlor__kv__v1__get_role_policy_request__descriptor);
	Parlor__Kv__V1__GetRolePolicyResponse answer =
	    PARLOR__KV__V1__GET_ROLE_POLICY_RESPONSE__INIT;
	const struct catalog_policy *policy = NULL;

	if (m)
		policy = kv_get_role_policy(c, slice_of(m->role_name),
					    slice_of(m->policy_name));
	if (policy) {
		answer.role_name = m->role_name;
		answer.policy_name = message_text(c, policy->name);
		answer.policy_document = message_text(c, policy->text);
	}
	call_reply(c, &answer.base);
}
