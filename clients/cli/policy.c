/* clients/cli/policy.c - why a policy allows something, or does not */
#include "clients/cli/ask.h"
#include "clients/cli/command.h"
#include "clients/cli/endpoints.h"

#include "parlor/kv/v1/kv.pb-c.h"

#include <stdio.h>

enum { ENTRIES = 6, VALUES_MAX = 64 };

typedef Parlor__Kv__V1__SimulatePrincipalPolicyRequest request;
typedef Parlor__Kv__V1__ContextEntry context_entry;
typedef Parlor__Kv__V1__EvaluationResult result;

/* Texts with commas between them, as a list in the run's memory. */
static char **split(struct cli *c, const char *text, size_t *count)
{
	struct slice rest = slice_of(text);
	char **list = arena_array(&c->mem, VALUES_MAX, sizeof(*list));

	for (*count = 0; list && rest.size && *count < VALUES_MAX;) {
		struct slice one = slice_cut(&rest, ',');

		list[(*count)++] = arena_copy(&c->mem, one.data, one.size);
	}
	return list;
}

/* What an option says of a condition key; nothing when it is not there. */
static void add_entry(struct cli *c, request *r, const char *name,
		      const char *values)
{
	context_entry *entry;

	if (!values)
		return;
	entry = arena_alloc(&c->mem, sizeof(*entry));
	if (!entry)
		return;
	parlor__kv__v1__context_entry__init(entry);
	entry->context_key_name = ask_text(name);
	entry->context_key_values =
	    split(c, values, &entry->n_context_key_values);
	r->context_entries[r->n_context_entries++] = entry;
}

/* A table's name, or NAME/index/INDEX, as its ARN; an ARN as it is. */
static const char *arn_of(struct cli *c, const char *resource)
{
	if (slice_starts(slice_of(resource), SLICE("arn:")))
		return resource;
	return arena_printf(&c->mem,
			    "arn:aws:dynamodb:%s:000000000000:table/%s",
			    c->endpoints.region ? c->endpoints.region
						: "local-1",
			    resource);
}

static const char *action_of(struct cli *c, const char *action)
{
	return strchr(action, ':')
		   ? action
		   : arena_printf(&c->mem, "dynamodb:%s", action);
}

static void print_result(const char *who, const result *r)
{
	printf("%s: %s, %s on %s\n", r->eval_decision, who, r->eval_action_name,
	       r->eval_resource_name);
	if (r->reason)
		printf("  %s\n", r->reason);
	for (size_t i = 0; i < r->n_statements; i++) {
		const Parlor__Kv__V1__SimulatedStatement *s = r->statements[i];

		printf("  %-5s %s, Statement[%d]%s%s: ", s->effect, s->policy,
		       s->index, s->sid ? " " : "", s->sid ? s->sid : "");
		if (s->mismatch)
			printf("does not apply, for its %s\n", s->mismatch);
		else
			printf("applies\n");
	}
	if (!r->n_statements)
		printf("  no policy has a say\n");
}

int policy_explain(struct cli *c)
{
	static const struct ask ask = {
		.at = AT_KV,
		.method = "parlor.kv.v1.KeyValue/SimulatePrincipalPolicy",
		.as = ASK_AS_ADMIN,
		.patience_ms = ASK_PATIENCE_MS,
	};
	request r = PARLOR__KV__V1__SIMULATE_PRINCIPAL_POLICY_REQUEST__INIT;
	const Parlor__Kv__V1__SimulatePrincipalPolicyResponse *answer;
	context_entry *entries[ENTRIES];
	char *action, *resource;

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	action = ask_text(action_of(c, cli_argument(c, 1)));
	resource = ask_text(arn_of(c, cli_argument(c, 2)));
	r.policy_source_arn = ask_text(cli_argument(c, 0));
	r.action_names = &action;
	r.resource_arns = &resource;
	r.n_action_names = r.n_resource_arns = 1;
	r.context_entries = entries;
	add_entry(c, &r, "dynamodb:LeadingKeys", c->ask_keys);
	add_entry(c, &r, "dynamodb:Attributes", c->ask_attributes);
	add_entry(c, &r, "dynamodb:Select", c->ask_select);
	add_entry(c, &r, "dynamodb:ReturnValues", c->ask_returns);
	r.groups = split(c, c->ask_groups, &r.n_groups);
	r.sub = ask_text(c->ask_sub);
	r.service = ask_text(c->ask_service);
	answer = ask_message(
	    c, &ask, &r.base,
	    &parlor__kv__v1__simulate_principal_policy_response__descriptor);
	if (!answer)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(
		    c, "parlor.kv.v1.SimulatePrincipalPolicyResponse",
		    JSON_AWS);
	for (size_t i = 0; i < answer->n_evaluation_results; i++)
		print_result(cli_argument(c, 0), answer->evaluation_results[i]);
	return 0;
}
