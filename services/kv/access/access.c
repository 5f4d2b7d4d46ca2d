/* services/kv/access/access.c - may this principal do this to that table? */
#include "services/kv/access/access.h"

/* What the daemons do with the suite's own tables; nobody else sees these. An
 * empty service is any of them. */
static const struct grant {
	const char *service, *table, *action;
} grants[] = {
	{ "auth", "parlor.audit", "dynamodb:PutItem" },
	{ "auth", "parlor.audit", "dynamodb:Query" },
	{ "auth", "parlor.users", "*" },
	{ "auth", "parlor.pools", "*" },
	{ "auth", "parlor.sessions", "*" },
	{ "auth", "parlor.keys", "*" },
	{ "auth", "parlor.mail", "*" },
	{ "auth", "parlor.revocations", "*" },
	{ "", "parlor.revocations", "dynamodb:GetItem" },
	{ "", "parlor.revocations", "dynamodb:Query" },
};

/* Never the store's own: whoever had its signing keys could do everything. */
static const struct {
	const char *daemon, *aws_service;
} stands_for[] = {
	{ "auth", "cognito-idp" },
};

bool access_stands_for(struct slice daemon, struct slice aws_service)
{
	for (size_t i = 0; i < sizeof(stands_for) / sizeof(*stands_for); i++)
		if (slice_is(daemon, stands_for[i].daemon) &&
		    slice_is(aws_service, stands_for[i].aws_service))
			return true;
	return false;
}

bool access_is_system(struct slice table_name)
{
	return slice_starts(table_name, SLICE("parlor."));
}

/* NAME of arn:…:table/NAME or arn:…:table/NAME/index/INDEX. */
static struct slice table_of(struct slice arn)
{
	for (int i = 0; i < 5; i++)
		slice_cut(&arn, ':');
	slice_cut(&arn, '/');
	return slice_cut(&arn, '/');
}

static bool is_granted(const struct policy_request *r, struct slice table)
{
	for (size_t i = 0; i < sizeof(grants) / sizeof(*grants); i++) {
		const struct grant *g = &grants[i];

		if (slice_is(table, g->table) &&
		    (!*g->service ||
		     slice_is(r->principal->service, g->service)) &&
		    (strcmp(g->action, "*") == 0 ||
		     strcmp(g->action, r->action) == 0))
			return true;
	}
	return false;
}

static int refuse(const struct policy_request *r, const char *because,
		  struct fault *fault)
{
	return fault_set(fault, E_DENIED,
			 "User: %.*s is not authorized to perform: %s on "
			 "resource: %.*s %s",
			 SLICE_ARGS(r->principal->text), r->action,
			 SLICE_ARGS(r->resource), because);
}

static int check_system(const struct policy_request *r, struct slice table,
			struct fault *fault)
{
	if (r->principal->kind == PRINCIPAL_SERVICE && is_granted(r, table))
		return 0;
	if (r->principal->kind == PRINCIPAL_ADMIN)
		return fault_set(fault, E_MISSING,
				 "Requested resource not found");
	return refuse(r, "because no policy allows it", fault);
}

static int check_policies(const struct policy_request *r,
			  const struct access_policies *policies,
			  struct policy_verdict *why, struct fault *fault)
{
	bool lent = r->principal->kind == PRINCIPAL_FUNCTION;

	*why = policy_evaluate(policies->own.rows, policies->own.count, r);
	if (lent && why->effect != POLICY_DENY) {
		struct policy_verdict lender =
		    policy_evaluate(policies->lender.rows,
				    policies->lender.count, r);

		if (lender.effect == POLICY_DENY || why->effect == POLICY_ALLOW)
			*why = lender;
		if (lender.effect == POLICY_NONE)
			return refuse(r, "because its service may not lend it",
				      fault);
	}
	if (why->effect == POLICY_DENY)
		return refuse(r, "with an explicit deny in a policy", fault);
	if (why->effect == POLICY_NONE)
		return refuse(r, "because no policy allows it", fault);
	return 0;
}

int access_check(const struct policy_request *r,
		 const struct access_policies *policies,
		 struct policy_verdict *why, struct fault *fault)
{
	struct slice table = table_of(r->resource);
	struct policy_verdict verdict = { POLICY_NONE, NULL, 0, "" };

	if (!why)
		why = &verdict;
	*why = verdict;
	if (access_is_system(table))
		return check_system(r, table, fault);
	if (r->principal->kind == PRINCIPAL_ADMIN)
		return 0;
	return check_policies(r, policies, why, fault);
}
