/* services/kv/op/role_policy.c - the policies of a principal or a group */
#include "services/kv/op/complaint.h"
#include "services/kv/op/policies.h"
#include "services/kv/op/table_row.h"

enum { ROLE_NAME_MAX = 128, POLICY_NAME_MAX = 128 };

struct change {
	struct catalog_change change;
	struct slice role;
	struct catalog_policy policy; /* to be put; no text: to be deleted */
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

static bool is_role(struct slice role)
{
	static const char *const kinds[] = { "function:", "service:", "user:",
					     "group:", "key:" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_starts(role, slice_of(kinds[i])))
			return true;
	return false;
}

static int check_role(struct call *c, struct complaints *complaints,
		      struct slice role)
{
	complain_null(complaints, role, "roleName");
	complain_length(complaints, role, "roleName", 1, ROLE_NAME_MAX);
	if (complaints_end(complaints, &c->fault) < 0)
		return -c->fault.code;
	if (!is_role(role))
		return call_fail(
		    c, E_INVALID,
		    "RoleName: '%.*s' is no principal "
		    "(function:…, service:…, user:…, group:… or key:…)",
		    SLICE_ARGS(role));
	return check_principal(c, role);
}

static int check(struct call *c, struct slice role, struct slice policy)
{
	struct complaints complaints = { 0 };

	complain_null(&complaints, policy, "policyName");
	complain_length(&complaints, policy, "policyName", 1, POLICY_NAME_MAX);
	return check_role(c, &complaints, role);
}

/* The place of that name; the count when it has none. */
static size_t place(const struct catalog_role *role, struct slice policy_name)
{
	size_t at = 0;

	while (at < role->count &&
	       !slice_equal(role->policies[at].name, policy_name))
		at++;
	return at;
}

static int check_change(const struct change *k, const struct catalog_role *role,
			size_t at, struct fault *why)
{
	if (at < role->count)
		return 0;
	if (!k->policy.text.size)
		return refuse_missing(why, k->role, k->policy.name);
	if (role->count == POLICIES_OF_ROLE_MAX)
		return fault_set(why, E_LIMIT,
				 "PolicyName: role '%.*s' has %d policies "
				 "already, the most it can have",
				 SLICE_ARGS(k->role), POLICIES_OF_ROLE_MAX);
	return 0;
}

/* Puts the policy in its place, or closes the gap. */
static void replace(const struct change *k, struct catalog_role *role,
		    size_t at, struct catalog_policy *rows)
{
	memcpy(rows, role->policies, role->count * sizeof(*rows));
	if (k->policy.text.size) {
		rows[at] = k->policy;
		role->count += at == role->count;
	} else {
		rows[at] = rows[--role->count];
	}
	role->policies = rows;
}

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	const struct change *k = change->arg;
	struct catalog_policy rows[POLICIES_OF_ROLE_MAX + 1] = { 0 };
	struct catalog_role role = { .name = k->role, .policies = rows };
	size_t at;

	if (have.data && role_row_read(have, mem, &role, why) < 0)
		return -why->code;
	at = place(&role, k->policy.name);
	if (check_change(k, &role, at, why) < 0)
		return -why->code;
	replace(k, &role, at, rows);
	if (role.count)
		change->row = role_row_write(&role, mem);
	return 0;
}

static void changed(struct call *c, struct catalog_change *change)
{
	struct change *k = change->arg;

	k->done(c, SLICE(""));
}

static void change_policy(struct call *c, struct slice role,
			  struct catalog_policy policy, policy_done_fn *done)
{
	struct change *k = arena_alloc(c->mem, sizeof(*k));

	if (call_status(c) < 0) {
		done(c, SLICE(""));
		return;
	}
	*k = (struct change){ .role = role, .policy = policy, .done = done };
	k->change = (struct catalog_change){ .kind = CATALOG_ROLE,
					     .name = role,
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
	change_policy(c, role,
		      (struct catalog_policy){ .name = policy_name,
					       .text = policy },
		      done);
}

void kv_delete_role_policy(struct call *c, struct slice role,
			   struct slice policy_name, policy_done_fn *done)
{
	check(c, role, policy_name);
	change_policy(c, role, (struct catalog_policy){ .name = policy_name },
		      done);
}

const struct catalog_policy *kv_get_role_policy(struct call *c,
						struct slice role,
						struct slice policy_name)
{
	const struct catalog_role *found;
	size_t at;

	if (check(c, role, policy_name) < 0)
		return NULL;
	found = catalog_role(catalog_view(c), role);
	at = found ? place(found, policy_name) : 0;
	if (found && at < found->count)
		return &found->policies[at];
	refuse_missing(&c->fault, role, policy_name);
	return NULL;
}

const struct catalog_role *kv_list_role_policies(struct call *c,
						 struct slice role)
{
	struct complaints complaints = { 0 };

	if (check_role(c, &complaints, role) < 0)
		return NULL;
	return catalog_role(catalog_view(c), role);
}
