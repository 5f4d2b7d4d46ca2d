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
	const struct catalog_role *role = NULL;

	if (m)
		role = kv_get_role_policy(c, slice_of(m->role_name),
					  slice_of(m->policy_name));
	if (role) {
		answer.role_name = message_text(c, role->name);
		answer.policy_name = message_text(c, role->policy_name);
		answer.policy_document = message_text(c, role->policy_text);
	}
	call_reply(c, &answer.base);
}
