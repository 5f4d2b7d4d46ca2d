/* services/auth/store/policies.c - what policies allow, as the store says */
#include "services/auth/store/policies.h"
#include "lib/rpc/op.h"

enum { GROUPS_MAX = 100 }; /* those of an access token */

static void answered(struct kv_step *step)
{
	const Parlor__Kv__V1__SimulatePrincipalPolicyResponse *answer =
	    kv_answer(
		step,
		&parlor__kv__v1__simulate_principal_policy_response__descriptor);
	const Parlor__Kv__V1__EvaluationResult *result =
	    answer && answer->n_evaluation_results
		? answer->evaluation_results[0]
		: NULL;

	if (!result || !result->eval_decision)
		call_fail(step->call, E_INTERNAL,
			  "the store says nothing of policies");
	else if (strcmp(result->eval_decision, "allowed") != 0)
		call_fail(step->call, E_DENIED, "%s",
			  result->reason ? result->reason : "");
	step->next(step->call);
}

static char *text(struct call *c, struct slice value)
{
	return value.size ? arena_copy(c->mem, value.data, value.size) : NULL;
}

void auth_policies_ask(struct call *c, const char *resource, auth_next_fn *next)
{
	Parlor__Kv__V1__SimulatePrincipalPolicyRequest request =
	    PARLOR__KV__V1__SIMULATE_PRINCIPAL_POLICY_REQUEST__INIT;
	struct kv_step *step = kv_step_new(c, answered, next, NULL);
	char *actions[] = { (char *)c->op->permission };
	char *resources[] = { (char *)resource }, *groups[GROUPS_MAX];
	struct slice rest = c->principal.groups;

	if (!step)
		return;
	request.policy_source_arn = text(c, c->principal.text);
	request.n_action_names = request.n_resource_arns = 1;
	request.action_names = actions;
	request.resource_arns = resources;
	request.service = text(c, c->principal.service);
	request.access_key_id = text(c, c->principal.access_key);
	request.sub = text(c, c->user.sub);
	request.username = text(c, c->user.username);
	request.groups = groups;
	while (rest.size && request.n_groups < GROUPS_MAX)
		groups[request.n_groups++] = text(c, slice_cut(&rest, ','));
	kv_send(step, "SimulatePrincipalPolicy", &request.base, true);
}
