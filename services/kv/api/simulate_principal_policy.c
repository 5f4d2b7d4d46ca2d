/* services/kv/api/simulate_principal_policy.c - SimulatePrincipalPolicy as
 * messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/simulate.h"

typedef Parlor__Kv__V1__SimulatePrincipalPolicyRequest request;
typedef Parlor__Kv__V1__SimulatePrincipalPolicyResponse response;
typedef Parlor__Kv__V1__EvaluationResult result;
typedef Parlor__Kv__V1__SimulatedStatement statement;
typedef Parlor__Kv__V1__ContextEntry context_entry;

/* ---- the request -----------------------------------------------------------
 */

/* Texts joined by commas, as a principal has its groups. */
static struct slice join(struct call *c, char *const *texts, size_t count)
{
	const char *joined = "";

	for (size_t i = 0; i < count && joined; i++)
		joined = arena_printf(c->mem, "%s%s%s", joined, i ? "," : "",
				      texts[i]);
	return slice_of(joined);
}

static int read_principals(struct call *c, const request *m,
			   struct principal *who, struct principal *user)
{
	*who = (struct principal){ .username = slice_of(m->username),
				   .groups = join(c, m->groups, m->n_groups),
				   .service = slice_of(m->service) };
	if (kv_simulated_principal(c, slice_of(m->policy_source_arn), who) < 0)
		return -c->fault.code;
	if (m->access_key_id) {
		who->kind = PRINCIPAL_KEY;
		who->access_key = slice_of(m->access_key_id);
	}
	*user = *who;
	if (!user->sub.size)
		user->sub = slice_of(m->sub);
	return 0;
}

static struct policy_values values_of(struct call *c, const context_entry *e)
{
	struct slice *rows =
	    arena_array(c->mem, e->n_context_key_values + 1, sizeof(*rows));

	for (size_t i = 0; rows && i < e->n_context_key_values; i++)
		rows[i] = slice_of(e->context_key_values[i]);
	return (struct policy_values){ .rows = rows,
				       .count = e->n_context_key_values };
}

/* A context key, which has several values or one. */
static int read_entry(struct call *c, const context_entry *e,
		      struct policy_request *r)
{
	const struct {
		const char *name;
		struct policy_values *many;
		struct slice *one;
	} keys[] = {
		{ "dynamodb:LeadingKeys", &r->leading_keys, NULL },
		{ "dynamodb:Attributes", &r->attributes, NULL },
		{ "dynamodb:Select", NULL, &r->select },
		{ "dynamodb:ReturnValues", NULL, &r->return_values },
		{ "dynamodb:ReturnConsumedCapacity", NULL, &r->capacity },
		{ "dynamodb:EnclosingOperation", NULL, &r->enclosing },
	};
	struct slice name = slice_of(e->context_key_name);

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!slice_equal_nocase(name, slice_of(keys[i].name)))
			continue;
		if (keys[i].many)
			*keys[i].many = values_of(c, e);
		else if (e->n_context_key_values)
			*keys[i].one = slice_of(e->context_key_values[0]);
		return 0;
	}
	return call_fail(c, E_INVALID,
			 "ContextEntries: '%.*s' is no condition key",
			 SLICE_ARGS(name));
}

static int read_request(struct call *c, const request *m,
			struct policy_request *r)
{
	struct complaints complaints = { 0 };

	complain_null(&complaints, slice_of(m->policy_source_arn),
		      "policySourceArn");
	complain_null(&complaints, slice_make(m->n_action_names ? "" : NULL, 0),
		      "actionNames");
	complain_null(&complaints,
		      slice_make(m->n_resource_arns ? "" : NULL, 0),
		      "resourceArns");
	if (complaints_end(&complaints, &c->fault) < 0)
		return -c->fault.code;
	if (m->n_action_names * m->n_resource_arns > SIMULATED_MAX)
		return call_fail(c, E_INVALID,
				 "ActionNames: with ResourceArns they make "
				 "more than %d evaluations",
				 SIMULATED_MAX);
	r->leading_keys.every = r->attributes.every = true;
	for (size_t i = 0; i < m->n_context_entries; i++)
		if (read_entry(c, m->context_entries[i], r) < 0)
			return -c->fault.code;
	return 0;
}

/* ---- the answer ------------------------------------------------------------
 */

static statement *make_statement(struct call *c,
				 const struct simulated_statement *from)
{
	statement *m = arena_alloc(c->mem, sizeof(*m));

	if (!m)
		return NULL;
	parlor__kv__v1__simulated_statement__init(m);
	m->policy = message_text(c, from->policy);
	m->has_index = 1;
	m->index = (int32_t)from->index;
	m->sid =
	    *from->view.sid ? message_text(c, slice_of(from->view.sid)) : NULL;
	m->effect = (char *)(from->view.deny ? "Deny" : "Allow");
	m->mismatch = (char *)(uintptr_t)from->view.mismatch;
	return m;
}

static const char *decision(const struct simulated *s)
{
	if (s->allowed)
		return "allowed";
	return s->verdict.effect == POLICY_DENY ? "explicitDeny"
						: "implicitDeny";
}

static result *evaluate(struct call *c, const struct policy_request *r)
{
	struct simulated found;
	result *m = arena_alloc(c->mem, sizeof(*m));

	if (!m || kv_simulate(c, r, &found) < 0)
		return NULL;
	parlor__kv__v1__evaluation_result__init(m);
	m->eval_action_name = (char *)(uintptr_t)r->action;
	m->eval_resource_name = message_text(c, r->resource);
	m->eval_decision = (char *)(uintptr_t)decision(&found);
	m->reason = *found.because ? (char *)(uintptr_t)found.because : NULL;
	m->statements = arena_array(c->mem, found.count + 1, sizeof(void *));
	for (size_t i = 0; m->statements && i < found.count; i++)
		m->statements[m->n_statements++] =
		    make_statement(c, &found.statements[i]);
	return m;
}

static void answer(struct call *c, const request *m, struct policy_request *r)
{
	response out = PARLOR__KV__V1__SIMULATE_PRINCIPAL_POLICY_RESPONSE__INIT;

	out.evaluation_results =
	    arena_array(c->mem, SIMULATED_MAX, sizeof(result *));
	for (size_t i = 0; i < m->n_action_names; i++)
		for (size_t k = 0;
		     k < m->n_resource_arns && call_status(c) == 0; k++) {
			r->action = m->action_names[i];
			r->resource = slice_of(m->resource_arns[k]);
			out.evaluation_results[out.n_evaluation_results++] =
			    evaluate(c, r);
		}
	call_reply(c, &out.base);
}

/* A daemon asks about requests to the service that it stands for only. */
static int check_caller(struct call *c, const request *m)
{
	const struct principal *p = &c->principal;

	if (p->kind == PRINCIPAL_ADMIN)
		return 0;
	for (size_t i = 0; i < m->n_action_names; i++) {
		struct slice name = slice_of(m->action_names[i]);

		if (p->kind != PRINCIPAL_SERVICE ||
		    !access_stands_for(p->service, slice_cut(&name, ':')))
			return call_fail(c, E_DENIED,
					 "'%.*s' may not ask about '%s'",
					 SLICE_ARGS(p->text),
					 m->action_names[i]);
	}
	return 0;
}

void api_simulate_principal_policy(struct call *c)
{
	const request *m = call_unpack(
	    c, &parlor__kv__v1__simulate_principal_policy_request__descriptor);
	struct principal who, user;
	struct policy_request r = { .principal = &who, .user = &user };

	if (!m || check_caller(c, m) < 0 || read_request(c, m, &r) < 0 ||
	    read_principals(c, m, &who, &user) < 0)
		call_end(c);
	else
		answer(c, m, &r);
}
