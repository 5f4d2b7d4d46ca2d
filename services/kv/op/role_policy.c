/* services/kv/op/role_policy.c - the policy of a function or a service */
#include "services/kv/op/complaint.h"
#include "services/kv/op/policies.h"
#include "services/kv/op/table_row.h"

enum { ROLE_NAME_MAX = 128, POLICY_NAME_MAX = 128 };

struct change {
	struct catalog_change change;
	struct catalog_role role; /* as it will be; no text: none */
	policy_done_fn *done;
};

static int refuse_missing(struct fault *why, struct slice role,
			  struct slice policy)
{
	return fault_set(why, E_MISSING,
			 "The role policy with name %.*s cannot be found: role "
			 "'%.*s' has no such policy",
			 SLICE_ARGS(policy), SLICE_ARGS(role));
}

/* Who may see and change which roles: parlor-game those of its functions,
 * which it starts with their policies; administrators all. */
static int check_principal(struct call *c, struct slice role)
{
	const struct principal *p = &c->principal;

	if (p->kind == PRINCIPAL_ADMIN ||
	    (p->kind == PRINCIPAL_SERVICE && slice_is(p->service, "game") &&
	     slice_starts(role, SLICE("function:"))))
		return 0;
	return call_fail(c, E_DENIED,
			 "User: %.*s is not authorized to change the policy "
			 "of role '%.*s'",
			 SLICE_ARGS(p->text), SLICE_ARGS(role));
}

static int check(struct call *c, struct slice role, struct slice policy)
{
	struct complaints complaints = { 0 };

	complain_null(&complaints, role, "roleName");
	complain_length(&complaints, role, "roleName", 1, ROLE_NAME_MAX);
	complain_null(&complaints, policy, "policyName");
	complain_length(&complaints, policy, "policyName", 1, POLICY_NAME_MAX);
	if (complaints_end(&complaints, &c->fault) < 0)
		return -c->fault.code;
	if (!slice_starts(role, SLICE("function:")) &&
	    !slice_starts(role, SLICE("service:")) &&
	    !slice_starts(role, SLICE("user:")))
		return call_fail(
		    c, E_INVALID,
		    "RoleName: '%.*s' is no principal (function:…, "
		    "service:… or user:…)",
		    SLICE_ARGS(role));
	return check_principal(c, role);
}

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	const struct change *k = change->arg;
	struct slice name = item_find_text(have, ITEM_S, "policy_name");
	bool same = have.data && slice_equal(name, k->role.policy_name);

	if (!k->role.policy_text.size)
		return same ? 0
			    : refuse_missing(why, k->role.name,
					     k->role.policy_name);
	if (have.data && !same)
		return fault_set(why, E_LIMIT,
				 "PolicyName: role '%.*s' has the policy "
				 "'%.*s' already, and a role has one",
				 SLICE_ARGS(k->role.name), SLICE_ARGS(name));
	change->row = role_row_write(&k->role, mem);
	return 0;
}

static void changed(struct call *c, struct catalog_change *change)
{
	struct change *k = change->arg;

	k->done(c, SLICE(""));
}

static void change_policy(struct call *c, struct catalog_role role,
			  policy_done_fn *done)
{
	struct change *k = arena_alloc(c->mem, sizeof(*k));

	if (call_status(c) < 0) {
		done(c, SLICE(""));
		return;
	}
	*k = (struct change){ .role = role, .done = done };
	k->change = (struct catalog_change){ .kind = CATALOG_ROLE,
					     .name = role.name,
					     .decide = decide,
					     .done = changed,
					     .arg = k };
	catalog_change(c, &k->change);
}

void kv_put_role_policy(struct call *c, struct slice role,
			struct slice policy_name, struct slice policy,
			policy_done_fn *done)
{
	if (check(c, role, policy_name) == 0)
		policy_free(policy_new(policy, POLICY_OF_ROLE, &c->fault));
	change_policy(c,
		      (struct catalog_role){ .name = role,
					     .policy_name = policy_name,
					     .policy_text = policy },
		      done);
}

void kv_delete_role_policy(struct call *c, struct slice role,
			   struct slice policy_name, policy_done_fn *done)
{
	check(c, role, policy_name);
	change_policy(c,
		      (struct catalog_role){ .name = role,
					     .policy_name = policy_name },
		      done);
}

const struct catalog_role *kv_get_role_policy(struct call *c, struct slice role,
					      struct slice policy_name)
{
	const struct catalog_role *found;

	if (check(c, role, policy_name) < 0)
		return NULL;
	found = catalog_role(catalog_view(c), role);
	if (found && slice_equal(found->policy_name, policy_name))
		return found;
	refuse_missing(&c->fault, role, policy_name);
	return NULL;
}
