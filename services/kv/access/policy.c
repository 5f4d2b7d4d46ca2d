/* services/kv/access/policy.c - evaluating compiled policies */
#include "services/kv/access/policy.h"
#include "services/kv/access/policy_form.h"

#include <stdlib.h>

void policy_free(struct policy *p)
{
	if (!p)
		return;
	arena_release(&p->mem);
	free(p);
}

static struct policy_values single(const struct slice *value)
{
	return (struct policy_values){ .rows = value,
				       .count = value->size > 0 };
}

static struct policy_values values_of(const struct policy_request *r,
				      enum condition_key key)
{
	switch (key) {
	case CONDITION_LEADING_KEYS:
		return r->leading_keys;
	case CONDITION_ATTRIBUTES:
		return r->attributes;
	case CONDITION_SELECT:
		return single(&r->select);
	case CONDITION_RETURN_VALUES:
		return single(&r->return_values);
	}
	abort();
}

static bool covers_every_value(const struct patterns *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (pattern_is_any(&set->rows[i]))
			return true;
	return false;
}

static bool covers_some_value(const struct patterns *set,
			      const struct principal *user)
{
	for (size_t i = 0; i < set->count; i++)
		if (pattern_has_match(&set->rows[i], user))
			return true;
	return false;
}

static bool all_match(const struct policy_condition *c,
		      const struct principal *user,
		      const struct policy_values *have)
{
	if (have->every)
		return covers_every_value(&c->values);
	for (size_t i = 0; i < have->count; i++)
		if (!patterns_match(&c->values, user, have->rows[i]))
			return false;
	return true;
}

static bool any_matches(const struct policy_condition *c,
			const struct principal *user,
			const struct policy_values *have)
{
	if (have->every)
		return covers_some_value(&c->values, user);
	for (size_t i = 0; i < have->count; i++)
		if (patterns_match(&c->values, user, have->rows[i]))
			return true;
	return false;
}

static bool condition_holds(const struct policy_condition *c,
			    const struct policy_request *r)
{
	struct policy_values have = values_of(r, c->key);
	bool absent = !have.every && have.count == 0;

	if (c->test == CONDITION_NULL)
		return absent == c->wants_absent;
	if (absent)
		return c->if_exists || c->quantity == CONDITION_ALL;
	return c->quantity == CONDITION_ALL ? all_match(c, r->user, &have)
					    : any_matches(c, r->user, &have);
}

static bool statement_applies(const struct policy *p,
			      const struct policy_statement *s,
			      const struct policy_request *r)
{
	if (p->kind == POLICY_OF_RESOURCE &&
	    !patterns_match(&s->principals, NULL, r->principal->text))
		return false;
	if (patterns_match(&s->actions, NULL, slice_of(r->action)) ==
	    s->not_action)
		return false;
	if (!patterns_match(&s->resources, r->user, r->resource))
		return false;
	for (size_t i = 0; i < s->condition_count; i++)
		if (!condition_holds(&s->conditions[i], r))
			return false;
	return true;
}

/* The first statement that denies, else the first that allows. */
static struct policy_verdict evaluate_one(const struct policy *p,
					  const struct policy_request *r)
{
	struct policy_verdict verdict = { POLICY_NONE, NULL, 0, "" };

	for (size_t i = 0; i < p->count; i++) {
		const struct policy_statement *s = &p->statements[i];

		if ((!s->deny && verdict.effect == POLICY_ALLOW) ||
		    !statement_applies(p, s, r))
			continue;
		verdict = (struct policy_verdict){ s->deny ? POLICY_DENY
							   : POLICY_ALLOW,
						   p, i, s->sid };
		if (s->deny)
			break;
	}
	return verdict;
}

struct policy_verdict policy_evaluate(const struct policy *const *policies,
				      size_t count,
				      const struct policy_request *r)
{
	struct policy_verdict verdict = { POLICY_NONE, NULL, 0, "" };

	for (size_t i = 0; i < count; i++) {
		struct policy_verdict one;

		if (!policies[i])
			continue;
		one = evaluate_one(policies[i], r);
		if (one.effect > verdict.effect)
			verdict = one;
	}
	return verdict;
}
