/* services/kv/op/policies.h - policies put, read and taken away
 *
 * A table's policy stands in the table's row, a role's in a row of its
 * own. A document is compiled before it is stored, so what is stored holds.
 */
#ifndef PARLOR_KV_OP_POLICIES_H
#define PARLOR_KV_OP_POLICIES_H

#include "services/kv/op/catalog.h"

typedef void policy_done_fn(struct call *, struct slice revision);

/* May a table have this policy? Returns 0, or -E_INVALID in DynamoDB's words and
 * what is wrong. */
int kv_check_resource_policy(struct slice policy, struct fault *);

/* The policy of a table, by ARN or name. `expected` is the revision it must
 * have ("NO_POLICY": none), null data: any. The same policy put again keeps its
 * revision; the one that is taken away is told with its own, if there was one. */
void kv_put_resource_policy(struct call *, struct slice arn,
			    struct slice policy, struct slice expected,
			    policy_done_fn *done);
void kv_delete_resource_policy(struct call *, struct slice arn,
			       struct slice expected, policy_done_fn *done);

/* The table, which has a policy; NULL and the call has failed. */
const struct catalog_table *kv_get_resource_policy(struct call *,
						   struct slice arn);

enum { POLICIES_OF_ROLE_MAX = 10 };

/* The policies of a principal or a group, each under a name of its own.
 * Administrators change any; parlor-game those of its functions. */
void kv_put_role_policy(struct call *, struct slice role,
			struct slice policy_name, struct slice policy,
			policy_done_fn *done);
void kv_delete_role_policy(struct call *, struct slice role,
			   struct slice policy_name, policy_done_fn *done);
const struct catalog_policy *kv_get_role_policy(struct call *,
						struct slice role,
						struct slice policy_name);

/* All of a role's; NULL when it has none, or the call has failed. */
const struct catalog_role *kv_list_role_policies(struct call *,
						 struct slice role);

#endif
