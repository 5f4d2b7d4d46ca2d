/* services/kv/api/delete_role_policy.c - DeleteRolePolicy as messages */
#include "services/kv/api/tables.h"
#include "services/kv/op/policies.h"

#include "parlor/kv/v1/kv.pb-c.h"

static void done(struct call *c, struct slice revision)
{
	const Parlor__Kv__V1__DeleteRolePolicyResponse answer =
	    PARLOR__KV__V1__DELETE_ROLE_POLICY_RESPONSE__INIT;

	(void)revision;
	call_reply(c, &answer.base);
}

void api_delete_role_policy(struct call *c)
{
	const Parlor__Kv__V1__DeleteRolePolicyRequest *m = call_unpack(
	    c, &parlor__kv__v1__delete_role_policy_request__descriptor);

	if (m)
		kv_delete_role_policy(c, slice_of(m->role_name),
				      slice_of(m->policy_name), done);
	else
		call_end(c);
}
