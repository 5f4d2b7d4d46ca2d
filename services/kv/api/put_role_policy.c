/* services/kv/api/put_role_policy.c - PutRolePolicy as messages */
#include "services/kv/api/tables.h"
#include "services/kv/op/policies.h"

#include "parlor/kv/v1/kv.pb-c.h"

static void done(struct call *c, struct slice revision)
{
	const Parlor__Kv__V1__PutRolePolicyResponse answer =
	    PARLOR__KV__V1__PUT_ROLE_POLICY_RESPONSE__INIT;

	(void)revision;
	call_reply(c, &answer.base);
}

void api_put_role_policy(struct call *c)
{
	const Parlor__Kv__V1__PutRolePolicyRequest *m =
	    call_unpack(c,
			&parlor__kv__v1__put_role_policy_request__descriptor);

	if (m)
		kv_put_role_policy(c, slice_of(m->role_name),
				   slice_of(m->policy_name),
				   slice_of(m->policy_document), done);
	else
		call_end(c);
}
