/* services/kv/access/policy_form.h - what a compiled policy is made of
 *
 * For the reader that fills it and the evaluator that walks it; nobody else.
 */
#ifndef PARLOR_KV_POLICY_FORM_H
#define PARLOR_KV_POLICY_FORM_H

#include "services/kv/access/pattern.h"
#include "services/kv/access/policy.h"

enum condition_key {
	CONDITION_LEADING_KEYS,
	CONDITION_ATTRIBUTES,
	CONDITION_SELECT,
	CONDITION_RETURN_VALUES,
	CONDITION_CAPACITY,
	CONDITION_ENCLOSING,
};

enum condition_test {
	CONDITION_MATCH, /* StringEquals, or StringLike whose values are wild */
	CONDITION_NULL,
};

/* Which of a key's values must match. */
enum condition_quantity {
	CONDITION_ONE, /* the key has one value at most */
	CONDITION_ALL, /* ForAllValues: also when there is none */
	CONDITION_ANY, /* ForAnyValue: */
};

struct policy_condition {
	const char *name; /* "ForAllValues:StringEquals dynamodb:Attributes" */
	enum condition_key key;
	enum condition_test test;
	enum condition_quantity quantity;
	bool negated;	   /* of CONDITION_MATCH: must not match */
	bool if_exists;	   /* holds when the key is absent */
	bool wants_absent; /* of CONDITION_NULL */
	struct patterns values;
};

struct policy_statement {
	const char *sid; /* "" without one */
	bool deny;
	bool not_action; /* applies to all actions but these */
	struct patterns principals;
	struct patterns actions;
	struct patterns resources;
	struct policy_condition *conditions;
	size_t condition_count;
};

struct policy {
	struct arena mem; /* all below lives in it */
	enum policy_kind kind;
	struct policy_statement *statements;
	size_t count;
};

#endif
