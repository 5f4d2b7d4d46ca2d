/* services/kv/op/simulate.c - what policies would say, and why */
#include "services/kv/op/simulate.h"
#include "services/kv/op/access_keys.h"

static const struct kind {
	const char *prefix;
	enum principal_kind kind;
} kinds[] = {
	{ "anonymous", PRINCIPAL_ANONYMOUS },
	{ "user:", PRINCIPAL_USER },
	{ "service:", PRINCIPAL_SERVICE },
	{ "function:", PRINCIPAL_FUNCTION },
	{ "admin:", PRINCIPAL_ADMIN },
};

static int find_key(struct call *c, struct slice id, struct principal *out)
{
	if (access_keys_principal(kv_of(c)->access_keys, id, c->mem, out) == 0)
		return call_status(c);
	return call_fail(c, E_INVALID,
			 "PolicySourceArn: there is no access key '%.*s'",
			 SLICE_ARGS(id));
}

int kv_simulated_principal(struct call *c, struct slice text,
			   struct principal *out)
{
	if (slice_starts(text, SLICE("key:"))) {
		slice_cut(&text, ':');
		return find_key(c, text, out);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct slice name = text;

		if (!slice_starts(text, slice_of(kinds[i].prefix)))
			continue;
		slice_cut(&name, ':');
		out->kind = kinds[i].kind;
		out->text = text;
		if (out->kind == PRINCIPAL_USER)
			out->sub = name;
		else if (out->kind == PRINCIPAL_SERVICE)
			out->service = name;
		else if (out->kind == PRINCIPAL_FUNCTION)
			out->function = name;
		return 0;
	}
	return call_fail(c, E_INVALID,
			 "PolicySourceArn: '%.*s' is no principal (anonymous, "
			 "user:…, service:…, function:…, key:… or admin:…)",
			 SLICE_ARGS(text));
}

/* "table NAME", or the role's name and the policy's. */
static struct slice label(struct call *c, const struct policy *policy,
			  const struct catalog_role *role, struct slice table)
{
	if (!role)
		return slice_of(
		    arena_printf(c->mem, "table %.*s", SLICE_ARGS(table)));
	for (size_t i = 0; i < role->count; i++)
		if (role->policies[i].policy == policy)
			return slice_of(
			    arena_printf(c->mem, "%.*s %.*s",
					 SLICE_ARGS(role->name),
					 SLICE_ARGS(role->policies[i].name)));
	return role->name;
}

static size_t count_statements(const struct kv_policies *set)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += policy_statements(set->rows[i]);
	return count;
}

static void explain(struct call *c, const struct kv_policies *set,
		    const struct policy_request *r, struct slice table,
		    struct simulated *out)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct policy *policy = set->rows[i];
		struct slice name = label(c, policy, set->roles[i], table);

		for (size_t at = 0; at < policy_statements(policy); at++)
			out->statements[out->count++] =
			    (struct simulated_statement){
				    name, at, policy_explain(policy, at, r)
			    };
	}
}

/* NAME of a table's ARN, or of what lies in the table; empty for what is no
 * table. */
static struct slice table_of(struct slice resource)
{
	struct slice name = resource;

	slice_cut(&name, ':');
	slice_cut(&name, ':');
	if (!slice_is(slice_cut(&name, ':'), "dynamodb"))
		return SLICE("");
	for (int i = 0; i < 2; i++)
		slice_cut(&name, ':');
	slice_cut(&name, '/');
	return slice_cut(&name, '/');
}

int kv_simulate(struct call *c, const struct policy_request *r,
		struct simulated *out)
{
	struct slice table = table_of(r->resource);
	struct kv_policies own, lender;
	struct fault refused = { 0 };
	struct access_policies policies;

	*out = (struct simulated){ .because = "" };
	kv_policies_own(c, r->principal, catalog_table(catalog_view(c), table),
			&own);
	kv_policies_lender(c, r->principal, &lender);
	out->statements =
	    arena_array(c->mem,
			count_statements(&own) + count_statements(&lender) + 1,
			sizeof(*out->statements));
	if (call_status(c) < 0)
		return -c->fault.code;
	policies = (struct access_policies){
		.own = { own.rows, own.count },
		.lender = { lender.rows, lender.count },
	};
	out->allowed = access_check(r, &policies, &out->verdict, &refused) == 0;
	out->because =
	    arena_copy(c->mem, refused.message, strlen(refused.message));
	explain(c, &own, r, table, out);
	explain(c, &lender, r, table, out);
	return call_status(c);
}
