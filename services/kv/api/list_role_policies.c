/* services/kv/api/list_role_policies.c - ListRolePolicies as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/policies.h"

void api_list_role_policies(struct call *c)
{
	const Parlor__Kv__V1__ListRolePoliciesRequest *m = call_unpack(
	    c, &parlor__kv__v1__list_role_policies_request__descriptor);
	Parlor__Kv__V1__ListRolePoliciesResponse answer =
	    PARLOR__KV__V1__LIST_ROLE_POLICIES_RESPONSE__INIT;
	const struct catalog_role *role = NULL;

	if (m)
		role = kv_list_role_policies(c, slice_of(m->role_name));
	if (role)
		answer.policy_names =
		    arena_array(c->mem, role->count, sizeof(char *));
	for (size_t i = 0; answer.policy_names && i < role->count; i++)
		answer.policy_names[answer.n_policy_names++] =
		    message_text(c, role->policies[i].name);
	call_reply(c, &answer.base);
}
