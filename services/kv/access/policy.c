/* services/kv/access/policy.c - evaluating compiled policies */
#include "services/kv/access/policy.h"
#include "services/kv/access/policy_form.h"

#include <stdio.h>
#include <stdlib.h>

enum { GROUP_TEXT_MAX = 600 }; /* a group's name has 128 characters at most */

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
	case CONDITION_CAPACITY:
		return single(&r->capacity);
	case CONDITION_ENCLOSING:
		return single(&r->enclosing);
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

/* Whether it matches all of these values; a set without values matches all of
 * none. */
static bool match_all(const struct patterns *set, const struct principal *user,
		      const struct policy_values *have)
{
	if (have->every)
		return covers_every_value(set);
	for (size_t i = 0; i < have->count; i++)
		if (!patterns_match(set, user, have->rows[i]))
			return false;
	return true;
}

static bool match_some(const struct patterns *set, const struct principal *user,
		       const struct policy_values *have)
{
	if (have->every)
		return covers_some_value(set, user);
	for (size_t i = 0; i < have->count; i++)
		if (patterns_match(set, user, have->rows[i]))
			return true;
	return false;
}

/* Has each of its patterns a text that it matches? */
static bool is_resolved(const struct patterns *set,
			const struct principal *user)
{
	for (size_t i = 0; i < set->count; i++)
		if (!pattern_has_match(&set->rows[i], user))
			return false;
	return true;
}

/* All values match none of the patterns, where some match one; and the other
 * way round. */
static bool values_hold(const struct policy_condition *c,
			const struct principal *user,
			const struct policy_values *have)
{
	bool all = c->quantity == CONDITION_ALL;

	if (!c->negated)
		return all ? match_all(&c->values, user, have)
			   : match_some(&c->values, user, have);
	return all ? !match_some(&c->values, user, have)
		   : !match_all(&c->values, user, have);
}

static bool condition_holds(const struct policy_condition *c, bool deny,
			    const struct policy_request *r)
{
	struct policy_values have = values_of(r, c->key);
	bool absent = !have.every && have.count == 0;

	if (c->test == CONDITION_NULL)
		return absent == c->wants_absent;
	if (c->negated && !deny && !is_resolved(&c->values, r->user))
		return false;
	if (absent)
		return c->if_exists || c->quantity == CONDITION_ALL ||
		       (c->negated && c->quantity == CONDITION_ONE);
	return values_hold(c, r->user, &have);
}

static bool has_condition(const struct policy_statement *s,
			  enum condition_key key)
{
	for (size_t i = 0; i < s->condition_count; i++)
		if (s->conditions[i].key == key &&
		    s->conditions[i].test == CONDITION_MATCH)
			return true;
	return false;
}

/* An Allow that lists attributes says nothing of counts and the like. */
static bool select_fits(const struct policy_statement *s,
			const struct policy_request *r)
{
	return s->deny || !r->select.size ||
	       slice_is(r->select, "SPECIFIC_ATTRIBUTES") ||
	       !has_condition(s, CONDITION_ATTRIBUTES) ||
	       has_condition(s, CONDITION_SELECT);
}

static bool group_matches(const struct patterns *set, struct slice group)
{
	char text[GROUP_TEXT_MAX];
	int size =
	    snprintf(text, sizeof(text), "group:%.*s", SLICE_ARGS(group));

	return size < GROUP_TEXT_MAX &&
	       patterns_match(set, NULL, slice_of(text));
}

/* One of the names that it goes by: its own, and its groups'. */
static bool principal_fits(const struct policy_statement *s,
			   const struct principal *who)
{
	struct slice groups = who->groups;

	if (patterns_match(&s->principals, NULL, who->text))
		return true;
	while (who->kind == PRINCIPAL_USER && groups.size)
		if (group_matches(&s->principals, slice_cut(&groups, ',')))
			return true;
	return false;
}

/* The first part that does not fit, by its name; NULL: it applies. */
static const char *mismatch(const struct policy *p,
			    const struct policy_statement *s,
			    const struct policy_request *r)
{
	if (p->kind == POLICY_OF_RESOURCE && !principal_fits(s, r->principal))
		return "Principal";
	if (patterns_match(&s->actions, NULL, slice_of(r->action)) ==
	    s->not_action)
		return s->not_action ? "NotAction" : "Action";
	if (!patterns_match(&s->resources, r->user, r->resource))
		return "Resource";
	for (size_t i = 0; i < s->condition_count; i++)
		if (!condition_holds(&s->conditions[i], s->deny, r))
			return s->conditions[i].name;
	return select_fits(s, r) ? NULL : "Select, which must be named";
}

size_t policy_statements(const struct policy *p)
{
	return p->count;
}

struct policy_statement_view policy_explain(const struct policy *p,
					    size_t statement,
					    const struct policy_request *r)
{
	const struct policy_statement *s = &p->statements[statement];

	return (struct policy_statement_view){ s->sid, s->deny,
					       mismatch(p, s, r) };
}

/* The first statement that denies, else the first that allows. */
static struct policy_verdict evaluate_one(const struct policy *p,
					  const struct policy_request *r)
{
	struct policy_verdict verdict = { POLICY_NONE, NULL, 0, "" };

	for (size_t i = 0; i < p->count; i++) {
		const struct policy_statement *s = &p->statements[i];

		if ((!s->deny && verdict.effect == POLICY_ALLOW) ||
		    mismatch(p, s, r))
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
